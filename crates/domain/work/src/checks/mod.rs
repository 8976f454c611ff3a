//! What failed checks open, and what checked items say over time.
//!
//! Nouns: Follow-up (the task a failed item opens), Score (weights passed of those that applied, by customer or department).
//!
//! Invariants
//! * A follow-up is opened in the transaction of the record, once for each item of it, whatever becomes of the record.
//! * Somebody who works here gets it: whom the rule names, else whoever filled the form in.

mod follow;
mod http;
mod sql;

pub use http::CheckLast;
pub(crate) use http::routes;
pub use sql::last_of;
