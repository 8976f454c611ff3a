//! Work orders.

mod assign;
mod checks;
mod desk;
mod http;
mod model;
mod moves;
pub mod phone;
pub(crate) mod photos;
pub mod rules;
pub(crate) mod sql;
mod take;

pub(crate) use assign::{expire, give_back, hand_on};
pub(crate) use desk::{rated, tell_late};
pub(crate) use http::routes;
pub(crate) use model::OrderEvent;
pub use model::{FieldOrder, WorkOrder};
pub(crate) use moves::announce;
pub use rules::OrderStatus;
pub(crate) use take::{NewWorkOrder, Source, take};
