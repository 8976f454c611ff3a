-- Companies, people, rights, working time, sign-in, trail.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE tenant (
  tenant_id UUID PRIMARY KEY,
  name TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  goal TEXT NOT NULL,
  demo BIGINT NOT NULL,
  basemap TEXT NOT NULL,
  settings TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);

CREATE TABLE department (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  name TEXT NOT NULL,
  parent_id UUID,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, parent_id) REFERENCES department (tenant_id, id)
);

-- Every department with all above it, itself included (depth 0).
CREATE TABLE department_closure (
  tenant_id UUID NOT NULL,
  ancestor_id UUID NOT NULL,
  descendant_id UUID NOT NULL,
  depth BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, ancestor_id, descendant_id)
);

CREATE TABLE role (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  key TEXT NOT NULL,
  name TEXT NOT NULL,
  permissions TEXT NOT NULL,
  reach TEXT NOT NULL,
  built_in BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, key)
);

CREATE TABLE calendar (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  name TEXT NOT NULL,
  shifts TEXT NOT NULL,
  exceptions TEXT NOT NULL,
  is_default BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE location_policy (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  name TEXT NOT NULL,
  mode TEXT NOT NULL,
  interval_s BIGINT NOT NULL,
  distance_m BIGINT NOT NULL,
  heartbeat_s BIGINT NOT NULL,
  is_default BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE employee (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  name TEXT NOT NULL,
  pinyin TEXT NOT NULL,
  code TEXT,
  phone TEXT,
  department_id UUID NOT NULL,
  post TEXT,
  role_id UUID NOT NULL,
  calendar_id UUID,
  policy_id UUID,
  status TEXT NOT NULL,
  start_lng BIGINT,
  start_lat BIGINT,
  lang TEXT,
  consent_version TEXT,
  consent_at BIGINT,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, id),
  FOREIGN KEY (tenant_id, role_id) REFERENCES role (tenant_id, id),
  FOREIGN KEY (tenant_id, calendar_id) REFERENCES calendar (tenant_id, id),
  FOREIGN KEY (tenant_id, policy_id) REFERENCES location_policy (tenant_id, id)
);
CREATE INDEX employee_department ON employee (tenant_id, department_id);
CREATE UNIQUE INDEX employee_code ON employee (tenant_id, code);

CREATE TABLE department_manager (
  tenant_id UUID NOT NULL,
  department_id UUID NOT NULL,
  employee_id UUID NOT NULL,
  PRIMARY KEY (tenant_id, department_id, employee_id),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id)
);

-- The departments a person's reach covers, worked out whenever the tree, a manager or a person changes.
CREATE TABLE department_reach (
  tenant_id UUID NOT NULL,
  employee_id UUID NOT NULL,
  department_id UUID NOT NULL,
  PRIMARY KEY (tenant_id, employee_id, department_id)
);

-- How a person signs in. Looked up before the company is known.
CREATE TABLE credential (
  login TEXT PRIMARY KEY,
  tenant_id UUID NOT NULL,
  employee_id UUID NOT NULL,
  password_hash TEXT NOT NULL,
  must_change BIGINT NOT NULL,
  totp_secret TEXT,
  totp_pending TEXT,
  totp_last_step BIGINT NOT NULL,
  failures BIGINT NOT NULL,
  locked_until BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX credential_employee ON credential (tenant_id, employee_id);

-- Open sign-ins by the SHA-256 of their token.
CREATE TABLE session (
  token_hash BYTEA PRIMARY KEY,
  id UUID NOT NULL,
  tenant_id UUID NOT NULL,
  employee_id UUID NOT NULL,
  device_name TEXT NOT NULL,
  kind TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX session_employee ON session (tenant_id, employee_id);
CREATE UNIQUE INDEX session_id ON session (id);

-- Who did what. Append-only.
CREATE TABLE audit (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  at BIGINT NOT NULL,
  actor_id UUID NOT NULL,
  job TEXT,
  action TEXT NOT NULL,
  object_kind TEXT NOT NULL,
  object_id UUID NOT NULL,
  changes TEXT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX audit_at ON audit (tenant_id, at);

-- News that must survive, in order; a live stream resumes from here.
CREATE TABLE outbox (
  seq {{serial}},
  tenant_id UUID NOT NULL,
  at BIGINT NOT NULL,
  topic TEXT NOT NULL,
  actor_id UUID NOT NULL,
  employee_id UUID NOT NULL,
  department_id UUID NOT NULL,
  payload TEXT NOT NULL
);
CREATE INDEX outbox_tenant ON outbox (tenant_id, seq);

-- Uploaded sheets between preview and commit.
CREATE TABLE import (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  employee_id UUID NOT NULL,
  kind TEXT NOT NULL,
  filename TEXT NOT NULL,
  columns TEXT NOT NULL,
  rows TEXT NOT NULL,
  mapping TEXT NOT NULL,
  datum TEXT NOT NULL,
  status TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

-- An employee with the names that lists and rules need beside him.
CREATE VIEW person AS
  SELECT e.tenant_id, e.id, e.id AS employee_id, e.name, e.pinyin, e.code, e.phone, e.department_id, d.name AS department_name,
    e.post, e.role_id, r.name AS role_name, r.key AS role_key, r.reach AS role_reach, e.calendar_id, e.policy_id, e.status,
    e.start_lng, e.start_lat, e.version
  FROM employee e
  JOIN department d ON d.tenant_id = e.tenant_id AND d.id = e.department_id
  JOIN role r ON r.tenant_id = e.tenant_id AND r.id = e.role_id;
