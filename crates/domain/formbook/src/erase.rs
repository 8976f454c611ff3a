//! Erasing a person: what he recorded about customers stays as the company's, under no name; where he stood while doing so,
//! and what his records said before, goes.

use base::Problem;
use db::{Result, Tx};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::records;

/// Answers how many records had a place.
///
/// # Errors
/// When the store cannot be written.
pub async fn erase(tx: &mut Tx, person: Uuid) -> Result<u64> {
    records::erase_edits(tx, person).await?;
    records::erase_failures(tx, person).await?;
    let mut changed = 0;
    for record in records::erasable(tx, person).await? {
        let mut answers: Map<String, Value> =
            serde_json::from_str(&record.answers).map_err(Problem::internal)?;
        if records::without_places(&mut answers) {
            records::erase_answers(tx, record.id, &Value::Object(answers).to_string()).await?;
            changed += 1;
        }
    }
    Ok(changed)
}
