use base::{LocalDay, Micros, Problem, problem};
use db::{BoxFuture, News, Query, Result, Tx};
use org::Person;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Change, Task, TaskStatus, after, crew, sql, sql::TaskRow, waits};
use crate::{
    NOT_OPEN,
    model::{Spot, Window, to_json},
    plans::{self, actor_name},
};

/// A task in reach.
pub async fn by_id(q: &mut impl Query, id: Uuid, now: Micros) -> Result<Task> {
    let row = sql::one(q, id).await?;
    crew::shown_one(q, &row, now).await
}

/// Where the console shows a task.
pub(super) fn link(task: Uuid, day: LocalDay) -> String {
    format!("/tasks?task={task}&from={day}&to={day}")
}

/// Tells the consoles how a task stands now.
pub(crate) async fn emit(tx: &mut Tx, id: Uuid) -> Result<()> {
    let now = tx.now();
    let row = sql::one(tx, id).await?;
    let payload = serde_json::to_value(crew::shown_one(tx, &row, now).await?).map_err(Problem::internal)?;
    tx.emit(News { topic: "task", employee_id: row.employee_id, department_id: row.department_id, payload })
        .await
}

/// Cancels a task that has not begun.
pub async fn cancel(tx: &mut Tx, id: Uuid, reason: &str) -> Result<Task> {
    cancel_seen(tx, id, reason, None).await
}

/// The same; with `was` only while it is still whose and when it was seen.
pub(super) async fn cancel_seen(tx: &mut Tx, id: Uuid, reason: &str, was: Option<Spot>) -> Result<Task> {
    let now = tx.now();
    let row = sql::one(tx, id).await?;
    if row.kept() != TaskStatus::Cancelled {
        if was.is_some_and(|was| was != Spot { employee_id: row.employee_id, day: row.day }) {
            return Err(Problem::new(problem::VERSION));
        }
        call_off(tx, &row, reason).await?;
    }
    by_id(tx, id, now).await
}

/// Cancels a task that the caller has checked, and tells its person.
async fn call_off(tx: &mut Tx, row: &TaskRow, reason: &str) -> Result<()> {
    if !sql::cancel_open(tx, row.id, reason).await? {
        return Err(Problem::new(NOT_OPEN));
    }
    let told = json!({ "customer": row.customer_name, "day": row.day, "reason": reason });
    tx.audit("task.cancel", "task", row.id, told).await?;
    emit_row(tx, row).await?;
    crew::tell_mates(tx, row).await?;
    if tx.scope().actor() != row.employee_id {
        let params = json!({ "day": row.day, "by": actor_name(tx).await?, "customer": row.customer_name, "reason": reason });
        let notice = notify::New { kind: "task.cancelled", params, link: Some(link(row.id, row.day)) };
        notify::send(tx, row.employee_id, row.department_id, notice).await?;
    }
    Ok(())
}

/// Cancels a task that has not begun, and those of whoever was to come along and has not begun either, of another department
/// too: he was to help with what is called off.
pub async fn cancel_all(tx: &mut Tx, id: Uuid, reason: &str) -> Result<()> {
    let task = cancel(tx, id, reason).await?;
    for mate in task.crew.iter().filter(|m| waits(m.status) || m.status == TaskStatus::OnTheWay) {
        if let Some(row) = sql::any(tx, mate.task_id).await? {
            call_off(tx, &row, reason).await?;
        }
    }
    Ok(())
}

/// Locks a task that has not begun, or unlocks it.
pub async fn lock(tx: &mut Tx, id: Uuid, locked: bool) -> Result<Task> {
    let now = tx.now();
    let row = sql::one(tx, id).await?;
    if row.locked == locked {
        return crew::shown_one(tx, &row, now).await;
    }
    if !sql::set_locked(tx, id, locked).await? {
        return Err(Problem::new(NOT_OPEN));
    }
    let action = if locked { "task.lock" } else { "task.unlock" };
    tx.audit(action, "task", id, json!({ "customer": row.customer_name, "day": row.day })).await?;
    emit(tx, id).await?;
    if let Some(plan) = row.plan_id {
        plans::emit(tx, plan, row.employee_id, row.department_id, row.day).await?;
    }
    by_id(tx, id, now).await
}

