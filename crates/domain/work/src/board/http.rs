use std::collections::BTreeSet;

use api::{
    Access, Answer, Caller, Checks, Json, Kit, Query, Routes,
    axum::{self, extract::State},
    ok, routes,
};
use base::{LocalDay, problem};
use db::Permission;
use geo::LngLat;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    MOST_DAYS, MOST_PERSON_DAYS, MOST_TASKS,
    answer::{self, BoardRow},
    optimise::{self, BoardProposal, BoardWeekProposal, Goal, Owners},
    place::{self, BoardPlace},
    publish::{self, Published},
    read::{self, Board},
    sheet::{self, Sheet},
};
use crate::model::Objective;

pub(super) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::TaskRead), routes!(board))
        .at(Access::May(Permission::TaskRead), routes!(evaluate))
        .at(Access::May(Permission::TaskRead), routes!(places))
        .at(Access::May(Permission::TaskWrite), routes!(optimise))
        .at(Access::May(Permission::TaskWrite), routes!(optimise_days))
        .at(Access::May(Permission::TaskWrite), routes!(publish))
        .at(Access::May(Permission::TaskWrite), routes!(publish_days))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct BoardQuery {
    #[param(value_type = String, format = Date)]
    day: LocalDay,
    department_id: Option<Uuid>,
    /// Only what is planned and waits on that day: without missed visits, due ones and requests.
    own: Option<bool>,
}

/// The planning board of a day: people with their hours, their tasks in order, what waits, and what was done.
#[utoipa::path(get, path = "/planning/board", tag = "work", params(BoardQuery),
    responses((status = 200, body = Board), (status = 422, body = api::ProblemDocument)))]
async fn board(State(kit): State<Kit>, caller: Caller, Query(q): Query<BoardQuery>) -> Answer<Board> {
    ok(read::board(&kit, &caller.scope, q.day, q.department_id, q.own.unwrap_or(false)).await?)
}

/// One person's row of a draft: the tasks that have not begun, in order. What has begun stays in front by itself.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BoardDraftRow)]
pub struct DraftRow {
    pub employee_id: Uuid,
    pub tasks: Vec<Uuid>,
}

/// A draft, or as many rows of it as matter.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BoardDraft)]
struct Draft {
    #[schema(value_type = String, format = Date)]
    day: LocalDay,
    #[schema(max_items = 200)]
    rows: Vec<DraftRow>,
    /// Also answer the ways along the streets.
    lines: Option<bool>,
}

#[derive(Serialize, ToSchema)]
struct BoardRows {
    rows: Vec<BoardRow>,
}

/// When each visit of a draft would begin, the way, and every rule it breaks. Nothing is stored.
#[utoipa::path(post, path = "/planning/evaluate", tag = "work", request_body = Draft,
    responses((status = 200, body = BoardRows), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn evaluate(State(kit): State<Kit>, caller: Caller, Json(draft): Json<Draft>) -> Answer<BoardRows> {
    let mut checks = Checks::new();
    sheet::check(&mut checks, &draft.rows, &[]);
    checks.done()?;
    let sheet = Sheet::read(&kit, &caller.scope, draft.day, &draft.rows, &[]).await?;
    let rows = answer::rows(&kit, &caller.scope, &sheet, draft.lines.unwrap_or(false)).await?;
    ok(BoardRows { rows })
}

/// A task, and the draft in which it is to have a place.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BoardPlaceAsked)]
struct PlaceAsked {
    #[schema(value_type = String, format = Date)]
    day: LocalDay,
    #[schema(max_items = 200)]
    rows: Vec<DraftRow>,
    task_id: Uuid,
}

#[derive(Serialize, ToSchema)]
struct BoardPlaces {
    /// One for everybody of the draft, the best first.
    places: Vec<BoardPlace>,
}

/// Where one task fits best, for everybody of a draft. Reckoned without asking anybody on the network.
#[utoipa::path(post, path = "/planning/places", tag = "work", request_body = PlaceAsked,
    responses((status = 200, body = BoardPlaces), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn places(State(kit): State<Kit>, caller: Caller, Json(ask): Json<PlaceAsked>) -> Answer<BoardPlaces> {
    let mut checks = Checks::new();
    sheet::check(&mut checks, &ask.rows, &[]);
    checks.done()?;
    let sheet = Sheet::read(&kit, &caller.scope, ask.day, &ask.rows, &[ask.task_id]).await?;
    ok(BoardPlaces { places: place::places(&kit, &caller.scope, &sheet, ask.task_id).await? })
}

/// Rows to be made better, and tasks to be given a place in them.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BoardOptimise)]
struct Optimise {
    #[schema(value_type = String, format = Date)]
    day: LocalDay,
    #[schema(max_items = 200)]
    rows: Vec<DraftRow>,
    pool: Vec<Uuid>,
    goal: Goal,
    /// Whether customers are visited by their owners; `prefer` when absent.
    #[serde(default)]
    owners: Owners,
    /// Where the rest of today begins for the only person of the rows: where he is now. What he has done by then is not
    /// driven again; who is on his way or with a customer begins there all the same.
    #[schema(value_type = Option<Vec<f64>>)]
    start: Option<LngLat>,
}

/// A better draft, with its way and work before and after, and for every task left out the first rule against it.
/// Locks, skills, windows, leave and shifts hold. Nothing is stored.
#[utoipa::path(post, path = "/planning/optimise", tag = "work", request_body = Optimise,
    responses((status = 200, body = BoardProposal), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument), (status = 503, body = api::ProblemDocument)))]
