-- Fields a company adds to nouns of ours. The fields are a form with the purpose 'standard' whose key is the noun.

-- Answers of one customer, person, …, whose id `record_id` is.
CREATE TABLE custom_record (
  tenant_id UUID NOT NULL,
  -- customer or employee: whoever makes one chooses its id, so the same may stand for one of each.
  noun TEXT NOT NULL,
  record_id UUID NOT NULL,
  -- By field key, as JSON; also those to fields that were withdrawn.
  answers TEXT NOT NULL,
  -- Text that searching looks through, in lower case.
  words TEXT NOT NULL,
  PRIMARY KEY (tenant_id, noun, record_id)
);

-- The same one by one, for filters.
CREATE TABLE custom_value (
  tenant_id UUID NOT NULL,
  noun TEXT NOT NULL,
  record_id UUID NOT NULL,
  field TEXT NOT NULL,
  -- Counts the values of a field that has several.
  place BIGINT NOT NULL,
  -- Of a number: absent.
  text TEXT,
  number DOUBLE PRECISION,
  PRIMARY KEY (tenant_id, noun, record_id, field, place),
  FOREIGN KEY (tenant_id, noun, record_id) REFERENCES custom_record (tenant_id, noun, record_id)
);
CREATE INDEX custom_value_field ON custom_value (tenant_id, noun, field, record_id);
