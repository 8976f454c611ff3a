//! That somebody has read a version.

use base::{Micros, Problem, problem};
use db::{Result, Tx};
use uuid::Uuid;

use super::sql;
use crate::articles::sql as articles;

/// Marks a version as read by the acting person. Reading it again changes nothing. He may have read it without a network and
/// come back after it was retired, or was for others only: it was read all the same, so any version that was published
/// counts. Nobody is shown more by it, and readers are listed by the audience alone.
///
/// # Errors
/// `not_found` for an article that is not there, or a version that was never published.
pub async fn mark_read(
    tx: &mut Tx,
    article: Uuid,
    number: i64,
    opened_at: Micros,
    read_at: Micros,
) -> Result<()> {
    let missing = || Problem::new(problem::NOT_FOUND);
    let version = articles::version(tx, article, number).await?.ok_or_else(missing)?;
    // Nobody reads a text before it is there, nor opens it after he has read it.
    let read_at = read_at.max(version.published_at).min(tx.now());
    let opened_at = opened_at.max(version.published_at).min(read_at);
    sql::insert_receipt(tx, article, number, opened_at, read_at).await.map(drop)
}
