use base::Micros;
use db::{Query, Result, Tx, args, sql};
use org::Ref;
use uuid::Uuid;

use super::{Meter, MeterReading};

db::row! { pub struct MeterRow {
    id: Uuid, equipment_id: Uuid, name: String, unit: String, content_sha256: String, value: Option<i64>, total: Option<i64>,
    read_at: Option<Micros>
} }

impl From<MeterRow> for Meter {
    fn from(r: MeterRow) -> Meter {
        Meter {
            id: r.id,
            equipment_id: r.equipment_id,
            name: r.name,
            unit: r.unit,
            value: r.value,
            total: r.total,
            read_at: r.read_at,
        }
    }
}

macro_rules! meters {
    ($tail:expr) => {
        concat!(
            "SELECT m.id, m.equipment_id, m.name, m.unit, m.content_sha256, x.value, x.total, x.at AS read_at FROM meter m \
             LEFT JOIN meter_reading x ON x.tenant_id = m.tenant_id AND x.id = (SELECT r.id FROM meter_reading r \
             WHERE r.tenant_id = m.tenant_id AND r.meter_id = m.id AND r.withdrawn_at IS NULL ORDER BY r.at DESC, r.id DESC LIMIT 1) ",
            $tail
        )
    };
}

/// The meters of a piece. The caller has checked it.
pub async fn of_equipment(q: &mut impl Query, equipment: Uuid) -> Result<Vec<MeterRow>> {
    q.all(sql!(meters!("WHERE m.tenant_id = $1 AND m.equipment_id = $3 ORDER BY m.name")), args![equipment])
        .await
}

/// A meter of the company.
pub async fn one(q: &mut impl Query, id: Uuid) -> Result<Option<MeterRow>> {
    q.one(sql!(meters!("WHERE m.tenant_id = $1 AND m.id = $3")), args![id]).await
}

/// By name.
pub async fn named(q: &mut impl Query, equipment: Uuid, name: &str) -> Result<Option<MeterRow>> {
    q.one(
        sql!(meters!("WHERE m.tenant_id = $1 AND m.equipment_id = $3 AND m.name = $4")),
        args![equipment, name],
    )
    .await
}

/// False when the id is taken.
pub async fn insert(
    tx: &mut Tx,
    id: Uuid,
    equipment: Uuid,
    name: &str,
    unit: &str,
    sha256: &str,
) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO meter (tenant_id, id, equipment_id, name, unit, content_sha256, created_at) VALUES ($1, $3, $4, $5, $6, $7, $8) \
                 ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![id, equipment, name, unit, sha256, now],
        )
        .await?;
    Ok(rows == 1)
}

/// Holds a meter until the transaction ends: two readings at once are added up one after the other.
pub async fn hold(tx: &mut Tx, id: Uuid) -> Result<u64> {
    tx.exec(sql!("UPDATE meter SET unit = unit WHERE tenant_id = $1 AND id = $3"), args![id]).await
}

db::row! { pub struct Before { value: i64, total: i64 } }

/// The reading before another one.
pub async fn before(q: &mut impl Query, meter: Uuid, at: Micros, id: Uuid) -> Result<Option<Before>> {
    q.one(
        sql!(
            "SELECT r.value, r.total FROM meter_reading r WHERE r.tenant_id = $1 AND r.meter_id = $3 AND r.withdrawn_at IS NULL \
             AND (r.at < $4 OR (r.at = $4 AND r.id < $5)) ORDER BY r.at DESC, r.id DESC LIMIT 1"
        ),
        args![meter, at, id],
    )
    .await
}

db::row! { pub struct Counted { id: Uuid, value: i64, total: i64, replaced: bool } }

/// The readings after another one that count, oldest first.
pub async fn after(q: &mut impl Query, meter: Uuid, at: Micros, id: Uuid) -> Result<Vec<Counted>> {
    q.all(
        sql!(
            "SELECT r.id, r.value, r.total, r.replaced FROM meter_reading r WHERE r.tenant_id = $1 AND r.meter_id = $3 \
             AND r.withdrawn_at IS NULL AND (r.at > $4 OR (r.at = $4 AND r.id > $5)) ORDER BY r.at, r.id"
        ),
        args![meter, at, id],
    )
    .await
}

/// What was counted in all by a reading, added up anew.
pub async fn set_total(tx: &mut Tx, id: Uuid, total: i64, replaced: bool) -> Result<u64> {
    tx.exec(
        sql!("UPDATE meter_reading SET total = $4, replaced = $5 WHERE tenant_id = $1 AND id = $3"),
        args![id, total, replaced],
    )
    .await
}

