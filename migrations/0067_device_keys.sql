-- Keys of phones: one of each installation and person, and what was signed with it.

CREATE TABLE device_key (
  tenant_id UUID NOT NULL,
  -- Made by the phone.
  id UUID NOT NULL,
  employee_id UUID NOT NULL,
  department_id UUID NOT NULL,
  -- SHA-256 of the public key: the installation. People who share a phone share it.
  key_sha256 TEXT NOT NULL,
  public_key TEXT NOT NULL,
  device_id TEXT NOT NULL,
  name TEXT NOT NULL,
  -- waiting, accepted, refused or revoked.
  status TEXT NOT NULL,
  enrolled_at BIGINT NOT NULL,
  decided_at BIGINT,
  decided_by UUID,
  reason TEXT NOT NULL,
  seen_at BIGINT,
  -- The newest seal, and the earliest it may have been made.
  head_seq BIGINT,
  head_sha256 TEXT,
  head_from BIGINT,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id)
);
CREATE UNIQUE INDEX device_key_person ON device_key (tenant_id, employee_id, key_sha256);
CREATE INDEX device_key_installation ON device_key (tenant_id, key_sha256);
CREATE INDEX device_key_status ON device_key (tenant_id, status, enrolled_at);

-- What phones signed, as the exact text: ids and hashes of records, no record itself.
CREATE TABLE device_seal (
  tenant_id UUID NOT NULL,
  key_id UUID NOT NULL,
  seq BIGINT NOT NULL,
  sha256 TEXT NOT NULL,
  statement TEXT NOT NULL,
  signature TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  -- next, late, gap or fork.
  link TEXT NOT NULL,
  missing BIGINT NOT NULL,
  -- The earliest it may have been made.
  from_at BIGINT,
  -- How far the phone's clock was certainly moved, ms.
  moved_ms BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, key_id, seq, sha256),
  FOREIGN KEY (tenant_id, key_id) REFERENCES device_key (tenant_id, id)
);

-- Records of visits, and what their seal says of them.
CREATE TABLE sealed_record (
  tenant_id UUID NOT NULL,
  -- The record's own id.
  id UUID NOT NULL,
  employee_id UUID NOT NULL,
  visit_id UUID NOT NULL,
  -- NULL: not under a seal.
  key_id UUID,
  seq BIGINT,
  -- sealed; unsigned (a phone without a key); unsealed (the phone has a key, this record no seal); broken (a seal that does not hold); or
  -- altered (other content than was sealed).
  state TEXT NOT NULL,
  from_at BIGINT,
  to_at BIGINT,
  received_at BIGINT NOT NULL,
  -- SHA-256 of the exact text, so that a seal that comes later can be told to be this record's.
  sha256 TEXT,
  -- How the phone stood when it recorded; accepted when it was accepted since.
  key_status TEXT,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX sealed_record_unsealed ON sealed_record (tenant_id, employee_id) WHERE state = 'unsealed';
CREATE INDEX sealed_record_visit ON sealed_record (tenant_id, visit_id);
CREATE INDEX sealed_record_person ON sealed_record (tenant_id, employee_id, received_at);
CREATE INDEX sealed_record_key ON sealed_record (tenant_id, key_id, received_at);

-- When something was made, where the phone's seals bound it closer than word and receipt do.
ALTER TABLE visit ADD COLUMN not_after BIGINT;
ALTER TABLE visit_photo ADD COLUMN not_before BIGINT;
ALTER TABLE visit_photo ADD COLUMN not_after BIGINT;
