-- Customers, their contacts, fence classes and open problems.

CREATE TABLE customer_class (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  name TEXT NOT NULL,
  radius_m BIGINT NOT NULL,
  min_stay_s BIGINT NOT NULL,
  is_default BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE customer (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  code TEXT,
  name TEXT NOT NULL,
  search TEXT NOT NULL,
  grade TEXT,
  class_id UUID NOT NULL,
  tags TEXT NOT NULL,
  address TEXT,
  lng BIGINT,
  lat BIGINT,
  radius_m BIGINT,
  employee_id UUID,
  department_id UUID NOT NULL,
  status TEXT NOT NULL,
  note TEXT,
  last_visit_day BIGINT,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, class_id) REFERENCES customer_class (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, id)
);
CREATE INDEX customer_name ON customer (tenant_id, name, id);
CREATE INDEX customer_owner ON customer (tenant_id, employee_id);
CREATE INDEX customer_place ON customer (tenant_id, lng, lat);
CREATE UNIQUE INDEX customer_code ON customer (tenant_id, code);

CREATE TABLE contact (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  customer_id UUID NOT NULL,
  name TEXT NOT NULL,
  title TEXT,
  phone TEXT,
  is_primary BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id)
);
CREATE INDEX contact_customer ON contact (tenant_id, customer_id);

CREATE TABLE customer_problem (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  customer_id UUID NOT NULL,
  text TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  opened_by UUID NOT NULL,
  closed_at BIGINT,
  closed_by UUID,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id)
);
CREATE INDEX customer_problem_customer ON customer_problem (tenant_id, customer_id);
