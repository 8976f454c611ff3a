//! What a phone says of orders. All functions act for the person of the transaction's scope; each decides before it writes.
//! An order on somebody's day is a task of his: what happens to that task and its visit moves the order too.

use api::Checks;
use base::{Micros, Problem, problem};
use db::{Query, Result, Tx};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{
    FieldOrder,
    assign::end_task,
    checks, desk,
    moves::{Advance, advance, tell_keepers},
    rules::{Move, OrderStatus},
    sql::{self, OrderRow},
};
use crate::{
    NOT_NOW, OVER, PARTS_MISSING, PAUSE,
    equipment::{self, EquipmentCard},
    parts, report,
};

/// Orders that ended stay on the phone so long.
const KEPT: i64 = 7 * Micros::DAY;

/// Body of `order.accept`, `order.resume`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfOrder {
    pub order_id: Uuid,
}

/// Body of `order.refuse`, `order.pause`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WithReason {
    pub order_id: Uuid,
    pub reason: String,
}

/// Body of `order.finish`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finished {
    pub order_id: Uuid,
    pub result: String,
    pub labour_minutes: i64,
}

/// What the acting person carries along.
///
/// # Errors
/// When the store cannot be read.
pub async fn carried(q: &mut impl Query, now: Micros) -> Result<Vec<FieldOrder>> {
    let mut carried = vec![];
    for row in sql::mine(q, now.plus(-KEPT)).await? {
        carried.push(desk::carried(q, &row, now).await?);
    }
    Ok(carried)
}

/// Equipment at the customers of his day.
///
/// # Errors
/// When the store cannot be read.
pub async fn equipment(q: &mut impl Query, customers: &[Uuid]) -> Result<Vec<EquipmentCard>> {
    equipment::store::cards(q, customers.iter().copied()).await
}

/// Equipment in reach that forms may refer to: its id, what it is called, whose it is.
///
/// # Errors
/// When the store cannot be read.
pub async fn choices(q: &mut impl Query, most: i64) -> Result<Vec<(Uuid, String, Uuid)>> {
    equipment::named::choices(q, most).await
}

/// An order the acting person has. One he has no more was taken back.
async fn mine(tx: &mut Tx, id: Uuid) -> Result<OrderRow> {
    let row = sql::of_company(tx, id).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    if row.employee_id == Some(tx.scope_actor()) { Ok(row) } else { Err(Problem::new(OVER)) }
}

fn said(mv: Move, at: Micros) -> Advance<'static> {
    Advance { mv, claimed_at: Some(at), note: None }
}

/// He goes. It counts when it is here in time.
///
/// # Errors
/// `order.over` when the time is over or the desk took it back.
pub async fn accept(tx: &mut Tx, order: Uuid, at: Micros) -> Result<()> {
    let row = mine(tx, order).await?;
    accept_row(tx, &row, at).await?;
    match row.task_id {
        Some(task) if row.kept() == OrderStatus::Assigned => work::tasks::accept(tx, task).await,
        _ => Ok(()),
    }
}

async fn accept_row(tx: &mut Tx, row: &OrderRow, at: Micros) -> Result<()> {
    if row.kept() != OrderStatus::Assigned {
        return Ok(());
    }
    if row.expires_at.is_some_and(|until| until <= tx.now()) {
        return Err(Problem::new(OVER));
    }
    advance(tx, row, said(Move::Accept, at), |_, _| {}).await?;
    let params = json!({ "number": row.number, "customer": row.customer_name, "name": row.employee_name });
    tell_keepers(tx, row, "order.accepted", params).await
}

/// He does not go, and says why.
///
/// # Errors
/// `order.over`, `order.not_now`, `input.invalid` without a reason.
pub async fn refuse(tx: &mut Tx, input: WithReason, at: Micros) -> Result<()> {
    Checks::new().text("reason", &input.reason, 200).done()?;
    let row = mine(tx, input.order_id).await?;
    if row.expires_at.is_some_and(|until| until <= tx.now()) {
        return Err(Problem::new(OVER));
    }
    let reason = input.reason.trim();
    let refused = Advance { mv: Move::Refuse, claimed_at: Some(at), note: Some(reason) };
    advance(tx, &row, refused, |_, _| {}).await?;
    end_task(tx, &row, reason).await?;
    let params = json!({ "number": row.number, "customer": row.customer_name, "name": row.employee_name, "reason": reason });
    tell_keepers(tx, &row, "order.refused", params).await
}

