//! Parts somebody lacks.

use api::Checks;
use base::{Problem, problem};
use db::{Result, Tx};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    model::StockMoveKind,
    moves::{self, NewStockMove},
    sql::{self, NewRequest},
};
use crate::{NOT_NOW, OVER, orders};

/// Body of `order.request`: a part that is not there.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requested {
    pub request_id: Uuid,
    pub order_id: Uuid,
    pub part_id: Uuid,
    pub quantity: i64,
    pub note: Option<String>,
}

/// The acting person asks for a part for his order.
///
/// # Errors
/// `order.over`, `not_found`, `sync.conflict`.
pub async fn request(tx: &mut Tx, new: Requested) -> Result<()> {
    Checks::new()
        .that("quantity", (1..=10_000).contains(&new.quantity))
        .at_most("note", new.note.as_deref(), 200)
        .done()?;
    let sha256 = work::content_sha256(&new)?;
    if let Some(known) = sql::known_request(tx, new.request_id).await? {
        return if known.content_sha256 == sha256 { Ok(()) } else { Err(Problem::new(problem::CONFLICT)) };
    }
    let order =
        orders::sql::of_company(tx, new.order_id).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    let me = tx.scope_actor();
    if order.employee_id != Some(me) && !orders::sql::was_there(tx, order.id).await? {
        return Err(Problem::new(OVER));
    }
    let part = sql::part(tx, new.part_id).await?;
    let person = org::person(tx, me).await?;
    let row = NewRequest {
        id: new.request_id,
        part: part.id,
        quantity: new.quantity,
        order: Some(order.id),
        note: new.note.as_deref().map(str::trim).filter(|n| !n.is_empty()),
        department: person.department_id,
        content_sha256: &sha256,
    };
    if !sql::insert_request(tx, &row).await? {
        return Err(Problem::new(problem::CONFLICT));
    }
    let told = json!({ "order": order.number, "part": part.code, "quantity": new.quantity });
    tx.audit("stock.request", "part_request", new.request_id, told).await?;
    let params = json!({ "number": order.number, "part": part.name, "quantity": new.quantity, "unit": part.unit, "name": person.name });
    tell_storekeepers(tx, person.department_id, "order.requested", params).await?;
    orders::announce(tx, &order).await
}

/// Tells the heads of a department, who look after its stocks.
pub(crate) async fn tell_storekeepers(
    tx: &mut Tx,
    department: Uuid,
    kind: &'static str,
    params: Value,
) -> Result<()> {
    let heads = org::managers_of(tx, department).await?;
    for head in org::by_ids(tx, &heads).await?.into_iter().filter(|p| p.status == "active") {
        let notice = notify::New { kind, params: params.clone(), link: Some("/orders/parts".into()) };
        notify::send(tx, head.id, head.department_id, notice).await?;
    }
    Ok(())
}

/// Fulfils a request by a transfer into the van of who asked.
///
/// # Errors
/// `order.not_now` when it is over, `stock.short`.
pub(crate) async fn fulfil(tx: &mut Tx, id: Uuid, by_move: Uuid, from: Uuid) -> Result<()> {
    let row = sql::request(tx, id).await?;
    let to = moves::van(tx, row.employee_id).await?;
    let transfer = NewStockMove {
        id: Some(by_move),
        kind: StockMoveKind::Transfer,
        part_id: row.part_id,
        from_id: Some(from),
        to_id: Some(to),
        quantity: row.quantity,
        order_id: None,
        reason: None,
    };
    if row.status != "open" {
        return Err(Problem::new(NOT_NOW));
    }
    moves::make(tx, transfer).await?;
    if !sql::end_request(tx, id, "done", Some(by_move)).await? {
        return Err(Problem::new(NOT_NOW));
    }
    let person = org::person(tx, row.employee_id).await?;
    let params = json!({ "number": row.order_number, "part": row.part_name, "quantity": row.quantity, "unit": row.unit });
    let notice = notify::New { kind: "order.supplied", params, link: Some("/orders".into()) };
    notify::send(tx, person.id, person.department_id, notice).await.map(drop)
}

/// Calls a request off.
///
/// # Errors
/// `order.not_now` when it is over.
pub(crate) async fn cancel(tx: &mut Tx, id: Uuid) -> Result<()> {
    let row = sql::request(tx, id).await?;
    if !sql::end_request(tx, id, "cancelled", None).await? {
        return Err(Problem::new(NOT_NOW));
    }
    tx.audit(
        "stock.request_cancel",
        "part_request",
        id,
        json!({ "part": row.code, "quantity": row.quantity }),
    )
    .await
}
