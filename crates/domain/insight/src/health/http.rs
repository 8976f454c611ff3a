use api::{Access, Answer, Caller, Kit, PageQuery, Query, Routes, axum, ok, routes};
use axum::{Extension, extract::State};
use base::{LocalDay, Problem, problem};
use db::{Permission, Result};
use serde::Deserialize;
use tracking::Looked;
use utoipa::IntoParams;
use uuid::Uuid;

use super::{Advice, TrackingHealth, TrackingHealthBoard, service};
use crate::Insight;

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::LiveRead), routes!(of_team))
        .at(Access::SignedIn, routes!(own))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct HealthFilter {
    /// `yyyy-mm-dd`; today when left out.
    day: Option<String>,
    department_id: Option<Uuid>,
    limit: Option<i64>,
    cursor: Option<String>,
}

/// Rank, name and id: the order of the list.
type Place = (Option<Advice>, String, Uuid);

/// How well everybody in reach is recorded, those who need help first. Reading is written into each shown
/// person's ledger.
#[utoipa::path(get, path = "/tracking/health", tag = "live", params(HealthFilter), responses((status = 200, body = TrackingHealthBoard), (status = 422, body = api::ProblemDocument)))]
async fn of_team(
    State(kit): State<Kit>,
    Extension(insight): Extension<Insight>,
    caller: Caller,
    Query(f): Query<HealthFilter>,
) -> Answer<TrackingHealthBoard> {
    let tenant = caller.scope.tenant();
    let day = asked(&insight, tenant, f.day.as_deref()).await?;
    let after: Option<Place> = api::cursor_decode(&f.cursor)?;
    let people = org::people_of_department(&mut kit.db.read(&caller.scope).await?, f.department_id).await?;
    let facts = service::Facts::of(&insight, tenant, day).await?;
    let mut found = vec![];
    for person in people {
        found.extend(facts.candidate(&insight, tenant, person).await?);
    }
    let place = |c: &service::Candidate| (c.advice.first().copied(), c.person.name.clone(), c.person.id);
    // `None` sorts first but means that all is well.
    let order = |(advice, name, id): Place| (advice.is_none(), advice, name, id);
    found.sort_by_cached_key(|c| order(place(c)));
    let (count, troubled) = (found.len(), found.iter().filter(|c| !c.advice.is_empty()).count());
    if let Some(after) = after.map(order) {
        found.retain(|c| order(place(c)) > after);
    }
    let limit = usize::try_from(PageQuery::rows(f.limit)).unwrap_or(50);
    let more = found.len() > limit;
    found.truncate(limit);
    let next_cursor = found.last().filter(|_| more).map(|last| api::cursor_encode(&place(last)));
    insight.tracking().look(&caller.scope, Looked::Report, found.iter().map(|c| c.person.id), day).await?;
    ok(TrackingHealthBoard {
        day,
        at: kit.now(),
        people: count as i64,
        troubled: troubled as i64,
        items: service::lines(&insight, tenant, &facts, &found).await?,
        next_cursor,
    })
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct OwnDay {
    /// `yyyy-mm-dd`; today when left out.
    day: Option<String>,
}

/// How well my own day is recorded: the same line my manager sees. Absent when nothing is recorded of me.
#[utoipa::path(get, path = "/me/tracking-health", tag = "me", params(OwnDay), responses((status = 200, body = TrackingHealth), (status = 404, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn own(
    State(kit): State<Kit>,
    Extension(insight): Extension<Insight>,
    caller: Caller,
    Query(f): Query<OwnDay>,
) -> Answer<TrackingHealth> {
    let scope = caller.scope.own();
    let day = asked(&insight, scope.tenant(), f.day.as_deref()).await?;
    let person = org::person(&mut kit.db.read(&scope).await?, scope.actor()).await?;
    let facts = service::Facts::of(&insight, scope.tenant(), day).await?;
    let found: Vec<_> = facts.candidate(&insight, scope.tenant(), person).await?.into_iter().collect();
    let line = service::lines(&insight, scope.tenant(), &facts, &found).await?.pop();
    ok(line.ok_or_else(|| Problem::new(problem::NOT_FOUND))?)
}

async fn asked(insight: &Insight, tenant: Uuid, day: Option<&str>) -> Result<LocalDay> {
    match day {
        Some(text) => text.parse().map_err(|_| {
            Problem::new(problem::INVALID).with("reason", "day").field("day", problem::BAD_VALUE)
        }),
        None => Ok(insight.db().now().local_day(&insight.tracking().zone(tenant).await?)),
    }
}
