//! What only a demo answers: the city as a map, who can sign in, and starting over.

use std::sync::OnceLock;

use api::utoipa::{self, ToSchema};
use api::{Access, Answer, Json, Kit, Routes, axum, ok, routes};
use axum::{
    Extension,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use base::{Problem, problem};
use db::Permission;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use super::{
    Accounts,
    attack::{self, Cast, Kind, Outcome, Way},
    city,
};

/// Asks the demo to start over; absent on a server without one.
#[derive(Clone)]
pub struct Reset {
    pub ask: mpsc::Sender<()>,
    pub accounts: std::path::PathBuf,
}

pub fn routes(kit: &Kit, reset: Option<Reset>, way: Way) -> Routes {
    Routes::new(kit)
        .at(Access::Public, routes!(generated))
        .at(Access::Public, routes!(accounts))
        .at(Access::May(Permission::CompanyWrite), routes!(start_over))
        .at(Access::May(Permission::TaskWrite), routes!(attack_live))
        .map(|r| r.layer(Extension(reset)).layer(Extension(way)))
}

/// The generated city as one GeoJSON collection, sorted for drawing.
#[utoipa::path(get, path = "/basemap/generated.geojson", tag = "map", responses((status = 200, description = "GeoJSON", content_type = "application/geo+json")))]
async fn generated() -> Result<Response, api::Failure> {
    static TEXT: OnceLock<String> = OnceLock::new();
    let text = match TEXT.get() {
        Some(text) => text,
        None => {
            let made =
                tokio::task::spawn_blocking(|| city().basemap_geojson()).await.map_err(Problem::internal)?;
            TEXT.get_or_init(|| made)
        }
    };
    let headers =
        [(header::CONTENT_TYPE, "application/geo+json"), (header::CACHE_CONTROL, "public, max-age=86400")];
    Ok((headers, text.as_str()).into_response())
}

/// A sign-in of the demo.
#[derive(Serialize, ToSchema)]
struct DemoAccount {
    company: String,
    role: String,
    name: String,
    department: String,
    login: String,
    password: String,
}

#[derive(Serialize, ToSchema)]
struct DemoAccounts {
    /// Empty on a server without a demo.
    items: Vec<DemoAccount>,
}

/// Who can sign in to the demo, so that a visitor can look at it from every side.
#[utoipa::path(get, path = "/demo/accounts", tag = "demo", responses((status = 200, body = DemoAccounts)))]
async fn accounts(Extension(reset): Extension<Option<Reset>>) -> Answer<DemoAccounts> {
    let text = reset.and_then(|r| std::fs::read_to_string(r.accounts).ok()).unwrap_or_default();
    let known: Option<Accounts> = serde_json::from_str(&text).ok();
    let mut items = vec![];
    for tenant in known.map(|a| a.tenants).unwrap_or_default() {
        let mut reps = 0;
        for a in tenant.accounts {
            reps += usize::from(a.role == "rep");
            if a.role != "rep" || reps <= 4 {
                items.push(DemoAccount {
                    company: tenant.name.clone(),
                    role: a.role,
                    name: a.name,
                    department: a.department,
                    login: a.login,
                    password: a.password,
                });
            }
        }
    }
    ok(DemoAccounts { items })
}

/// Erases both demo companies and makes them anew. All their sign-ins end.
#[utoipa::path(post, path = "/demo/reset", tag = "demo", responses((status = 202), (status = 404, body = api::ProblemDocument)))]
async fn start_over(
    State(kit): State<Kit>,
    Extension(reset): Extension<Option<Reset>>,
    caller: api::Caller,
) -> Result<StatusCode, api::Failure> {
    let company = org::company(&mut kit.db.read(&caller.scope).await?).await?;
    let Some(reset) = reset.filter(|_| company.demo) else {
        return Err(Problem::new(problem::NOT_FOUND).into());
    };
    // One request at a time is enough; a second while the first runs changes nothing.
    let _ = reset.ask.try_send(());
    Ok(StatusCode::ACCEPTED)
}

/// What a buyer wants to see.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DemoAttackOrder {
    kind: Kind,
}

/// Carries a listed attack out against the demo company and says what was found. Only a demo answers.
#[utoipa::path(post, path = "/demo/attacks", tag = "demo", request_body = DemoAttackOrder, responses((status = 200, body = Outcome), (status = 404, body = api::ProblemDocument)))]
async fn attack_live(
    State(kit): State<Kit>,
    Extension(reset): Extension<Option<Reset>>,
    Extension(way): Extension<Way>,
    caller: api::Caller,
    Json(order): Json<DemoAttackOrder>,
) -> Answer<Outcome> {
    let mut reader = kit.db.read(&caller.scope).await?;
    let company = org::company(&mut reader).await?;
    let text = reset.and_then(|r| std::fs::read_to_string(r.accounts).ok()).unwrap_or_default();
    let known: Option<Accounts> = serde_json::from_str(&text).ok();
    let tenant = known.into_iter().flat_map(|a| a.tenants).find(|t| t.id == caller.scope.tenant());
    let (Some(tenant), Some(router), true) = (tenant, way.get(), company.demo) else {
        return Err(Problem::new(problem::NOT_FOUND).into());
    };
    let role = |name: &'static str| tenant.accounts.iter().filter(move |a| a.role == name);
    let mut reps = vec![];
    for account in role("rep") {
        if org::person(&mut reader, account.employee_id).await.is_ok() {
            reps.push(account);
        }
    }
    drop(reader);
    let (Some(admin), [rep, mate, ..]) = (role("admin").next(), reps.as_slice()) else {
        return Err(Problem::new(problem::NOT_FOUND).into());
    };
    let cast = Cast { admin, rep, mate };
    let outcome = attack::run(router, &cast, order.kind, kit.now(), caller.lang).await;
    ok(outcome.map_err(|e| Problem::internal(format!("{e:#}")))?)
}
