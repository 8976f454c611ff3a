//! Customers: archive, contacts, grades, fences, import.
