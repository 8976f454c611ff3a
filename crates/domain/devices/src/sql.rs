//! All statements.

use base::Micros;
use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

db::row! { pub struct KeyRow {
    id: Uuid, employee_id: Uuid, employee_name: String, department_id: Uuid, now_in: Uuid, key_sha256: String, public_key: String, device_id: String,
    name: String, status: String, enrolled_at: Micros, decided_at: Option<Micros>, decided_by: Option<Uuid>, decided_name: Option<String>,
    reason: String, seen_at: Option<Micros>, head_seq: Option<i64>, head_sha256: Option<String>, head_from: Option<Micros>, others: i64
} }

macro_rules! keys {
    ($tail:expr) => {
        concat!(
            "SELECT k.id, k.employee_id, e.name AS employee_name, k.department_id, e.department_id AS now_in, k.key_sha256, k.public_key, k.device_id, k.name, \
             k.status, k.enrolled_at, k.decided_at, k.decided_by, d.name AS decided_name, k.reason, k.seen_at, k.head_seq, k.head_sha256, \
             k.head_from, (SELECT CAST(COUNT(*) AS BIGINT) FROM device_key o WHERE o.tenant_id = k.tenant_id AND \
             o.key_sha256 = k.key_sha256 AND o.employee_id <> k.employee_id) AS others FROM device_key k \
             JOIN employee e ON e.tenant_id = k.tenant_id AND e.id = k.employee_id \
             LEFT JOIN employee d ON d.tenant_id = k.tenant_id AND d.id = k.decided_by ",
            $tail
        )
    };
}

/// Keys in reach, those that wait first.
pub async fn list(
    q: &mut impl Query,
    status: Option<&str>,
    employee: Option<Uuid>,
    before: Option<(i64, Uuid)>,
    limit: i64,
) -> Result<Vec<KeyRow>> {
    let (at, id) = before.unzip();
    q.all(
        sql!(keys!(
            "WHERE k.tenant_id = $1 AND {reach:k} AND ($3 IS NULL OR k.status = $3) AND ($4 IS NULL OR k.employee_id = $4) \
             AND ($5 IS NULL OR k.enrolled_at < $5 OR (k.enrolled_at = $5 AND k.id < $6)) ORDER BY k.enrolled_at DESC, k.id DESC LIMIT $7"
        )),
        args![status, employee, at, id, limit],
    )
    .await
}

/// A key in reach.
pub async fn one(q: &mut impl Query, id: Uuid) -> Result<KeyRow> {
    q.must(sql!(keys!("WHERE k.tenant_id = $1 AND k.id = $3 AND {reach:k}")), args![id]).await
}

/// A key of the acting person.
pub async fn mine(q: &mut impl Query, id: Uuid) -> Result<Option<KeyRow>> {
    q.one(sql!(keys!("WHERE k.tenant_id = $1 AND k.id = $3 AND k.employee_id = $2")), args![id]).await
}

/// The acting person's enrolment of an installation.
pub async fn mine_of(q: &mut impl Query, key_sha256: &str) -> Result<Option<KeyRow>> {
    q.one(
        sql!(keys!("WHERE k.tenant_id = $1 AND k.key_sha256 = $3 AND k.employee_id = $2")),
        args![key_sha256],
    )
    .await
}

db::row! { struct Count { n: i64 } }

/// Phones of the acting person that are in use or wait: what a manager refuses and what is given up makes room.
pub async fn count_in_use(q: &mut impl Query) -> Result<i64> {
    let row: Count = q
        .must(
            sql!(
                "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM device_key WHERE tenant_id = $1 AND employee_id = $2 \
                 AND status IN ('waiting', 'accepted')"
            ),
            vec![],
        )
        .await?;
    Ok(row.n)
}

/// How many keys the acting person has or had.
pub async fn count_mine(q: &mut impl Query) -> Result<i64> {
    let row: Count = q
        .must(
            sql!(
                "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM device_key WHERE tenant_id = $1 AND employee_id = $2"
            ),
            vec![],
        )
        .await?;
    Ok(row.n)
}

/// Has this phone of the acting person an accepted key? Then what it sends is expected to be sealed.
pub async fn signs(q: &mut impl Query, device: &str) -> Result<bool> {
    let row: Count = q
        .must(
            sql!(
                "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM device_key WHERE tenant_id = $1 AND employee_id = $2 AND device_id = $3 \
                 AND status = 'accepted' AND head_seq IS NOT NULL"
            ),
            args![device],
        )
        .await?;
    Ok(row.n > 0)
}