/// Changes the hours in which a task is to begin. What was promised stays promised.
///
/// # Errors
/// `version.conflict` when its window is no longer `was`; `task.not_open` when it has begun or is over.
pub async fn set_window(tx: &mut Tx, id: Uuid, was: Window, window: Window) -> Result<Task> {
    let now = tx.now();
    let row = sql::one(tx, id).await?;
    let before = Window::new(row.from_minute, row.to_minute);
    if before == window {
        return crew::shown_one(tx, &row, now).await;
    }
    if before != was {
        return Err(Problem::new(problem::VERSION));
    }
    if !waits(row.kept()) {
        return Err(Problem::new(NOT_OPEN));
    }
    let zone = org::zone(tx).await?;
    sql::set_window(tx, id, window, window.end(row.day, &zone)).await?;
    let told = json!({ "customer": row.customer_name, "day": row.day, "from": before, "to": window });
    tx.audit("task.window", "task", id, told).await?;
    emit(tx, id).await?;
    if let Some(plan) = row.plan_id {
        plans::emit(tx, plan, row.employee_id, row.department_id, row.day).await?;
    }
    by_id(tx, id, now).await
}

/// Says what a task asks of whoever makes it. Whether its person can is said by the board.
pub async fn need(tx: &mut Tx, id: Uuid, skills: &[String]) -> Result<Task> {
    let now = tx.now();
    let row = sql::one(tx, id).await?;
    let skills = org::tidy_skills(skills);
    let text = to_json(&skills)?;
    if row.skills == text {
        return crew::shown_one(tx, &row, now).await;
    }
    if !sql::set_skills(tx, id, &text).await? {
        return Err(Problem::new(NOT_OPEN));
    }
    let told = json!({ "customer": row.customer_name, "day": row.day, "skills": skills });
    tx.audit("task.skills", "task", id, told).await?;
    emit(tx, id).await?;
    by_id(tx, id, now).await
}

/// The acting person accepts one of his tasks.
pub async fn accept(tx: &mut Tx, id: Uuid) -> Result<()> {
    step(tx, id, Change::Accept).await
}

/// The acting person sets out to one of his tasks.
pub async fn set_out(tx: &mut Tx, id: Uuid) -> Result<()> {
    step(tx, id, Change::SetOut).await
}

/// A task that was left out.
#[derive(Debug, Clone, Copy)]
pub struct Skipped<'a> {
    pub task: Uuid,
    pub employee: Uuid,
    pub reason: Option<&'a str>,
}

/// Registered by upper floors: told in the transaction that leaves a task out, by its person or by who approved it.
pub struct SkipHook {
    pub run: for<'a> fn(&'a mut Tx, Skipped<'a>) -> BoxFuture<'a, Result<()>>,
}
inventory::collect!(SkipHook);

/// A task is left out by its person: `why` is what its planner is told. False when it was begun or ended meanwhile.
pub(crate) async fn skip(
    tx: &mut Tx,
    row: &TaskRow,
    code: Option<&str>,
    reason: Option<&str>,
    why: Value,
) -> Result<bool> {
    if !sql::skip_open(tx, row.id, code, reason).await? {
        return Ok(false);
    }
    emit_row(tx, row).await?;
    crew::tell_mates(tx, row).await?;
    tx.audit(
        "task.skip",
        "task",
        row.id,
        json!({ "customer": row.customer_name, "day": row.day, "code": code, "reason": reason }),
    )
    .await?;
    if let Some(planner) = planner(tx, row).await? {
        let params =
            json!({ "day": row.day, "by": row.employee_name, "customer": row.customer_name, "reason": why });
        let notice = notify::New { kind: "task.skipped", params, link: Some(link(row.id, row.day)) };
        notify::send(tx, planner.id, planner.department_id, notice).await?;
    }
    let skipped = Skipped { task: row.id, employee: row.employee_id, reason };
    for hook in inventory::iter::<SkipHook> {
        (hook.run)(tx, skipped).await?;
    }
    Ok(true)
}

/// Tells the consoles how a task stands now, whoever acts: somebody who decides need not see it.
pub(crate) async fn emit_row(tx: &mut Tx, row: &TaskRow) -> Result<()> {
    let now = tx.now();
    let Some(row) = sql::any(tx, row.id).await? else { return Ok(()) };
    let payload = serde_json::to_value(crew::shown_one(tx, &row, now).await?).map_err(Problem::internal)?;
    tx.emit(News { topic: "task", employee_id: row.employee_id, department_id: row.department_id, payload })
        .await
}

/// Who gave the task, when that was somebody else.
async fn planner(tx: &mut Tx, row: &TaskRow) -> Result<Option<Person>> {
    let by = sql::created_by(tx, row.id).await?;
    let found = org::by_ids(tx, &[by]).await?;
    Ok(found.into_iter().find(|p| p.id != row.employee_id && p.status == "active"))
}

/// Moves one of the acting person's tasks on.
async fn step(tx: &mut Tx, id: Uuid, change: Change) -> Result<()> {
    let row = sql::mine(tx, id).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    let status = row.kept();
    let next = after(status, change).ok_or_else(|| Problem::new(NOT_OPEN))?;
    if next != status {
        sql::set_status(tx, id, next, None, None).await?;
        emit(tx, id).await?;
        crew::tell_mates(tx, &row).await?;
    }
    Ok(())
}
