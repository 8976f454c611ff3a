//! Erasing a person: he is responsible for nothing any more, and his proposals and words go. That customers were somebody's
//! from when to when stays, under no name.

use db::{Result, Tx, args, sql};
use uuid::Uuid;

/// Answers how many territories he was responsible for.
///
/// # Errors
/// When the store cannot be written.
pub async fn erase(tx: &mut Tx, person: Uuid) -> Result<u64> {
    tx.exec(
        sql!(
            "DELETE FROM territory_division_summary WHERE tenant_id = $1 AND division_id IN \
             (SELECT v.id FROM territory_division v WHERE v.tenant_id = $1 AND v.employee_id = $3 AND v.status = 'draft')"
        ),
        args![person],
    )
    .await?;
    tx.exec(
        sql!("DELETE FROM territory_division WHERE tenant_id = $1 AND employee_id = $3 AND status = 'draft'"),
        args![person],
    )
    .await?;
    tx.exec(
        sql!("UPDATE territory_division SET reason = NULL WHERE tenant_id = $1 AND taken_by = $3"),
        args![person],
    )
    .await?;
    tx.exec(
        sql!(
            "UPDATE territory SET employee_id = NULL, version = version + 1 WHERE tenant_id = $1 AND employee_id = $3"
        ),
        args![person],
    )
    .await
}
