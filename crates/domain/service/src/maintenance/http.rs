use api::{
    Access, Answer, Caller, Checks, Created, IfMatch, Json, Kit, Page, PageQuery, Path, Query, Routes,
    axum::{self, Extension, extract::State},
    created, ok, routes,
};
use base::LocalDay;
use db::Permission;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    MaintenanceDue, MaintenancePlan, MaintenancePlanPage, MaintenanceTerms, plans, rules::Turn, sql, work_off,
};
use crate::Service;

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::OrderRead), routes!(list))
        .at(Access::May(Permission::OrderWrite), routes!(create))
        .at(Access::May(Permission::OrderRead), routes!(one))
        .at(Access::May(Permission::OrderWrite), routes!(change))
        .at(Access::May(Permission::OrderWrite), routes!(skip))
        .at(Access::May(Permission::OrderRead), routes!(dues))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct PlanQuery {
    limit: Option<i64>,
    cursor: Option<String>,
}

/// Maintenance plans in reach, newest first.
#[utoipa::path(get, path = "/maintenance-plans", tag = "service", params(PlanQuery), responses((status = 200, body = Page<MaintenancePlan>)))]
async fn list(
    State(kit): State<Kit>,
    caller: Caller,
    Query(f): Query<PlanQuery>,
) -> Answer<Page<MaintenancePlan>> {
    let limit = PageQuery::rows(f.limit);
    let before = api::cursor_decode(&f.cursor)?;
    let rows = sql::list(&mut kit.db.read(&caller.scope).await?, before, limit + 1).await?;
    ok(Page::from_rows(rows.into_iter().map(Into::into).collect(), limit, |p: &MaintenancePlan| p.id))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewMaintenancePlan {
    /// Made by the client: the same again is the same plan.
    id: Option<Uuid>,
    terms: MaintenanceTerms,
}

/// Makes a maintenance plan. What is due already is made an order at once.
#[utoipa::path(post, path = "/maintenance-plans", tag = "service", request_body = NewMaintenancePlan,
    responses((status = 201, body = MaintenancePlan), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn create(
    State(kit): State<Kit>,
    Extension(service): Extension<Service>,
    caller: Caller,
    Json(new): Json<NewMaintenancePlan>,
) -> Created<MaintenancePlan> {
    new.terms.check()?;
    let made = kit
        .db
        .write(&caller.scope, move |tx| Box::pin(async move { plans::add(tx, new.id, new.terms).await }))
        .await?;
    work_off(&service.0, caller.scope.tenant()).await?;
    created(made)
}

/// A maintenance plan with the equipment it covers, what was made of it, and the next twelve months.
#[utoipa::path(get, path = "/maintenance-plans/{id}", tag = "service", params(("id" = Uuid, Path)),
    responses((status = 200, body = MaintenancePlanPage), (status = 404, body = api::ProblemDocument)))]
async fn one(State(kit): State<Kit>, caller: Caller, Path(id): Path<Uuid>) -> Answer<MaintenancePlanPage> {
    ok(plans::page(&mut kit.db.read(&caller.scope).await?, id, kit.now()).await?)
}

/// Changes a maintenance plan as a whole, also to let it rest or go on.
#[utoipa::path(put, path = "/maintenance-plans/{id}", tag = "service", request_body = MaintenanceTerms, params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = MaintenancePlan), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn change(
    State(kit): State<Kit>,
    Extension(service): Extension<Service>,
    caller: Caller,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(terms): Json<MaintenanceTerms>,
) -> Answer<MaintenancePlan> {
    terms.check()?;
    let changed = kit
        .db
        .write(&caller.scope, move |tx| Box::pin(async move { plans::change(tx, id, version, terms).await }))
        .await?;
    work_off(&service.0, caller.scope.tenant()).await?;
    ok(changed)
}

/// A turn as it was seen, and why it is left out.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SkipMaintenance {
    equipment_id: Uuid,
    /// Of a turn by date.
    #[schema(value_type = Option<String>, format = Date)]
    due_on: Option<LocalDay>,
    /// Of a turn by meter.
    due_total: Option<i64>,
    #[schema(max_length = 200)]
    reason: String,
}

/// Leaves the next turn of a piece out.
#[utoipa::path(post, path = "/maintenance-plans/{id}/skip", tag = "service", request_body = SkipMaintenance, params(("id" = Uuid, Path)),
    responses((status = 200, body = MaintenancePlanPage), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn skip(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(input): Json<SkipMaintenance>,
) -> Answer<MaintenancePlanPage> {
    Checks::new()
        .text("reason", &input.reason, 200)
        .that("due_on", input.due_on.is_some() != input.due_total.is_some())
        .done()?;
    let turn = input.due_on.map(Turn::Date).or(input.due_total.map(Turn::Meter));
    if let Some(turn) = turn {
        kit.db
            .write(&caller.scope, move |tx| {
                Box::pin(
                    async move { plans::skip(tx, id, input.equipment_id, turn, input.reason.trim()).await },
                )
            })
            .await?;
    }
    ok(plans::page(&mut kit.db.read(&caller.scope).await?, id, kit.now()).await?)
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct DueQuery {
    /// Of one piece, also under plans that rest.
    equipment_id: Option<Uuid>,
    /// Only what is overdue.
    overdue: Option<bool>,
}

#[derive(Serialize, ToSchema)]
struct MaintenanceDues {
    items: Vec<MaintenanceDue>,
}

/// What is due on equipment in reach, overdue first, then by day.
#[utoipa::path(get, path = "/maintenance-dues", tag = "service", params(DueQuery), responses((status = 200, body = MaintenanceDues), (status = 404, body = api::ProblemDocument)))]
async fn dues(State(kit): State<Kit>, caller: Caller, Query(f): Query<DueQuery>) -> Answer<MaintenanceDues> {
    let mut r = kit.db.read(&caller.scope).await?;
    let items = plans::dues(&mut r, f.equipment_id, f.overdue == Some(true), kit.now()).await?;
    ok(MaintenanceDues { items })
}
