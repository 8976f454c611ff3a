-- Likeness of photos: the same picture is found again re-encoded, scaled, cropped or mirrored.

-- What a photo is compared by. No row: not looked at yet, or too plain to be told from others.
CREATE TABLE photo_print (
  tenant_id UUID NOT NULL,
  photo_id UUID NOT NULL,
  visit_id UUID NOT NULL,
  employee_id UUID NOT NULL,
  -- Brightness of the middle in 24 × 24 cells, colours in 2 × 6 × 6.
  cells BYTEA NOT NULL,
  made_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, photo_id)
);
CREATE INDEX photo_print_person ON photo_print (tenant_id, employee_id);

-- Pieces of the picture's hash: two pictures of one origin share at least one.
CREATE TABLE photo_band (
  tenant_id UUID NOT NULL,
  -- Number of the piece and its bits.
  band BIGINT NOT NULL,
  photo_id UUID NOT NULL,
  PRIMARY KEY (tenant_id, band, photo_id)
);
CREATE INDEX photo_band_photo ON photo_band (tenant_id, photo_id);

-- A photo that looks like one of an earlier visit.
CREATE TABLE photo_pair (
  tenant_id UUID NOT NULL,
  photo_id UUID NOT NULL,
  earlier_id UUID NOT NULL,
  visit_id UUID NOT NULL,
  earlier_visit UUID NOT NULL,
  -- Thousandths.
  likeness BIGINT NOT NULL,
  mirrored BIGINT NOT NULL,
  -- How much of the earlier picture is gone, thousandths.
  cropped BIGINT NOT NULL,
  found_at BIGINT NOT NULL,
  -- 0 until the visit was examined with it.
  examined BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, photo_id, earlier_id)
);
CREATE INDEX photo_pair_visit ON photo_pair (tenant_id, visit_id);
CREATE INDEX photo_pair_new ON photo_pair (tenant_id, examined);
