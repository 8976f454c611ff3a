use db::{Query, Result, Tx, args, sql};
use org::Ref;
use uuid::Uuid;

use super::Point;

db::row! { struct PatrolRow {
    id: Uuid, name: String, employee_id: Uuid, employee_name: String, weekdays: String, points: String, grace_s: i64, active: bool, version: i64
} }

/// A round as it is kept.
pub struct Kept {
    pub id: Uuid,
    pub name: String,
    pub employee: Ref,
    pub weekdays: Vec<u8>,
    pub points: Vec<Point>,
    pub grace_s: i64,
    pub active: bool,
    pub version: i64,
}

impl TryFrom<PatrolRow> for Kept {
    type Error = base::Problem;

    fn try_from(r: PatrolRow) -> Result<Kept> {
        Ok(Kept {
            id: r.id,
            name: r.name,
            employee: Ref { id: r.employee_id, name: r.employee_name },
            weekdays: serde_json::from_str(&r.weekdays).map_err(base::Problem::internal)?,
            points: serde_json::from_str(&r.points).map_err(base::Problem::internal)?,
            grace_s: r.grace_s,
            active: r.active,
            version: r.version,
        })
    }
}

macro_rules! patrol_columns {
    ($tail:literal) => {
        concat!(
            "SELECT p.id, p.name, p.employee_id, e.name AS employee_name, p.weekdays, p.points, p.grace_s, p.active, p.version \
             FROM patrol p JOIN employee e ON e.tenant_id = p.tenant_id AND e.id = p.employee_id \
             WHERE p.tenant_id = $1 AND {reach:p} ",
            $tail
        )
    };
}

/// Rounds in reach that are still walked, newest first; of one person, or of all.
pub async fn list(
    q: &mut impl Query,
    employee: Option<Uuid>,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Kept>> {
    let rows: Vec<PatrolRow> = q
        .all(
            sql!(patrol_columns!(
                "AND p.active = 1 AND ($3 IS NULL OR p.employee_id = $3) AND ($4 IS NULL OR p.id < $4) ORDER BY p.id DESC LIMIT $5"
            )),
            args![employee, after, limit],
        )
        .await?;
    rows.into_iter().map(Kept::try_from).collect()
}

pub async fn one(q: &mut impl Query, id: Uuid) -> Result<Kept> {
    let row: PatrolRow = q.must(sql!(patrol_columns!("AND p.id = $3")), args![id]).await?;
    Kept::try_from(row)
}

/// What is written of a round.
pub struct Written {
    pub id: Uuid,
    pub name: String,
    pub employee: Uuid,
    pub department: Uuid,
    pub weekdays: String,
    pub points: String,
    pub grace_s: i64,
    pub active: bool,
}

pub async fn insert(tx: &mut Tx, w: &Written) -> Result<u64> {
    tx.exec(
        sql!(
            "INSERT INTO patrol (tenant_id, id, name, employee_id, department_id, weekdays, points, grace_s, active, created_at, version) \
             VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1) ON CONFLICT (tenant_id, id) DO NOTHING"
        ),
        args![w.id, &w.name, w.employee, w.department, &w.weekdays, &w.points, w.grace_s, w.active, tx.now()],
    )
    .await
}

pub async fn update(tx: &mut Tx, w: &Written, version: i64) -> Result<u64> {
    tx.exec(
        sql!(
            "UPDATE patrol SET name = $4, employee_id = $5, department_id = $6, weekdays = $7, points = $8, grace_s = $9, active = $10, \
             version = version + 1 WHERE tenant_id = $1 AND id = $3 AND version = $11"
        ),
        args![w.id, &w.name, w.employee, w.department, &w.weekdays, &w.points, w.grace_s, w.active, version],
    )
    .await
}
