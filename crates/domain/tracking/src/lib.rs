//! Positions.
pub mod pack;
pub mod reading;
pub mod wire;
