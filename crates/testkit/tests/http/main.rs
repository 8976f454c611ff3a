//! The API as the outside sees it, on both engines.

mod customers;
mod org;
mod statements;
mod walker;
