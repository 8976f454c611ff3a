//! Who answers for what is found about people of a department.

use db::{Query, Result};
use uuid::Uuid;

use super::sql;
pub use super::sql::Boss;

/// Those responsible for a department's people, other than one person: who manages it or a department above it; where nobody
/// does, whoever sees the whole company.
///
/// # Errors
/// When the store cannot be read.
pub async fn responsible(q: &mut impl Query, department: Uuid, not: Uuid) -> Result<Vec<Boss>> {
    let near = sql::managers_over(q, department, not).await?;
    if near.is_empty() { sql::over_all(q, not).await } else { Ok(near) }
}
