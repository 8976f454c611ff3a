-- Photos that were used before.

-- What a picture looks like, to find it again when it was scaled, saved anew, mirrored or cut.
CREATE TABLE photo_print (
  tenant_id UUID NOT NULL,
  photo_id UUID NOT NULL,
  visit_id UUID NOT NULL,
  at BIGINT NOT NULL,
  prints BYTEA NOT NULL,
  PRIMARY KEY (tenant_id, photo_id),
  FOREIGN KEY (tenant_id, photo_id) REFERENCES photo (tenant_id, id)
);
CREATE INDEX photo_print_newest ON photo_print (tenant_id, at);

CREATE TABLE photo_match (
  tenant_id UUID NOT NULL,
  photo_id UUID NOT NULL,
  other_id UUID NOT NULL,
  -- same_file, same, mirrored or cut
  how TEXT NOT NULL,
  -- Share of differing places in per mille.
  difference BIGINT NOT NULL,
  found_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, photo_id, other_id),
  FOREIGN KEY (tenant_id, photo_id) REFERENCES photo (tenant_id, id),
  FOREIGN KEY (tenant_id, other_id) REFERENCES photo (tenant_id, id)
);
