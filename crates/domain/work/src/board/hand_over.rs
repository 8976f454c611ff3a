//! Visits that go to somebody else, or to another day: each is put where it costs its person least, all of them at once.

use std::collections::{BTreeMap, BTreeSet};

use api::{Checks, Kit};
use base::{LocalDay, Problem};
use db::{Result, Scope};
use uuid::Uuid;

use super::{
    http::{DraftRow, Publish, PublishRow},
    place,
    publish::{self, Noted},
    sheet::{self, Sheet},
};
use crate::{
    BOARD_LOCKED, BOARD_STALE,
    model::Objective,
    plans,
    tasks::{self, sql::TaskRow},
};

/// A visit, and who makes it from now on.
#[derive(Debug, Clone, Copy)]
pub struct Handed {
    pub task: Uuid,
    /// Of the task, as whoever decided it saw it.
    pub version: i64,
    pub to: Uuid,
    /// When; absent: on the day it is planned for.
    pub day: Option<LocalDay>,
}

/// What a hand-over belongs to: it is noted there, in the same transaction.
#[derive(Debug, Clone, Copy)]
pub struct Occasion {
    /// Of the line in the trail.
    pub action: &'static str,
    /// Kind and id of the subject.
    pub subject: &'static str,
    pub id: Uuid,
}

/// Hands visits over: they leave the plans they are in and join those of the others, where they cost the least way.
/// Everybody whose day is another now is told.
///
/// # Errors
/// `board.stale` when a visit or a plan was changed meanwhile; `board.locked` for one that is locked;
/// `input.invalid` when somebody's day would hold too many. Nothing is changed then.
pub async fn hand_over(kit: &Kit, scope: &Scope, handed: &[Handed], occasion: Occasion) -> Result<()> {
    let mut reader = kit.db.read(scope).await?;
    let mut gone: Vec<(TaskRow, Uuid, LocalDay)> = vec![];
    for one in handed {
        let row = tasks::sql::one(&mut reader, one.task).await?;
        if row.version != one.version || !tasks::waits(row.kept()) {
            return Err(Problem::new(BOARD_STALE).with("who", &row.employee_name));
        }
        if row.locked {
            return Err(Problem::new(BOARD_LOCKED).with("customer", &row.customer_name));
        }
        let day = one.day.unwrap_or(row.day);
        gone.push((row, one.to, day));
    }
    let mut touched: BTreeMap<LocalDay, BTreeSet<Uuid>> = BTreeMap::new();
    for (task, to, day) in &gone {
        touched.entry(task.day).or_default().insert(task.employee_id);
        touched.entry(*day).or_default().insert(*to);
    }
    let mut drafts = vec![];
    for (day, people) in touched {
        let leaves = |t: &TaskRow| gone.iter().any(|(g, ..)| g.id == t.id);
        let mut rows = vec![];
        for employee_id in people {
            let plan = plans::planned(&mut reader, employee_id, day).await?;
            let tasks = match &plan {
                Some(plan) => tasks::sql::of_plan(&mut reader, plan.id).await?,
                None => vec![],
            };
            let stays = tasks.iter().filter(|t| tasks::waits(t.kept()) && !leaves(t));
            rows.push(PublishRow {
                employee_id,
                tasks: stays.map(|t| t.id).collect(),
                objective: plan.as_ref().map_or(Objective::Distance, |p| Objective::from_key(&p.objective)),
                keep_order: plan.as_ref().is_some_and(|p| p.keep_order),
                version: plan.as_ref().map(|p| p.version),
                plan_id: plan.map(|p| p.id),
            });
        }
        drafts.push(Publish { day, rows, moved: vec![] });
    }
    // Whoever holds a reader must not ask for another.
    drop(reader);
    for draft in &mut drafts {
        for (task, to, _) in gone.iter().filter(|(.., day)| *day == draft.day) {
            let Some(row) = draft.rows.iter_mut().find(|r| r.employee_id == *to) else { continue };
            let now = DraftRow { employee_id: *to, tasks: row.tasks.clone() };
            let sheet = Sheet::read(kit, scope, draft.day, &[now], &[task.id]).await?;
            let best = place::places(kit, scope, &sheet, task.id).await?;
            let at = best.first().map_or(row.tasks.len(), |p| p.position.min(row.tasks.len()));
            row.tasks.insert(at, task.id);
        }
        let mut checks = Checks::new();
        sheet::check(&mut checks, &publish::draft_of(draft), &[]);
        checks.done()?;
    }
    let visits = handed.len();
    publish::publish(kit, scope, drafts, Some(Noted { occasion, visits })).await.map(drop)
}
