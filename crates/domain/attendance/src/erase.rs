//! What is forgotten of a person: where he punched and what he wrote. That he was there stays as the company's record.

use db::{Result, Tx};
use uuid::Uuid;

use crate::{punches, requests};

/// Takes places and words out of what a person left behind.
///
/// # Errors
/// When the store cannot be written.
pub async fn erase(tx: &mut Tx, person: Uuid) -> Result<()> {
    punches::erase_places(tx, person).await?;
    requests::erase_reasons(tx, person).await.map(drop)
}
