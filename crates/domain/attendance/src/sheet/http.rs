use api::{
    Access, Answer, Caller, Failure, Kit, Path, Query, Routes,
    axum::{self, extract::State, http::HeaderMap, response::Response},
    ok, routes,
};
use base::{LocalDay, Problem, problem};
use db::{Permission, Result};
use org::{
    Ref,
    roster::{ShiftPair, Source},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{Asked, Sheet, export, names, sheet};
use crate::{
    day::Outcome,
    label::{Tone, label},
    load::Loaded,
    months::{self, Month},
    punches::{self, Punch},
    requests::{self, AttendanceRequest},
    settings,
};

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::ReportRead), routes!(month))
        .at(Access::May(Permission::ReportRead), routes!(export::file))
        .at(Access::May(Permission::ReportRead), routes!(today))
        .at(Access::May(Permission::ReportRead), routes!(day))
        .at(Access::SignedIn, routes!(photo))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct SheetQuery {
    /// yyyy-mm; this month when left out.
    month: Option<String>,
    department_id: Option<Uuid>,
    /// True: only people with something late, early, missing or absent.
    marked: Option<bool>,
}

impl SheetQuery {
    pub async fn read(&self, kit: &Kit, caller: &Caller) -> Result<Asked> {
        let month = match &self.month {
            Some(text) => Month::parse(text)?,
            None => {
                let zone = org::zone(&mut kit.db.read(&caller.scope).await?).await?;
                Month::of(kit.now().local_day(&zone))
            }
        };
        Ok(Asked { month, department: self.department_id, marked: self.marked == Some(true) })
    }
}

