//! Positions: where people were while they were on duty, and who looked.
//!
//! Nouns: Tracker, Reading (one report of a phone), DayTrack (a day computed from readings), Latest, Ledger.
//!
//! Invariants
//! * A reading outside working time, or with the policy off, is refused, counted by person
//!   and day, and never stored (`rules`, `gate`).
//! * What lies in leave or in a private trip declared later is removed and counted (`declared`, `seal`).
//! * Positions older than the company keeps them are deleted and not let in again (`retention`).
//! * A 2xx means durable: requests are gathered into group commits and answered after the commit
//!   (`ingest`).
//! * The same reading sent again changes nothing, in any order; two different reports of one millisecond are
//!   both kept and the day engine chooses, so that the order of arrival never shows.
//! * Days are computed from what is stored, never patched (`day`); sealing changes the form of what is
//!   stored, not what is read back (`seal`).
//! * Before a position is handed to somebody else a line stands in the person's ledger (`ledger`).
//!
//! News: [`Tracking::moved`] tells of every person with new readings. Plans and visits belong to floors
//! above; whoever composes the live map or a playback passes visits in as [`Anchors`].

mod codec;
mod day;
mod declared;
mod elsewhere;
mod erase;
mod export;
mod gate;
mod http;
mod ingest;
mod latest;
mod ledger;
mod near;
pub mod reading;
mod retention;
mod rules;
mod seal;
mod sql;
mod store;
mod tracker;
mod tracking;
pub mod wire;

pub use day::{Anchors, DayTrack, Mark, mark, marks, refused, refused_by_reason};
pub use declared::{Counted, counted};
pub use erase::{Erased, all_readings, erase};
pub use export::Export;
pub use gate::windows;
pub use http::{ingest_routes, routes};
pub use ingest::{Moved, Owner, Receipt};
pub use latest::Latest;
pub use ledger::{LedgerEntry, LedgerReader, Looked, told, viewers_today};
pub use retention::Purged;
pub use rules::{DayRule, Refusal};
pub use store::{count_readings, readings};
pub use tracker::{
    DayRegions, Tracker, TrackerCreated, TrackerKind, TrackerSetup, in_use as trackers_in_use,
};
pub use tracking::Tracking;
