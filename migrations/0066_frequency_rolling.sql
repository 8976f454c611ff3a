-- Visits by frequency rules that are planned some weeks ahead by themselves, once a day.

-- A company without a row plans when somebody asks for it; the first rule of a company makes one.
CREATE TABLE frequency_rolling (
  tenant_id UUID NOT NULL,
  -- Whole weeks after the present one; 0: off.
  weeks BIGINT NOT NULL,
  -- 1: visits that fell through are planned anew in the same run.
  again BIGINT NOT NULL,
  changed_by UUID NOT NULL,
  changed_at BIGINT NOT NULL,
  -- The company's day of the last run, when it ended, and what it came to, in numbers (JSON).
  ran_day BIGINT,
  ran_at BIGINT,
  outcome TEXT,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id),
  FOREIGN KEY (tenant_id, changed_by) REFERENCES employee (tenant_id, id)
);
