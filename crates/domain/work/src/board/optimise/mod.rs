//! A better draft: the route engine over the rows that are asked for and the pool, beside what the draft is now. One day, or
//! several at once: then each person's day is a route of its own on one axis of time, and a visit may change its day.

mod answer;
mod days;
mod question;
mod together;

use std::{
    sync::{Arc, LazyLock},
    time::Instant,
};

use api::{Kit, TravelSource};
use base::{LocalDay, Problem, problem};
use db::{Result, Scope};
use route::model::{Effort, Options, solve_from};
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{http::DraftRow, sheet::Sheet};
use question::Question;

/// What a better board saves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BoardGoal)]
pub enum Goal {
    Distance,
    Time,
    /// Least time, and the longest days are cut first.
    Balanced,
}

/// What it means that a customer has an owner.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BoardOwners)]
pub enum Owners {
    /// Anybody may go; whom a customer prefers is still preferred.
    Any,
    /// Whom the customer prefers goes, or else the owner, unless another saves a quarter of an hour or five kilometres.
    #[default]
    Prefer,
    /// Nobody but the owner goes, or whom the customer prefers.
    Only,
}

impl Goal {
    /// What it costs that another goes than who is preferred: seconds, or metres where ways are made short.
    fn of_another(self) -> i64 {
        match self {
            Goal::Distance => 5_000,
            Goal::Time | Goal::Balanced => 15 * 60,
        }
    }
}

/// Way and work of a draft.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct BoardSum {
    pub employee_id: Option<Uuid>,
    pub visits: usize,
    pub meters: i64,
    pub seconds: i64,
    /// Rules of time that are broken.
    pub violations: usize,
}

/// A task nobody can make, and the first rule that stands against it with the person for whom it came nearest: `nobody`,
/// `skill`, `no_way`, `no_location`, `window`, `closed` (the customer is, whenever somebody could come), `shift`, `outbid`
/// (fits alone, but not beside the others), `limit` (days may hold no more visits or kilometres), `locked`, `owner` (only
/// its owner may go, and he is not on this board or does not work), `barred` (its customer is never to be visited by any of
/// those who could), `twice` (its customer is visited already on each of the days), `spacing` (the rule of its customer leaves
/// none of the days), `crew` (several people make it together: it is put into their rows by hand).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BoardLeftOut {
    pub task_id: Uuid,
    pub reason: String,
    /// The person it was nearest to.
    pub employee_id: Option<Uuid>,
}

/// A better draft.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BoardProposal {
    pub rows: Vec<DraftRow>,
    /// All rows together, then each.
    pub before: Vec<BoardSum>,
    pub after: Vec<BoardSum>,
    /// Nothing better exists.
    pub proven_optimal: bool,
    /// However the same visits were arranged, no more than so many thousandths of way, time and wishes together could
    /// still be saved; 0 where proven, absent where nothing is known.
    pub gap_permille: Option<i64>,
    pub left_out: Vec<BoardLeftOut>,
    /// Promised visits that stand although a rule is against them, and the first that is.
    pub kept: Vec<BoardLeftOut>,
    /// Seconds of search.
    pub searched_s: f64,
    pub source: TravelSource,
}

/// A better draft of several days. Sums of a person are those of all his days.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BoardWeekProposal {
    pub days: Vec<BoardDayRows>,
    /// All rows together, then each person's.
    pub before: Vec<BoardSum>,
    pub after: Vec<BoardSum>,
    /// Nothing better exists.
    pub proven_optimal: bool,
    /// As of one day.
    pub gap_permille: Option<i64>,
    pub left_out: Vec<BoardLeftOut>,
    pub kept: Vec<BoardLeftOut>,
    /// Seconds of search.
    pub searched_s: f64,
    pub source: TravelSource,
}

/// The rows of one of the days.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BoardDayRows {
    #[schema(value_type = String, format = Date)]
    pub day: LocalDay,
    pub rows: Vec<DraftRow>,
}

/// What is asked: the days, tasks that wait, and what better means.
pub(super) struct Ask {
    pub sheets: Vec<Sheet>,
    pub pool: Vec<Uuid>,
    pub goal: Goal,
    pub owners: Owners,
}

/// Longest search of one day and of several, seconds.
const LONGEST: f64 = 4.0;
const LONGEST_WEEK: f64 = 8.0;

/// One board is searched at a time on this server.
static SEARCHING: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(1)));

/// Proposes a better draft of one day.
///
/// # Errors
/// `busy` when others wait for one.
pub(super) async fn propose(kit: &Kit, scope: &Scope, ask: Ask) -> Result<BoardProposal> {
    let week = propose_days(kit, scope, ask).await?;
    Ok(BoardProposal {
        rows: week.days.into_iter().flat_map(|d| d.rows).collect(),
        before: week.before,
        after: week.after,
        proven_optimal: week.proven_optimal,
        gap_permille: week.gap_permille,
        left_out: week.left_out,
        kept: week.kept,
        searched_s: week.searched_s,
        source: week.source,
    })
}

/// Proposes a better draft of several days.
///
/// # Errors
/// `busy` when others wait for one.
pub(super) async fn propose_days(kit: &Kit, scope: &Scope, mut ask: Ask) -> Result<BoardWeekProposal> {
    share_tasks(&mut ask.sheets);
    let question = Question::read(kit, scope, &ask).await?;
    let (problem, begin) = question.problem();
    let longest = if ask.sheets.len() > 1 { LONGEST_WEEK } else { LONGEST };
    let seconds = (0.3 + problem.visits.len() as f64 * 0.015).min(longest);
    let turn = tokio::time::timeout(std::time::Duration::from_secs(15), SEARCHING.clone().acquire_owned())
        .await
        .map_err(|_| Problem::new(problem::BUSY).retry_after(15))?
        .map_err(Problem::internal)?;
    let (found, searched_s) = tokio::task::spawn_blocking(move || {
        // Held until the search ends, also when nobody waits for it any more.
        let _turn = turn;
        let begun = Instant::now();
        let clock = move || begun.elapsed().as_secs_f64();
        let options = Options { effort: Effort::Clock { now: &clock, seconds }, threads: 1, seed: 1 };
        let found = solve_from(&problem, Some(&begin), &options);
        (found, clock())
    })
    .await
    .map_err(Problem::internal)?;
    Ok(question.answer(found.map_err(Problem::internal)?, searched_s))
}

/// Every day knows every task, whichever of them named it.
fn share_tasks(sheets: &mut [Sheet]) {
    if sheets.len() < 2 {
        return;
    }
    let all: Vec<_> = sheets.iter().flat_map(|s| s.tasks.clone()).collect();
    for sheet in sheets {
        for (id, task) in &all {
            sheet.tasks.entry(*id).or_insert_with(|| task.clone());
        }
    }
}
