//! A person's day in figures: what was planned, what was done, how long, how far, and from what it follows.

mod bulk;
mod presence;
mod service;
mod sql;

pub(crate) use bulk::of_people;
pub(crate) use service::{Computed, compute, given, stay_s};

use base::{LocalDay, Micros};
use org::{Duty, Ref};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Kept figures of everybody in reach on a day, as they are.
pub(crate) async fn kept_of_day(q: &mut impl db::Query, day: LocalDay) -> db::Result<Vec<Stored>> {
    sql::of_day(q, day, None).await
}

/// The figures of a person's day.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DaySummary {
    #[serde(flatten)]
    pub figures: DayFigures,
    /// How many visits.
    pub visits: i64,
}

/// All of them but the visits, which a report may show as rows instead of their number.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DayFigures {
    pub employee: Ref,
    pub department: Ref,
    #[schema(value_type = String, format = Date)]
    pub day: LocalDay,
    /// Tasks of the day that were not called off.
    pub planned: i64,
    /// Visits that count.
    pub effective: i64,
    /// Seconds with customers: check-in to check-out, as far as the track was inside the fence.
    pub stay_s: i64,
    /// Metres driven within working time: the figure that is paid.
    pub counted_m: i64,
    /// Plain sum of straight lines between all fixes, metres.
    pub raw_m: i64,
    /// Measured but not counted (on foot, by train), metres.
    pub excluded_m: i64,
    /// Guess for the silences, metres; never counted.
    pub estimated_m: i64,
    /// Seconds on duty about which nothing is known.
    pub gap_s: i64,
    /// Length of the planned way, metres.
    pub plan_m: Option<i64>,
    /// The best way over the stops that were made, from where the day's positions begin to where they end, on the
    /// company's own travel, metres. Absent without stops, or with more than can be compared.
    pub best_m: Option<i64>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub first_check_in: Option<Micros>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_check_out: Option<Micros>,
    pub duty: Vec<Duty>,
    /// Fixes refused because they were not to be recorded. Only their number is known.
    pub refused_off_duty: i64,
    /// Fixes found in the store outside working time; counted anew each time, to show that there are none.
    pub stored_off_duty: i64,
    /// Version of the rules that made the distances.
    pub rule_version: String,
    /// Hash of everything the distances were made from.
    pub input_sha256: String,
    /// The working day is not over.
    pub provisional: bool,
    pub summaries: Vec<VisitSummary>,
}

/// What somebody wrote about a visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VisitSummary {
    pub visit_id: Uuid,
    pub customer: Ref,
    pub text: String,
}

/// Figures as kept.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub summary: DaySummary,
    pub stamp: String,
    pub late_data: bool,
    pub computed_at: Micros,
}
