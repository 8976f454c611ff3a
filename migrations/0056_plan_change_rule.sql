-- The rule of changes is changed by whoever saw it as it is.
ALTER TABLE plan_change_rule ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
