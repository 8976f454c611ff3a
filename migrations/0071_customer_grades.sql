-- Grades of customers are the company's own list, the best first. A company without a row has A, B and C.
CREATE TABLE customer_grades (
  tenant_id UUID NOT NULL,
  -- JSON list of names.
  names TEXT NOT NULL,
  changed_by UUID NOT NULL,
  changed_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id),
  FOREIGN KEY (tenant_id, changed_by) REFERENCES employee (tenant_id, id)
);
