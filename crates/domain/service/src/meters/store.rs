//! Use cases on meters.

use api::Checks;
use base::{Micros, Problem, id, problem};
use db::{Query, Result, Tx};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Meter, MeterPage, sql};
use crate::{CODE_TAKEN, METER_HIGHER, METER_LOWER, OVER, equipment, maintenance, orders};

/// Most a meter counts.
pub(super) const MOST: i64 = 1_000_000_000_000;
/// Readings shown of a meter.
const SHOWN: i64 = 50;

/// A meter to be put on a piece of equipment.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewMeter {
    /// Made by the client: the same again is the same meter.
    pub id: Option<Uuid>,
    #[schema(max_length = 40)]
    pub name: String,
    #[schema(max_length = 12)]
    pub unit: String,
}

/// A reading taken at the desk.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewMeterReading {
    /// Made by the client: the same again is the same reading.
    pub id: Option<Uuid>,
    pub meter_id: Uuid,
    #[schema(minimum = 0)]
    pub value: i64,
    /// The meter is another one since the reading before: then a lower value is no mistake.
    #[serde(default)]
    pub replaced: bool,
    /// Absent: now.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub at: Option<Micros>,
}

/// Body of `order.reading`: what a meter said on site.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadOnSite {
    pub reading_id: Uuid,
    pub order_id: Uuid,
    pub meter_id: Uuid,
    pub value: i64,
    #[serde(default)]
    pub replaced: bool,
}

/// A reading, wherever it comes from.
pub(super) struct Reading<'a> {
    pub id: Uuid,
    pub meter: Uuid,
    pub value: i64,
    pub replaced: bool,
    pub at: Micros,
    pub source: &'static str,
    pub order: Option<Uuid>,
    pub content_sha256: &'a str,
}

/// The meters of a piece with their readings. The piece must be in reach.
pub(super) async fn pages(q: &mut impl Query, piece: Uuid) -> Result<Vec<MeterPage>> {
    equipment::sql::one(q, piece).await?;
    let mut pages = vec![];
    for meter in sql::of_equipment(q, piece).await? {
        let readings = sql::readings(q, meter.id, SHOWN).await?;
        pages.push(MeterPage { meter: meter.into(), readings });
    }
    Ok(pages)
}

/// The meters of a piece. The caller has checked it.
pub(crate) async fn of_equipment(q: &mut impl Query, piece: Uuid) -> Result<Vec<Meter>> {
    Ok(sql::of_equipment(q, piece).await?.into_iter().map(Meter::from).collect())
}

/// Puts a meter on a piece of equipment.
///
/// # Errors
/// `service.code_taken` when it has one of that name, `sync.conflict`.
pub(super) async fn add(tx: &mut Tx, piece: Uuid, new: NewMeter) -> Result<Meter> {
    Checks::new().text("name", &new.name, 40).text("unit", &new.unit, 12).done()?;
    let row = equipment::sql::one(tx, piece).await?;
    let sha256 = work::content_sha256(&json!({ "piece": piece, "new": new }))?;
    let id = new.id.unwrap_or_else(id::new_v7);
    if let Some(known) = sql::one(tx, id).await? {
        let same = known.content_sha256 == sha256;
        return if same { Ok(known.into()) } else { Err(Problem::new(problem::CONFLICT)) };
    }
    let name = new.name.trim();
    if sql::named(tx, piece, name).await?.is_some() {
        return Err(Problem::new(CODE_TAKEN).with("code", name).field("name", problem::DUPLICATE_VALUE));
    }
    if !sql::insert(tx, id, piece, name, new.unit.trim(), &sha256).await? {
        return Err(Problem::new(problem::CONFLICT));
    }
    let told = json!({ "equipment": row.code, "name": name, "unit": new.unit });
    tx.audit("meter.create", "meter", id, told).await?;
    let made = sql::one(tx, id).await?.ok_or_else(|| Problem::internal("a meter that was just put on"))?;
    Ok(made.into())
}

/// Takes a reading at the desk.
///
/// # Errors
/// `meter.lower`, `not_found`, `sync.conflict`.
pub(super) async fn read(tx: &mut Tx, new: NewMeterReading) -> Result<Meter> {
    let now = tx.now();
    Checks::new().that("at", new.at.is_none_or(|at| at <= now)).done()?;
    let meter = sql::one(tx, new.meter_id).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    equipment::sql::one(tx, meter.equipment_id).await?;
    let sha256 = work::content_sha256(&new)?;
    let reading = Reading {
        id: new.id.unwrap_or_else(id::new_v7),
        meter: meter.id,
        value: new.value,
        replaced: new.replaced,
        at: new.at.unwrap_or(now),
        source: "desk",
        order: None,
        content_sha256: &sha256,
    };
    keep(tx, reading).await
}