db::row! { pub struct OneReading { meter_id: Uuid, value: i64, at: Micros } }

/// A reading of the company.
pub async fn reading(q: &mut impl Query, id: Uuid) -> Result<Option<OneReading>> {
    q.one(
        sql!("SELECT r.meter_id, r.value, r.at FROM meter_reading r WHERE r.tenant_id = $1 AND r.id = $3"),
        args![id],
    )
    .await
}

/// A reading counts no more. False when it did not.
pub async fn withdraw(tx: &mut Tx, id: Uuid, reason: &str) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "UPDATE meter_reading SET withdrawn_at = $4, withdrawn_by = $2, withdrawn_reason = $5 \
                 WHERE tenant_id = $1 AND id = $3 AND withdrawn_at IS NULL"
            ),
            args![id, now, reason],
        )
        .await?;
    Ok(rows == 1)
}

db::row! { struct Kept { content_sha256: String } }

/// What a known reading was made of.
pub async fn known(q: &mut impl Query, id: Uuid) -> Result<Option<String>> {
    let row: Option<Kept> = q
        .one(
            sql!("SELECT r.content_sha256 FROM meter_reading r WHERE r.tenant_id = $1 AND r.id = $3"),
            args![id],
        )
        .await?;
    Ok(row.map(|r| r.content_sha256))
}

pub struct NewRow<'a> {
    pub id: Uuid,
    pub meter: Uuid,
    pub value: i64,
    pub total: i64,
    pub replaced: bool,
    pub at: Micros,
    pub source: &'static str,
    pub order: Option<Uuid>,
    pub by: Option<Uuid>,
    pub content_sha256: &'a str,
}

/// False when the id is taken.
pub async fn insert_reading(tx: &mut Tx, r: &NewRow<'_>) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO meter_reading (tenant_id, id, meter_id, value, total, replaced, at, received_at, source, order_id, employee_id, \
                 content_sha256) VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![r.id, r.meter, r.value, r.total, r.replaced, r.at, now, r.source, r.order, r.by, r.content_sha256],
        )
        .await?;
    Ok(rows == 1)
}

db::row! { struct ReadingRow {
    id: Uuid, value: i64, total: i64, replaced: bool, at: Micros, received_at: Micros, source: String, employee_id: Option<Uuid>,
    employee_name: Option<String>, order_id: Option<Uuid>, number: Option<String>, withdrawn_at: Option<Micros>,
    withdrawn_by: Option<Uuid>, withdrawn_name: Option<String>, withdrawn_reason: Option<String>
} }

/// Readings of a meter, newest first. The caller has checked its equipment.
pub async fn readings(q: &mut impl Query, meter: Uuid, limit: i64) -> Result<Vec<MeterReading>> {
    let rows: Vec<ReadingRow> = q
        .all(
            sql!(
                "SELECT r.id, r.value, r.total, r.replaced, r.at, r.received_at, r.source, r.employee_id, e.name AS employee_name, \
                 r.order_id, w.number, r.withdrawn_at, r.withdrawn_by, x.name AS withdrawn_name, r.withdrawn_reason FROM meter_reading r \
                 LEFT JOIN employee e ON e.tenant_id = r.tenant_id AND e.id = r.employee_id \
                 LEFT JOIN work_order w ON w.tenant_id = r.tenant_id AND w.id = r.order_id \
                 LEFT JOIN employee x ON x.tenant_id = r.tenant_id AND x.id = r.withdrawn_by \
                 WHERE r.tenant_id = $1 AND r.meter_id = $3 ORDER BY r.at DESC, r.id DESC LIMIT $4"
            ),
            args![meter, limit],
        )
        .await?;
    let shown = |r: ReadingRow| MeterReading {
        id: r.id,
        value: r.value,
        total: r.total,
        replaced: r.replaced,
        at: r.at,
        received_at: r.received_at,
        source: r.source,
        by: r.employee_id.zip(r.employee_name).map(|(id, name)| Ref { id, name }),
        order: r.order_id.zip(r.number).map(|(id, name)| Ref { id, name }),
        withdrawn_at: r.withdrawn_at,
        withdrawn_by: r.withdrawn_by.zip(r.withdrawn_name).map(|(id, name)| Ref { id, name }),
        withdrawn_reason: r.withdrawn_reason,
    };
    Ok(rows.into_iter().map(shown).collect())
}

/// Why an erased person withdrew readings.
pub async fn erase(tx: &mut Tx, person: Uuid) -> Result<u64> {
    tx.exec(
        sql!("UPDATE meter_reading SET withdrawn_reason = '—' WHERE tenant_id = $1 AND withdrawn_by = $3"),
        args![person],
    )
    .await
}
