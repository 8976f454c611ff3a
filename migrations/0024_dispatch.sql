-- Urgent requests: taken in at the desk, offered to one person after another until somebody goes.

-- What somebody can do, as asked for by requests.
CREATE TABLE employee_skill (
  tenant_id UUID NOT NULL,
  employee_id UUID NOT NULL,
  skill TEXT NOT NULL,
  PRIMARY KEY (tenant_id, employee_id, skill),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id)
);

-- `employee_id` is who took it in, `department_id` the customer's: they decide who may see it.
CREATE TABLE urgent_request (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  employee_id UUID NOT NULL,
  department_id UUID NOT NULL,
  customer_id UUID NOT NULL,
  title TEXT NOT NULL,
  note TEXT,
  -- 1 normal, 2 urgent, 3 emergency.
  priority BIGINT NOT NULL,
  -- JSON list.
  skills TEXT NOT NULL,
  service_s BIGINT NOT NULL,
  latest_at BIGINT,
  template_id UUID,
  -- The visit that had to make room for another request, when this is one.
  from_task_id UUID,
  -- open, offered, accepted, done or cancelled.
  status TEXT NOT NULL,
  task_id UUID,
  reason TEXT,
  content_sha256 TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, id),
  FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id)
);
CREATE INDEX urgent_request_status ON urgent_request (tenant_id, status, created_at);
CREATE INDEX urgent_request_created ON urgent_request (tenant_id, created_at, id);

-- One person asked to go, and what he said. Appended; an answer is given once.
CREATE TABLE urgent_offer (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  request_id UUID NOT NULL,
  employee_id UUID NOT NULL,
  department_id UUID NOT NULL,
  -- waiting, accepted, refused, expired or withdrawn.
  status TEXT NOT NULL,
  -- Why him, as it stood when he was asked; JSON.
  factors TEXT NOT NULL,
  offered_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  answered_at BIGINT,
  reason TEXT,
  -- Asked by the company's rule.
  auto BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, request_id) REFERENCES urgent_request (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id)
);
-- One at a time.
CREATE UNIQUE INDEX urgent_offer_waiting ON urgent_offer (tenant_id, request_id) WHERE status = 'waiting';
CREATE INDEX urgent_offer_request ON urgent_offer (tenant_id, request_id, offered_at);
CREATE INDEX urgent_offer_person ON urgent_offer (tenant_id, employee_id, status);

-- How long people have to answer, and whether the first is asked without a dispatcher.
CREATE TABLE dispatch_rules (
  tenant_id UUID NOT NULL,
  rules TEXT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id)
);

-- Promised to the customer: not moved by anybody.
ALTER TABLE task ADD COLUMN locked BIGINT NOT NULL DEFAULT 0;
