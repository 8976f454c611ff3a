-- Passkeys of people: keys in their own devices, used after the device has looked who holds it.

CREATE TABLE passkey (
  tenant_id UUID NOT NULL,
  -- Made by the phone.
  id UUID NOT NULL,
  employee_id UUID NOT NULL,
  department_id UUID NOT NULL,
  -- As the authenticator names it, base64url.
  credential_id TEXT NOT NULL,
  public_key TEXT NOT NULL,
  -- Where it was made: it holds there alone.
  rp_id TEXT NOT NULL,
  origin TEXT NOT NULL,
  name TEXT NOT NULL,
  counter BIGINT NOT NULL,
  synced BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  used_at BIGINT,
  withdrawn_at BIGINT,
  withdrawn_by UUID,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id)
);
CREATE UNIQUE INDEX passkey_credential ON passkey (tenant_id, credential_id);
CREATE INDEX passkey_person ON passkey (tenant_id, employee_id, made_at);
