use api::{
    Access, Answer, Caller, Checks, Created, Failure, Json, Kit, Page, PageQuery, Path, Query, Routes,
    Served,
    axum::{self, Extension, extract::State, http::HeaderMap, response::Response},
    created, ok, routes,
};
use base::{Problem, problem};
use db::{BoxFuture, Permission, Result, Tx};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    assign::{self, Assignment},
    desk,
    model::{OrderDetail, WorkOrder},
    photos, sql,
    take::{self, NewWorkOrder, Source},
};
use crate::{NOT_NOW, Service};

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::OrderRead), routes!(list))
        .at(Access::May(Permission::OrderWrite), routes!(take_in))
        .at(Access::May(Permission::OrderRead), routes!(one))
        .at(Access::SignedIn, routes!(photo))
        .at(Access::May(Permission::LiveRead), routes!(candidates))
        .at(Access::May(Permission::OrderWrite), routes!(give))
        .at(Access::May(Permission::OrderWrite), routes!(take_back))
        .at(Access::May(Permission::OrderWrite), routes!(cancel))
        .at(Access::May(Permission::OrderWrite), routes!(close))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct OrderQuery {
    /// States, several separated by commas.
    status: Option<String>,
    /// Part of a number, fault, customer or equipment.
    q: Option<String>,
    customer_id: Option<Uuid>,
    equipment_id: Option<Uuid>,
    employee_id: Option<Uuid>,
    type_id: Option<Uuid>,
    /// Only those that miss a target now.
    late: Option<bool>,
    limit: Option<i64>,
    cursor: Option<String>,
    count: Option<bool>,
}

/// Work orders in reach, newest first.
#[utoipa::path(get, path = "/orders", tag = "service", params(OrderQuery), responses((status = 200, body = Page<WorkOrder>)))]
async fn list(
    State(kit): State<Kit>,
    caller: Caller,
    Query(f): Query<OrderQuery>,
) -> Answer<Page<WorkOrder>> {
    let (limit, now) = (PageQuery::rows(f.limit), kit.now());
    let before = api::cursor_decode(&f.cursor)?;
    let some = |text: Option<String>| text.filter(|t| !t.trim().is_empty());
    let filter = sql::Filter {
        status: some(f.status),
        q: some(f.q),
        customer_id: f.customer_id,
        equipment_id: f.equipment_id,
        employee_id: f.employee_id,
        type_id: f.type_id,
        late_at: (f.late == Some(true)).then_some(now),
    };
    let mut r = kit.db.read(&caller.scope).await?;
    let rows = sql::list(&mut r, &filter, before, limit + 1).await?;
    let items = rows.iter().map(|row| row.shown(now)).collect();
    let mut page = Page::from_rows(items, limit, |o: &WorkOrder| (o.created_at.0, o.id));
    if f.count == Some(true) {
        page.total = Some(sql::count(&mut r, &filter).await?);
    }
    ok(page)
}

/// Takes an order in.
#[utoipa::path(post, path = "/orders", tag = "service", request_body = NewWorkOrder,
    responses((status = 201, body = OrderDetail), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn take_in(
    State(kit): State<Kit>,
    caller: Caller,
    Json(new): Json<NewWorkOrder>,
) -> Created<OrderDetail> {
    new.check()?;
    let row = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                customers::place(tx, new.customer_id).await?;
                if let Some(from) = new.from_id {
                    sql::one(tx, from).await?;
                }
                let source = if new.from_id.is_some() { Source::FollowUp } else { Source::Desk };
                take::take(tx, new, source).await
            })
        })
        .await?;
    created(shown(&kit, &caller, row.id).await?)
}

/// A picture the customer sent with an order, for those who see the order and for whoever has it.
#[utoipa::path(get, path = "/orders/{id}/photos/{photo_id}", tag = "service", params(("id" = Uuid, Path), ("photo_id" = Uuid, Path)),
    responses((status = 200, description = "The picture", content_type = "image/jpeg"), (status = 404, body = api::ProblemDocument)))]
async fn photo(
    State(kit): State<Kit>,
    caller: Caller,
    Path((id, photo_id)): Path<(Uuid, Uuid)>,
    headers: HeaderMap,
) -> std::result::Result<Response, Failure> {
    let missing = || Problem::new(problem::NOT_FOUND);
    let mut r = kit.db.read(&caller.scope).await?;
    let row = sql::of_company(&mut r, id).await?.ok_or_else(missing)?;
    if row.employee_id != Some(caller.scope.actor()) {
        if !caller.scope.may(Permission::OrderRead) {
            return Err(missing().into());
        }
        sql::one(&mut r, id).await?;
    }
    let known = photos::any(&mut r, photo_id).await?.filter(|p| p.order_id == id).ok_or_else(missing)?;
    drop(r);
    let of =
        Served { id: known.id, kind: photos::STORED, name: "fault", mime: &known.mime, size: known.size };
    Ok(api::serve(&kit, caller.scope.tenant(), &of, &headers).await?.ok_or_else(missing)?)
}

