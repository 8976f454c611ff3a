use base::Micros;
use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

pub async fn size(q: &mut impl Query) -> Result<i64> {
    let head: Option<(i64,)> = q.one(sql!("SELECT size FROM log_head WHERE tenant_id = $1"), vec![]).await?;
    Ok(head.map_or(0, |h| h.0))
}

/// Entries from an instant on.
pub async fn since(q: &mut impl Query, from: Micros) -> Result<i64> {
    let newest: Option<(i64,)> = q
        .one(
            sql!("SELECT idx FROM log_entry WHERE tenant_id = $1 AND at < $3 ORDER BY idx DESC LIMIT 1"),
            args![from],
        )
        .await?;
    Ok(size(q).await? - newest.map_or(0, |n| n.0 + 1))
}

db::row! { pub struct LeafRow { leaf_hash: Vec<u8> } }

/// Hashes of leaves from an index on, in order.
pub async fn leaf_hashes(q: &mut impl Query, from: i64, limit: i64) -> Result<Vec<LeafRow>> {
    q.all(
        sql!("SELECT leaf_hash FROM log_entry WHERE tenant_id = $1 AND idx >= $3 ORDER BY idx LIMIT $4"),
        args![from, limit],
    )
    .await
}

db::row! { pub struct EntryRow {
    idx: i64, at: Micros, kind: String, subject_id: Uuid, leaf: String, leaf_hash: Vec<u8>, salt: Option<Vec<u8>>, record: Option<String>
} }

/// Entries from an index on, in order, whoever's they are: for the walk over the log.
pub async fn entries_from(q: &mut impl Query, from: i64, limit: i64) -> Result<Vec<EntryRow>> {
    q.all(
        sql!(
            "SELECT idx, at, kind, subject_id, leaf, leaf_hash, salt, record FROM log_entry \
             WHERE tenant_id = $1 AND idx >= $3 ORDER BY idx LIMIT $4"
        ),
        args![from, limit],
    )
    .await
}

/// Entries in reach about one thing.
pub async fn entries_of(q: &mut impl Query, subject: Uuid) -> Result<Vec<EntryRow>> {
    q.all(
        sql!(
            "SELECT e.idx, e.at, e.kind, e.subject_id, e.leaf, e.leaf_hash, e.salt, e.record FROM log_entry e \
             WHERE e.tenant_id = $1 AND e.subject_id = $3 AND {reach:e} ORDER BY e.idx"
        ),
        args![subject],
    )
    .await
}

/// Entries in reach of a person about all things of his that something was logged of between two instants.
pub async fn entries_between(
    q: &mut impl Query,
    employee: Uuid,
    from: Micros,
    to: Micros,
) -> Result<Vec<EntryRow>> {
    q.all(
        sql!(
            "SELECT e.idx, e.at, e.kind, e.subject_id, e.leaf, e.leaf_hash, e.salt, e.record FROM log_entry e \
             WHERE e.tenant_id = $1 AND e.employee_id = $3 AND {reach:e} AND e.subject_id IN (SELECT s.subject_id FROM log_entry s \
             WHERE s.tenant_id = $1 AND s.employee_id = $3 AND s.at >= $4 AND s.at < $5) ORDER BY e.idx"
        ),
        args![employee, from, to],
    )
    .await
}

db::row! { pub struct OwnerRow { employee_id: Uuid, at: Micros } }

/// Whose records a subject's entries in reach hold, and since when. Lines of the audit trail are nobody's.
pub async fn owners_of(q: &mut impl Query, subject: Uuid) -> Result<Vec<OwnerRow>> {
    q.all(
        sql!(
            "SELECT e.employee_id, MIN(e.at) AS at FROM log_entry e \
             WHERE e.tenant_id = $1 AND e.subject_id = $3 AND e.employee_id <> $4 AND {reach:e} \
             GROUP BY e.employee_id ORDER BY e.employee_id"
        ),
        args![subject, Uuid::nil()],
    )
    .await
}

