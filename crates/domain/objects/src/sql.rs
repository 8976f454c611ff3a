//! Statements on objects.

use base::Micros;
use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

db::row! { pub struct ObjectRow {
    id: Uuid, key: String, name: String, icon: String, title_field: Option<String>, columns: String, numbering: String, grants: String,
    published: Option<i64>, retired: bool, changed_at: Micros, version: i64
} }

macro_rules! objects {
    ($tail:literal) => {
        concat!(
            "SELECT o.id, o.key, o.name, o.icon, o.title_field, o.columns, o.numbering, o.grants, f.published, f.retired, o.changed_at, o.version \
             FROM object o JOIN form f ON f.tenant_id = o.tenant_id AND f.id = o.id WHERE o.tenant_id = $1 ",
            $tail
        )
    };
}

/// All objects, retired ones last.
pub async fn all(q: &mut impl Query) -> Result<Vec<ObjectRow>> {
    q.all(sql!(objects!("ORDER BY f.retired, o.created_at, o.id")), vec![]).await
}

pub async fn one(q: &mut impl Query, id: Uuid) -> Result<ObjectRow> {
    q.must(sql!(objects!("AND o.id = $3")), args![id]).await
}

pub async fn with_key(q: &mut impl Query, key: &str) -> Result<Option<ObjectRow>> {
    q.one(sql!(objects!("AND o.key = $3")), args![key]).await
}

/// Records of an object that are not deleted.
pub async fn records(q: &mut impl Query, id: Uuid) -> Result<i64> {
    let row: (i64,) = q
        .must(
            sql!(
                "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM object_record r \
                 WHERE r.tenant_id = $1 AND r.object_id = $3 AND r.deleted_at IS NULL"
            ),
            args![id],
        )
        .await?;
    Ok(row.0)
}

/// What is written of an object.
pub struct Written<'a> {
    pub name: &'a str,
    pub icon: &'a str,
    pub title_field: Option<&'a str>,
    pub columns: &'a str,
    pub numbering: &'a str,
    pub grants: &'a str,
}

/// False when the id is taken.
pub async fn insert(tx: &mut Tx, id: Uuid, key: &str, w: &Written<'_>) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO object (tenant_id, id, key, name, icon, title_field, columns, numbering, grants, created_at, changed_by, changed_at, version) \
                 VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $2, $11, 1) ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![id, key, w.name, w.icon, w.title_field, w.columns, w.numbering, w.grants, now],
        )
        .await?;
    Ok(rows == 1)
}

/// False when somebody else changed it since `version`.
pub async fn update(tx: &mut Tx, id: Uuid, version: i64, w: &Written<'_>) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "UPDATE object SET name = $5, icon = $6, title_field = $7, columns = $8, numbering = $9, grants = $10, changed_by = $2, \
                 changed_at = $11, version = version + 1 WHERE tenant_id = $1 AND id = $3 AND version = $4"
            ),
            args![id, version, w.name, w.icon, w.title_field, w.columns, w.numbering, w.grants, now],
        )
        .await?;
    Ok(rows == 1)
}

/// The next number of a period, given out for good when the transaction ends well.
pub async fn next(tx: &mut Tx, object: Uuid, period: &str) -> Result<i64> {
    let row: (i64,) = tx
        .must(
            sql!(
                "INSERT INTO object_counter (tenant_id, object_id, period, last) VALUES ($1, $3, $4, 1) \
                 ON CONFLICT (tenant_id, object_id, period) DO UPDATE SET last = object_counter.last + 1 RETURNING last"
            ),
            args![object, period],
        )
        .await?;
    Ok(row.0)
}

/// The last number of a period; 0 when there is none.
pub async fn last(q: &mut impl Query, object: Uuid, period: &str) -> Result<i64> {
    let row: Option<(i64,)> = q
        .one(
            sql!("SELECT c.last FROM object_counter c WHERE c.tenant_id = $1 AND c.object_id = $3 AND c.period = $4"),
            args![object, period],
        )
        .await?;
    Ok(row.map_or(0, |r| r.0))
}
