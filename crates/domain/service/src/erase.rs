//! Erasing a person: his words go; that he did the work, and what the customer signed, stays the company's. Reports of
//! rounds keep what was found, under the name that is left of him.

use db::{Result, Tx};
use uuid::Uuid;

use crate::{inspections, maintenance, meters, orders, parts};

/// Answers how many moves he had said something about.
///
/// # Errors
/// When the store cannot be written.
pub async fn erase(tx: &mut Tx, person: Uuid) -> Result<u64> {
    let name = org::by_ids(tx, &[person]).await?.pop().map(|p| p.name).unwrap_or_default();
    inspections::erase(tx, person, &name).await?;
    maintenance::sql::erase(tx, person).await?;
    meters::sql::erase(tx, person).await?;
    parts::sql::erase(tx, person).await?;
    orders::sql::erase(tx, person).await
}
