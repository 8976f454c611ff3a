-- Pictures a customer sends with a fault, and who was told of what.

-- Nobody with a sign-in sent it; it opens with its order alone.
CREATE TABLE order_photo (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  order_id UUID NOT NULL,
  sha256 TEXT NOT NULL,
  -- Of what was sent, before it lost what its camera wrote into it.
  sent_sha256 TEXT NOT NULL,
  mime TEXT NOT NULL,
  size BIGINT NOT NULL,
  width BIGINT NOT NULL,
  height BIGINT NOT NULL,
  stored_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, order_id) REFERENCES work_order (tenant_id, id)
);
CREATE INDEX order_photo_order ON order_photo (tenant_id, order_id, stored_at);

-- Somebody was told that work on site began too late; `told_late` is of the finish. Of orders that are known, what was told
-- was told of both.
ALTER TABLE work_order ADD COLUMN told_response BIGINT NOT NULL DEFAULT 0;
-- only postgres
ALTER TABLE work_order NO FORCE ROW LEVEL SECURITY;
-- end
UPDATE work_order SET told_response = told_late;

-- People of the plan who have left, when its keepers were told of them last.
ALTER TABLE inspection_plan ADD COLUMN told_left TEXT;
