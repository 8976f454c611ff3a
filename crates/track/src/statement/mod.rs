//! The mileage statement: one person's month in kilometres that may be paid, with everything it was made of.
//!
//! An [`Export`] holds the complete input of a statement. Its canonical form (sorted, joined, each fix once,
//! nothing from outside working time) is one JSON text, and the SHA-256 of that text is the statement's
//! `input_sha256`. Whoever holds the file can make the statement again with [`statement`], to the last byte
//! of its JSON ([`Statement::json`]) and its table ([`csv`]).
//!
//! Kilometres outside working time, on leave or in a declared private trip cannot be listed as lengths: the
//! server refuses those positions and keeps their number only. The statement lists the times and the numbers.

mod csv;
mod export;
mod make;
pub mod words;

pub use self::csv::csv;
pub use export::{Export, ExportDay, ExportError, ExportPlace, Person, Position};
pub use make::statement;

use std::collections::BTreeMap;

use base::{LocalDay, Micros};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{GapKind, Mode};

/// Name of the form of export and statement; another one when their members change.
pub const FORMAT: &str = "tashi-statement-1";

/// A person's month. All lengths are whole metres; those of the month are the sums of those of its days.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = MileageStatement)]
pub struct Statement {
    /// Name of this form.
    pub format: String,
    pub company: String,
    pub person: Person,
    /// `yyyy-mm`.
    pub month: String,
    /// IANA name of the zone the days are cut in.
    pub time_zone: String,
    /// Version of the rules that made the lengths.
    pub rule_version: String,
    /// SHA-256 of the canonical export, hexadecimal.
    pub input_sha256: String,
    pub totals: Totals,
    pub days: Vec<StatementDay>,
}

/// Sums over the days.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = MileageTotals)]
pub struct Totals {
    /// Days with working time.
    pub duty_days: u32,
    /// Working time, seconds.
    pub duty_s: i64,
    /// Metres that may be paid.
    pub counted_m: i64,
    /// Plain sum of straight lines between the positions, metres.
    pub raw_m: i64,
    /// Measured but not counted: on foot or by public transport, metres.
    pub excluded_m: i64,
    /// Guess for the silences, metres; never counted.
    pub estimated_m: i64,
    /// Silence on duty, seconds, and the part of it without a known reason.
    pub gap_s: i64,
    pub unknown_s: i64,
    /// Positions refused and never stored.
    pub refused: i64,
    /// Positions removed because leave or a private trip was declared later.
    pub removed: i64,
    /// Days that were not over when the export was made.
    pub open_days: u32,
}

/// One day.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = MileageDay)]
pub struct StatementDay {
    #[schema(value_type = String, format = Date)]
    pub day: LocalDay,
    /// The day was not over when the export was made; its figures may still grow.
    pub open: bool,
    pub duty: Vec<Stretch>,
    /// Working time without leave and private trips, seconds.
    pub duty_s: i64,
    pub counted_m: i64,
    pub raw_m: i64,
    pub excluded_m: i64,
    pub estimated_m: i64,
    pub gap_s: i64,
    pub unknown_s: i64,
    pub trips: Vec<StatementTrip>,
    pub gaps: Vec<StatementGap>,
    /// Times of which nothing is recorded on purpose.
    pub withheld: Vec<Withheld>,
    /// Positions refused by reason; nothing else of them is known.
    pub refused: BTreeMap<String, i64>,
    /// Positions removed because leave or a private trip was declared later.
    pub removed: i64,
    /// Positions the lengths were made from.
    pub positions: u32,
    /// Hash of the day's input, the same as in the day report.
    pub input_sha256: String,
}

/// A stretch of time, its end not included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = MileageStretch)]
pub struct Stretch {
    #[schema(value_type = String, format = DateTime)]
    pub from: Micros,
    #[schema(value_type = String, format = DateTime)]
    pub to: Micros,
}

/// A movement.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = MileageTrip)]
pub struct StatementTrip {
    #[schema(value_type = String, format = DateTime)]
    pub from: Micros,
    #[schema(value_type = String, format = DateTime)]
    pub to: Micros,
    pub meters: i64,
    /// driving, ebike, walking or transit.
    #[schema(value_type = String)]
    pub mode: Mode,
    /// Do these metres enter the counted figure?
    pub counted: bool,
    /// The customer left right before, and the one reached right after.
    pub from_place: Option<String>,
    pub to_place: Option<String>,
}

/// A silence on duty.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = MileageGap)]
pub struct StatementGap {
    #[schema(value_type = String, format = DateTime)]
    pub from: Micros,
    #[schema(value_type = String, format = DateTime)]
    pub to: Micros,
    /// no_permission, phone_off, no_signal or unknown.
    #[schema(value_type = String)]
    pub kind: GapKind,
    /// Straight line times the detour factor; never counted.
    pub estimated_m: i64,
}

/// Why nothing is recorded in a stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WithheldReason {
    /// Outside working time.
    OffDuty,
    Leave,
    /// Declared private.
    Private,
}

/// A time of which nothing is recorded on purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Withheld {
    #[schema(value_type = String, format = DateTime)]
    pub from: Micros,
    #[schema(value_type = String, format = DateTime)]
    pub to: Micros,
    pub reason: WithheldReason,
}

impl StatementDay {
    /// Positions refused because they were not to be recorded; impossible times are not among them.
    pub fn refused_total(&self) -> i64 {
        self.refused.iter().filter(|(reason, _)| *reason != "bad_time").map(|(_, count)| count).sum()
    }
}

impl Statement {
    /// The statement as one JSON text: what the server sends and what the command line prints.
    pub fn json(&self) -> Vec<u8> {
        // names, numbers and texts always serialise; an empty answer would fail every comparison
        serde_json::to_vec(self).unwrap_or_default()
    }
}
