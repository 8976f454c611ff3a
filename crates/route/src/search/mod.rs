//! Ruin and recreate over the routes of many reps.

pub(crate) mod anneal;
pub(crate) mod instance;
mod recreate;
mod route;
mod ruin;
mod state;
