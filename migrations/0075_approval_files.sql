-- Files beside what is done to a case. The bytes lie among the stored files.
CREATE TABLE approval_file (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  approval_id UUID NOT NULL,
  -- Who sent it.
  employee_id UUID NOT NULL,
  -- The line of the trail that carries it; NULL until an action names it.
  seq BIGINT,
  name TEXT NOT NULL,
  mime TEXT NOT NULL,
  size BIGINT NOT NULL,
  -- Of the bytes as they are kept.
  sha256 TEXT NOT NULL,
  -- Of the bytes as they were sent: the same file sent twice is one.
  sent_sha256 TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, approval_id) REFERENCES approval (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id)
);
CREATE INDEX approval_file_case ON approval_file (tenant_id, approval_id, seq);
CREATE INDEX approval_file_loose ON approval_file (tenant_id, seq, created_at);
