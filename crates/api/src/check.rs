//! Collecting what is wrong with an input, so that a form shows all of it at once.

use base::{Problem, problem, problem::Code};

/// A list of faults in the making.
#[derive(Default)]
pub struct Checks(Option<Problem>);

impl Checks {
    pub fn new() -> Checks {
        Checks::default()
    }

    /// Notes a fault of a field.
    pub fn fault(&mut self, field: &str, code: &'static Code) -> &mut Checks {
        let problem = self.0.take().unwrap_or_else(|| {
            Problem::new(problem::INVALID).with("reason", "请检查标出的字段 / check the marked fields")
        });
        self.0 = Some(problem.field(field, code));
        self
    }

    /// A text that must not be blank nor longer than `max` characters.
    pub fn text(&mut self, field: &str, value: &str, max: usize) -> &mut Checks {
        if value.trim().is_empty() {
            self.fault(field, problem::REQUIRED)
        } else {
            self.at_most(field, Some(value), max)
        }
    }

    /// A text that may be absent but not longer than `max` characters.
    pub fn at_most(&mut self, field: &str, value: Option<&str>, max: usize) -> &mut Checks {
        if value.is_some_and(|v| v.chars().count() > max) {
            self.fault(field, problem::TOO_LONG);
        }
        self
    }

    /// A condition the value must meet.
    pub fn that(&mut self, field: &str, holds: bool) -> &mut Checks {
        if !holds {
            self.fault(field, problem::BAD_VALUE);
        }
        self
    }

    /// # Errors
    /// `input.invalid` with every fault noted.
    pub fn done(&mut self) -> Result<(), Problem> {
        match self.0.take() {
            Some(problem) => Err(problem),
            None => Ok(()),
        }
    }
}
