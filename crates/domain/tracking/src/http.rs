//! Reports from the phone app, and the addresses of trackers.

use std::sync::Arc;

use api::{Access, Answer, Caller, Failure, Json, Kit, Raw, Routes, axum, ok, routes};
use axum::{
    Extension, Router,
    extract::{Path, RawQuery, State},
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
    Tracking, declared, export,
    ingest::Owner,
    ledger, near,
    reading::Reading,
    tracker::{self, DayRegions, Regions},
    wire::{self, Reply, Report, When},
};

/// Routes under `/api/v1`.
pub fn routes(kit: &Kit, tracking: &Tracking) -> Routes {
    let tracking = tracking.clone();
    Routes::new(kit)
        .at(Access::May(Permission::FieldWork), routes!(fixes))
        .at(Access::May(Permission::FieldWork), routes!(compact_fixes))
        .at(Access::May(Permission::FieldWork), routes!(backfill))
        .merge(declared::routes(kit))
        .merge(tracker::routes(kit))
        .merge(ledger::routes(kit))
        .merge(near::routes(kit))
        .merge(export::routes(kit))
        .map(|router| router.layer(Extension(tracking)))
}

/// Most bytes of one tracker's request: a thousand Overland points are about 600 kB.
const MOST_BYTES: usize = 4 << 20;

/// Addresses of trackers, outside `/api/v1`: `/t/{secret}`, and `/t?id={secret}` for apps that cannot be
/// given a path. Only the secret says who it is. `regions` knows the places phones are to watch.
pub fn ingest_routes(kit: &Kit, tracking: &Tracking, regions: Arc<dyn DayRegions>) -> Router {
    let by_id = get(by_id).post(self::by_id);
    Router::new()
        .route("/t", by_id.clone())
        .route("/t/", by_id)
        .route("/t/{secret}", get(by_path).post(by_path))
        .route("/t/{secret}/", get(by_path).post(by_path))
        .route("/t/{secret}/gpslogger.properties", get(profile))
        .with_state(Ingesting {
            kit: kit.clone(),
            tracking: tracking.clone(),
            regions: Arc::new(Regions::new(regions)),
        })
}

/// What the addresses of trackers work with.
#[derive(Clone)]
struct Ingesting {
    kit: Kit,
    tracking: Tracking,
    regions: Arc<Regions>,
}

async fn by_path(
    State(with): State<Ingesting>,
    Path(secret): Path<String>,
    RawQuery(query): RawQuery,
    Raw(body): Raw<MOST_BYTES>,
) -> Result<Response, Failure> {
    receive(&with, Some(secret), query.as_deref().unwrap_or(""), &body).await
}

async fn by_id(
    State(with): State<Ingesting>,
    RawQuery(query): RawQuery,
    Raw(body): Raw<MOST_BYTES>,
) -> Result<Response, Failure> {
    receive(&with, None, query.as_deref().unwrap_or(""), &body).await
}

/// Says how many members of readings were too large to keep with them.
const TRIMMED: &str = "x-tashi-trimmed";

async fn receive(
    Ingesting { kit, tracking, regions }: &Ingesting,
    secret: Option<String>,
    query: &str,
    body: &[u8],
) -> Result<Response, Failure> {
    let malformed = |reason: String| Problem::new(problem::MALFORMED).with("reason", reason);
    // An address with a secret is checked first: a stranger learns nothing about what we can read.
    let secret = secret.or_else(|| id_in(query));
    let mut known = None;
    if let Some(secret) = &secret {
        known = Some(find(kit, tracking, secret).await?);
    }
    let decoded = wire::decode(query, body).map_err(|e| malformed(e.0))?;
    let parts = match known {
        Some(known) => {
            // The address says whose it is. Overland keeps old points under an old name; a list of flat
            // reports with several names is several phones in one envelope.
            if decoded.reply == Reply::Empty && decoded.devices().len() > 1 {
                return Err(Problem::new(SEVERAL_DEVICES).into());
            }
            vec![(known, decoded.reports)]
        }
        None => {
            let unnamed = || malformed("id".into());
            let first = decoded.device.filter(|id| !id.is_empty()).ok_or_else(unnamed)?;
            // All are looked up before any is stored: a request is taken whole or not at all.
            let mut parts: Vec<(String, tracker::Known, Vec<Report>)> =
                vec![(first.clone(), find(kit, tracking, &first).await?, vec![])];
            for report in decoded.reports {
                let name = report.device.clone().unwrap_or_else(|| first.clone());
                match parts.iter_mut().find(|(n, ..)| *n == name) {
                    Some((_, _, reports)) => reports.push(report),
                    None => {
                        let known = find(kit, tracking, &name).await?;
                        parts.push((name, known, vec![report]));
                    }
                }
            }
            parts.into_iter().map(|(_, known, reports)| (known, reports)).collect()
        }
    };
    let (mut invalid, mut trimmed) = (decoded.invalid, 0);
    let mut first = None;
    for (known, reports) in parts {
        tracking.keys().heard(known, kit.now());
        let receipt = tracking.take(known.owner, reports, std::mem::take(&mut invalid)).await?;
        trimmed += receipt.trimmed;
        first = first.or(Some(known));
    }
    let mut response = match decoded.reply {
        Reply::Empty => StatusCode::OK.into_response(),
        Reply::List => {
            let commands = match first {
                Some(known) => {
                    let today = kit.now().local_day(&tracking.zone(known.owner.tenant).await?);
                    regions.commands(known, today).await?
                }
                None => vec![],
            };
            axum::Json(commands).into_response()
        }
        Reply::ResultOk => axum::Json(serde_json::json!({ "result": "ok" })).into_response(),
    };
    if trimmed > 0 {
        response.headers_mut().insert(TRIMMED, trimmed.into());
    }
    Ok(response)
}

