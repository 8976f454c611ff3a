-- Approvals: a company's flows (a draft, versions that never change), what they are for, and the cases that run through them.

CREATE TABLE flow (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  name TEXT NOT NULL,
  -- What it is for: `form` with the form's id, `leave`, …; NULL while nothing is chosen. It decides which fields formulas know.
  subject_kind TEXT,
  subject_id UUID,
  -- The flow as it is being drawn, as JSON.
  draft TEXT NOT NULL,
  draft_sha256 TEXT NOT NULL,
  -- Newest published version; NULL while there is none.
  published BIGINT,
  published_sha256 TEXT,
  retired BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  changed_by UUID NOT NULL,
  changed_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, changed_by) REFERENCES employee (tenant_id, id)
);

CREATE TABLE flow_version (
  tenant_id UUID NOT NULL,
  flow_id UUID NOT NULL,
  number BIGINT NOT NULL,
  doc TEXT NOT NULL,
  -- Fields of the subject when it was published, as JSON: key and whether it names a person.
  fields TEXT NOT NULL,
  note TEXT,
  -- Cases that begin from then on take it.
  from_at BIGINT NOT NULL,
  published_by UUID NOT NULL,
  published_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, flow_id, number),
  FOREIGN KEY (tenant_id, flow_id) REFERENCES flow (tenant_id, id),
  FOREIGN KEY (tenant_id, published_by) REFERENCES employee (tenant_id, id)
);

-- The flow a form, an object or leave goes through. `subject_id` is nil for kinds there is one of.
CREATE TABLE flow_binding (
  tenant_id UUID NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id UUID NOT NULL,
  flow_id UUID NOT NULL,
  PRIMARY KEY (tenant_id, subject_kind, subject_id),
  FOREIGN KEY (tenant_id, flow_id) REFERENCES flow (tenant_id, id)
);

-- A case. `employee_id` is who requests it.
CREATE TABLE approval (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id UUID NOT NULL,
  -- The record that is to be approved.
  record_id UUID NOT NULL,
  -- By language, as JSON; and a few lines of it for lists: label and value.
  title TEXT NOT NULL,
  summary TEXT NOT NULL,
  employee_id UUID NOT NULL,
  department_id UUID NOT NULL,
  flow_id UUID NOT NULL,
  flow_number BIGINT NOT NULL,
  -- running, returned, approved, rejected, withdrawn
  status TEXT NOT NULL,
  -- Where it stands, as JSON; changed by the flow engine alone.
  state TEXT NOT NULL,
  -- What formulas look at, as JSON, and what the people asked are shown, as JSON.
  facts TEXT NOT NULL,
  content TEXT NOT NULL,
  -- When time will change something.
  due_at BIGINT,
  started_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  ended_at BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, id),
  FOREIGN KEY (tenant_id, flow_id, flow_number) REFERENCES flow_version (tenant_id, flow_id, number)
);
CREATE UNIQUE INDEX approval_record ON approval (tenant_id, subject_kind, record_id);
CREATE INDEX approval_person ON approval (tenant_id, employee_id, started_at);
CREATE INDEX approval_due ON approval (tenant_id, due_at);
CREATE INDEX approval_started ON approval (tenant_id, started_at, id);

-- Who is asked now. `employee_id` is the person.
CREATE TABLE approval_ask (
  tenant_id UUID NOT NULL,
  approval_id UUID NOT NULL,
  ask BIGINT NOT NULL,
  node TEXT NOT NULL,
  employee_id UUID NOT NULL,
  since BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, approval_id, ask),
  FOREIGN KEY (tenant_id, approval_id) REFERENCES approval (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id)
);
CREATE INDEX approval_ask_person ON approval_ask (tenant_id, employee_id, since);

-- Who has to do with a case: was asked, decided, was told. They may see it from then on.
CREATE TABLE approval_part (
  tenant_id UUID NOT NULL,
  approval_id UUID NOT NULL,
  employee_id UUID NOT NULL,
  -- asked, decided, copied
  part TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, approval_id, employee_id, part),
  FOREIGN KEY (tenant_id, approval_id) REFERENCES approval (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id)
);
CREATE INDEX approval_part_person ON approval_part (tenant_id, employee_id, part, at);

-- What happened, in order. Nothing is changed or taken away. `employee_id` is who did it, or
-- whom it is about; NULL for what nobody did.
CREATE TABLE approval_trail (
  tenant_id UUID NOT NULL,
  approval_id UUID NOT NULL,
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  what TEXT NOT NULL,
  node TEXT,
  employee_id UUID,
  instead_of UUID,
  to_id UUID,
  lane BIGINT,
  comment TEXT,
  PRIMARY KEY (tenant_id, approval_id, seq),
  FOREIGN KEY (tenant_id, approval_id) REFERENCES approval (tenant_id, id)
);

-- Actions taken, by the id their client made: sent twice counts once.
CREATE TABLE approval_action (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  approval_id UUID NOT NULL,
  employee_id UUID NOT NULL,
  sha256 TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, approval_id) REFERENCES approval (tenant_id, id)
);
CREATE INDEX approval_action_case ON approval_action (tenant_id, approval_id);

-- Who decides for somebody who is absent.
CREATE TABLE delegation (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  employee_id UUID NOT NULL,
  deputy_id UUID NOT NULL,
  from_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  -- What waited for him has been handed on.
  begun BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id),
  FOREIGN KEY (tenant_id, deputy_id) REFERENCES employee (tenant_id, id)
);
CREATE INDEX delegation_person ON delegation (tenant_id, employee_id, until_at);
