//! What a person changes of his own day: the order of the open stops, or a visit he leaves out.
//!
//! Nouns: Rule (what the company lets people do: freely, with approval, not at all), PlanChange (what was wished, why, and
//! what became of it), Ways (travel between the stops of a day, asked before any transaction; the phone has the same).
//!
//! Invariants
//! * A person changes his own plan, of today, until his working day ends. What is done or has begun keeps its place, and
//!   locked stops keep their order among each other.
//! * A change is a record of the phone with an id of its own: taken once, and written in the transaction that applies it.
//! * A wish names every open stop. Where somebody else has added or taken out stops meanwhile it is refused, and nothing
//!   of the day is changed; what was begun since drops out of it.
//! * With approval the day stays as it is until a case of the kind `plan_change` is approved. Then the wish is applied if
//!   it still fits, by the same rule; if not, the change and its case say why.

mod approval;
mod http;
mod model;
mod rules;
mod service;
mod sql;
mod ways;

pub use approval::PlanChangeSubjects;
pub(crate) use http::routes;
pub use model::{DayView, IdentityRule, Leave, PlanChange, Reorder, Rule, Skip, StopView};
pub use service::{erase, reorder, rule, skip};
pub(crate) use service::{identity_since, of_day, of_plan};
pub use ways::{Prepared, Ways, prepare, ways};
