-- Visits whose time is nearly over or has passed: when people are told, and of what they have been told.

-- A company without a row has the usual rule.
CREATE TABLE task_reminder_rule (
  tenant_id UUID NOT NULL,
  -- Minutes before a window closes; 0: nobody is reminded.
  soon_minutes BIGINT NOT NULL,
  -- 1: whoever planned it hears that it was not begun in time.
  overdue BIGINT NOT NULL,
  changed_by UUID NOT NULL,
  changed_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id),
  FOREIGN KEY (tenant_id, changed_by) REFERENCES employee (tenant_id, id)
);

CREATE TABLE task_reminder (
  tenant_id UUID NOT NULL,
  task_id UUID NOT NULL,
  -- soon or overdue
  kind TEXT NOT NULL,
  -- End of the window that was meant: another window is another reminder.
  due_at BIGINT NOT NULL,
  told_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, task_id, kind, due_at),
  FOREIGN KEY (tenant_id, task_id) REFERENCES task (tenant_id, id)
);
