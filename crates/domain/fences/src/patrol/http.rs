use api::{
    Access, Answer, Caller, Checks, Created, IfMatch, Json, Kit, Page, PageQuery, Path, Query, Routes, axum,
    created, ok, routes,
};
use axum::{Extension, extract::State};
use base::{LocalDay, Micros, Problem, id, problem};
use db::{Permission, Result, Tx};
use fence::{Arrival, Checkpoint};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    Patrol, PatrolDay, PatrolPointResult, Point, PointShown,
    sql::{self, Kept, Written},
};
use crate::{Fences, ROUND};

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::TaskRead), routes!(list))
        .at(Access::May(Permission::TaskWrite), routes!(create))
        .at(Access::May(Permission::TaskWrite), routes!(change))
        .at(Access::May(Permission::TrackRead), routes!(results))
        .at(Access::SignedIn, routes!(own))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct PatrolFilter {
    employee_id: Option<Uuid>,
    limit: Option<i64>,
    cursor: Option<String>,
}

/// Rounds in reach, newest first.
#[utoipa::path(get, path = "/patrols", tag = "patrols", params(PatrolFilter), responses((status = 200, body = Page<Patrol>)))]
async fn list(State(kit): State<Kit>, caller: Caller, Query(f): Query<PatrolFilter>) -> Answer<Page<Patrol>> {
    let limit = PageQuery::rows(f.limit);
    let after = api::cursor_decode(&f.cursor)?;
    let mut reader = kit.db.read(&caller.scope).await?;
    let mut items = vec![];
    for kept in sql::list(&mut reader, f.employee_id, after, limit + 1).await? {
        items.push(shown(&mut reader, kept).await?);
    }
    ok(Page::from_rows(items, limit, |p: &Patrol| p.id))
}

async fn shown(q: &mut impl db::Query, kept: Kept) -> Result<Patrol> {
    let mut points = vec![];
    for p in &kept.points {
        let place = customers::place_of_company(q, p.customer_id).await?;
        points.push(PointShown {
            customer: org::Ref { id: place.id, name: place.name },
            at: place.at,
            from_minute: p.from_minute,
            to_minute: p.to_minute,
        });
    }
    let Kept { id, name, employee, weekdays, grace_s, active, version, .. } = kept;
    Ok(Patrol { id, name, employee, weekdays, points, grace_s, active, version })
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPatrol {
    id: Option<Uuid>,
    #[schema(max_length = 60)]
    name: String,
    employee_id: Uuid,
    /// 1 Monday to 7 Sunday.
    weekdays: Vec<u8>,
    /// In the order they are to be reached.
    #[schema(min_items = 1, max_items = 100)]
    points: Vec<Point>,
    #[serde(default = "hour")]
    #[schema(minimum = 0, maximum = 43200)]
    grace_s: i64,
    #[serde(default = "yes")]
    active: bool,
}

fn hour() -> i64 {
    3600
}

fn yes() -> bool {
    true
}

async fn written(tx: &mut Tx, id: Uuid, new: &NewPatrol) -> Result<Written> {
    let mut weekdays = new.weekdays.clone();
    weekdays.sort_unstable();
    weekdays.dedup();
    Checks::new()
        .text("name", &new.name, 60)
        .that("weekdays", !weekdays.is_empty() && weekdays.iter().all(|d| (1..=7).contains(d)))
        .that("grace_s", (0..=43_200).contains(&new.grace_s))
        .done()?;
    let person = org::person(tx, new.employee_id).await?;
    let minutes =
        |p: &Point| (0..=1440).contains(&p.from_minute) && (p.from_minute..=1440).contains(&p.to_minute);
    let once = new
        .points
        .iter()
        .enumerate()
        .all(|(i, p)| new.points[..i].iter().all(|before| before.customer_id != p.customer_id));
    if !(1..=100).contains(&new.points.len()) || !new.points.iter().all(minutes) || !once {
        return Err(Problem::new(ROUND));
    }
    for p in &new.points {
        if customers::place(tx, p.customer_id).await?.at.is_none() {
            return Err(Problem::new(ROUND));
        }
    }
    Ok(Written {
        id,
        name: new.name.trim().to_owned(),
        employee: person.id,
        department: person.department_id,
        weekdays: json!(weekdays).to_string(),
        points: serde_json::to_string(&new.points).map_err(Problem::internal)?,
        grace_s: new.grace_s,
        active: new.active,
    })
}

#[utoipa::path(post, path = "/patrols", tag = "patrols", request_body = NewPatrol, responses((status = 201, body = Patrol), (status = 404, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn create(State(kit): State<Kit>, caller: Caller, Json(new): Json<NewPatrol>) -> Created<Patrol> {
    let made = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let patrol = written(tx, new.id.unwrap_or_else(id::new_v7), &new).await?;
                if sql::insert(tx, &patrol).await? == 0 {
                    return Err(Problem::new(problem::CONFLICT));
                }
                let changes =
                    json!({ "name": patrol.name, "employee": patrol.employee, "points": new.points.len() });
                tx.audit("patrol.create", "patrol", patrol.id, changes).await?;
                let kept = sql::one(tx, patrol.id).await?;
                shown(tx, kept).await
            })
        })
        .await?;
    created(made)
}

