//! Findings: what in recorded positions and visits needs an explanation.
//!
//! Pure and deterministic: no I/O, no clock, no chance. Every rule states what it measured, how strong that is alone,
//! and which innocent causes are to be checked; nothing here passes a verdict on a person. Unknown is grey.
//!
//! How it works, in order: `series` puts a day in order; `rules` look at points, segments, devices and visits;
//! `replay` compares days with each other; habits of a person's own receiver are taken off; [`assess`] combines.
//!
//! ```
//! use trust::{Band, Case, Company, Fix, judge};
//! let at = geo::LngLat::new(118.79, 32.05)?;
//! // Four hours at one coordinate to the last digit, at five metres.
//! let fix = |i: i64| Fix { acc_m: Some(5.0), ..Fix::new(i * 60_000, at) };
//! let day = Case { id: "d1".into(), user: 1, fixes: (0..240).map(fix).collect() };
//! let judged = judge(&Company { cases: vec![day], ..Company::default() });
//! assert_eq!(judged.days[0].band, Band::Red);
//! assert_eq!(judged.days[0].findings[0].code.key(), "STATIC_EXACT");
//! # Ok::<(), geo::OutOfRange>(())
//! ```

mod area;
mod catalogue;
mod company;
mod model;
mod rates;
mod replay;
mod rules;
mod score;
mod series;
mod table;

pub use catalogue::{Cause, Code, Group, RULES, Rule, VERSION};
pub use company::{Judged, judge};
pub use model::{Assessment, Band, Case, Claim, Company, Customer, Edit, Finding, Fix};
pub use rules::proof::{Records, Seals, judge_records};
pub use score::{AMBER, RED, assess};
pub use table::{Names, TableError, read_customers, read_events, read_points, read_visits, write_rows};
