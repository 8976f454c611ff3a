//! Positions and days as the outside sees them, on both engines.

mod report;
mod tracking;