/// The acting person read a meter at an order of his.
///
/// # Errors
/// `order.over`, `meter.lower`, `not_found` for a meter of another customer, `sync.conflict`.
pub async fn read_on_site(tx: &mut Tx, new: ReadOnSite, at: Micros) -> Result<()> {
    let sha256 = work::content_sha256(&new)?;
    let order =
        orders::sql::of_company(tx, new.order_id).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    if order.employee_id != Some(tx.scope_actor()) && !orders::sql::was_there(tx, order.id).await? {
        return Err(Problem::new(OVER));
    }
    let meter = sql::one(tx, new.meter_id).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    let piece = equipment::sql::of_company(tx, meter.equipment_id).await?;
    if piece.is_none_or(|p| p.customer_id != order.customer_id) {
        return Err(Problem::new(problem::NOT_FOUND));
    }
    let reading = Reading {
        id: new.reading_id,
        meter: meter.id,
        value: new.value,
        replaced: new.replaced,
        // As every move of an order: a phone's clock is held between what is certain.
        at: orders::rules::held(Some(at), order.moved_at, tx.now()),
        source: "phone",
        order: Some(order.id),
        content_sha256: &sha256,
    };
    keep(tx, reading).await.map(drop)
}

/// Keeps a reading, once. It is compared with the one before it in time: a phone may bring it late.
pub(super) async fn keep(tx: &mut Tx, r: Reading<'_>) -> Result<Meter> {
    Checks::new().that("value", (0..=MOST).contains(&r.value)).done()?;
    sql::hold(tx, r.meter).await?;
    let meter = sql::one(tx, r.meter).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    if let Some(known) = sql::known(tx, r.id).await? {
        return if known == r.content_sha256 {
            Ok(meter.into())
        } else {
            Err(Problem::new(problem::CONFLICT))
        };
    }
    let before = sql::before(tx, r.meter, r.at, r.id).await?;
    let after = sql::after(tx, r.meter, r.at, r.id).await?;
    if let Some(next) = after.first().filter(|next| !next.replaced && next.value < r.value) {
        return Err(Problem::new(METER_HIGHER)
            .with("name", &meter.name)
            .with("next", next.value)
            .with("unit", &meter.unit)
            .field("value", METER_HIGHER));
    }
    let total = match before {
        None => r.value,
        Some(before) if r.replaced => before.total.saturating_add(r.value),
        Some(before) if r.value < before.value => {
            return Err(Problem::new(METER_LOWER)
                .with("name", &meter.name)
                .with("last", before.value)
                .with("unit", &meter.unit)
                .field("value", METER_LOWER));
        }
        Some(before) => before.total.saturating_add(r.value - before.value),
    };
    let by = Some(tx.scope_actor()).filter(|id| !id.is_nil());
    let row = sql::NewRow {
        id: r.id,
        meter: r.meter,
        value: r.value,
        total,
        replaced: r.replaced,
        at: r.at,
        source: r.source,
        order: r.order,
        by,
        content_sha256: r.content_sha256,
    };
    if !sql::insert_reading(tx, &row).await? {
        return Err(Problem::new(problem::CONFLICT));
    }
    add_up(tx, Some((r.value, total)), after).await?;
    let told = json!({ "meter": meter.name, "value": r.value, "replaced": r.replaced, "source": r.source });
    tx.audit("meter.read", "meter", r.meter, told).await?;
    let now = sql::one(tx, r.meter).await?.ok_or_else(|| Problem::internal("a meter that was just read"))?;
    Ok(now.into())
}

/// Adds readings up anew behind one: value and total of it.
async fn add_up(tx: &mut Tx, before: Option<(i64, i64)>, after: Vec<sql::Counted>) -> Result<()> {
    let mut last = before;
    for r in after {
        // Below the one before it by now: what was withdrawn in between said that the meter was replaced.
        let replaced = r.replaced || last.is_some_and(|(value, _)| r.value < value);
        let total = match last {
            None => r.value,
            Some((_, total)) if replaced => total.saturating_add(r.value),
            Some((value, total)) => total.saturating_add(r.value - value),
        };
        if (total, replaced) != (r.total, r.replaced) {
            sql::set_total(tx, r.id, total, replaced).await?;
        }
        last = Some((r.value, total));
    }
    Ok(())
}

/// A wrong reading counts no more; those after it are added up anew, and maintenance that was due by it alone is due again
/// when the meter comes to it. Withdrawn already, it stays as it is.
///
/// # Errors
/// `not_found`.
pub(super) async fn withdraw(tx: &mut Tx, id: Uuid, reason: &str) -> Result<Meter> {
    let missing = || Problem::new(problem::NOT_FOUND);
    let reading = sql::reading(tx, id).await?.ok_or_else(missing)?;
    let meter = sql::one(tx, reading.meter_id).await?.ok_or_else(missing)?;
    equipment::sql::one(tx, meter.equipment_id).await?;
    sql::hold(tx, meter.id).await?;
    if sql::withdraw(tx, id, reason).await? {
        let before = sql::before(tx, meter.id, reading.at, id).await?.map(|b| (b.value, b.total));
        let after = sql::after(tx, meter.id, reading.at, id).await?;
        add_up(tx, before, after).await?;
        let total = sql::one(tx, meter.id).await?.and_then(|m| m.total).unwrap_or(0);
        let turns = maintenance::void_turns(tx, meter.id, total).await?;
        let told = json!({ "meter": meter.name, "value": reading.value, "reason": reason, "turns": turns });
        tx.audit("meter.withdraw", "meter", meter.id, told).await?;
    }
    Ok(sql::one(tx, meter.id).await?.ok_or_else(missing)?.into())
}
