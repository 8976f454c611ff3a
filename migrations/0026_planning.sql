-- How long a visit is expected to last, seconds, where whoever asked for it said so; otherwise what is usual.
ALTER TABLE task ADD COLUMN service_s BIGINT;

-- What a list says of a territory division (0036), so that it need not read all it holds. One that is older has none.
CREATE TABLE territory_division_summary (
  tenant_id UUID NOT NULL,
  division_id UUID NOT NULL,
  -- work or territories.
  asked_by TEXT NOT NULL,
  people BIGINT NOT NULL,
  customers BIGINT NOT NULL,
  moves BIGINT NOT NULL,
  deviation_permille BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, division_id)
);
