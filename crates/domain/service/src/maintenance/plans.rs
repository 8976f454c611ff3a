//! Plans: made, changed, looked at, and a turn left out.

use base::{LocalDay, Micros, Problem, id, problem};
use db::{Query, Result, Tx};
use jiff::tz::TimeZone;
use org::Ref;
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    MaintenanceAhead, MaintenanceBlock, MaintenanceDue, MaintenancePlan, MaintenancePlanPage,
    MaintenanceTerms,
    rules::{self, Turn},
    sql::{self, NewTurn, PieceRow, PlanRow},
};
use crate::{MOVED_ON, RETIRED, equipment, orders::OrderStatus, types};

/// The pace of a meter is taken of so many days.
pub(super) const PACE: i64 = 90 * Micros::DAY;
/// Most equipment one plan covers.
pub(super) const MOST: i64 = 1000;
/// Turns shown of a plan, those ahead of one piece, and those ahead in all.
const TURNS: i64 = 100;
const AHEAD_EACH: usize = 60;
const AHEAD: usize = 600;

/// The id of a turn: always the same one for the same plan, piece and what is due. `since`: when the plan began to count by
/// its meter; what was due by another one is another turn.
pub(super) fn turn_id(plan: Uuid, equipment: Uuid, turn: Turn, since: Micros) -> Uuid {
    let mut hash = Sha256::new();
    hash.update(b"tashi-maintenance-turn");
    hash.update(plan.as_bytes());
    hash.update(equipment.as_bytes());
    match turn {
        Turn::Date(on) => hash.update(on.to_string().as_bytes()),
        Turn::Meter(total) => {
            hash.update(total.to_be_bytes());
            hash.update(since.0.to_be_bytes());
        }
    }
    let mut bytes = [0u8; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// Checks what a plan names and says whose it is.
async fn department(tx: &mut Tx, t: &MaintenanceTerms, before: Option<&PlanRow>) -> Result<Uuid> {
    let kind = types::one(tx, t.type_id).await?;
    if !kind.terms.active && before.is_none_or(|b| b.type_id != t.type_id) {
        return Err(Problem::new(RETIRED).field("type_id", RETIRED));
    }
    equipment::kinds::check_usable(tx, t.equipment_type_id, before.and_then(|b| b.equipment_type_id))
        .await
        .map_err(|mut p| {
        p.fields.iter_mut().for_each(|f| f.field = "equipment_type_id".into());
        p
    })?;
    match t.equipment_id {
        Some(piece) => {
            let piece = equipment::sql::one(tx, piece).await?;
            Ok(customers::place(tx, piece.customer_id).await?.department_id)
        }
        None => match before.filter(|b| b.equipment_id.is_none()) {
            Some(before) => Ok(before.department_id),
            None => {
                let me = tx.scope_actor();
                Ok(org::person(tx, me).await?.department_id)
            }
        },
    }
}

/// Makes a plan. The same id and content again answers as before.
///
/// # Errors
/// `order.type_retired`, `not_found` for equipment out of reach, `sync.conflict`.
pub(super) async fn add(tx: &mut Tx, id: Option<Uuid>, t: MaintenanceTerms) -> Result<MaintenancePlan> {
    let sha256 = work::content_sha256(&t)?;
    let id = id.unwrap_or_else(id::new_v7);
    if let Some(known) = sql::of_company(tx, id).await? {
        let same = known.content_sha256 == sha256;
        return if same { Ok(sql::one(tx, id).await?.into()) } else { Err(Problem::new(problem::CONFLICT)) };
    }
    let department = department(tx, &t, None).await?;
    if !sql::insert(tx, id, &t, department, &sha256).await? {
        return Err(Problem::new(problem::CONFLICT));
    }
    tx.audit("maintenance.create", "maintenance_plan", id, json!({ "name": t.name, "terms": t })).await?;
    Ok(sql::one(tx, id).await?.into())
}

/// Changes a plan as a whole. Turns that were made stay.
///
/// # Errors
/// `version.conflict` and those of [`add`].
pub(super) async fn change(
    tx: &mut Tx,
    id: Uuid,
    version: i64,
    t: MaintenanceTerms,
) -> Result<MaintenancePlan> {
    let before = sql::one(tx, id).await?;
    let department = department(tx, &t, Some(&before)).await?;
    if !sql::update(tx, id, version, &t, department).await? {
        return Err(Problem::new(problem::VERSION));
    }
    let before: MaintenancePlan = before.into();
    tx.audit("maintenance.change", "maintenance_plan", id, json!({ "before": before.terms, "after": t }))
        .await?;
    Ok(sql::one(tx, id).await?.into())
}

/// Leaves the next turn of a piece out.
///
/// # Errors
/// `maintenance.moved_on` when another turn is the next one by now, or an order was made of it.
pub(super) async fn skip(tx: &mut Tx, plan: Uuid, piece: Uuid, turn: Turn, reason: &str) -> Result<()> {
    let row = sql::one(tx, plan).await?;
    let zone = org::zone(tx).await?;
    let now = tx.now();
    let found = sql::pieces(tx, plan, Some(piece), now.plus(-PACE), 1).await?;
    let found = found.into_iter().next().ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    let known = found.known(|t| t.local_day(&zone));
    let next = match turn {
        Turn::Date(on) => rules::next_on(&row.rule(), &known) == Some(on),
        Turn::Meter(total) => rules::next_total(&row.rule(), &known) == Some(total),
    };
    let id = turn_id(plan, piece, turn, row.meter_at);
    let again = sql::turns(tx, plan, TURNS).await?.into_iter().any(|t| t.id == id && t.order.is_none());
    if again {
        return Ok(());
    }
    if !next || found.order_id.is_some() {
        return Err(Problem::new(MOVED_ON));
    }
    let (kind, due_on, due_total) = parts(turn, now.local_day(&zone));
    let new = NewTurn {
        id,
        plan,
        equipment: piece,
        kind,
        due_on,
        due_total,
        meter: found.meter_id.filter(|_| due_total.is_some()),
        order: None,
        reason: Some(reason),
        by: Some(tx.scope_actor()),
    };
    if !sql::insert_turn(tx, &new).await? {
        return Err(Problem::new(MOVED_ON));
    }
    let told = json!({ "plan": row.name, "equipment": found.equipment_name, "due_on": due_on, "due_total": due_total, "reason": reason });
    tx.audit("maintenance.skip", "maintenance_plan", plan, told).await
}

/// Kind, day and count of a turn as they are kept.
pub(super) fn parts(turn: Turn, today: LocalDay) -> (&'static str, LocalDay, Option<i64>) {
    match turn {
        Turn::Date(on) => ("date", on, None),
        Turn::Meter(total) => ("meter", today, Some(total)),
    }
}

/// How a plan stands for one piece.
async fn standing(
    q: &mut impl Query,
    plan: &PlanRow,
    piece: &PieceRow,
    today: LocalDay,
    zone: &TimeZone,
) -> Result<MaintenanceDue> {
    let (rule, known) = (plan.rule(), piece.known(|t| t.local_day(zone)));
    let (due_on, due_total) = (rules::next_on(&rule, &known), rules::next_total(&rule, &known));
    let order = match piece.order_id {
        Some(order) => sql::order_of_turn(q, plan.id, order).await?,
        None => None,
    };
    let blocked = match (piece.archived, plan.type_active) {
        (true, _) => Some(MaintenanceBlock::CustomerArchived),
        (_, false) => Some(MaintenanceBlock::TypeRetired),
        _ => None,
    };
    let late = match &order {
        Some(order) => order.due_on < today,
        None => {
            due_on.is_some_and(|on| on < today)
                || due_total.zip(known.total).is_some_and(|(due, now)| now > due)
        }
    };
    Ok(MaintenanceDue {
        plan: Ref { id: plan.id, name: plan.name.clone() },
        equipment: Ref { id: piece.equipment_id, name: piece.equipment_name.clone() },
        code: piece.code.clone(),
        customer: Ref { id: piece.customer_id, name: piece.customer_name.clone() },
        paused: plan.paused,
        blocked,
        due_on,
        due_total,
        total: known.total,
        unit: piece.meter_unit.clone(),
        expected_on: due_total
            .zip(known.total)
            .and_then(|(due, now)| rules::expected_on(now, due, known.pace, today)),
        order_status: order.as_ref().map(|o| OrderStatus::from_key(&o.status)),
        order: piece.order_id.zip(order).map(|(id, o)| Ref { id, name: o.number }),
        overdue: late && !plan.paused && !piece.archived,
        last_done_at: piece.done_at,
    })
}

/// What is due on equipment in reach: overdue first, then by day.
pub(super) async fn dues(
    q: &mut impl Query,
    equipment: Option<Uuid>,
    overdue: bool,
    now: Micros,
) -> Result<Vec<MaintenanceDue>> {
    let zone = org::zone(q).await?;
    let today = now.local_day(&zone);
    let plans = match equipment {
        Some(piece) => {
            equipment::sql::one(q, piece).await?;
            sql::of_equipment(q, piece).await?
        }
        None => sql::working(q).await?,
    };
    let mut found = vec![];
    for plan in &plans {
        for piece in sql::pieces(q, plan.id, equipment, now.plus(-PACE), MOST).await? {
            // An archived customer's pieces show on themselves and on their plan.
            if piece.archived && equipment.is_none() {
                continue;
            }
            let due = standing(q, plan, &piece, today, &zone).await?;
            if due.overdue || !overdue {
                found.push(due);
            }
        }
    }
    let when = |d: &MaintenanceDue| match (d.due_on, d.expected_on) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    };
    found.sort_by_key(|d| (!d.overdue, when(d).is_none(), when(d), d.code.clone()));
    found.truncate(MOST as usize);
    Ok(found)
}

/// A plan with the equipment it covers and the next twelve months.
pub(super) async fn page(q: &mut impl Query, id: Uuid, now: Micros) -> Result<MaintenancePlanPage> {
    let plan = sql::one(q, id).await?;
    let zone = org::zone(q).await?;
    let today = now.local_day(&zone);
    let (mut pieces, mut ahead) = (vec![], vec![]);
    for piece in sql::pieces(q, id, None, now.plus(-PACE), MOST).await? {
        let known = piece.known(|t| t.local_day(&zone));
        if !plan.paused && !piece.archived && plan.type_active {
            for (on, total) in rules::ahead(&plan.rule(), &known, today, today.plus_days(365), AHEAD_EACH) {
                ahead.push(MaintenanceAhead {
                    equipment: Ref { id: piece.equipment_id, name: piece.equipment_name.clone() },
                    customer: Ref { id: piece.customer_id, name: piece.customer_name.clone() },
                    on,
                    total,
                });
            }
        }
        pieces.push(standing(q, &plan, &piece, today, &zone).await?);
    }
    ahead.sort_by_key(|a| a.on);
    ahead.truncate(AHEAD);
    let turns = sql::turns(q, id, TURNS).await?;
    Ok(MaintenancePlanPage { plan: plan.into(), pieces, turns, ahead })
}
