//! What people without a sign-in reach by a random word: the label on a piece of equipment (to report a fault), and the
//! page of an order (how it stands, its report, and a rating). Nothing else of the company is told to them.

use std::{collections::HashMap, net::IpAddr, time::Duration};

use api::{
    Access, Answer, Checks, Created, Failure, Json, Kit, Path, Peer, Query, Raw, Routes,
    axum::{
        self, Extension,
        extract::{FromRequest, Request, State},
        http::{HeaderValue, header},
        response::Response,
    },
    created, ok, routes,
};
use base::{Micros, Problem, problem};
use db::{Result, Scope};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::Semaphore;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    ENOUGH, NOT_NOW, RATED, RETIRED, Service, equipment,
    links::{self, Opens},
    orders::{
        self, OrderStatus,
        photos::{self, OrderPhoto},
        rules::Move,
    },
    report, types,
};

/// Reports an address may send in an hour.
const REPORTS_AN_HOUR: usize = 10;
/// Pictures an address may send in an hour, and tries to.
const PHOTOS_AN_HOUR: usize = 40;
/// Pictures received side by side: each may be 8 MiB.
static RECEIVING: Semaphore = Semaphore::const_new(4);
/// A picture that takes longer is given up: others wait for its place.
const PATIENCE: Duration = Duration::from_secs(120);
/// Reports of one piece of equipment that may wait at once.
const WAITING: i64 = 3;
/// Most addresses remembered.
const ADDRESSES: usize = 20_000;

/// When each address sent something, and how much it may send in an hour.
pub(crate) struct Strangers {
    an_hour: usize,
    known: Mutex<HashMap<IpAddr, Vec<Micros>>>,
}

impl Strangers {
    /// Those who report faults.
    pub(crate) fn reporting() -> Strangers {
        Strangers { an_hour: REPORTS_AN_HOUR, known: Mutex::default() }
    }

    /// Those who send pictures with them.
    pub(crate) fn picturing() -> Strangers {
        Strangers { an_hour: PHOTOS_AN_HOUR, known: Mutex::default() }
    }

    /// Is there room for one more? Takes it.
    fn admit(&self, address: Option<IpAddr>, now: Micros) -> bool {
        let Some(address) = address else { return true };
        let mut all = self.known.lock();
        let recent = |t: &Micros| (now.0 - t.0).abs() < Micros::HOUR;
        if all.len() > ADDRESSES {
            all.retain(|_, times| times.iter().any(recent));
        }
        let times = all.entry(address).or_default();
        times.retain(recent);
        let room = times.len() < self.an_hour;
        if room {
            times.push(now);
        }
        room
    }
}

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::Public, routes!(label))
        .at(Access::Public, routes!(report_fault))
        .at(Access::Public, routes!(add_photo))
        .at(Access::Public, routes!(standing))
        .at(Access::Public, routes!(document))
        .at(Access::Public, routes!(rate))
        .map(|r| r.layer(axum::middleware::map_response(unkept)))
}

/// Nothing on the way keeps what a stranger was told or sent.
async fn unkept(mut answer: Response) -> Response {
    answer
        .headers_mut()
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("private, no-store"));
    answer
}

/// What a word opens, as a scope that sees the company; callers tell no more than their answer's type holds.
async fn opened(kit: &Kit, word: &str, opens: Opens) -> Result<(Scope, Uuid)> {
    let found = links::opened(&mut kit.db.global_read().await?, word, opens).await?;
    let (tenant, subject) = found.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    Ok((Scope::job("portal", tenant), subject))
}

/// What somebody who scans a label learns.
#[derive(Serialize, ToSchema)]
struct LabelledEquipment {
    company: String,
    equipment: String,
}

/// The piece of equipment a label is on: its name and whose service it is.
#[utoipa::path(get, path = "/public/equipment/{label}", tag = "public", params(("label" = String, Path)),
    responses((status = 200, body = LabelledEquipment), (status = 404, body = api::ProblemDocument)))]
async fn label(State(kit): State<Kit>, Path(label): Path<String>) -> Answer<LabelledEquipment> {
    let (scope, piece) = opened(&kit, &label, Opens::Equipment).await?;
    let mut r = kit.db.read(&scope).await?;
    let piece = equipment::sql::one(&mut r, piece).await?;
    ok(LabelledEquipment { company: org::company(&mut r).await?.name, equipment: piece.name })
}

/// A fault as the customer tells it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FaultReport {
    /// Made by the client: the same again is the same report.
    id: Uuid,
    #[schema(max_length = 500)]
    text: String,
    #[schema(max_length = 40)]
    name: Option<String>,
    #[schema(max_length = 30)]
    phone: String,
}

