//! Reminders: who has not begun a visit hears of it before its window closes, and whoever planned it when it has
//! closed. Once for each window, one notice for all visits of a person that are due together.

mod http;
mod sql;
mod watch;

pub(crate) use http::routes;
pub use watch::settle as remind;

use std::sync::Arc;

use api::{Checks, Kit};
use db::{Query, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// When people are reminded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskReminderRule {
    /// Minutes before a window closes; 0: nobody is reminded.
    #[schema(minimum = 0, maximum = 240)]
    pub soon_minutes: i64,
    /// Whoever planned a visit hears that it was not begun in its window.
    pub overdue: bool,
}

impl Default for TaskReminderRule {
    fn default() -> TaskReminderRule {
        TaskReminderRule { soon_minutes: 30, overdue: true }
    }
}

impl TaskReminderRule {
    /// # Errors
    /// `input.invalid`.
    fn check(self) -> Result<()> {
        Checks::new().that("soon_minutes", (0..=240).contains(&self.soon_minutes)).done()
    }
}

/// The company's rule with its version, 0 while it was never changed.
async fn rule(q: &mut impl Query) -> Result<(TaskReminderRule, i64)> {
    Ok(sql::rule(q).await?.map_or_else(
        || (TaskReminderRule::default(), 0),
        |r| (TaskReminderRule { soon_minutes: r.soon_minutes, overdue: r.overdue }, r.version),
    ))
}

/// Handle to the running part; background work ends with the last one.
#[derive(Clone)]
pub struct Reminders(#[expect(dead_code, reason = "held so that the watching goes on")] Arc<Kit>);

impl Reminders {
    /// Starts looking for visits that are due. Once a process.
    pub fn start(kit: &Kit) -> Reminders {
        let kit = Arc::new(kit.clone());
        tokio::spawn(watch::watch(Arc::downgrade(&kit)));
        Reminders(kit)
    }
}
