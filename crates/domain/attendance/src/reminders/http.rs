use api::{
    Access, Answer, Caller, Json, Kit, Routes,
    axum::{self, extract::State},
    ok, routes,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::sql;

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit).at(Access::SignedIn, routes!(set))
}

/// Whether one is reminded of missing punches.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PunchReminders {
    on: bool,
}

/// Switches one's own reminders on or off.
#[utoipa::path(put, path = "/me/attendance-reminders", tag = "me", request_body = PunchReminders, responses((status = 200, body = PunchReminders), (status = 422, body = api::ProblemDocument)))]
async fn set(
    State(kit): State<Kit>,
    caller: Caller,
    Json(wanted): Json<PunchReminders>,
) -> Answer<PunchReminders> {
    let off = !wanted.on;
    kit.db
        .write(&caller.scope.own(), move |tx| {
            Box::pin(async move { sql::set_silent(tx, off).await.map(drop) })
        })
        .await?;
    ok(wanted)
}
