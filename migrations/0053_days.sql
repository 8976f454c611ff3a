-- How people's days begin and end, how they get about, and how much a day may hold.

-- The company's rule; without a row days begin at home and end at the last stop.
CREATE TABLE day_policy (
  tenant_id UUID NOT NULL,
  -- home, office, first
  day_start TEXT NOT NULL,
  -- home, office, open
  day_end TEXT NOT NULL,
  most_visits BIGINT,
  most_km BIGINT,
  office_lng BIGINT,
  office_lat BIGINT,
  -- Thousandths: a day is said to be longer than it had to be beyond this share of the best way over its stops.
  detour_permille BIGINT NOT NULL,
  changed_by UUID NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id),
  FOREIGN KEY (tenant_id, changed_by) REFERENCES employee (tenant_id, id)
);

-- The best way over the stops that were made, metres, on the company's own travel.
ALTER TABLE day_summary ADD COLUMN best_m BIGINT;

-- What is said of one person beside it; NULL follows the company.
CREATE TABLE employee_day (
  tenant_id UUID NOT NULL,
  employee_id UUID NOT NULL,
  -- car, ebike, foot
  travel TEXT,
  day_start TEXT,
  day_end TEXT,
  most_visits BIGINT,
  most_km BIGINT,
  PRIMARY KEY (tenant_id, employee_id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id)
);
