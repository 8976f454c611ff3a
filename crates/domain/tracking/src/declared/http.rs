//! Declaring leave and overtime for others, and private trips for oneself.

use api::{
    Access, Answer, Caller, Created, Json, Kit, Path, Routes,
    axum::{self, Extension, extract::State},
    created, ok, routes,
};
use base::{Micros, Problem, problem};
use db::{Permission, Result, Tx};
use org::{
    DutyEntry, DutyKind,
    declared::{NewEntry, declare, end_private, revoke},
};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::Tracking;

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::TaskWrite), routes!(declare_for))
        .at(Access::May(Permission::TaskWrite), routes!(take_back))
        .at(Access::May(Permission::FieldWork), routes!(begin_private))
        .at(Access::May(Permission::FieldWork), routes!(end_own))
}

/// Leave or overtime of a person.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewDutyEntry {
    id: Option<Uuid>,
    /// leave or overtime; a private trip is declared by its owner alone.
    kind: DutyKind,
    #[schema(value_type = String, format = DateTime)]
    from: Micros,
    #[schema(value_type = String, format = DateTime)]
    to: Micros,
    #[schema(max_length = 200)]
    note: Option<String>,
}

/// Stores a declaration and removes what was recorded in its time.
async fn stored<F>(kit: &Kit, tracking: &Tracking, scope: &db::Scope, work: F) -> Result<DutyEntry>
where
    F: for<'a> FnOnce(&'a mut Tx) -> db::BoxFuture<'a, Result<DutyEntry>> + Send + 'static,
{
    let entry = kit.db.write(scope, work).await?;
    tracking.sweep_declared(scope.tenant()).await?;
    Ok(entry)
}

/// Declares leave or overtime. Positions recorded in the time of leave are removed and only counted; what was refused
/// before overtime was declared stays refused.
#[utoipa::path(post, path = "/employees/{id}/duty-entries", tag = "org", request_body = NewDutyEntry, params(("id" = Uuid, Path)), responses((status = 201, body = DutyEntry), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn declare_for(
    State(kit): State<Kit>,
    Extension(tracking): Extension<Tracking>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(new): Json<NewDutyEntry>,
) -> Created<DutyEntry> {
    if new.kind == DutyKind::Private {
        return Err(Problem::new(problem::INVALID)
            .with("reason", "kind")
            .field("kind", problem::BAD_VALUE)
            .into());
    }
    let entry = NewEntry {
        id: new.id,
        employee: id,
        kind: new.kind,
        from: new.from,
        to: Some(new.to),
        note: new.note.filter(|n| !n.trim().is_empty()),
    };
    created(
        stored(&kit, &tracking, &caller.scope, move |tx| Box::pin(async move { declare(tx, entry).await }))
            .await?,
    )
}

/// Takes leave or overtime back. Positions removed because of leave do not come back.
#[utoipa::path(post, path = "/duty-entries/{id}/revoke", tag = "org", params(("id" = Uuid, Path)), responses((status = 200, body = DutyEntry), (status = 404, body = api::ProblemDocument)))]
async fn take_back(State(kit): State<Kit>, caller: Caller, Path(id): Path<Uuid>) -> Answer<DutyEntry> {
    ok(kit.db.write(&caller.scope, move |tx| Box::pin(async move { revoke(tx, id).await })).await?)
}

/// A private trip of one's own.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPrivateTrip {
    id: Option<Uuid>,
    /// Now, when left out; at most 7 days back.
    #[schema(value_type = Option<String>, format = DateTime)]
    from: Option<Micros>,
    /// Left out while the trip goes on; it ends by itself with its day.
    #[schema(value_type = Option<String>, format = DateTime)]
    to: Option<Micros>,
}

/// Declares a private trip: from its beginning nothing is recorded, and what was recorded since then is removed.
#[utoipa::path(post, path = "/me/private-trips", tag = "me", request_body = NewPrivateTrip, responses((status = 201, body = DutyEntry), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn begin_private(
    State(kit): State<Kit>,
    Extension(tracking): Extension<Tracking>,
    caller: Caller,
    Json(new): Json<NewPrivateTrip>,
) -> Created<DutyEntry> {
    let scope = caller.scope.own();
    let entry = NewEntry {
        id: new.id,
        employee: scope.actor(),
        kind: DutyKind::Private,
        from: new.from.unwrap_or_else(|| kit.now()),
        to: new.to,
        note: None,
    };
    created(
        stored(&kit, &tracking, &scope, move |tx| Box::pin(async move { declare(tx, entry).await })).await?,
    )
}

/// Ends a private trip now.
#[utoipa::path(post, path = "/me/private-trips/{id}/end", tag = "me", params(("id" = Uuid, Path)), responses((status = 200, body = DutyEntry), (status = 409, body = api::ProblemDocument)))]
async fn end_own(
    State(kit): State<Kit>,
    Extension(tracking): Extension<Tracking>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Answer<DutyEntry> {
    let (scope, now) = (caller.scope.own(), kit.now());
    ok(stored(&kit, &tracking, &scope, move |tx| Box::pin(async move { end_private(tx, id, now).await }))
        .await?)
}
