//! Statements on closed months.

use base::Micros;
use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

db::row! { pub struct MonthRow {
    closed_by: Uuid, closed_at: Micros, reopened_by: Option<Uuid>, reopened_at: Option<Micros>, reason: Option<String>
} }

pub async fn row(q: &mut impl Query, month: i64) -> Result<Option<MonthRow>> {
    q.one(
        sql!(
            "SELECT m.closed_by, m.closed_at, m.reopened_by, m.reopened_at, m.reason FROM attendance_month m WHERE m.tenant_id = $1 AND m.month = $3"
        ),
        args![month],
    )
    .await
}

db::row! { pub struct ClosedRow { employee_id: Uuid, days: String } }

/// What a closed month said of people in reach.
pub async fn kept(q: &mut impl Query, month: i64) -> Result<Vec<ClosedRow>> {
    q.all(
        sql!(
            "SELECT c.employee_id, c.days FROM attendance_closed c JOIN person e ON e.tenant_id = c.tenant_id AND e.id = c.employee_id \
             WHERE c.tenant_id = $1 AND {reach:e} AND c.month = $3"
        ),
        args![month],
    )
    .await
}

/// False when it is closed already.
pub async fn close(tx: &mut Tx, month: i64) -> Result<bool> {
    let now = tx.now();
    let rows = tx.exec(
        sql!(
            "INSERT INTO attendance_month (tenant_id, month, closed_by, closed_at, version) VALUES ($1, $3, $2, $4, 1) \
             ON CONFLICT (tenant_id, month) DO UPDATE SET closed_by = EXCLUDED.closed_by, closed_at = EXCLUDED.closed_at, reopened_by = NULL, \
             reopened_at = NULL, reason = NULL, version = attendance_month.version + 1 WHERE attendance_month.reopened_at IS NOT NULL"
        ),
        args![month, now],
    )
    .await?;
    if rows == 0 {
        return Ok(false);
    }
    tx.exec(sql!("DELETE FROM attendance_closed WHERE tenant_id = $1 AND month = $3"), args![month]).await?;
    Ok(true)
}

pub async fn keep(tx: &mut Tx, month: i64, person: Uuid, rules: i64, days: &str) -> Result<u64> {
    tx.exec(
        sql!(
            "INSERT INTO attendance_closed (tenant_id, month, employee_id, rule_version, days) VALUES ($1, $3, $4, $5, $6)"
        ),
        args![month, person, rules, days],
    )
    .await
}

/// False when the month is not closed.
pub async fn reopen(tx: &mut Tx, month: i64, reason: &str) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "UPDATE attendance_month SET reopened_by = $2, reopened_at = $4, reason = $5, version = version + 1 \
                 WHERE tenant_id = $1 AND month = $3 AND reopened_at IS NULL"
            ),
            args![month, now, reason],
        )
        .await?;
    tx.exec(sql!("DELETE FROM attendance_closed WHERE tenant_id = $1 AND month = $3"), args![month]).await?;
    Ok(rows == 1)
}
