-- What a company's own days taught: medians of stays and ways with their numbers of samples, as JSON.
CREATE TABLE travel_learned (
  tenant_id UUID NOT NULL PRIMARY KEY,
  in_use BIGINT NOT NULL,
  content TEXT NOT NULL,
  learned_at BIGINT,
  version BIGINT NOT NULL
);
