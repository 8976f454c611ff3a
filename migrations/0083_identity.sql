-- Whether people confirm at check-in that it is they: none, passkey. And since when the company asks.
ALTER TABLE plan_change_rule ADD COLUMN identity TEXT NOT NULL DEFAULT 'none';
ALTER TABLE plan_change_rule ADD COLUMN identity_since BIGINT;
-- How the confirmation at check-in was judged, as JSON like a proof of a step.
ALTER TABLE visit ADD COLUMN identity TEXT;
