//! Tasks, plans and visits.
