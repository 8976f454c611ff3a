-- What differs from the calendar for one person: leave, declared overtime, private trips.
CREATE TABLE duty_entry (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  employee_id UUID NOT NULL,
  kind TEXT NOT NULL,
  from_at BIGINT NOT NULL,
  -- Absent for a private trip that has not been ended; it ends by itself with its day.
  to_at BIGINT,
  -- The local days it touches.
  from_day BIGINT NOT NULL,
  to_day BIGINT NOT NULL,
  note TEXT,
  created_by UUID NOT NULL,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  revoked_at BIGINT,
  -- Until this is set, positions stored before may lie in it.
  swept_at BIGINT,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id)
);
CREATE INDEX duty_entry_day ON duty_entry (tenant_id, employee_id, to_day);
CREATE INDEX duty_entry_unswept ON duty_entry (tenant_id, swept_at);

-- Readings removed after they had been stored, because leave or a private trip was declared later; numbers only.
CREATE TABLE fix_removed (
  tenant_id UUID NOT NULL,
  employee_id UUID NOT NULL,
  day BIGINT NOT NULL,
  reason TEXT NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, day, employee_id, reason)
);
