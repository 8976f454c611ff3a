-- Shifts and who works them, punches, requests for leave, overtime, trips and corrections, balances, closed months.

-- A named shift. `pairs` as JSON: stretches in minutes after local midnight of its day; past 1440 is the next day.
CREATE TABLE work_shift (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  name TEXT NOT NULL,
  -- One to four characters for tables.
  short TEXT NOT NULL,
  pairs TEXT NOT NULL,
  -- Minutes that are not counted as late or early.
  grace_minutes BIGINT NOT NULL,
  -- The first punch may move the whole shift so many minutes.
  flex_minutes BIGINT NOT NULL,
  -- Punches at the beginning and end of every stretch, not only of the day.
  each_pair BIGINT NOT NULL,
  retired BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

-- The weekly pattern of a person or a department from a day on, until a later one of the same. `week` as JSON: seven shifts or
-- rests, Monday first; NULL: the calendar holds again.
CREATE TABLE shift_rule (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  employee_id UUID,
  department_id UUID,
  from_day BIGINT NOT NULL,
  week TEXT,
  created_by UUID NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, id)
);

-- One day of one person in the duty table; it wins over every rule. `shift_id` NULL: rest.
CREATE TABLE roster_day (
  tenant_id UUID NOT NULL,
  employee_id UUID NOT NULL,
  day BIGINT NOT NULL,
  shift_id UUID,
  changed_by UUID NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, employee_id, day),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id),
  FOREIGN KEY (tenant_id, shift_id) REFERENCES work_shift (tenant_id, id)
);
CREATE INDEX roster_day_day ON roster_day (tenant_id, day);

-- Where punches are expected, besides customers. `department_id` NULL: for everybody.
CREATE TABLE punch_place (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  name TEXT NOT NULL,
  lng BIGINT NOT NULL,
  lat BIGINT NOT NULL,
  radius_m BIGINT NOT NULL,
  department_id UUID,
  retired BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, id)
);

-- How punches are judged: of the company (`department_id` NULL) and of departments that differ, nearest first.
CREATE TABLE punch_rule (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  department_id UUID,
  -- anywhere, places or customers (places and one's own customers)
  within TEXT NOT NULL,
  -- record, reason or refuse
  outside TEXT NOT NULL,
  -- The first check-in of a day counts as its first punch.
  visit_counts BIGINT NOT NULL,
  -- Minutes before and after duty in which the place of a punch is kept.
  window_minutes BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, id)
);

CREATE TABLE punch (
  tenant_id UUID NOT NULL,
  -- Made by the phone.
  id UUID NOT NULL,
  employee_id UUID NOT NULL,
  department_id UUID NOT NULL,
  -- The day of duty it belongs to.
  day BIGINT NOT NULL,
  -- in or out
  kind TEXT NOT NULL,
  at BIGINT NOT NULL,
  said_at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  offline BIGINT NOT NULL,
  -- phone or visit
  source TEXT NOT NULL,
  -- in, out, cannot_tell; NULL: no place is asked for, or none is kept
  verdict TEXT,
  place_name TEXT,
  distance_m BIGINT,
  radius_m BIGINT,
  accuracy_m BIGINT,
  lng BIGINT,
  lat BIGINT,
  fix_at BIGINT,
  -- kept, none (the phone had no position), off_duty, private or policy_off
  place TEXT NOT NULL,
  reason TEXT,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, id)
);
CREATE INDEX punch_person ON punch (tenant_id, employee_id, day);
CREATE INDEX punch_day ON punch (tenant_id, day);

CREATE TABLE leave_type (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  name TEXT NOT NULL,
  name_en TEXT NOT NULL,
  -- Only what was granted can be taken.
  balanced BIGINT NOT NULL,
  paid BIGINT NOT NULL,
  -- day, half or hour: the smallest part that can be taken.
  unit TEXT NOT NULL,
  retired BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

-- Leave given to a person for a year, in thousandths of a day; a correction may be negative.
CREATE TABLE leave_grant (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  employee_id UUID NOT NULL,
  leave_type_id UUID NOT NULL,
  year BIGINT NOT NULL,
  milli BIGINT NOT NULL,
  reason TEXT NOT NULL,
  created_by UUID NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id),
  FOREIGN KEY (tenant_id, leave_type_id) REFERENCES leave_type (tenant_id, id)
);
CREATE INDEX leave_grant_person ON leave_grant (tenant_id, employee_id, year);

-- Leave, overtime, a business trip, a corrected punch; or the end of one of them (`cancels_id`).
CREATE TABLE attendance_request (
  tenant_id UUID NOT NULL,
  -- Made by whoever asks.
  id UUID NOT NULL,
  kind TEXT NOT NULL,
  employee_id UUID NOT NULL,
  department_id UUID NOT NULL,
  from_at BIGINT NOT NULL,
  to_at BIGINT NOT NULL,
  from_day BIGINT NOT NULL,
  to_day BIGINT NOT NULL,
  -- day, am, pm or hours
  part TEXT NOT NULL,
  leave_type_id UUID,
  -- Leave: thousandths of a day; else minutes.
  amount BIGINT NOT NULL,
  -- Of a trip: where to.
  place TEXT,
  -- Of a correction: in or out; its time is from_at.
  punch_kind TEXT,
  reason TEXT NOT NULL,
  cancels_id UUID,
  -- running, returned, approved, rejected, withdrawn or cancelled
  status TEXT NOT NULL,
  -- Of what was sent.
  sha256 TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  decided_at BIGINT,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, id),
  FOREIGN KEY (tenant_id, leave_type_id) REFERENCES leave_type (tenant_id, id)
);
CREATE INDEX attendance_request_person ON attendance_request (tenant_id, employee_id, to_day);
CREATE INDEX attendance_request_new ON attendance_request (tenant_id, created_at, id);

-- A month nobody changes any more, and what it said. `month` as yyyymm.
CREATE TABLE attendance_month (
  tenant_id UUID NOT NULL,
  month BIGINT NOT NULL,
  closed_by UUID NOT NULL,
  closed_at BIGINT NOT NULL,
  reopened_by UUID,
  reopened_at BIGINT,
  reason TEXT,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, month)
);
CREATE TABLE attendance_closed (
  tenant_id UUID NOT NULL,
  month BIGINT NOT NULL,
  employee_id UUID NOT NULL,
  rule_version BIGINT NOT NULL,
  days TEXT NOT NULL,
  PRIMARY KEY (tenant_id, month, employee_id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id)
);
