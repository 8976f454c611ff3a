-- Objects a company defines by itself. Their fields are a form, whose versions live as all forms' do.

-- What a form is for: a step of a visit ('step'), or the fields of an object ('object').
ALTER TABLE form ADD COLUMN purpose TEXT NOT NULL DEFAULT 'step';
DROP INDEX form_key;
CREATE UNIQUE INDEX form_key ON form (tenant_id, purpose, key);

CREATE TABLE object (
  tenant_id UUID NOT NULL,
  -- Also the id of the form that holds its fields.
  id UUID NOT NULL,
  -- Name in addresses and the API; never changes.
  key TEXT NOT NULL,
  -- As JSON by language.
  name TEXT NOT NULL,
  icon TEXT NOT NULL,
  -- Key of the field that names a record; NULL: its number does.
  title_field TEXT,
  -- Keys of the fields the list shows, as JSON.
  columns TEXT NOT NULL,
  -- Pattern of the numbers: CX-{yyyy}{mm}-{0000}.
  numbering TEXT NOT NULL,
  -- Role → what it may, as JSON.
  grants TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  changed_by UUID NOT NULL,
  changed_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, id) REFERENCES form (tenant_id, id),
  FOREIGN KEY (tenant_id, changed_by) REFERENCES employee (tenant_id, id)
);
CREATE UNIQUE INDEX object_key ON object (tenant_id, key);

-- The last number given out, by object and period of its pattern.
CREATE TABLE object_counter (
  tenant_id UUID NOT NULL,
  object_id UUID NOT NULL,
  period TEXT NOT NULL,
  last BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, object_id, period),
  FOREIGN KEY (tenant_id, object_id) REFERENCES object (tenant_id, id)
);

CREATE TABLE object_record (
  tenant_id UUID NOT NULL,
  -- Made by whoever fills it in, so that sent twice is one record.
  id UUID NOT NULL,
  object_id UUID NOT NULL,
  -- Version of the fields the answers were judged by.
  number BIGINT NOT NULL,
  -- Given by the server.
  code TEXT NOT NULL,
  title TEXT NOT NULL,
  -- Text that searching looks through: code, title and texts of fields in lower case.
  search TEXT NOT NULL,
  -- Whose record it is, and his department.
  employee_id UUID NOT NULL,
  department_id UUID NOT NULL,
  created_by UUID NOT NULL,
  answers TEXT NOT NULL,
  score DOUBLE PRECISION,
  -- Of what was sent when it was made.
  sha256 TEXT NOT NULL,
  day BIGINT NOT NULL,
  filled_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  deleted_at BIGINT,
  edits BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, object_id) REFERENCES object (tenant_id, id),
  FOREIGN KEY (tenant_id, object_id, number) REFERENCES form_version (tenant_id, form_id, number),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, id)
);
CREATE UNIQUE INDEX object_record_code ON object_record (tenant_id, object_id, code);
CREATE INDEX object_record_new ON object_record (tenant_id, object_id, created_at, id);
CREATE INDEX object_record_person ON object_record (tenant_id, employee_id, object_id);

-- Answers one by one, for filters, sorting and relations. Places are never in here.
CREATE TABLE object_value (
  tenant_id UUID NOT NULL,
  record_id UUID NOT NULL,
  field TEXT NOT NULL,
  -- Counts the values of a field that has several.
  place BIGINT NOT NULL,
  -- Of a number: absent.
  text TEXT,
  number DOUBLE PRECISION,
  -- Of a reference: what it names.
  target_id UUID,
  PRIMARY KEY (tenant_id, record_id, field, place),
  FOREIGN KEY (tenant_id, record_id) REFERENCES object_record (tenant_id, id)
);
CREATE INDEX object_value_target ON object_value (tenant_id, target_id, record_id);

-- What a record said before it was changed or deleted, by whom and why. `employee_id` is whose record it was.
CREATE TABLE object_edit (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  record_id UUID NOT NULL,
  employee_id UUID NOT NULL,
  -- change, owner or delete
  kind TEXT NOT NULL,
  by_id UUID NOT NULL,
  at BIGINT NOT NULL,
  reason TEXT NOT NULL,
  number BIGINT NOT NULL,
  before TEXT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, record_id) REFERENCES object_record (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id)
);
CREATE INDEX object_edit_record ON object_edit (tenant_id, record_id, at);
