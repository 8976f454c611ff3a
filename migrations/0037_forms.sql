-- Forms a company makes by itself: a draft, published versions that never change, and what was filled in with them.

CREATE TABLE form (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  -- Name in exports and the API; never changes.
  key TEXT NOT NULL,
  -- Of the draft, as JSON by language, and how many fields it has: for lists, without reading drafts.
  title TEXT NOT NULL,
  fields BIGINT NOT NULL,
  -- The form as it is being designed, as JSON.
  draft TEXT NOT NULL,
  draft_sha256 TEXT NOT NULL,
  -- Newest published version; NULL while there is none.
  published BIGINT,
  published_sha256 TEXT,
  -- Not offered for new use any more; where it is used it stays.
  retired BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  changed_by UUID NOT NULL,
  changed_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, changed_by) REFERENCES employee (tenant_id, id)
);
CREATE UNIQUE INDEX form_key ON form (tenant_id, key);

CREATE TABLE form_version (
  tenant_id UUID NOT NULL,
  form_id UUID NOT NULL,
  number BIGINT NOT NULL,
  spec TEXT NOT NULL,
  note TEXT,
  published_by UUID NOT NULL,
  published_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, form_id, number),
  FOREIGN KEY (tenant_id, form_id) REFERENCES form (tenant_id, id),
  FOREIGN KEY (tenant_id, published_by) REFERENCES employee (tenant_id, id)
);

-- A form filled in by a person at a step of a visit. It keeps the version it was filled in with.
CREATE TABLE form_record (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  form_id UUID NOT NULL,
  number BIGINT NOT NULL,
  employee_id UUID NOT NULL,
  department_id UUID NOT NULL,
  customer_id UUID NOT NULL,
  visit_id UUID NOT NULL,
  step_id UUID NOT NULL,
  day BIGINT NOT NULL,
  -- Of the task, for formulas that look at it.
  task_title TEXT,
  answers TEXT NOT NULL,
  score DOUBLE PRECISION,
  -- By the phone's clock, to order what one phone recorded.
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
CREATE UNIQUE INDEX form_record_step ON form_record (tenant_id, visit_id, step_id);
CREATE INDEX form_record_form ON form_record (tenant_id, form_id, filled_at, id);
CREATE INDEX form_record_person ON form_record (tenant_id, employee_id, filled_at);
CREATE INDEX form_record_customer ON form_record (tenant_id, customer_id, filled_at);

-- What a record said before it was changed, by whom and why. `employee_id` is whose record it is.
CREATE TABLE form_edit (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  record_id UUID NOT NULL,
  employee_id UUID NOT NULL,
  by_id UUID NOT NULL,
  at BIGINT NOT NULL,
  -- Empty for a person who answered again during his own visit.
  reason TEXT NOT NULL,
  before TEXT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, record_id) REFERENCES form_record (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id)
);
CREATE INDEX form_edit_record ON form_edit (tenant_id, record_id, at);
