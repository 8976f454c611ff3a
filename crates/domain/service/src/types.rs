//! Order types: what kind of work it is, until when it must be done, with which steps, and how it may rest.

use api::{
    Access, Answer, Caller, Checks, Created, IfMatch, Json, Kit, Path, Routes,
    axum::{self, extract::State},
    created, ok, routes,
};
use base::{Problem, id, problem};
use db::{BoxFuture, Permission, Query, Result, Tx, args, sql};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

/// A reason for which an order may rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    #[schema(max_length = 40)]
    pub reason: String,
    /// The clock of the finish target stands still.
    pub stops: bool,
}

/// What is said of an order type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderTypeTerms {
    #[schema(max_length = 40)]
    pub name: String,
    /// Steps on site: a task template.
    pub template_id: Option<Uuid>,
    /// Minutes somebody who was asked has to answer.
    #[schema(minimum = 1, maximum = 1440)]
    pub answer_minutes: i64,
    /// Working minutes until work on site begins.
    #[schema(minimum = 1, maximum = 60_000)]
    pub response_minutes: Option<i64>,
    /// Working minutes until it is finished.
    #[schema(minimum = 1, maximum = 60_000)]
    pub finish_minutes: Option<i64>,
    /// Expected length of the work.
    #[schema(minimum = 5, maximum = 480)]
    pub service_minutes: i64,
    /// The customer signs.
    pub signature: bool,
    /// It cannot be finished before its parts are entered.
    pub parts: bool,
    #[schema(max_items = 10)]
    pub pauses: Vec<Pause>,
    /// A step or form answered with one of these makes an order of its own.
    #[schema(max_items = 10)]
    pub fails: Vec<String>,
    pub active: bool,
}

/// An order type.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OrderType {
    pub id: Uuid,
    #[serde(flatten)]
    pub terms: OrderTypeTerms,
    pub version: i64,
}

impl OrderTypeTerms {
    /// # Errors
    /// `input.invalid` with every faulty field.
    fn check(&self) -> Result<()> {
        let target = |m: Option<i64>| m.is_none_or(|m| (1..=60_000).contains(&m));
        let short = |t: &String| !t.trim().is_empty() && t.chars().count() <= 40;
        Checks::new()
            .text("name", &self.name, 40)
            .that("answer_minutes", (1..=1440).contains(&self.answer_minutes))
            .that("response_minutes", target(self.response_minutes))
            .that("finish_minutes", target(self.finish_minutes))
            .that("service_minutes", (5..=480).contains(&self.service_minutes))
            .that("pauses", self.pauses.len() <= 10 && self.pauses.iter().all(|p| short(&p.reason)))
            .that("fails", self.fails.len() <= 10 && self.fails.iter().all(short))
            .done()
    }
}

db::row! { struct TypeRow {
    id: Uuid, name: String, template_id: Option<Uuid>, answer_minutes: i64, response_minutes: Option<i64>, finish_minutes: Option<i64>,
    service_minutes: i64, signature: bool, parts: bool, pauses: String, fails: String, active: bool, version: i64
} }

impl From<TypeRow> for OrderType {
    fn from(r: TypeRow) -> OrderType {
        OrderType {
            id: r.id,
            terms: OrderTypeTerms {
                name: r.name,
                template_id: r.template_id,
                answer_minutes: r.answer_minutes,
                response_minutes: r.response_minutes,
                finish_minutes: r.finish_minutes,
                service_minutes: r.service_minutes,
                signature: r.signature,
                parts: r.parts,
                pauses: serde_json::from_str(&r.pauses).unwrap_or_default(),
                fails: serde_json::from_str(&r.fails).unwrap_or_default(),
                active: r.active,
            },
            version: r.version,
        }
    }
}

macro_rules! types {
    ($tail:literal) => {
        sql!(concat!(
            "SELECT id, name, template_id, answer_minutes, response_minutes, finish_minutes, service_minutes, signature, parts, pauses, \
             fails, active, version FROM order_type WHERE tenant_id = $1 ",
            $tail
        ))
    };
}

/// All types, retired ones last.
pub(crate) async fn all(q: &mut impl Query) -> Result<Vec<OrderType>> {
    let rows: Vec<TypeRow> = q.all(types!("ORDER BY active DESC, created_at, id"), vec![]).await?;
    Ok(rows.into_iter().map(OrderType::from).collect())
}

/// One type.
pub(crate) async fn one(q: &mut impl Query, id: Uuid) -> Result<OrderType> {
    let row: TypeRow = q.must(types!("AND id = $3"), args![id]).await?;
    Ok(row.into())
}