/// The word of the page on which the reporter sees how it stands.
#[derive(Serialize, ToSchema)]
struct FaultTaken {
    number: String,
    token: String,
}

/// Reports a fault of a piece of equipment, without a sign-in.
#[utoipa::path(post, path = "/public/equipment/{label}/faults", tag = "public", request_body = FaultReport, params(("label" = String, Path)),
    responses((status = 201, body = FaultTaken), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument), (status = 429, body = api::ProblemDocument)))]
async fn report_fault(
    State(kit): State<Kit>,
    Extension(service): Extension<Service>,
    Peer(address): Peer,
    Path(label): Path<String>,
    Json(fault): Json<FaultReport>,
) -> Created<FaultTaken> {
    let digits = fault.phone.chars().filter(char::is_ascii_digit).count();
    Checks::new()
        .text("text", &fault.text, 500)
        .at_most("name", fault.name.as_deref(), 40)
        .text("phone", &fault.phone, 30)
        .that("phone", (7..=15).contains(&digits))
        .done()?;
    let (scope, piece) = opened(&kit, &label, Opens::Equipment).await?;
    if !service.0.strangers.admit(address, kit.now()) {
        return Err(Problem::new(problem::RATE_LIMITED).retry_after(600).into());
    }
    let taken = kit
        .db
        .write(&scope, move |tx| {
            Box::pin(async move {
                let piece = equipment::sql::one(tx, piece).await?;
                let known = orders::sql::of_company(tx, fault.id).await?;
                let waiting = orders::sql::reported(tx, piece.id).await?;
                if known.is_none() && waiting >= WAITING {
                    return Err(Problem::new(ENOUGH).with("count", waiting));
                }
                let kinds = types::all(tx).await?;
                let kind = kinds.into_iter().find(|k| k.terms.active).ok_or_else(|| Problem::new(RETIRED))?;
                let text = fault.text.trim();
                let new = orders::NewWorkOrder {
                    id: Some(fault.id),
                    type_id: kind.id,
                    customer_id: piece.customer_id,
                    equipment_id: Some(piece.id),
                    title: text.lines().next().unwrap_or(text).chars().take(80).collect(),
                    detail: Some(text.to_owned()),
                    priority: 1,
                    skills: vec![],
                    contact_name: fault.name,
                    contact_phone: Some(fault.phone),
                    from_id: None,
                };
                let row = orders::take(tx, new, orders::Source::Portal).await?;
                // Anybody can scan a label: the word he gets opens neither the report nor who signed it.
                let token = links::status_word(tx, row.id).await?;
                Ok(FaultTaken { number: row.number, token })
            })
        })
        .await?;
    created(taken)
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct PhotoQuery {
    /// Made by the client: the same again is the same picture.
    id: Uuid,
}

/// A picture for a fault that waits, by the word its reporter was given: at most 3, 8 MiB each. It loses what a camera
/// wrote into it.
#[utoipa::path(post, path = "/public/orders/{token}/photos", tag = "public", params(("token" = String, Path), PhotoQuery), request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = OrderPhoto), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 413, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument), (status = 429, body = api::ProblemDocument)))]
async fn add_photo(
    State(kit): State<Kit>,
    Extension(service): Extension<Service>,
    Peer(address): Peer,
    Path(token): Path<String>,
    Query(asked): Query<PhotoQuery>,
    request: Request,
) -> Created<OrderPhoto> {
    let (scope, order) = opened(&kit, &token, Opens::Status).await?;
    if !service.0.photographers.admit(address, kit.now()) {
        return Err(Problem::new(problem::RATE_LIMITED).retry_after(600).into());
    }
    let row = orders::sql::one(&mut kit.db.read(&scope).await?, order).await?;
    if matches!(row.kept(), OrderStatus::Finished | OrderStatus::Closed | OrderStatus::Cancelled) {
        return Err(Problem::new(NOT_NOW).into());
    }
    // Nothing of it is read for whoever may not send it, nor of more at once than there is room for.
    let busy = || Problem::new(problem::BUSY).retry_after(30);
    let _turn = tokio::time::timeout(PATIENCE, RECEIVING.acquire())
        .await
        .map_err(|_| busy())?
        .map_err(Problem::internal)?;
    let whole = tokio::time::timeout(PATIENCE, Raw::<{ photos::LIMIT }>::from_request(request, &()));
    let Raw(sent) = whole.await.map_err(|_| busy())??;
    created(photos::keep(&kit, &scope, order, asked.id, sent.into()).await?)
}

/// A move as the customer sees it.
#[derive(Serialize, ToSchema)]
struct PublicMove {
    #[serde(rename = "move")]
    mv: Move,
    #[schema(value_type = String, format = DateTime)]
    at: Micros,
}

/// How an order stands, for the customer.
#[derive(Serialize, ToSchema)]
struct PublicOrder {
    company: String,
    number: String,
    equipment: Option<String>,
    title: String,
    status: OrderStatus,
    moves: Vec<PublicMove>,
    report: Option<report::ReportRef>,
}

async fn shown(kit: &Kit, token: &str) -> Result<PublicOrder> {
    let (scope, order, whole) = match opened(kit, token, Opens::Order).await {
        Ok((scope, order)) => (scope, order, true),
        Err(_) => {
            let (scope, order) = opened(kit, token, Opens::Status).await?;
            (scope, order, false)
        }
    };
    let mut r = kit.db.read(&scope).await?;
    let row = orders::sql::one(&mut r, order).await?;
    let events = orders::sql::events(&mut r, order).await?;
    // Who was asked and did not go is nobody's business outside.
    let told = |mv: &Move| !matches!(mv, Move::Assign | Move::Refuse | Move::Expire | Move::Return);
    Ok(PublicOrder {
        company: org::company(&mut r).await?.name,
        number: row.number.clone(),
        equipment: row.equipment_name.clone(),
        title: row.title.clone(),
        status: row.kept(),
        moves: events
            .into_iter()
            .filter(|e| told(&e.mv))
            .map(|e| PublicMove { mv: e.mv, at: e.at })
            .collect(),
        report: if whole { report::of_order(&mut r, order).await? } else { None },
    })
}

/// How an order stands, by the word the customer was given.
#[utoipa::path(get, path = "/public/orders/{token}", tag = "public", params(("token" = String, Path)),
    responses((status = 200, body = PublicOrder), (status = 404, body = api::ProblemDocument)))]
