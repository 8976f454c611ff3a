//! Day routes: exact where it can be proven, best found with a bound above that.
//! Frequency plans over weeks in [`periodic`].
//!
//! A pure engine: no I/O, no clock, the same answer for the same input. Times are whole seconds on any one
//! axis the caller likes (usually seconds since local midnight), distances whole metres.
//!
//! ```
//! use route::{Matrix, day::{DayProblem, Objective, Stop, check_certificate, day_route}};
//! let travel = Matrix::from_rows(&[[0_i64, 600, 900], [600, 0, 300], [900, 300, 0]]).unwrap();
//! let day = DayProblem {
//!     distances: travel.map(|s| s * 8),
//!     durations: travel,
//!     start: Some(0),
//!     end: Some(0),
//!     stops: vec![Stop::at(1, 1_200), Stop::at(2, 1_200).within(8 * 3_600, 9 * 3_600)],
//!     shift: (8 * 3_600, 17 * 3_600),
//!     breaks: vec![],
//!     objective: Objective::LeastDistance,
//!     most_stops: None,
//!     limits: vec![],
//! };
//! let route = day_route(&day);
//! assert!(route.proven_optimal && route.distance_m == 14_400);
//! check_certificate(&day, &route).unwrap();
//! ```

pub mod day;
mod matrix;
pub mod model;
pub mod periodic;
mod random;
pub mod rank;
mod schedule;
mod search;
pub mod vroom;
mod windows;

pub use day::{DayProblem, DayRoute, check_certificate, day_route};
pub use matrix::{Matrix, NotSquare, TravelMatrix, straight_line_matrix};
