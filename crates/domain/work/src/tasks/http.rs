use api::{
    Access, Answer, Caller, Checks, Created, Json, Kit, Page, PageQuery, Path, Query, Routes, Several,
    axum::{self, extract::State},
    created, ok, routes,
};
use base::{LocalDay, Micros};
use custom::{Fields, Noun};
use db::{Permission, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{Task, TaskStatus, crew, export, give, own, service, sql};
use crate::{
    CustomerGroup, Reason,
    model::{Spot, Window},
    templates::{NewStep, check_steps},
};

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::TaskRead), routes!(list))
        .at(Access::May(Permission::TaskWrite), routes!(create))
        .at(Access::May(Permission::TaskRead), routes!(one))
        .at(Access::May(Permission::TaskWrite), routes!(help))
        .at(Access::May(Permission::TaskWrite), routes!(cancel))
        .at(Access::May(Permission::TaskWrite), routes!(lock))
        .at(Access::May(Permission::TaskWrite), routes!(need))
        .at(Access::May(Permission::TaskWrite), routes!(set_window))
        .at(Access::May(Permission::TaskWrite), routes!(own::answer))
        .at(Access::May(Permission::TaskRead), routes!(export::sheet))
        .at(Access::May(Permission::TaskRead), routes!(export::text))
}

/// A task beside the plan.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTask {
    pub id: Option<Uuid>,
    pub employee_id: Uuid,
    /// Who comes along: each gets a task of his own, at the same time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 5)]
    pub with: Vec<Uuid>,
    pub customer_id: Uuid,
    #[schema(value_type = String, format = Date)]
    pub day: LocalDay,
    pub window: Window,
    pub template_id: Option<Uuid>,
    /// Steps of this task, after those of the template.
    pub steps: Option<Vec<NewStep>>,
    #[schema(max_length = 500)]
    pub note: Option<String>,
    /// What it asks of whoever makes it, in the company's words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<String>,
    /// What it is called when there is no template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 80)]
    pub title: Option<String>,
    /// Answers to the company's own fields, by key.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[schema(value_type = Object)]
    pub custom: Map<String, Value>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct TaskQuery {
    #[param(value_type = Option<String>, format = Date)]
    day_from: Option<LocalDay>,
    #[param(value_type = Option<String>, format = Date)]
    day_to: Option<LocalDay>,
    employee_id: Option<Uuid>,
    customer_id: Option<Uuid>,
    department_id: Option<Uuid>,
    /// As shown, several separated by commas.
    #[param(value_type = Option<String>)]
    status: Option<Several<TaskStatus>>,
    /// Part of a title, customer, person, or of what stands in the company's own fields.
    q: Option<String>,
    /// Conditions on the company's own fields, a JSON list: `[{"field":"contract_no","contains":"HT"}]`.
    custom: Option<String>,
    /// Of customers of a grade, with a tag or of a territory: `grade:A`, `tag:…`, `territory:<id>`; with nothing behind the colon
    /// of customers without.
    #[param(value_type = Option<String>)]
    group: Option<CustomerGroup>,
    limit: Option<i64>,
    cursor: Option<String>,
    count: Option<bool>,
}

impl TaskQuery {
    /// # Errors
    /// `input.invalid` at `custom`.
    pub(super) fn filter(&self, fields: &Fields, now: Micros) -> Result<sql::Filter> {
        let status = self.status.as_ref();
        Ok(sql::Filter {
            day_from: self.day_from,
            day_to: self.day_to,
            employee_id: self.employee_id,
            customer_id: self.customer_id,
            department_id: self.department_id,
            status: status.map(|s| s.0.iter().map(|s| s.key()).collect::<Vec<_>>().join(",")),
            q: self.q.clone().filter(|q| !q.trim().is_empty()),
            custom: fields.conditions(self.custom.as_deref())?,
            group: self.group.clone(),
            now,
        })
    }
}

/// Tasks, newest day first, person by person in the order of the day.
#[utoipa::path(get, path = "/tasks", tag = "work", params(TaskQuery), responses((status = 200, body = Page<Task>)))]
async fn list(State(kit): State<Kit>, caller: Caller, Query(q): Query<TaskQuery>) -> Answer<Page<Task>> {
    let (limit, now) = (PageQuery::rows(q.limit), kit.now());
    let after: Option<sql::Key> = api::cursor_decode(&q.cursor)?;
    let mut r = kit.db.read(&caller.scope).await?;
    let filter = q.filter(&Fields::in_force(&mut r, Noun::Task).await?, now)?;
    let rows = sql::list(&mut r, &filter, after, limit + 1).await?;
    let tasks = crew::shown(&mut r, &rows, now).await?;
    let mut page = Page::from_rows(tasks, limit, |t: &Task| (t.day.as_int(), t.employee.id, t.seq, t.id));
    if q.count == Some(true) {
        page.total = Some(sql::count(&mut r, &filter).await?);
    }
    ok(page)
}

