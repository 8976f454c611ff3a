//! Photos whose bytes and record are both here.

mod erase;
mod http;
mod service;
pub(crate) mod sql;

pub use erase::{delete_files, erase};
pub(crate) use http::routes;
pub(crate) use service::{check_record, link, stamp_of};

/// Kinds of stored copies.
pub(crate) const STAMPED: &str = "stamped";
pub(crate) const THUMB: &str = "thumb";
