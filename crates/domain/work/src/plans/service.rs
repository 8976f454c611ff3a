use std::collections::BTreeSet;

use api::Kit;
use base::{LocalDay, Micros, Problem, id, problem};
use customers::Place;
use db::{News, Query, Result, Scope, Tx};
use jiff::tz::TimeZone;
use org::Person;
use serde_json::json;
use tokio::sync::{Mutex, MutexGuard};
use uuid::Uuid;

use super::{Day, LockedVisits, Plan, PlanRow, Stop, actor_name, arrange, http::Preview, km, sql};
use crate::{
    LOCKED_VISITS, Route, Task, changes,
    model::Window,
    tasks::{self, sql::TaskRow},
};

/// How often an order is computed anew because the day changed meanwhile.
pub(crate) const ATTEMPTS: usize = 3;

/// Whoever changes the plan of somebody's day takes his turn here, so that many at once on this server do not
/// overtake each other again and again. Between servers the version of the plan decides.
pub(crate) async fn turn(employee: Uuid) -> MutexGuard<'static, ()> {
    TURNS[slot(employee)].lock().await
}

static TURNS: [Mutex<()>; 64] = [const { Mutex::const_new(()) }; 64];

fn slot(employee: Uuid) -> usize {
    usize::from(employee.as_bytes()[15]) % TURNS.len()
}

/// The turns of several people, taken in one order by everybody, so that no two wait for each other.
pub(crate) async fn turns(employees: impl Iterator<Item = Uuid>) -> Vec<MutexGuard<'static, ()>> {
    let slots: BTreeSet<usize> = employees.map(slot).collect();
    let mut guards = vec![];
    for slot in slots {
        guards.push(TURNS[slot].lock().await);
    }
    guards
}

/// An active person in reach, to whom work can be given.
pub(crate) async fn worker(q: &mut impl Query, id: Uuid) -> Result<Person> {
    let person = org::person(q, id).await?;
    if person.status != "active" {
        return Err(Problem::new(problem::INVALID)
            .with("reason", "此人已离职 / this person has left")
            .field("employee_id", problem::BAD_VALUE));
    }
    Ok(person)
}

/// Customers in reach that can be visited.
pub(crate) async fn visitable(q: &mut impl Query, ids: &[Uuid]) -> Result<Vec<Place>> {
    let places = customers::places(q, ids).await?;
    if let Some(k) = places.iter().position(|p| p.status == "archived") {
        return Err(Problem::new(problem::INVALID)
            .with("reason", "客户已归档 / archived customer")
            .field(format!("customer_ids[{k}]"), problem::BAD_VALUE));
    }
    Ok(places)
}

/// What a plan's tasks share.
pub(super) struct Terms<'a> {
    pub plan: Uuid,
    /// Employee and department.
    pub person: (Uuid, Uuid),
    pub day: LocalDay,
    pub window: Window,
    pub zone: &'a TimeZone,
    pub template_id: Option<Uuid>,
    pub title: &'a str,
    pub steps: &'a str,
    pub skills: &'a str,
    pub min_stay_s: Option<i64>,
}

pub(super) async fn add_task(
    tx: &mut Tx,
    terms: &Terms<'_>,
    place: &Place,
    seq: i64,
    eta: Option<Micros>,
) -> Result<()> {
    tasks::sql::insert(
        tx,
        tasks::sql::NewRow {
            id: id::new_v7(),
            plan_id: Some(terms.plan),
            employee_id: terms.person.0,
            department_id: terms.person.1,
            customer_id: place.id,
            template_id: terms.template_id,
            day: terms.day,
            seq,
            window: terms.window,
            due_at: terms.window.end(terms.day, terms.zone),
            title: terms.title,
            note: None,
            steps: terms.steps,
            skills: terms.skills,
            min_stay_s: terms.min_stay_s.unwrap_or(place.min_stay_s),
            service_s: None,
            eta,
            crew_id: None,
            content_sha256: "",
        },
    )
    .await?;
    Ok(())
}

pub(super) fn stop_at(place: &Place, window: Window, min_stay_s: Option<i64>) -> Stop {
    Stop {
        customer_id: place.id,
        grade: place.grade.clone(),
        at: place.at,
        min_stay_s: min_stay_s.unwrap_or(place.min_stay_s),
        window,
        hours: place.hours.clone(),
        fixed: false,
        held: false,
        service_s: None,
        locked: false,
        promised_at: None,
    }
}

/// The order that a plan would have.
pub async fn preview(kit: &Kit, scope: &Scope, ask: Preview) -> Result<Route> {
    let mut r = kit.db.read(scope).await?;
    let person = worker(&mut r, ask.employee_id).await?;
    let places = visitable(&mut r, &ask.customer_ids).await?;
    let day = Day::of(
        &mut r,
        &person,
        ask.day,
        ask.window,
        ask.objective,
        ask.keep_order.unwrap_or(false),
        kit.now(),
    )
    .await?;
    // A plan that is changed does not leave out what it has for something new.
    let standing = match sql::planned(&mut r, person.id, ask.day).await? {
        Some(plan) => tasks::sql::of_plan(&mut r, plan.id).await?,
        None => vec![],
    };
    drop(r);
    let held = |p: &Place| standing.iter().any(|t| t.customer_id == p.id && Stop::of(t).is_some());
    let service_s = ask.service_minutes.map(|m| m * 60);
    let stops: Vec<Stop> =
        places.iter().map(|p| Stop { service_s, held: held(p), ..stop_at(p, ask.window, None) }).collect();
    Ok(arrange(kit, scope, &day, &stops).await?.route)
}

/// A plan in reach.
pub async fn by_id(q: &mut impl Query, id: Uuid, now: Micros) -> Result<Plan> {
    let row = sql::one(q, id).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    with_tasks(q, row, now).await
}