/// The secret among the parameters of the address, for apps that cannot be given a path.
fn id_in(query: &str) -> Option<String> {
    let named = |name: &str| matches!(name, "id" | "deviceid" | "device_id");
    let found =
        form_urlencoded::parse(query.as_bytes()).find(|(name, value)| named(name) && !value.is_empty());
    found.map(|(_, value)| value.into_owned())
}

async fn find(kit: &Kit, tracking: &Tracking, secret: &str) -> Result<tracker::Known, Failure> {
    let known = tracking.keys().find(&kit.db, secret).await?;
    known.ok_or_else(|| Problem::new(problem::NOT_FOUND).into())
}

base::problems! {
    /// Reports of several devices in one request to an address that belongs to one.
    SEVERAL_DEVICES = 422 "tracker.several_devices",
        zh "一个地址只收一台设备" / "这批数据含有多台设备的编号。请为每台手机使用各自的地址。",
        en "One address, one device" / "This batch names several devices. Give each phone its own address.";
}

/// GPSLogger's profile for a tracker.
async fn profile(
    State(Ingesting { kit, tracking, .. }): State<Ingesting>,
    Path(secret): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    if tracking.keys().find(&kit.db, &secret).await?.is_none() {
        return Err(Problem::new(problem::NOT_FOUND).into());
    }
    let text = tracker::gpslogger_profile(&format!("{}/t/{secret}", kit.public_url(&headers)));
    Ok(([(header::CONTENT_TYPE, "text/x-java-properties; charset=utf-8")], text).into_response())
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
    let reports = sent.fixes.into_iter().map(report).collect();
    ok(answer(tracking.take(own(&caller), reports, 0).await?))
}

/// Takes the same as a compact batch (`docs/compact-batch.md`).
#[utoipa::path(post, path = "/field/fixes.bin", tag = "field", request_body(content = Vec<u8>, content_type = "application/vnd.tashi.fixes"), responses((status = 200, body = FixesAnswer), (status = 400, body = api::ProblemDocument), (status = 503, body = api::ProblemDocument)))]
async fn compact_fixes(
    Extension(tracking): Extension<Tracking>,
    caller: Caller,
    Raw(body): Raw<MOST_BYTES>,
) -> Answer<FixesAnswer> {
    let decoded = wire::compact::decode(&body).map_err(unreadable)?;
    ok(answer(tracking.take(own(&caller), decoded.reports, decoded.invalid).await?))
}

/// Takes a GPX file recorded by something else, as back-fill: marked as such wherever it is shown, and not
/// counted for reimbursement. Only what lies within working time is kept.
#[utoipa::path(post, path = "/field/gpx", tag = "field", request_body(content = String, content_type = "application/gpx+xml"), responses((status = 200, body = FixesAnswer), (status = 400, body = api::ProblemDocument), (status = 503, body = api::ProblemDocument)))]
async fn backfill(
    Extension(tracking): Extension<Tracking>,
    caller: Caller,
    Raw(body): Raw<MOST_BYTES>,
) -> Answer<FixesAnswer> {
    let decoded = wire::backfill(&body).map_err(unreadable)?;
    ok(answer(tracking.take(own(&caller), decoded.reports, decoded.invalid).await?))
}

fn unreadable(e: wire::Unreadable) -> Problem {
    Problem::new(problem::MALFORMED).with("reason", e.0)
}

/// The caller's own phone app.
fn own(caller: &Caller) -> Owner {
    Owner { tenant: caller.scope.tenant(), employee: caller.scope.actor(), source: 0 }
}

fn answer(receipt: crate::Receipt) -> FixesAnswer {
    FixesAnswer {
        accepted: receipt.accepted,
        duplicate: receipt.duplicate,
        refused_off_duty: receipt.refused,
        refused_invalid: receipt.invalid,
    }
}

fn report(fix: FieldFix) -> Report {
    let mut reading = Reading::default();
    reading.set_place(fix.at);
    reading.set_accuracy(fix.accuracy_m);
    reading.set_speed(fix.speed_mps);
    reading.set_bearing(fix.bearing_deg);
    reading.set_altitude(fix.altitude_m);
    reading.set_battery(fix.battery);
    Report { when: When::At(fix.t.0.div_euclid(1000)), reading, ..Report::default() }
}
