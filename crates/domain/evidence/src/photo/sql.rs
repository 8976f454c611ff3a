use base::Micros;
use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

db::row! { pub struct PhotoRow {
    mime: String, stamped_at: Option<Micros>
} }

/// A photo in reach.
pub async fn one(q: &mut impl Query, id: Uuid) -> Result<PhotoRow> {
    q.must(
        sql!(
            "SELECT p.mime, p.stamped_at FROM photo p WHERE p.tenant_id = $1 AND p.id = $3 AND {reach:p} \
             UNION ALL SELECT f.mime, f.stamped_at FROM form_picture f WHERE f.tenant_id = $1 AND f.id = $3 AND {reach:f}"
        ),
        args![id],
    )
    .await
}

/// What a stored photo is made of.
pub struct NewPhoto<'a> {
    pub id: Uuid,
    pub visit_id: Uuid,
    pub employee_id: Uuid,
    pub department_id: Uuid,
    pub sha256: &'a str,
    pub mime: &'a str,
}

pub async fn insert(tx: &mut Tx, p: NewPhoto<'_>) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!(
            "INSERT INTO photo (tenant_id, id, visit_id, employee_id, department_id, sha256, mime, stored_at) \
             VALUES ($1, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (tenant_id, id) DO NOTHING"
        ),
        args![p.id, p.visit_id, p.employee_id, p.department_id, p.sha256, p.mime, now],
    )
    .await
}

db::row! { struct Waiting { id: Uuid } }

/// Photos without copies, oldest first, after one of them.
pub async fn unstamped(q: &mut impl Query, after: Option<Uuid>, limit: i64) -> Result<Vec<Uuid>> {
    let rows: Vec<Waiting> = q
        .all(
            sql!(
                "SELECT w.id FROM (SELECT p.id FROM photo p WHERE p.tenant_id = $1 AND p.stamped_at IS NULL \
                 UNION ALL SELECT f.id FROM form_picture f WHERE f.tenant_id = $1 AND f.stamped_at IS NULL) w \
                 WHERE ($3 IS NULL OR w.id > $3) ORDER BY w.id LIMIT $4"
            ),
            args![after, limit],
        )
        .await?;
    Ok(rows.into_iter().map(|r| r.id).collect())
}

/// Notes that the copies are made, or why none can be.
pub async fn set_stamped(tx: &mut Tx, id: Uuid, unreadable: Option<&str>) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!("UPDATE form_picture SET stamped_at = $4, unreadable = $5 WHERE tenant_id = $1 AND id = $3"),
        args![id, now, unreadable],
    )
    .await?;
    tx.exec(
        sql!("UPDATE photo SET stamped_at = $4, unreadable = $5 WHERE tenant_id = $1 AND id = $3"),
        args![id, now, unreadable],
    )
    .await
}

/// Deletes a person's photos, also those outside visits; answers which there were.
pub async fn erase(tx: &mut Tx, person: Uuid) -> Result<Vec<Uuid>> {
    let of_visits: Vec<Waiting> = tx
        .all(sql!("DELETE FROM photo WHERE tenant_id = $1 AND employee_id = $3 RETURNING id"), args![person])
        .await?;
    let of_forms: Vec<Waiting> = tx
        .all(
            sql!("DELETE FROM form_picture WHERE tenant_id = $1 AND employee_id = $3 RETURNING id"),
            args![person],
        )
        .await?;
    Ok(of_visits.into_iter().chain(of_forms).map(|r| r.id).collect())
}
