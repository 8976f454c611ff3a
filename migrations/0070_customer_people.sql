-- Whom a customer is visited by besides his owner, and by whom never, as JSON: {"preferred_id": …, "barred_ids": […]}. NULL: nothing said.
ALTER TABLE customer ADD COLUMN whom TEXT;
