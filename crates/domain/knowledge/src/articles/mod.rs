//! Articles as they are written, published and retired.

mod http;
mod service;
pub(crate) mod sql;

pub(crate) use http::routes;
pub(crate) use service::tags_of;
