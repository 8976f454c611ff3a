use std::sync::Arc;

use api::{Access, Caller, Failure, Json, Kit, Path, Routes, axum, routes};
use axum::{
    Extension,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use db::Permission;
use serde::Deserialize;
use tracking::Looked;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{erase, everything};
use crate::Insight;

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::CompanyWrite), routes!(export))
        .at(Access::May(Permission::CompanyWrite), routes!(erase_one))
        .at(Access::SignedIn, routes!(own_export))
}

fn file(bytes: Vec<u8>, person: Uuid) -> Response {
    let name = format!("attachment; filename=\"tashi-person-{}.json\"", person.simple());
    ([(header::CONTENT_TYPE, "application/json".to_owned()), (header::CONTENT_DISPOSITION, name)], bytes)
        .into_response()
}

/// Everything stored about a person, as one file. Reading is written into the person's ledger.
#[utoipa::path(get, path = "/employees/{id}/everything", tag = "org", params(("id" = Uuid, Path)), responses((status = 200, description = "Everything", content_type = "application/json"), (status = 404, body = api::ProblemDocument)))]
async fn export(
    State(kit): State<Kit>,
    Extension(insight): Extension<Insight>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<Response, Failure> {
    let person = org::person(&mut kit.db.read(&caller.scope).await?, id).await?;
    let today = kit.now().local_day(&insight.tracking().zone(caller.scope.tenant()).await?);
    insight.tracking().look(&caller.scope, Looked::Everything, [person.id], today).await?;
    Ok(file(everything(&insight, caller.scope.tenant(), person.id).await?, person.id))
}

/// Everything stored about me, as one file.
#[utoipa::path(get, path = "/me/everything", tag = "me", responses((status = 200, description = "Everything", content_type = "application/json")))]
async fn own_export(Extension(insight): Extension<Insight>, caller: Caller) -> Result<Response, Failure> {
    let me = caller.scope.actor();
    Ok(file(everything(&insight, caller.scope.tenant(), me).await?, me))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EraseInput {
    /// Full name of the person, typed to confirm.
    name: String,
    /// Erase the photos too; else they stay with the visits.
    photos: bool,
}

/// Erases the personal data of somebody who has left, for good. Work records stay under no name.
#[utoipa::path(post, path = "/employees/{id}/erase", tag = "org", request_body = EraseInput, params(("id" = Uuid, Path)), responses((status = 204), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn erase_one(
    State(kit): State<Kit>,
    Extension(insight): Extension<Insight>,
    Extension(sessions): Extension<Arc<org::Sessions>>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(input): Json<EraseInput>,
) -> Result<StatusCode, Failure> {
    erase(&insight, &kit, &caller.scope, id, input.name, input.photos).await?;
    sessions.forget_person(id);
    Ok(StatusCode::NO_CONTENT)
}