/// One of the acting person's tasks was accepted; if it is an order's, so is that.
///
/// # Errors
/// `order.over` when the time to answer is over.
pub async fn task_accepted(tx: &mut Tx, task: Uuid, at: Micros) -> Result<()> {
    match sql::of_my_task(tx, task).await? {
        Some(row) => accept_row(tx, &row, at).await,
        None => Ok(()),
    }
}

/// He set out to a task.
///
/// # Errors
/// When the store cannot be written.
pub async fn set_out(tx: &mut Tx, task: Uuid, at: Micros) -> Result<()> {
    match sql::of_my_task(tx, task).await? {
        Some(row) if matches!(row.kept(), OrderStatus::Assigned | OrderStatus::Accepted) => {
            advance(tx, &row, said(Move::SetOut, at), |_, _| {}).await.map(drop)
        }
        _ => Ok(()),
    }
}

inventory::submit! { work::tasks::SkipHook { run: |tx, skipped| Box::pin(given_back(tx, skipped)) } }

/// A task was left out: its order is the desk's again.
async fn given_back(tx: &mut Tx, skipped: work::tasks::Skipped<'_>) -> Result<()> {
    let work::tasks::Skipped { task, employee, reason } = skipped;
    let Some(row) = sql::of_task(tx, task, employee).await? else { return Ok(()) };
    let at = tx.now();
    if !matches!(row.kept(), OrderStatus::Assigned | OrderStatus::Accepted | OrderStatus::OnTheWay) {
        return Ok(());
    }
    let back = Advance { mv: Move::Return, claimed_at: Some(at), note: reason };
    advance(tx, &row, back, |_, _| {}).await?;
    let params = json!({ "number": row.number, "customer": row.customer_name, "name": row.employee_name, "reason": reason.unwrap_or("—") });
    tell_keepers(tx, &row, "order.refused", params).await
}

/// The task of a visit's body, when it names one.
fn task_of(body: &serde_json::Value) -> Option<Uuid> {
    body["task_id"].as_str()?.parse().ok()
}

/// A visit began. When it is an order's, work on site has.
///
/// # Errors
/// When the store cannot be written.
pub async fn checked_in(tx: &mut Tx, visit: Uuid, body: &serde_json::Value, at: Micros) -> Result<()> {
    let Some(task) = task_of(body) else { return Ok(()) };
    let Some(row) = sql::of_my_task(tx, task).await? else { return Ok(()) };
    if !matches!(
        row.kept(),
        OrderStatus::New
            | OrderStatus::Assigned
            | OrderStatus::Accepted
            | OrderStatus::OnTheWay
            | OrderStatus::Paused
    ) {
        return Ok(());
    }
    let me = tx.scope_actor();
    let arrived = advance(tx, &row, said(Move::Arrive, at), |o, at| {
        // Expired or taken back while he was on his way without a network: he is there, so it is his.
        (o.employee_id, o.task_id) = (Some(me), Some(task));
        o.visit_id = Some(visit);
        o.arrived_at = o.arrived_at.or(Some(at));
    })
    .await?;
    if row.kept() == OrderStatus::New {
        let name = org::person(tx, me).await?.name;
        let params = json!({ "number": row.number, "customer": row.customer_name, "name": name });
        tell_keepers(tx, &arrived, "order.accepted", params).await?;
    }
    Ok(())
}

/// A visit ended. An order that is not finished rests; its clock runs on.
///
/// # Errors
/// When the store cannot be written.
pub async fn checked_out(tx: &mut Tx, visit: Uuid, at: Micros) -> Result<()> {
    let row = sql::of_visit(tx, visit).await?;
    match row {
        Some(row) if row.kept() == OrderStatus::OnSite => {
            let left = "未完成离场 / left unfinished";
            let paused = Advance { mv: Move::Pause, claimed_at: Some(at), note: Some(left) };
            advance(tx, &row, paused, |o, at| {
                (o.paused_at, o.pause_reason, o.pause_stops) = (Some(at), Some(left.to_owned()), false);
            })
            .await
            .map(drop)
        }
        _ => Ok(()),
    }
}

