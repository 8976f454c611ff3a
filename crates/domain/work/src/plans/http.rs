use api::{
    Access, Answer, Caller, Checks, Created, IfMatch, Json, Kit, Page, PageQuery, Path, Query, Routes,
    axum::{self, extract::State},
    created, ok, routes,
};
use base::{LocalDay, problem};
use db::Permission;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{MAX_STOPS, Plan, change, make, service, sql};
use crate::{
    Reason, Route,
    model::{Objective, Window},
    templates::{NewStep, check_steps},
};

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::TaskRead), routes!(preview))
        .at(Access::May(Permission::TaskRead), routes!(list))
        .at(Access::May(Permission::TaskWrite), routes!(create))
        .at(Access::May(Permission::TaskRead), routes!(one))
        .at(Access::May(Permission::TaskWrite), routes!(patch))
        .at(Access::May(Permission::TaskWrite), routes!(cancel))
}

/// A day to be ordered, without planning it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RoutePreview)]
pub struct Preview {
    pub employee_id: Uuid,
    #[schema(value_type = String, format = Date)]
    pub day: LocalDay,
    pub customer_ids: Vec<Uuid>,
    pub window: Window,
    pub objective: Objective,
    /// Expected length of each visit; 30 minutes when absent.
    pub service_minutes: Option<i64>,
    pub keep_order: Option<bool>,
}

/// A plan to be made.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPlan {
    pub id: Option<Uuid>,
    pub employee_id: Uuid,
    #[schema(value_type = String, format = Date)]
    pub day: LocalDay,
    pub window: Window,
    pub template_id: Option<Uuid>,
    /// Steps of this plan, after those of the template.
    pub steps: Option<Vec<NewStep>>,
    pub customer_ids: Vec<Uuid>,
    pub objective: Objective,
    /// Take the customers as listed instead of ordering them.
    pub keep_order: Option<bool>,
    #[schema(max_length = 500)]
    pub note: Option<String>,
    /// What its visits ask of whoever makes them; said by rules, never by a body.
    #[serde(skip)]
    pub skills: Vec<String>,
}

/// What to change; what is absent stays. `customer_ids` is the whole new list.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PatchPlan {
    pub customer_ids: Option<Vec<Uuid>>,
    pub keep_order: Option<bool>,
    pub window: Option<Window>,
    #[schema(max_length = 500)]
    pub note: Option<String>,
    /// What the customers added ask of whoever visits them; said by rules, never by a body.
    #[serde(skip)]
    pub skills: Vec<String>,
}

fn check_customers(checks: &mut Checks, ids: &[Uuid]) {
    if ids.is_empty() {
        checks.fault("customer_ids", problem::REQUIRED);
    }
    if ids.len() > MAX_STOPS {
        checks.fault("customer_ids", problem::TOO_LONG);
    }
    for (k, id) in ids.iter().enumerate() {
        if ids[..k].contains(id) {
            checks.fault(&format!("customer_ids[{k}]"), problem::DUPLICATE_VALUE);
        }
    }
}

