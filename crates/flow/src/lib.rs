//! Approval flows.
//!
//! A [`Flow`] is a tree written top-down: steps that ask people, branches of which one is taken, parallel lanes that are
//! all taken, copies. [`Plan::new`] finds every fault of it before anything is sent through; [`apply`] moves a running
//! [`Case`] on by one [`Event`] and says what happened. Who the people are is answered by [`People`]. Pure: no I/O, no
//! clock; the same events in the same order give the same case.
//!
//! Invariants (held by `tests/cases.rs`)
//! * A running case always asks somebody; when all who are asked approve, it ends.
//! * An ask is decided once, by the person it asks.
//! * When every step has a time limit with an outcome, time alone ends the case.

mod case;
mod doc;
mod machine;
mod people;
mod plan;
mod simulate;
mod turns;
mod walk;

pub use case::{Ask, Case, Post, Said, Slot, Status, What};
pub use doc::{Approve, Empty, Flow, How, Kind, Lane, Limit, Node, Then, Who};
pub use machine::{Event, Refused, Side, World, apply};
pub use people::People;
pub use plan::{Fault, Fields, Plan};
pub use simulate::{Foreseen, simulate};