/// The month of people in reach: a cell a day, and the sums.
#[utoipa::path(get, path = "/attendance", tag = "attendance", params(SheetQuery), responses((status = 200, body = Sheet), (status = 422, body = api::ProblemDocument)))]
async fn month(State(kit): State<Kit>, caller: Caller, Query(f): Query<SheetQuery>) -> Answer<Sheet> {
    let (asked, now) = (f.read(&kit, &caller).await?, kit.now());
    ok(sheet(&mut kit.db.read(&caller.scope).await?, &asked, now, caller.lang).await?)
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct DayQuery {
    /// Today when left out.
    #[param(value_type = Option<String>, format = Date)]
    day: Option<LocalDay>,
    department_id: Option<Uuid>,
}

/// Somebody's day in the list of today.
#[derive(Serialize, ToSchema)]
struct TodayRow {
    employee: Ref,
    department: Ref,
    label: String,
    tone: Tone,
    outcome: Outcome,
    /// A punch was made elsewhere than expected.
    outside: bool,
}

/// How a day stands.
#[derive(Serialize, ToSchema)]
struct AttendanceToday {
    #[schema(value_type = String, format = Date)]
    day: LocalDay,
    /// People with a shift, without those on leave all day.
    due: i64,
    here: i64,
    late: i64,
    /// Their shift has begun and they have not come.
    overdue: i64,
    away: i64,
    /// People something has to be said about.
    rows: Vec<TodayRow>,
}

/// Who is late, missing, away or elsewhere on a day.
#[utoipa::path(get, path = "/attendance/today", tag = "attendance", params(DayQuery), responses((status = 200, body = AttendanceToday), (status = 422, body = api::ProblemDocument)))]
async fn today(State(kit): State<Kit>, caller: Caller, Query(f): Query<DayQuery>) -> Answer<AttendanceToday> {
    let now = kit.now();
    let mut r = kit.db.read(&caller.scope).await?;
    let day = match f.day {
        Some(day) => day,
        None => now.local_day(&org::zone(&mut r).await?),
    };
    let people = org::people_of_department(&mut r, f.department_id).await?;
    let names = names(&settings::leave_types(&mut r).await?, caller.lang);
    let loaded = Loaded::read(&mut r, None, day, day, now).await?;
    drop(r);
    let mut answer = AttendanceToday { day, due: 0, here: 0, late: 0, overdue: 0, away: 0, rows: vec![] };
    for person in people {
        let outcome = loaded.outcome(person.id, day);
        let outside = loaded.outside(person.id, day);
        let gone = outcome.trip || outcome.leave.iter().map(|l| l.milli).sum::<i64>() >= 1000;
        let due = outcome.planned_minutes > 0 && !gone;
        answer.due += i64::from(due);
        answer.here += i64::from(due && outcome.first_in.is_some());
        answer.late += i64::from(outcome.late_minutes > 0);
        answer.overdue += i64::from(outcome.overdue);
        answer.away += i64::from(gone);
        if outcome.is_clean() && outcome.leave.is_empty() && !outcome.overdue && !outcome.trip && !outside {
            continue;
        }
        let (label, tone) = label(&outcome, &names, caller.lang);
        answer.rows.push(TodayRow {
            employee: Ref { id: person.id, name: person.name },
            department: Ref { id: person.department_id, name: person.department_name },
            label,
            tone,
            outcome,
            outside,
        });
    }
    ok(answer)
}

/// A day of a person with everything that made it.
#[derive(Serialize, ToSchema)]
struct AttendanceDay {
    employee: Ref,
    #[schema(value_type = String, format = Date)]
    day: LocalDay,
    shift: Option<Ref>,
    source: Source,
    hours: Vec<ShiftPair>,
    /// Name of the day in the calendar.
    special: Option<String>,
    outcome: Outcome,
    label: String,
    tone: Tone,
    /// The month is closed: this is what was kept, whatever came later.
    closed: bool,
    punches: Vec<Punch>,
    requests: Vec<AttendanceRequest>,
}

/// One day of a person: shift, punches with their places, requests. Shows where a person was, so it goes to his ledger.
#[utoipa::path(get, path = "/attendance/{employee_id}/{day}", tag = "attendance", params(("employee_id" = Uuid, Path), ("day" = String, Path, description = "yyyy-mm-dd")), responses((status = 200, body = AttendanceDay), (status = 404, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn day(
    State(kit): State<Kit>,
    caller: Caller,
    Path((employee_id, day)): Path<(Uuid, LocalDay)>,
) -> Answer<AttendanceDay> {
    let now = kit.now();
    let mut r = kit.db.read(&caller.scope).await?;
    let person = org::person(&mut r, employee_id).await?;
    let month = Month::of(day);
    let closed = months::standing(&mut r, month).await?.closed;
    let kept = if closed { months::kept(&mut r, month).await?.remove(&employee_id) } else { None };
    let loaded = Loaded::read(&mut r, Some(employee_id), day, day, now).await?;
    let planned = loaded.book.planned(employee_id, day);
    let outcome = kept.and_then(|mut k| k.remove(&day)).unwrap_or_else(|| loaded.outcome(employee_id, day));
    let (from, to) = loaded.limits(employee_id, day);
    let near = punches::of_person(&mut r, employee_id, day.plus_days(-1), day.plus_days(1)).await?;
    let punches: Vec<Punch> =
        near.into_iter().filter(|p| from <= p.at && p.at < to).map(punches::shown).collect();
    let rows = requests::touching(&mut r, employee_id, day).await?;
    let requests = requests::shown(&mut r, rows).await?;
    let names = names(&settings::leave_types(&mut r).await?, caller.lang);
    drop(r);
    if employee_id != caller.scope.actor() && punches.iter().any(|p| p.position.is_some()) {
        kit.watch.punches_shown(&caller.scope, employee_id, day).await?;
    }
    let shift = planned.shift.and_then(|id| loaded.book.shift(id));
    let (label, tone) = label(&outcome, &names, caller.lang);
    ok(AttendanceDay {
        employee: Ref { id: person.id, name: person.name },
        day,
        shift: shift.map(|s| Ref { id: s.id, name: s.name.clone() }),
        source: planned.source,
        hours: planned
            .minutes
            .iter()
            .map(|&(from_minute, to_minute)| ShiftPair { from_minute, to_minute })
            .collect(),
        special: planned.special,
        outcome,
        label,
        tone,
        closed,
        punches,
        requests,
    })
}

/// The picture taken with a punch, for its owner and for those who see his attendance. Shows where he was, so it goes to his
/// ledger.
#[utoipa::path(get, path = "/punches/{id}/photo", tag = "attendance", params(("id" = Uuid, Path)), responses((status = 200, description = "The picture", content_type = "image/jpeg"), (status = 404, body = api::ProblemDocument)))]
async fn photo(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
) -> std::result::Result<Response, Failure> {
    let missing = || Problem::new(problem::NOT_FOUND);
    let mut r = kit.db.read(&caller.scope).await?;
    let punch = punches::pictured(&mut r, id).await?.ok_or_else(missing)?;
    let own = punch.employee_id == caller.scope.actor();
    if !own {
        if !caller.scope.may(Permission::ReportRead) {
            return Err(missing().into());
        }
        org::person(&mut r, punch.employee_id).await?;
    }
    let (ids, whose) = ([punch.photo_id.to_string()].into(), [punch.employee_id].into());
    let file = formbook::files::of_record(&mut r, &ids, &whose).await?.pop().ok_or_else(missing)?;
    drop(r);
    if !own {
        kit.watch.punches_shown(&caller.scope, punch.employee_id, punch.day).await?;
    }
    Ok(formbook::files::give_unkept(&kit, caller.scope.tenant(), &file, &headers).await?)
}
