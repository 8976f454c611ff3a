use std::sync::Arc;

use api::{
    Access, Caller, Failure, Kit, Path, Routes,
    axum::{
        self, Extension,
        extract::State,
        http::{HeaderName, HeaderValue, header},
        response::{IntoResponse, Response},
    },
    routes,
};
use base::{Problem, problem};
use db::{Permission, Scope};
use uuid::Uuid;

use super::{STAMPED, THUMB, sql};
use crate::{Darkroom, UNREADABLE, upload::ORIGINAL};

pub(crate) fn routes(kit: &Kit) -> Routes {
    // Without `visit.read` one still sees one's own.
    Routes::new(kit)
        .at(Access::SignedIn, routes!(original))
        .at(Access::SignedIn, routes!(stamped))
        .at(Access::SignedIn, routes!(thumb))
}

type Dark = Extension<Arc<Darkroom>>;

/// The bytes of a photo as the phone sent them.
#[utoipa::path(get, path = "/photos/{id}/original", tag = "evidence", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The picture", content_type = "image/jpeg"), (status = 404, body = api::ProblemDocument)))]
async fn original(State(kit): State<Kit>, caller: Caller, Path(id): Path<Uuid>) -> Result<Response, Failure> {
    let (scope, row) = in_reach(&kit, &caller, id).await?;
    let bytes =
        kit.files.get(scope.tenant(), id, ORIGINAL).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    Ok(shielded(bytes, &row.mime, id))
}

/// A photo with who, when and where at its foot.
#[utoipa::path(get, path = "/photos/{id}/stamped", tag = "evidence", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The picture", content_type = "image/jpeg"), (status = 404, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn stamped(
    State(kit): State<Kit>,
    Extension(darkroom): Dark,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<Response, Failure> {
    copy(&kit, &darkroom, &caller, id, STAMPED).await
}

/// A photo of at most 480 pixels.
#[utoipa::path(get, path = "/photos/{id}/thumb", tag = "evidence", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The picture", content_type = "image/jpeg"), (status = 404, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn thumb(
    State(kit): State<Kit>,
    Extension(darkroom): Dark,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<Response, Failure> {
    copy(&kit, &darkroom, &caller, id, THUMB).await
}

async fn in_reach(kit: &Kit, caller: &Caller, id: Uuid) -> db::Result<(Scope, sql::PhotoRow)> {
    let scope =
        if caller.scope.may(Permission::VisitRead) { caller.scope.clone() } else { caller.scope.own() };
    let row = sql::one(&mut kit.db.read(&scope).await?, id).await?;
    Ok((scope, row))
}

/// One of the copies; made now when it is asked for before its turn.
async fn copy(
    kit: &Kit,
    darkroom: &Darkroom,
    caller: &Caller,
    id: Uuid,
    kind: &'static str,
) -> Result<Response, Failure> {
    let (scope, row) = in_reach(kit, caller, id).await?;
    if row.stamped_at.is_none() {
        darkroom.develop(scope.tenant(), id).await?;
    }
    let bytes = kit.files.get(scope.tenant(), id, kind).await?.ok_or_else(|| Problem::new(UNREADABLE))?;
    Ok(shielded(bytes, "image/jpeg", id))
}

/// A picture with headers that keep a browser from taking it for anything else.
fn shielded(bytes: Vec<u8>, mime: &str, id: Uuid) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    let extension = mime.strip_prefix("image/").unwrap_or("bin");
    let texts: [(HeaderName, String); 5] = [
        (header::CONTENT_TYPE, mime.to_owned()),
        (header::CACHE_CONTROL, "private, max-age=86400".into()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".into()),
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'".into()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{}.{extension}\"", id.simple())),
    ];
    for (name, text) in texts {
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.insert(name, value);
        }
    }
    response
}
