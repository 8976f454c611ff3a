-- Figures of a person's day, recomputed from its records whenever those change; never edited.
CREATE TABLE day_summary (
  tenant_id UUID NOT NULL,
  employee_id UUID NOT NULL,
  department_id UUID NOT NULL,
  day BIGINT NOT NULL,
  -- What the figures were made from; another stamp means they are to be made again.
  stamp TEXT NOT NULL,
  planned BIGINT NOT NULL,
  visits BIGINT NOT NULL,
  effective BIGINT NOT NULL,
  stay_s BIGINT NOT NULL,
  counted_m BIGINT NOT NULL,
  raw_m BIGINT NOT NULL,
  excluded_m BIGINT NOT NULL,
  estimated_m BIGINT NOT NULL,
  gap_s BIGINT NOT NULL,
  plan_m BIGINT,
  first_check_in BIGINT,
  last_check_out BIGINT,
  -- Working time the figures hold for, as JSON; a closed day keeps it whatever the calendar says later.
  duty TEXT NOT NULL,
  summaries TEXT NOT NULL,
  refused_off_duty BIGINT NOT NULL,
  stored_off_duty BIGINT NOT NULL,
  rule_version TEXT NOT NULL,
  input_sha256 TEXT NOT NULL,
  provisional BIGINT NOT NULL,
  late_data BIGINT NOT NULL,
  computed_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, day, employee_id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id)
);