/// What is enrolled.
pub struct NewKey<'a> {
    pub id: Uuid,
    pub department_id: Uuid,
    pub key_sha256: &'a str,
    pub public_key: &'a str,
    pub device_id: &'a str,
    pub name: &'a str,
    pub status: &'a str,
}

/// False when the id or the installation is known.
pub async fn insert(tx: &mut Tx, k: &NewKey<'_>) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO device_key (tenant_id, id, employee_id, department_id, key_sha256, public_key, device_id, name, status, \
                 enrolled_at, reason) VALUES ($1, $3, $2, $4, $5, $6, $7, $8, $9, $10, '') ON CONFLICT DO NOTHING"
            ),
            args![k.id, k.department_id, k.key_sha256, k.public_key, k.device_id, k.name, k.status, now],
        )
        .await?;
    Ok(rows == 1)
}

pub async fn decide(tx: &mut Tx, id: Uuid, status: &str, reason: &str) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!(
            "UPDATE device_key SET status = $4, reason = $5, decided_at = $6, decided_by = $2 WHERE tenant_id = $1 AND id = $3"
        ),
        args![id, status, reason, now],
    )
    .await
}

/// Notes that the phone was here, and with it where its person is now: who manages him decides about it. On PostgreSQL this also
/// holds the row until the chain is written.
pub async fn seen(tx: &mut Tx, id: Uuid) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!(
            "UPDATE device_key SET seen_at = $4, department_id = (SELECT e.department_id FROM employee e WHERE e.tenant_id = $1 \
             AND e.id = device_key.employee_id) WHERE tenant_id = $1 AND id = $3"
        ),
        args![id, now],
    )
    .await
}

pub async fn set_head(tx: &mut Tx, id: Uuid, seq: i64, sha256: &str, from: Option<Micros>) -> Result<u64> {
    tx.exec(
        sql!(
            "UPDATE device_key SET head_seq = $4, head_sha256 = $5, head_from = $6 WHERE tenant_id = $1 AND id = $3"
        ),
        args![id, seq, sha256, from],
    )
    .await
}

db::row! { pub struct HeldRow { sha256: String, from_at: Option<Micros> } }

/// The seals held under a number: more than one where a chain forks.
pub async fn held(q: &mut impl Query, key: Uuid, seq: i64) -> Result<Vec<HeldRow>> {
    q.all(
        sql!(
            "SELECT s.sha256, s.from_at FROM device_seal s WHERE s.tenant_id = $1 AND s.key_id = $3 AND s.seq = $4"
        ),
        args![key, seq],
    )
    .await
}

/// A seal to be kept.
pub struct NewSeal<'a> {
    pub key_id: Uuid,
    pub seq: i64,
    pub sha256: &'a str,
    pub statement: &'a str,
    pub signature: &'a str,
    pub link: &'a str,
    pub missing: i64,
    pub from_at: Option<Micros>,
    pub moved_ms: i64,
}

pub async fn insert_seal(tx: &mut Tx, s: &NewSeal<'_>) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!(
            "INSERT INTO device_seal (tenant_id, key_id, seq, sha256, statement, signature, received_at, link, missing, from_at, moved_ms) \
             VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (tenant_id, key_id, seq, sha256) DO NOTHING"
        ),
        args![s.key_id, s.seq, s.sha256, s.statement, s.signature, now, s.link, s.missing, s.from_at, s.moved_ms],
    )
    .await
}

db::row! { struct Word { issued_at: Micros } }

/// When a word was handed to the acting person.
pub async fn issued_at(q: &mut impl Query, nonce: &str) -> Result<Option<Micros>> {
    let row: Option<Word> = q
        .one(
            sql!("SELECT issued_at FROM nonce WHERE tenant_id = $1 AND nonce = $3 AND employee_id = $2"),
            args![nonce],
        )
        .await?;
    Ok(row.map(|w| w.issued_at))
}

/// A record of a visit with what its seal says.
pub struct NewRecord<'a> {
    pub id: Uuid,
    pub visit_id: Uuid,
    pub key_id: Option<Uuid>,
    pub seq: Option<i64>,
    pub state: &'a str,
    pub from_at: Option<Micros>,
    pub to_at: Option<Micros>,
    /// SHA-256 of its exact text.
    pub sha256: Option<&'a str>,
}

