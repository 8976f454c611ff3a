//! Erasing a person: his skills, the numbers he was chosen by and his words go; that he was asked, and how it ended, stays.

use db::{Result, Tx, args, sql};
use uuid::Uuid;

/// Answers how many offers.
///
/// # Errors
/// When the store cannot be written.
pub async fn erase(tx: &mut Tx, person: Uuid) -> Result<u64> {
    org::set_skills(tx, person, &[]).await?;
    tx.exec(
        sql!(
            "UPDATE urgent_offer SET factors = '{}', reason = NULL WHERE tenant_id = $1 AND employee_id = $3"
        ),
        args![person],
    )
    .await
}
