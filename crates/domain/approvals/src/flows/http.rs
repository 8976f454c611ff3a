use std::collections::BTreeMap;

use api::{
    Access, Answer, Caller, Checks, Created, IfMatch, Json, Kit, Path, Query, Routes,
    axum::{self, Extension, extract::State},
    created, ok, routes,
};
use base::Micros;
use db::Permission;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    difference::{self, FlowChange},
    foresee::{self, Foreseen},
    model::{Doc, FlowFault, FlowLine, FlowPage, FlowVersion, SubjectRef, fields_of},
    sql, store,
};
use crate::{Approvals, SubjectLine, staff::Staff};

pub(crate) fn routes(kit: &Kit) -> Routes {
    let write = Access::May(Permission::FlowWrite);
    Routes::new(kit)
        .at(write, routes!(list, create))
        .at(write, routes!(subjects))
        .at(write, routes!(check))
        .at(write, routes!(simulate))
        .at(write, routes!(one, change))
        .at(write, routes!(publish))
        .at(write, routes!(bind))
        .at(write, routes!(version))
        .at(write, routes!(compare))
}

type Shared = Extension<Approvals>;

#[derive(Serialize, ToSchema)]
struct FlowList {
    items: Vec<FlowLine>,
}

/// All flows of the company.
#[utoipa::path(get, path = "/flows", tag = "approvals", responses((status = 200, body = FlowList)))]
async fn list(State(kit): State<Kit>, Extension(approvals): Shared, caller: Caller) -> Answer<FlowList> {
    let mut r = kit.db.read(&caller.scope).await?;
    let subjects = approvals.0.all_subjects(&mut r).await?;
    ok(FlowList { items: sql::all(&mut r).await?.iter().map(|row| store::line(row, &subjects)).collect() })
}

#[derive(Serialize, ToSchema)]
struct FlowSubjects {
    items: Vec<SubjectLine>,
}

/// What flows can be for: published forms and whatever else is handed in for approval.
#[utoipa::path(get, path = "/flows/subjects", tag = "approvals", responses((status = 200, body = FlowSubjects)))]
async fn subjects(
    State(kit): State<Kit>,
    Extension(approvals): Shared,
    caller: Caller,
) -> Answer<FlowSubjects> {
    ok(FlowSubjects { items: approvals.0.all_subjects(&mut kit.db.read(&caller.scope).await?).await? })
}

/// A flow to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewFlow {
    id: Option<Uuid>,
    #[schema(max_length = 60)]
    name: String,
    subject: Option<SubjectRef>,
    /// A flow document: `{ "v": 1, "nodes": […] }`.
    #[schema(value_type = Object)]
    draft: Value,
}

/// Makes a flow with a draft.
#[utoipa::path(post, path = "/flows", tag = "approvals", request_body = NewFlow, responses((status = 201, body = FlowPage), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn create(
    State(kit): State<Kit>,
    Extension(approvals): Shared,
    caller: Caller,
    Json(new): Json<NewFlow>,
) -> Created<FlowPage> {
    Checks::new().text("name", &new.name, 60).done()?;
    let doc = Doc::read("draft", &new.draft)?;
    approvals.0.fields(&mut kit.db.read(&caller.scope).await?, new.subject.as_ref()).await?;
    let wanted = store::Wanted { name: new.name.trim().to_owned(), subject: new.subject, doc };
    let id = kit
        .db
        .write(&caller.scope, move |tx| Box::pin(async move { store::create(tx, new.id, &wanted).await }))
        .await?;
    created(store::page(&approvals.0, &mut kit.db.read(&caller.scope).await?, id).await?)
}

/// A document to be looked at.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CheckFlow {
    subject: Option<SubjectRef>,
    #[schema(value_type = Object)]
    doc: Value,
}

#[derive(Serialize, ToSchema)]
struct FlowFaults {
    faults: Vec<FlowFault>,
}

/// What keeps a document from being published. Stores nothing.
#[utoipa::path(post, path = "/flows/check", tag = "approvals", request_body = CheckFlow, responses((status = 200, body = FlowFaults), (status = 422, body = api::ProblemDocument)))]
async fn check(
    State(kit): State<Kit>,
    Extension(approvals): Shared,
    caller: Caller,
    Json(asked): Json<CheckFlow>,
) -> Answer<FlowFaults> {
    let doc = Doc::read("doc", &asked.doc)?;
    let mut r = kit.db.read(&caller.scope).await?;
    let fields = approvals.0.fields(&mut r, asked.subject.as_ref()).await?;
    let staff = Staff::read(&mut r, kit.now()).await?;
    ok(FlowFaults { faults: doc.faults(&fields_of(&fields), &staff) })
}

/// What is tried.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SimulateFlow {
    subject: Option<SubjectRef>,
    #[schema(value_type = Object)]
    doc: Value,
    requester_id: Uuid,
    /// Answers by field key.
    #[serde(default)]
    #[schema(value_type = Object)]
    values: Map<String, Value>,
    /// People the requester would choose, by step.
    #[serde(default)]
    chosen: BTreeMap<String, Vec<Uuid>>,
}

/// Who would get this? The way a case of this person with these values would take if everybody approved. Stores nothing.
#[utoipa::path(post, path = "/flows/simulate", tag = "approvals", request_body = SimulateFlow, responses((status = 200, body = Foreseen), (status = 404, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn simulate(
    State(kit): State<Kit>,
    Extension(approvals): Shared,
    caller: Caller,
    Json(asked): Json<SimulateFlow>,
) -> Answer<Foreseen> {
    let doc = Doc::read("doc", &asked.doc)?;
    let few = asked.chosen.len() <= 100 && asked.chosen.values().all(|c| c.len() <= 20);
    Checks::new().that("chosen", few).done()?;
    let mut r = kit.db.read(&caller.scope).await?;
    let fields = approvals.0.fields(&mut r, asked.subject.as_ref()).await?;
    let today = kit.now().local_day(&org::zone(&mut r).await?).to_string();
    let question = foresee::Question {
        doc,
        fields,
        requester: asked.requester_id,
        values: asked.values,
        chosen: asked.chosen,
    };
    ok(foresee::foresee(&mut r, kit.now(), today, question).await?)
}

