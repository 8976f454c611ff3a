-- A picture with a punch, where the rule asks for one.
ALTER TABLE punch_rule ADD COLUMN photo BIGINT NOT NULL DEFAULT 0;
ALTER TABLE punch ADD COLUMN photo_id UUID;
