//! Is everybody's phone heard, and if not, what would mend it? The person and whoever leads him read the same.

mod http;
mod rules;
mod service;

pub(crate) use http::routes;
pub use rules::Advice;

use base::{LocalDay, Micros};
use org::{Duty, Ref};
use serde::Serialize;
use utoipa::ToSchema;

/// How well a person's day is recorded.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TrackingHealth {
    pub employee: Ref,
    pub department: Ref,
    #[schema(value_type = String, format = Date)]
    pub day: LocalDay,
    /// Mode of the location policy: off, saving, balanced or precise.
    pub policy_mode: String,
    pub duty: Vec<Duty>,
    /// When the person agreed to be recorded, in the wording that holds now.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub consent_at: Option<Micros>,
    /// Tracker apps that are set up for the person and not revoked.
    pub trackers: i64,
    /// Last report of any kind within the day's working time.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub heard_at: Option<Micros>,
    /// Last report with a place.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub fix_at: Option<Micros>,
    /// Percent, of the last report; today only.
    pub battery: Option<u8>,
    /// Seconds of working time that have passed.
    pub duty_s: i64,
    /// Of them, those about which something is known.
    pub recorded_s: i64,
    pub missing: Missing,
    pub refused: Refused,
    /// What would mend it, most urgent first; empty when all is well.
    pub advice: Vec<Advice>,
}

/// Seconds of working time without a record, by reason.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TrackingMissing)]
pub struct Missing {
    /// The location permission was taken away.
    pub no_permission_s: i64,
    /// The phone or the app was not running.
    pub phone_off_s: i64,
    /// The phone was alive but could not place itself.
    pub no_signal_s: i64,
    pub unknown_s: i64,
}

/// Reports that were turned away on the day they arrived, by reason. Only their number is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TrackingRefused)]
pub struct Refused {
    /// Outside working time: as it should be.
    pub off_duty: i64,
    pub policy_off: i64,
    /// From somebody who has left.
    pub left: i64,
    /// With a time that cannot be, or unreadable: mostly a phone whose clock is wrong.
    pub bad_time: i64,
}

/// Everybody in reach, those who need help first.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrackingHealthBoard {
    #[schema(value_type = String, format = Date)]
    pub day: LocalDay,
    #[schema(value_type = String, format = DateTime)]
    pub at: Micros,
    /// People who are to be recorded on this day.
    pub people: i64,
    /// Of them, those with any advice.
    pub troubled: i64,
    pub items: Vec<TrackingHealth>,
    /// Ask again with `cursor` set to this for the next ones; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}
