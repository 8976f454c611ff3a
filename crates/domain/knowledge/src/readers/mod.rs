//! Who must read an article, who has, and telling the others.

mod export;
mod http;
mod sql;
mod tell;

pub(crate) use http::routes;
pub(crate) use sql::counts;
pub use sql::erase;
pub(crate) use tell::{Telling, tell};
