-- One piece of work for several people: each has a task of his own, and these share a crew, which bears the id of the first of
-- them. NULL: it is one person's.
ALTER TABLE task ADD COLUMN crew_id UUID;
CREATE INDEX task_crew ON task (tenant_id, crew_id) WHERE crew_id IS NOT NULL;
