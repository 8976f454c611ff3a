-- Territories: which customers belong together and who is responsible; divisions of customers among people; and who
-- owned a customer when.

CREATE TABLE territory (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  name TEXT NOT NULL,
  -- Place in the palette of the screens.
  colour BIGINT NOT NULL,
  -- Who is responsible; nobody for one that has only its department.
  employee_id UUID,
  department_id UUID NOT NULL,
  -- Corners as JSON; without any its customers are named one by one.
  shape TEXT,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, id)
);

ALTER TABLE customer ADD COLUMN territory_id UUID;
CREATE INDEX customer_territory ON customer (tenant_id, territory_id);

-- A proposal of who is to have which customers. `employee_id` made it.
CREATE TABLE territory_division (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  employee_id UUID NOT NULL,
  department_id UUID NOT NULL,
  -- What was asked and what came out, as JSON: ids and numbers.
  asked TEXT NOT NULL,
  outcome TEXT NOT NULL,
  -- draft or taken.
  status TEXT NOT NULL,
  -- Why it was taken over.
  reason TEXT,
  created_at BIGINT NOT NULL,
  taken_at BIGINT,
  taken_by UUID,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, id)
);
CREATE INDEX territory_division_status ON territory_division (tenant_id, status, taken_at);

-- Who owned a customer from when to when, and why. Closed and added to, never edited.
CREATE TABLE customer_ownership (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  customer_id UUID NOT NULL,
  -- Nobody when it went to the pool.
  employee_id UUID,
  department_id UUID NOT NULL,
  -- Absent: from before this was kept.
  from_at BIGINT,
  to_at BIGINT,
  -- created, edited, imported, territory or unknown.
  cause TEXT NOT NULL,
  division_id UUID,
  by_id UUID,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id)
);
CREATE INDEX customer_ownership_customer ON customer_ownership (tenant_id, customer_id);
CREATE UNIQUE INDEX customer_ownership_now ON customer_ownership (tenant_id, customer_id) WHERE to_at IS NULL;
