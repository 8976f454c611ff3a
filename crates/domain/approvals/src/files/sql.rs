//! Statements on files beside comments.

use base::Micros;
use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

use super::ApprovalFile;

db::row! { pub struct FileRow {
    id: Uuid, approval_id: Uuid, employee_id: Uuid, seq: Option<i64>, name: String, mime: String, size: i64, sha256: String, sent_sha256: String
} }

impl FileRow {
    pub fn shown(self) -> ApprovalFile {
        ApprovalFile { id: self.id, name: self.name, mime: self.mime, size: self.size }
    }
}

macro_rules! files {
    ($tail:literal) => {
        concat!(
            "SELECT f.id, f.approval_id, f.employee_id, f.seq, f.name, f.mime, f.size, f.sha256, f.sent_sha256 FROM approval_file f \
             WHERE f.tenant_id = $1 ",
            $tail
        )
    };
}

/// A file, whosesoever.
pub async fn any(q: &mut impl Query, id: Uuid) -> Result<Option<FileRow>> {
    q.one(sql!(files!("AND f.id = $3")), args![id]).await
}

/// Files of a case that something done names, in its order.
pub async fn of_case(q: &mut impl Query, case: Uuid) -> Result<Vec<FileRow>> {
    q.all(
        sql!(files!("AND f.approval_id = $3 AND f.seq IS NOT NULL ORDER BY f.seq, f.created_at, f.id")),
        args![case],
    )
    .await
}

db::row! { struct Counted { n: i64 } }

/// Files the acting person sent to a case that nothing names yet.
pub async fn loose(q: &mut impl Query, case: Uuid) -> Result<i64> {
    let row: Counted = q
        .must(
            sql!(
                "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM approval_file f \
                 WHERE f.tenant_id = $1 AND f.approval_id = $3 AND f.employee_id = $2 AND f.seq IS NULL"
            ),
            args![case],
        )
        .await?;
    Ok(row.n)
}

/// False when the id is taken.
pub async fn insert(tx: &mut Tx, f: &FileRow) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO approval_file (tenant_id, id, approval_id, employee_id, name, mime, size, sha256, sent_sha256, created_at) \
                 VALUES ($1, $3, $4, $2, $5, $6, $7, $8, $9, $10) ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![f.id, f.approval_id, &f.name, &f.mime, f.size, &f.sha256, &f.sent_sha256, now],
        )
        .await?;
    Ok(rows == 1)
}

/// Puts a file the acting person sent beside what he does. False when it is none of his for this case, or named already.
pub async fn attach(tx: &mut Tx, id: Uuid, case: Uuid, seq: i64) -> Result<bool> {
    let rows = tx
        .exec(
            sql!(
                "UPDATE approval_file SET seq = $5 WHERE tenant_id = $1 AND id = $3 AND approval_id = $4 AND employee_id = $2 AND seq IS NULL"
            ),
            args![id, case, seq],
        )
        .await?;
    Ok(rows == 1)
}

db::row! { struct IdRow { id: Uuid } }

/// Files that nothing named since `before`.
pub async fn stale(q: &mut impl Query, before: Micros) -> Result<Vec<Uuid>> {
    let rows: Vec<IdRow> = q
        .all(
            sql!(
                "SELECT f.id FROM approval_file f WHERE f.tenant_id = $1 AND f.seq IS NULL AND f.created_at < $3 ORDER BY f.id LIMIT 200"
            ),
            args![before],
        )
        .await?;
    Ok(rows.into_iter().map(|r| r.id).collect())
}

pub async fn delete(tx: &mut Tx, id: Uuid) -> Result<u64> {
    tx.exec(sql!("DELETE FROM approval_file WHERE tenant_id = $1 AND id = $3 AND seq IS NULL"), args![id])
        .await
}

/// Takes a person's files away from what he did: nothing names them any more, and the next sweep removes them.
pub async fn loosen(tx: &mut Tx, person: Uuid) -> Result<u64> {
    tx.exec(
        sql!(
            "UPDATE approval_file SET seq = NULL, name = '-', created_at = 0 WHERE tenant_id = $1 AND employee_id = $3"
        ),
        args![person],
    )
    .await
}
