//! What people ask for: leave, overtime, business trips, corrected punches, and the end of what was granted.

mod http;
mod rules;
mod service;
mod sql;

use base::{LocalDay, Micros};
use org::Ref;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::day::PunchKind;

pub(crate) use http::routes;
pub(crate) use rules::in_days;
pub(crate) use service::{clock, decided, shown, year_of};
pub use service::{hand_in, withdraw};
pub(crate) use sql::{Forced, RequestRow, Used, erase_reasons, in_force, of_person, touching, used, waiting};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AttendanceRequestKind)]
pub enum RequestKind {
    Leave,
    Overtime,
    Trip,
    Correction,
}

impl RequestKind {
    pub const ALL: [RequestKind; 4] =
        [RequestKind::Leave, RequestKind::Overtime, RequestKind::Trip, RequestKind::Correction];

    pub fn key(self) -> &'static str {
        match self {
            RequestKind::Leave => "leave",
            RequestKind::Overtime => "overtime",
            RequestKind::Trip => "trip",
            RequestKind::Correction => "correction",
        }
    }

    pub fn from_key(key: &str) -> RequestKind {
        Self::ALL.into_iter().find(|k| k.key() == key).unwrap_or(RequestKind::Leave)
    }
}

/// Which part of the days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DayPart {
    /// Whole days.
    Day,
    Am,
    Pm,
    /// From a minute to a minute of one day.
    Hours,
}

impl DayPart {
    pub fn key(self) -> &'static str {
        match self {
            DayPart::Day => "day",
            DayPart::Am => "am",
            DayPart::Pm => "pm",
            DayPart::Hours => "hours",
        }
    }
}

/// Something asked for. Which fields count depends on the kind.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewAttendanceRequest)]
pub struct NewRequest {
    /// Made by the client: the same id with the same content counts once.
    pub id: Uuid,
    pub kind: RequestKind,
    /// First day; of overtime and corrections the day of duty.
    #[schema(value_type = String, format = Date)]
    pub from_day: LocalDay,
    /// Last day of leave or a trip; the first one when left out.
    #[schema(value_type = Option<String>, format = Date)]
    pub to_day: Option<LocalDay>,
    /// Of leave; whole days when left out. Halves and hours are of one day.
    pub part: Option<DayPart>,
    /// Hours of leave, overtime: the beginning. A correction: the time. Minutes after midnight; past 1440 the next day.
    #[schema(minimum = 0, maximum = 2880)]
    pub from_minute: Option<i32>,
    #[schema(minimum = 0, maximum = 2880)]
    pub to_minute: Option<i32>,
    pub leave_type_id: Option<Uuid>,
    /// Where a trip goes.
    #[schema(max_length = 100)]
    pub place: Option<String>,
    /// Of a correction.
    pub punch_kind: Option<PunchKind>,
    #[schema(max_length = 300)]
    pub reason: String,
    /// The approved request this one is to end; the days are taken from it.
    pub cancels_id: Option<Uuid>,
}

/// A request as it is shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AttendanceRequest {
    pub id: Uuid,
    pub kind: RequestKind,
    pub employee: Ref,
    pub department: Ref,
    #[schema(value_type = String, format = DateTime)]
    pub from: Micros,
    #[schema(value_type = String, format = DateTime)]
    pub to: Micros,
    #[schema(value_type = String, format = Date)]
    pub from_day: LocalDay,
    #[schema(value_type = String, format = Date)]
    pub to_day: LocalDay,
    /// day, am, pm or hours.
    pub part: String,
    pub leave_type: Option<Ref>,
    /// Leave and trips: thousandths of a day. Overtime: minutes.
    pub amount: i64,
    pub place: Option<String>,
    pub punch_kind: Option<PunchKind>,
    pub reason: String,
    /// It ends this one.
    pub cancels_id: Option<Uuid>,
    /// running, returned, approved, rejected, withdrawn or cancelled.
    pub status: String,
    /// Its case among the approvals.
    pub approval_id: Option<Uuid>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Micros,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub decided_at: Option<Micros>,
}
