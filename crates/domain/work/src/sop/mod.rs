//! How a template is really worked through: how long each step takes, what is left out, by whom, and in visits that
//! counted or did not; and the way somebody works, as a next version of the template.
//!
//! Nouns: Made (a finished visit by a template), Settled (what became of one of its steps), Report, Pattern (the steps as
//! one visit or one person did them). Nothing is stored: both are worked out from the visits whenever they are asked for.

mod http;
mod rules;
mod sql;

pub(crate) use http::routes;