pub async fn insert_record(tx: &mut Tx, r: &NewRecord<'_>) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!(
            "INSERT INTO sealed_record (tenant_id, id, employee_id, visit_id, key_id, seq, state, from_at, to_at, received_at, sha256, key_status) \
             VALUES ($1, $3, $2, $4, $5, $6, $7, $8, $9, $10, $11, \
             (SELECT k.status FROM device_key k WHERE k.tenant_id = $1 AND k.id = $5)) ON CONFLICT (tenant_id, id) DO NOTHING"
        ),
        args![r.id, r.visit_id, r.key_id, r.seq, r.state, r.from_at, r.to_at, now, r.sha256],
    )
    .await
}

db::row! { pub struct Unsealed { id: Uuid, visit_id: Uuid, sha256: String, received_at: Micros } }

/// Records of the acting person that came without the seal they should have, newest first.
pub async fn unsealed(q: &mut impl Query, limit: i64) -> Result<Vec<Unsealed>> {
    q.all(
        sql!(
            "SELECT r.id, r.visit_id, r.sha256, r.received_at FROM sealed_record r WHERE r.tenant_id = $1 AND r.employee_id = $2 \
             AND r.state = 'unsealed' AND r.sha256 IS NOT NULL ORDER BY r.received_at DESC, r.id LIMIT $3"
        ),
        args![limit],
    )
    .await
}

/// Puts a record of the acting person under the seal that came later. False: somebody was faster.
pub async fn set_sealed(
    tx: &mut Tx,
    record: Uuid,
    key: Uuid,
    seq: i64,
    from: Option<Micros>,
    to: Micros,
) -> Result<bool> {
    let rows = tx
        .exec(
            sql!(
                "UPDATE sealed_record SET state = 'sealed', key_id = $4, seq = $5, from_at = $6, to_at = $7, \
                 key_status = (SELECT k.status FROM device_key k WHERE k.tenant_id = $1 AND k.id = $4) \
                 WHERE tenant_id = $1 AND id = $3 AND employee_id = $2 AND state = 'unsealed'"
            ),
            args![record, key, seq, from, to],
        )
        .await?;
    Ok(rows == 1)
}

/// What a phone recorded while it waited is accepted with it.
pub async fn accept_records(tx: &mut Tx, key: Uuid) -> Result<u64> {
    tx.exec(
        sql!("UPDATE sealed_record SET key_status = 'accepted' WHERE tenant_id = $1 AND key_id = $3"),
        args![key],
    )
    .await
}

db::row! { struct OfKey { visit_id: Uuid } }

/// Visits with records of a phone.
pub async fn visits_of(q: &mut impl Query, key: Uuid) -> Result<Vec<Uuid>> {
    let rows: Vec<OfKey> = q
        .all(
            sql!("SELECT DISTINCT r.visit_id FROM sealed_record r WHERE r.tenant_id = $1 AND r.key_id = $3"),
            args![key],
        )
        .await?;
    Ok(rows.into_iter().map(|r| r.visit_id).collect())
}

db::row! { pub struct RecordRow {
    employee_id: Uuid, state: String, key_id: Option<Uuid>, key_status: Option<String>, status: Option<String>, name: Option<String>,
    key_sha256: Option<String>, device_id: Option<String>, from_at: Option<Micros>, to_at: Option<Micros>
} }

/// Records of a visit with their phones.
pub async fn records(q: &mut impl Query, visit: Uuid) -> Result<Vec<RecordRow>> {
    q.all(
        sql!(
            "SELECT r.employee_id, r.state, r.key_id, r.key_status, k.status, k.name, k.key_sha256, k.device_id, r.from_at, r.to_at FROM sealed_record r \
             LEFT JOIN device_key k ON k.tenant_id = r.tenant_id AND k.id = r.key_id \
             WHERE r.tenant_id = $1 AND r.visit_id = $3 ORDER BY r.received_at, r.id"
        ),
        args![visit],
    )
    .await
}

db::row! { pub struct SealRow { link: String, missing: i64, moved_ms: i64 } }

/// The seals of a visit's records.
pub async fn seals(q: &mut impl Query, visit: Uuid) -> Result<Vec<SealRow>> {
    q.all(
        sql!(
            "SELECT s.link, s.missing, s.moved_ms FROM device_seal s WHERE s.tenant_id = $1 AND EXISTS (SELECT 1 FROM sealed_record r \
             WHERE r.tenant_id = s.tenant_id AND r.visit_id = $3 AND r.key_id = s.key_id AND r.seq = s.seq)"
        ),
        args![visit],
    )
    .await
}

