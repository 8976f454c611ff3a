use api::{
    Access, Answer, Caller, Checks, Created, IfMatch, Json, Kit, Page, PageQuery, Path, Query, Routes,
    axum::{self, extract::State},
    created, ok, routes,
};
use base::{Problem, id, problem};
use db::{Permission, Result, Tx};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    model::{Part, PartRequest, Stock, StockMove},
    moves::{self, NewStockMove},
    requests,
    sql::{self, Written},
};
use crate::CODE_TAKEN;

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::OrderRead), routes!(list))
        .at(Access::May(Permission::StockWrite), routes!(create))
        .at(Access::May(Permission::StockWrite), routes!(change))
        .at(Access::May(Permission::OrderRead), routes!(stocks))
        .at(Access::May(Permission::StockWrite), routes!(open_stock))
        .at(Access::May(Permission::OrderRead), routes!(moved))
        .at(Access::May(Permission::StockWrite), routes!(make_move))
        .at(Access::May(Permission::OrderRead), routes!(asked))
        .at(Access::May(Permission::StockWrite), routes!(fulfil))
        .at(Access::May(Permission::StockWrite), routes!(cancel))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct PartQuery {
    /// Part of a number or name.
    q: Option<String>,
    limit: Option<i64>,
    cursor: Option<String>,
}

/// Parts by number.
#[utoipa::path(get, path = "/parts", tag = "service", params(PartQuery), responses((status = 200, body = Page<Part>)))]
async fn list(State(kit): State<Kit>, caller: Caller, Query(f): Query<PartQuery>) -> Answer<Page<Part>> {
    let limit = PageQuery::rows(f.limit);
    let after = api::cursor_decode(&f.cursor)?;
    let text = f.q.as_deref().filter(|q| !q.trim().is_empty());
    let rows = sql::list(&mut kit.db.read(&caller.scope).await?, text, after, limit + 1).await?;
    ok(Page::from_rows(rows, limit, |p: &Part| p.code.clone()))
}

/// A part as it is to be.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPart {
    /// Made by the client: the same again is the same part.
    id: Option<Uuid>,
    #[schema(max_length = 40)]
    code: String,
    #[schema(max_length = 80)]
    name: String,
    #[schema(max_length = 10)]
    unit: String,
    /// In the currency's minor unit.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    price_minor: i64,
    active: bool,
}

impl NewPart {
    fn check(&self) -> Result<()> {
        Checks::new()
            .text("code", &self.code, 40)
            .text("name", &self.name, 80)
            .text("unit", &self.unit, 10)
            .that("price_minor", (0..=1_000_000_000).contains(&self.price_minor))
            .done()
    }

    fn is(&self, part: &Part) -> bool {
        part.code == self.code.trim()
            && part.name == self.name.trim()
            && part.unit == self.unit.trim()
            && part.price_minor == self.price_minor
            && part.active == self.active
    }
}

/// Stores a part: a new one without a version.
async fn store(tx: &mut Tx, id: Uuid, new: &NewPart, version: Option<i64>) -> Result<Part> {
    let code = new.code.trim();
    if let Some(other) = sql::with_code(tx, code).await?
        && (other.id != id || version.is_none())
    {
        return match version {
            None if other.id == id && new.is(&other) => Ok(other),
            _ => Err(Problem::new(CODE_TAKEN).with("code", code).field("code", problem::DUPLICATE_VALUE)),
        };
    }
    let search = format!("{code} {}", new.name.trim()).to_lowercase();
    let written = Written {
        code,
        name: new.name.trim(),
        unit: new.unit.trim(),
        price: new.price_minor,
        active: new.active,
        search: &search,
    };
    let (stored, action) = match version {
        None => (sql::insert_part(tx, id, &written).await?, "part.create"),
        Some(version) => {
            sql::part(tx, id).await?;
            (sql::update_part(tx, id, version, &written).await?, "part.change")
        }
    };
    if !stored {
        return Err(Problem::new(if version.is_none() { problem::CONFLICT } else { problem::VERSION }));
    }
    tx.audit(
        action,
        "part",
        id,
        json!({ "code": code, "name": written.name, "price_minor": new.price_minor }),
    )
    .await?;
    sql::part(tx, id).await
}

/// Adds a part.
#[utoipa::path(post, path = "/parts", tag = "service", request_body = NewPart,
    responses((status = 201, body = Part), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn create(State(kit): State<Kit>, caller: Caller, Json(new): Json<NewPart>) -> Created<Part> {
    new.check()?;
    let id = new.id.unwrap_or_else(id::new_v7);
    created(
        kit.db
            .write(&caller.scope, move |tx| Box::pin(async move { store(tx, id, &new, None).await }))
            .await?,
    )
}

/// Changes a part as a whole. What was built in keeps its price.
#[utoipa::path(put, path = "/parts/{id}", tag = "service", request_body = NewPart, params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = Part), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn change(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(new): Json<NewPart>,
) -> Answer<Part> {
    new.check()?;
    ok(kit
        .db
        .write(&caller.scope, move |tx| Box::pin(async move { store(tx, id, &new, Some(version)).await }))
        .await?)
}

#[derive(Serialize, ToSchema)]
struct Stocks {
    items: Vec<Stock>,
}

/// Stores and vans in reach, with what lies in them.
#[utoipa::path(get, path = "/stocks", tag = "service", responses((status = 200, body = Stocks)))]
async fn stocks(State(kit): State<Kit>, caller: Caller) -> Answer<Stocks> {
    ok(Stocks { items: sql::stocks(&mut kit.db.read(&caller.scope).await?).await? })
}

