use api::{Access, Answer, Caller, Checks, Created, IfMatch, Json, Kit, Peer, Routes, created, ok, routes};
use axum::extract::State;
use base::{Problem, problem};
use db::Permission;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{Company, NewCompany, known_goal, known_zone, service, sql};
use crate::auth::{self, SignedIn};
use api::axum;

pub fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::Public, routes!(needed, setup))
        .at(Access::SignedIn, routes!(read))
        .at(Access::May(Permission::CompanyWrite), routes!(change))
        .at(Access::SignedIn, routes!(basemap))
        .at(Access::May(Permission::CompanyWrite), routes!(set_basemap))
        .merge(super::retention::routes(kit))
}

/// Whether the first-run wizard is to be shown.
#[derive(Serialize, ToSchema)]
struct Setup {
    needed: bool,
    /// The server holds a demo; `/demo/accounts` tells who can sign in.
    demo: bool,
}

#[utoipa::path(get, path = "/setup", tag = "setup", responses((status = 200, body = Setup)))]
async fn needed(State(kit): State<Kit>) -> Answer<Setup> {
    let mut global = kit.db.global_read().await?;
    let (all, demos) = sql::companies(&mut global).await?;
    ok(Setup { needed: all == 0, demo: demos > 0 })
}

/// Founds the first company. Works once, on an empty server.
#[utoipa::path(post, path = "/setup", tag = "setup", request_body = NewCompany, responses((status = 201, body = SignedIn), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn setup(State(kit): State<Kit>, peer: Peer, Json(new): Json<NewCompany>) -> Created<SignedIn> {
    let founded = service::create(&kit.db, new, kit.config.passwords, false, true).await?;
    created(auth::open_session(&kit, founded.tenant, founded.admin, peer).await?)
}

#[utoipa::path(get, path = "/company", tag = "company", responses((status = 200, body = Company)))]
async fn read(State(kit): State<Kit>, caller: Caller) -> Answer<Company> {
    ok(sql::company(&mut kit.db.read(&caller.scope).await?).await?)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CompanyPatch {
    name: Option<String>,
    time_zone: Option<String>,
    /// What stands first on Home: truth, efficiency or cost.
    goal: Option<String>,
}

/// Changes the company's name, zone or goal.
#[utoipa::path(patch, path = "/company", tag = "company", request_body = CompanyPatch, params(("If-Match" = String, Header)), responses((status = 200, body = Company), (status = 409, body = api::ProblemDocument)))]
async fn change(
    State(kit): State<Kit>,
    caller: Caller,
    IfMatch(version): IfMatch,
    Json(patch): Json<CompanyPatch>,
) -> Answer<Company> {
    let mut checks = Checks::new();
    if let Some(name) = &patch.name {
        checks.text("name", name, 80);
    }
    checks
        .that("time_zone", patch.time_zone.as_deref().is_none_or(known_zone))
        .that("goal", patch.goal.as_deref().is_none_or(known_goal))
        .done()?;
    let company = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let CompanyPatch { name, time_zone, goal } = &patch;
                if sql::update(tx, name.as_deref(), time_zone.as_deref(), goal.as_deref(), version).await?
                    == 0
                {
                    return Err(Problem::new(problem::VERSION));
                }
                let company = sql::company(tx).await?;
                let changes = json!({ "name": name, "time_zone": time_zone, "goal": goal });
                tx.audit("company.change", "company", company.id, changes).await?;
                Ok(company)
            })
        })
        .await?;
    ok(company)
}

/// Ground the maps are drawn on.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Basemap {
    /// generated, pmtiles, raster or none.
    pub kind: String,
    /// Tile template or file address; empty for generated and none, and for the map file in the data folder.
    pub url: Option<String>,
    /// wgs84 or gcj02.
    pub crs: String,
    pub attribution: String,
    pub min_zoom: u8,
    pub max_zoom: u8,
    /// `[lng, lat]` a map opens at.
    #[schema(value_type = Vec<f64>, min_items = 2, max_items = 2)]
    pub centre: geo::LngLat,
    pub zoom: f64,
}

fn stored_or_none(text: &str) -> db::Result<Basemap> {
    if let Ok(basemap) = serde_json::from_str(text) {
        return Ok(basemap);
    }
    Ok(Basemap {
        kind: "none".into(),
        url: None,
        crs: "wgs84".into(),
        attribution: String::new(),
        min_zoom: 3,
        max_zoom: 18,
        centre: geo::LngLat::new(104.0, 35.5).map_err(Problem::internal)?,
        zoom: 4.0,
    })
}

#[utoipa::path(get, path = "/basemap", tag = "map", responses((status = 200, body = Basemap)))]
async fn basemap(State(kit): State<Kit>, caller: Caller) -> Answer<Basemap> {
    let text = sql::basemap(&mut kit.db.read(&caller.scope).await?).await?;
    ok(stored_or_none(&text)?)
}

#[utoipa::path(put, path = "/basemap", tag = "map", request_body = Basemap, responses((status = 200, body = Basemap)))]
async fn set_basemap(
    State(kit): State<Kit>,
    caller: Caller,
    Json(basemap): Json<Basemap>,
) -> Answer<Basemap> {
    // Without an address `pmtiles` is the map file in the data folder.
    let url_fits = match basemap.url.as_deref() {
        None => basemap.kind != "raster",
        Some(u) => u.starts_with("https://") || u.starts_with("http://") || u.starts_with('/'),
    };
    Checks::new()
        .that("kind", matches!(basemap.kind.as_str(), "generated" | "pmtiles" | "raster" | "none"))
        .that("crs", matches!(basemap.crs.as_str(), "wgs84" | "gcj02"))
        .that("url", url_fits)
        .at_most("url", basemap.url.as_deref(), 500)
        .at_most("attribution", Some(&basemap.attribution), 200)
        .that("zoom", (0.0..=22.0).contains(&basemap.zoom))
        .that("max_zoom", basemap.min_zoom <= basemap.max_zoom && basemap.max_zoom <= 22)
        .done()?;
    let stored = basemap.clone();
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let text = serde_json::to_string(&stored).map_err(Problem::internal)?;
                sql::set_basemap(tx, &text).await?;
                let tenant = tx.tenant();
                tx.audit("company.basemap", "company", tenant, json!(stored)).await
            })
        })
        .await?;
    ok(basemap)
}
