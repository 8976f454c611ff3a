-- Files as answers: documents sent with a form, and the pictures of records that belong to no visit.

-- What a file on its way is called; NULL for photos of visits.
ALTER TABLE upload ADD COLUMN name TEXT;

-- A file whose bytes are here. Which record names it only the answers say. `employee_id` is who sent it.
CREATE TABLE form_file (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  employee_id UUID NOT NULL,
  department_id UUID NOT NULL,
  name TEXT NOT NULL,
  mime TEXT NOT NULL,
  size BIGINT NOT NULL,
  sha256 TEXT NOT NULL,
  -- Of what was sent, before a picture lost what its camera wrote into it.
  sent_sha256 TEXT NOT NULL,
  width BIGINT,
  height BIGINT,
  stored_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, id)
);
CREATE INDEX form_file_person ON form_file (tenant_id, employee_id, stored_at);
