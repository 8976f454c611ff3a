//! Statements on granted leave.

use base::Micros;
use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

db::row! { pub struct Granted { employee_id: Uuid, leave_type_id: Uuid, milli: i64 } }

/// Sums of a year by person and kind: of one person whatever the reach, or of everybody in reach.
pub async fn granted(q: &mut impl Query, person: Option<Uuid>, year: i64) -> Result<Vec<Granted>> {
    match person {
        Some(id) => {
            q.all(
                sql!(
                    "SELECT g.employee_id, g.leave_type_id, CAST(SUM(g.milli) AS BIGINT) AS milli FROM leave_grant g \
                     WHERE g.tenant_id = $1 AND g.employee_id = $3 AND g.year = $4 GROUP BY g.employee_id, g.leave_type_id"
                ),
                args![id, year],
            )
            .await
        }
        None => {
            q.all(
                sql!(
                    "SELECT g.employee_id, g.leave_type_id, CAST(SUM(g.milli) AS BIGINT) AS milli FROM leave_grant g \
                     JOIN person e ON e.tenant_id = g.tenant_id AND e.id = g.employee_id \
                     WHERE g.tenant_id = $1 AND {reach:e} AND g.year = $3 GROUP BY g.employee_id, g.leave_type_id"
                ),
                args![year],
            )
            .await
        }
    }
}

/// What is written of a grant.
pub struct NewGrant<'a> {
    pub id: Uuid,
    pub person: Uuid,
    pub leave_type: Uuid,
    pub year: i64,
    pub milli: i64,
    pub reason: &'a str,
}

/// False when the id is taken.
pub async fn insert(tx: &mut Tx, g: &NewGrant<'_>, now: Micros) -> Result<bool> {
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO leave_grant (tenant_id, id, employee_id, leave_type_id, year, milli, reason, created_by, created_at) \
                 VALUES ($1, $3, $4, $5, $6, $7, $8, $2, $9) ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![g.id, g.person, g.leave_type, g.year, g.milli, g.reason, now],
        )
        .await?;
    Ok(rows == 1)
}