pub(super) async fn with_tasks(q: &mut impl Query, row: PlanRow, now: Micros) -> Result<Plan> {
    let tasks = tasks::sql::of_plan(q, row.id).await?;
    let tasks: Vec<Task> = tasks::crew::shown(q, &tasks, now).await?;
    row.shown(tasks, changes::of_plan(q, row.id).await?)
}

/// The plan that holds for a person's day. The caller has checked the person.
pub(crate) async fn planned(q: &mut impl Query, employee: Uuid, day: LocalDay) -> Result<Option<PlanRow>> {
    sql::planned(q, employee, day).await
}

/// Plans that hold for a person's days, in reach.
pub(crate) async fn of_person(
    q: &mut impl Query,
    employee: Uuid,
    from: LocalDay,
    to: LocalDay,
    now: Micros,
) -> Result<Vec<Plan>> {
    let mut plans = vec![];
    for row in sql::of_person(q, employee, from, to).await? {
        plans.push(with_tasks(q, row, now).await?);
    }
    Ok(plans)
}

/// Where the console shows a plan.
pub(crate) fn link(plan: Uuid, day: LocalDay) -> String {
    format!("/planning?day={day}&tab=plans&plan={plan}")
}

/// News of a plan to the consoles, and a notice to the person, unless he did it himself.
pub(crate) async fn told(
    tx: &mut Tx,
    kind: &'static str,
    (employee, department): (Uuid, Uuid),
    plan: Uuid,
    day: LocalDay,
    count: usize,
    meters: i64,
) -> Result<()> {
    emit(tx, plan, employee, department, day).await?;
    if tx.scope().actor() != employee {
        let by = actor_name(tx).await?;
        let params = json!({ "day": day, "by": by, "count": count, "km": km(meters) });
        notify::send(tx, employee, department, notify::New { kind, params, link: Some(link(plan, day)) })
            .await?;
    }
    Ok(())
}

pub(crate) async fn emit(
    tx: &mut Tx,
    plan: Uuid,
    employee_id: Uuid,
    department_id: Uuid,
    day: LocalDay,
) -> Result<()> {
    let payload = json!({ "id": plan, "employee_id": employee_id, "day": day });
    tx.emit(News { topic: "plan", employee_id, department_id, payload }).await
}

/// Cancels a plan with all its tasks that have not begun. What is locked was promised to somebody: `locked` says what
/// becomes of it.
///
/// # Errors
/// `plan.locked_visits` when there are such and nobody said.
pub async fn cancel(tx: &mut Tx, id: Uuid, reason: &str, locked: Option<LockedVisits>) -> Result<Plan> {
    let row = sql::one(tx, id).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    let now = tx.now();
    let tasks = tasks::sql::of_plan(tx, id).await?;
    let promised = |t: &&TaskRow| t.locked && tasks::waits(t.kept());
    let names: Vec<&str> = tasks.iter().filter(promised).map(|t| t.customer_name.as_str()).collect();
    if row.status == "planned" && locked.is_none() && !names.is_empty() {
        let count = names.len() as i64;
        return Err(Problem::new(LOCKED_VISITS).with("count", count).with("customers", names.join("、")));
    }
    if !sql::cancel(tx, id).await? {
        // Cancelled before: the answer is the same.
        return with_tasks(tx, row, now).await;
    }
    let keep = locked != Some(LockedVisits::Cancel);
    for task in &tasks {
        if keep && promised(&task) {
            // It stays locked with its person and its time, and waits for a plan.
            tasks::sql::set_place(tx, task.id, None, task.seq, task.eta).await?;
            tasks::emit(tx, task.id).await?;
        } else {
            // What has begun stays: it happened.
            tasks::sql::cancel_open(tx, task.id, reason).await?;
        }
    }
    let mut told = json!({ "day": row.day, "reason": reason });
    if !names.is_empty() {
        told[if keep { "kept" } else { "locked" }] = json!(names);
    }
    tx.audit("plan.cancel", "plan", id, told).await?;
    emit(tx, id, row.employee_id, row.department_id, row.day).await?;
    if tx.scope().actor() != row.employee_id {
        let params = json!({ "day": row.day, "by": actor_name(tx).await?, "reason": reason });
        let notice = notify::New { kind: "plan.cancelled", params, link: Some(link(id, row.day)) };
        notify::send(tx, row.employee_id, row.department_id, notice).await?;
    }
    by_id(tx, id, now).await
}

/// Notes that the acting person's plans of these days have reached his phone. Answers how many had not before.
pub async fn delivered(tx: &mut Tx, from: LocalDay, to: LocalDay) -> Result<usize> {
    let (me, now) = (tx.scope().actor(), tx.now());
    let waiting = sql::undelivered(tx, from, to).await?;
    for plan in &waiting {
        sql::set_delivered(tx, plan.id, now).await?;
        emit(tx, plan.id, me, plan.department_id, plan.day).await?;
    }
    Ok(waiting.len())
}

/// Are there plans of the acting person that have not reached his phone?
pub async fn any_undelivered(q: &mut impl Query, from: LocalDay, to: LocalDay) -> Result<bool> {
    Ok(!sql::undelivered(q, from, to).await?.is_empty())
}

/// Marks one of the acting person's plans as read.
///
/// # Errors
/// `not_found` when it is not his.
pub async fn mark_read(tx: &mut Tx, id: Uuid, at: Micros) -> Result<()> {
    if sql::set_read(tx, id, at).await? == 0 {
        return Err(Problem::new(problem::NOT_FOUND));
    }
    if let Some(row) = sql::one(tx, id).await? {
        emit(tx, id, row.employee_id, row.department_id, row.day).await?;
    }
    Ok(())
}
