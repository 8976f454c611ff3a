-- Templates, plans, tasks, visits. `employee_id` and `department_id` are the owner and the owner's department
-- when the row was made; they decide who may see it.

CREATE TABLE task_template (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  min_stay_s BIGINT,
  active BIGINT NOT NULL,
  steps_version BIGINT NOT NULL,
  content_sha256 TEXT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

-- Every version of a template's steps stays, so that an old visit can be read by the rules of its day.
CREATE TABLE template_steps (
  tenant_id UUID NOT NULL,
  template_id UUID NOT NULL,
  steps_version BIGINT NOT NULL,
  steps TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, template_id, steps_version),
  FOREIGN KEY (tenant_id, template_id) REFERENCES task_template (tenant_id, id)
);

CREATE TABLE plan (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  employee_id UUID NOT NULL,
  department_id UUID NOT NULL,
  day BIGINT NOT NULL,
  from_minute BIGINT NOT NULL,
  to_minute BIGINT NOT NULL,
  template_id UUID,
  steps_version BIGINT,
  steps TEXT NOT NULL,
  min_stay_s BIGINT,
  title TEXT NOT NULL,
  objective TEXT NOT NULL,
  keep_order BIGINT NOT NULL,
  note TEXT,
  status TEXT NOT NULL,
  route TEXT NOT NULL,
  delivered_at BIGINT,
  read_at BIGINT,
  content_sha256 TEXT NOT NULL,
  created_by UUID NOT NULL,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, id),
  FOREIGN KEY (tenant_id, template_id) REFERENCES task_template (tenant_id, id)
);
-- A person has one plan a day.
CREATE UNIQUE INDEX plan_person_day ON plan (tenant_id, employee_id, day) WHERE status = 'planned';
CREATE INDEX plan_day ON plan (tenant_id, day, id);

CREATE TABLE task (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  plan_id UUID,
  employee_id UUID NOT NULL,
  department_id UUID NOT NULL,
  customer_id UUID NOT NULL,
  template_id UUID,
  day BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  from_minute BIGINT NOT NULL,
  to_minute BIGINT NOT NULL,
  -- End of the window as an instant: an open task is overdue after it.
  due_at BIGINT NOT NULL,
  title TEXT NOT NULL,
  note TEXT,
  steps TEXT NOT NULL,
  min_stay_s BIGINT NOT NULL,
  status TEXT NOT NULL,
  eta BIGINT,
  visit_id UUID,
  reason TEXT,
  content_sha256 TEXT NOT NULL,
  created_by UUID NOT NULL,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, plan_id) REFERENCES plan (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, id),
  FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id),
  FOREIGN KEY (tenant_id, template_id) REFERENCES task_template (tenant_id, id)
);
CREATE INDEX task_plan ON task (tenant_id, plan_id);
CREATE INDEX task_person_day ON task (tenant_id, employee_id, day);
CREATE INDEX task_day ON task (tenant_id, day, employee_id, seq, id);
CREATE INDEX task_customer ON task (tenant_id, customer_id, day);

CREATE TABLE visit (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  employee_id UUID NOT NULL,
  department_id UUID NOT NULL,
  customer_id UUID NOT NULL,
  task_id UUID,
  day BIGINT NOT NULL,
  status TEXT NOT NULL,
  check_in_at BIGINT NOT NULL,
  check_out_at BIGINT,
  -- The same by the phone's own clock, to order what one phone recorded.
  check_in_device_at BIGINT NOT NULL,
  check_out_device_at BIGINT,
  -- The check-in happened between these two, whatever the phone's clock says.
  not_before BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  offline BIGINT NOT NULL,
  customer_lng BIGINT,
  customer_lat BIGINT,
  in_verdict TEXT NOT NULL,
  in_probability DOUBLE PRECISION NOT NULL,
  in_distance_m BIGINT,
  in_radius_m BIGINT NOT NULL,
  in_accuracy_m BIGINT,
  in_lng BIGINT,
  in_lat BIGINT,
  in_fix_at BIGINT,
  out_verdict TEXT,
  out_probability DOUBLE PRECISION,
  out_distance_m BIGINT,
  out_radius_m BIGINT,
  out_accuracy_m BIGINT,
  out_lng BIGINT,
  out_lat BIGINT,
  out_fix_at BIGINT,
  min_stay_s BIGINT NOT NULL,
  stay_s BIGINT,
  -- Seconds inside the fence by the track; NULL while no track says anything.
  presence_s BIGINT,
  steps TEXT NOT NULL,
  steps_done BIGINT NOT NULL,
  steps_total BIGINT NOT NULL,
  photo_count BIGINT NOT NULL,
  summary TEXT,
  effective BIGINT,
  ineffective_reasons TEXT NOT NULL,
  content_sha256 TEXT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, id),
  FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id),
  FOREIGN KEY (tenant_id, task_id) REFERENCES task (tenant_id, id)
);
CREATE INDEX visit_time ON visit (tenant_id, check_in_at, id);
CREATE INDEX visit_person ON visit (tenant_id, employee_id, check_in_at);
CREATE INDEX visit_day ON visit (tenant_id, day, employee_id);
CREATE INDEX visit_customer ON visit (tenant_id, customer_id, check_in_at);
CREATE INDEX visit_department ON visit (tenant_id, department_id, check_in_at);

CREATE TABLE visit_step (
  tenant_id UUID NOT NULL,
  visit_id UUID NOT NULL,
  step_id UUID NOT NULL,
  status TEXT NOT NULL,
  value TEXT NOT NULL,
  reason TEXT,
  started_at BIGINT,
  ended_at BIGINT NOT NULL,
  device_at BIGINT NOT NULL,
  lng BIGINT,
  lat BIGINT,
  PRIMARY KEY (tenant_id, visit_id, step_id),
  FOREIGN KEY (tenant_id, visit_id) REFERENCES visit (tenant_id, id)
);

-- What a phone said about a photo. The bytes come by another way, before or after.
CREATE TABLE visit_photo (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  visit_id UUID NOT NULL,
  step_id UUID NOT NULL,
  employee_id UUID NOT NULL,
  department_id UUID NOT NULL,
  sha256 TEXT NOT NULL,
  size BIGINT NOT NULL,
  mime TEXT NOT NULL,
  width BIGINT NOT NULL,
  height BIGINT NOT NULL,
  taken_at BIGINT NOT NULL,
  lng BIGINT,
  lat BIGINT,
  accuracy_m BIGINT,
  live BIGINT NOT NULL,
  noted_at BIGINT NOT NULL,
  stored_at BIGINT,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, visit_id) REFERENCES visit (tenant_id, id)
);
CREATE INDEX visit_photo_visit ON visit_photo (tenant_id, visit_id, step_id);
