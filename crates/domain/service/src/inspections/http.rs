use api::{
    Access, Answer, Caller, Checks, Created, Failure, IfMatch, Json, Kit, Page, PageQuery, Path, Query,
    Routes,
    axum::{
        self, Extension,
        extract::State,
        http::{HeaderName, header},
        response::{IntoResponse, Response},
    },
    created, ok, routes,
};
use base::{LocalDay, Problem, problem};
use db::Permission;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{InspectionPlan, InspectionRound, InspectionTerms, make, plans, report, rounds, sql};
use crate::{Service, report::DOCUMENT};

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::OrderRead), routes!(list))
        .at(Access::May(Permission::OrderWrite), routes!(create))
        .at(Access::May(Permission::OrderWrite), routes!(change))
        .at(Access::May(Permission::OrderWrite), routes!(start))
        .at(Access::May(Permission::OrderRead), routes!(walked))
        .at(Access::May(Permission::OrderRead), routes!(one))
        .at(Access::May(Permission::OrderRead), routes!(document))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct InspectionPlanQuery {
    limit: Option<i64>,
    cursor: Option<String>,
}

/// Plans of inspection rounds in reach, newest first.
#[utoipa::path(get, path = "/inspection-plans", tag = "service", params(InspectionPlanQuery), responses((status = 200, body = Page<InspectionPlan>)))]
async fn list(
    State(kit): State<Kit>,
    caller: Caller,
    Query(f): Query<InspectionPlanQuery>,
) -> Answer<Page<InspectionPlan>> {
    let limit = PageQuery::rows(f.limit);
    let before = api::cursor_decode(&f.cursor)?;
    let mut r = kit.db.read(&caller.scope).await?;
    let mut items = vec![];
    for row in sql::plans(&mut r, before, limit + 1).await? {
        items.push(plans::shown(&mut r, row).await?);
    }
    ok(Page::from_rows(items, limit, |p: &InspectionPlan| p.id))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewInspectionPlan {
    /// Made by the client: the same again is the same plan.
    id: Option<Uuid>,
    terms: InspectionTerms,
}

/// Makes a plan of inspection rounds. Today's rounds are made at once.
#[utoipa::path(post, path = "/inspection-plans", tag = "service", request_body = NewInspectionPlan,
    responses((status = 201, body = InspectionPlan), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn create(
    State(kit): State<Kit>,
    Extension(service): Extension<Service>,
    caller: Caller,
    Json(new): Json<NewInspectionPlan>,
) -> Created<InspectionPlan> {
    new.terms.check()?;
    let made = kit
        .db
        .write(&caller.scope, move |tx| Box::pin(async move { plans::add(tx, new.id, new.terms).await }))
        .await?;
    make::make_due(&service.0, caller.scope.tenant(), Some(made.id)).await?;
    created(made)
}

/// Changes a plan as a whole. Rounds that are there keep their points.
#[utoipa::path(put, path = "/inspection-plans/{id}", tag = "service", request_body = InspectionTerms, params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = InspectionPlan), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn change(
    State(kit): State<Kit>,
    Extension(service): Extension<Service>,
    caller: Caller,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(terms): Json<InspectionTerms>,
) -> Answer<InspectionPlan> {
    terms.check()?;
    let changed = kit
        .db
        .write(&caller.scope, move |tx| Box::pin(async move { plans::change(tx, id, version, terms).await }))
        .await?;
    make::make_due(&service.0, caller.scope.tenant(), Some(id)).await?;
    ok(changed)
}

/// Who is to walk it, and when.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StartInspection {
    employee_id: Uuid,
    /// Absent: today.
    #[schema(value_type = Option<String>, format = Date)]
    day: Option<LocalDay>,
}

