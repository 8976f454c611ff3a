//! Rounds: customers to be reached in order, each in its time. A point counts as reached by a check-in there, or
//! by having come to its fence; a pass does not count.

mod http;
mod sql;

pub(crate) use http::routes;

use base::{LocalDay, Micros};
use org::Ref;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A point as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PatrolPoint)]
pub(crate) struct Point {
    pub customer_id: Uuid,
    /// Due between these minutes of the day.
    #[schema(minimum = 0, maximum = 1440)]
    pub from_minute: i32,
    #[schema(minimum = 0, maximum = 1440)]
    pub to_minute: i32,
}

/// A round.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Patrol {
    pub id: Uuid,
    pub name: String,
    pub employee: Ref,
    /// 1 Monday to 7 Sunday.
    pub weekdays: Vec<u8>,
    pub points: Vec<PointShown>,
    /// Before the first and after the last due time an arrival still belongs to the round, seconds.
    pub grace_s: i64,
    pub active: bool,
    pub version: i64,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PatrolPointShown)]
pub(crate) struct PointShown {
    pub customer: Ref,
    #[schema(value_type = Option<Vec<f64>>)]
    pub at: Option<geo::LngLat>,
    pub from_minute: i32,
    pub to_minute: i32,
}

/// How a point of a round stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PatrolState {
    Open,
    /// Past its time, the round still on.
    Overdue,
    InTime,
    Early,
    Late,
    Missed,
}

impl From<fence::PatrolState> for PatrolState {
    fn from(s: fence::PatrolState) -> PatrolState {
        match s {
            fence::PatrolState::Open => PatrolState::Open,
            fence::PatrolState::Overdue => PatrolState::Overdue,
            fence::PatrolState::InTime => PatrolState::InTime,
            fence::PatrolState::Early => PatrolState::Early,
            fence::PatrolState::Late => PatrolState::Late,
            fence::PatrolState::Missed => PatrolState::Missed,
        }
    }
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PatrolPointResult {
    pub customer: Ref,
    #[schema(value_type = Option<Vec<f64>>)]
    pub at: Option<geo::LngLat>,
    #[schema(value_type = String, format = DateTime)]
    pub due_from: Micros,
    #[schema(value_type = String, format = DateTime)]
    pub due_to: Micros,
    pub state: PatrolState,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub arrived_at: Option<Micros>,
    /// Seconds too late (positive) or too early (negative).
    pub off_s: i64,
    /// Reached before a point that stands before it.
    pub out_of_order: bool,
    /// Whether a check-in says so, and not only the fence.
    pub checked_in: bool,
}

/// A round on a day.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PatrolDay {
    pub id: Uuid,
    pub name: String,
    pub employee: Ref,
    #[schema(value_type = String, format = Date)]
    pub day: LocalDay,
    pub points: Vec<PatrolPointResult>,
    pub reached: i64,
    pub late: i64,
    pub missed: i64,
    pub out_of_order: i64,
}
