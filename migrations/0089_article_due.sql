-- The day on which whoever had not read an article was reminded because it was due.
ALTER TABLE article ADD COLUMN told_due BIGINT;
