use api::{
    Access, Answer, Caller, Checks, Json, Kit, Path, Routes,
    axum::{self, extract::State},
    ok, routes,
};
use base::{Problem, problem};
use db::{Permission, Reach, Result};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{AttendanceMonth, Month};

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::OrgWrite), routes!(close))
        .at(Access::May(Permission::OrgWrite), routes!(reopen))
}

/// Whoever closes a month must see the whole company: it is closed for all.
fn whole_company(caller: &Caller) -> Result<()> {
    match caller.scope.reach() {
        Reach::Company => Ok(()),
        _ => Err(Problem::new(problem::FORBIDDEN).with("permission", Permission::OrgWrite.key())),
    }
}

/// Closes a month that is over: it stays as it is now.
#[utoipa::path(post, path = "/attendance/months/{month}/close", tag = "attendance", params(("month" = String, Path, description = "yyyy-mm")), responses((status = 200, body = AttendanceMonth), (status = 403, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn close(State(kit): State<Kit>, caller: Caller, Path(month): Path<String>) -> Answer<AttendanceMonth> {
    whole_company(&caller)?;
    let month = Month::parse(&month)?;
    ok(kit.db.write(&caller.scope, move |tx| Box::pin(async move { super::close(tx, month).await })).await?)
}

/// Why a month is opened again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Reopening {
    #[schema(max_length = 200)]
    reason: String,
}

/// Opens a closed month again: it is computed anew.
#[utoipa::path(post, path = "/attendance/months/{month}/reopen", tag = "attendance", request_body = Reopening, params(("month" = String, Path, description = "yyyy-mm")), responses((status = 200, body = AttendanceMonth), (status = 403, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn reopen(
    State(kit): State<Kit>,
    caller: Caller,
    Path(month): Path<String>,
    Json(input): Json<Reopening>,
) -> Answer<AttendanceMonth> {
    whole_company(&caller)?;
    Checks::new().text("reason", &input.reason, 200).done()?;
    let month = Month::parse(&month)?;
    let done = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move { super::reopen(tx, month, input.reason.trim()).await })
        })
        .await?;
    ok(done)
}
