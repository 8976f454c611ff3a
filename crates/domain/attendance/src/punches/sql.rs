//! Statements on punches.

use base::{LocalDay, Micros};
use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

use super::Written;

/// False when the id is taken.
pub async fn insert(tx: &mut Tx, w: &Written<'_>) -> Result<bool> {
    let now = tx.now();
    let (lng, lat) = w.fix.map(|f| f.at.e7()).unzip();
    let accuracy = w.fix.map(|f| f.accuracy_m.round() as i64);
    let verdict = w.reading.as_ref().map(|r| r.verdict);
    let (name, radius) = w.reading.as_ref().and_then(|r| r.spot.clone()).unzip();
    let distance = w.reading.as_ref().and_then(|r| r.distance_m);
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO punch (tenant_id, id, employee_id, department_id, day, kind, at, said_at, received_at, offline, source, verdict, \
                 place_name, distance_m, radius_m, accuracy_m, lng, lat, fix_at, place, reason, photo_id, dropped_photo_id) \
                 VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24) \
                 ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![
                w.id, w.person, w.department, w.day, w.kind.key(), w.at, w.said_at, now, w.offline, w.source, verdict, name, distance, radius,
                accuracy, lng, lat, w.fix.map(|f| f.t), w.place, w.reason, w.photo, w.dropped
            ],
        )
        .await?;
    Ok(rows == 1)
}

db::row! { pub struct Known { employee_id: Uuid, kind: String, said_at: Micros, place: String } }

pub async fn known(q: &mut impl Query, id: Uuid) -> Result<Option<Known>> {
    q.one(
        sql!("SELECT p.employee_id, p.kind, p.said_at, p.place FROM punch p WHERE p.tenant_id = $1 AND p.id = $3"),
        args![id],
    )
    .await
}

db::row! { pub struct PunchRow {
    id: Uuid, employee_id: Uuid, kind: String, at: Micros, said_at: Micros, received_at: Micros, offline: bool, source: String,
    verdict: Option<String>, place_name: Option<String>, distance_m: Option<i64>, radius_m: Option<i64>, accuracy_m: Option<i64>,
    lng: Option<i64>, lat: Option<i64>, place: String, reason: Option<String>, photo_id: Option<Uuid>
} }

db::row! { pub struct Pictured { employee_id: Uuid, day: LocalDay, photo_id: Uuid } }

/// A punch with a picture, whosesoever: the caller checks whose.
pub async fn pictured(q: &mut impl Query, id: Uuid) -> Result<Option<Pictured>> {
    q.one(
        sql!(
            "SELECT p.employee_id, p.day, p.photo_id FROM punch p WHERE p.tenant_id = $1 AND p.id = $3 AND p.photo_id IS NOT NULL"
        ),
        args![id],
    )
    .await
}

db::row! { struct Counted { n: i64 } }

/// Did a punch of the acting person name this picture where nobody may have it?
pub async fn is_dropped(q: &mut impl Query, photo: Uuid) -> Result<bool> {
    let row: Counted = q
        .must(
            sql!(
                "SELECT COUNT(*) AS n FROM punch p WHERE p.tenant_id = $1 AND p.employee_id = $2 AND p.dropped_photo_id = $3"
            ),
            args![photo],
        )
        .await?;
    Ok(row.n > 0)
}

db::row! { pub struct Dropped { photo_id: Uuid, employee_id: Uuid, received_at: Micros } }

/// Pictures nobody may have, of punches received since then.
pub async fn dropped_since(q: &mut impl Query, since: Micros) -> Result<Vec<Dropped>> {
    q.all(
        sql!(
            "SELECT p.dropped_photo_id AS photo_id, p.employee_id, p.received_at FROM punch p \
             WHERE p.tenant_id = $1 AND p.received_at >= $3 AND p.dropped_photo_id IS NOT NULL ORDER BY p.received_at, p.id"
        ),
        args![since],
    )
    .await
}

/// Of one person, whatever the reach: the caller has checked.
pub async fn of_person(
    q: &mut impl Query,
    person: Uuid,
    from: LocalDay,
    to: LocalDay,
) -> Result<Vec<PunchRow>> {
    q.all(
        sql!(
            "SELECT p.id, p.employee_id, p.kind, p.at, p.said_at, p.received_at, p.offline, p.source, p.verdict, p.place_name, p.distance_m, \
             p.radius_m, p.accuracy_m, p.lng, p.lat, p.place, p.reason, p.photo_id FROM punch p \
             WHERE p.tenant_id = $1 AND p.employee_id = $3 AND p.day >= $4 AND p.day <= $5 ORDER BY p.at, p.id"
        ),
        args![person, from, to],
    )
    .await
}

db::row! { pub struct Moment { employee_id: Uuid, kind: String, at: Micros, verdict: Option<String> } }

/// Of everybody in reach, without places.
pub async fn of_days(q: &mut impl Query, from: LocalDay, to: LocalDay) -> Result<Vec<Moment>> {
    q.all(
        sql!(
            "SELECT p.employee_id, p.kind, p.at, p.verdict FROM punch p JOIN person e ON e.tenant_id = p.tenant_id AND e.id = p.employee_id \
             WHERE p.tenant_id = $1 AND {reach:e} AND p.day >= $3 AND p.day <= $4 ORDER BY p.at, p.id"
        ),
        args![from, to],
    )
    .await
}

/// Takes the places out of a person's punches, and what he wrote.
pub async fn erase_places(tx: &mut Tx, person: Uuid) -> Result<u64> {
    tx.exec(
        sql!(
            "UPDATE punch SET lng = NULL, lat = NULL, fix_at = NULL, accuracy_m = NULL, distance_m = NULL, place_name = NULL, reason = NULL, photo_id = NULL \
             WHERE tenant_id = $1 AND employee_id = $3"
        ),
        args![person],
    )
    .await
}
