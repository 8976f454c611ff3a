-- Named filters of a list; shared ones are offered to everybody of the company.
CREATE TABLE saved_view (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  employee_id UUID NOT NULL,
  list TEXT NOT NULL,
  name TEXT NOT NULL,
  -- JSON object: filter of the address → value.
  search TEXT NOT NULL,
  shared BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id)
);
CREATE INDEX saved_view_list ON saved_view (tenant_id, list);
CREATE INDEX saved_view_employee ON saved_view (tenant_id, employee_id);
