//! Statements on people chosen beforehand.

use base::Micros;
use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

db::row! { pub struct BoundRow { subject_kind: String, subject_id: Uuid, flow_id: Uuid, number: i64 } }

/// Every subject with a flow in use, and the version in force.
pub async fn bound(q: &mut impl Query, now: Micros) -> Result<Vec<BoundRow>> {
    q.all(
        sql!(
            "SELECT b.subject_kind, b.subject_id, b.flow_id, MAX(v.number) AS number FROM flow_binding b \
             JOIN flow f ON f.tenant_id = b.tenant_id AND f.id = b.flow_id AND f.retired = 0 \
             JOIN flow_version v ON v.tenant_id = b.tenant_id AND v.flow_id = b.flow_id AND v.from_at <= $3 \
             WHERE b.tenant_id = $1 GROUP BY b.subject_kind, b.subject_id, b.flow_id ORDER BY b.subject_kind, b.subject_id"
        ),
        args![now],
    )
    .await
}

pub async fn put(tx: &mut Tx, record: Uuid, chosen: &str) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!(
            "INSERT INTO approval_choice (tenant_id, record_id, employee_id, chosen, at) VALUES ($1, $3, $2, $4, $5) \
             ON CONFLICT (tenant_id, record_id, employee_id) DO UPDATE SET chosen = excluded.chosen, at = excluded.at"
        ),
        args![record, chosen, now],
    )
    .await
}

pub async fn of(q: &mut impl Query, record: Uuid, requester: Uuid) -> Result<Option<String>> {
    let row: Option<(String,)> = q
        .one(
            sql!(
                "SELECT c.chosen FROM approval_choice c WHERE c.tenant_id = $1 AND c.record_id = $3 AND c.employee_id = $4"
            ),
            args![record, requester],
        )
        .await?;
    Ok(row.map(|r| r.0))
}

pub async fn remove(tx: &mut Tx, record: Uuid, requester: Uuid) -> Result<u64> {
    tx.exec(
        sql!("DELETE FROM approval_choice WHERE tenant_id = $1 AND record_id = $3 AND employee_id = $4"),
        args![record, requester],
    )
    .await
}

db::row! { struct Counted { n: i64 } }

/// How many choices are that old.
pub async fn old(q: &mut impl Query, before: Micros) -> Result<i64> {
    let row: Counted = q
        .must(
            sql!(
                "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM approval_choice c WHERE c.tenant_id = $1 AND c.at < $3"
            ),
            args![before],
        )
        .await?;
    Ok(row.n)
}

/// Choices whose records never came.
pub async fn forget(tx: &mut Tx, before: Micros) -> Result<u64> {
    tx.exec(sql!("DELETE FROM approval_choice WHERE tenant_id = $1 AND at < $3"), args![before]).await
}

pub async fn erase(tx: &mut Tx, person: Uuid) -> Result<u64> {
    tx.exec(sql!("DELETE FROM approval_choice WHERE tenant_id = $1 AND employee_id = $3"), args![person])
        .await
}