/// The order, way and time a plan would have.
#[utoipa::path(post, path = "/routes/preview", tag = "work", request_body = Preview,
    responses((status = 200, body = Route), (status = 404, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn preview(State(kit): State<Kit>, caller: Caller, Json(ask): Json<Preview>) -> Answer<Route> {
    let mut checks = Checks::new();
    check_customers(&mut checks, &ask.customer_ids);
    checks.that("window", ask.window.is_sound());
    checks.that("service_minutes", ask.service_minutes.is_none_or(|m| (1..=720).contains(&m))).done()?;
    ok(service::preview(&kit, &caller.scope, ask).await?)
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct PlanQuery {
    #[param(value_type = Option<String>, format = Date)]
    day_from: Option<LocalDay>,
    #[param(value_type = Option<String>, format = Date)]
    day_to: Option<LocalDay>,
    employee_id: Option<Uuid>,
    department_id: Option<Uuid>,
    limit: Option<i64>,
    cursor: Option<String>,
    count: Option<bool>,
}

/// Plans, newest day first.
#[utoipa::path(get, path = "/plans", tag = "work", params(PlanQuery), responses((status = 200, body = Page<Plan>)))]
async fn list(State(kit): State<Kit>, caller: Caller, Query(q): Query<PlanQuery>) -> Answer<Page<Plan>> {
    let (limit, now) = (PageQuery::rows(q.limit), kit.now());
    let after = api::cursor_decode(&q.cursor)?;
    let filter = sql::Filter {
        day_from: q.day_from,
        day_to: q.day_to,
        employee_id: q.employee_id,
        department_id: q.department_id,
    };
    let mut r = kit.db.read(&caller.scope).await?;
    let mut plans = vec![];
    for row in sql::list(&mut r, &filter, after, limit + 1).await? {
        plans.push(service::with_tasks(&mut r, row, now).await?);
    }
    let mut page = Page::from_rows(plans, limit, |p: &Plan| (p.day.as_int(), p.id));
    if q.count == Some(true) {
        page.total = Some(sql::count(&mut r, &filter).await?);
    }
    ok(page)
}

/// Plans a person's day: orders the customers and makes a task of each.
#[utoipa::path(post, path = "/plans", tag = "work", request_body = NewPlan,
    responses((status = 201, body = Plan), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn create(State(kit): State<Kit>, caller: Caller, Json(new): Json<NewPlan>) -> Created<Plan> {
    let mut checks = Checks::new();
    check_customers(&mut checks, &new.customer_ids);
    check_steps(&mut checks, "steps", new.steps.as_deref().unwrap_or(&[]));
    checks.that("window", new.window.is_sound()).at_most("note", new.note.as_deref(), 500).done()?;
    created(make::create(&kit, &caller.scope, new, true).await?)
}

/// One plan.
#[utoipa::path(get, path = "/plans/{id}", tag = "work", params(("id" = Uuid, Path)), responses((status = 200, body = Plan), (status = 404, body = api::ProblemDocument)))]
async fn one(State(kit): State<Kit>, caller: Caller, Path(id): Path<Uuid>) -> Answer<Plan> {
    ok(service::by_id(&mut kit.db.read(&caller.scope).await?, id, kit.now()).await?)
}

/// Changes customers, order, window or note of a plan.
#[utoipa::path(patch, path = "/plans/{id}", tag = "work", request_body = PatchPlan, params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = Plan), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn patch(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(wanted): Json<PatchPlan>,
) -> Answer<Plan> {
    let mut checks = Checks::new();
    if let Some(ids) = &wanted.customer_ids {
        check_customers(&mut checks, ids);
    }
    checks
        .that("window", wanted.window.is_none_or(Window::is_sound))
        .at_most("note", wanted.note.as_deref(), 500)
        .done()?;
    ok(change::change(&kit, &caller.scope, id, version, wanted, true).await?)
}

/// What becomes of locked visits when their plan is cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LockedVisits {
    /// They stay with their person on their day, as tasks without a plan, locked.
    Keep,
    /// They are cancelled like the others.
    Cancel,
}

/// Why a plan is called off, and what becomes of what was promised.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CancelPlan {
    #[schema(max_length = 200)]
    reason: String,
    /// Needed when visits of the plan are locked.
    locked: Option<LockedVisits>,
}

/// Cancels a plan with all its tasks that have not begun. Locked visits are promises: with them the caller must say
/// whether they stay.
#[utoipa::path(post, path = "/plans/{id}/cancel", tag = "work", request_body = CancelPlan, params(("id" = Uuid, Path)),
    responses((status = 200, body = Plan), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn cancel(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(input): Json<CancelPlan>,
) -> Answer<Plan> {
    let (reason, locked) = (Reason { reason: input.reason }.checked()?, input.locked);
    ok(kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move { service::cancel(tx, id, &reason, locked).await })
        })
        .await?)
}
