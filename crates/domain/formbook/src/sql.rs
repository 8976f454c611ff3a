//! Statements on forms and their versions.

use base::Micros;
use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

db::row! { pub struct FormRow {
    id: Uuid, key: String, purpose: String, title: String, fields: i64, draft_sha256: String, published: Option<i64>, published_sha256: Option<String>,
    published_at: Option<Micros>, retired: bool, collect: bool, changed_at: Micros, version: i64, records: i64, last_record_at: Option<Micros>
} }

macro_rules! forms {
    ($tail:literal) => {
        concat!(
            "SELECT f.id, f.key, f.purpose, f.title, f.fields, f.draft_sha256, f.published, f.published_sha256, v.published_at, f.retired, f.collect, f.changed_at, \
             f.version, CAST(COALESCE(n.records, 0) AS BIGINT) AS records, n.last_record_at FROM form f \
             LEFT JOIN form_version v ON v.tenant_id = f.tenant_id AND v.form_id = f.id AND v.number = f.published \
             LEFT JOIN (SELECT r.form_id, COUNT(*) AS records, MAX(r.filled_at) AS last_record_at FROM form_record r \
               WHERE r.tenant_id = $1 AND {reach:r} GROUP BY r.form_id) n ON n.form_id = f.id \
             WHERE f.tenant_id = $1 ",
            $tail
        )
    };
}

/// All forms for steps of visits, retired ones last.
pub async fn all(q: &mut impl Query) -> Result<Vec<FormRow>> {
    q.all(sql!(forms!("AND f.purpose = 'step' ORDER BY f.retired, f.key")), vec![]).await
}

pub async fn one(q: &mut impl Query, id: Uuid) -> Result<FormRow> {
    q.must(sql!(forms!("AND f.id = $3")), args![id]).await
}

pub async fn with_key(q: &mut impl Query, purpose: &str, key: &str) -> Result<Option<Uuid>> {
    let row: Option<(Uuid,)> = q
        .one(
            sql!("SELECT f.id FROM form f WHERE f.tenant_id = $1 AND f.purpose = $3 AND f.key = $4"),
            args![purpose, key],
        )
        .await?;
    Ok(row.map(|r| r.0))
}

pub async fn draft(q: &mut impl Query, id: Uuid) -> Result<String> {
    let row: (String,) =
        q.must(sql!("SELECT f.draft FROM form f WHERE f.tenant_id = $1 AND f.id = $3"), args![id]).await?;
    Ok(row.0)
}

/// What is written of a draft.
pub struct Draft<'a> {
    pub title: &'a str,
    pub fields: i64,
    pub text: &'a str,
    pub sha256: &'a str,
}

/// False when the id is taken.
pub async fn insert(tx: &mut Tx, id: Uuid, purpose: &str, key: &str, d: &Draft<'_>) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO form (tenant_id, id, key, title, fields, draft, draft_sha256, retired, created_at, changed_by, changed_at, purpose, version) \
                 VALUES ($1, $3, $4, $5, $6, $7, $8, 0, $9, $2, $9, $10, 1) ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![id, key, d.title, d.fields, d.text, d.sha256, now, purpose],
        )
        .await?;
    Ok(rows == 1)
}

/// False when somebody else changed it since `version`.
pub async fn update(
    tx: &mut Tx,
    id: Uuid,
    version: i64,
    d: &Draft<'_>,
    retired: bool,
    collect: bool,
) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "UPDATE form SET title = $5, fields = $6, draft = $7, draft_sha256 = $8, retired = $9, changed_by = $2, changed_at = $10, \
                 collect = $11, version = version + 1 WHERE tenant_id = $1 AND id = $3 AND version = $4"
            ),
            args![id, version, d.title, d.fields, d.text, d.sha256, retired, now, collect],
        )
        .await?;
    Ok(rows == 1)
}

/// False when somebody else changed the form since `version`.
pub async fn set_published(tx: &mut Tx, id: Uuid, version: i64, number: i64, sha256: &str) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "UPDATE form SET published = $5, published_sha256 = $6, changed_by = $2, changed_at = $7, version = version + 1 \
                 WHERE tenant_id = $1 AND id = $3 AND version = $4"
            ),
            args![id, version, number, sha256, now],
        )
        .await?;
    Ok(rows == 1)
}

pub async fn insert_version(
    tx: &mut Tx,
    id: Uuid,
    number: i64,
    spec: &str,
    note: Option<&str>,
) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!(
            "INSERT INTO form_version (tenant_id, form_id, number, spec, note, published_by, published_at) VALUES ($1, $3, $4, $5, $6, $2, $7)"
        ),
        args![id, number, spec, note, now],
    )
    .await
}

db::row! { pub struct VersionRow { number: i64, note: Option<String>, published_by: Uuid, by_name: String, published_at: Micros } }

/// Versions, newest first.
pub async fn versions(q: &mut impl Query, form: Uuid) -> Result<Vec<VersionRow>> {
    q.all(
        sql!(
            "SELECT v.number, v.note, v.published_by, e.name AS by_name, v.published_at FROM form_version v \
             JOIN employee e ON e.tenant_id = v.tenant_id AND e.id = v.published_by \
             WHERE v.tenant_id = $1 AND v.form_id = $3 ORDER BY v.number DESC"
        ),
        args![form],
    )
    .await
}

/// The spec of a version; `None` when there is no such version.
pub async fn spec(q: &mut impl Query, form: Uuid, number: i64) -> Result<Option<String>> {
    let row: Option<(String,)> = q
        .one(
            sql!("SELECT v.spec FROM form_version v WHERE v.tenant_id = $1 AND v.form_id = $3 AND v.number = $4"),
            args![form, number],
        )
        .await?;
    Ok(row.map(|r| r.0))
}

db::row! { pub struct Standing { published: Option<i64>, retired: bool, purpose: String } }

pub async fn standing(q: &mut impl Query, form: Uuid) -> Result<Option<Standing>> {
    q.one(
        sql!("SELECT f.published, f.retired, f.purpose FROM form f WHERE f.tenant_id = $1 AND f.id = $3"),
        args![form],
    )
    .await
}

db::row! { pub struct OfferedRow { id: Uuid, key: String, title: String, number: i64, spec: String } }

/// The newest versions of forms that may be filled in outside visits.
pub async fn offered(q: &mut impl Query) -> Result<Vec<OfferedRow>> {
    q.all(
        sql!(
            "SELECT f.id, f.key, f.title, v.number, v.spec FROM form f \
             JOIN form_version v ON v.tenant_id = f.tenant_id AND v.form_id = f.id AND v.number = f.published \
             WHERE f.tenant_id = $1 AND f.collect = 1 AND f.retired = 0 ORDER BY f.key"
        ),
        vec![],
    )
    .await
}