/// Gives a person one more task; it joins the day's plan, whose open rest is ordered anew. With others who come along each of them
/// gets one, all of them or none.
#[utoipa::path(post, path = "/tasks", tag = "work", request_body = NewTask,
    responses((status = 201, body = Task), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn create(State(kit): State<Kit>, caller: Caller, Json(new): Json<NewTask>) -> Created<Task> {
    let mut checks = Checks::new();
    check_steps(&mut checks, "steps", new.steps.as_deref().unwrap_or(&[]));
    checks.at_most("title", new.title.as_deref(), 80);
    org::check_skills(&mut checks, &new.skills);
    crew::check(&mut checks, new.employee_id, &new.with);
    checks.that("window", new.window.is_sound()).at_most("note", new.note.as_deref(), 500).done()?;
    own::owed(&kit, &caller.scope, &new.custom).await?;
    created(give::create(&kit, &caller.scope, new, true).await?)
}

/// One task.
#[utoipa::path(get, path = "/tasks/{id}", tag = "work", params(("id" = Uuid, Path)), responses((status = 200, body = Task), (status = 404, body = api::ProblemDocument)))]
async fn one(State(kit): State<Kit>, caller: Caller, Path(id): Path<Uuid>) -> Answer<Task> {
    ok(service::by_id(&mut kit.db.read(&caller.scope).await?, id, kit.now()).await?)
}

/// Who is to come along.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TaskHelper)]
pub struct NewHelper {
    /// Of his task, made by the client: the same again is the same.
    pub id: Option<Uuid>,
    pub employee_id: Uuid,
}

/// Sends somebody more to a task that has not ended: he gets a task of his own, with the same steps, and both are told of each
/// other.
#[utoipa::path(post, path = "/tasks/{id}/helpers", tag = "work", request_body = NewHelper, params(("id" = Uuid, Path)),
    responses((status = 201, body = Task), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn help(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(input): Json<NewHelper>,
) -> Created<Task> {
    created(crew::help(&kit, &caller.scope, id, input).await?)
}

/// Why a task is not made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TaskCancel)]
struct Cancel {
    #[schema(max_length = 200)]
    reason: String,
    /// As it was seen, where it was seen a while ago: what somebody else gets or makes on another day since is not cancelled.
    was: Option<Spot>,
}

/// Cancels a task that has not begun.
#[utoipa::path(post, path = "/tasks/{id}/cancel", tag = "work", request_body = Cancel, params(("id" = Uuid, Path)),
    responses((status = 200, body = Task), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument)))]
async fn cancel(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(Cancel { reason, was }): Json<Cancel>,
) -> Answer<Task> {
    let reason = Reason { reason }.checked()?;
    ok(kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move { service::cancel_seen(tx, id, &reason, was).await })
        })
        .await?)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TaskLock)]
struct Lock {
    locked: bool,
}

/// Promises a task that has not begun to its customer, or takes the promise back: a locked one is not moved.
#[utoipa::path(post, path = "/tasks/{id}/lock", tag = "work", request_body = Lock, params(("id" = Uuid, Path)),
    responses((status = 200, body = Task), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument)))]
async fn lock(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(input): Json<Lock>,
) -> Answer<Task> {
    ok(kit
        .db
        .write(&caller.scope, move |tx| Box::pin(async move { service::lock(tx, id, input.locked).await }))
        .await?)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TaskSkills)]
struct Skills {
    #[schema(max_items = 20)]
    skills: Vec<String>,
}

/// Says what a task that is still to be made asks of whoever makes it. Who lacks a skill keeps the task; the board says so.
#[utoipa::path(put, path = "/tasks/{id}/skills", tag = "work", request_body = Skills, params(("id" = Uuid, Path)),
    responses((status = 200, body = Task), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn need(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(input): Json<Skills>,
) -> Answer<Task> {
    let mut checks = Checks::new();
    org::check_skills(&mut checks, &input.skills);
    checks.done()?;
    ok(kit
        .db
        .write(&caller.scope, move |tx| Box::pin(async move { service::need(tx, id, &input.skills).await }))
        .await?)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TaskWindow)]
struct NewWindow {
    window: Window,
    /// As it was seen: nobody overwrites another's change.
    was: Window,
}

/// Changes the hours in which a task that has not begun is to begin, to what its customer has agreed to. A locked one
/// keeps what was promised.
#[utoipa::path(put, path = "/tasks/{id}/window", tag = "work", request_body = NewWindow, params(("id" = Uuid, Path)),
    responses((status = 200, body = Task), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn set_window(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(input): Json<NewWindow>,
) -> Answer<Task> {
    Checks::new().that("window", input.window.is_sound()).done()?;
    ok(kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move { service::set_window(tx, id, input.was, input.window).await })
        })
        .await?)
}
