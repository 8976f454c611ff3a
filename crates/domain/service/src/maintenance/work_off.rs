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
    // A plan whose type was retired says so on its page.
    for plan in sql::working(&mut r).await?.into_iter().filter(|p| p.type_active) {
        for piece in sql::pieces(&mut r, plan.id, None, now.plus(-PACE), MOST).await? {
            let known = piece.known(|t| t.local_day(&zone));
            if piece.order_id.is_none()
                && !piece.archived
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
    // Paused or changed since it was read: it is looked at anew.
    if !sql::hold(tx, plan.id, plan.version).await? {
        return Ok(());
    }
    let zone = org::zone(tx).await?;
    let today = tx.now().local_day(&zone);
    let since = tx.now().plus(-PACE);
    let now = sql::pieces(tx, plan.id, Some(piece.equipment_id), since, 1).await?.pop();
    let still = |p: &PieceRow| {
        let known = p.known(|t| t.local_day(&zone));
        p.order_id.is_none()
            && !p.archived
            && p.customer_id == piece.customer_id
            && rules::due(&plan.rule(), &known, today, plan.lead_days) == Some(turn)
    };
    if !now.as_ref().is_some_and(still) {
        return Ok(());
    }
    let (kind, due_on, due_total) = parts(turn, today);
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
        // That there is one only is what the turn's own id is for.
        id: None,
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
        id: turn_id(plan.id, piece.equipment_id, turn, plan.meter_at),
        plan: plan.id,
        equipment: piece.equipment_id,
        kind,
        due_on,
        due_total,
        meter: piece.meter_id.filter(|_| due_total.is_some()),
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
