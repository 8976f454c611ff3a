-- Items that are checked: what a record's items bring together, and each that failed with what was opened for it.

-- Weights of the items that passed, of those that passed or failed, and how many failed; NULL where the form has no items.
ALTER TABLE form_record ADD COLUMN passed DOUBLE PRECISION;
ALTER TABLE form_record ADD COLUMN applicable DOUBLE PRECISION;
ALTER TABLE form_record ADD COLUMN failed BIGINT;

-- One row for an item of a record that failed once. `employee_id` is whose record it is.
CREATE TABLE form_failure (
  tenant_id UUID NOT NULL,
  record_id UUID NOT NULL,
  -- Key of the item.
  field TEXT NOT NULL,
  employee_id UUID NOT NULL,
  department_id UUID NOT NULL,
  customer_id UUID,
  form_id UUID NOT NULL,
  day BIGINT NOT NULL,
  -- What the item is called in the version it was filled in with, as JSON by language.
  label TEXT NOT NULL,
  remark TEXT,
  value DOUBLE PRECISION,
  -- 0 when the record was corrected and the item does not fail any more.
  stands BIGINT NOT NULL,
  -- What was opened, once: `task` with its id; NULL where no rule says so, or nobody could be found to do it.
  opened TEXT,
  opened_id UUID,
  PRIMARY KEY (tenant_id, record_id, field),
  FOREIGN KEY (tenant_id, record_id) REFERENCES form_record (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id)
);
CREATE INDEX form_failure_day ON form_failure (tenant_id, day, record_id);
CREATE INDEX form_failure_customer ON form_failure (tenant_id, customer_id, day);
CREATE INDEX form_failure_opened ON form_failure (tenant_id, opened_id);
CREATE INDEX form_record_checked ON form_record (tenant_id, customer_id, day) WHERE applicable IS NOT NULL;
