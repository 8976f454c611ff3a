//! Ruin and recreate over the routes of many reps.

pub(crate) mod anneal;
pub(crate) mod explain;
pub(crate) mod instance;
mod recreate;
pub(crate) mod route;
mod ruin;
mod state;