/// Gives a round to a person beside the plan's own days. He has one of a plan and day.
#[utoipa::path(post, path = "/inspection-plans/{id}/start", tag = "service", request_body = StartInspection, params(("id" = Uuid, Path)),
    responses((status = 200, body = InspectionRound), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn start(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(input): Json<StartInspection>,
) -> Answer<InspectionRound> {
    let mut r = kit.db.read(&caller.scope).await?;
    let plan = sql::plan(&mut r, id).await?;
    let today = kit.now().local_day(&org::zone(&mut r).await?);
    org::person(&mut r, input.employee_id).await?;
    drop(r);
    let day = input.day.unwrap_or(today);
    Checks::new().that("day", day >= today).done()?;
    let round = make::make(&kit, &caller.scope, &plan, input.employee_id, day, make::Asked::ByHand).await?;
    ok(shown(&kit, &caller, round).await?)
}

async fn shown(kit: &Kit, caller: &Caller, id: Uuid) -> db::Result<InspectionRound> {
    let mut r = kit.db.read(&caller.scope).await?;
    let row = sql::round(&mut r, id).await?;
    rounds::shown(&mut r, &row, kit.now()).await
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct RoundQuery {
    #[param(value_type = String, format = Date)]
    day_from: LocalDay,
    #[param(value_type = String, format = Date)]
    day_to: LocalDay,
    plan_id: Option<Uuid>,
    employee_id: Option<Uuid>,
    limit: Option<i64>,
    cursor: Option<String>,
}

/// Inspection rounds in reach, newest first, with what became of each point.
#[utoipa::path(get, path = "/inspection-rounds", tag = "service", params(RoundQuery), responses((status = 200, body = Page<InspectionRound>)))]
async fn walked(
    State(kit): State<Kit>,
    caller: Caller,
    Query(f): Query<RoundQuery>,
) -> Answer<Page<InspectionRound>> {
    let limit = PageQuery::rows(f.limit).min(100);
    let before = api::cursor_decode(&f.cursor)?;
    let mut r = kit.db.read(&caller.scope).await?;
    let mut items = vec![];
    for row in
        sql::rounds(&mut r, (f.day_from, f.day_to), f.plan_id, f.employee_id, before, limit + 1).await?
    {
        items.push(rounds::shown(&mut r, &row, kit.now()).await?);
    }
    ok(Page::from_rows(items, limit, |u: &InspectionRound| (u.day.as_int(), u.id)))
}

/// A round with its points.
#[utoipa::path(get, path = "/inspection-rounds/{id}", tag = "service", params(("id" = Uuid, Path)),
    responses((status = 200, body = InspectionRound), (status = 404, body = api::ProblemDocument)))]
async fn one(State(kit): State<Kit>, caller: Caller, Path(id): Path<Uuid>) -> Answer<InspectionRound> {
    ok(shown(&kit, &caller, id).await?)
}

/// The document of a round that is over, as it was fixed.
#[utoipa::path(get, path = "/inspection-rounds/{id}/report.pdf", tag = "service", params(("id" = Uuid, Path)),
    responses((status = 200, description = "Document", content_type = "application/pdf"), (status = 404, body = api::ProblemDocument)))]
async fn document(
    State(kit): State<Kit>,
    Extension(service): Extension<Service>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> std::result::Result<Response, Failure> {
    let tenant = caller.scope.tenant();
    let mut row = sql::round(&mut kit.db.read(&caller.scope).await?, id).await?;
    if row.pdf_sha256.is_none() {
        report::settle(&service.0, tenant).await?;
        row = sql::round(&mut kit.db.read(&caller.scope).await?, id).await?;
    }
    let missing = || Problem::new(problem::NOT_FOUND);
    row.pdf_sha256.as_ref().ok_or_else(missing)?;
    let bytes = kit.files.get(tenant, row.id, DOCUMENT).await?.ok_or_else(missing)?;
    let headers: [(HeaderName, String); 4] = [
        (header::CONTENT_TYPE, "application/pdf".into()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"inspection-{}.pdf\"", row.day)),
        (header::CACHE_CONTROL, "private, no-cache".into()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".into()),
    ];
    Ok((headers, bytes).into_response())
}
