-- Inspection rounds: points and equipment to be looked at in order, each in its time, by whom and when, and what came of it.

-- How the label of a point was read: scan or typed.
ALTER TABLE visit_step ADD COLUMN scanned TEXT;

-- `employee_id` and `department_id` are of whoever made it: they decide who may see it.
CREATE TABLE inspection_plan (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  name TEXT NOT NULL,
  -- JSON: points in order; people with the weekdays each walks it on.
  points TEXT NOT NULL,
  people TEXT NOT NULL,
  active BIGINT NOT NULL,
  -- What could not be made when its owner was told of it last.
  told TEXT,
  employee_id UUID NOT NULL,
  department_id UUID NOT NULL,
  content_sha256 TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, id)
);

-- A round of a person on a day: its id is made of plan, person and day. It keeps the points it was made with.
CREATE TABLE inspection_round (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  plan_id UUID NOT NULL,
  name TEXT NOT NULL,
  employee_id UUID NOT NULL,
  department_id UUID NOT NULL,
  day BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  -- JSON: tasks that are still to be made; NULL: all are.
  tasks TEXT,
  -- The report once the round is over: its content, fixed, and the document made of nothing else.
  content TEXT,
  content_sha256 TEXT,
  fixed_at BIGINT,
  pdf_sha256 TEXT,
  pdf_size BIGINT,
  -- Whoever looks after it was told of what was missed or failed.
  told BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, plan_id) REFERENCES inspection_plan (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, id)
);
CREATE INDEX inspection_round_day ON inspection_round (tenant_id, day, id);
CREATE INDEX inspection_round_person ON inspection_round (tenant_id, employee_id, day);

-- A point of a round: a step of the task its customer was made a task of, or why there is none.
CREATE TABLE inspection_point (
  tenant_id UUID NOT NULL,
  round_id UUID NOT NULL,
  seq BIGINT NOT NULL,
  title TEXT NOT NULL,
  customer_id UUID NOT NULL,
  equipment_id UUID,
  from_minute BIGINT,
  to_minute BIGINT,
  -- The label must be read.
  label BIGINT NOT NULL,
  task_id UUID,
  step_id UUID,
  -- Why it could not be made.
  cannot TEXT,
  PRIMARY KEY (tenant_id, round_id, seq),
  FOREIGN KEY (tenant_id, round_id) REFERENCES inspection_round (tenant_id, id),
  FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id),
  FOREIGN KEY (tenant_id, equipment_id) REFERENCES equipment (tenant_id, id)
);
CREATE INDEX inspection_point_step ON inspection_point (tenant_id, step_id);
