//! Places that are watched, and what a day's positions say about them. Pure: no store, no clock.
//!
//! * [`Shape`]: circle, polygon or corridor, right across the antimeridian;
//! * [`Index`]: which of ten thousand shapes are near;
//! * [`watch`]: entering, leaving, staying and passing by, from fixes of known accuracy;
//! * [`expect`]: how often a radius will be wrong, before it is saved;
//! * [`patrol`]: points to be reached in order and in time;
//! * [`detour`]: how far from the planned way, and how much longer than needed.

mod detour;
mod expect;
mod index;
mod patrol;
mod shape;
mod watch;

pub use detour::{DetourHint, DetourRules, Driven, Leg, OffRoute, detours, off_route};
pub use expect::{Expectation, expect};
pub use index::Index;
pub use patrol::{Arrival, Checkpoint, PatrolPoint, PatrolResult, PatrolState, patrol};
pub use shape::{BadShape, Shape};
pub use watch::{Event, EventKind, Fence, Seen, VERSION, WatchRules, watch};
