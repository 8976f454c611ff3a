use std::collections::HashMap;

use base::{LocalDay, Micros, Problem};
use db::{Query, Result, Tx, args, sql};
use geo::LngLat;
use org::Ref;
use uuid::Uuid;

use crate::model::{Drawn, EventKind, Fence, FenceEvent, Tell};

db::row! { pub struct FenceRow {
    id: Uuid, name: String, customer_id: Option<Uuid>, customer_name: Option<String>, department_id: Uuid, shape: String,
    dwell_s: i64, tell: String, active: bool, version: i64
} }

impl TryFrom<FenceRow> for Fence {
    type Error = Problem;

    fn try_from(r: FenceRow) -> Result<Fence> {
        let shape: Drawn = serde_json::from_str(&r.shape).map_err(Problem::internal)?;
        Ok(Fence {
            id: r.id,
            name: r.name,
            customer: r.customer_id.zip(r.customer_name).map(|(id, name)| Ref { id, name }),
            department_id: r.department_id,
            shape,
            dwell_s: r.dwell_s,
            tell: serde_json::from_str(&r.tell).unwrap_or_default(),
            active: r.active,
            version: r.version,
        })
    }
}

macro_rules! fence_columns {
    ($tail:literal) => {
        concat!(
            "SELECT f.id, f.name, f.customer_id, c.name AS customer_name, f.department_id, f.shape, f.dwell_s, f.tell, f.active, f.version \
             FROM fence f LEFT JOIN customer c ON c.tenant_id = f.tenant_id AND c.id = f.customer_id ",
            $tail
        )
    };
}

fn fences(rows: Vec<FenceRow>) -> Result<Vec<Fence>> {
    rows.into_iter().map(Fence::try_from).collect()
}

