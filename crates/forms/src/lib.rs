//! Forms without code.
//!
//! A [`FormSpec`] says what is asked; its formulas say when a question shows, when it must be answered, what is
//! allowed, what is computed and what it scores. [`publish`] finds every fault before a form reaches a phone;
//! [`fill`] says what a set of answers means. Pure: no I/O, no clock. The phone has the same rules
//! (`web/shared/src/forms`), and both are held to the cases in `vectors/`.

mod answer;
mod fault;
mod fill;
mod formula;
mod functions;
mod pattern;
mod profile;
mod publish;
mod spec;
mod token;

pub use fault::Fault;
pub use fill::{Checks, Filled, Problem, Surroundings, fill};
pub use formula::{Formula, Names};
pub use profile::Fields;
pub use publish::{Form, FormFault, publish};
pub use spec::{
    Choice, Constraint, Field, FieldKind, Follow, FormSpec, Item, Measure, Opens, Options, Section, Target,
    Text, Whom,
};
