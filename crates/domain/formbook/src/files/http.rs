use api::{
    Access, Caller, Checks, Created, Failure, Kit, Path, Query, Raw, Routes,
    axum::{self, extract::State, http::HeaderMap, response::Response},
    created, routes,
};
use base::{Problem, problem};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::{FormFile, LIMIT, give, keep, sql};

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit).at(Access::SignedIn, routes!(take)).at(Access::SignedIn, routes!(mine))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct FileQuery {
    /// Made by the sender: sent twice it is one file.
    id: Option<Uuid>,
    /// As it is called where it comes from.
    name: String,
}

/// Takes a file that an answer will name, at most 20 MiB: PDF, Office without macros, text, CSV, pictures, MP4, WebM. Its
/// kind is told by its bytes; a picture loses what a camera wrote into it. Phones send theirs in pieces by `/uploads`.
#[utoipa::path(post, path = "/form-files", tag = "forms", params(FileQuery), request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses((status = 201, body = FormFile), (status = 409, body = api::ProblemDocument), (status = 413, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn take(
    State(kit): State<Kit>,
    caller: Caller,
    Query(asked): Query<FileQuery>,
    Raw(sent): Raw<LIMIT>,
) -> Created<FormFile> {
    Checks::new().text("name", &asked.name, 200).done()?;
    created(keep(&kit, &caller.scope, asked.id, &asked.name, sent.to_vec()).await?)
}

/// A file the caller has sent.
#[utoipa::path(get, path = "/form-files/{id}", tag = "forms", params(("id" = Uuid, Path)), responses((status = 200, description = "The file", content_type = "application/octet-stream"), (status = 404, body = api::ProblemDocument)))]
async fn mine(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let known = sql::any(&mut kit.db.read(&caller.scope).await?, id).await?;
    let own = known.filter(|f| f.employee_id == caller.scope.actor());
    let file = own.ok_or_else(|| Problem::new(problem::NOT_FOUND))?.shown();
    Ok(give(&kit, caller.scope.tenant(), &file, &headers).await?)
}