/// A flow with its draft, the draft's faults, and its versions.
#[utoipa::path(get, path = "/flows/{id}", tag = "approvals", params(("id" = Uuid, Path)), responses((status = 200, body = FlowPage), (status = 404, body = api::ProblemDocument)))]
async fn one(
    State(kit): State<Kit>,
    Extension(approvals): Shared,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Answer<FlowPage> {
    ok(store::page(&approvals.0, &mut kit.db.read(&caller.scope).await?, id).await?)
}

/// What to change; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PatchFlow {
    #[schema(max_length = 60)]
    name: Option<String>,
    /// Another use takes the flow out of use until it is put to use again.
    subject: Option<SubjectRef>,
    #[schema(value_type = Option<Object>)]
    draft: Option<Value>,
    retired: Option<bool>,
}

/// Changes the draft, or retires the flow. What is published stays as it is, and so does what runs.
#[utoipa::path(patch, path = "/flows/{id}", tag = "approvals", request_body = PatchFlow, params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 200, body = FlowPage), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn change(
    State(kit): State<Kit>,
    Extension(approvals): Shared,
    caller: Caller,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(patch): Json<PatchFlow>,
) -> Answer<FlowPage> {
    if let Some(name) = &patch.name {
        Checks::new().text("name", name, 60).done()?;
    }
    let doc = patch.draft.as_ref().map(|d| Doc::read("draft", d)).transpose()?;
    approvals.0.fields(&mut kit.db.read(&caller.scope).await?, patch.subject.as_ref()).await?;
    let name = patch.name.map(|n| n.trim().to_owned());
    let change = store::Change { name, subject: patch.subject, doc, retired: patch.retired };
    kit.db
        .write(&caller.scope, move |tx| Box::pin(async move { store::change(tx, id, version, change).await }))
        .await?;
    ok(store::page(&approvals.0, &mut kit.db.read(&caller.scope).await?, id).await?)
}

/// What is said about a version.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PublishFlow {
    #[schema(max_length = 200)]
    note: Option<String>,
    /// From when on it is taken; absent or past: from now on.
    #[schema(value_type = Option<String>, format = DateTime)]
    from_at: Option<Micros>,
}

/// Publishes the draft as the next version, for what is handed in from then on. Running cases keep theirs.
#[utoipa::path(post, path = "/flows/{id}/publish", tag = "approvals", request_body = PublishFlow, params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 200, body = FlowPage), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn publish(
    State(kit): State<Kit>,
    Extension(approvals): Shared,
    caller: Caller,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(said): Json<PublishFlow>,
) -> Answer<FlowPage> {
    let dated = said.from_at.is_none_or(Micros::is_plausible);
    Checks::new().at_most("note", said.note.as_deref(), 200).that("from_at", dated).done()?;
    let mut r = kit.db.read(&caller.scope).await?;
    let page = store::page(&approvals.0, &mut r, id).await?;
    drop(r);
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let note = said.note.as_deref().map(str::trim).filter(|n| !n.is_empty());
                store::publish(tx, id, version, &page.fields, note, said.from_at).await
            })
        })
        .await?;
    ok(store::page(&approvals.0, &mut kit.db.read(&caller.scope).await?, id).await?)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BindFlow {
    on: bool,
}

/// Puts a flow to use for what it is for, in the place of any other, or takes it out of use. What runs goes on.
#[utoipa::path(put, path = "/flows/{id}/use", tag = "approvals", request_body = BindFlow, params(("id" = Uuid, Path)), responses((status = 200, body = FlowPage), (status = 404, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn bind(
    State(kit): State<Kit>,
    Extension(approvals): Shared,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(wanted): Json<BindFlow>,
) -> Answer<FlowPage> {
    let mut r = kit.db.read(&caller.scope).await?;
    let page = store::page(&approvals.0, &mut r, id).await?;
    drop(r);
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move { store::bind(tx, id, wanted.on, &page.fields).await })
        })
        .await?;
    ok(store::page(&approvals.0, &mut kit.db.read(&caller.scope).await?, id).await?)
}

/// A published version.
#[utoipa::path(get, path = "/flows/{id}/versions/{number}", tag = "approvals", params(("id" = Uuid, Path), ("number" = i64, Path)), responses((status = 200, body = FlowVersion), (status = 404, body = api::ProblemDocument)))]
async fn version(
    State(kit): State<Kit>,
    caller: Caller,
    Path((id, number)): Path<(Uuid, i64)>,
) -> Answer<FlowVersion> {
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
struct FlowDifference {
    changes: Vec<FlowChange>,
}

/// What changed from one version to another, or to the draft.
#[utoipa::path(get, path = "/flows/{id}/difference", tag = "approvals", params(("id" = Uuid, Path), CompareQuery), responses((status = 200, body = FlowDifference), (status = 404, body = api::ProblemDocument)))]
async fn compare(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Query(asked): Query<CompareQuery>,
) -> Answer<FlowDifference> {
    let mut r = kit.db.read(&caller.scope).await?;
    let old = store::doc_of(&mut r, id, asked.from).await?;
    let new = match asked.to {
        Some(number) => store::doc_of(&mut r, id, number).await?,
        None => store::draft_of(&mut r, id).await?,
    };
    ok(FlowDifference { changes: difference::between(&old.0, &new.0) })
}
