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
use db::Permission;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{STAMPED, THUMB, sql};
use crate::{Darkroom, UNREADABLE, upload::ORIGINAL};

pub(crate) fn routes(kit: &Kit) -> Routes {
    // Without `visit.read` one still sees one's own.
    Routes::new(kit).at(Access::SignedIn, routes!(photo))
}

/// Which picture of a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum PhotoCopy {
    /// The bytes as the phone sent them.
    Original,
    /// With who, when and where at its foot.
    Stamped,
    /// At most 480 pixels.
    Thumb,
}

/// A photo of a visit in reach.
#[utoipa::path(get, path = "/photos/{id}/{copy}", tag = "evidence", params(("id" = Uuid, Path), ("copy" = PhotoCopy, Path)),
    responses((status = 200, description = "The picture", content_type = "image/jpeg"), (status = 404, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn photo(
    State(kit): State<Kit>,
    Extension(darkroom): Extension<Arc<Darkroom>>,
    caller: Caller,
    Path((id, copy)): Path<(Uuid, PhotoCopy)>,
) -> Result<Response, Failure> {
    let scope =
        if caller.scope.may(Permission::VisitRead) { caller.scope.clone() } else { caller.scope.own() };
    let row = sql::one(&mut kit.db.read(&scope).await?, id).await?;
    let (kind, mime) = match copy {
        PhotoCopy::Original => (ORIGINAL, row.mime.clone()),
        PhotoCopy::Stamped => (STAMPED, "image/jpeg".to_owned()),
        PhotoCopy::Thumb => (THUMB, "image/jpeg".to_owned()),
    };
    if copy != PhotoCopy::Original && row.stamped_at.is_none() {
        darkroom.develop(scope.tenant(), id).await?;
    }
    let bytes = kit.files.get(scope.tenant(), id, kind).await?;
    let unreadable = copy != PhotoCopy::Original && bytes.is_none();
    let bytes =
        bytes.ok_or_else(|| Problem::new(if unreadable { UNREADABLE } else { problem::NOT_FOUND }))?;
    Ok(shielded(bytes, &mime, id))
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
