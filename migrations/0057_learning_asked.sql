-- Somebody asked to learn anew from past days, until that is done; and when it last could not be.
ALTER TABLE travel_learned ADD COLUMN asked_at BIGINT;
ALTER TABLE travel_learned ADD COLUMN failed_at BIGINT;
