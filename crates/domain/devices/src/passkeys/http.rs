use api::{Access, Answer, Caller, Failure, Json, Kit, Path, Query, Routes, axum, ok, routes};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
};
use base::Problem;
use db::Permission;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{Passkey, service, sql};
use crate::BAD_PASSKEY;

/// Routes under `/api/v1`.
pub fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::SignedIn, routes!(mine, enrol))
        .at(Access::SignedIn, routes!(give_up))
        .at(Access::May(Permission::VisitRead), routes!(list))
        .at(Access::May(Permission::OrgWrite), routes!(withdraw))
}

/// A new passkey, to be kept for the person who is signed in. Bytes in base64url without padding.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPasskey {
    /// Made by the phone (UUIDv7).
    pub id: Uuid,
    #[schema(max_length = 80)]
    pub name: String,
    /// The random word of the server it was asked with: that of a snapshot of the last ten minutes.
    #[schema(max_length = 200)]
    pub nonce: String,
    #[schema(max_length = 2000)]
    pub client_data: String,
    #[schema(max_length = 4000)]
    pub authenticator_data: String,
}

/// The own passkeys, and the host they belong to.
#[derive(Serialize, ToSchema)]
struct MyPasskeys {
    rp_id: String,
    items: Vec<Passkey>,
}

/// The page's origin by which the server is reached.
fn origin(kit: &Kit, headers: &HeaderMap) -> String {
    let url = kit.public_url(headers);
    match url.split_once("://") {
        Some((scheme, rest)) => format!("{scheme}://{}", rest.split('/').next().unwrap_or_default()),
        None => url,
    }
}

#[utoipa::path(get, path = "/me/passkeys", tag = "devices", responses((status = 200, body = MyPasskeys)))]
async fn mine(State(kit): State<Kit>, caller: Caller, headers: HeaderMap) -> Answer<MyPasskeys> {
    let own = caller.scope.own();
    let rows = sql::list(&mut kit.db.read(&own).await?, Some(own.actor())).await?;
    let origin = origin(&kit, &headers);
    let rp_id = service::host(&origin).unwrap_or_default().to_owned();
    ok(MyPasskeys { rp_id, items: rows.into_iter().map(sql::PasskeyRow::shown).collect() })
}

/// Keeps a new passkey; the same again answers as before.
#[utoipa::path(post, path = "/me/passkeys", tag = "devices", request_body = NewPasskey, responses((status = 200, body = Passkey), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument), (status = 429, body = api::ProblemDocument)))]
async fn enrol(
    State(kit): State<Kit>,
    caller: Caller,
    headers: HeaderMap,
    Json(new): Json<NewPasskey>,
) -> Answer<Passkey> {
    let (own, id, origin) = (caller.scope.own(), new.id, origin(&kit, &headers));
    kit.db.write(&own, move |tx| Box::pin(async move { service::enrol(tx, new, &origin).await })).await?;
    let row = sql::one(&mut kit.db.read(&own).await?, id).await.map_err(|_| Problem::new(BAD_PASSKEY))?;
    ok(row.shown())
}

/// Gives up a passkey of one's own.
#[utoipa::path(delete, path = "/me/passkeys/{id}", tag = "devices", params(("id" = Uuid, Path)), responses((status = 204), (status = 404, body = api::ProblemDocument)))]
async fn give_up(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> std::result::Result<StatusCode, Failure> {
    let own = caller.scope.own();
    kit.db.write(&own, move |tx| Box::pin(async move { service::withdraw(tx, id).await })).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct PasskeyQuery {
    employee_id: Option<Uuid>,
}

#[derive(Serialize, ToSchema)]
struct Passkeys {
    items: Vec<Passkey>,
}

/// Passkeys of people in reach, newest first.
#[utoipa::path(get, path = "/passkeys", tag = "devices", params(PasskeyQuery), responses((status = 200, body = Passkeys)))]
async fn list(State(kit): State<Kit>, caller: Caller, Query(q): Query<PasskeyQuery>) -> Answer<Passkeys> {
    let rows = sql::list(&mut kit.db.read(&caller.scope).await?, q.employee_id).await?;
    ok(Passkeys { items: rows.into_iter().map(sql::PasskeyRow::shown).collect() })
}

/// Withdraws somebody's passkey: what it says from now on does not count.
#[utoipa::path(delete, path = "/passkeys/{id}", tag = "devices", params(("id" = Uuid, Path)), responses((status = 204), (status = 404, body = api::ProblemDocument)))]
async fn withdraw(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> std::result::Result<StatusCode, Failure> {
    kit.db.write(&caller.scope, move |tx| Box::pin(async move { service::withdraw(tx, id).await })).await?;
    Ok(StatusCode::NO_CONTENT)
}
