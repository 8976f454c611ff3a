//! Printed documents. Pure: the same figures give the same PDF to the last byte, on any machine and on any day, because
//! nothing of when or where it was made goes into the file.
//!
//! [`statement`] prints a month's mileage statement on A4, [`service_report`] what a customer signs,
//! [`round_report`] what an inspector saw on his round.

mod look;
mod round_report;
mod service_report;
mod sheet;
mod statement;

pub use round_report::{RoundPoint, RoundReport, round_report};
pub use service_report::{ReportLine, ReportPart, ReportStep, ServiceReport, service_report};
pub use statement::statement;

/// Why a document could not be composed: a fault of the program, not of its input.
#[derive(Debug)]
pub struct PaperError(pub(crate) String);

impl std::fmt::Display for PaperError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the document cannot be composed: {}", self.0)
    }
}

impl std::error::Error for PaperError {}
