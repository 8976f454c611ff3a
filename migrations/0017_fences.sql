-- Watched places: shapes drawn by hand, what is told of classes of customers, and what happened at all of them.

-- A shape of its own. Of a customer it takes the place of the circle the customer's radius makes.
CREATE TABLE fence (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  name TEXT NOT NULL,
  customer_id UUID,
  -- Of the customer, for the reach; nobody for a place of the company.
  employee_id UUID,
  department_id UUID NOT NULL,
  shape TEXT NOT NULL,
  dwell_s BIGINT NOT NULL,
  -- Who is told of what, as JSON.
  tell TEXT NOT NULL,
  active BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, id),
  FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id)
);
CREATE INDEX fence_customer ON fence (tenant_id, customer_id);

-- Who is told of what at the customers of a class.
CREATE TABLE fence_class (
  tenant_id UUID NOT NULL,
  class_id UUID NOT NULL,
  tell TEXT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, class_id),
  FOREIGN KEY (tenant_id, class_id) REFERENCES customer_class (tenant_id, id)
);

-- What happened, recomputed from a person's day whenever its positions change; never edited.
CREATE TABLE fence_event (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  employee_id UUID NOT NULL,
  department_id UUID NOT NULL,
  day BIGINT NOT NULL,
  -- The shape of its own, or the customer whose circle it was.
  fence_id UUID NOT NULL,
  customer_id UUID,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  known_at BIGINT NOT NULL,
  lng BIGINT NOT NULL,
  lat BIGINT NOT NULL,
  accuracy_dm BIGINT NOT NULL,
  permille BIGINT NOT NULL,
  rule_version TEXT NOT NULL,
  computed_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, employee_id, day, fence_id, kind, at),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id)
);
CREATE INDEX fence_event_day ON fence_event (tenant_id, day, at);
