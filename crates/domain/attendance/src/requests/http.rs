use api::{
    Access, Answer, Caller, Created, Json, Kit, Page, PageQuery, Path, Query, Routes,
    axum::{self, extract::State},
    created, ok, routes,
};
use base::{Problem, problem};
use db::{Permission, Result};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::{AttendanceRequest, NewRequest, RequestKind, service, sql};

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::ReportRead), routes!(list))
        .at(Access::SignedIn, routes!(own))
        .at(Access::SignedIn, routes!(ask))
        .at(Access::SignedIn, routes!(take_back))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct RequestQuery {
    /// running, returned, approved, rejected, withdrawn or cancelled.
    status: Option<String>,
    kind: Option<RequestKind>,
    employee_id: Option<Uuid>,
    department_id: Option<Uuid>,
    limit: Option<i64>,
    cursor: Option<String>,
}

/// Requests of people in reach, newest first. They are decided among the approvals.
#[utoipa::path(get, path = "/attendance-requests", tag = "attendance", params(RequestQuery), responses((status = 200, body = Page<AttendanceRequest>)))]
async fn list(
    State(kit): State<Kit>,
    caller: Caller,
    Query(f): Query<RequestQuery>,
) -> Answer<Page<AttendanceRequest>> {
    let limit = PageQuery::rows(f.limit);
    let after = api::cursor_decode(&f.cursor)?;
    let filter = sql::Filter {
        status: f.status,
        kind: f.kind.map(|k| k.key().to_owned()),
        person: f.employee_id,
        department: f.department_id,
    };
    let mut r = kit.db.read(&caller.scope).await?;
    let rows = sql::list(&mut r, &filter, after, limit + 1).await?;
    let shown = service::shown(&mut r, rows).await?;
    ok(Page::from_rows(shown, limit, |a: &AttendanceRequest| (a.created_at.0, a.id)))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct OwnRequestQuery {
    limit: Option<i64>,
}

/// One's own requests, newest first.
#[utoipa::path(get, path = "/me/attendance-requests", tag = "me", params(OwnRequestQuery), responses((status = 200, body = Page<AttendanceRequest>)))]
async fn own(
    State(kit): State<Kit>,
    caller: Caller,
    Query(f): Query<OwnRequestQuery>,
) -> Answer<Page<AttendanceRequest>> {
    let mut r = kit.db.read(&caller.scope.own()).await?;
    let rows = sql::of_person(&mut r, caller.scope.actor(), PageQuery::rows(f.limit)).await?;
    ok(Page { items: service::shown(&mut r, rows).await?, next_cursor: None, total: None })
}

async fn one(q: &mut impl db::Query, id: Uuid) -> Result<AttendanceRequest> {
    let row = sql::one(q, id).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    let mut shown = service::shown(q, vec![row]).await?;
    shown.pop().ok_or_else(|| Problem::new(problem::NOT_FOUND))
}

/// Asks for leave, overtime, a trip or a correction, or for the end of one of them.
#[utoipa::path(post, path = "/me/attendance-requests", tag = "me", request_body = NewRequest, responses((status = 201, body = AttendanceRequest), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn ask(
    State(kit): State<Kit>,
    caller: Caller,
    Json(new): Json<NewRequest>,
) -> Created<AttendanceRequest> {
    let made = kit
        .db
        .write(&caller.scope.own(), move |tx| {
            Box::pin(async move {
                let id = service::hand_in(tx, new).await?;
                one(tx, id).await
            })
        })
        .await?;
    created(made)
}

/// Takes back what is not decided yet.
#[utoipa::path(post, path = "/me/attendance-requests/{id}/withdraw", tag = "me", params(("id" = Uuid, Path)), responses((status = 200, body = AttendanceRequest), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument)))]
async fn take_back(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Answer<AttendanceRequest> {
    let left = kit
        .db
        .write(&caller.scope.own(), move |tx| {
            Box::pin(async move {
                service::withdraw(tx, id).await?;
                one(tx, id).await
            })
        })
        .await?;
    ok(left)
}