/// A step was answered. What failed in it becomes an order of its own.
///
/// # Errors
/// When the store cannot be written.
pub async fn step_done(tx: &mut Tx, visit: Uuid, body: &serde_json::Value) -> Result<()> {
    let Some(row) = sql::of_visit(tx, visit).await? else { return Ok(()) };
    match checks::follow(tx, &row, visit, body).await {
        // The step was done, whatever keeps the order that would come of it from being taken in.
        Err(p) if p.code.status < 500 && p.code != problem::BUSY => {
            tracing::warn!(order = %row.id, error = %p, "nothing follows a failed check");
            Ok(())
        }
        other => other,
    }
}

/// The work rests for one of the type's reasons.
///
/// # Errors
/// `order.pause`, `order.not_now`, `order.over`.
pub async fn pause(tx: &mut Tx, input: WithReason, at: Micros) -> Result<()> {
    let row = mine(tx, input.order_id).await?;
    let pauses = row.pauses();
    let why = pauses.iter().find(|p| p.reason == input.reason).ok_or_else(|| Problem::new(PAUSE))?;
    let paused = Advance { mv: Move::Pause, claimed_at: Some(at), note: Some(&why.reason) };
    advance(tx, &row, paused, |o, at| {
        (o.paused_at, o.pause_reason, o.pause_stops) = (Some(at), Some(why.reason.clone()), why.stops);
    })
    .await?;
    let params = json!({ "number": row.number, "customer": row.customer_name, "name": row.employee_name, "reason": why.reason });
    tell_keepers(tx, &row, "order.paused", params).await
}

/// The work goes on.
///
/// # Errors
/// `order.not_now`, `order.over`.
pub async fn resume(tx: &mut Tx, order: Uuid, at: Micros) -> Result<()> {
    let row = mine(tx, order).await?;
    // A check-out of the same moment that would have made it rest comes after this one.
    if row.kept() == OrderStatus::OnSite {
        return Ok(());
    }
    advance(tx, &row, said(Move::Resume, at), |_, _| {}).await.map(drop)
}

/// The work is done. An order that needs no signature ends with it.
///
/// # Errors
/// `order.parts_missing`, `order.not_now`, `order.over`, `input.invalid`.
pub async fn finish(tx: &mut Tx, input: Finished, at: Micros) -> Result<()> {
    Checks::new()
        .text("result", &input.result, 1000)
        .that("labour_minutes", (0..=2880).contains(&input.labour_minutes))
        .done()?;
    let row = mine(tx, input.order_id).await?;
    if row.parts && parts::of_order(tx, row.id).await?.is_empty() {
        return Err(Problem::new(PARTS_MISSING));
    }
    let row = advance(tx, &row, said(Move::Finish, at), |o, at| {
        o.finished_at = Some(at);
        o.result = Some(input.result.trim().to_owned());
        o.labour_minutes = Some(input.labour_minutes);
    })
    .await?;
    parts::release_order(tx, row.id).await?;
    if row.signature {
        return Ok(());
    }
    let row = advance(tx, &row, said(Move::Close, at), |o, at| o.closed_at = Some(at)).await?;
    report::fix(tx, &row, None).await
}

/// The customer signs: the report is fixed, and the order is over.
///
/// # Errors
/// `order.signature`, `order.not_now`, `order.over`.
pub async fn sign(tx: &mut Tx, input: report::Signed, at: Micros) -> Result<()> {
    let signature = input.checked()?;
    let row = mine(tx, input.order_id).await?;
    if row.kept() != OrderStatus::Finished {
        return Err(Problem::new(NOT_NOW));
    }
    let signed = Advance { mv: Move::Sign, claimed_at: Some(at), note: Some(&signature.signer) };
    let row = advance(tx, &row, signed, |o, at| o.closed_at = Some(at)).await?;
    report::fix(tx, &row, Some(signature)).await
}
