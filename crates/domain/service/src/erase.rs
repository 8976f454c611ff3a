//! Erasing a person: his words go; that he did the work, and what the customer signed, stays the company's. Reports of
//! rounds keep what was found, under the name that is left of him.

use db::{Result, Tx, args, sql};
use uuid::Uuid;

use crate::inspections;

/// Answers how many moves he had said something about.
///
/// # Errors
/// When the store cannot be written.
pub async fn erase(tx: &mut Tx, person: Uuid) -> Result<u64> {
    let name = org::by_ids(tx, &[person]).await?.pop().map(|p| p.name).unwrap_or_default();
    inspections::erase(tx, person, &name).await?;
    tx.exec(
        sql!("UPDATE maintenance_turn SET reason = '—' WHERE tenant_id = $1 AND employee_id = $3 AND reason IS NOT NULL"),
        args![person],
    )
    .await?;
    tx.exec(
        sql!("UPDATE meter_reading SET withdrawn_reason = '—' WHERE tenant_id = $1 AND withdrawn_by = $3"),
        args![person],
    )
    .await?;
    tx.exec(
        sql!("UPDATE part_request SET note = NULL WHERE tenant_id = $1 AND employee_id = $3"),
        args![person],
    )
    .await?;
    // His name stands on his van and at what was given to him.
    tx.exec(
        sql!("UPDATE stock SET name = '—' WHERE tenant_id = $1 AND id = $3 AND kind = 'van'"),
        args![person],
    )
    .await?;
    tx.exec(
        sql!(
            "UPDATE work_order_event SET note = NULL WHERE tenant_id = $1 AND task_id IN \
             (SELECT t.id FROM task t WHERE t.tenant_id = $1 AND t.employee_id = $3)"
        ),
        args![person],
    )
    .await?;
    tx.exec(
        sql!("UPDATE work_order_event SET note = NULL WHERE tenant_id = $1 AND employee_id = $3 AND note IS NOT NULL"),
        args![person],
    )
    .await
}
