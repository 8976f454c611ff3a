-- Where a company's travel times come from. No row: the straight line.
CREATE TABLE travel_setting (
  tenant_id UUID NOT NULL PRIMARY KEY,
  provider TEXT NOT NULL,
  profile TEXT NOT NULL,
  detour_permille BIGINT NOT NULL,
  speed_kmh BIGINT NOT NULL,
  -- The company's own key at the provider; never handed out.
  secret TEXT,
  daily_quota BIGINT NOT NULL,
  changed_by UUID NOT NULL,
  changed_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);

-- What was used of a provider's daily allowance.
CREATE TABLE travel_usage (
  tenant_id UUID NOT NULL,
  provider TEXT NOT NULL,
  day BIGINT NOT NULL,
  used BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, provider, day)
);
