-- Forms filled in outside visits, with ODK Collect: such a record has no customer, visit or step, and its pictures did not
-- come from the live camera of our phone app.

ALTER TABLE form ADD COLUMN collect BIGINT NOT NULL DEFAULT 0;

-- only postgres
ALTER TABLE form_record ALTER COLUMN customer_id DROP NOT NULL;
ALTER TABLE form_record ALTER COLUMN visit_id DROP NOT NULL;
ALTER TABLE form_record ALTER COLUMN step_id DROP NOT NULL;
-- end

-- only sqlite
-- A column's NOT NULL cannot be taken off: the table is made anew, and the one that refers to it with it.
DROP INDEX form_edit_record;
DROP INDEX form_record_step;
DROP INDEX form_record_form;
DROP INDEX form_record_person;
DROP INDEX form_record_customer;
ALTER TABLE form_edit RENAME TO form_edit_before;
ALTER TABLE form_record RENAME TO form_record_before;
CREATE TABLE form_record (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  form_id UUID NOT NULL,
  number BIGINT NOT NULL,
  employee_id UUID NOT NULL,
  department_id UUID NOT NULL,
  customer_id UUID,
  visit_id UUID,
  step_id UUID,
  day BIGINT NOT NULL,
  task_title TEXT,
  answers TEXT NOT NULL,
  score DOUBLE PRECISION,
  device_at BIGINT NOT NULL,
  filled_at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  edits BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, form_id, number) REFERENCES form_version (tenant_id, form_id, number),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, id),
  FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id)
);
INSERT INTO form_record (tenant_id, id, form_id, number, employee_id, department_id, customer_id, visit_id, step_id, day, task_title,
  answers, score, device_at, filled_at, received_at, edits, version)
  SELECT tenant_id, id, form_id, number, employee_id, department_id, customer_id, visit_id, step_id, day, task_title,
  answers, score, device_at, filled_at, received_at, edits, version FROM form_record_before;
CREATE TABLE form_edit (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  record_id UUID NOT NULL,
  employee_id UUID NOT NULL,
  by_id UUID NOT NULL,
  at BIGINT NOT NULL,
  reason TEXT NOT NULL,
  before TEXT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, record_id) REFERENCES form_record (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id)
);
INSERT INTO form_edit (tenant_id, id, record_id, employee_id, by_id, at, reason, before)
  SELECT tenant_id, id, record_id, employee_id, by_id, at, reason, before FROM form_edit_before;
DROP TABLE form_edit_before;
DROP TABLE form_record_before;
CREATE UNIQUE INDEX form_record_step ON form_record (tenant_id, visit_id, step_id);
CREATE INDEX form_record_form ON form_record (tenant_id, form_id, filled_at, id);
CREATE INDEX form_record_person ON form_record (tenant_id, employee_id, filled_at);
CREATE INDEX form_record_customer ON form_record (tenant_id, customer_id, filled_at);
CREATE INDEX form_edit_record ON form_edit (tenant_id, record_id, at);
-- end

-- A picture of such a record. `stamped_at` NULL: its copies are still to be made.
CREATE TABLE form_picture (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  record_id UUID NOT NULL,
  employee_id UUID NOT NULL,
  department_id UUID NOT NULL,
  sha256 TEXT NOT NULL,
  mime TEXT NOT NULL,
  size BIGINT NOT NULL,
  stored_at BIGINT NOT NULL,
  stamped_at BIGINT,
  unreadable TEXT,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, record_id) REFERENCES form_record (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id)
);
CREATE INDEX form_picture_record ON form_picture (tenant_id, record_id);
CREATE INDEX form_picture_person ON form_picture (tenant_id, employee_id);
CREATE INDEX form_picture_unstamped ON form_picture (tenant_id, id) WHERE stamped_at IS NULL;
