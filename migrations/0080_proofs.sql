-- What a step asks for beside its answer: recordings of sound, the customer's own code, how each proof was judged.

-- A recording as the phone told of it; its bytes come as an upload, like those of a photo.
CREATE TABLE visit_audio (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  visit_id UUID NOT NULL,
  step_id UUID NOT NULL,
  employee_id UUID NOT NULL,
  department_id UUID NOT NULL,
  sha256 TEXT NOT NULL,
  size BIGINT NOT NULL,
  mime TEXT NOT NULL,
  -- Sound in it, without pauses.
  duration_ms BIGINT NOT NULL,
  started_at BIGINT NOT NULL,
  noted_at BIGINT NOT NULL,
  stored_at BIGINT,
  -- When it was made, as the phone's seals bound it.
  not_before BIGINT,
  not_after BIGINT,
  erased_at BIGINT,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, visit_id) REFERENCES visit (tenant_id, id)
);
CREATE INDEX visit_audio_visit ON visit_audio (tenant_id, visit_id, step_id);

-- What a picture of a step is: photo, signature or group_photo.
ALTER TABLE visit_photo ADD COLUMN purpose TEXT;
-- How each proof the step asks for was judged, as JSON.
ALTER TABLE visit_step ADD COLUMN proofs TEXT;

-- The secret behind the code at a customer. Withdrawn ones stay: records made before may still come.
CREATE TABLE site_code (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  customer_id UUID NOT NULL,
  -- rotating (a screen at the customer) or printed (a sheet or a tag).
  kind TEXT NOT NULL,
  secret TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  made_by UUID NOT NULL,
  withdrawn_at BIGINT,
  withdrawn_by UUID,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id)
);
CREATE INDEX site_code_customer ON site_code (tenant_id, customer_id, kind);

-- Which turn of a rotating code a step was proved with: the same turn twice is seen.
CREATE TABLE code_use (
  tenant_id UUID NOT NULL,
  visit_id UUID NOT NULL,
  step_id UUID NOT NULL,
  employee_id UUID NOT NULL,
  code_id UUID NOT NULL,
  -- Number of the 30 seconds since 1970.
  turn BIGINT NOT NULL,
  noted_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, visit_id, step_id),
  FOREIGN KEY (tenant_id, visit_id) REFERENCES visit (tenant_id, id)
);
CREATE INDEX code_use_turn ON code_use (tenant_id, code_id, turn);
