//! Statements on flows, their versions and what they are for.

use base::Micros;
use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

db::row! { pub struct FlowRow {
    id: Uuid, name: String, subject_kind: Option<String>, subject_id: Option<Uuid>, draft: String, draft_sha256: String, published: Option<i64>,
    published_sha256: Option<String>, retired: bool, bound: bool, running: i64, changed_at: Micros, version: i64
} }

macro_rules! flows {
    ($tail:literal) => {
        concat!(
            "SELECT f.id, f.name, f.subject_kind, f.subject_id, f.draft, f.draft_sha256, f.published, f.published_sha256, f.retired, \
             CAST((SELECT COUNT(*) FROM flow_binding b WHERE b.tenant_id = f.tenant_id AND b.flow_id = f.id) AS BIGINT) AS bound, \
             CAST((SELECT COUNT(*) FROM approval a WHERE a.tenant_id = f.tenant_id AND a.flow_id = f.id AND a.status IN ('running', 'returned')) AS BIGINT) AS running, \
             f.changed_at, f.version FROM flow f WHERE f.tenant_id = $1 ",
            $tail
        )
    };
}

/// All flows, retired ones last.
pub async fn all(q: &mut impl Query) -> Result<Vec<FlowRow>> {
    q.all(sql!(flows!("ORDER BY f.retired, f.name, f.id")), vec![]).await
}

pub async fn one(q: &mut impl Query, id: Uuid) -> Result<FlowRow> {
    q.must(sql!(flows!("AND f.id = $3")), args![id]).await
}

pub async fn name(q: &mut impl Query, id: Uuid) -> Result<String> {
    let row: (String,) =
        q.must(sql!("SELECT f.name FROM flow f WHERE f.tenant_id = $1 AND f.id = $3"), args![id]).await?;
    Ok(row.0)
}

/// What is written of a flow.
pub struct Draft<'a> {
    pub name: &'a str,
    pub kind: Option<&'a str>,
    pub subject: Option<Uuid>,
    pub text: &'a str,
    pub sha256: &'a str,
}

/// False when the id is taken.
pub async fn insert(tx: &mut Tx, id: Uuid, d: &Draft<'_>) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO flow (tenant_id, id, name, subject_kind, subject_id, draft, draft_sha256, retired, created_at, changed_by, changed_at, version) \
                 VALUES ($1, $3, $4, $5, $6, $7, $8, 0, $9, $2, $9, 1) ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![id, d.name, d.kind, d.subject, d.text, d.sha256, now],
        )
        .await?;
    Ok(rows == 1)
}

/// False when somebody else changed it since `version`.
pub async fn update(tx: &mut Tx, id: Uuid, version: i64, d: &Draft<'_>, retired: bool) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "UPDATE flow SET name = $5, subject_kind = $6, subject_id = $7, draft = $8, draft_sha256 = $9, retired = $10, changed_by = $2, \
                 changed_at = $11, version = version + 1 WHERE tenant_id = $1 AND id = $3 AND version = $4"
            ),
            args![id, version, d.name, d.kind, d.subject, d.text, d.sha256, retired, now],
        )
        .await?;
    Ok(rows == 1)
}

/// False when somebody else changed the flow since `version`.
pub async fn set_published(tx: &mut Tx, id: Uuid, version: i64, number: i64, sha256: &str) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "UPDATE flow SET published = $5, published_sha256 = $6, changed_by = $2, changed_at = $7, version = version + 1 \
                 WHERE tenant_id = $1 AND id = $3 AND version = $4"
            ),
            args![id, version, number, sha256, now],
        )
        .await?;
    Ok(rows == 1)
}

pub struct NewVersion<'a> {
    pub number: i64,
    pub doc: &'a str,
    pub fields: &'a str,
    pub note: Option<&'a str>,
    pub from_at: Micros,
}

pub async fn insert_version(tx: &mut Tx, flow: Uuid, v: &NewVersion<'_>) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!(
            "INSERT INTO flow_version (tenant_id, flow_id, number, doc, fields, note, from_at, published_by, published_at) \
             VALUES ($1, $3, $4, $5, $6, $7, $8, $2, $9)"
        ),
        args![flow, v.number, v.doc, v.fields, v.note, v.from_at, now],
    )
    .await
}

db::row! { pub struct VersionRow { number: i64, note: Option<String>, from_at: Micros, published_by: Uuid, by_name: String, published_at: Micros } }

/// Versions, newest first.
pub async fn versions(q: &mut impl Query, flow: Uuid) -> Result<Vec<VersionRow>> {
    q.all(
        sql!(
            "SELECT v.number, v.note, v.from_at, v.published_by, e.name AS by_name, v.published_at FROM flow_version v \
             JOIN employee e ON e.tenant_id = v.tenant_id AND e.id = v.published_by \
             WHERE v.tenant_id = $1 AND v.flow_id = $3 ORDER BY v.number DESC"
        ),
        args![flow],
    )
    .await
}

db::row! { pub struct DocRow { doc: String, fields: String } }

pub async fn doc(q: &mut impl Query, flow: Uuid, number: i64) -> Result<DocRow> {
    q.must(
        sql!("SELECT v.doc, v.fields FROM flow_version v WHERE v.tenant_id = $1 AND v.flow_id = $3 AND v.number = $4"),
        args![flow, number],
    )
    .await
}

db::row! { pub struct ForceRow { flow_id: Uuid, number: i64 } }

/// The version what is handed in now runs through: the newest of the bound flow that has begun.
pub async fn in_force(
    q: &mut impl Query,
    kind: &str,
    subject: Uuid,
    now: Micros,
) -> Result<Option<ForceRow>> {
    q.one(
        sql!(
            "SELECT v.flow_id, v.number FROM flow_binding b \
             JOIN flow f ON f.tenant_id = b.tenant_id AND f.id = b.flow_id AND f.retired = 0 \
             JOIN flow_version v ON v.tenant_id = b.tenant_id AND v.flow_id = b.flow_id \
             WHERE b.tenant_id = $1 AND b.subject_kind = $3 AND b.subject_id = $4 AND v.from_at <= $5 ORDER BY v.number DESC LIMIT 1"
        ),
        args![kind, subject, now],
    )
    .await
}

pub async fn unbind(tx: &mut Tx, flow: Uuid) -> Result<u64> {
    tx.exec(sql!("DELETE FROM flow_binding WHERE tenant_id = $1 AND flow_id = $3"), args![flow]).await
}

/// Puts a flow in the place of any other for the same subject.
pub async fn bind(tx: &mut Tx, kind: &str, subject: Uuid, flow: Uuid) -> Result<u64> {
    tx.exec(
        sql!(
            "INSERT INTO flow_binding (tenant_id, subject_kind, subject_id, flow_id) VALUES ($1, $3, $4, $5) \
             ON CONFLICT (tenant_id, subject_kind, subject_id) DO UPDATE SET flow_id = EXCLUDED.flow_id"
        ),
        args![kind, subject, flow],
    )
    .await
}
