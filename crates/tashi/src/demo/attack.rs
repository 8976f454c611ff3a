//! The buyer's test: listed attacks, carried out live against the demo company as a phone would, so that anybody can watch
//! what is found at once, what only shows when the day is over, and what a server alone cannot see.

use std::sync::{Arc, OnceLock};

use anyhow::{Context, Result, bail};
use api::axum::Router;
use api::utoipa::{self, ToSchema};
use base::{Micros, id, problem::Lang};
use geo::LngLat;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Account, Caller};

/// The router, known once the server is composed.
pub type Way = Arc<OnceLock<Router>>;

/// What is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DemoAttackKind)]
pub enum Kind {
    /// Nothing wrong: must stay green.
    Honest,
    /// Checked in 900 m from the customer.
    Away,
    /// The phone's clock is 40 minutes ahead.
    Clock,
    /// A colleague records with the same phone minutes later.
    SecondPerson,
    /// A tracker app whose system flags its positions as mock.
    Mock,
    /// A web page alone, with invented positions right at the customer: nothing a server sees speaks against it.
    PatientForger,
}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DemoAttack)]
pub struct Outcome {
    pub kind: Kind,
    pub visit_id: Option<Uuid>,
    /// The rule that should speak; absent where none can.
    pub expected: Option<String>,
    pub found: Vec<Found>,
    /// grey, green, amber or red.
    pub band: String,
    /// As expected: found, or honestly not.
    pub as_expected: bool,
    /// Milliseconds until the finding was there.
    pub ms: i64,
}

/// A finding of the attack, in the reader's language.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DemoFound)]
pub struct Found {
    pub code: String,
    pub title: String,
}

fn expected(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Honest | Kind::PatientForger => None,
        Kind::Away => Some("OUT_OF_RANGE"),
        Kind::Clock => Some("CLOCK_MOVED"),
        Kind::SecondPerson => Some("DEVICE_SECOND_PERSON"),
        Kind::Mock => Some("MOCK"),
    }
}

/// The people of the demo who take part.
pub struct Cast<'a> {
    pub admin: &'a Account,
    pub rep: &'a Account,
    pub mate: &'a Account,
}

/// Carries an attack out as the phone of `rep`.
///
/// # Errors
/// When the API refuses what a phone does: a fault of ours, or a rep without customers.
pub async fn run(router: &Router, cast: &Cast<'_>, kind: Kind, now: Micros, lang: Lang) -> Result<Outcome> {
    let begin = std::time::Instant::now();
    let rep = Caller::sign_in(router, &cast.rep.login, &cast.rep.password).await?;
    let snapshot = rep.get("/api/v1/field/snapshot").await?;
    let customers = snapshot["customers"].as_array().cloned().unwrap_or_default();
    let customer = customers.iter().find(|c| c["at"].is_array()).context("a customer with a place")?;
    let at: LngLat = serde_json::from_value(customer["at"].clone())?;
    let device = format!("demo-{}", id::new_v7());
    let said = if kind == Kind::Clock { now.plus(40 * Micros::MINUTE) } else { now };
    let place = if kind == Kind::Away { geo::destination(at, 20.0, 900.0) } else { at };
    match kind {
        Kind::SecondPerson => {
            let mate = Caller::sign_in(router, &cast.mate.login, &cast.mate.password).await?;
            let read = item("notice.read", now, json!({ "notice_id": id::new_v7() }));
            sync(&mate, &device, read).await?;
        }
        Kind::Mock => flagged(router, cast, place, now).await?,
        _ => {}
    }
    let visit = id::new_v7();
    let fix = json!({ "at": place, "accuracy_m": 8.0, "t": said });
    let body = json!({
        "visit_id": visit, "customer_id": customer["id"], "task_id": null, "fix": fix, "offline": false, "nonce": snapshot["nonce"]
    });
    sync(&rep, &device, item("visit.check_in", said, body)).await?;
    let card = rep.get(&format!("/api/v1/me/visits/{visit}/truth")).await?;
    let ms = begin.elapsed().as_millis() as i64;
    let left = said.plus(Micros::SECOND);
    let out = json!({ "visit_id": visit, "fix": null });
    let _ = sync(&rep, &device, item("visit.check_out", left, out)).await;
    let found: Vec<Found> = card["findings"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|f| {
            let code = f["code"].as_str()?.to_owned();
            let title = trust::Code::from_key(&code).map_or("", |c| c.rule().title(lang)).to_owned();
            Some(Found { code, title })
        })
        .collect();
    let wanted = expected(kind);
    Ok(Outcome {
        kind,
        visit_id: Some(visit),
        as_expected: match wanted {
            Some(code) => found.iter().any(|f| f.code == code),
            None => found.is_empty(),
        },
        expected: wanted.map(str::to_owned),
        found,
        band: card["band"].as_str().unwrap_or("grey").to_owned(),
        ms,
    })
}

fn item(kind: &str, at: Micros, body: Value) -> Value {
    json!({ "id": id::new_v7(), "kind": kind, "at": at, "body": body })
}

async fn sync(caller: &Caller, device: &str, item: Value) -> Result<()> {
    let answer = caller.post("/api/v1/field/sync", json!({ "device_id": device, "items": [item] })).await?;
    let receipt = &answer["receipts"][0];
    if receipt["status"] != "accepted" {
        bail!("{}", receipt["detail"].as_str().unwrap_or("refused"));
    }
    Ok(())
}

/// A tracker of the rep sends ten positions with the flag.
async fn flagged(router: &Router, cast: &Cast<'_>, at: LngLat, now: Micros) -> Result<()> {
    let admin = Caller::sign_in(router, &cast.admin.login, &cast.admin.password).await?;
    let new = json!({ "employee_id": cast.rep.employee_id, "name": "demo", "kind": "traccar" });
    let made = admin.post("/api/v1/trackers", new).await?;
    let secret = made["secret"].as_str().context("a secret")?;
    for k in 0..10 {
        let seconds = now.0 / Micros::SECOND - 100 + k * 10;
        let path = format!(
            "/t/{secret}?id=demo&lat={}&lon={}&timestamp={seconds}&accuracy=8&mock=1",
            at.lat(),
            at.lng()
        );
        admin.send("POST", &path, "application/x-www-form-urlencoded", &[], vec![]).await?;
    }
    Ok(())
}
