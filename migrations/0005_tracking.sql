-- Trackers, positions, and who looked at them.

-- Which tracker a secret belongs to, by the SHA-256 of the secret. Looked up before the company is known.
CREATE TABLE tracker_key (
  secret_hash BYTEA PRIMARY KEY,
  tenant_id UUID NOT NULL,
  tracker_id UUID NOT NULL,
  employee_id UUID NOT NULL,
  tag BIGINT NOT NULL
);
CREATE INDEX tracker_key_tracker ON tracker_key (tenant_id, tracker_id);

CREATE TABLE tracker (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  employee_id UUID NOT NULL,
  department_id UUID NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  tag BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  last_seen_at BIGINT,
  revoked_at BIGINT,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id)
);
CREATE INDEX tracker_employee ON tracker (tenant_id, employee_id);

-- Readings as they arrive, packed, append-only: one row a person and commit. Sealed into segments later.
CREATE TABLE fix_batch (
  seq {{serial}},
  tenant_id UUID NOT NULL,
  employee_id UUID NOT NULL,
  day BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  fixes BYTEA NOT NULL
);
CREATE INDEX fix_batch_day ON fix_batch (tenant_id, day, employee_id);

-- A person's day in columns. Replaced as a whole when late readings come.
CREATE TABLE fix_segment (
  tenant_id UUID NOT NULL,
  employee_id UUID NOT NULL,
  day BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  sealed_at BIGINT NOT NULL,
  received_to BIGINT NOT NULL,
  fixes BYTEA NOT NULL,
  PRIMARY KEY (tenant_id, day, employee_id)
);

-- What was refused and never stored, as numbers only.
CREATE TABLE fix_refused (
  tenant_id UUID NOT NULL,
  employee_id UUID NOT NULL,
  day BIGINT NOT NULL,
  reason TEXT NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, day, employee_id, reason)
);

-- Every reading of a person's position by somebody else, gathered by the hour. Never deleted by the reader.
CREATE TABLE location_read (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  employee_id UUID NOT NULL,
  reader_id UUID NOT NULL,
  what TEXT NOT NULL,
  hour BIGINT NOT NULL,
  read_on BIGINT NOT NULL,
  day BIGINT NOT NULL,
  first_at BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, employee_id, hour, reader_id, what, day)
);
CREATE INDEX location_read_latest ON location_read (tenant_id, employee_id, last_at);
