use api::{
    Access, Answer, Caller, Checks, Created, IfMatch, Json, Kit, Path, Routes,
    axum::{self, extract::State},
    created, ok, routes,
};
use db::Permission;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    KINDS, NewStep, TaskTemplate, check_stay, check_steps,
    library::{self, ReadyTemplate},
    service,
};

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::TaskRead), routes!(list))
        .at(Access::May(Permission::TaskRead), routes!(ready))
        .at(Access::May(Permission::TaskWrite), routes!(create))
        .at(Access::May(Permission::TaskWrite), routes!(change))
}

#[derive(Serialize, ToSchema)]
struct Templates {
    items: Vec<TaskTemplate>,
}

/// A template to be made.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTemplate {
    pub id: Option<Uuid>,
    #[schema(max_length = 60)]
    pub name: String,
    /// visit, tour, inspection, promotion, repair or sample.
    pub kind: String,
    pub steps: Vec<NewStep>,
    pub min_stay_s: Option<i64>,
    pub active: Option<bool>,
}

/// What to change; what is absent stays. New steps make a new version of them.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PatchTemplate {
    #[schema(max_length = 60)]
    pub name: Option<String>,
    pub kind: Option<String>,
    pub steps: Option<Vec<NewStep>>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<i64>)]
    pub min_stay_s: Option<Option<i64>>,
    pub active: Option<bool>,
}

/// Tells a member that is null from one that is absent.
fn present<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Option<i64>>, D::Error> {
    Option::<i64>::deserialize(d).map(Some)
}

/// All task templates with their current steps.
#[utoipa::path(get, path = "/task-templates", tag = "work", responses((status = 200, body = Templates)))]
async fn list(State(kit): State<Kit>, caller: Caller) -> Answer<Templates> {
    ok(Templates { items: service::all(&mut kit.db.read(&caller.scope).await?).await? })
}

#[derive(Serialize, ToSchema)]
struct ReadyTemplates {
    items: Vec<ReadyTemplate>,
}

/// Ready sets of steps by trade, to begin a template with.
#[utoipa::path(get, path = "/task-templates/library", tag = "work", responses((status = 200, body = ReadyTemplates)))]
async fn ready() -> Answer<ReadyTemplates> {
    ok(ReadyTemplates { items: library::all() })
}

/// Makes a template.
#[utoipa::path(post, path = "/task-templates", tag = "work", request_body = NewTemplate,
    responses((status = 201, body = TaskTemplate), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn create(
    State(kit): State<Kit>,
    caller: Caller,
    Json(new): Json<NewTemplate>,
) -> Created<TaskTemplate> {
    let mut checks = Checks::new();
    checks.text("name", &new.name, 60).that("kind", KINDS.contains(&new.kind.as_str()));
    check_steps(&mut checks, "steps", &new.steps);
    check_stay(&mut checks, new.min_stay_s);
    checks.done()?;
    created(
        kit.db
            .write(&caller.scope, move |tx| Box::pin(async move { service::create(tx, new).await }))
            .await?,
    )
}

/// Changes a template. Tasks already planned keep the steps they were planned with.
#[utoipa::path(patch, path = "/task-templates/{id}", tag = "work", request_body = PatchTemplate, params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = TaskTemplate), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument)))]
async fn change(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(patch): Json<PatchTemplate>,
) -> Answer<TaskTemplate> {
    let mut checks = Checks::new();
    if let Some(name) = &patch.name {
        checks.text("name", name, 60);
    }
    checks.that("kind", patch.kind.as_deref().is_none_or(|k| KINDS.contains(&k)));
    check_steps(&mut checks, "steps", patch.steps.as_deref().unwrap_or(&[]));
    check_stay(&mut checks, patch.min_stay_s.flatten());
    checks.done()?;
    ok(kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move { service::change(tx, id, version, patch).await })
        })
        .await?)
}
