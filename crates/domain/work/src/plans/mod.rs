//! Plans: a person's tasks of one day, in order, with the way from stop to stop. A person has one plan a day;
//! a task that is added later joins it and the open rest is ordered anew.

mod arrange;
mod change;
mod http;
mod make;
mod service;
pub(crate) mod sql;
mod squeeze;

pub(crate) use arrange::{Day, Stop, USUAL_VISIT_S, actor_name, arrange, km};
pub(crate) use change::change;
pub(crate) use http::{LockedVisits, NewPlan, PatchPlan, routes};
pub(crate) use make::create;
pub(crate) use service::{ATTEMPTS, cancel, emit, link, of_person, planned, told, turns, visitable, worker};
pub use service::{any_undelivered, delivered, mark_read};
pub use sql::kept_orders;
pub(crate) use sql::{PlanRow, set_route};
pub use squeeze::{Squeeze, Squeezed, squeeze};

use base::{LocalDay, Micros};
use org::Ref;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Route, Task, changes::PlanChange, model::Window};

/// A plan.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Plan {
    pub id: Uuid,
    pub employee: Ref,
    #[schema(value_type = String, format = Date)]
    pub day: LocalDay,
    pub window: Window,
    pub template: Option<Ref>,
    /// In order of the day; those skipped or cancelled are among them.
    pub tasks: Vec<Task>,
    pub route: Route,
    pub note: Option<String>,
    /// What the person changed of it himself, or wishes to, in the order he said it.
    pub changes: Vec<PlanChange>,
    /// planned or cancelled.
    pub status: String,
    /// When it first reached the person's phone.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub delivered_at: Option<Micros>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub read_at: Option<Micros>,
    pub created_by: Ref,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Micros,
    pub version: i64,
}

/// Most stops of one day.
pub(crate) const MAX_STOPS: usize = 40;
