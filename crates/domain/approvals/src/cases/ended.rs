//! What follows from an outcome: the floor that handed something in is told in the transaction that ends its case.

use base::Problem;
use db::{BoxFuture, Result, Tx};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::sql;

/// How a case ended.
#[derive(Debug, Clone, Copy)]
pub struct Ended {
    pub case: Uuid,
    pub record: Uuid,
    /// approved, rejected or withdrawn.
    pub status: &'static str,
}

/// Registered by upper floors: told when a case of their kind ends. Whoever acts there need not see what it is about; an
/// error undoes the decision.
pub struct EndHook {
    pub kind: &'static str,
    pub run: for<'a> fn(&'a mut Tx, Ended) -> BoxFuture<'a, Result<()>>,
}
inventory::collect!(EndHook);

/// Tells whom it concerns.
pub(super) async fn tell(tx: &mut Tx, kind: &str, ended: Ended) -> Result<()> {
    for hook in inventory::iter::<EndHook>.into_iter().filter(|h| h.kind == kind) {
        (hook.run)(tx, ended).await?;
    }
    Ok(())
}

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