async fn optimise(
    State(kit): State<Kit>,
    caller: Caller,
    Json(ask): Json<Optimise>,
) -> Answer<BoardProposal> {
    let mut checks = Checks::new();
    sheet::check(&mut checks, &ask.rows, &ask.pool);
    checks.that("rows", !ask.rows.is_empty());
    if ask.start.is_some() {
        let now = ask.rows.len() == 1 && ask.day == today(&kit, &caller).await?;
        checks.that("start", now);
    }
    checks.done()?;
    let mut sheet = Sheet::read(&kit, &caller.scope, ask.day, &ask.rows, &ask.pool).await?;
    if let Some(at) = ask.start {
        sheet.begin_at(&kit, &caller.scope, at).await;
    }
    let ask = optimise::Ask { sheets: vec![sheet], pool: ask.pool, goal: ask.goal, owners: ask.owners };
    ok(optimise::propose(&kit, &caller.scope, ask).await?)
}

/// Rows of one of several days.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BoardOptimiseDay)]
struct OptimiseDay {
    #[schema(value_type = String, format = Date)]
    day: LocalDay,
    #[schema(max_items = 200)]
    rows: Vec<DraftRow>,
}

/// Rows of several days to be made better together, and tasks to be given a place in them.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BoardOptimiseDays)]
struct OptimiseDays {
    /// Each day once, none over; at most 420 rows and 900 tasks together.
    #[schema(min_items = 1, max_items = 14)]
    days: Vec<OptimiseDay>,
    pool: Vec<Uuid>,
    goal: Goal,
    /// Whether customers are visited by their owners; `prefer` when absent.
    #[serde(default)]
    owners: Owners,
}

/// A better draft of several days: a visit may go to another person and another of the days, within its window, the hours
/// of its customer, the days his frequency rule leaves and the limits of each day. Locked visits stay on their day, and so do several
/// visits at one customer; one of a day that is not asked about never joins another at its customer.
/// Before and after, bound and reasons as of one day. Nothing is stored.
#[utoipa::path(post, path = "/planning/optimise-days", tag = "work", request_body = OptimiseDays,
    responses((status = 200, body = BoardWeekProposal), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument), (status = 503, body = api::ProblemDocument)))]
async fn optimise_days(
    State(kit): State<Kit>,
    caller: Caller,
    Json(ask): Json<OptimiseDays>,
) -> Answer<BoardWeekProposal> {
    let mut checks = Checks::new();
    let today = today(&kit, &caller).await?;
    let rows = ask.days.iter().map(|d| d.rows.len()).sum::<usize>();
    let tasks = ask.days.iter().flat_map(|d| &d.rows).map(|r| r.tasks.len()).sum::<usize>() + ask.pool.len();
    checks.that("days", (1..=MOST_DAYS).contains(&ask.days.len()) && rows > 0);
    if rows > MOST_PERSON_DAYS || tasks > MOST_TASKS {
        checks.fault("days", problem::TOO_LONG);
    }
    let (mut days, mut seen) = (BTreeSet::new(), BTreeSet::new());
    for (k, day) in ask.days.iter().enumerate() {
        sheet::check(&mut checks, &day.rows, &[]);
        checks.that(&format!("days[{k}].day"), (today..=today.plus_days(366)).contains(&day.day));
        if !days.insert(day.day) {
            checks.fault(&format!("days[{k}].day"), problem::DUPLICATE_VALUE);
        }
        if day.rows.iter().flat_map(|r| &r.tasks).filter(|t| !seen.insert(**t)).count() > 0 {
            checks.fault(&format!("days[{k}].rows"), problem::DUPLICATE_VALUE);
        }
    }
    if ask.pool.iter().filter(|t| !seen.insert(**t)).count() > 0 {
        checks.fault("pool", problem::DUPLICATE_VALUE);
    }
    checks.done()?;
    let mut sheets = vec![];
    for (k, day) in ask.days.iter().enumerate() {
        let pool = if k == 0 { &ask.pool[..] } else { &[] };
        let sheet = Sheet::read(&kit, &caller.scope, day.day, &day.rows, pool).await?;
        // What is no task yet belongs to one day and is planned on its board.
        checks.that("pool", sheet.wishes.is_empty());
        sheets.push(sheet);
    }
    checks.done()?;
    let ask = optimise::Ask { sheets, pool: ask.pool, goal: ask.goal, owners: ask.owners };
    ok(optimise::propose_days(&kit, &caller.scope, ask).await?)
}

