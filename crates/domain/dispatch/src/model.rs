//! What is shown.

use api::TravelSource;
use base::Micros;
use geo::LngLat;
use org::Ref;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use work::{TaskStatus, Window, tasks::TaskMate};

/// How a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = UrgentStatus)]
pub enum Status {
    /// Waits for a dispatcher or the rule.
    Open,
    /// Somebody has been asked and has not answered.
    Offered,
    /// Somebody goes.
    Accepted,
    Done,
    Cancelled,
}

impl Status {
    pub fn key(self) -> &'static str {
        match self {
            Status::Open => "open",
            Status::Offered => "offered",
            Status::Accepted => "accepted",
            Status::Done => "done",
            Status::Cancelled => "cancelled",
        }
    }

    pub fn from_key(key: &str) -> Status {
        match key {
            "offered" => Status::Offered,
            "accepted" => Status::Accepted,
            "done" => Status::Done,
            "cancelled" => Status::Cancelled,
            _ => Status::Open,
        }
    }
}

/// How an offer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OfferStatus {
    Waiting,
    Accepted,
    Refused,
    /// Nobody answered in time.
    Expired,
    /// Taken back by the dispatcher.
    Withdrawn,
}

impl OfferStatus {
    pub fn from_key(key: &str) -> OfferStatus {
        match key {
            "accepted" => OfferStatus::Accepted,
            "refused" => OfferStatus::Refused,
            "expired" => OfferStatus::Expired,
            "withdrawn" => OfferStatus::Withdrawn,
            _ => OfferStatus::Waiting,
        }
    }
}

/// Where to go.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UrgentPlace {
    pub id: Uuid,
    pub name: String,
    pub grade: Option<String>,
    #[schema(value_type = Option<Vec<f64>>)]
    pub at: Option<LngLat>,
    pub address: Option<String>,
    pub owner: Option<Ref>,
}

/// The visit that came of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UrgentTask {
    pub id: Uuid,
    pub employee: Ref,
    pub status: TaskStatus,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub eta: Option<Micros>,
}

/// An urgent request.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UrgentRequest {
    pub id: Uuid,
    pub customer: UrgentPlace,
    pub title: String,
    pub note: Option<String>,
    /// 1 normal, 2 urgent, 3 emergency.
    pub priority: i64,
    pub skills: Vec<String>,
    pub service_minutes: i64,
    /// Somebody must have begun by then.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub latest_at: Option<Micros>,
    pub status: Status,
    /// The last person asked, if he is in reach.
    pub offer: Option<Offer>,
    pub task: Option<UrgentTask>,
    /// A visit that had to make room for another request.
    pub made_room: bool,
    /// Why it was cancelled.
    pub reason: Option<String>,
    pub created_by: Ref,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Micros,
    #[schema(value_type = String, format = DateTime)]
    pub changed_at: Micros,
    pub version: i64,
}

/// One person asked to go.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Offer {
    pub id: Uuid,
    pub employee: Ref,
    pub status: OfferStatus,
    /// Why him, as it stood when he was asked; absent in lists.
    pub factors: Option<Factors>,
    #[schema(value_type = String, format = DateTime)]
    pub offered_at: Micros,
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Micros,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub answered_at: Option<Micros>,
    /// Why he refused.
    pub reason: Option<String>,
    /// Asked by the company's rule.
    pub auto: bool,
}

/// A request with everybody who was asked, the last first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UrgentDetail {
    pub request: UrgentRequest,
    pub offers: Vec<Offer>,
    /// Who goes along with who accepted.
    pub helpers: Vec<TaskMate>,
}

/// A visit that makes room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MovedVisit {
    pub task_id: Uuid,
    pub customer: String,
    /// Somebody else must make it; otherwise it is made later the same day.
    pub handed_over: bool,
}

/// More than a day may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = UrgentExceeded)]
pub struct Exceeded {
    pub is: i64,
    pub most: i64,
}

