-- Checking in from outside the fence, by class of customers: reason, photo, no; absent: as the company says.
ALTER TABLE customer_class ADD COLUMN outside TEXT;
