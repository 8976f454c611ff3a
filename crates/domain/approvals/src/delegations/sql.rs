//! Statements on absences and deputies.

use base::Micros;
use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

db::row! { pub struct DelegationRow { id: Uuid, deputy_id: Uuid, deputy_name: String, from_at: Micros, until_at: Micros } }

/// Those of the acting person that are not over.
pub async fn mine(q: &mut impl Query, now: Micros) -> Result<Vec<DelegationRow>> {
    q.all(
        sql!(
            "SELECT d.id, d.deputy_id, e.name AS deputy_name, d.from_at, d.until_at FROM delegation d \
             JOIN employee e ON e.tenant_id = d.tenant_id AND e.id = d.deputy_id \
             WHERE d.tenant_id = $1 AND d.employee_id = $2 AND d.until_at > $3 ORDER BY d.from_at, d.id"
        ),
        args![now],
    )
    .await
}

/// Absences that have begun and whose person's asks were not handed on yet: id and person.
pub async fn beginning(q: &mut impl Query, now: Micros) -> Result<Vec<(Uuid, Uuid)>> {
    q.all(
        sql!(
            "SELECT d.id, d.employee_id FROM delegation d WHERE d.tenant_id = $1 AND d.begun = 0 AND d.from_at <= $3 AND d.until_at > $3"
        ),
        args![now],
    )
    .await
}

/// Their asks were handed on.
pub async fn begun(tx: &mut Tx, ids: &[Uuid]) -> Result<()> {
    for id in ids {
        tx.exec(sql!("UPDATE delegation SET begun = 1 WHERE tenant_id = $1 AND id = $3"), args![*id]).await?;
    }
    Ok(())
}

/// Of the acting person; false when the id is taken.
pub async fn insert(
    tx: &mut Tx,
    id: Uuid,
    deputy: Uuid,
    (from_at, until_at): (Micros, Micros),
) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO delegation (tenant_id, id, employee_id, deputy_id, from_at, until_at, begun, created_at) \
                 VALUES ($1, $3, $2, $4, $5, $6, 0, $7) ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![id, deputy, from_at, until_at, now],
        )
        .await?;
    Ok(rows == 1)
}

/// Ends an absence of the acting person now; false where there is none that is not over.
pub async fn end(tx: &mut Tx, id: Uuid) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "UPDATE delegation SET until_at = $4 WHERE tenant_id = $1 AND employee_id = $2 AND id = $3 AND until_at > $4"
            ),
            args![id, now],
        )
        .await?;
    Ok(rows == 1)
}

/// Of a person who is erased: his absences, and those he stood in for.
pub async fn erase(tx: &mut Tx, person: Uuid) -> Result<()> {
    tx.exec(
        sql!("DELETE FROM delegation WHERE tenant_id = $1 AND (employee_id = $3 OR deputy_id = $3)"),
        args![person],
    )
    .await
    .map(drop)
}