async fn insert(tx: &mut Tx, id: Uuid, t: &OrderTypeTerms) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO order_type (tenant_id, id, name, template_id, answer_minutes, response_minutes, finish_minutes, service_minutes, \
                 signature, parts, pauses, fails, active, created_at, version) \
                 VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1) ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![
                id, t.name.trim(), t.template_id, t.answer_minutes, t.response_minutes, t.finish_minutes, t.service_minutes, t.signature,
                t.parts, json!(t.pauses).to_string(), json!(t.fails).to_string(), t.active, now
            ],
        )
        .await?;
    Ok(rows == 1)
}

async fn update(tx: &mut Tx, id: Uuid, version: i64, t: &OrderTypeTerms) -> Result<bool> {
    let rows = tx
        .exec(
            sql!(
                "UPDATE order_type SET name = $5, template_id = $6, answer_minutes = $7, response_minutes = $8, finish_minutes = $9, \
                 service_minutes = $10, signature = $11, parts = $12, pauses = $13, fails = $14, active = $15, version = version + 1 \
                 WHERE tenant_id = $1 AND id = $3 AND version = $4"
            ),
            args![
                id, version, t.name.trim(), t.template_id, t.answer_minutes, t.response_minutes, t.finish_minutes, t.service_minutes,
                t.signature, t.parts, json!(t.pauses).to_string(), json!(t.fails).to_string(), t.active
            ],
        )
        .await?;
    Ok(rows == 1)
}

/// What every company begins with.
fn defaults(tx: &mut Tx) -> BoxFuture<'_, Result<()>> {
    Box::pin(async move {
        let pause = |reason: &str, stops| Pause { reason: reason.into(), stops };
        let repair = OrderTypeTerms {
            name: "维修".into(),
            template_id: None,
            answer_minutes: 15,
            response_minutes: Some(240),
            finish_minutes: Some(960),
            service_minutes: 60,
            signature: true,
            parts: false,
            pauses: vec![pause("等待备件", true), pause("客户不便", true), pause("其他", false)],
            fails: vec!["不合格".into(), "异常".into()],
            active: true,
        };
        let inspection = OrderTypeTerms {
            name: "巡检保养".into(),
            response_minutes: None,
            finish_minutes: Some(2400),
            signature: false,
            ..repair.clone()
        };
        insert(tx, id::new_v7(), &repair).await?;
        insert(tx, id::new_v7(), &inspection).await.map(drop)
    })
}

inventory::submit! { org::CompanyHook(defaults) }

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::OrderRead), routes!(list))
        .at(Access::May(Permission::OrderWrite), routes!(create))
        .at(Access::May(Permission::OrderWrite), routes!(change))
}

#[derive(Serialize, ToSchema)]
struct OrderTypes {
    items: Vec<OrderType>,
}

/// All order types, retired ones last.
#[utoipa::path(get, path = "/order-types", tag = "service", responses((status = 200, body = OrderTypes)))]
async fn list(State(kit): State<Kit>, caller: Caller) -> Answer<OrderTypes> {
    ok(OrderTypes { items: all(&mut kit.db.read(&caller.scope).await?).await? })
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewOrderType {
    /// Made by the client: the same again is the same type.
    id: Option<Uuid>,
    terms: OrderTypeTerms,
}

/// Makes an order type.
#[utoipa::path(post, path = "/order-types", tag = "service", request_body = NewOrderType,
    responses((status = 201, body = OrderType), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn create(State(kit): State<Kit>, caller: Caller, Json(new): Json<NewOrderType>) -> Created<OrderType> {
    new.terms.check()?;
    let id = new.id.unwrap_or_else(id::new_v7);
    created(
        kit.db
            .write(&caller.scope, move |tx| {
                Box::pin(async move {
                    if let Some(template) = new.terms.template_id {
                        work::template_exists(tx, template).await?;
                    }
                    if !insert(tx, id, &new.terms).await? {
                        let known = one(tx, id).await?;
                        return if known.terms == new.terms {
                            Ok(known)
                        } else {
                            Err(Problem::new(problem::CONFLICT))
                        };
                    }
                    tx.audit("order_type.create", "order_type", id, json!({ "name": new.terms.name }))
                        .await?;
                    one(tx, id).await
                })
            })
            .await?,
    )
}

/// Changes an order type. Orders that are there already keep the targets they were made with.
#[utoipa::path(put, path = "/order-types/{id}", tag = "service", request_body = OrderTypeTerms, params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = OrderType), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn change(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(terms): Json<OrderTypeTerms>,
) -> Answer<OrderType> {
    terms.check()?;
    ok(kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let before = one(tx, id).await?;
                if let Some(template) = terms.template_id {
                    work::template_exists(tx, template).await?;
                }
                if !update(tx, id, version, &terms).await? {
                    return Err(Problem::new(problem::VERSION));
                }
                let told = json!({ "before": before.terms, "after": terms });
                tx.audit("order_type.change", "order_type", id, told).await?;
                one(tx, id).await
            })
        })
        .await?)
}
