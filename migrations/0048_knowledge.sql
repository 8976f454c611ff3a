-- What a company knows: articles in versions, for whom, who has read them, and the index they are found by.

-- Two levels: a category without a parent, and those in it.
CREATE TABLE article_category (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  parent_id UUID,
  name TEXT NOT NULL,
  place BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, parent_id) REFERENCES article_category (tenant_id, id)
);

CREATE TABLE article (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  -- Who wrote it first, and his department: those whose reach covers them may change it.
  employee_id UUID NOT NULL,
  department_id UUID NOT NULL,
  category_id UUID,
  -- The draft; tags as JSON.
  title TEXT NOT NULL,
  tags TEXT NOT NULL,
  body TEXT NOT NULL,
  draft_sha256 TEXT NOT NULL,
  published BIGINT,
  published_sha256 TEXT,
  -- The oldest version whose reading counts; NULL: nobody must read it.
  required BIGINT,
  due_day BIGINT,
  -- 1: whatever the department, whatever the role.
  any_department BIGINT NOT NULL,
  any_role BIGINT NOT NULL,
  retired BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  changed_by UUID NOT NULL,
  changed_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, category_id) REFERENCES article_category (tenant_id, id),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, id),
  FOREIGN KEY (tenant_id, changed_by) REFERENCES employee (tenant_id, id)
);
CREATE INDEX article_changed ON article (tenant_id, changed_at, id);
CREATE INDEX article_required ON article (tenant_id, required);
CREATE INDEX article_in_category ON article (tenant_id, category_id);

-- What was published. Never changed.
CREATE TABLE article_version (
  tenant_id UUID NOT NULL,
  article_id UUID NOT NULL,
  number BIGINT NOT NULL,
  title TEXT NOT NULL,
  tags TEXT NOT NULL,
  body TEXT NOT NULL,
  note TEXT,
  published_by UUID NOT NULL,
  published_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, article_id, number),
  FOREIGN KEY (tenant_id, article_id) REFERENCES article (tenant_id, id),
  FOREIGN KEY (tenant_id, published_by) REFERENCES employee (tenant_id, id)
);

-- Whose departments, with all below them.
CREATE TABLE article_department (
  tenant_id UUID NOT NULL,
  article_id UUID NOT NULL,
  department_id UUID NOT NULL,
  PRIMARY KEY (tenant_id, article_id, department_id),
  FOREIGN KEY (tenant_id, article_id) REFERENCES article (tenant_id, id),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, id)
);

CREATE TABLE article_role (
  tenant_id UUID NOT NULL,
  article_id UUID NOT NULL,
  role_key TEXT NOT NULL,
  PRIMARY KEY (tenant_id, article_id, role_key),
  FOREIGN KEY (tenant_id, article_id) REFERENCES article (tenant_id, id)
);

-- Pairs of characters and beginnings of words, with what they weigh in the article.
CREATE TABLE article_term (
  tenant_id UUID NOT NULL,
  term TEXT NOT NULL,
  article_id UUID NOT NULL,
  weight BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, term, article_id),
  FOREIGN KEY (tenant_id, article_id) REFERENCES article (tenant_id, id)
);
CREATE INDEX article_term_article ON article_term (tenant_id, article_id);

-- Pictures and files named by a text as `file:<id>`.
CREATE TABLE article_file (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  article_id UUID NOT NULL,
  name TEXT NOT NULL,
  mime TEXT NOT NULL,
  size BIGINT NOT NULL,
  -- Of the bytes as they are kept.
  sha256 TEXT NOT NULL,
  -- Of the bytes as they were sent: the same file sent twice is one.
  sent_sha256 TEXT NOT NULL,
  width BIGINT,
  height BIGINT,
  created_by UUID NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, article_id) REFERENCES article (tenant_id, id),
  FOREIGN KEY (tenant_id, created_by) REFERENCES employee (tenant_id, id)
);
CREATE INDEX article_file_article ON article_file (tenant_id, article_id);

-- Who has read which version, and when, by the reader's clock held to what is certain.
CREATE TABLE article_receipt (
  tenant_id UUID NOT NULL,
  article_id UUID NOT NULL,
  employee_id UUID NOT NULL,
  number BIGINT NOT NULL,
  opened_at BIGINT NOT NULL,
  read_at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, article_id, employee_id, number),
  FOREIGN KEY (tenant_id, article_id, number) REFERENCES article_version (tenant_id, article_id, number),
  FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id)
);
CREATE INDEX article_receipt_person ON article_receipt (tenant_id, employee_id);

-- When the guide of a step was opened.
ALTER TABLE visit_step ADD COLUMN guide_opened_at BIGINT;