#[utoipa::path(patch, path = "/patrols/{id}", tag = "patrols", request_body = NewPatrol, params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 200, body = Patrol), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn change(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(new): Json<NewPatrol>,
) -> Answer<Patrol> {
    let changed = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                sql::one(tx, id).await?;
                let patrol = written(tx, id, &new).await?;
                if sql::update(tx, &patrol, version).await? == 0 {
                    return Err(Problem::new(problem::VERSION));
                }
                let changes = json!({ "name": patrol.name, "employee": patrol.employee, "points": new.points.len(), "active": patrol.active });
                tx.audit("patrol.change", "patrol", id, changes).await?;
                let kept = sql::one(tx, id).await?;
                shown(tx, kept).await
            })
        })
        .await?;
    ok(changed)
}

#[derive(Serialize, ToSchema)]
struct PatrolDays {
    items: Vec<PatrolDay>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ResultFilter {
    #[param(value_type = String, format = Date)]
    day: LocalDay,
    employee_id: Option<Uuid>,
}

/// The rounds of a day with what became of each point. Reading is written into the ledger of each person shown.
#[utoipa::path(get, path = "/patrol-days", tag = "patrols", params(ResultFilter), responses((status = 200, body = PatrolDays)))]
async fn results(
    State(kit): State<Kit>,
    Extension(fences): Extension<Fences>,
    caller: Caller,
    Query(f): Query<ResultFilter>,
) -> Answer<PatrolDays> {
    let mut reader = kit.db.read(&caller.scope).await?;
    let zone = org::zone(&mut reader).await?;
    let mut items = vec![];
    for kept in sql::list(&mut reader, f.employee_id, None, 200).await? {
        if kept.weekdays.contains(&f.day.weekday()) {
            items.push(judged(&mut reader, kept, f.day, &zone, kit.now()).await?);
        }
    }
    drop(reader);
    fences.look(&caller.scope, items.iter().map(|d| (d.day, d.employee.id)).collect()).await?;
    ok(PatrolDays { items })
}

/// My own rounds of a day.
#[utoipa::path(get, path = "/me/patrols/{day}", tag = "me", params(("day" = String, Path)), responses((status = 200, body = PatrolDays), (status = 404, body = api::ProblemDocument)))]
async fn own(State(kit): State<Kit>, caller: Caller, Path(day): Path<String>) -> Answer<PatrolDays> {
    let day: LocalDay = day.parse().map_err(|_| Problem::new(problem::NOT_FOUND))?;
    let scope = caller.scope.own();
    let mut reader = kit.db.read(&scope).await?;
    let zone = org::zone(&mut reader).await?;
    let mut items = vec![];
    for kept in sql::list(&mut reader, Some(scope.actor()), None, 50).await? {
        if kept.weekdays.contains(&day.weekday()) {
            items.push(judged(&mut reader, kept, day, &zone, kit.now()).await?);
        }
    }
    ok(PatrolDays { items })
}

/// A round of a day against what is known of that day.
async fn judged(
    q: &mut impl db::Query,
    kept: Kept,
    day: LocalDay,
    zone: &TimeZone,
    now: Micros,
) -> Result<PatrolDay> {
    let ms = |t: Micros| t.0.div_euclid(1000);
    let due = |p: &Point| (day.at_minute(p.from_minute, zone), day.at_minute(p.to_minute, zone));
    let checkpoints: Vec<Checkpoint> = kept
        .points
        .iter()
        .map(|p| Checkpoint { id: p.customer_id, from_ms: ms(due(p).0), to_ms: ms(due(p).1) })
        .collect();
    let work = work::day(q, kept.employee.id, day, now).await?;
    let check_ins: Vec<(Uuid, i64)> =
        work.visits.iter().map(|v| (v.customer.id, ms(v.check_in_at))).collect();
    let by_fence = crate::sql::arrivals(q, kept.employee.id, day).await?;
    let by_fence = by_fence.into_iter().map(|(point, at)| (point, ms(at)));
    let arrivals: Vec<Arrival> =
        check_ins.iter().copied().chain(by_fence).map(|(point, at_ms)| Arrival { point, at_ms }).collect();
    let result = fence::patrol(&checkpoints, &arrivals, ms(now), kept.grace_s);
    let mut points = vec![];
    for (p, r) in kept.points.iter().zip(&result.points) {
        let place = customers::place_of_company(q, p.customer_id).await?;
        points.push(PatrolPointResult {
            customer: org::Ref { id: place.id, name: place.name },
            at: place.at,
            due_from: due(p).0,
            due_to: due(p).1,
            state: r.state.into(),
            arrived_at: r.arrived_ms.map(|t| Micros(t.saturating_mul(1000))),
            off_s: r.off_s,
            out_of_order: r.out_of_order,
            checked_in: r.arrived_ms.is_some_and(|t| check_ins.contains(&(p.customer_id, t))),
        });
    }
    Ok(PatrolDay {
        id: kept.id,
        name: kept.name,
        employee: kept.employee,
        day,
        points,
        reached: result.reached as i64,
        late: result.late as i64,
        missed: result.missed as i64,
        out_of_order: result.out_of_order as i64,
    })
}
