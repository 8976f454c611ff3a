//! What is written beside a matter after it was handed in.

use base::Problem;
use db::{Result, Tx};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::sql;

/// Writes what became of the matter beside what was handed in, for whoever looks at the case.
///
/// # Errors
/// When the store cannot be read or written.
pub async fn note(tx: &mut Tx, case: Uuid, key: &str, value: Value) -> Result<()> {
    let body = sql::body(tx, case).await?;
    let mut content: Map<String, Value> = serde_json::from_str(&body.content).map_err(Problem::internal)?;
    content.insert(key.to_owned(), value);
    sql::set_shown(tx, case, &Value::Object(content).to_string()).await.map(drop)
}

/// Erasing a person: the words of what he handed in go, as [`note`] writes over them, and so do its lines in lists.
///
/// # Errors
/// When the store cannot be read or written.
pub async fn forget(tx: &mut Tx, case: Uuid, key: &str, value: Value) -> Result<()> {
    note(tx, case, key, value).await?;
    sql::clear_summary(tx, case).await.map(drop)
}
