//! The day engine: fixes in, stays, trips, gaps and kilometres out.
//!
//! Pure: no I/O, no clock. The same fixes in any order, any batches and any number of copies give the same
//! [`Day`] to the last bit, and the day names the version of the rules and the hash of its input, so that
//! anybody can recompute the figure ([`day_from_csv`]).
//!
//! ```
//! use track::{Fix, Input, Rules, Window, day};
//! let at = geo::LngLat::new(118.78, 32.04).unwrap();
//! let fixes: Vec<Fix> = (0..60).map(|i| Fix::new(i * 10_000, at)).collect();
//! let duty = [Window::new(0, 600_000)];
//! let day = day(&Input { fixes: &fixes, duty: &duty, ..Input::default() }, &Rules::default());
//! assert_eq!((day.stays.len(), day.counted_m), (1, 0.0));
//! ```
//!
//! How it works, in order: `canon` sorts, removes duplicates and hashes; `clean` finds the longest chain
//! of fixes that one person can have made; `stay` finds where they stayed; `smooth` estimates the movement
//! between stays from positions, speeds and bearings; `arc` measures its length; `mode` tells riding from
//! walking; `timeline` accounts for every millisecond of duty. [`statement`] makes a month of days.

mod agility;
mod arc;
mod canon;
mod clean;
mod day;
mod frame;
mod mode;
mod model;
mod noise;
mod obs;
mod pause;
mod report;
mod rules;
pub mod segment;
mod smooth;
pub mod statement;
mod stay;
mod timeline;
mod walk;

pub use day::day;
pub use model::{
    Absence, ActivityHint, Day, Dropped, Fix, Gap, GapKind, Input, Mode, PathPoint, Place, Span, State, Stay,
    Trip, VisitSpan, Window,
};
pub use report::{CsvError, DayReport, GapRow, StayRow, TripRow, day_from_csv, day_report, fixes_from_csv};
pub use rules::{Rules, VERSION};
