-- Practice visits: done on a phone with a real template, at a customer that does not exist. Only that they were done is
-- kept, apart from visits: no figure reads this table.
CREATE TABLE practice (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  employee_id UUID NOT NULL,
  department_id UUID NOT NULL,
  template_id UUID NOT NULL,
  steps_version BIGINT NOT NULL,
  -- By the phone's clock, held to what is certain.
  started_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  -- Steps done and skipped, of how many.
  done BIGINT NOT NULL,
  skipped BIGINT NOT NULL,
  total BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, id),
  FOREIGN KEY (tenant_id, template_id) REFERENCES task_template (tenant_id, id)
);
CREATE INDEX practice_new ON practice (tenant_id, ended_at, id);
CREATE INDEX practice_person ON practice (tenant_id, employee_id, ended_at);
