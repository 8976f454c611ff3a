-- What formulas knew of the task beside its title when the form was filled in: the company's own fields, as JSON.
ALTER TABLE form_record ADD COLUMN task_facts TEXT;
