//! Live map and playback.

use std::sync::Arc;

use api::{Access, Answer, Caller, Kit, Path, Query, Routes, axum, ok, routes};
use axum::{Extension, extract::State};
use base::{LocalDay, Problem, problem};
use db::{Permission, Result};
use ledger::Ledger;
use serde::Deserialize;
use tracking::Looked;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::{
    Insight, groups, health, home,
    live::{LiveBoard, LiveCounts, LivePerson, compose},
    mileage,
    playback::{Playback, playback},
    readiness, report, rights,
};

/// Routes under `/api/v1`.
pub fn routes(kit: &Kit, insight: &Insight, sessions: &Arc<org::Sessions>, log: &Arc<Ledger>) -> Routes {
    let (insight, sessions, log) = (insight.clone(), sessions.clone(), log.clone());
    Routes::new(kit)
        .at(Access::May(Permission::LiveRead), routes!(live))
        .at(Access::May(Permission::TrackRead), routes!(track))
        .at(Access::SignedIn, routes!(own_day))
        .merge(groups::routes(kit))
        .merge(report::routes(kit))
        .merge(mileage::routes(kit))
        .merge(rights::routes(kit))
        .merge(home::routes(kit))
        .merge(health::routes(kit))
        .merge(readiness::routes(kit))
        .map(|router| router.layer(Extension(insight)).layer(Extension(sessions)).layer(Extension(log)))
}

/// A day in an address; one that is no day answers like an unknown address.
pub(crate) fn day_of(text: &str) -> Result<LocalDay> {
    text.parse().map_err(|_| Problem::new(problem::NOT_FOUND))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct LiveFilter {
    department_id: Option<Uuid>,
    /// Only this person; then nobody else's ledger is written to.
    employee_id: Option<Uuid>,
}

/// Where everybody in reach is. Reading is written into each person's ledger.
#[utoipa::path(get, path = "/live", tag = "live", params(LiveFilter), responses((status = 200, body = LiveBoard), (status = 404, body = api::ProblemDocument)))]
async fn live(
    State(kit): State<Kit>,
    Extension(insight): Extension<Insight>,
    caller: Caller,
    Query(f): Query<LiveFilter>,
) -> Answer<LiveBoard> {
    let mut reader = kit.db.read(&caller.scope).await?;
    let people = match f.employee_id {
        Some(one) => vec![org::person(&mut reader, one).await?],
        None => org::people_of_department(&mut reader, f.department_id).await?,
    };
    drop(reader);
    let people = compose(&insight, caller.scope.tenant(), &people).await?;
    written_down(&insight, &caller, &people).await?;
    ok(LiveBoard { at: kit.now(), counts: LiveCounts::of(&people), people })
}

/// Writes into the ledgers of those whose place is about to be shown.
pub(crate) async fn written_down(insight: &Insight, caller: &Caller, people: &[LivePerson]) -> Result<()> {
    let shown: Vec<Uuid> =
        people.iter().filter(|p| p.at.is_some() || p.visit.is_some()).map(|p| p.employee.id).collect();
    let zone = insight.tracking().zone(caller.scope.tenant()).await?;
    let today = insight.db().now().local_day(&zone);
    insight.tracking().look(&caller.scope, Looked::Live, shown, today).await
}

/// A person's day played back. Reading is written into the person's ledger.
#[utoipa::path(get, path = "/tracks/{employee_id}/{day}", tag = "live", params(("employee_id" = Uuid, Path), ("day" = String, Path)), responses((status = 200, body = Playback), (status = 404, body = api::ProblemDocument)))]
async fn track(
    State(kit): State<Kit>,
    Extension(insight): Extension<Insight>,
    caller: Caller,
    Path((employee, day)): Path<(Uuid, String)>,
) -> Answer<Playback> {
    let day = day_of(&day)?;
    let person = org::person(&mut kit.db.read(&caller.scope).await?, employee).await?;
    insight.tracking().look(&caller.scope, Looked::Playback, [person.id], day).await?;
    ok(playback(&insight, caller.scope.tenant(), &person, day).await?)
}

/// My own day: the same as my manager sees.
#[utoipa::path(get, path = "/me/days/{day}", tag = "me", params(("day" = String, Path)), responses((status = 200, body = Playback), (status = 404, body = api::ProblemDocument)))]
async fn own_day(
    State(kit): State<Kit>,
    Extension(insight): Extension<Insight>,
    caller: Caller,
    Path(day): Path<String>,
) -> Answer<Playback> {
    let day = day_of(&day)?;
    let scope = caller.scope.own();
    let person = org::person(&mut kit.db.read(&scope).await?, scope.actor()).await?;
    ok(playback(&insight, scope.tenant(), &person, day).await?)
}
