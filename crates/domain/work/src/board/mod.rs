//! The planning board: everybody's day side by side, drafted in the browser and published at once.
//!
//! Nouns: Wish (a visit a rule asks for or a request that waits: no task yet), Draft (whose day holds which tasks, in order), Timetable (what a row of it means: arrivals, way, rules it
//! breaks), Place (where one more task fits), Proposal (a better draft).
//!
//! Invariants
//! * A draft lives with whoever makes it; nothing here is stored before it is published, and then all of it or none.
//! * A locked task stays with its person, on its day and after the locked ones before it; what has begun is not moved.
//! * A rule that is broken never stops anybody from publishing: it is said, with its numbers. Locks do.
//! * A wish becomes a task when the draft that names it is published, in that transaction and once; if somebody else
//!   was first, nothing of the draft is stored.
//! * A task given to another person, a day or the pool is the same task. One that was missed stays as it is, and is made
//!   anew.

mod answer;
mod hand_over;
mod http;
mod meet;
mod optimise;
mod place;
mod publish;
mod read;
mod relocate;
mod sheet;
mod sql;
mod timetable;
mod wish;

pub use hand_over::{Handed, Occasion, hand_over};
pub(crate) use timetable::{Broken, Limits, Shift, Stop, Timetable, driven, fits, timetable};
pub use wish::{Planned, Request, RequestSource};

pub(crate) fn routes(kit: &api::Kit) -> api::Routes {
    http::routes(kit).merge(relocate::routes(kit))
}

/// Rows of one draft.
const MOST_ROWS: usize = 200;
/// Tasks of one draft, all rows and the pool together.
const MOST_TASKS: usize = 900;
/// People's days of one optimising.
const MOST_PERSON_DAYS: usize = 420;
/// Days of one publishing.
const MOST_DAYS: usize = 14;
/// A promise is kept when the visit begins this much before or after it, seconds.
pub(crate) const PROMISE_S: i64 = 15 * 60;
/// A visit that is planned weighs so much more than one that waits, so that nothing leaves a day for something new.
pub(crate) const PLANNED: i64 = 20;
/// The day of somebody without working hours, when tasks are put there nevertheless, minutes.
const USUAL_DAY: (i32, i32) = (9 * 60, 18 * 60);

/// What a visit weighs by the place of its customer's grade in the company's list, where not everything fits.
pub(crate) fn weight(rank: Option<usize>) -> i64 {
    match rank {
        Some(0) => 5,
        Some(1) => 3,
        Some(2) => 2,
        _ => 1,
    }
}
