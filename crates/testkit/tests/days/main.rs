//! Positions and days as the outside sees them, on both engines.

mod dispatch;
mod fences;
mod health;
mod ledger;
mod mileage;
mod months;
mod parquet;
mod report;
mod retention;
mod rights;
mod tracking;
