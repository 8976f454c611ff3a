-- Maintenance by date and by meter: what a piece of equipment has counted, when its work is due, and what became of each turn.

-- What counts on a piece of equipment: hours, cycles, kilometres.
CREATE TABLE meter (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  equipment_id UUID NOT NULL,
  name TEXT NOT NULL,
  unit TEXT NOT NULL,
  content_sha256 TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, equipment_id) REFERENCES equipment (tenant_id, id)
);
CREATE UNIQUE INDEX meter_name ON meter (tenant_id, equipment_id, name);

-- What a meter said. Never changed but by being withdrawn: then those after it are added up anew. `total` goes on where a meter was
-- replaced by one that begins anew.
CREATE TABLE meter_reading (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  meter_id UUID NOT NULL,
  value BIGINT NOT NULL,
  total BIGINT NOT NULL,
  -- 1: the meter is another one since the reading before.
  replaced BIGINT NOT NULL,
  -- When it was read: by the phone's clock, held to the receipt.
  at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  -- desk, phone or import.
  source TEXT NOT NULL,
  order_id UUID,
  -- Who read it.
  employee_id UUID,
  content_sha256 TEXT NOT NULL,
  -- It was wrong: since when it no longer counts, by whom and why.
  withdrawn_at BIGINT,
  withdrawn_by UUID,
  withdrawn_reason TEXT,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, meter_id) REFERENCES meter (tenant_id, id),
  FOREIGN KEY (tenant_id, order_id) REFERENCES work_order (tenant_id, id)
);
CREATE INDEX meter_reading_at ON meter_reading (tenant_id, meter_id, at);

-- `department_id` is the customer's for one piece, else whose equipment of a model it covers; `employee_id` who made it.
CREATE TABLE maintenance_plan (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  name TEXT NOT NULL,
  -- Type of the orders it makes.
  type_id UUID NOT NULL,
  -- One piece, or all of a model.
  equipment_id UUID,
  model TEXT,
  -- Every so many days, weeks or months, counted from `start_on`; NULL: not by date.
  every BIGINT,
  unit TEXT,
  start_on BIGINT NOT NULL,
  -- 1: counted from when it was last done instead.
  from_done BIGINT NOT NULL,
  -- Every so many units of the meter of this name; NULL: not by meter.
  meter TEXT,
  meter_every BIGINT,
  -- Since when it counts by that meter: from what the meter says then.
  meter_at BIGINT NOT NULL,
  -- The order is made so many days ahead.
  lead_days BIGINT NOT NULL,
  detail TEXT,
  paused BIGINT NOT NULL,
  employee_id UUID NOT NULL,
  department_id UUID NOT NULL,
  content_sha256 TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, type_id) REFERENCES order_type (tenant_id, id),
  FOREIGN KEY (tenant_id, equipment_id) REFERENCES equipment (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, id)
);
CREATE INDEX maintenance_plan_equipment ON maintenance_plan (tenant_id, equipment_id);

-- Each turn that became an order or was left out, once: its id is made of plan, piece and what was due.
CREATE TABLE maintenance_turn (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  plan_id UUID NOT NULL,
  equipment_id UUID NOT NULL,
  -- date or meter; void: made of a reading that was withdrawn.
  kind TEXT NOT NULL,
  due_on BIGINT NOT NULL,
  due_total BIGINT,
  -- Of a turn by meter: which one counted.
  meter_id UUID,
  -- NULL: left out.
  order_id UUID,
  reason TEXT,
  -- Who left it out.
  employee_id UUID,
  at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, plan_id) REFERENCES maintenance_plan (tenant_id, id),
  FOREIGN KEY (tenant_id, equipment_id) REFERENCES equipment (tenant_id, id),
  FOREIGN KEY (tenant_id, order_id) REFERENCES work_order (tenant_id, id)
);
CREATE INDEX maintenance_turn_plan ON maintenance_turn (tenant_id, plan_id, equipment_id);