async fn standing(State(kit): State<Kit>, Path(token): Path<String>) -> Answer<PublicOrder> {
    ok(shown(&kit, &token).await?)
}

/// The document the customer signed.
#[utoipa::path(get, path = "/public/orders/{token}/report.pdf", tag = "public", params(("token" = String, Path)),
    responses((status = 200, description = "Document", content_type = "application/pdf"), (status = 404, body = api::ProblemDocument)))]
async fn document(
    State(kit): State<Kit>,
    Extension(service): Extension<Service>,
    Path(token): Path<String>,
) -> std::result::Result<Response, Failure> {
    let (scope, order) = opened(&kit, &token, Opens::Order).await?;
    Ok(report::sent(&kit, &service, scope.tenant(), order).await?)
}

/// What the customer thought of it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Rating {
    #[schema(minimum = 1, maximum = 5)]
    stars: i64,
    #[schema(max_length = 300)]
    words: Option<String>,
}

/// Rates a service, once.
#[utoipa::path(post, path = "/public/orders/{token}/rating", tag = "public", request_body = Rating, params(("token" = String, Path)),
    responses((status = 200, body = PublicOrder), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn rate(
    State(kit): State<Kit>,
    Path(token): Path<String>,
    Json(input): Json<Rating>,
) -> Answer<PublicOrder> {
    Checks::new()
        .that("stars", (1..=5).contains(&input.stars))
        .at_most("words", input.words.as_deref(), 300)
        .done()?;
    let (scope, order) = opened(&kit, &token, Opens::Order).await?;
    kit.db
        .write(&scope, move |tx| {
            Box::pin(async move {
                let found = report::sql::row_of_order(tx, order).await?;
                let row = found.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
                let words = input.words.as_deref().map(str::trim).filter(|w| !w.is_empty());
                if !report::sql::rate(tx, row.id, input.stars, words).await? {
                    return Err(Problem::new(RATED));
                }
                tx.audit(
                    "order.rate",
                    "work_order",
                    order,
                    json!({ "number": row.number, "stars": input.stars }),
                )
                .await?;
                if let Some(order) = orders::sql::of_company(tx, order).await? {
                    orders::rated(tx, &order, input.stars, words).await?;
                }
                Ok(())
            })
        })
        .await?;
    ok(shown(&kit, &token).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_held_back_for_a_while() {
        let strangers = Strangers::reporting();
        let (one, other) = (Some(IpAddr::from([10, 0, 0, 1])), Some(IpAddr::from([10, 0, 0, 2])));
        let now = Micros(0);
        assert_eq!((0..50).filter(|_| strangers.admit(one, now)).count(), REPORTS_AN_HOUR);
        assert!(strangers.admit(other, now) && !strangers.admit(one, now.plus(Micros::MINUTE)));
        assert!(strangers.admit(one, now.plus(2 * Micros::HOUR)));
    }
}
