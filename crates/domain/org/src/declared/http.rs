//! Working time of a person day by day, with what was declared. Declaring stands one floor up, where positions are.

use api::{Access, Answer, Caller, Kit, Path, Query, Routes, axum, ok, routes};
use axum::extract::State;
use base::{LocalDay, Micros, Problem, problem};
use db::{Permission, Reader, Result};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{DutyEntry, duty_days, sql};
use crate::Duty;

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::OrgRead), routes!(of_employee))
        .at(Access::SignedIn, routes!(own))
}

/// Most days of one answer.
const MOST_DAYS: i32 = 62;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct DutyRange {
    /// `yyyy-mm-dd`; today when left out.
    from: Option<String>,
    /// `yyyy-mm-dd`, at most 62 days after `from`; the same day when left out.
    to: Option<String>,
}

/// A day of a person's calendar.
#[derive(Serialize, ToSchema)]
struct DutyCalendarDay {
    #[schema(value_type = String, format = Date)]
    day: LocalDay,
    /// Working time: positions are recorded in it, private trips left out.
    working: Vec<Duty>,
    leave: Vec<Duty>,
    private: Vec<Duty>,
}

/// When a person works, and what was declared.
#[derive(Serialize, ToSchema)]
struct DutyCalendar {
    days: Vec<DutyCalendarDay>,
    /// Declarations that touch these days, revoked ones too.
    entries: Vec<DutyEntry>,
}

async fn calendar(mut reader: Reader, employee: Uuid, f: DutyRange, now: Micros) -> Result<DutyCalendar> {
    crate::person(&mut reader, employee).await?;
    let bad = |name: &'static str| {
        Problem::new(problem::INVALID).with("reason", name).field(name, problem::BAD_VALUE)
    };
    let from: LocalDay = match &f.from {
        Some(text) => text.parse().map_err(|_| bad("from"))?,
        None => now.local_day(&crate::zone(&mut reader).await?),
    };
    let to: LocalDay = match &f.to {
        Some(text) => text.parse().map_err(|_| bad("to"))?,
        None => from,
    };
    if to < from || to > from.plus_days(MOST_DAYS) {
        return Err(bad("to"));
    }
    let days = duty_days(&mut reader, employee, from, to).await?;
    Ok(DutyCalendar {
        days: days
            .into_iter()
            .map(|(day, d)| DutyCalendarDay { day, working: d.working, leave: d.leave, private: d.private })
            .collect(),
        entries: sql::find(&mut reader, employee, from, to).await?,
    })
}

/// When a person works, day by day, with leave, overtime and private trips.
#[utoipa::path(get, path = "/employees/{id}/duty", tag = "org", params(("id" = Uuid, Path), DutyRange), responses((status = 200, body = DutyCalendar), (status = 404, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn of_employee(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Query(f): Query<DutyRange>,
) -> Answer<DutyCalendar> {
    ok(calendar(kit.db.read(&caller.scope).await?, id, f, kit.now()).await?)
}

/// The same for myself.
#[utoipa::path(get, path = "/me/duty", tag = "me", params(DutyRange), responses((status = 200, body = DutyCalendar), (status = 422, body = api::ProblemDocument)))]
async fn own(State(kit): State<Kit>, caller: Caller, Query(f): Query<DutyRange>) -> Answer<DutyCalendar> {
    let scope = caller.scope.own();
    ok(calendar(kit.db.read(&scope).await?, scope.actor(), f, kit.now()).await?)
}
