use api::{
    Access, Answer, Caller, Failure, Json, Kit, Path, Routes,
    axum::{self, extract::State, http::StatusCode},
    ok, routes,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{NewChoice, SubjectChoice, choices, choose};

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit).at(Access::SignedIn, routes!(list)).at(Access::SignedIn, routes!(put))
}

#[derive(Serialize, ToSchema)]
struct SubjectChoices {
    items: Vec<SubjectChoice>,
}

/// What can be handed in so that its requester chooses who decides, with the steps left to him.
#[utoipa::path(get, path = "/approval-choices", tag = "approvals", responses((status = 200, body = SubjectChoices)))]
async fn list(State(kit): State<Kit>, caller: Caller) -> Answer<SubjectChoices> {
    let now = kit.now();
    ok(SubjectChoices { items: choices(&mut kit.db.read(&caller.scope).await?, now).await? })
}

/// People chosen for a record.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PutChoice {
    /// By step.
    chosen: std::collections::BTreeMap<String, Vec<Uuid>>,
}

/// Chooses who decides about a record the caller is about to hand in under this id. A step he chose nobody for sends the
/// case back to him.
#[utoipa::path(put, path = "/approval-choices/{id}", tag = "approvals", request_body = PutChoice, params(("id" = Uuid, Path, description = "The record's id")), responses((status = 204), (status = 422, body = api::ProblemDocument)))]
async fn put(
    State(kit): State<Kit>,
    caller: Caller,
    Path(record_id): Path<Uuid>,
    Json(said): Json<PutChoice>,
) -> std::result::Result<StatusCode, Failure> {
    let new = NewChoice { record_id, chosen: said.chosen };
    kit.db.write(&caller.scope, move |tx| Box::pin(async move { choose(tx, new).await })).await?;
    Ok(StatusCode::NO_CONTENT)
}
