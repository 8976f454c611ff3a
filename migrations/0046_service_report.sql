-- What the customer signed: fixed when it was, with the bytes of the document and what he thought of it.
CREATE TABLE service_report (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  order_id UUID NOT NULL,
  -- The report as JSON: the document is made of nothing else.
  content TEXT NOT NULL,
  content_sha256 TEXT NOT NULL,
  signer TEXT,
  signed_at BIGINT NOT NULL,
  -- NULL until the document has been made.
  pdf_sha256 TEXT,
  pdf_size BIGINT,
  stars BIGINT,
  words TEXT,
  rated_at BIGINT,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, order_id) REFERENCES work_order (tenant_id, id)
);
CREATE UNIQUE INDEX service_report_order ON service_report (tenant_id, order_id);
CREATE INDEX service_report_unmade ON service_report (tenant_id, id) WHERE pdf_sha256 IS NULL;
