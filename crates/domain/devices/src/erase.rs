//! Erasing a person: his phones and everything they signed.

use db::{Result, Tx};
use uuid::Uuid;

use crate::{passkeys, sql};

/// Deletes a person's keys, seals and marks. The company's log keeps its own commitments.
///
/// # Errors
/// When the store cannot be written.
pub async fn erase(tx: &mut Tx, person: Uuid) -> Result<()> {
    passkeys::erase(tx, person).await?;
    sql::erase(tx, person).await
}
