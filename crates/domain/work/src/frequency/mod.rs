//! Frequency plans: rules that say how often customers are visited, and the weeks ahead planned by them.
//!
//! Nouns: FrequencyRule (whom it is about, how often, how far apart), Outlook (the weeks of everybody, planned or
//! proposed), Missed (a visit that fell through and is offered again), Rolling (the weeks ahead planned by themselves, once a day), CalendarFeed (a person's days by a secret address).
//!
//! Invariants
//! * A customer follows the first active rule that fits him, and is visited by whom he prefers or his owner; or, where the rule says so, by
//!   anybody of a department who has the skills, so that work is even over people, each keeping whom he visited before.
//! * What is planned already, by whomever, counts and is never moved. Called off, skipped or forgotten it does not
//!   count, and its day is not taken again. So the same run twice adds nothing the second time.
//! * By themselves the weeks are planned once a day, for days after it. What somebody called off stays called off then.
//! * Nothing is planned on a day on which its person does not work, nor beyond the hours, visits and way the day may hold.

mod due;
mod feed;
mod generate;
mod http;
mod ics;
mod missed;
mod outlook;
mod question;
mod rolling;
mod rule;
mod spacing;
mod sql;

pub(crate) use due::{Due, due, due_one};
pub use feed::forget as forget_feed;
pub(crate) use http::routes;
pub(crate) use question::{Able, Crew, crew};
pub use rolling::{Rolling, settle as roll};
pub use rule::{MonthlyWork, monthly_work, rule_naming};
pub(crate) use spacing::{Spacing, spacing};

use base::{LocalDay, Micros};
use db::{Query, Result};
use uuid::Uuid;

/// Visits in reach that fell through lately, the oldest first: the task, its day, and whether it was skipped.
pub(crate) async fn missed_tasks(
    q: &mut impl Query,
    today: LocalDay,
    now: Micros,
) -> Result<Vec<(Uuid, LocalDay, bool)>> {
    let rows = sql::missed(q, today.plus_days(-missed::DAYS), now, None).await?;
    Ok(rows.into_iter().map(|r| (r.id, r.day, r.status == "skipped")).collect())
}

base::problems! {
    /// Too many customers for one plan.
    TOO_MANY = 422 "frequency.too_many",
        zh "客户太多" / "一次最多为 {most} 家客户排计划，现在有 {count} 家。请按部门分开生成。",
        en "Too many customers" / "At most {most} customers can be planned at once; there are {count}. Plan department by department.";
    /// Too many people who may go in one plan.
    TOO_MANY_PEOPLE = 422 "frequency.too_many_people",
        zh "人员太多" / "一次最多为 {most} 人排计划，按现在的规则有 {count} 人能去。请按部门分开生成，或把规则里的部门改小。",
        en "Too many people" / "At most {most} people can be planned at once; by these rules {count} may go. Plan department by department, or name smaller departments in the rules.";
    /// Another run is under way.
    RUNNING = 409 "frequency.running",
        zh "正在生成" / "另一次生成还没有结束，请稍后再看。",
        en "Already running" / "Another run has not ended yet; look again in a moment.";
    /// The visit is not one that fell through, or it has been offered and taken.
    NOT_MISSED = 409 "frequency.not_missed",
        zh "不用补访" / "这次拜访没有漏掉，或者之后已经安排过了。",
        en "Not missed" / "This visit was not missed, or another one is planned since.";
}
