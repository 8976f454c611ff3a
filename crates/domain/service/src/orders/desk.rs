//! What the desk does with orders besides giving them out, and what it reads of them.

use base::{Micros, Problem};
use db::{Query, Result, Tx};
use serde_json::json;
use uuid::Uuid;

use super::{
    assign::{end_task, give_back},
    model::{FieldOrder, OrderDetail},
    moves::{Advance, advance, announce, tell_keepers},
    photos,
    rules::{Move, OrderStatus},
    sql::{self, OrderRow},
};
use crate::{NOT_NOW, equipment, meters, parts, report};

/// Earlier orders of the same equipment that a phone carries along.
const CARRIED: i64 = 10;

/// An order with everything that belongs to it. The caller has checked the order.
pub(crate) async fn detail(q: &mut impl Query, row: &OrderRow, now: Micros) -> Result<OrderDetail> {
    let parts = parts::of_order(q, row.id).await?;
    Ok(OrderDetail {
        order: row.shown(now),
        events: sql::events(q, row.id).await?,
        parts_minor: parts.iter().map(|p| p.minor).sum(),
        parts,
        requests: parts::requests_of_order(q, row.id).await?,
        report: report::of_order(q, row.id).await?,
        follow_ups: sql::follow_ups(q, row.id).await?,
        token: row.token.clone(),
        photos: photos::of_order(q, row.id).await?,
    })
}

/// The same as a phone carries it along.
pub(crate) async fn carried(q: &mut impl Query, row: &OrderRow, now: Micros) -> Result<FieldOrder> {
    let (card, mut history) = match row.equipment_id {
        Some(piece) => (
            equipment::sql::of_company(q, piece).await?.map(Into::into),
            equipment::sql::history(q, piece, CARRIED + 1).await?,
        ),
        None => (None, vec![]),
    };
    history.retain(|h| h.id != row.id);
    let meters = match row.equipment_id {
        Some(piece) => meters::of_equipment(q, piece).await?,
        None => vec![],
    };
    Ok(FieldOrder { detail: detail(q, row, now).await?, equipment_card: card, meters, history })
}

/// Takes an order back from whoever has it.
pub(crate) async fn take_back(tx: &mut Tx, id: Uuid, reason: &str) -> Result<()> {
    let row = sql::one(tx, id).await?;
    give_back(tx, &row, Move::Return, Some(reason)).await.map(drop)
}

/// Calls an order off.
pub(crate) async fn cancel(tx: &mut Tx, id: Uuid, reason: &str) -> Result<()> {
    let row = sql::one(tx, id).await?;
    if row.kept() == OrderStatus::Cancelled {
        return Ok(());
    }
    parts::release_order(tx, id).await?;
    let cancelled = Advance { mv: Move::Cancel, claimed_at: None, note: Some(reason) };
    advance(tx, &row, cancelled, |_, _| {}).await?;
    end_task(tx, &row, reason).await?;
    if let Some(person) = row.employee_id.filter(|p| *p != tx.scope_actor())
        && let Some(person) = org::by_ids(tx, &[person]).await?.into_iter().find(|p| p.status == "active")
    {
        let params = json!({ "number": row.number, "customer": row.customer_name, "reason": reason });
        let notice = notify::New { kind: "order.cancelled", params, link: Some("/orders".into()) };
        notify::send(tx, person.id, person.department_id, notice).await?;
    }
    Ok(())
}

/// Ends a finished order without a signature, and says why.
pub(crate) async fn close(tx: &mut Tx, id: Uuid, reason: &str) -> Result<()> {
    let row = sql::one(tx, id).await?;
    if row.kept() != OrderStatus::Finished {
        return Err(Problem::new(NOT_NOW));
    }
    let closed = Advance { mv: Move::Close, claimed_at: None, note: Some(reason) };
    let row = advance(tx, &row, closed, |o, at| o.closed_at = Some(at)).await?;
    report::fix(tx, &row, None).await
}

/// Whoever looks after a late order hears of each target it misses, once. Both at once are told as the worse one.
pub(crate) async fn tell_late(tx: &mut Tx, row: &OrderRow) -> Result<()> {
    let now = tx.now();
    let past = |due: Option<Micros>| due.is_some_and(|due| due < now);
    let stopped = row.kept() == OrderStatus::Paused && row.pause_stops;
    let response = row.arrived_at.is_none() && past(row.response_due);
    let finish = past(row.finish_due) && !stopped;
    let kind = match (response && !row.told_response, finish && !row.told_late) {
        (_, true) => "order.late",
        (true, false) => "order.late_response",
        (false, false) => return Ok(()),
    };
    sql::set_told(tx, row.id, row.told_response || response, row.told_late || finish).await?;
    let params = json!({ "number": row.number, "customer": row.customer_name, "title": row.title });
    tell_keepers(tx, row, kind, params).await
}

/// Whoever looks after an order hears what the customer thought of it.
pub(crate) async fn rated(tx: &mut Tx, row: &OrderRow, stars: i64, words: Option<&str>) -> Result<()> {
    let params = json!({ "number": row.number, "customer": row.customer_name, "stars": stars, "words": words.unwrap_or("—") });
    tell_keepers(tx, row, "order.rated", params).await?;
    announce(tx, row).await
}
