-- The company's append-only log (docs/proof.md). Rows are only ever added. To erase what a row says about a person its
-- salt and record become NULL; leaf and hash stay, so that the tree stays whole.

-- Number of entries; its row is locked last in a transaction, which puts entries in the order of their commits.
CREATE TABLE log_head (
  tenant_id UUID NOT NULL,
  size BIGINT NOT NULL,
  PRIMARY KEY (tenant_id)
);

CREATE TABLE log_entry (
  tenant_id UUID NOT NULL,
  idx BIGINT NOT NULL,
  at BIGINT NOT NULL,
  kind TEXT NOT NULL,
  -- What it belongs to: a visit, or the thing that was changed.
  subject_id UUID NOT NULL,
  -- Whose it is; nil when nobody's.
  employee_id UUID NOT NULL,
  department_id UUID NOT NULL,
  leaf TEXT NOT NULL,
  leaf_hash BYTEA NOT NULL,
  salt BYTEA,
  record TEXT,
  PRIMARY KEY (tenant_id, idx)
);
CREATE INDEX log_entry_subject ON log_entry (tenant_id, subject_id, idx);
CREATE INDEX log_entry_person ON log_entry (tenant_id, employee_id, idx);

CREATE TABLE log_key (
  tenant_id UUID NOT NULL,
  seed BYTEA NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id)
);

-- Signed sizes and roots, as they were handed out.
CREATE TABLE log_checkpoint (
  tenant_id UUID NOT NULL,
  size BIGINT NOT NULL,
  at BIGINT NOT NULL,
  -- daily, asked or export
  reason TEXT NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (tenant_id, size)
);
