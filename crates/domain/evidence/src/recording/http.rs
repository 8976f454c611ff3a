use api::{
    Access, Caller, Failure, Kit, Path, Routes,
    axum::{
        self,
        extract::State,
        http::{HeaderName, HeaderValue, header},
        response::{IntoResponse, Response},
    },
    routes,
};
use base::{Problem, problem};
use db::Permission;
use uuid::Uuid;

use crate::upload::ORIGINAL;

pub(crate) fn routes(kit: &Kit) -> Routes {
    // Without `audio.play` one still hears one's own.
    Routes::new(kit).at(Access::SignedIn, routes!(play))
}

/// The bytes of a recording as the phone sent them, to be played. Whoever is not the person himself needs `audio.play`, and
/// stands in that person's ledger first.
#[utoipa::path(get, path = "/recordings/{id}", tag = "evidence", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The recording", content_type = "audio/webm"), (status = 404, body = api::ProblemDocument)))]
async fn play(State(kit): State<Kit>, caller: Caller, Path(id): Path<Uuid>) -> Result<Response, Failure> {
    let scope =
        if caller.scope.may(Permission::AudioPlay) { caller.scope.clone() } else { caller.scope.own() };
    let mut reader = kit.db.read(&scope).await?;
    let row = work::visits::audio_in_reach(&mut reader, id).await?;
    let day = row.started_at.local_day(&org::zone(&mut reader).await?);
    drop(reader);
    if row.employee_id != caller.scope.actor() {
        kit.watch.recording_played(&scope, row.employee_id, day).await?;
    }
    let bytes =
        kit.files.get(scope.tenant(), id, ORIGINAL).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    let extension = row.mime.strip_prefix("audio/").unwrap_or("bin").to_owned();
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    let texts: [(HeaderName, String); 5] = [
        (header::CONTENT_TYPE, row.mime),
        // Every playing asks, so that every playing is written down.
        (header::CACHE_CONTROL, "no-store".into()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".into()),
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'".into()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{}.{extension}\"", id.simple())),
    ];
    for (name, text) in texts {
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.insert(name, value);
        }
    }
    Ok(response)
}
