-- What a visit asks of whoever makes it (JSON list), and when a locked one was promised to its customer.
ALTER TABLE task ADD COLUMN skills TEXT NOT NULL DEFAULT '[]';
ALTER TABLE task ADD COLUMN promised_at BIGINT;