/// A row as it is to be published, and what it was made from.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BoardPublishRow)]
pub struct PublishRow {
    pub employee_id: Uuid,
    /// The plan the draft was made from, and its version; absent: there was none.
    pub plan_id: Option<Uuid>,
    pub version: Option<i64>,
    /// Tasks that have not begun, in order. Those of the plan that are named in no row lose their place in it.
    pub tasks: Vec<Uuid>,
    pub objective: Objective,
    /// Keep this order when a task is added later.
    pub keep_order: bool,
}

/// A task moved to another day, without a plan there yet.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BoardMovedTask)]
pub struct MovedTask {
    pub task_id: Uuid,
    #[schema(value_type = String, format = Date)]
    pub day: LocalDay,
}

/// A draft to be published.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BoardPublish)]
pub struct Publish {
    #[schema(value_type = String, format = Date)]
    pub day: LocalDay,
    #[schema(max_items = 200)]
    pub rows: Vec<PublishRow>,
    pub moved: Vec<MovedTask>,
}

/// Publishes a draft: all of it, or nothing when somebody else has changed one of its plans meanwhile. Everybody whose
/// day is another now is told.
#[utoipa::path(post, path = "/planning/publish", tag = "work", request_body = Publish,
    responses((status = 200, body = Published), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn publish(State(kit): State<Kit>, caller: Caller, Json(ask): Json<Publish>) -> Answer<Published> {
    let mut checks = Checks::new();
    let today = today(&kit, &caller).await?;
    check_day(&mut checks, "", &ask, today);
    checks.done()?;
    ok(publish::publish(&kit, &caller.scope, vec![ask], None).await?)
}

/// Drafts of several days to be published together.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BoardPublishDays)]
struct PublishDays {
    /// Each day once.
    #[schema(min_items = 1, max_items = 14)]
    days: Vec<Publish>,
}

/// Publishes drafts of several days, so that a visit may go from one day and person to another: all of it, or nothing
/// when somebody else has changed one of the plans meanwhile.
#[utoipa::path(post, path = "/planning/publish-days", tag = "work", request_body = PublishDays,
    responses((status = 200, body = Published), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn publish_days(
    State(kit): State<Kit>,
    caller: Caller,
    Json(ask): Json<PublishDays>,
) -> Answer<Published> {
    let mut checks = Checks::new();
    let today = today(&kit, &caller).await?;
    checks.that("days", (1..=MOST_DAYS).contains(&ask.days.len()));
    let tasks = ask.days.iter().flat_map(|d| &d.rows).map(|r| r.tasks.len()).sum::<usize>();
    checks.that("days", tasks <= MOST_TASKS);
    let (mut days, mut seen) = (BTreeSet::new(), BTreeSet::new());
    for (k, day) in ask.days.iter().enumerate() {
        let at = format!("days[{k}].");
        check_day(&mut checks, &at, day, today);
        if !days.insert(day.day) {
            checks.fault(&format!("{at}day"), problem::DUPLICATE_VALUE);
        }
        let named = day.rows.iter().flat_map(|r| &r.tasks).chain(day.moved.iter().map(|m| &m.task_id));
        if named.filter(|t| !seen.insert(**t)).count() > 0 {
            // Within a day its own check says where.
            checks.fault(&format!("{at}rows"), problem::DUPLICATE_VALUE);
        }
    }
    checks.done()?;
    ok(publish::publish(&kit, &caller.scope, ask.days, None).await?)
}

async fn today(kit: &Kit, caller: &Caller) -> db::Result<LocalDay> {
    let zone = org::zone(&mut kit.db.read(&caller.scope).await?).await?;
    Ok(kit.now().local_day(&zone))
}

/// Faults of one day's draft; `at`: where it stands in the body.
fn check_day(checks: &mut Checks, at: &str, ask: &Publish, today: LocalDay) {
    let rows = publish::draft_of(ask);
    let moved: Vec<Uuid> = ask.moved.iter().map(|m| m.task_id).collect();
    sheet::check(checks, &rows, &moved);
    for (k, row) in ask.rows.iter().enumerate() {
        if row.plan_id.is_some() != row.version.is_some() {
            checks.fault(&format!("{at}rows[{k}].version"), problem::BAD_VALUE);
        }
    }
    for (k, to) in ask.moved.iter().enumerate() {
        let sound = to.day >= today && to.day <= today.plus_days(366) && to.day != ask.day;
        checks.that(&format!("{at}moved[{k}].day"), sound);
    }
    let sound = ask.day >= today && ask.day <= today.plus_days(366);
    checks
        .that(&format!("{at}day"), sound)
        .that(&format!("{at}rows"), !ask.rows.is_empty() || !ask.moved.is_empty());
}
