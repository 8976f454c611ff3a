//! Positions and days as the outside sees them, on both engines.

mod health;
mod report;
mod tracking;
