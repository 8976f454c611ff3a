use std::sync::Arc;

use api::{
    Access, Answer, Caller, Failure, Json, Kit, Path, Raw, Routes,
    axum::{self, Extension, extract::State, http::HeaderMap},
    ok, routes,
};
use base::{Problem, problem};
use db::Permission;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Desk, PIECE, UploadState, service};
use crate::Darkroom;

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::FieldWork), routes!(open))
        .at(Access::May(Permission::FieldWork), routes!(state))
        .at(Access::May(Permission::FieldWork), routes!(append))
}

/// A file to be sent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUpload {
    /// Of the photo, the recording, or the file an answer names.
    pub id: Uuid,
    /// Bytes, at most 20 MiB.
    pub size: i64,
    /// Of the whole file, hexadecimal.
    pub sha256: String,
    /// Of a photo: image/jpeg, image/png or image/webp; of a recording: audio/webm, audio/ogg or audio/mp4. What a file is its
    /// bytes say.
    pub mime: String,
    /// What a file is called; absent for a photo of a visit.
    #[schema(max_length = 200)]
    pub name: Option<String>,
}

/// Opens an upload, or answers how far it is.
#[utoipa::path(post, path = "/uploads", tag = "evidence", request_body = NewUpload,
    responses((status = 200, body = UploadState), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn open(State(kit): State<Kit>, caller: Caller, Json(new): Json<NewUpload>) -> Answer<UploadState> {
    ok(service::open(&kit, &caller.scope, new).await?)
}

/// How far an upload is.
#[utoipa::path(get, path = "/uploads/{id}", tag = "evidence", params(("id" = Uuid, Path)), responses((status = 200, body = UploadState), (status = 404, body = api::ProblemDocument)))]
async fn state(State(kit): State<Kit>, caller: Caller, Path(id): Path<Uuid>) -> Answer<UploadState> {
    ok(service::state(&kit, &caller.scope, id).await?)
}

/// Takes the next piece, at most 256 KiB. After the last one the hash is checked.
#[utoipa::path(patch, path = "/uploads/{id}", tag = "evidence", params(("id" = Uuid, Path), ("Upload-Offset" = i64, Header)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = UploadState), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn append(
    State(kit): State<Kit>,
    Extension(desk): Extension<Arc<Desk>>,
    Extension(darkroom): Extension<Arc<Darkroom>>,
    caller: Caller,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
    Raw(piece): Raw<PIECE>,
) -> Answer<UploadState> {
    let offset =
        headers.get("upload-offset").and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<i64>().ok());
    let offset = offset.filter(|o| *o >= 0).ok_or_else(|| {
        Failure::from(
            Problem::new(problem::INVALID)
                .with("reason", "Upload-Offset")
                .field("Upload-Offset", problem::BAD_VALUE),
        )
    })?;
    let state = service::append(&kit, &caller.scope, &desk, id, offset, piece.to_vec()).await?;
    if state.complete {
        darkroom.wake(caller.scope.tenant());
    }
    ok(state)
}
