use api::{
    Access, Answer, Caller, Checks, Created, IfMatch, Json, Kit, Path, Query, Routes,
    axum::{self, extract::State},
    created, ok, routes,
};
use base::Problem;
use db::{Permission, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    difference::{self, FormChange},
    library::{self, LibraryForm},
    model::{FormLine, FormPage, FormVersion, Purpose, Spec, SpecFault, is_key},
    sql, store,
};

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::TaskRead), routes!(list))
        .at(Access::May(Permission::FormWrite), routes!(create))
        .at(Access::May(Permission::TaskRead), routes!(ready))
        .at(Access::May(Permission::FormWrite), routes!(check))
        .at(Access::May(Permission::TaskRead), routes!(one))
        .at(Access::May(Permission::FormWrite), routes!(change))
        .at(Access::May(Permission::FormWrite), routes!(publish))
        .at(Access::May(Permission::TaskRead), routes!(version))
        .at(Access::May(Permission::TaskRead), routes!(compare))
}

#[derive(Serialize, ToSchema)]
struct FormList {
    items: Vec<FormLine>,
}

/// All forms of the company, with how often they were filled in within the reader's reach.
#[utoipa::path(get, path = "/forms", tag = "forms", responses((status = 200, body = FormList)))]
async fn list(State(kit): State<Kit>, caller: Caller) -> Answer<FormList> {
    let rows = sql::all(&mut kit.db.read(&caller.scope).await?).await?;
    ok(FormList { items: rows.into_iter().map(store::line).collect::<Result<_>>()? })
}

#[derive(Serialize, ToSchema)]
struct Library {
    items: Vec<LibraryForm>,
}

/// Ready forms to begin with.
#[utoipa::path(get, path = "/forms/library", tag = "forms", responses((status = 200, body = Library)))]
async fn ready(_: Caller) -> Answer<Library> {
    ok(Library { items: library::all() })
}

/// A form to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewForm {
    id: Option<Uuid>,
    /// A lower-case letter, then letters, digits and underscores; never changes.
    #[schema(max_length = 40)]
    key: String,
    /// A FormSpec: title, fields, sections and lists.
    #[schema(value_type = Object)]
    spec: Value,
}

/// Makes a form with a draft.
#[utoipa::path(post, path = "/forms", tag = "forms", request_body = NewForm, responses((status = 201, body = FormPage), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn create(State(kit): State<Kit>, caller: Caller, Json(new): Json<NewForm>) -> Created<FormPage> {
    Checks::new().that("key", is_key(&new.key)).done()?;
    let spec = Spec::read("spec", &new.spec)?;
    let made = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move { store::create(tx, new.id, Purpose::Step, &new.key, &spec).await })
        })
        .await?;
    created(made)
}

/// A spec to be looked at.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CheckForm {
    /// A FormSpec.
    #[schema(value_type = Object)]
    spec: Value,
}

#[derive(Serialize, ToSchema)]
struct FormFaults {
    faults: Vec<SpecFault>,
}

/// What keeps a spec from being published. Stores nothing.
#[utoipa::path(post, path = "/forms/check", tag = "forms", request_body = CheckForm, responses((status = 200, body = FormFaults), (status = 422, body = api::ProblemDocument)))]
async fn check(_: Caller, Json(asked): Json<CheckForm>) -> Answer<FormFaults> {
    let spec = Spec::read("spec", &asked.spec)?;
    let faults = tokio::task::spawn_blocking(move || spec.faults(Purpose::Step, ""))
        .await
        .map_err(Problem::internal)?;
    ok(FormFaults { faults })
}

/// A form with its draft, the draft's faults, and its versions.
#[utoipa::path(get, path = "/forms/{id}", tag = "forms", params(("id" = Uuid, Path)), responses((status = 200, body = FormPage), (status = 404, body = api::ProblemDocument)))]
async fn one(State(kit): State<Kit>, caller: Caller, Path(id): Path<Uuid>) -> Answer<FormPage> {
    ok(store::page(&mut kit.db.read(&caller.scope).await?, id).await?)
}

/// What to change; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PatchForm {
    /// The draft, a FormSpec.
    #[schema(value_type = Option<Object>)]
    spec: Option<Value>,
    retired: Option<bool>,
    /// May it be filled in outside visits with ODK Collect?
    collect: Option<bool>,
}

/// Changes the draft, or retires the form. What is published stays as it is.
#[utoipa::path(patch, path = "/forms/{id}", tag = "forms", request_body = PatchForm, params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 200, body = FormPage), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn change(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(patch): Json<PatchForm>,
) -> Answer<FormPage> {
    let spec = patch.spec.as_ref().map(|s| Spec::read("spec", s)).transpose()?;
    ok(kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move { store::change(tx, id, version, spec, patch.retired, patch.collect).await })
        })
        .await?)
}

/// What is said about a version.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PublishForm {
    #[schema(max_length = 200)]
    note: Option<String>,
}

/// Publishes the draft as the next version, for what is planned from now on. To go back, take an older version's spec
/// as the draft and publish it anew.
#[utoipa::path(post, path = "/forms/{id}/publish", tag = "forms", request_body = PublishForm, params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 200, body = FormPage), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn publish(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(said): Json<PublishForm>,
) -> Answer<FormPage> {
    Checks::new().at_most("note", said.note.as_deref(), 200).done()?;
    ok(kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let note = said.note.as_deref().map(str::trim).filter(|n| !n.is_empty());
                store::publish(tx, id, version, note).await
            })
        })
        .await?)
}

/// A published version.
#[utoipa::path(get, path = "/forms/{id}/versions/{number}", tag = "forms", params(("id" = Uuid, Path), ("number" = i64, Path)), responses((status = 200, body = FormVersion), (status = 404, body = api::ProblemDocument)))]
async fn version(
    State(kit): State<Kit>,
    caller: Caller,
    Path((id, number)): Path<(Uuid, i64)>,
) -> Answer<FormVersion> {
    ok(store::version(&mut kit.db.read(&caller.scope).await?, id, number).await?)
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct CompareQuery {
    /// The older version.
    from: i64,
    /// The newer one; absent: the draft.
    to: Option<i64>,
}

#[derive(Serialize, ToSchema)]
struct FormDifference {
    changes: Vec<FormChange>,
}

/// What changed from one version to another, or to the draft.
#[utoipa::path(get, path = "/forms/{id}/difference", tag = "forms", params(("id" = Uuid, Path), CompareQuery), responses((status = 200, body = FormDifference), (status = 404, body = api::ProblemDocument)))]
async fn compare(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Query(asked): Query<CompareQuery>,
) -> Answer<FormDifference> {
    let mut r = kit.db.read(&caller.scope).await?;
    let old = store::spec_of(&mut r, id, asked.from).await?;
    let new = match asked.to {
        Some(number) => store::spec_of(&mut r, id, number).await?,
        None => Spec::stored(&sql::draft(&mut r, id).await?)?,
    };
    ok(FormDifference { changes: difference::between(&old.0, &new.0) })
}
