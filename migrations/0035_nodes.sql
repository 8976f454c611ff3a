-- Server processes on this store, and which of them does the work that is done once for a company. Only used where
-- several can serve one store. Small tables, the same for all companies; read before any company is known.

CREATE TABLE node (
  id UUID PRIMARY KEY,
  seen_at BIGINT NOT NULL
);

-- Holds as long as its node is seen.
CREATE TABLE turn (
  tenant_id UUID PRIMARY KEY,
  holder UUID NOT NULL
);
