-- When a customer can be visited, as text: `1-5 09:00-12:00,13:30-18:00; 6 10:00-16:00; closed 2026-02-17`. NULL: always.
ALTER TABLE customer ADD COLUMN opening_hours TEXT;
