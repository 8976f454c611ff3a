-- Findings: what in records needs an explanation, what people answered, what was decided.

-- A finding is never changed or deleted. One that is measured again and stronger is a new revision of the same key.
CREATE TABLE finding (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  -- 'visit:<id>:<code>' or 'day:<person>:<day>:<code>'.
  subject TEXT NOT NULL,
  revision BIGINT NOT NULL,
  employee_id UUID NOT NULL,
  department_id UUID NOT NULL,
  visit_id UUID,
  day BIGINT NOT NULL,
  code TEXT NOT NULL,
  rule_version TEXT NOT NULL,
  -- Thousandths.
  weight BIGINT NOT NULL,
  from_at BIGINT NOT NULL,
  to_at BIGINT NOT NULL,
  -- JSON: numbers of the rule, and what it is compared with (photos, another visit).
  numbers TEXT NOT NULL,
  compared TEXT NOT NULL,
  found_at BIGINT NOT NULL,
  -- Until then nothing is upheld without the person's answer.
  answer_by BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, subject, revision),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id)
);
CREATE INDEX finding_found ON finding (tenant_id, found_at, id);
CREATE INDEX finding_visit ON finding (tenant_id, visit_id);
CREATE INDEX finding_person ON finding (tenant_id, employee_id, day);

-- Everything said about a finding, in order; append-only.
CREATE TABLE finding_event (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  finding_id UUID NOT NULL,
  employee_id UUID NOT NULL,
  department_id UUID NOT NULL,
  -- answered, decided or seconded.
  kind TEXT NOT NULL,
  actor_id UUID NOT NULL,
  at BIGINT NOT NULL,
  payload TEXT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, finding_id) REFERENCES finding (tenant_id, id)
);
CREATE INDEX finding_event_finding ON finding_event (tenant_id, finding_id, at);

-- How a finding stands: follows from its events, kept for lists.
CREATE TABLE finding_state (
  tenant_id UUID NOT NULL,
  finding_id UUID NOT NULL,
  -- open, answered, second (waits for a second person), upheld, cleared or replaced.
  status TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, finding_id),
  FOREIGN KEY (tenant_id, finding_id) REFERENCES finding (tenant_id, id)
);
CREATE INDEX finding_state_status ON finding_state (tenant_id, status, updated_at);

-- Days that were examined in full, and what was stored of them then.
CREATE TABLE truth_day (
  tenant_id UUID NOT NULL,
  employee_id UUID NOT NULL,
  day BIGINT NOT NULL,
  mark TEXT NOT NULL,
  PRIMARY KEY (tenant_id, employee_id, day)
);
CREATE INDEX truth_day_day ON truth_day (tenant_id, day);

-- The company's own rules: block, flag or allow, and what is known to be innocent.
CREATE TABLE truth_rules (
  tenant_id UUID NOT NULL,
  rules TEXT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id)
);

-- Grade of evidence A–D, and whether a red finding is open.
ALTER TABLE visit ADD COLUMN evidence_grade TEXT;
ALTER TABLE visit ADD COLUMN truth_open BIGINT NOT NULL DEFAULT 0;

CREATE INDEX visit_photo_sha256 ON visit_photo (tenant_id, sha256);
CREATE INDEX receipt_device ON receipt (tenant_id, device_id, received_at);
CREATE INDEX audit_object ON audit (tenant_id, object_id, at);
