use api::{
    Access, Answer, Caller, Kit, Routes,
    axum::{self, extract::State},
    ok, routes,
};
use base::Problem;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{noun::Noun, sql};

/// Routes under `/api/v1`.
pub fn routes(kit: &Kit) -> Routes {
    Routes::new(kit).at(Access::SignedIn, routes!(in_force))
}

/// Fields a company added to a noun of ours.
#[derive(Debug, Serialize, ToSchema)]
struct CustomFields {
    /// customer, employee, task or equipment.
    noun: &'static str,
    /// The form that holds them.
    form_id: Uuid,
    /// Version in force.
    number: i64,
    /// A FormSpec.
    #[schema(value_type = Object)]
    spec: Value,
}

#[derive(Serialize, ToSchema)]
struct CustomFieldsList {
    items: Vec<CustomFields>,
}

/// The fields the company added to customers, people, tasks and equipment, as they are in force; a noun without any is left out.
#[utoipa::path(get, path = "/custom-fields", tag = "custom fields", responses((status = 200, body = CustomFieldsList)))]
async fn in_force(State(kit): State<Kit>, caller: Caller) -> Answer<CustomFieldsList> {
    let mut r = kit.db.read(&caller.scope).await?;
    let mut items = vec![];
    for noun in Noun::ALL {
        if let Some(row) = sql::newest(&mut r, noun.key()).await? {
            items.push(CustomFields {
                noun: noun.key(),
                form_id: row.form_id,
                number: row.number,
                spec: serde_json::from_str(&row.spec).map_err(Problem::internal)?,
            });
        }
    }
    ok(CustomFieldsList { items })
}
