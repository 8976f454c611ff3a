use api::{
    Access, Answer, Caller, Failure, Json, Kit, Page, PageQuery, Path, Query, Routes, axum, ok, routes,
};
use axum::{extract::State, http::StatusCode};
use base::Problem;
use db::Permission;
use org::Ref;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    DeviceKey, DeviceStatus,
    enrol::{self, NewDeviceKey},
    sql::{self, KeyRow},
};

/// Routes under `/api/v1`.
pub fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::SignedIn, routes!(mine, enrol_mine))
        .at(Access::SignedIn, routes!(revoke))
        .at(Access::May(Permission::VisitRead), routes!(list))
        .merge(crate::passkeys::routes(kit))
}

fn shown(k: KeyRow) -> DeviceKey {
    DeviceKey {
        id: k.id,
        employee: Ref { id: k.employee_id, name: k.employee_name },
        name: k.name,
        device_id: k.device_id,
        status: DeviceStatus::of(&k.status),
        enrolled_at: k.enrolled_at,
        decided_at: k.decided_at,
        decided_by: k.decided_by.map(|id| Ref { id, name: k.decided_name.unwrap_or_default() }),
        reason: k.reason,
        seen_at: k.seen_at,
        seals: k.head_seq.map_or(0, |seq| seq + 1),
        others: k.others,
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct KeyQuery {
    /// waiting, accepted, refused or revoked.
    status: Option<String>,
    employee_id: Option<Uuid>,
    limit: Option<i64>,
    cursor: Option<String>,
}

/// Phones that sign for people in reach, newest first.
#[utoipa::path(get, path = "/device-keys", tag = "devices", params(KeyQuery), responses((status = 200, body = Page<DeviceKey>)))]
async fn list(State(kit): State<Kit>, caller: Caller, Query(q): Query<KeyQuery>) -> Answer<Page<DeviceKey>> {
    let limit = PageQuery::rows(q.limit);
    let before = api::cursor_decode(&q.cursor)?;
    let mut r = kit.db.read(&caller.scope).await?;
    let rows = sql::list(&mut r, q.status.as_deref(), q.employee_id, before, limit + 1).await?;
    let items = rows.into_iter().map(shown).collect();
    ok(Page::from_rows(items, limit, |k: &DeviceKey| (k.enrolled_at.0, k.id)))
}

/// A phone in reach.
///
/// # Errors
/// What lies out of reach as missing.
pub async fn key(q: &mut impl db::Query, id: Uuid) -> db::Result<DeviceKey> {
    Ok(shown(sql::one(q, id).await?))
}

/// The own phones.
#[derive(Serialize, ToSchema)]
struct MyDeviceKeys {
    items: Vec<DeviceKey>,
}

#[utoipa::path(get, path = "/me/device-keys", tag = "devices", responses((status = 200, body = MyDeviceKeys)))]
async fn mine(State(kit): State<Kit>, caller: Caller) -> Answer<MyDeviceKeys> {
    let mut r = kit.db.read(&caller.scope.own()).await?;
    let rows = sql::list(&mut r, None, None, None, 200).await?;
    ok(MyDeviceKeys { items: rows.into_iter().map(shown).collect() })
}

/// Enrols the phone the person is signed in on. The first one is accepted at once.
#[utoipa::path(post, path = "/me/device-keys", tag = "devices", request_body = NewDeviceKey, responses((status = 200, body = DeviceKey), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument), (status = 429, body = api::ProblemDocument)))]
async fn enrol_mine(
    State(kit): State<Kit>,
    caller: Caller,
    Json(input): Json<NewDeviceKey>,
) -> Answer<DeviceKey> {
    let own = caller.scope.own();
    let id = kit.db.write(&own, move |tx| Box::pin(async move { enrol::enrol(tx, input).await })).await?;
    let row = sql::mine(&mut kit.db.read(&own).await?, id).await?;
    ok(row.map(shown).ok_or_else(|| Problem::internal("a key that was just enrolled"))?)
}

/// Gives up a phone: what it records from now on needs a word.
#[utoipa::path(delete, path = "/me/device-keys/{id}", tag = "devices", params(("id" = Uuid, Path)), responses((status = 204), (status = 404, body = api::ProblemDocument)))]
async fn revoke(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> std::result::Result<StatusCode, Failure> {
    let own = caller.scope.own();
    kit.db.write(&own, move |tx| Box::pin(async move { enrol::revoke(tx, id).await })).await?;
    Ok(StatusCode::NO_CONTENT)
}
