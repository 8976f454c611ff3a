-- How many days positions are kept; NULL: until somebody decides. Positions of days before purged_before are gone.
ALTER TABLE tenant ADD COLUMN keep_days BIGINT;
ALTER TABLE tenant ADD COLUMN purged_before BIGINT;
