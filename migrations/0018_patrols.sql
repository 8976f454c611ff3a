-- Rounds: customers to be reached in order, each in its time, by one person on some days of the week.
CREATE TABLE patrol (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  name TEXT NOT NULL,
  employee_id UUID NOT NULL,
  department_id UUID NOT NULL,
  -- JSON: weekdays 1 Monday to 7 Sunday; points with customer and due minutes of the day.
  weekdays TEXT NOT NULL,
  points TEXT NOT NULL,
  grace_s BIGINT NOT NULL,
  active BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id)
);
CREATE INDEX patrol_employee ON patrol (tenant_id, employee_id);
