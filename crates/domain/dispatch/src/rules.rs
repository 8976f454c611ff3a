//! The company's own rules of dispatch.

use api::Checks;
use db::Result;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How requests are offered. As delivered nobody is asked without a dispatcher.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DispatchRules {
    /// Minutes a person has to answer.
    #[schema(minimum = 1, maximum = 120)]
    pub answer_minutes: i64,
    /// Ask the recommended idle person at once, and the next when he refuses or does not answer.
    pub auto: bool,
    /// Only requests of at least this priority.
    #[schema(minimum = 1, maximum = 3)]
    pub auto_priority: i64,
    /// Only people who could begin within so many minutes.
    #[schema(minimum = 5, maximum = 480)]
    pub auto_within_minutes: i64,
    /// So many are asked before it is left to the dispatcher.
    #[schema(minimum = 1, maximum = 10)]
    pub auto_tries: i64,
}

impl Default for DispatchRules {
    fn default() -> DispatchRules {
        DispatchRules {
            answer_minutes: 5,
            auto: false,
            auto_priority: 3,
            auto_within_minutes: 60,
            auto_tries: 3,
        }
    }
}

impl DispatchRules {
    /// # Errors
    /// `input.invalid` with every field out of its bounds.
    pub fn check(&self) -> Result<()> {
        Checks::new()
            .that("answer_minutes", (1..=120).contains(&self.answer_minutes))
            .that("auto_priority", (1..=3).contains(&self.auto_priority))
            .that("auto_within_minutes", (5..=480).contains(&self.auto_within_minutes))
            .that("auto_tries", (1..=10).contains(&self.auto_tries))
            .done()
    }
}
