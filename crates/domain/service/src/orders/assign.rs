//! Giving an order to somebody: it becomes a task of his day, and he has the type's time to answer.

use api::Checks;
use base::{LocalDay, Micros, Problem, id, problem};
use db::{Result, Scope, Tx};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;
use work::Window;

use super::{
    moves::{Advance, advance, tell_keepers},
    rules::{Move, OrderStatus, after},
    sql::{self, OrderRow},
};
use crate::{Inner, NOT_NOW};

/// When a day ends for which nobody said until when.
const DAY_END: i32 = 1080;

/// Whom to give it to.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Assignment {
    /// Id of the task that is made, made by the client: the same again is the same assignment.
    pub id: Option<Uuid>,
    pub employee_id: Uuid,
    /// Absent: today.
    #[schema(value_type = Option<String>, format = Date)]
    pub day: Option<LocalDay>,
    /// Absent: from now until the day ends.
    pub window: Option<Window>,
}

/// Gives an order to a person in reach.
///
/// # Errors
/// `order.not_now`; `not_found` for a person out of reach.
pub(crate) async fn assign(inner: &Inner, scope: &Scope, order: Uuid, a: Assignment) -> Result<()> {
    Checks::new().that("window", a.window.is_none_or(Window::is_sound)).done()?;
    let task = a.id.unwrap_or_else(id::new_v7);
    let now = inner.kit.now();
    let mut r = inner.kit.db.read(scope).await?;
    let row = sql::one(&mut r, order).await?;
    if row.task_id == Some(task) && row.employee_id == Some(a.employee_id) {
        return Ok(());
    }
    let zone = org::zone(&mut r).await?;
    let person = org::person(&mut r, a.employee_id).await?;
    drop(r);
    if after(row.kept(), Move::Assign).is_none() {
        return Err(Problem::new(NOT_NOW));
    }
    let today = now.local_day(&zone);
    let day = a.day.unwrap_or(today);
    Checks::new().that("day", day >= today).done()?;
    let window = a.window.unwrap_or_else(|| {
        let from = if day == today { now.local_minute(&zone).min(1438) } else { 540 };
        Window { from_minute: from, to_minute: DAY_END.max(from + 1) }
    });
    let task = work::tasks::NewTask {
        id: Some(task),
        employee_id: person.id,
        with: vec![],
        customer_id: row.customer_id,
        day,
        window,
        template_id: row.template_id,
        steps: None,
        note: Some(note(&row)),
        skills: row.skills(),
        title: None,
        custom: Default::default(),
    };
    let made = work::tasks::give(&inner.kit, scope, task, false).await?;
    let stored = {
        let row = row.clone();
        inner
            .kit
            .db
            .write(scope, move |tx| Box::pin(async move { store(tx, &row, &person, made.id).await }))
            .await
    };
    if stored.is_err() {
        // The same assignment was sent twice and the other one was first: it stands.
        let now = sql::one(&mut inner.kit.db.read(scope).await?, order).await?;
        if now.task_id == Some(made.id) && now.employee_id == Some(a.employee_id) {
            return Ok(());
        }
        // Somebody else was faster: the task has no order and goes.
        let gone = inner.kit.db.write(scope, move |tx| {
            Box::pin(async move {
                work::tasks::cancel(tx, made.id, "工单已变化 / the order has changed").await.map(drop)
            })
        });
        if let Err(problem) = gone.await {
            tracing::warn!(%order, error = %problem, "a task without its order stays");
        }
        if now.version != row.version {
            return Err(Problem::new(NOT_NOW));
        }
    }
    stored
}

/// What stands on the task.
fn note(row: &OrderRow) -> String {
    let equipment = row.equipment_name.as_deref().map(|e| format!(" · {e}")).unwrap_or_default();
    format!("{} {}{equipment}", row.number, row.title).chars().take(500).collect()
}

async fn store(tx: &mut Tx, row: &OrderRow, person: &org::Person, task: Uuid) -> Result<()> {
    let until = tx.now().plus(row.answer_minutes * Micros::MINUTE);
    let move_to = Advance { mv: Move::Assign, claimed_at: None, note: Some(&person.name) };
    advance(tx, row, move_to, |o, _| {
        (o.employee_id, o.task_id, o.expires_at) = (Some(person.id), Some(task), Some(until));
    })
    .await?;
    let zone = org::zone(tx).await?;
    let minute = until.local_minute(&zone);
    let until = format!("{:02}:{:02}", minute / 60, minute % 60);
    let params =
        json!({ "number": row.number, "customer": row.customer_name, "title": row.title, "until": until });
    let notice = notify::New { kind: "order.assigned", params, link: Some(format!("/orders/{}", row.id)) };
    notify::send(tx, person.id, person.department_id, notice).await.map(drop)
}

/// Takes an order back to the desk; the task that has not begun goes with it.
pub(crate) async fn give_back(tx: &mut Tx, row: &OrderRow, mv: Move, note: Option<&str>) -> Result<OrderRow> {
    let back = advance(tx, row, Advance { mv, claimed_at: None, note }, |_, _| {}).await?;
    end_task(tx, row, note.unwrap_or("工单收回 / order taken back")).await?;
    if let Some(person) = row.employee_id.filter(|p| *p != tx.scope_actor())
        && let Some(person) = org::by_ids(tx, &[person]).await?.into_iter().find(|p| p.status == "active")
    {
        let params = json!({ "number": row.number, "customer": row.customer_name });
        let notice = notify::New { kind: "order.returned", params, link: Some("/orders".into()) };
        notify::send(tx, person.id, person.department_id, notice).await?;
    }
    Ok(back)
}

/// Its task was moved to another person's day: he is asked, and who had it hears that it is his no more.
pub(crate) async fn hand_on(tx: &mut Tx, row: &OrderRow) -> Result<()> {
    let (Some(task), Some(before)) = (row.task_id, row.employee_id) else { return Ok(()) };
    let Some(holder) = sql::holder(tx, task).await?.filter(|h| *h != before) else { return Ok(()) };
    let back = Advance {
        mv: Move::Return,
        claimed_at: None,
        note: Some("任务已改派 / task moved to another person"),
    };
    let row = advance(tx, row, back, |_, _| {}).await?;
    for person in org::by_ids(tx, &[before, holder]).await? {
        if person.id == holder {
            store(tx, &row, &person, task).await?;
        } else if person.status == "active" {
            let params = json!({ "number": row.number, "customer": row.customer_name });
            let notice = notify::New { kind: "order.returned", params, link: Some("/orders".into()) };
            notify::send(tx, person.id, person.department_id, notice).await?;
        }
    }
    Ok(())
}

/// Cancels the task of an order, if it has not begun.
pub(crate) async fn end_task(tx: &mut Tx, row: &OrderRow, reason: &str) -> Result<()> {
    let Some(task) = row.task_id else { return Ok(()) };
    match work::tasks::cancel(tx, task, reason).await {
        Err(p) if p.code == problem::NOT_FOUND || p.code.code == "task.not_open" => Ok(()),
        other => other.map(drop),
    }
}

/// Nobody answered in time.
pub(crate) async fn expire(tx: &mut Tx, row: &OrderRow) -> Result<()> {
    if row.kept() != OrderStatus::Assigned {
        return Ok(());
    }
    give_back(tx, row, Move::Expire, None).await?;
    let params = json!({ "number": row.number, "customer": row.customer_name, "name": row.employee_name });
    tell_keepers(tx, row, "order.expired", params).await
}
