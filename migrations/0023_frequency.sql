-- How often customers are visited. The first active rule that fits a customer is his.
CREATE TABLE frequency_rule (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  name TEXT NOT NULL,
  -- Among rules the lower place goes first.
  place BIGINT NOT NULL,
  -- What it asks for and of whom, as JSON.
  terms TEXT NOT NULL,
  template_id UUID,
  active BIGINT NOT NULL,
  -- The day from which it holds: of a month that had begun before, its share is due.
  since BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, template_id) REFERENCES task_template (tenant_id, id)
);

-- Whose calendar a secret address shows, by the SHA-256 of the secret. Looked up before the company is known.
CREATE TABLE calendar_key (
  secret_hash BYTEA PRIMARY KEY,
  tenant_id UUID NOT NULL,
  employee_id UUID NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX calendar_key_person ON calendar_key (tenant_id, employee_id);
