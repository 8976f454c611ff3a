-- People a requester chose for a record before it was handed in. Taken into the case with it.
CREATE TABLE approval_choice (
  tenant_id UUID NOT NULL,
  record_id UUID NOT NULL,
  -- Who chose.
  employee_id UUID NOT NULL,
  -- By step, as JSON.
  chosen TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, record_id, employee_id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id)
);
