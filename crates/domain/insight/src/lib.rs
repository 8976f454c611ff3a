//! Day facts and reports.
