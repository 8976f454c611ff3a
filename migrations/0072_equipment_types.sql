-- The company's own list of equipment types, with their manuals.
CREATE TABLE equipment_type (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  name TEXT NOT NULL,
  -- Articles, JSON list of ids in order.
  manuals TEXT NOT NULL,
  active BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX equipment_type_name ON equipment_type (tenant_id, name);

ALTER TABLE equipment ADD COLUMN type_id UUID;
CREATE INDEX equipment_of_type ON equipment (tenant_id, type_id);
-- A plan covers one piece, all of a model, or all of a type.
ALTER TABLE maintenance_plan ADD COLUMN equipment_type_id UUID;
