//! Long lists that forms choose from, for the time without a network.

use api::Checks;
use db::{Reader, Result};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Most that a phone carries along of one kind.
const MOST: i64 = 5000;

/// Something a form may refer to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FieldChoice {
    pub id: Uuid,
    pub name: String,
    /// Of equipment: where it stands.
    pub customer_id: Option<Uuid>,
}

/// Everything of a kind the caller may refer to, by number.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FieldChoices {
    pub items: Vec<FieldChoice>,
    /// There is more than a phone carries.
    pub more: bool,
}

/// # Errors
/// `input.invalid` for a kind that has no such list.
pub async fn of(r: &mut Reader, to: &str) -> Result<FieldChoices> {
    Checks::new().that("to", matches!(to, "equipment" | "product")).done()?;
    let mut items: Vec<FieldChoice> = match to {
        "equipment" => {
            let all = service::phone::choices(r, MOST + 1).await?;
            all.into_iter()
                .map(|(id, name, customer)| FieldChoice { id, name, customer_id: Some(customer) })
                .collect()
        }
        _ => {
            let all = objects::products(r, MOST + 1).await?;
            all.into_iter().map(|(id, name)| FieldChoice { id, name, customer_id: None }).collect()
        }
    };
    let more = items.len() as i64 > MOST;
    items.truncate(MOST as usize);
    Ok(FieldChoices { items, more })
}
