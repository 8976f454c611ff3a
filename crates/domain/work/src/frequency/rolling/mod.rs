//! The weeks ahead planned by themselves: once a day of the company, early in the morning, for the days after it. What is missing
//! by the rules is added, what fell through is planned anew, and whoever looks after the people hears what came of it.
//!
//! Invariants
//! * One run a day and company, by one server. The same day again adds nothing: a run is the button of the screen, pressed.
//! * Days of today and before are left alone, and so is whatever people planned, moved or called off.
//! * Off, or without an active rule, nothing is planned and nobody is told.

mod http;
mod run;
mod sql;
mod watch;

pub(crate) use http::routes;
pub use run::settle;

use std::sync::Arc;

use api::{Checks, Kit};
use base::{LocalDay, Micros};
use db::{Query, Result, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Weeks kept ahead at most.
const MOST_WEEKS: i64 = 8;
/// What a company that makes its first rule begins with.
const USUAL: RollingRule = RollingRule { weeks: 2, again: true };
/// Nobody is at work at this minute of the company's day, and everybody finds the news in the morning.
const AT_MINUTE: i32 = 4 * 60;

/// How far ahead visits are planned by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FrequencyRollingRule)]
pub struct RollingRule {
    /// Whole weeks after the present one; 0: only when somebody asks for it.
    #[schema(minimum = 0, maximum = 8)]
    pub weeks: i64,
    /// Visits that were skipped or forgotten are planned anew, but for those the customer called off.
    pub again: bool,
}

impl RollingRule {
    /// # Errors
    /// `input.invalid`.
    fn check(self) -> Result<()> {
        Checks::new().that("weeks", (0..=MOST_WEEKS).contains(&self.weeks)).done()
    }

    /// Days that are planned on a day: from the next one to the Sunday of the last week.
    fn days(self, today: LocalDay) -> (LocalDay, LocalDay) {
        let sunday = today.plus_days(7 - i32::from(today.weekday()));
        (today.plus_days(1), sunday.plus_days(7 * i32::try_from(self.weeks).unwrap_or(0)))
    }
}

/// What a run came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = FrequencyRollingOutcome)]
pub struct Outcome {
    #[schema(value_type = String, format = Date)]
    pub from: LocalDay,
    #[schema(value_type = String, format = Date)]
    pub to: LocalDay,
    /// Visits added by the rules.
    pub tasks: i64,
    /// Visits that had fallen through and were planned anew.
    pub again: i64,
    /// Visits the rules ask for that could not be placed, each with its reason in the outlook.
    pub unplaced: i64,
    /// Days of people that could not be planned, and departments with more customers or people than one plan takes.
    pub failed: i64,
}

impl Outcome {
    fn of((from, to): (LocalDay, LocalDay)) -> Outcome {
        Outcome { from, to, tasks: 0, again: 0, unplaced: 0, failed: 0 }
    }
}

/// The rule as it is kept, with the last run.
#[derive(Debug, Clone)]
struct Kept {
    rule: RollingRule,
    changed_day: LocalDay,
    ran_day: Option<LocalDay>,
    ran_at: Option<Micros>,
    outcome: Option<Outcome>,
    version: i64,
}

impl Kept {
    /// The next day a run is due on; the day the rule was changed on is left to people.
    fn next(&self, today: LocalDay) -> LocalDay {
        let last = self.ran_day.map_or(self.changed_day, |ran| ran.max(self.changed_day));
        last.plus_days(1).max(today)
    }

    fn is_due(&self, today: LocalDay, minute: i32) -> bool {
        self.rule.weeks > 0 && minute >= AT_MINUTE && self.next(today) == today
    }
}

/// A company without a row is not planned for by itself.
async fn kept(q: &mut impl Query) -> Result<Option<Kept>> {
    let zone = org::zone(q).await?;
    let Some(row) = sql::rule(q).await? else { return Ok(None) };
    Ok(Some(Kept {
        rule: RollingRule { weeks: row.weeks, again: row.again },
        changed_day: row.changed_at.local_day(&zone),
        ran_day: row.ran_day,
        ran_at: row.ran_at,
        outcome: row.outcome.and_then(|text| serde_json::from_str(&text).ok()),
        version: row.version,
    }))
}

/// The first rule of a company is made: from now on its weeks are planned by themselves, unless somebody has said otherwise.
pub(super) async fn begin(tx: &mut Tx) -> Result<()> {
    if sql::rule(tx).await?.is_none() {
        sql::set_rule(tx, USUAL, 0).await?;
    }
    Ok(())
}

/// Handle to the running part; background work ends with the last one.
#[derive(Clone)]
pub struct Rolling(#[expect(dead_code, reason = "held so that the watching goes on")] Arc<Kit>);

impl Rolling {
    /// Starts looking for companies whose weeks are to be planned. Once a process.
    pub fn start(kit: &Kit) -> Rolling {
        let kit = Arc::new(kit.clone());
        tokio::spawn(watch::watch(Arc::downgrade(&kit)));
        Rolling(kit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> LocalDay {
        text.parse().unwrap()
    }

    fn kept(ran: Option<&str>) -> Kept {
        Kept {
            rule: USUAL,
            changed_day: day("2026-11-20"),
            ran_day: ran.map(day),
            ran_at: None,
            outcome: None,
            version: 1,
        }
    }

    #[test]
    fn the_rest_of_this_week_and_whole_weeks_after_it() {
        let of = |today: &str, weeks: i64| RollingRule { weeks, again: true }.days(day(today));
        assert_eq!(of("2026-11-20", 2), (day("2026-11-21"), day("2026-12-06")), "a Friday");
        assert_eq!(of("2026-11-22", 1), (day("2026-11-23"), day("2026-11-29")), "a Sunday");
        assert_eq!(of("2026-11-23", 1), (day("2026-11-24"), day("2026-12-06")), "a Monday");
    }

    #[test]
    fn once_a_day_and_not_on_the_day_it_was_switched_on() {
        let friday = kept(None);
        assert!(!friday.is_due(day("2026-11-20"), 600));
        assert_eq!(friday.next(day("2026-11-20")), day("2026-11-21"));
        assert!(!friday.is_due(day("2026-11-21"), 239), "not before four");
        assert!(friday.is_due(day("2026-11-21"), 240));
        let ran = kept(Some("2026-11-21"));
        assert!(!ran.is_due(day("2026-11-21"), 900));
        assert_eq!(ran.next(day("2026-11-21")), day("2026-11-22"));
        // The server was away for days: once, as soon as it is back.
        assert!(ran.is_due(day("2026-11-25"), 700));
        assert_eq!(ran.next(day("2026-11-25")), day("2026-11-25"));
        let off = Kept { rule: RollingRule { weeks: 0, again: true }, ..ran };
        assert!(!off.is_due(day("2026-11-25"), 700));
    }
}
