//! One task to somebody else or to another day, from a list instead of the board.

use api::{
    Access, Answer, Caller, Checks, Json, Kit, Path, Routes,
    axum::{self, extract::State},
    ok, routes,
};
use base::{Problem, problem};
use db::Permission;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::hand_over::{Handed, Occasion, hand_over};
use crate::{CREW_TIED, NOT_OPEN, Task, model::Spot, plans, tasks};

pub(super) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit).at(Access::May(Permission::TaskWrite), routes!(relocate))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TaskMove)]
struct Move {
    to: Spot,
    /// As it was seen: nobody overwrites another's change.
    was: Spot,
}

/// Gives a task that has not begun to somebody else, or to another day: it leaves the plan it is in and joins that of the other
/// day where it costs the least way. Both people are told. One that is there already stays as it is.
#[utoipa::path(post, path = "/tasks/{id}/move", tag = "work", request_body = Move, params(("id" = Uuid, Path)),
    responses((status = 200, body = Task), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn relocate(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(Move { to, was }): Json<Move>,
) -> Answer<Task> {
    let mut r = kit.db.read(&caller.scope).await?;
    let row = tasks::sql::one(&mut r, id).await?;
    let today = kit.now().local_day(&org::zone(&mut r).await?);
    let now = Spot { employee_id: row.employee_id, day: row.day };
    if now != to {
        plans::worker(&mut r, to.employee_id).await?;
        Checks::new().that("to.day", (today..=today.plus_days(366)).contains(&to.day)).done()?;
    }
    drop(r);
    if now != to {
        if now != was {
            return Err(Problem::new(problem::VERSION).into());
        }
        if row.day < today || !tasks::waits(row.kept()) {
            return Err(Problem::new(NOT_OPEN).into());
        }
        // Those who go together go on one day.
        if now.day != to.day && row.crew_id.is_some() {
            return Err(Problem::new(CREW_TIED).into());
        }
        let handed = Handed { task: id, version: row.version, to: to.employee_id, day: Some(to.day) };
        let occasion = Occasion { action: "task.move", subject: "task", id };
        hand_over(&kit, &caller.scope, &[handed], occasion).await?;
    }
    ok(tasks::service::by_id(&mut kit.db.read(&caller.scope).await?, id, kit.now()).await?)
}