async fn shown(kit: &Kit, caller: &Caller, id: Uuid) -> Result<OrderDetail> {
    let now = kit.now();
    let mut r = kit.db.read(&caller.scope).await?;
    let row = sql::one(&mut r, id).await?;
    desk::detail(&mut r, &row, now).await
}

/// An order with its moves, parts and report.
#[utoipa::path(get, path = "/orders/{id}", tag = "service", params(("id" = Uuid, Path)),
    responses((status = 200, body = OrderDetail), (status = 404, body = api::ProblemDocument)))]
async fn one(State(kit): State<Kit>, caller: Caller, Path(id): Path<Uuid>) -> Answer<OrderDetail> {
    ok(shown(&kit, &caller, id).await?)
}

/// Who could go now, with the reasons in numbers, as for urgent requests. Everybody whose position is used stands in his
/// ledger first.
#[utoipa::path(get, path = "/orders/{id}/candidates", tag = "service", params(("id" = Uuid, Path)),
    responses((status = 200, body = dispatch::Candidates), (status = 404, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn candidates(
    State(kit): State<Kit>,
    Extension(service): Extension<Service>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Answer<dispatch::Candidates> {
    if !caller.scope.may(Permission::OrderRead) {
        return Err(Problem::new(problem::FORBIDDEN).with("permission", Permission::OrderRead.key()).into());
    }
    let row = sql::one(&mut kit.db.read(&caller.scope).await?, id).await?;
    let wanted = dispatch::Wanted {
        customer_id: row.customer_id,
        at: row.at(),
        service_s: row.service_minutes * 60,
        skills: row.skills(),
        latest_at: None,
        grade: row.grade.clone(),
        owner_id: row.owner_id,
    };
    ok(service.0.dispatch.candidates(&caller.scope, &wanted).await?)
}

/// Gives an order to a person in reach: it becomes a task of his day, and he has the type's time to answer.
#[utoipa::path(post, path = "/orders/{id}/assign", tag = "service", request_body = Assignment, params(("id" = Uuid, Path)),
    responses((status = 200, body = OrderDetail), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn give(
    State(kit): State<Kit>,
    Extension(service): Extension<Service>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(input): Json<Assignment>,
) -> Answer<OrderDetail> {
    assign::assign(&service.0, &caller.scope, id, input).await?;
    ok(shown(&kit, &caller, id).await?)
}

/// Why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OrderReason {
    #[schema(max_length = 200)]
    reason: String,
}

type Deed = for<'a> fn(&'a mut Tx, Uuid, &'a str) -> BoxFuture<'a, Result<()>>;

async fn with_reason(
    kit: &Kit,
    caller: &Caller,
    id: Uuid,
    input: OrderReason,
    deed: Deed,
) -> Result<OrderDetail> {
    Checks::new().text("reason", &input.reason, 200).done()?;
    let scope = &caller.scope;
    kit.db
        .write(scope, move |tx| Box::pin(async move { deed(tx, id, input.reason.trim()).await }))
        .await
        .map_err(at_the_desk)?;
    shown(kit, caller, id).await
}

/// A phone tries again by itself when an order has moved on in the same moment; at the desk somebody looks first.
fn at_the_desk(problem: Problem) -> Problem {
    if problem.code == problem::BUSY { Problem::new(NOT_NOW) } else { problem }
}

/// Takes an order back from whoever has it.
#[utoipa::path(post, path = "/orders/{id}/return", tag = "service", request_body = OrderReason, params(("id" = Uuid, Path)),
    responses((status = 200, body = OrderDetail), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn take_back(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(input): Json<OrderReason>,
) -> Answer<OrderDetail> {
    ok(with_reason(&kit, &caller, id, input, |tx, id, why| Box::pin(desk::take_back(tx, id, why))).await?)
}

/// Calls an order off, with the task that came of it if that has not begun.
#[utoipa::path(post, path = "/orders/{id}/cancel", tag = "service", request_body = OrderReason, params(("id" = Uuid, Path)),
    responses((status = 200, body = OrderDetail), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn cancel(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(input): Json<OrderReason>,
) -> Answer<OrderDetail> {
    ok(with_reason(&kit, &caller, id, input, |tx, id, why| Box::pin(desk::cancel(tx, id, why))).await?)
}

/// Ends a finished order without a signature. Its report is fixed and says so.
#[utoipa::path(post, path = "/orders/{id}/close", tag = "service", request_body = OrderReason, params(("id" = Uuid, Path)),
    responses((status = 200, body = OrderDetail), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn close(
    State(kit): State<Kit>,
    Extension(service): Extension<Service>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(input): Json<OrderReason>,
) -> Answer<OrderDetail> {
    with_reason(&kit, &caller, id, input, |tx, id, why| Box::pin(desk::close(tx, id, why))).await?;
    service.settle(caller.scope.tenant()).await?;
    ok(shown(&kit, &caller, id).await?)
}
