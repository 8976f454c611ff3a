//! One move of an order: decided by the rules, stored with its event, told to the consoles.

use base::{Micros, Problem, problem};
use db::{News, Query, Result, Tx};
use org::Person;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    rules::{self, Move, OrderStatus},
    sql::{self, NewEvent, OrderRow},
};
use crate::{NOT_NOW, clock::WorkClock};

/// A move to be made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Advance<'a> {
    pub mv: Move,
    /// By the phone's clock.
    pub claimed_at: Option<Micros>,
    pub note: Option<&'a str>,
}

/// Makes a move; `change` sets what goes with it. Answers the order as it stands then.
///
/// # Errors
/// `order.not_now` when its state does not allow the move; `server.busy` when it has moved on since it was read.
pub(crate) async fn advance(
    tx: &mut Tx,
    row: &OrderRow,
    a: Advance<'_>,
    change: impl FnOnce(&mut OrderRow, Micros) + Send,
) -> Result<OrderRow> {
    let status = rules::after(row.kept(), a.mv).ok_or_else(|| Problem::new(NOT_NOW))?;
    let at = rules::held(a.claimed_at, row.moved_at, tx.now());
    let mut next = row.clone();
    if row.kept() == OrderStatus::Paused {
        wake(tx, &mut next, at).await?;
    }
    next.status = status.key().to_owned();
    next.moved_at = at;
    if status == OrderStatus::New {
        (next.employee_id, next.task_id) = (None, None);
    }
    if status != OrderStatus::Assigned {
        next.expires_at = None;
    }
    change(&mut next, at);
    if !sql::update(tx, &next).await? {
        // A phone tries again by itself; what it recorded is no fault of its own.
        return Err(Problem::new(problem::BUSY).retry_after(1));
    }
    next.version += 1;
    let by = Some(tx.scope_actor()).filter(|id| !id.is_nil());
    let event = NewEvent {
        order: row.id,
        seq: next.version,
        mv: a.mv,
        status,
        by,
        claimed_at: a.claimed_at,
        at,
        note: a.note,
        task: next.task_id.filter(|_| a.mv == Move::Assign),
    };
    sql::insert_event(tx, &event).await?;
    let told = json!({ "number": row.number, "from": row.kept(), "to": status, "note": a.note });
    tx.audit(&format!("order.{}", a.mv.key()), "work_order", row.id, told).await?;
    // Who had it hears too that it is his no more.
    emit(tx, &next, next.employee_id.or(row.employee_id)).await?;
    Ok(next)
}

/// A pause ends: what it stopped is added to the finish target.
async fn wake(tx: &mut Tx, next: &mut OrderRow, at: Micros) -> Result<()> {
    if let Some(paused_at) = next.paused_at.filter(|_| next.pause_stops) {
        let clock = WorkClock::of(tx).await?;
        let minutes = clock.between(paused_at, at);
        next.stopped_minutes += minutes;
        next.finish_due = next.finish_due.map(|due| clock.due(due, minutes));
    }
    (next.paused_at, next.pause_reason, next.pause_stops) = (None, None, false);
    Ok(())
}

/// Tells the consoles how an order stands now.
pub(crate) async fn emit(tx: &mut Tx, row: &OrderRow, person: Option<Uuid>) -> Result<()> {
    let payload = json!({ "order": row.id, "status": row.kept() });
    let employee_id = person.unwrap_or_else(Uuid::nil);
    tx.emit(News { topic: "task", employee_id, department_id: row.department_id, payload }).await
}

/// Tells the consoles that something of an order has changed besides its state.
pub(crate) async fn announce(tx: &mut Tx, row: &OrderRow) -> Result<()> {
    emit(tx, row, row.employee_id).await
}

/// Who looks after an order: who took it in, else the heads of the customer's department.
pub(crate) async fn keepers(q: &mut impl Query, row: &OrderRow) -> Result<Vec<Person>> {
    let made_by = match row.created_by {
        // What came of a check is the office's, not the engineer's.
        Some(by) if !matches!(row.source.as_str(), "check" | "follow_up") => org::by_ids(q, &[by]).await?,
        _ => vec![],
    };
    let mut found: Vec<Person> = made_by.into_iter().filter(|p| p.status == "active").collect();
    if found.is_empty() {
        let heads = org::managers_of(q, row.department_id).await?;
        found = org::by_ids(q, &heads).await?.into_iter().filter(|p| p.status == "active").collect();
    }
    Ok(found)
}

/// Tells whoever looks after an order, unless he does it himself.
pub(crate) async fn tell_keepers(
    tx: &mut Tx,
    row: &OrderRow,
    kind: &'static str,
    params: Value,
) -> Result<()> {
    for keeper in keepers(tx, row).await? {
        if keeper.id != tx.scope_actor() {
            let notice =
                notify::New { kind, params: params.clone(), link: Some(format!("/orders?order={}", row.id)) };
            notify::send(tx, keeper.id, keeper.department_id, notice).await?;
        }
    }
    Ok(())
}
