use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

use super::FormFile;

db::row! { pub struct FileRow {
    id: Uuid, employee_id: Uuid, name: String, mime: String, size: i64, sha256: String, sent_sha256: String, width: Option<i64>, height: Option<i64>
} }

impl FileRow {
    pub fn shown(self) -> FormFile {
        FormFile {
            id: self.id,
            name: self.name,
            mime: self.mime,
            size: self.size,
            sha256: self.sha256,
            width: self.width,
            height: self.height,
        }
    }
}

/// A file, whosesoever.
pub async fn any(q: &mut impl Query, id: Uuid) -> Result<Option<FileRow>> {
    q.one(
        sql!(
            "SELECT f.id, f.employee_id, f.name, f.mime, f.size, f.sha256, f.sent_sha256, f.width, f.height FROM form_file f \
             WHERE f.tenant_id = $1 AND f.id = $3"
        ),
        args![id],
    )
    .await
}

/// What is written of a file of the acting person.
pub struct NewFile<'a> {
    pub file: &'a FormFile,
    pub sent_sha256: &'a str,
    pub department: Uuid,
}

/// False when the id is taken.
pub async fn insert(tx: &mut Tx, new: &NewFile<'_>) -> Result<bool> {
    let (f, now) = (new.file, tx.now());
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO form_file (tenant_id, id, employee_id, department_id, name, mime, size, sha256, sent_sha256, width, height, stored_at) \
                 VALUES ($1, $3, $2, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![
                f.id, new.department, &f.name, &f.mime, f.size, &f.sha256, new.sent_sha256, f.width, f.height, now
            ],
        )
        .await?;
    Ok(rows == 1)
}

db::row! { struct Counted { n: i64 } }

/// Bytes the acting person has sent since then.
pub async fn sent_since(q: &mut impl Query, since: base::Micros) -> Result<i64> {
    let row: Counted = q
        .must(
            sql!(
                "SELECT CAST(COALESCE(SUM(f.size), 0) AS BIGINT) AS n FROM form_file f \
                 WHERE f.tenant_id = $1 AND f.employee_id = $2 AND f.stored_at >= $3"
            ),
            args![since],
        )
        .await?;
    Ok(row.n)
}

/// Has this person sent this file since then?
pub async fn has_sent(q: &mut impl Query, id: Uuid, person: Uuid, since: base::Micros) -> Result<bool> {
    let row: Counted = q
        .must(
            sql!(
                "SELECT COUNT(*) AS n FROM form_file f \
                 WHERE f.tenant_id = $1 AND f.id = $3 AND f.employee_id = $4 AND f.stored_at >= $5"
            ),
            args![id, person, since],
        )
        .await?;
    Ok(row.n > 0)
}

pub async fn delete(tx: &mut Tx, id: Uuid, person: Uuid) -> Result<u64> {
    tx.exec(
        sql!("DELETE FROM form_file WHERE tenant_id = $1 AND id = $3 AND employee_id = $4"),
        args![id, person],
    )
    .await
}

db::row! { struct IdRow { id: Uuid } }

pub async fn erase(tx: &mut Tx, person: Uuid) -> Result<Vec<Uuid>> {
    let rows: Vec<IdRow> = tx
        .all(
            sql!("DELETE FROM form_file WHERE tenant_id = $1 AND employee_id = $3 RETURNING id"),
            args![person],
        )
        .await?;
    Ok(rows.into_iter().map(|r| r.id).collect())
}
