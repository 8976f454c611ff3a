use base::Micros;
use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

db::row! { pub struct UploadRow {
    id: Uuid, employee_id: Uuid, size: i64, sha256: String, mime: String, received: i64, completed_at: Option<Micros>, name: Option<String>
} }

/// Any upload of the company with this id.
pub async fn any(q: &mut impl Query, id: Uuid) -> Result<Option<UploadRow>> {
    q.one(
        sql!("SELECT id, employee_id, size, sha256, mime, received, completed_at, name FROM upload WHERE tenant_id = $1 AND id = $3"),
        args![id],
    )
    .await
}

/// An upload of the acting person.
pub async fn mine(q: &mut impl Query, id: Uuid) -> Result<UploadRow> {
    q.must(
        sql!(
            "SELECT id, employee_id, size, sha256, mime, received, completed_at, name FROM upload \
             WHERE tenant_id = $1 AND id = $3 AND employee_id = $2"
        ),
        args![id],
    )
    .await
}

db::row! { struct Counted { n: i64 } }

/// The acting person's uploads that are not complete.
pub async fn unfinished(q: &mut impl Query) -> Result<i64> {
    let row: Counted = q
        .must(
            sql!(
                "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM upload WHERE tenant_id = $1 AND employee_id = $2 AND completed_at IS NULL"
            ),
            vec![],
        )
        .await?;
    Ok(row.n)
}

pub async fn insert(
    tx: &mut Tx,
    id: Uuid,
    department: Uuid,
    size: i64,
    sha256: &str,
    mime: &str,
    name: Option<&str>,
) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!(
            "INSERT INTO upload (tenant_id, id, employee_id, department_id, size, sha256, mime, received, created_at, name) \
             VALUES ($1, $3, $2, $4, $5, $6, $7, 0, $8, $9) ON CONFLICT (tenant_id, id) DO NOTHING"
        ),
        args![id, department, size, sha256, mime, now, name],
    )
    .await
}

pub async fn set_received(tx: &mut Tx, id: Uuid, received: i64) -> Result<u64> {
    tx.exec(
        sql!("UPDATE upload SET received = $4 WHERE tenant_id = $1 AND id = $3 AND completed_at IS NULL"),
        args![id, received],
    )
    .await
}

pub async fn set_complete(tx: &mut Tx, id: Uuid, pixels: Option<(u32, u32)>) -> Result<u64> {
    let now = tx.now();
    let (width, height) = pixels.map(|(w, h)| (i64::from(w), i64::from(h))).unzip();
    tx.exec(
        sql!(
            "UPDATE upload SET received = size, width = $4, height = $5, completed_at = COALESCE(completed_at, $6) \
             WHERE tenant_id = $1 AND id = $3"
        ),
        args![id, width, height, now],
    )
    .await
}

/// Forgets an upload that turned out to be nothing that is taken.
pub async fn delete(tx: &mut Tx, id: Uuid) -> Result<u64> {
    tx.exec(sql!("DELETE FROM upload WHERE tenant_id = $1 AND id = $3 AND completed_at IS NULL"), args![id])
        .await
}

db::row! { struct IdRow { id: Uuid } }

/// Deletes a person's uploads; answers which there were.
pub async fn erase(tx: &mut Tx, person: Uuid) -> Result<Vec<Uuid>> {
    let rows: Vec<IdRow> = tx
        .all(sql!("DELETE FROM upload WHERE tenant_id = $1 AND employee_id = $3 RETURNING id"), args![person])
        .await?;
    Ok(rows.into_iter().map(|r| r.id).collect())
}