db::row! { struct Last { at: Option<Micros> } }

/// When an installation last signed for somebody else than a person, since an instant.
pub async fn signed_for_another(
    q: &mut impl Query,
    key_sha256: &str,
    person: Uuid,
    since: Micros,
    until: Micros,
) -> Result<Option<Micros>> {
    let row: Last = q
        .must(
            sql!(
                "SELECT MAX(s.received_at) AS at FROM device_key k JOIN device_seal s ON s.tenant_id = k.tenant_id AND s.key_id = k.id \
                 WHERE k.tenant_id = $1 AND k.key_sha256 = $3 AND k.employee_id <> $4 AND s.received_at >= $5 AND s.received_at <= $6"
            ),
            args![key_sha256, person, since, until],
        )
        .await?;
    Ok(row.at)
}

/// When a person last recorded with another phone around an instant, of records whose moment is as well known.
pub async fn other_phone(
    q: &mut impl Query,
    person: Uuid,
    not_key: Uuid,
    at: Micros,
    within: i64,
) -> Result<Option<Micros>> {
    let (from, to) = (at.plus(-within), at.plus(within));
    let row: Last = q
        .must(
            sql!(
                "SELECT MAX(r.to_at) AS at FROM sealed_record r WHERE r.tenant_id = $1 AND r.employee_id = $3 AND r.key_id <> $4 \
                 AND r.to_at >= $5 AND r.to_at <= $6 AND r.to_at - r.from_at <= $7"
            ),
            args![person, not_key, from, to, within],
        )
        .await?;
    Ok(row.at)
}

db::row! { struct PurgedTo { purged_to: Micros } }

/// Up to when seals have been looked through.
pub async fn purged_to(q: &mut impl Query) -> Result<Option<Micros>> {
    let row: Option<PurgedTo> =
        q.one(sql!("SELECT purged_to FROM seal_retention WHERE tenant_id = $1"), vec![]).await?;
    Ok(row.map(|r| r.purged_to))
}

pub async fn set_purged_to(tx: &mut Tx, to: Micros) -> Result<u64> {
    tx.exec(
        sql!(
            "INSERT INTO seal_retention (tenant_id, purged_to) VALUES ($1, $3) \
             ON CONFLICT (tenant_id) DO UPDATE SET purged_to = excluded.purged_to"
        ),
        args![to],
    )
    .await
}

/// When the first seal of a time came.
pub async fn next_seal(q: &mut impl Query, from: Micros, before: Micros) -> Result<Option<Micros>> {
    let row: Last = q
        .must(
            sql!(
                "SELECT MIN(s.received_at) AS at FROM device_seal s WHERE s.tenant_id = $1 AND s.received_at >= $3 AND s.received_at < $4"
            ),
            args![from, before],
        )
        .await?;
    Ok(row.at)
}

/// Deletes seals of a time that seal no record of a visit.
pub async fn delete_loose_seals(tx: &mut Tx, from: Micros, before: Micros) -> Result<u64> {
    tx.exec(
        sql!(
            "DELETE FROM device_seal WHERE tenant_id = $1 AND received_at >= $3 AND received_at < $4 AND NOT EXISTS (SELECT 1 FROM sealed_record r \
             WHERE r.tenant_id = device_seal.tenant_id AND r.key_id = device_seal.key_id AND r.seq = device_seal.seq)"
        ),
        args![from, before],
    )
    .await
}

/// Takes out what a person's phones signed and are called; that there were phones stays.
pub async fn erase(tx: &mut Tx, person: Uuid) -> Result<()> {
    tx.exec(
        sql!(
            "DELETE FROM device_seal WHERE tenant_id = $1 AND key_id IN (SELECT k.id FROM device_key k WHERE k.tenant_id = $1 AND k.employee_id = $3)"
        ),
        args![person],
    )
    .await?;
    tx.exec(sql!("DELETE FROM sealed_record WHERE tenant_id = $1 AND employee_id = $3"), args![person])
        .await?;
    tx.exec(sql!("DELETE FROM device_key WHERE tenant_id = $1 AND employee_id = $3"), args![person]).await?;
    Ok(())
}
