//! Pictures and files of articles: what kind they are by their bytes, kept without what a camera wrote into them.

mod http;
mod serve;
mod sniff;
pub(crate) mod sql;

pub(crate) use http::routes;
pub(crate) use serve::answer;
pub(crate) use sql::of_article;

/// Kind of the stored object.
pub(crate) const STORED: &str = "article";
