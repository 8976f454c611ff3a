-- Names in the order of a Chinese dictionary: pinyin, tone, character. Letters and digits only, so that any collation of
-- either engine orders them alike. The program fills it for rows of before when it starts.
ALTER TABLE customer ADD COLUMN sort_key TEXT NOT NULL DEFAULT '';
CREATE INDEX customer_sorted ON customer (tenant_id, sort_key, id);
