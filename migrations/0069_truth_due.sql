-- Visits whose records came in and that are still to be examined: written with the records, done right after.
CREATE TABLE truth_due (
  tenant_id UUID NOT NULL,
  visit_id UUID NOT NULL,
  device TEXT NOT NULL,
  -- The records carry a word of the server that was handed to the person.
  nonce BIGINT NOT NULL,
  -- Look at positions too.
  track BIGINT NOT NULL,
  -- Another one with every record, never used again, so that what comes in while the visit is examined is not taken for done.
  mark UUID NOT NULL,
  -- When it was asked for, or last could not be examined.
  asked_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, visit_id),
  FOREIGN KEY (tenant_id, visit_id) REFERENCES visit (tenant_id, id)
);
CREATE INDEX truth_due_asked ON truth_due (tenant_id, asked_at);