/// Drawn fences in reach, newest first; of one customer, or of all.
pub async fn list(
    q: &mut impl Query,
    customer: Option<Uuid>,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Fence>> {
    fences(
        q.all(
            sql!(fence_columns!(
                "WHERE f.tenant_id = $1 AND {reach:f} AND f.active = 1 AND ($3 IS NULL OR f.customer_id = $3) \
                 AND ($4 IS NULL OR f.id < $4) ORDER BY f.id DESC LIMIT $5"
            )),
            args![customer, after, limit],
        )
        .await?,
    )
}

/// All drawn fences of the company that are watched.
pub async fn active(q: &mut impl Query) -> Result<Vec<Fence>> {
    fences(
        q.all(sql!(fence_columns!("WHERE f.tenant_id = $1 AND f.active = 1 ORDER BY f.id")), vec![]).await?,
    )
}

pub async fn one(q: &mut impl Query, id: Uuid) -> Result<Fence> {
    let row: FenceRow =
        q.must(sql!(fence_columns!("WHERE f.tenant_id = $1 AND {reach:f} AND f.id = $3")), args![id]).await?;
    Fence::try_from(row)
}

db::row! { struct Counted { n: i64 } }

pub async fn count(q: &mut impl Query) -> Result<i64> {
    let row: Counted = q
        .must(
            sql!("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM fence WHERE tenant_id = $1 AND active = 1"),
            vec![],
        )
        .await?;
    Ok(row.n)
}

/// What is written of a fence.
pub struct Written {
    pub id: Uuid,
    pub name: String,
    pub customer: Option<Uuid>,
    pub owner: Option<Uuid>,
    pub department: Uuid,
    pub shape: String,
    pub dwell_s: i64,
    pub tell: String,
    pub active: bool,
}

pub async fn insert(tx: &mut Tx, w: &Written) -> Result<u64> {
    tx.exec(
        sql!(
            "INSERT INTO fence (tenant_id, id, name, customer_id, employee_id, department_id, shape, dwell_s, tell, active, created_at, version) \
             VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, 1) ON CONFLICT (tenant_id, id) DO NOTHING"
        ),
        args![w.id, &w.name, w.customer, w.owner, w.department, &w.shape, w.dwell_s, &w.tell, tx.now()],
    )
    .await
}

pub async fn update(tx: &mut Tx, w: &Written, version: i64) -> Result<u64> {
    tx.exec(
        sql!(
            "UPDATE fence SET name = $4, customer_id = $5, employee_id = $6, department_id = $7, shape = $8, dwell_s = $9, tell = $10, \
             active = $11, version = version + 1 WHERE tenant_id = $1 AND id = $3 AND version = $12"
        ),
        args![w.id, &w.name, w.customer, w.owner, w.department, &w.shape, w.dwell_s, &w.tell, w.active, version],
    )
    .await
}

db::row! { struct ClassTell { class_id: Uuid, tell: String, version: i64 } }

/// Who is told of what, by class.
pub async fn classes(q: &mut impl Query) -> Result<HashMap<Uuid, Tell>> {
    let rows: Vec<ClassTell> =
        q.all(sql!("SELECT class_id, tell, version FROM fence_class WHERE tenant_id = $1"), vec![]).await?;
    Ok(rows.into_iter().map(|r| (r.class_id, serde_json::from_str(&r.tell).unwrap_or_default())).collect())
}

pub async fn put_class(tx: &mut Tx, class: Uuid, tell: &str) -> Result<u64> {
    tx.exec(
        sql!(
            "INSERT INTO fence_class (tenant_id, class_id, tell, version) VALUES ($1, $3, $4, 1) \
             ON CONFLICT (tenant_id, class_id) DO UPDATE SET tell = excluded.tell, version = fence_class.version + 1"
        ),
        args![class, tell],
    )
    .await
}

db::row! { pub struct EventRow {
    id: Uuid, employee_id: Uuid, employee_name: String, day: LocalDay, fence_id: Uuid, customer_id: Option<Uuid>, name: String,
    kind: String, at: Micros, until_at: Micros, known_at: Micros, lng: i64, lat: i64, accuracy_dm: i64, permille: i64,
    rule_version: String
} }

impl TryFrom<EventRow> for FenceEvent {
    type Error = Problem;

    fn try_from(r: EventRow) -> Result<FenceEvent> {
        Ok(FenceEvent {
            id: r.id,
            employee: Ref { id: r.employee_id, name: r.employee_name },
            day: r.day,
            kind: EventKind::from_key(&r.kind),
            fence_id: r.fence_id,
            name: r.name,
            customer_id: r.customer_id,
            at: r.at,
            until: r.until_at,
            known_at: r.known_at,
            place: LngLat::from_e7(r.lng, r.lat).map_err(Problem::internal)?,
            accuracy_m: r.accuracy_dm as f64 / 10.0,
            probability: r.permille as f64 / 1000.0,
            rule_version: r.rule_version,
        })
    }
}

/// Filters of the list of events.
#[derive(Default, Clone)]
pub struct Filter {
    pub day: Option<LocalDay>,
    pub employee: Option<Uuid>,
    pub customer: Option<Uuid>,
    pub fence: Option<Uuid>,
    pub kind: Option<EventKind>,
}

/// Events of people in reach, newest first, from before `before` (time and id of the last one shown).
pub async fn events(
    q: &mut impl Query,
    f: &Filter,
    before: Option<(i64, Uuid)>,
    limit: i64,
) -> Result<Vec<FenceEvent>> {
    let (at, id) = before.unzip();
    let rows: Vec<EventRow> = q
        .all(
            sql!(
                "SELECT v.id, v.employee_id, e.name AS employee_name, v.day, v.fence_id, v.customer_id, v.name, v.kind, v.at, v.until_at, \
                 v.known_at, v.lng, v.lat, v.accuracy_dm, v.permille, v.rule_version \
                 FROM fence_event v JOIN employee e ON e.tenant_id = v.tenant_id AND e.id = v.employee_id \
                 WHERE v.tenant_id = $1 AND {reach:v} AND ($3 IS NULL OR v.day = $3) AND ($4 IS NULL OR v.employee_id = $4) \
                 AND ($5 IS NULL OR v.customer_id = $5) AND ($6 IS NULL OR v.fence_id = $6) AND ($7 IS NULL OR v.kind = $7) \
                 AND ($8 IS NULL OR v.at < $8 OR (v.at = $8 AND v.id < $9)) ORDER BY v.at DESC, v.id DESC LIMIT $10"
            ),
            args![f.day, f.employee, f.customer, f.fence, f.kind.map(EventKind::key), at, id, limit],
        )
        .await?;
    rows.into_iter().map(FenceEvent::try_from).collect()
}

db::row! { pub struct KeptRow { id: Uuid, fence_id: Uuid, kind: String, at: Micros } }

/// What is kept of a person's day.
pub async fn kept(q: &mut impl Query, employee: Uuid, day: LocalDay) -> Result<Vec<KeptRow>> {
    q.all(
        sql!(
            "SELECT id, fence_id, kind, at FROM fence_event WHERE tenant_id = $1 AND employee_id = $3 AND day = $4"
        ),
        args![employee, day],
    )
    .await
}

/// When somebody came to a customer on a day, by the fences.
pub async fn arrivals(q: &mut impl Query, employee: Uuid, day: LocalDay) -> Result<Vec<(Uuid, Micros)>> {
    db::row! { struct Came { customer_id: Option<Uuid>, at: Micros } }
    let rows: Vec<Came> = q
        .all(
            sql!(
                "SELECT customer_id, at FROM fence_event WHERE tenant_id = $1 AND employee_id = $3 AND day = $4 AND kind = 'enter' ORDER BY at"
            ),
            args![employee, day],
        )
        .await?;
    Ok(rows.into_iter().filter_map(|r| Some((r.customer_id?, r.at))).collect())
}

pub async fn delete_event(tx: &mut Tx, id: Uuid) -> Result<u64> {
    tx.exec(sql!("DELETE FROM fence_event WHERE tenant_id = $1 AND id = $3"), args![id]).await
}

/// An event to be kept.
pub struct NewEvent {
    pub id: Uuid,
    pub employee: Uuid,
    pub department: Uuid,
    pub day: LocalDay,
    pub fence: Uuid,
    pub customer: Option<Uuid>,
    pub name: String,
    pub kind: EventKind,
    pub at: Micros,
    pub until: Micros,
    pub known: Micros,
    pub place: LngLat,
    pub accuracy_m: f64,
    pub probability: f64,
}

pub async fn insert_event(tx: &mut Tx, e: &NewEvent) -> Result<u64> {
    let (lng, lat) = e.place.e7();
    tx.exec(
        sql!(
            "INSERT INTO fence_event (tenant_id, id, employee_id, department_id, day, fence_id, customer_id, name, kind, at, until_at, \
             known_at, lng, lat, accuracy_dm, permille, rule_version, computed_at) \
             VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) \
             ON CONFLICT (tenant_id, employee_id, day, fence_id, kind, at) DO NOTHING"
        ),
        args![
            e.id, e.employee, e.department, e.day, e.fence, e.customer, &e.name, e.kind.key(), e.at, e.until, e.known, lng, lat,
            (e.accuracy_m * 10.0).round() as i64, (e.probability * 1000.0).round() as i64, fence::VERSION, tx.now()
        ],
    )
    .await
}

db::row! { struct LeaderRow { id: Uuid, department_id: Uuid } }

/// Active people whose departments cover this one and who may see tracks, with their own department.
pub async fn leaders(q: &mut impl Query, department: Uuid) -> Result<Vec<(Uuid, Uuid)>> {
    let rows: Vec<LeaderRow> = q
        .all(
            sql!(
                "SELECT e.id, e.department_id FROM employee e JOIN role r ON r.tenant_id = e.tenant_id AND r.id = e.role_id \
                 WHERE e.tenant_id = $1 AND e.status = 'active' AND r.reach = 'departments' AND r.permissions LIKE '%\"track.read\"%' \
                 AND EXISTS (SELECT 1 FROM department_reach d WHERE d.tenant_id = e.tenant_id AND d.employee_id = e.id AND d.department_id = $3) \
                 ORDER BY e.id"
            ),
            args![department],
        )
        .await?;
    Ok(rows.into_iter().map(|r| (r.id, r.department_id)).collect())
}
