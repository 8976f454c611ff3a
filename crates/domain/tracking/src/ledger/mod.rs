//! The ledger: every person sees who looked at where he was, when, how often and for what. A line is written
//! before the position is handed over; no line, no position.

mod book;
mod http;
mod sql;

pub(crate) use book::Book;
pub(crate) use book::looked_on_server;
pub use book::told;
pub(crate) use http::routes;
pub use sql::viewers_today;

use base::{LocalDay, Micros};
use org::Ref;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Looked {
    /// Where the person is now.
    Live,
    /// A day's track.
    Playback,
    /// A file with figures from tracks.
    Export,
    /// Figures from tracks on a screen.
    Report,
    /// The positions of a visit.
    Visit,
    /// A month's mileage statement or what it is made from.
    Mileage,
    /// Everything stored about the person.
    Everything,
    /// Coming to and going from watched places.
    Fence,
    /// Who was near a place at a time.
    Search,
    /// A finding about a visit or a day.
    Finding,
    /// A file of all positions of a day.
    Positions,
    /// Where he punched.
    Attendance,
    /// Listened to what he recorded at a visit.
    Recording,
}

impl Looked {
    const ALL: &[(Looked, &'static str)] = &[
        (Looked::Live, "live"),
        (Looked::Playback, "playback"),
        (Looked::Export, "export"),
        (Looked::Report, "report"),
        (Looked::Visit, "visit"),
        (Looked::Mileage, "mileage"),
        (Looked::Everything, "everything"),
        (Looked::Fence, "fence"),
        (Looked::Search, "search"),
        (Looked::Finding, "finding"),
        (Looked::Positions, "positions"),
        (Looked::Attendance, "attendance"),
        (Looked::Recording, "recording"),
    ];

    pub fn key(self) -> &'static str {
        Self::ALL.iter().find(|(looked, _)| *looked == self).map_or("live", |(_, key)| key)
    }

    fn from_key(key: &str) -> Looked {
        Self::ALL.iter().find(|(_, k)| *k == key).map_or(Looked::Live, |(looked, _)| *looked)
    }
}

/// Somebody who looked. The nil id is whoever runs the server, by a command on it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LedgerReader {
    #[serde(flatten)]
    pub person: Ref,
    /// Name of his department.
    pub department: String,
}

/// One line of a person's ledger: the readings of one reader within one hour.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LedgerEntry {
    pub id: Uuid,
    /// The latest of them.
    #[schema(value_type = String, format = DateTime)]
    pub at: Micros,
    pub reader: LedgerReader,
    pub what: Looked,
    pub purpose: String,
    /// The day that was looked at.
    #[schema(value_type = Option<String>, format = Date)]
    pub day: Option<LocalDay>,
    pub count: i64,
}
