//! A person's own attendance: what the phone carries along, and his months.

use api::{
    Access, Answer, Caller, Kit, Query, Routes,
    axum::{self, extract::State},
    ok, routes,
};
use base::{LocalDay, Micros, problem::Lang};
use db::Result;
use geo::LngLat;
use org::roster::ShiftPair;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    balances::{self, LeaveBalance},
    day::Outcome,
    label::{Tone, label},
    load::Loaded,
    months::{self, Month},
    punches::{self, Punch},
    reminders,
    requests::{self, AttendanceRequest, year_of},
    settings::{self, LeaveType, Outside, Within},
    sheet::{self, Totals},
};

/// Requests carried along.
const REQUESTS: i64 = 30;

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit).at(Access::SignedIn, routes!(month))
}

/// A place where a punch is expected, as the phone checks it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PunchSpot {
    pub name: String,
    #[schema(value_type = Vec<f64>)]
    pub at: LngLat,
    pub radius_m: i64,
}

/// Attendance as a phone carries it along.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MyAttendance {
    #[schema(value_type = String, format = Date)]
    pub day: LocalDay,
    /// When this day of duty is over: punches from then on belong to the next.
    #[schema(value_type = String, format = DateTime)]
    pub ends: Micros,
    /// Name of the shift; absent where the calendar holds.
    pub shift: Option<String>,
    /// Today's hours; none: no work.
    pub hours: Vec<ShiftPair>,
    /// Name of the day in the calendar.
    pub special: Option<String>,
    pub within: Within,
    pub outside: Outside,
    /// A picture is taken with each punch.
    pub photo: bool,
    /// Minutes before and after working time in which the place of a punch is kept.
    pub window_minutes: i64,
    pub spots: Vec<PunchSpot>,
    /// Today's, in order.
    pub punches: Vec<Punch>,
    pub outcome: Outcome,
    pub leave_types: Vec<LeaveType>,
    pub balances: Vec<LeaveBalance>,
    /// The newest.
    pub requests: Vec<AttendanceRequest>,
    /// He is reminded of missing punches.
    pub reminders: bool,
}

/// Attendance of the acting person now.
///
/// # Errors
/// When the store cannot be read.
pub async fn of_person(q: &mut impl db::Query, now: Micros) -> Result<MyAttendance> {
    let me = q.scope().actor();
    let around = now.local_day(&org::zone(q).await?);
    let loaded = Loaded::read(q, Some(me), around.plus_days(-1), around, now).await?;
    let day = crate::load::day_at(&loaded.book, me, now, &loaded.zone).min(around);
    let planned = loaded.book.planned(me, day);
    let departments = loaded.book.departments(me);
    let rule = settings::rule_of(q, &departments).await?;
    let spots = punches::spots(q, &rule, &departments).await?;
    let (from, to) = loaded.limits(me, day);
    let near = punches::of_person(q, me, day.plus_days(-1), day.plus_days(1)).await?;
    let rows = requests::of_person(q, me, REQUESTS).await?;
    Ok(MyAttendance {
        day,
        ends: to,
        shift: planned.shift.and_then(|id| loaded.book.shift(id)).map(|s| s.name.clone()),
        hours: pairs(&planned.minutes),
        special: planned.special,
        within: rule.within,
        outside: rule.outside,
        photo: rule.photo,
        window_minutes: rule.window_minutes,
        spots: spots
            .into_iter()
            .map(|s| PunchSpot { name: s.name, at: s.at, radius_m: s.radius_m })
            .collect(),
        punches: near.into_iter().filter(|p| from <= p.at && p.at < to).map(punches::shown).collect(),
        outcome: loaded.outcome(me, day),
        leave_types: settings::leave_types(q).await?.into_iter().filter(|t| !t.retired).collect(),
        balances: balances::of_person(q, me, year_of(day)).await?,
        requests: requests::shown(q, rows).await?,
        reminders: !reminders::is_silent(q, me).await?,
    })
}

fn pairs(minutes: &[(i32, i32)]) -> Vec<ShiftPair> {
    minutes.iter().map(|&(from_minute, to_minute)| ShiftPair { from_minute, to_minute }).collect()
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct MonthQuery {
    /// yyyy-mm; this month when left out.
    month: Option<String>,
}

/// A day of one's own month.
#[derive(Serialize, ToSchema)]
struct MyAttendanceDay {
    #[schema(value_type = String, format = Date)]
    day: LocalDay,
    hours: Vec<ShiftPair>,
    shift: Option<String>,
    special: Option<String>,
    outcome: Outcome,
    label: String,
    tone: Tone,
}

#[derive(Serialize, ToSchema)]
struct MyAttendanceMonth {
    month: String,
    closed: bool,
    days: Vec<MyAttendanceDay>,
    totals: Totals,
}

async fn of_month(
    q: &mut impl db::Query,
    me: Uuid,
    month: Option<&str>,
    now: Micros,
    lang: Lang,
) -> Result<MyAttendanceMonth> {
    let month = match month {
        Some(text) => Month::parse(text)?,
        None => Month::of(now.local_day(&org::zone(q).await?)),
    };
    let standing = months::standing(q, month).await?;
    let kept = if standing.closed { months::kept(q, month).await?.remove(&me) } else { None };
    let names = sheet::names(&settings::leave_types(q).await?, lang);
    let loaded = Loaded::read(q, Some(me), month.first, month.last, now).await?;
    let days = sheet::days(kept.as_ref(), &loaded, me, month);
    let totals = Totals::of(days.iter().map(|(_, o)| o));
    let shown = |(day, outcome): (LocalDay, Outcome)| {
        let planned = loaded.book.planned(me, day);
        let (label, tone) = label(&outcome, &names, lang);
        MyAttendanceDay {
            day,
            hours: pairs(&planned.minutes),
            shift: planned.shift.and_then(|id| loaded.book.shift(id)).map(|s| s.name.clone()),
            special: planned.special,
            outcome,
            label,
            tone,
        }
    };
    Ok(MyAttendanceMonth {
        month: month.text(),
        closed: standing.closed,
        totals,
        days: days.into_iter().map(shown).collect(),
    })
}

/// One's own month, day by day.
#[utoipa::path(get, path = "/me/attendance", tag = "me", params(MonthQuery), responses((status = 200, body = MyAttendanceMonth), (status = 422, body = api::ProblemDocument)))]
async fn month(
    State(kit): State<Kit>,
    caller: Caller,
    Query(f): Query<MonthQuery>,
) -> Answer<MyAttendanceMonth> {
    let (scope, now) = (caller.scope.own(), kit.now());
    let mut r = kit.db.read(&scope).await?;
    ok(of_month(&mut r, scope.actor(), f.month.as_deref(), now, caller.lang).await?)
}
