-- The location policy of a post: it holds for everybody of that post who has none of his own.
CREATE TABLE policy_post (
  tenant_id UUID NOT NULL,
  post TEXT NOT NULL,
  policy_id UUID NOT NULL,
  PRIMARY KEY (tenant_id, post),
  FOREIGN KEY (tenant_id, policy_id) REFERENCES location_policy (tenant_id, id)
);
