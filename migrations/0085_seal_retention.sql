-- Seals go when nothing that they seal is kept and positions of their time are gone.

-- Up to when the seals of a company have been looked through.
CREATE TABLE seal_retention (
  tenant_id UUID PRIMARY KEY,
  purged_to BIGINT NOT NULL
);
CREATE INDEX device_seal_received ON device_seal (tenant_id, received_at);

-- The records of a seal as well as those of a key.
DROP INDEX sealed_record_key;
CREATE INDEX sealed_record_seal ON sealed_record (tenant_id, key_id, seq);
