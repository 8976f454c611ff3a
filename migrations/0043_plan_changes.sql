-- What people change of their own days: the company's rule, and every change with what became of it.

-- How far a person may go: free (with a reason), approval, no. A company without a row has the usual rule.
CREATE TABLE plan_change_rule (
  tenant_id UUID NOT NULL,
  reorder TEXT NOT NULL,
  skip TEXT NOT NULL,
  changed_by UUID NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id),
  FOREIGN KEY (tenant_id, changed_by) REFERENCES employee (tenant_id, id)
);

CREATE TABLE plan_change (
  tenant_id UUID NOT NULL,
  -- Of the item the phone made.
  id UUID NOT NULL,
  employee_id UUID NOT NULL,
  department_id UUID NOT NULL,
  day BIGINT NOT NULL,
  -- reorder or skip
  kind TEXT NOT NULL,
  -- NULL for a visit skipped outside every plan.
  plan_id UUID,
  -- Of a skip: the visit.
  task_id UUID,
  -- Why: one of the known reasons, and words.
  code TEXT,
  words TEXT,
  -- Version of the plan the person saw.
  base_version BIGINT,
  -- The order wished for (JSON list of tasks), with travel between them as it was known then (JSON).
  wish TEXT,
  ways TEXT,
  -- The day before and after, as JSON: order, way, lateness.
  before TEXT,
  after TEXT,
  moved BIGINT NOT NULL,
  -- applied, waiting, rejected, withdrawn, unfit
  status TEXT NOT NULL,
  -- Code of what kept an approved change from being applied.
  unfit TEXT,
  -- The case that decides.
  case_id UUID,
  said_at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  ended_at BIGINT,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, id),
  FOREIGN KEY (tenant_id, plan_id) REFERENCES plan (tenant_id, id),
  FOREIGN KEY (tenant_id, task_id) REFERENCES task (tenant_id, id)
);
CREATE INDEX plan_change_plan ON plan_change (tenant_id, plan_id, said_at);
CREATE INDEX plan_change_task ON plan_change (tenant_id, task_id);
CREATE INDEX plan_change_day ON plan_change (tenant_id, day, id);
CREATE INDEX plan_change_person ON plan_change (tenant_id, employee_id, day);

-- Why a task was skipped, where one of the known reasons was chosen.
ALTER TABLE task ADD COLUMN reason_code TEXT;
