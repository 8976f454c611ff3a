//! Who must read an article, who has, and telling the others.

mod due;
mod export;
mod http;
mod sql;
mod tell;

pub use due::{Reminders, settle};
pub(crate) use http::routes;
pub(crate) use sql::counts;
pub use sql::erase;
pub(crate) use tell::{Telling, tell};
