//! The complete input of a statement, its canonical form and its hash.

use std::collections::BTreeMap;

use base::LocalDay;
use geo::LngLat;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

use super::FORMAT;
use crate::{
    Absence, ActivityHint, Fix, Place, Rules, VisitSpan, Window,
    canon::{Quantised, inside, union},
};

/// Everything a month's statement is made from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Export {
    /// [`FORMAT`].
    pub format: String,
    pub company: String,
    pub person: Person,
    /// `yyyy-mm`.
    pub month: String,
    /// IANA name of the zone the days are cut in.
    pub time_zone: String,
    pub rules: Rules,
    pub days: Vec<ExportDay>,
}

/// Whose month it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MileagePerson)]
pub struct Person {
    pub id: Uuid,
    pub name: String,
    /// Number of the person in the company's own books.
    pub code: Option<String>,
    pub department: String,
}

/// The input of one day. Times in Unix milliseconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportDay {
    pub day: LocalDay,
    /// The day was not over; `duty` ends where the export was made.
    pub open: bool,
    pub duty: Vec<Window>,
    pub leave: Vec<Window>,
    pub private: Vec<Window>,
    /// Refused positions by reason.
    pub refused: BTreeMap<String, i64>,
    /// Positions removed because leave or a private trip was declared later.
    pub removed: i64,
    pub absences: Vec<Absence>,
    pub visits: Vec<VisitSpan>,
    pub places: Vec<ExportPlace>,
    pub positions: Vec<Position>,
}

/// A customer; degrees times 10⁷, WGS-84.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportPlace {
    pub id: Uuid,
    pub name: String,
    pub lng_e7: i64,
    pub lat_e7: i64,
    pub radius_m: i64,
}

/// A fix as stored, written as a list: Unix milliseconds, longitude and latitude (degrees × 10⁷, WGS-84),
/// accuracy (0.1 m), speed (0.01 m/s), bearing (0.5°), altitude (0.5 m), source, activity. Unknown is null.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position(
    i64,
    i64,
    i64,
    Option<i32>,
    Option<i32>,
    Option<i32>,
    Option<i32>,
    u8,
    Option<ActivityHint>,
);

impl Position {
    pub fn of(fix: &Fix) -> Position {
        let q = Quantised::of(fix);
        Position(q.t_ms, q.lng, q.lat, q.acc, q.speed, q.bearing, q.alt, q.source, q.hint)
    }

    /// `None` when the coordinates name no place.
    pub(super) fn fix(&self) -> Option<Fix> {
        let Position(t_ms, lng, lat, acc, speed, bearing, alt, source, hint) = *self;
        Quantised { t_ms, lng, lat, acc, speed, bearing, alt, source, hint }.fix()
    }
}

impl ExportPlace {
    /// `None` when the coordinates name no place.
    pub(super) fn place(&self) -> Option<Place> {
        let at = LngLat::from_e7(self.lng_e7, self.lat_e7).ok()?;
        Some(Place { id: self.id, at, radius_m: self.radius_m as f64 })
    }
}

/// Why a file is no export.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("the file is no export of a mileage statement: {0}")]
    Json(#[from] serde_json::Error),
    #[error("the export has the form {0:?}, this program reads {FORMAT:?}")]
    Format(String),
    #[error("{0:?} is no month (yyyy-mm)")]
    Month(String),
    #[error("{0:?} is no time zone this program knows")]
    Zone(String),
    #[error("{day} does not belong to the month {month}")]
    Day { day: LocalDay, month: String },
}

impl Export {
    /// Reads an export from its JSON text, whatever order its parts are in.
    ///
    /// # Errors
    /// When the text is no export, or names a month, zone or day that does not exist.
    pub fn from_json(text: &[u8]) -> Result<Export, ExportError> {
        let export: Export = serde_json::from_slice(text)?;
        if export.format != FORMAT {
            return Err(ExportError::Format(export.format));
        }
        let first: LocalDay =
            format!("{}-01", export.month).parse().map_err(|_| ExportError::Month(export.month.clone()))?;
        export.zone()?;
        let month = first.as_int() / 100;
        match export.days.iter().find(|d| d.day.as_int() / 100 != month) {
            Some(day) => Err(ExportError::Day { day: day.day, month: export.month }),
            None => Ok(export),
        }
    }

    pub(super) fn zone(&self) -> Result<TimeZone, ExportError> {
        TimeZone::get(&self.time_zone).map_err(|_| ExportError::Zone(self.time_zone.clone()))
    }

    /// The one form all orders, copies and splits of the same input have in common.
    pub fn canonical(mut self) -> Export {
        self.days.sort_by_key(|d| d.day);
        let mut days: Vec<ExportDay> = Vec::with_capacity(self.days.len());
        for day in self.days {
            match days.last_mut() {
                Some(last) if last.day == day.day => last.join(day),
                _ => days.push(day),
            }
        }
        self.days = days.into_iter().map(ExportDay::canonical).collect();
        self
    }

    /// The canonical JSON text; its SHA-256 is the statement's input hash.
    pub fn json(&self) -> Vec<u8> {
        // names, numbers and texts always serialise
        serde_json::to_vec(self).unwrap_or_default()
    }

    pub(super) fn sha256(&self) -> String {
        hex::encode(Sha256::digest(self.json()))
    }
}

impl ExportDay {
    /// A day with nothing in it.
    pub fn empty(day: LocalDay) -> ExportDay {
        ExportDay {
            day,
            open: false,
            duty: vec![],
            leave: vec![],
            private: vec![],
            refused: BTreeMap::new(),
            removed: 0,
            absences: vec![],
            visits: vec![],
            places: vec![],
            positions: vec![],
        }
    }

    /// Takes in another part of the same day. Counts are of the whole day in every part, so the larger holds.
    fn join(&mut self, other: ExportDay) {
        self.open |= other.open;
        self.duty.extend(other.duty);
        self.leave.extend(other.leave);
        self.private.extend(other.private);
        for (reason, count) in other.refused {
            let own = self.refused.entry(reason).or_default();
            *own = count.max(*own);
        }
        self.removed = self.removed.max(other.removed);
        self.absences.extend(other.absences);
        self.visits.extend(other.visits);
        self.places.extend(other.places);
        self.positions.extend(other.positions);
    }

    fn canonical(mut self) -> ExportDay {
        self.duty = union(&self.duty);
        self.leave = union(&self.leave);
        self.private = union(&self.private);
        self.refused.retain(|_, count| *count > 0);
        each_once(&mut self.absences);
        each_once(&mut self.visits);
        each_once(&mut self.places);
        // what the files of a month hold once: one place of an id
        self.places.dedup_by_key(|p| p.id);
        let recorded =
            |t_ms| inside(&self.duty, t_ms) && !inside(&self.private, t_ms) && !inside(&self.leave, t_ms);
        // through the fix and back: two spellings of one value become one
        let mut positions: Vec<Position> =
            self.positions.iter().filter_map(Position::fix).map(|f| Position::of(&f)).collect();
        positions.retain(|p| recorded(p.0));
        each_once(&mut positions);
        self.positions = positions;
        self
    }
}

fn each_once<T: Ord>(list: &mut Vec<T>) {
    list.sort_unstable();
    list.dedup();
}
