//! Flows: drawn, checked, published, put to use.

mod difference;
mod foresee;
mod http;
mod model;
mod sql;
mod store;

pub(crate) use http::routes;
pub(crate) use store::{by_the_head, in_force, of_case, told};