/// The acting person's own entries, newest first.
pub async fn own(q: &mut impl Query, before: Option<i64>, limit: i64) -> Result<Vec<EntryRow>> {
    q.all(
        sql!(
            "SELECT idx, at, kind, subject_id, leaf, leaf_hash, salt, record FROM log_entry \
             WHERE tenant_id = $1 AND employee_id = $2 AND ($3 IS NULL OR idx < $3) ORDER BY idx DESC LIMIT $4"
        ),
        args![before, limit],
    )
    .await
}

db::row! { pub struct LineRow {
    idx: i64, at: Micros, kind: String, subject_id: Uuid, employee_id: Uuid, employee_name: Option<String>, leaf_hash: Vec<u8>, erased: bool
} }

/// The newest entries of the company.
pub async fn lines(
    q: &mut impl Query,
    kind: Option<&str>,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<LineRow>> {
    q.all(
        sql!(
            "SELECT e.idx, e.at, e.kind, e.subject_id, e.employee_id, p.name AS employee_name, e.leaf_hash, \
             CAST(CASE WHEN e.record IS NULL THEN 1 ELSE 0 END AS BIGINT) AS erased \
             FROM log_entry e LEFT JOIN employee p ON p.tenant_id = e.tenant_id AND p.id = e.employee_id \
             WHERE e.tenant_id = $1 AND ($3 IS NULL OR e.kind LIKE $3) AND ($4 IS NULL OR e.idx < $4) ORDER BY e.idx DESC LIMIT $5"
        ),
        args![kind.map(|k| format!("{k}%")), before, limit],
    )
    .await
}

db::row! { pub struct KeyRow { seed: Vec<u8> } }

pub async fn key(q: &mut impl Query) -> Result<Option<KeyRow>> {
    q.one(sql!("SELECT seed FROM log_key WHERE tenant_id = $1"), vec![]).await
}

/// Keeps the first key of a company.
pub async fn insert_key(tx: &mut Tx, seed: &[u8]) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!(
            "INSERT INTO log_key (tenant_id, seed, created_at) VALUES ($1, $3, $4) ON CONFLICT (tenant_id) DO NOTHING"
        ),
        args![seed, now],
    )
    .await
}

db::row! { pub struct CheckpointRow { size: i64, at: Micros, reason: String, note: String } }

/// Newest checkpoints first.
pub async fn checkpoints(q: &mut impl Query, before: Option<i64>, limit: i64) -> Result<Vec<CheckpointRow>> {
    q.all(
        sql!(
            "SELECT size, at, reason, note FROM log_checkpoint WHERE tenant_id = $1 AND ($3 IS NULL OR size < $3) \
             ORDER BY size DESC LIMIT $4"
        ),
        args![before, limit],
    )
    .await
}

/// All checkpoints, oldest first: for the walk over the log.
pub async fn all_checkpoints(q: &mut impl Query) -> Result<Vec<CheckpointRow>> {
    q.all(
        sql!("SELECT size, at, reason, note FROM log_checkpoint WHERE tenant_id = $1 ORDER BY size"),
        vec![],
    )
    .await
}

pub async fn checkpoint(q: &mut impl Query, size: i64) -> Result<Option<CheckpointRow>> {
    q.one(
        sql!("SELECT size, at, reason, note FROM log_checkpoint WHERE tenant_id = $1 AND size = $3"),
        args![size],
    )
    .await
}

/// Is there one signed by itself since an instant?
pub async fn signed_since(q: &mut impl Query, from: Micros) -> Result<bool> {
    let row: Option<(i64,)> = q
        .one(
            sql!("SELECT size FROM log_checkpoint WHERE tenant_id = $1 AND at >= $3 AND reason = 'daily' LIMIT 1"),
            args![from],
        )
        .await?;
    Ok(row.is_some())
}

pub async fn insert_checkpoint(tx: &mut Tx, size: i64, reason: &str, note: &str) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!(
            "INSERT INTO log_checkpoint (tenant_id, size, at, reason, note) VALUES ($1, $3, $4, $5, $6) \
             ON CONFLICT (tenant_id, size) DO NOTHING"
        ),
        args![size, now, reason, note],
    )
    .await
}
