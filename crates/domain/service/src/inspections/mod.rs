//! Inspection rounds: points and equipment looked at in order, each in its time.
//!
//! A round is made of tasks of its person's day, one for each customer on the way, and its points are their steps: the
//! phone's lock of steps keeps the order, works without a network, and brings everything exactly once. What a point
//! came to is read from the visits, never kept twice.

mod follow;
mod http;
mod left;
mod make;
mod model;
mod plans;
mod report;
mod rounds;
pub(crate) mod rules;
mod sql;

pub(crate) use http::routes;
pub(crate) use make::make_due;
pub(crate) use model::*;
pub(crate) use report::{erase, settle};