/// What speaks for and against a person, in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Factors {
    /// When the work would begin.
    #[schema(value_type = String, format = DateTime)]
    pub eta: Micros,
    /// When he is free; absent: now.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub free_at: Option<Micros>,
    /// Seconds from where he is, or will be when free; 0 when other visits come first.
    pub drive_s: i64,
    /// The same as a straight line, metres.
    pub line_m: i64,
    /// By how much his day's way grows.
    pub extra_m: i64,
    /// Skills that were asked for; he has them all.
    pub skills: Vec<String>,
    /// Tags of the customer that name something he can do.
    #[serde(default)]
    pub tags: Vec<String>,
    /// The customer is his.
    pub own_customer: bool,
    /// The customer prefers him.
    #[serde(default)]
    pub preferred: bool,
    /// Grade of the customer.
    pub grade: Option<String>,
    /// Work and driving still planned over the time left, percent, without the request.
    pub load_percent: i64,
    /// Visits still planned.
    pub ahead: i64,
    /// Visits made before the request.
    pub before: i64,
    /// Seconds of lateness caused at other visits.
    pub lateness_s: i64,
    /// At most two.
    pub moved: Vec<MovedVisit>,
    /// The customer is closed when the work would begin.
    #[serde(default)]
    pub closed: bool,
    /// Visits of his day with this one, where they are more than it may hold.
    #[serde(default)]
    pub too_many: Option<Exceeded>,
    /// Metres of his day with this visit, where they are more than it may have.
    #[serde(default)]
    pub too_far: Option<Exceeded>,
    /// When he would be where his day ends, where that is after his shift.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub home_late: Option<Micros>,
    /// All of it in one number, the less the better; a second of waiting is a point.
    pub points: i64,
}

/// A person who could go.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Candidate {
    pub employee: Ref,
    pub department: Ref,
    /// On duty without an open visit; others are at a customer.
    pub idle: bool,
    #[schema(value_type = Vec<f64>)]
    pub at: LngLat,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub fix_at: Option<Micros>,
    pub factors: Factors,
    /// The fewest points of all whose day it is not too much for.
    pub recommended: bool,
    /// refused or expired, when he was asked before.
    pub asked: Option<OfferStatus>,
}

/// A person who cannot go, and the first reason: `off_duty`, `silent` (no position of the last ten minutes), `barred`
/// (the customer is never to be visited by him), `skill`,
/// `no_way`, `too_late` or `shift_over`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UnablePerson {
    pub employee: Ref,
    pub reason: String,
    /// Skills he lacks.
    pub lacks: Vec<String>,
    /// When he would begin (`too_late`) or be done (`shift_over`).
    #[schema(value_type = Option<String>, format = DateTime)]
    pub at: Option<Micros>,
}

/// Who could go: idle people by when they could begin, then busy ones; of both, those whose day it would be too much for
/// (`too_many`, `too_far`, `home_late`) come last.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Candidates {
    #[schema(value_type = String, format = DateTime)]
    pub at: Micros,
    pub source: TravelSource,
    /// Hours of the customer today; null: always open. An empty list: closed all day.
    pub open: Option<Vec<Window>>,
    pub people: Vec<Candidate>,
    pub unable: Vec<UnablePerson>,
}

/// What the phone shows of an offer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UrgentCall {
    pub id: Uuid,
    pub customer: UrgentPlace,
    pub title: String,
    pub note: Option<String>,
    pub priority: i64,
    pub service_minutes: i64,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub latest_at: Option<Micros>,
    /// Who asks; absent: the company's rule.
    pub by: Option<String>,
    /// When he could begin, as it stood when he was asked.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub eta: Option<Micros>,
    pub line_m: Option<i64>,
    pub moved: Vec<MovedVisit>,
    #[schema(value_type = String, format = DateTime)]
    pub offered_at: Micros,
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Micros,
}
