-- A picture with a punch, where the rule asks for one.
ALTER TABLE punch_rule ADD COLUMN photo BIGINT NOT NULL DEFAULT 0;
ALTER TABLE punch ADD COLUMN photo_id UUID;
-- A picture nobody may have: its punch was made outside working time. It is refused when it comes.
ALTER TABLE punch ADD COLUMN dropped_photo_id UUID;
CREATE INDEX punch_dropped ON punch (tenant_id, dropped_photo_id) WHERE dropped_photo_id IS NOT NULL;
CREATE INDEX punch_dropped_received ON punch (tenant_id, received_at) WHERE dropped_photo_id IS NOT NULL;
