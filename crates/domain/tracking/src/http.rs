//! Reports from the phone app, and the addresses of trackers.

use api::{Access, Answer, Caller, Failure, Json, Kit, Routes, axum, ok, routes};
use axum::{
    Extension, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use base::{Micros, Problem, problem};
use db::Permission;
use geo::LngLat;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Tracking, declared,
    ingest::Owner,
    ledger,
    reading::Reading,
    tracker,
    wire::{self, Reply, Report, When},
};

/// Routes under `/api/v1`.
pub fn routes(kit: &Kit, tracking: &Tracking) -> Routes {
    let tracking = tracking.clone();
    Routes::new(kit)
        .at(Access::May(Permission::FieldWork), routes!(fixes))
        .merge(declared::routes(kit))
        .merge(tracker::routes(kit))
        .merge(ledger::routes(kit))
        .map(|router| router.layer(Extension(tracking)))
}

/// Most bytes of one tracker's request: a thousand Overland points are about 600 kB.
const MOST_BYTES: usize = 4 << 20;

/// Addresses of trackers, outside `/api/v1`: `/t/{secret}`, and `/t?id={secret}` for apps that cannot be
/// given a path. Only the secret says who it is.
pub fn ingest_routes(kit: &Kit, tracking: &Tracking) -> Router {
    let by_id = get(by_id).post(self::by_id);
    Router::new()
        .route("/t", by_id.clone())
        .route("/t/", by_id)
        .route("/t/{secret}", get(by_path).post(by_path))
        .route("/t/{secret}/", get(by_path).post(by_path))
        .route("/t/{secret}/gpslogger.properties", get(profile))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .with_state((kit.clone(), tracking.clone()))
}

type Ingesting = State<(Kit, Tracking)>;

async fn by_path(
    State((kit, tracking)): Ingesting,
    Path(secret): Path<String>,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Result<Response, Failure> {
    receive(&kit, &tracking, Some(secret), query.as_deref().unwrap_or(""), &body).await
}

async fn by_id(
    State((kit, tracking)): Ingesting,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Result<Response, Failure> {
    receive(&kit, &tracking, None, query.as_deref().unwrap_or(""), &body).await
}

async fn receive(
    kit: &Kit,
    tracking: &Tracking,
    secret: Option<String>,
    query: &str,
    body: &[u8],
) -> Result<Response, Failure> {
    let malformed = |reason: String| Problem::new(problem::MALFORMED).with("reason", reason);
    // An address with a secret is checked first: a stranger learns nothing about what we can read.
    let mut known = None;
    if let Some(secret) = &secret {
        known = tracking.keys().find(&kit.db, secret).await?;
        if known.is_none() {
            return Err(Problem::new(problem::NOT_FOUND).into());
        }
    }
    let decoded = wire::decode(query, body).map_err(|e| malformed(e.0))?;
    let known = match known {
        Some(known) => known,
        None => {
            let id = decoded.device.filter(|id| !id.is_empty()).ok_or_else(|| malformed("id".into()))?;
            let known = tracking.keys().find(&kit.db, &id).await?;
            known.ok_or_else(|| Problem::new(problem::NOT_FOUND))?
        }
    };
    tracking.keys().heard(known, kit.now());
    tracking.take(known.owner, decoded.reports, decoded.invalid).await?;
    Ok(match decoded.reply {
        Reply::Empty => StatusCode::OK.into_response(),
        Reply::List => axum::Json([(); 0]).into_response(),
        Reply::ResultOk => axum::Json(serde_json::json!({ "result": "ok" })).into_response(),
    })
}

/// GPSLogger's profile for a tracker.
async fn profile(
    State((kit, tracking)): Ingesting,
    Path(secret): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    if tracking.keys().find(&kit.db, &secret).await?.is_none() {
        return Err(Problem::new(problem::NOT_FOUND).into());
    }
    let text = tracker::gpslogger_profile(&format!("{}/t/{secret}", public_url(&kit, &headers)));
    Ok(([(header::CONTENT_TYPE, "text/x-java-properties; charset=utf-8")], text).into_response())
}

/// Where phones reach this server: as configured, else as this request did. What a proxy says it heard is there only
/// when the proxy is trusted; the outermost layer takes off what anybody else claims.
pub(crate) fn public_url(kit: &Kit, headers: &HeaderMap) -> String {
    if !kit.config.public_url.is_empty() {
        return kit.config.public_url.clone();
    }
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    let host = text("x-forwarded-host").or(text("host")).unwrap_or("localhost");
    let secure = text("x-forwarded-proto") == Some("https") || kit.config.secure_cookies;
    format!("{}://{host}", if secure { "https" } else { "http" })
}

/// A fix recorded by the phone app while it was open.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FieldFix {
    #[schema(value_type = String, format = DateTime)]
    t: Micros,
    #[schema(value_type = Vec<f64>, min_items = 2, max_items = 2)]
    at: LngLat,
    accuracy_m: Option<f64>,
    speed_mps: Option<f64>,
    bearing_deg: Option<f64>,
    altitude_m: Option<f64>,
    /// Percent.
    battery: Option<f64>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FieldFixes {
    #[schema(max_length = 64)]
    device_id: String,
    #[schema(max_items = 500)]
    fixes: Vec<FieldFix>,
}

/// What became of each of the fixes; the four add up to all of them.
#[derive(Serialize, ToSchema)]
struct FixesAnswer {
    accepted: u32,
    duplicate: u32,
    /// Not to be recorded: outside working time, policy off, or not agreed to. Counted, not kept.
    refused_off_duty: u32,
    refused_invalid: u32,
}

/// Takes fixes recorded by the phone app. Sending them again is safe; the answer comes when they are durable.
#[utoipa::path(post, path = "/field/fixes", tag = "field", request_body = FieldFixes, responses((status = 200, body = FixesAnswer), (status = 422, body = api::ProblemDocument), (status = 503, body = api::ProblemDocument)))]
async fn fixes(
    Extension(tracking): Extension<Tracking>,
    caller: Caller,
    Json(sent): Json<FieldFixes>,
) -> Answer<FixesAnswer> {
    api::Checks::new()
        .text("device_id", &sent.device_id, 64)
        .that("fixes", sent.fixes.len() <= 500)
        .done()?;
    let owner = Owner { tenant: caller.scope.tenant(), employee: caller.scope.actor(), source: 0 };
    let reports = sent.fixes.into_iter().map(report).collect();
    let receipt = tracking.take(owner, reports, 0).await?;
    ok(FixesAnswer {
        accepted: receipt.accepted,
        duplicate: receipt.duplicate,
        refused_off_duty: receipt.refused,
        refused_invalid: receipt.invalid,
    })
}

fn report(fix: FieldFix) -> Report {
    let mut reading = Reading::default();
    reading.set_place(fix.at);
    reading.set_accuracy(fix.accuracy_m);
    reading.set_speed(fix.speed_mps);
    reading.set_bearing(fix.bearing_deg);
    reading.set_altitude(fix.altitude_m);
    reading.set_battery(fix.battery);
    Report { when: When::At(fix.t.0.div_euclid(1000)), reading }
}
