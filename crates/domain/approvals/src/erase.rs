//! Erasing a person: what he wrote and whom he named goes; that something was decided stays, under no name.

use base::Problem;
use db::{Result, Tx};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::cases;

/// # Errors
/// When the store cannot be written.
pub async fn erase(tx: &mut Tx, person: Uuid) -> Result<()> {
    // Without his ask nothing would find the cases that wait for him; while he has deputies they decide.
    for case in cases::asking(tx, person).await? {
        cases::hand_on(tx, case, person).await?;
    }
    crate::delegations::erase(tx, person).await?;
    cases::sql::forget_part(tx, person).await?;
    crate::files::sql::loosen(tx, person).await?;
    crate::choices::sql::erase(tx, person).await?;
    for row in cases::sql::facts_of(tx, person).await? {
        let mut facts: Map<String, Value> = serde_json::from_str(&row.facts).map_err(Problem::internal)?;
        if let Some(Value::Object(user)) = facts.get_mut("user") {
            user.retain(|key, _| key.starts_with("department"));
        }
        cases::sql::set_facts(tx, row.id, &Value::Object(facts).to_string()).await?;
    }
    forget_name(tx, person).await
}

/// His name goes from what others handed in and named him in.
async fn forget_name(tx: &mut Tx, person: Uuid) -> Result<()> {
    for row in cases::sql::naming(tx, person).await? {
        let mut content: Map<String, Value> =
            serde_json::from_str(&row.content).map_err(Problem::internal)?;
        if let Some(Value::Object(names)) = content.get_mut("names") {
            names.remove(&person.to_string());
        }
        cases::sql::set_shown(tx, row.id, &Value::Object(content).to_string()).await?;
    }
    Ok(())
}
