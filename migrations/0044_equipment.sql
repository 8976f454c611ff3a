-- Equipment that stands at customers, the parts it is repaired with, and the stocks they lie in.

-- The last number given out, by series: 'equipment', 'order:202611'.
CREATE TABLE service_counter (
  tenant_id UUID NOT NULL,
  series TEXT NOT NULL,
  last BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, series)
);

-- Who may see it follows the customer.
CREATE TABLE equipment (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  model TEXT,
  serial TEXT,
  customer_id UUID NOT NULL,
  -- What it is a part of, at the same customer.
  parent_id UUID,
  -- Where it stands there.
  place TEXT,
  installed_on BIGINT,
  warranty_until BIGINT,
  -- in_use, stopped or scrapped.
  status TEXT NOT NULL,
  note TEXT,
  -- Number, name, model, serial in lower case.
  search TEXT NOT NULL,
  -- Random word of its label.
  label TEXT NOT NULL,
  content_sha256 TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id),
  FOREIGN KEY (tenant_id, parent_id) REFERENCES equipment (tenant_id, id)
);
CREATE UNIQUE INDEX equipment_code ON equipment (tenant_id, code);
CREATE INDEX equipment_customer ON equipment (tenant_id, customer_id);
CREATE INDEX equipment_parent ON equipment (tenant_id, parent_id);

-- What people without a sign-in reach by a random word: a label on equipment, or the page of an order.
CREATE TABLE service_link (
  token TEXT PRIMARY KEY,
  tenant_id UUID NOT NULL,
  -- equipment; order: the customer's page of an order; status: only how an order stands, for who reported the fault
  kind TEXT NOT NULL,
  subject_id UUID NOT NULL
);
CREATE INDEX service_link_subject ON service_link (tenant_id, subject_id);

CREATE TABLE part (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  unit TEXT NOT NULL,
  -- In the currency's minor unit.
  price BIGINT NOT NULL,
  active BIGINT NOT NULL,
  search TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX part_code ON part (tenant_id, code);

-- A store, or the van of a person: that one has the person's id. `employee_id` and `department_id` decide who may see it.
CREATE TABLE stock (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  name TEXT NOT NULL,
  -- store or van
  kind TEXT NOT NULL,
  employee_id UUID NOT NULL,
  department_id UUID NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, id)
);

-- What lies in a stock now; `reserved` of it is promised to orders.
CREATE TABLE stock_line (
  tenant_id UUID NOT NULL,
  stock_id UUID NOT NULL,
  part_id UUID NOT NULL,
  quantity BIGINT NOT NULL CHECK (quantity >= 0),
  reserved BIGINT NOT NULL CHECK (reserved >= 0),
  PRIMARY KEY (tenant_id, stock_id, part_id),
  FOREIGN KEY (tenant_id, stock_id) REFERENCES stock (tenant_id, id),
  FOREIGN KEY (tenant_id, part_id) REFERENCES part (tenant_id, id)
);

-- What happened to stocks. Appended, never changed.
CREATE TABLE stock_move (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  -- receive, transfer, use, return, adjust, reserve or release.
  kind TEXT NOT NULL,
  part_id UUID NOT NULL,
  from_id UUID,
  to_id UUID,
  quantity BIGINT NOT NULL,
  -- So much of a use was not in the stock when it was told.
  short BIGINT NOT NULL,
  -- Price of one when it moved.
  price BIGINT NOT NULL,
  order_id UUID,
  reason TEXT,
  -- Who did it; NULL: a job.
  employee_id UUID,
  -- By the phone's clock, and when the server had it.
  claimed_at BIGINT,
  at BIGINT NOT NULL,
  content_sha256 TEXT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, part_id) REFERENCES part (tenant_id, id),
  FOREIGN KEY (tenant_id, from_id) REFERENCES stock (tenant_id, id),
  FOREIGN KEY (tenant_id, to_id) REFERENCES stock (tenant_id, id)
);
CREATE INDEX stock_move_order ON stock_move (tenant_id, order_id);
CREATE INDEX stock_move_at ON stock_move (tenant_id, at, id);

-- A part somebody on site lacks; fulfilled by a transfer to him.
CREATE TABLE part_request (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  part_id UUID NOT NULL,
  quantity BIGINT NOT NULL,
  order_id UUID,
  note TEXT,
  employee_id UUID NOT NULL,
  department_id UUID NOT NULL,
  -- open, done or cancelled.
  status TEXT NOT NULL,
  move_id UUID,
  content_sha256 TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, part_id) REFERENCES part (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id)
);
CREATE INDEX part_request_status ON part_request (tenant_id, status, created_at);

-- Companies that are there already: the roles they came with may do what those of new companies may.
-- only postgres
ALTER TABLE role NO FORCE ROW LEVEL SECURITY;
-- end
UPDATE role SET permissions = replace(permissions, ']', ',"order.read","order.write","stock.write"]') WHERE built_in = 1 AND key = 'manager';
UPDATE role SET permissions = replace(permissions, ']', ',"order.read"]') WHERE built_in = 1 AND key = 'rep';
