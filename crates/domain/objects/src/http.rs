use api::{
    Access, Answer, Caller, Checks, Created, IfMatch, Json, Kit, Path, Routes,
    axum::{self, extract::State},
    created, ok, routes,
};
use db::{Permission, Result};
use formbook::Spec;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    definition::{self, Change, NewObject},
    grants::{Grants, ObjectGrant},
    model::{MyObject, ObjectDefinition, ObjectFace, ObjectLine, Text},
};

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::FormWrite), routes!(designed))
        .at(Access::May(Permission::FormWrite), routes!(create))
        .at(Access::May(Permission::FormWrite), routes!(one))
        .at(Access::May(Permission::FormWrite), routes!(change))
        .at(Access::SignedIn, routes!(usable))
        .at(Access::SignedIn, routes!(face))
}

#[derive(Serialize, ToSchema)]
struct ObjectLines {
    items: Vec<ObjectLine>,
}

/// All objects of the company, as their designers see them.
#[utoipa::path(get, path = "/object-definitions", tag = "objects", responses((status = 200, body = ObjectLines)))]
async fn designed(State(kit): State<Kit>, caller: Caller) -> Answer<ObjectLines> {
    ok(ObjectLines { items: definition::all(&mut kit.db.read(&caller.scope).await?).await? })
}

/// An object to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewObjectInput {
    id: Option<Uuid>,
    /// A lower-case letter, then letters, digits and underscores; never changes.
    #[schema(max_length = 40)]
    key: String,
    /// By language.
    name: Text,
    /// Name of an icon of the console.
    #[schema(max_length = 40)]
    icon: String,
    /// Pattern of the numbers; absent: the key in capitals, the month, four digits.
    #[schema(max_length = 40)]
    numbering: Option<String>,
    /// A FormSpec to begin with.
    #[schema(value_type = Object)]
    spec: Value,
}

/// Makes an object with the draft of its fields. It is used as soon as they are published (`/forms/{id}/publish`).
#[utoipa::path(post, path = "/object-definitions", tag = "objects", request_body = NewObjectInput, responses((status = 201, body = ObjectDefinition), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn create(
    State(kit): State<Kit>,
    caller: Caller,
    Json(new): Json<NewObjectInput>,
) -> Created<ObjectDefinition> {
    Checks::new().that("key", formbook::is_key(&new.key)).done()?;
    let said = Change {
        name: Some(new.name.clone()),
        icon: Some(new.icon.clone()),
        numbering: new.numbering.clone(),
        ..Change::default()
    };
    definition::check(&said)?;
    let spec = Spec::read("spec", &new.spec)?;
    let new = NewObject {
        id: new.id,
        key: new.key,
        name: new.name,
        icon: new.icon,
        numbering: new.numbering,
        spec,
    };
    let made = kit
        .db
        .write(&caller.scope, move |tx| Box::pin(async move { definition::create(tx, new).await }))
        .await?;
    created(made)
}

/// An object as it is designed.
#[utoipa::path(get, path = "/object-definitions/{id}", tag = "objects", params(("id" = Uuid, Path)), responses((status = 200, body = ObjectDefinition), (status = 404, body = api::ProblemDocument)))]
async fn one(State(kit): State<Kit>, caller: Caller, Path(id): Path<Uuid>) -> Answer<ObjectDefinition> {
    let now = kit.now();
    ok(definition::definition(&mut kit.db.read(&caller.scope).await?, id, now).await?)
}

/// Tells an absent member from one that is null.
fn said<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(from).map(Some)
}

/// What to change; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PatchObject {
    name: Option<Text>,
    #[schema(max_length = 40)]
    icon: Option<String>,
    /// Null: the number names a record.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    title_field: Option<Option<String>>,
    #[schema(max_items = 20)]
    columns: Option<Vec<String>>,
    #[schema(max_length = 40)]
    numbering: Option<String>,
    /// By key of the role; replaces all.
    #[schema(value_type = Option<std::collections::BTreeMap<String, ObjectGrant>>)]
    grants: Option<Grants>,
    /// No new records.
    retired: Option<bool>,
}

/// Changes an object's name, list, numbers and grants, or retires it. Holds at once; numbers given stay.
#[utoipa::path(patch, path = "/object-definitions/{id}", tag = "objects", request_body = PatchObject, params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 200, body = ObjectDefinition), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn change(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(p): Json<PatchObject>,
) -> Answer<ObjectDefinition> {
    let change = Change {
        name: p.name,
        icon: p.icon,
        title_field: p.title_field,
        columns: p.columns,
        numbering: p.numbering,
        grants: p.grants,
        retired: p.retired,
    };
    definition::check(&change)?;
    ok(kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move { definition::change(tx, id, version, change).await })
        })
        .await?)
}

#[derive(Serialize, ToSchema)]
struct MyObjects {
    items: Vec<MyObject>,
}

/// The published objects the acting person may use, with what he may.
#[utoipa::path(get, path = "/objects", tag = "objects", responses((status = 200, body = MyObjects)))]
async fn usable(State(kit): State<Kit>, caller: Caller) -> Answer<MyObjects> {
    let used = definition::used_all(&mut kit.db.read(&caller.scope).await?).await?;
    ok(MyObjects { items: used.iter().map(definition::shown).collect::<Result<_>>()? })
}

/// One of them with its fields, in the version new records are filled in with.
#[utoipa::path(get, path = "/objects/{key}", tag = "objects", params(("key" = String, Path)), responses((status = 200, body = ObjectFace), (status = 404, body = api::ProblemDocument)))]
async fn face(State(kit): State<Kit>, caller: Caller, Path(key): Path<String>) -> Answer<ObjectFace> {
    let mut r = kit.db.read(&caller.scope).await?;
    let used = definition::used(&mut r, &key).await?;
    ok(definition::face(&mut r, &used).await?)
}
