//! Erasing a person: what he wrote and whom he named goes; that something was decided stays, under no name.

use base::Problem;
use db::{Query, Result, Tx, args, sql};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::cases;

db::row! { struct FactsRow { id: Uuid, facts: String } }
db::row! { struct ContentRow { id: Uuid, content: String } }

/// # Errors
/// When the store cannot be written.
pub async fn erase(tx: &mut Tx, person: Uuid) -> Result<()> {
    // Without his ask nothing would find the cases that wait for him; while he has deputies they decide.
    for case in cases::asking(tx, person).await? {
        cases::hand_on(tx, case, person).await?;
    }
    tx.exec(
        sql!("DELETE FROM delegation WHERE tenant_id = $1 AND (employee_id = $3 OR deputy_id = $3)"),
        args![person],
    )
    .await?;
    tx.exec(sql!("DELETE FROM approval_ask WHERE tenant_id = $1 AND employee_id = $3"), args![person])
        .await?;
    tx.exec(sql!("DELETE FROM approval_part WHERE tenant_id = $1 AND employee_id = $3"), args![person])
        .await?;
    tx.exec(sql!("DELETE FROM approval_action WHERE tenant_id = $1 AND employee_id = $3"), args![person])
        .await?;
    tx.exec(
        sql!("UPDATE approval_trail SET comment = NULL WHERE tenant_id = $1 AND employee_id = $3"),
        args![person],
    )
    .await?;
    crate::files::sql::loosen(tx, person).await?;
    crate::choices::sql::erase(tx, person).await?;
    let rows: Vec<FactsRow> = tx
        .all(sql!("SELECT id, facts FROM approval WHERE tenant_id = $1 AND employee_id = $3"), args![person])
        .await?;
    for row in rows {
        let mut facts: Map<String, Value> = serde_json::from_str(&row.facts).map_err(Problem::internal)?;
        if let Some(Value::Object(user)) = facts.get_mut("user") {
            user.retain(|key, _| key.starts_with("department"));
        }
        tx.exec(
            sql!("UPDATE approval SET facts = $4 WHERE tenant_id = $1 AND id = $3"),
            args![row.id, Value::Object(facts).to_string()],
        )
        .await?;
    }
    forget_name(tx, person).await
}

/// His name goes from what others handed in and named him in.
async fn forget_name(tx: &mut Tx, person: Uuid) -> Result<()> {
    let rows: Vec<ContentRow> = tx
        .all(
            sql!("SELECT id, content FROM approval WHERE tenant_id = $1 AND content LIKE $3"),
            args![format!("%\"{person}\"%")],
        )
        .await?;
    for row in rows {
        let mut content: Map<String, Value> =
            serde_json::from_str(&row.content).map_err(Problem::internal)?;
        if let Some(Value::Object(names)) = content.get_mut("names") {
            names.remove(&person.to_string());
        }
        tx.exec(
            sql!("UPDATE approval SET content = $4 WHERE tenant_id = $1 AND id = $3"),
            args![row.id, Value::Object(content).to_string()],
        )
        .await?;
    }
    Ok(())
}
