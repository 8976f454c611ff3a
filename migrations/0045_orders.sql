-- Work orders: what is wrong, until when it must be put right, who does it, and every move with its time and person.

CREATE TABLE order_type (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  name TEXT NOT NULL,
  -- Steps on site.
  template_id UUID,
  -- Minutes somebody who was asked has to answer.
  answer_minutes BIGINT NOT NULL,
  -- Working minutes until work on site begins, and until it is finished; NULL: no target.
  response_minutes BIGINT,
  finish_minutes BIGINT,
  service_minutes BIGINT NOT NULL,
  -- An order of this type ends with a signature, and cannot be finished without parts.
  signature BIGINT NOT NULL,
  parts BIGINT NOT NULL,
  -- JSON list of {reason, stops}.
  pauses TEXT NOT NULL,
  -- JSON list of answers that make an order of their own.
  fails TEXT NOT NULL,
  active BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

-- `department_id` is the customer's, `employee_id` who does it: they decide who may see it.
CREATE TABLE work_order (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  number TEXT NOT NULL,
  type_id UUID NOT NULL,
  customer_id UUID NOT NULL,
  equipment_id UUID,
  department_id UUID NOT NULL,
  employee_id UUID,
  title TEXT NOT NULL,
  detail TEXT,
  -- 1 normal, 2 urgent, 3 emergency.
  priority BIGINT NOT NULL,
  -- JSON list.
  skills TEXT NOT NULL,
  contact_name TEXT,
  contact_phone TEXT,
  -- desk, portal, check or follow_up.
  source TEXT NOT NULL,
  -- The order it came of.
  from_id UUID,
  -- new, assigned, accepted, on_the_way, on_site, paused, finished, closed or cancelled.
  status TEXT NOT NULL,
  task_id UUID,
  visit_id UUID,
  -- Who was asked must answer by then.
  expires_at BIGINT,
  response_due BIGINT,
  finish_due BIGINT,
  paused_at BIGINT,
  pause_reason TEXT,
  -- This pause stops the clock.
  pause_stops BIGINT NOT NULL,
  -- Working minutes the clock stood still in earlier pauses.
  stopped_minutes BIGINT NOT NULL,
  -- When the last move was made, by what is certain.
  moved_at BIGINT NOT NULL,
  arrived_at BIGINT,
  finished_at BIGINT,
  closed_at BIGINT,
  result TEXT,
  labour_minutes BIGINT,
  -- Whoever looks after it was told that it is late.
  told_late BIGINT NOT NULL,
  -- NULL: a customer, without a sign-in.
  created_by UUID,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  -- Random word of the page customers see it on.
  token TEXT NOT NULL,
  content_sha256 TEXT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, type_id) REFERENCES order_type (tenant_id, id),
  FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id),
  FOREIGN KEY (tenant_id, equipment_id) REFERENCES equipment (tenant_id, id),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id),
  FOREIGN KEY (tenant_id, from_id) REFERENCES work_order (tenant_id, id)
);
CREATE UNIQUE INDEX work_order_number ON work_order (tenant_id, number);
CREATE INDEX work_order_status ON work_order (tenant_id, status, created_at);
CREATE INDEX work_order_created ON work_order (tenant_id, created_at, id);
CREATE INDEX work_order_person ON work_order (tenant_id, employee_id, status);
CREATE INDEX work_order_equipment ON work_order (tenant_id, equipment_id, created_at);
CREATE INDEX work_order_task ON work_order (tenant_id, task_id);
CREATE INDEX work_order_from ON work_order (tenant_id, from_id);

-- Every move of an order. Appended, never changed.
CREATE TABLE work_order_event (
  tenant_id UUID NOT NULL,
  order_id UUID NOT NULL,
  -- The version of the order it led to.
  seq BIGINT NOT NULL,
  move TEXT NOT NULL,
  -- State it led to.
  status TEXT NOT NULL,
  employee_id UUID,
  -- By the phone's clock, when the server had it, and the time that counts: held between the move before and the receipt.
  claimed_at BIGINT,
  received_at BIGINT NOT NULL,
  at BIGINT NOT NULL,
  note TEXT,
  -- Of an assignment: the task it made. It leads to the order also when the order has gone back to the desk since.
  task_id UUID,
  PRIMARY KEY (tenant_id, order_id, seq),
  FOREIGN KEY (tenant_id, order_id) REFERENCES work_order (tenant_id, id)
);
CREATE INDEX work_order_event_task ON work_order_event (tenant_id, task_id);