/// A stock to be opened: a store with a name, or the van of a person.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewStock {
    /// Of a store; made by the client.
    id: Option<Uuid>,
    #[schema(max_length = 40)]
    name: Option<String>,
    /// Whose van it is.
    van_of: Option<Uuid>,
}

/// Opens a store, or a person's van.
#[utoipa::path(post, path = "/stocks", tag = "service", request_body = NewStock,
    responses((status = 201, body = Stock), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn open_stock(State(kit): State<Kit>, caller: Caller, Json(new): Json<NewStock>) -> Created<Stock> {
    let name = new.name.as_deref().map(str::trim).unwrap_or_default().to_owned();
    if new.van_of.is_none() {
        Checks::new().text("name", &name, 40).done()?;
    }
    let made =
        kit.db.write(&caller.scope, move |tx| Box::pin(async move { opened(tx, new, &name).await })).await?;
    created(made)
}

async fn opened(tx: &mut Tx, new: NewStock, name: &str) -> Result<Stock> {
    let id = match new.van_of {
        Some(person) => moves::van(tx, person).await?,
        None => {
            let id = new.id.unwrap_or_else(id::new_v7);
            let me = org::person(tx, tx.scope_actor()).await?;
            if !sql::insert_stock(tx, id, name, "store", me.id, me.department_id).await? {
                let known = sql::stock(tx, id).await.ok().filter(|s| s.name == name);
                return known.ok_or_else(|| Problem::new(problem::CONFLICT));
            }
            id
        }
    };
    tx.audit("stock.open", "stock", id, json!({ "name": name, "van_of": new.van_of })).await?;
    sql::stock(tx, id).await
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct MoveQuery {
    stock_id: Option<Uuid>,
    part_id: Option<Uuid>,
    limit: Option<i64>,
    cursor: Option<String>,
}

/// What happened to the stocks in reach, newest first.
#[utoipa::path(get, path = "/stock-moves", tag = "service", params(MoveQuery), responses((status = 200, body = Page<StockMove>)))]
async fn moved(
    State(kit): State<Kit>,
    caller: Caller,
    Query(f): Query<MoveQuery>,
) -> Answer<Page<StockMove>> {
    let limit = PageQuery::rows(f.limit);
    let before = api::cursor_decode(&f.cursor)?;
    let mut r = kit.db.read(&caller.scope).await?;
    let rows = sql::moves(&mut r, f.stock_id, f.part_id, before, limit + 1).await?;
    ok(Page::from_rows(rows, limit, |m: &StockMove| (m.at.0, m.id)))
}

/// Receives, transfers, returns, counts or promises a part.
#[utoipa::path(post, path = "/stock-moves", tag = "service", request_body = NewStockMove,
    responses((status = 201, body = Stocks), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn make_move(State(kit): State<Kit>, caller: Caller, Json(new): Json<NewStockMove>) -> Created<Stocks> {
    new.check()?;
    kit.db
        .write(&caller.scope, move |tx| Box::pin(async move { moves::make(tx, new).await.map(drop) }))
        .await?;
    // Read after it: nobody waits for a long list while the store is being written.
    created(Stocks { items: sql::stocks(&mut kit.db.read(&caller.scope).await?).await? })
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct RequestQuery {
    /// open (as it is when absent), done or cancelled.
    status: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct PartRequests {
    items: Vec<PartRequest>,
}

/// Parts people in reach lack, oldest first.
#[utoipa::path(get, path = "/part-requests", tag = "service", params(RequestQuery), responses((status = 200, body = PartRequests)))]
async fn asked(
    State(kit): State<Kit>,
    caller: Caller,
    Query(f): Query<RequestQuery>,
) -> Answer<PartRequests> {
    let status = f.status.as_deref().unwrap_or("open");
    ok(PartRequests { items: sql::requests(&mut kit.db.read(&caller.scope).await?, status).await? })
}

/// Out of which stock.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Fulfilment {
    /// Id of the transfer, made by the client.
    id: Option<Uuid>,
    from_id: Uuid,
}

/// Fulfils a request by a transfer into the van of who asked.
#[utoipa::path(post, path = "/part-requests/{id}/fulfil", tag = "service", request_body = Fulfilment, params(("id" = Uuid, Path)),
    responses((status = 200, body = PartRequests), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument)))]
async fn fulfil(
    State(kit): State<Kit>,
    caller: Caller,
    Path(request): Path<Uuid>,
    Json(input): Json<Fulfilment>,
) -> Answer<PartRequests> {
    let by_move = input.id.unwrap_or_else(id::new_v7);
    ok(kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                requests::fulfil(tx, request, by_move, input.from_id).await?;
                Ok(PartRequests { items: sql::requests(tx, "open").await? })
            })
        })
        .await?)
}

/// Calls a request off.
#[utoipa::path(post, path = "/part-requests/{id}/cancel", tag = "service", params(("id" = Uuid, Path)),
    responses((status = 200, body = PartRequests), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument)))]
async fn cancel(State(kit): State<Kit>, caller: Caller, Path(request): Path<Uuid>) -> Answer<PartRequests> {
    ok(kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                requests::cancel(tx, request).await?;
                Ok(PartRequests { items: sql::requests(tx, "open").await? })
            })
        })
        .await?)
}
