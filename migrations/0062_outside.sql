-- A check-in from outside the fence says why: one of the usual reasons, and words.
ALTER TABLE visit ADD COLUMN outside_code TEXT;
ALTER TABLE visit ADD COLUMN outside_words TEXT;
-- reason, no: whether people may check in from outside at all.
ALTER TABLE plan_change_rule ADD COLUMN outside TEXT NOT NULL DEFAULT 'reason';
