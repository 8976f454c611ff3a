-- Files on their way, photos that arrived, and what a phone was answered.

CREATE TABLE upload (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  employee_id UUID NOT NULL,
  department_id UUID NOT NULL,
  size BIGINT NOT NULL,
  sha256 TEXT NOT NULL,
  mime TEXT NOT NULL,
  received BIGINT NOT NULL,
  width BIGINT,
  height BIGINT,
  created_at BIGINT NOT NULL,
  completed_at BIGINT,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id)
);
CREATE INDEX upload_person ON upload (tenant_id, employee_id, completed_at);

-- A photo whose bytes and whose record are both here. `stamped_at` NULL: its copies are still to be made.
CREATE TABLE photo (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  visit_id UUID NOT NULL,
  employee_id UUID NOT NULL,
  department_id UUID NOT NULL,
  sha256 TEXT NOT NULL,
  mime TEXT NOT NULL,
  stored_at BIGINT NOT NULL,
  stamped_at BIGINT,
  -- Why no copy can be made, when that is so.
  unreadable TEXT,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, id) REFERENCES visit_photo (tenant_id, id)
);
CREATE INDEX photo_unstamped ON photo (tenant_id, id) WHERE stamped_at IS NULL;
CREATE INDEX photo_sha256 ON photo (tenant_id, sha256);

-- Items of phones that were taken, by their own id: the same item is taken once.
CREATE TABLE receipt (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  employee_id UUID NOT NULL,
  device_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  answer TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX receipt_person ON receipt (tenant_id, employee_id, received_at);

-- Random words handed to phones: a record that carries one was made after it was issued.
CREATE TABLE nonce (
  tenant_id UUID NOT NULL,
  nonce TEXT NOT NULL,
  employee_id UUID NOT NULL,
  issued_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, nonce)
);
CREATE INDEX nonce_person ON nonce (tenant_id, employee_id, issued_at);
