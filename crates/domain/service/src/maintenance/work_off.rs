//! Making the orders that are due, once each.

use base::Problem;
use db::{Result, Scope, Tx};
use serde_json::json;
use uuid::Uuid;

use super::{
    plans::{MOST, PACE, parts, turn_id},
    rules::{self, Turn},
    sql::{self, NewTurn, PieceRow, PlanRow},
};
use crate::{
    Inner,
    orders::{self, NewWorkOrder, Source},
};

/// Makes what is due in a company.
///
/// # Errors
/// When the store cannot be read; an order that cannot be made stops no other.
pub(crate) async fn work_off(inner: &Inner, tenant: Uuid) -> Result<()> {
    let now = inner.kit.now();
    let scope = Scope::job("maintenance", tenant);
    let mut r = inner.kit.db.read(&scope).await?;
    let zone = org::zone(&mut r).await?;
    let today = now.local_day(&zone);
    let mut todo = vec![];
    for plan in sql::working(&mut r).await? {
        for piece in sql::pieces(&mut r, plan.id, None, now.plus(-PACE), MOST).await? {
            let known = piece.known(|t| t.local_day(&zone));
            if piece.order_id.is_none()
                && let Some(turn) = rules::due(&plan.rule(), &known, today, plan.lead_days)
            {
                todo.push((plan.clone(), piece, turn));
            }
        }
    }
    drop(r);
    for (plan, piece, turn) in todo {
        let name = plan.name.clone();
        let made = inner
            .kit
            .db
            .write(&scope, move |tx| Box::pin(async move { make(tx, &plan, &piece, turn).await }));
        if let Err(e) = made.await {
            tracing::warn!(plan = %name, error = %e, "maintenance waits");
        }
    }
    Ok(())
}

async fn make(tx: &mut Tx, plan: &PlanRow, piece: &PieceRow, turn: Turn) -> Result<()> {
    let zone = org::zone(tx).await?;
    let (kind, due_on, due_total) = parts(turn, tx.now().local_day(&zone));
    let order = turn_id(plan.id, piece.equipment_id, turn, "order");
    let when = match due_total {
        Some(total) => format!("{} {total}", plan.meter.as_deref().unwrap_or_default()),
        None => due_on.to_string(),
    };
    let detail: String = [Some(format!("{} · {when}", plan.name)), plan.detail.clone()]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("\n")
        .chars()
        .take(1000)
        .collect();
    let new = NewWorkOrder {
        id: Some(order),
        type_id: plan.type_id,
        customer_id: piece.customer_id,
        equipment_id: Some(piece.equipment_id),
        title: plan.name.clone(),
        detail: Some(detail),
        priority: 1,
        skills: vec![],
        contact_name: None,
        contact_phone: None,
        from_id: None,
    };
    let row = orders::take(tx, new, Source::Plan).await?;
    let turn = NewTurn {
        id: turn_id(plan.id, piece.equipment_id, turn, "turn"),
        plan: plan.id,
        equipment: piece.equipment_id,
        kind,
        due_on,
        due_total,
        order: Some(row.id),
        reason: None,
        by: None,
    };
    if !sql::insert_turn(tx, &turn).await? {
        // Left out in the same moment: then there is no order either.
        return Err(Problem::new(crate::MOVED_ON));
    }
    let told = json!({ "plan": plan.name, "equipment": piece.equipment_name, "order": row.number, "due_on": due_on, "due_total": due_total });
    tx.audit("maintenance.order", "maintenance_plan", plan.id, told).await
}
