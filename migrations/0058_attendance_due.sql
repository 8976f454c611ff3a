-- From which day on people have to punch; NULL: nobody has to.
ALTER TABLE punch_rule ADD COLUMN must_from BIGINT;
-- When somebody left the company: his months before that are still his.
ALTER TABLE employee ADD COLUMN left_at BIGINT;
