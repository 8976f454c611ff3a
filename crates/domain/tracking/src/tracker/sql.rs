use base::Micros;
use db::{Global, Query, Result, Tx, args, global_sql, sql};
use uuid::Uuid;

use super::keys::Hash;

db::row! { pub struct KeyRow { tenant_id: Uuid, tracker_id: Uuid, employee_id: Uuid, tag: i64 } }

pub async fn by_hash(global: &mut Global, hash: &Hash) -> Result<Option<KeyRow>> {
    global
        .one(
            global_sql!(
                "SELECT tenant_id, tracker_id, employee_id, tag FROM tracker_key WHERE secret_hash = $1"
            ),
            args![&hash[..]],
        )
        .await
}

pub async fn insert_key(tx: &mut Tx, hash: &Hash, tracker: Uuid, employee: Uuid, tag: i64) -> Result<u64> {
    tx.global_exec(
        global_sql!(
            "INSERT INTO tracker_key (secret_hash, tenant_id, tracker_id, employee_id, tag) VALUES ($1, $2, $3, $4, $5)"
        ),
        args![&hash[..], tx.tenant(), tracker, employee, tag],
    )
    .await
}

pub async fn delete_key(tx: &mut Tx, tracker: Uuid) -> Result<u64> {
    tx.global_exec(
        global_sql!("DELETE FROM tracker_key WHERE tenant_id = $1 AND tracker_id = $2"),
        args![tx.tenant(), tracker],
    )
    .await
}

db::row! { pub struct TrackerRow {
    id: Uuid, employee_id: Uuid, employee_name: String, name: String, kind: String, created_at: Micros,
    last_seen_at: Option<Micros>, revoked_at: Option<Micros>
} }

/// Trackers of people in reach; of one person, or of all.
pub async fn list(
    q: &mut impl Query,
    employee: Option<Uuid>,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<TrackerRow>> {
    q.all(
        sql!(
            "SELECT t.id, t.employee_id, e.name AS employee_name, t.name, t.kind, t.created_at, t.last_seen_at, t.revoked_at \
             FROM tracker t JOIN employee e ON e.tenant_id = t.tenant_id AND e.id = t.employee_id \
             WHERE t.tenant_id = $1 AND {reach:t} AND ($3 IS NULL OR t.employee_id = $3) AND ($4 IS NULL OR t.id < $4) \
             ORDER BY t.id DESC LIMIT $5"
        ),
        args![employee, after, limit],
    )
    .await
}

pub async fn one(q: &mut impl Query, id: Uuid) -> Result<TrackerRow> {
    q.must(
        sql!(
            "SELECT t.id, t.employee_id, e.name AS employee_name, t.name, t.kind, t.created_at, t.last_seen_at, t.revoked_at \
             FROM tracker t JOIN employee e ON e.tenant_id = t.tenant_id AND e.id = t.employee_id \
             WHERE t.tenant_id = $1 AND {reach:t} AND t.id = $3"
        ),
        args![id],
    )
    .await
}

db::row! { pub struct InUse { employee_id: Uuid, count: i64 } }

/// Trackers by person that are not revoked.
pub async fn in_use(q: &mut impl Query) -> Result<Vec<InUse>> {
    q.all(
        sql!(
            "SELECT employee_id, COUNT(*) AS count FROM tracker WHERE tenant_id = $1 AND revoked_at IS NULL GROUP BY employee_id"
        ),
        vec![],
    )
    .await
}

db::row! { pub struct Tag { tag: Option<i64> } }

/// The highest tag a person's trackers have.
pub async fn highest_tag(q: &mut impl Query, employee: Uuid) -> Result<i64> {
    let row: Tag = q
        .must(
            sql!("SELECT MAX(tag) AS tag FROM tracker WHERE tenant_id = $1 AND employee_id = $3"),
            args![employee],
        )
        .await?;
    Ok(row.tag.unwrap_or(0))
}

/// A tracker to be stored.
pub struct Insert<'a> {
    pub id: Uuid,
    pub employee: Uuid,
    pub department: Uuid,
    pub name: &'a str,
    pub kind: &'static str,
    pub tag: i64,
}

pub async fn insert(tx: &mut Tx, new: Insert<'_>) -> Result<u64> {
    tx.exec(
        sql!(
            "INSERT INTO tracker (tenant_id, id, employee_id, department_id, name, kind, tag, created_at) \
             VALUES ($1, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (tenant_id, id) DO NOTHING"
        ),
        args![new.id, new.employee, new.department, new.name, new.kind, new.tag, tx.now()],
    )
    .await
}

pub async fn revoke(tx: &mut Tx, id: Uuid) -> Result<u64> {
    tx.exec(
        sql!("UPDATE tracker SET revoked_at = $4 WHERE tenant_id = $1 AND id = $3 AND revoked_at IS NULL"),
        args![id, tx.now()],
    )
    .await
}

pub async fn set_last_seen(tx: &mut Tx, id: Uuid, at: Micros) -> Result<u64> {
    tx.exec(sql!("UPDATE tracker SET last_seen_at = $4 WHERE tenant_id = $1 AND id = $3"), args![id, at])
        .await
}
