//! Words every floor shares: identifiers, time, money, problem codes.
//!
//! Nothing here does I/O or reads a clock; whoever needs the time receives a [`time::Micros`] or a
//! [`time::Clock`].
//!
//! ```
//! use base::{id, time::LocalDay};
//! let visit = id::new_v7();
//! assert_eq!(LocalDay::new(2026, 11, 20).unwrap().to_string(), "2026-11-20");
//! assert_eq!(visit.get_version_num(), 7);
//! ```

pub mod id;
pub mod money;
pub mod problem;
pub mod time;

pub use problem::Problem;
pub use time::{Clock, LocalDay, Micros};
