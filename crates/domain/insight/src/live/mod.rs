//! Where everybody is and whom one must look at.

mod board;
mod follow;
mod rules;

pub(crate) use board::{Works, compose};
pub(crate) use follow::follow;

use base::Micros;
use geo::LngLat;
use org::Ref;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use work::{TaskStatus, Window};

/// What somebody is doing. When several hold, the first does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LiveState {
    /// Checked in at a customer.
    Visit,
    /// On duty, but the phone has not been heard for more than ten minutes.
    Silent,
    /// Due at a stop more than a quarter of an hour ago.
    Late,
    Moving,
    /// On duty without an open visit.
    Idle,
    NotStarted,
    OffDuty,
}

/// A person on the live map.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LivePerson {
    pub employee: LiveEmployee,
    pub state: LiveState,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub since: Option<Micros>,
    /// Only within working time, and never with the location policy off.
    #[schema(value_type = Option<Vec<f64>>)]
    pub at: Option<LngLat>,
    pub accuracy_m: Option<f64>,
    pub bearing_deg: Option<f64>,
    pub speed_mps: Option<f64>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub fix_at: Option<Micros>,
    /// Percent.
    pub battery: Option<u8>,
    pub policy_mode: String,
    /// When recording ends by itself today; absent where nothing is recorded.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub recorded_until: Option<Micros>,
    /// Stops done and all stops of the day.
    pub done: i64,
    pub total: i64,
    pub visit: Option<LiveVisit>,
    pub next: Option<LiveNext>,
    pub late_minutes: Option<i64>,
    /// Metres driven today so far that count.
    pub counted_m: i64,
    /// Seconds with customers today so far.
    pub stay_s: i64,
    pub stops: Vec<LiveStop>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LiveEmployee {
    pub id: Uuid,
    pub name: String,
    pub department: Ref,
    pub post: Option<String>,
}

/// The visit somebody is in.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LiveVisit {
    pub id: Uuid,
    pub customer: Ref,
    pub seq: i64,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub since: Option<Micros>,
}

/// The stop somebody goes to next.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LiveNext {
    pub customer: Ref,
    pub seq: i64,
    /// Expected arrival: by distance while moving, else as planned.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub eta: Option<Micros>,
    pub window: Window,
    /// Estimated way from here, metres.
    pub meters: Option<i64>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LiveStop {
    pub seq: i64,
    pub customer: Ref,
    #[schema(value_type = Option<Vec<f64>>)]
    pub at: Option<LngLat>,
    pub status: TaskStatus,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub eta: Option<Micros>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub arrived_at: Option<Micros>,
    /// The visit there, open or done.
    pub visit_id: Option<Uuid>,
}

/// How many people are in each state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct LiveCounts {
    pub moving: i64,
    pub visit: i64,
    pub idle: i64,
    pub late: i64,
    pub silent: i64,
    pub not_started: i64,
    pub off_duty: i64,
}

impl LiveCounts {
    pub fn of(people: &[LivePerson]) -> LiveCounts {
        let mut counts = LiveCounts::default();
        for person in people {
            *match person.state {
                LiveState::Moving => &mut counts.moving,
                LiveState::Visit => &mut counts.visit,
                LiveState::Idle => &mut counts.idle,
                LiveState::Late => &mut counts.late,
                LiveState::Silent => &mut counts.silent,
                LiveState::NotStarted => &mut counts.not_started,
                LiveState::OffDuty => &mut counts.off_duty,
            } += 1;
        }
        counts
    }
}

/// The live map.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LiveBoard {
    #[schema(value_type = String, format = DateTime)]
    pub at: Micros,
    pub counts: LiveCounts,
    pub people: Vec<LivePerson>,
}
