-- Reminders of punches that were sent, once a person, day and kind (`in` or `out`; `late` is the list a head gets).
CREATE TABLE punch_reminder (
  tenant_id UUID NOT NULL,
  employee_id UUID NOT NULL,
  day BIGINT NOT NULL,
  kind TEXT NOT NULL,
  sent_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, employee_id, day, kind),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id)
);

-- People who want no reminders of their own punches.
CREATE TABLE punch_silence (
  tenant_id UUID NOT NULL,
  employee_id UUID NOT NULL,
  since BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, employee_id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id)
);
