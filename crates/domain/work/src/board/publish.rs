//! Drafts become the plans of their days: read, worked out outside every transaction, stored in one.

use std::collections::BTreeSet;

use api::Kit;
use base::{LocalDay, Micros, Problem, id, problem};
use db::{News, Result, Scope, Tx};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    hand_over::Occasion,
    http::{DraftRow, MovedTask, Publish, PublishRow},
    sheet::{Row, Sheet, begun, missed},
    sql::{self, Given},
    timetable::Timetable,
    wish,
};
use crate::{
    BOARD_GONE, BOARD_LOCKED, BOARD_STALE, Route, STARTED,
    model::{Window, to_json},
    plans::{self, ATTEMPTS, Day, PlanRow, Stop, arrange},
    tasks::{self, sql::TaskRow},
};

/// What was published.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BoardPublished)]
pub struct Published {
    /// People whose day is another now.
    pub people: Vec<Uuid>,
}

/// A line of the trail besides those of the plans.
#[derive(Debug, Clone, Copy)]
pub(super) struct Noted {
    pub occasion: Occasion,
    pub visits: usize,
}

/// Everything the transaction needs.
struct Prepared {
    ask: Publish,
    sheet: Sheet,
    ways: Vec<(Timetable, Route)>,
}

impl Prepared {
    /// Tasks of the rows as they are to be.
    fn named(&self) -> impl Iterator<Item = Uuid> {
        self.sheet.rows.iter().flat_map(|r| r.tasks.iter().copied())
    }

    /// Tasks that are to wait on another day.
    fn moved(&self) -> impl Iterator<Item = Uuid> {
        self.ask.moved.iter().map(|m| m.task_id)
    }
}

pub(super) fn draft_of(ask: &Publish) -> Vec<DraftRow> {
    ask.rows.iter().map(|r| DraftRow { employee_id: r.employee_id, tasks: r.tasks.clone() }).collect()
}

/// Publishes drafts of several days together: all of them, or nothing.
///
/// # Errors
/// `board.stale` with the names of those whose plans have changed; `board.locked` when a lock would be broken;
/// `board.gone` when a due visit or a request has found another place.
pub(super) async fn publish(
    kit: &Kit,
    scope: &Scope,
    asks: Vec<Publish>,
    noted: Option<Noted>,
) -> Result<Published> {
    let people = asks.iter().flat_map(|a| &a.rows).map(|r| r.employee_id);
    let _turns = plans::turns(people).await;
    for _ in 0..ATTEMPTS {
        let mut days = vec![];
        for ask in &asks {
            days.push(prepare(kit, scope, ask).await?);
        }
        let done = kit.db.write(scope, move |tx| {
            Box::pin(async move {
                let done = store(tx, &days).await?;
                if let (Some(done), Some(Noted { occasion, visits })) = (&done, noted) {
                    let told = json!({ "visits": visits, "people": done.people.len() });
                    tx.audit(occasion.action, occasion.subject, occasion.id, told).await?;
                }
                Ok(done)
            })
        });
        if let Some(done) = done.await? {
            return Ok(done);
        }
    }
    Err(Problem::new(problem::BUSY).retry_after(1))
}

async fn prepare(kit: &Kit, scope: &Scope, ask: &Publish) -> Result<Prepared> {
    let moved: Vec<Uuid> = ask.moved.iter().map(|m| m.task_id).collect();
    let sheet = Sheet::read(kit, scope, ask.day, &draft_of(ask), &moved).await?;
    if let Some(k) = moved.iter().position(|m| sheet.wishes.contains_key(m)) {
        // What is no task yet has no other day to wait on.
        return Err(Problem::new(problem::INVALID).field(format!("moved[{k}].task_id"), problem::BAD_VALUE));
    }
    let mut ways = vec![];
    let worked = sheet.timetables(kit, scope).await;
    for ((row, wanted), worked) in sheet.rows.iter().zip(&ask.rows).zip(worked) {
        ways.push((worked.table, way(kit, scope, &sheet, row, wanted).await?));
    }
    Ok(Prepared { ask: ask.clone(), sheet, ways })
}

/// The way of a row, in its order.
async fn way(kit: &Kit, scope: &Scope, sheet: &Sheet, row: &Row, wanted: &PublishRow) -> Result<Route> {
    let working = &row.hours.working;
    let day = Day {
        day: sheet.day,
        zone: sheet.zone.clone(),
        start: row.terms.start,
        end: row.terms.end,
        travel: row.terms.travel,
        window: row.hours.span(),
        pauses: working.windows(2).map(|w| (w[0].1, w[1].0)).collect(),
        most_visits: row.terms.most_visits,
        most_m: row.terms.most_m,
        objective: wanted.objective,
        keep_order: true,
        grades: sheet.grades.clone(),
        now: kit.now(),
    };
    // One that was missed is made anew: it counts as open.
    let stop = |t: &TaskRow| {
        Stop::of(&TaskRow { status: if begun(t) { t.status.clone() } else { "new".into() }, ..t.clone() })
    };
    let all = row.fixed.iter().chain(&row.tasks).filter_map(|id| sheet.task(*id)).filter_map(stop);
    Ok(arrange(kit, scope, &day, &all.collect::<Vec<_>>()).await?.route)
}

/// A day as its plans are in the transaction.
struct Standing<'a> {
    day: &'a Prepared,
    plans: Vec<Option<PlanRow>>,
    /// Tasks of each plan, before.
    before: Vec<Vec<TaskRow>>,
}

/// `None` when a task has changed since it was read.
async fn store(tx: &mut Tx, days: &[Prepared]) -> Result<Option<Published>> {
    let mut standing = vec![];
    for day in days {
        let (plans, mut before) = (plans_of(tx, day).await?, vec![]);
        for plan in &plans {
            before.push(match plan {
                Some(plan) => tasks::sql::of_plan(tx, plan.id).await?,
                None => vec![],
            });
        }
        standing.push(Standing { day, plans, before });
    }
    for day in days {
        let all: Vec<Uuid> = day.named().chain(day.moved()).collect();
        for id in all {
            if let Some(wish) = day.sheet.wishes.get(&id) {
                wish::still_due(tx, wish).await?;
                continue;
            }
            let now = tasks::sql::one(tx, id).await?;
            if day.sheet.task(id).is_none_or(|read| read.version != now.version) {
                return Ok(None);
            }
        }
    }
    strangers(&standing)?;
    for of in &standing {
        keep_locks(of.day, &of.before)?;
    }
    let placed: BTreeSet<Uuid> = days.iter().flat_map(|d| d.named().chain(d.moved())).collect();
    let mut people = BTreeSet::new();
    let mut emptied = vec![];
    for of in &standing {
        for (k, row) in of.day.sheet.rows.iter().enumerate() {
            let waiting = || of.before[k].iter().filter(|t| tasks::waits(t.kept()));
            if waiting().map(|t| t.id).eq(row.tasks.iter().copied()) {
                continue;
            }
            let left: Vec<&TaskRow> = waiting().filter(|t| !placed.contains(&t.id)).collect();
            for task in left {
                place(tx, of.day, task, at_rest(task, task.day)).await?;
            }
            let plan = of.plans[k].as_ref();
            store_row(tx, of.day, k, plan).await?;
            people.insert(row.person.id);
            emptied.extend(plan.filter(|_| row.tasks.is_empty() && row.fixed.is_empty()).map(|p| p.id));
        }
        for MovedTask { task_id, day } in &of.day.ask.moved {
            if let Some(task) = of.day.sheet.task(*task_id) {
                place(tx, of.day, task, at_rest(task, *day)).await?;
                let told = json!({ "customer": task.customer_name, "from": task.day, "day": day });
                tx.audit("task.move", "task", *task_id, told).await?;
            }
        }
    }
    // Plans are left empty only after everything has found its new place.
    for plan in emptied {
        plans::cancel(tx, plan, "当天的任务已改派", Some(plans::LockedVisits::Keep)).await?;
    }
    Ok(Some(Published { people: people.into_iter().collect() }))
}

/// The plans of the rows as they are now.
///
/// # Errors
/// `board.stale` with everybody whose plan is another than the draft was made from.
async fn plans_of(tx: &mut Tx, p: &Prepared) -> Result<Vec<Option<PlanRow>>> {
    let (mut all, mut stale) = (vec![], vec![]);
    for (row, wanted) in p.sheet.rows.iter().zip(&p.ask.rows) {
        let now = plans::planned(tx, row.person.id, p.ask.day).await?;
        if now.as_ref().map(|n| (n.id, n.version)) != wanted.plan_id.zip(wanted.version) {
            stale.push(row.person.name.clone());
        }
        all.push(now);
    }
    if stale.is_empty() { Ok(all) } else { Err(Problem::new(BOARD_STALE).with("who", stale.join("、"))) }
}

/// Nothing is taken out of a plan the drafts do not know.
fn strangers(standing: &[Standing<'_>]) -> Result<()> {
    let known = |plan: Uuid| standing.iter().flat_map(|s| &s.plans).flatten().any(|k| k.id == plan);
    let mut who = BTreeSet::new();
    for day in standing.iter().map(|s| s.day) {
        let taken = day.named().chain(day.moved()).filter_map(|id| day.sheet.task(id));
        let strange =
            taken.filter(|t| !missed(t, day.sheet.today) && t.plan_id.is_some_and(|plan| !known(plan)));
        who.extend(strange.map(|t| t.employee_name.as_str()));
    }
    if who.is_empty() {
        return Ok(());
    }
    Err(Problem::new(BOARD_STALE).with("who", who.into_iter().collect::<Vec<_>>().join("、")))
}

/// Whoever is locked stays with his person, on his day, and behind the locked ones before him.
fn keep_locks(p: &Prepared, before: &[Vec<TaskRow>]) -> Result<()> {
    let locked = |t: &&TaskRow| t.locked && tasks::waits(t.kept());
    let moved = p.ask.moved.iter().filter_map(|m| p.sheet.task(m.task_id));
    let named = p.sheet.rows.iter().flat_map(|r| &r.tasks).filter_map(|id| p.sheet.task(*id));
    for task in before.iter().flatten().chain(moved).chain(named).filter(locked) {
        let own = p.sheet.rows.iter().find(|r| r.person.id == task.employee_id);
        let place = own.and_then(|r| r.tasks.iter().position(|t| *t == task.id));
        // One that waits without a plan may go on waiting.
        let stays = task.plan_id.is_none() && p.sheet.rows.iter().all(|r| !r.tasks.contains(&task.id));
        let kept = task.day == p.ask.day && (place.is_some() || stays);
        let turned = own.zip(place).is_some_and(|(row, place)| {
            row.tasks[place..].iter().filter_map(|id| p.sheet.task(*id)).any(|after| {
                after.locked
                    && after.plan_id == task.plan_id
                    && task.plan_id.is_some()
                    && after.seq < task.seq
            })
        });
        let moved = p.ask.moved.iter().any(|m| m.task_id == task.id);
        if !kept || turned || moved {
            return Err(Problem::new(BOARD_LOCKED).with("customer", &task.customer_name));
        }
    }
    Ok(())
}

/// Stores one row whose content has changed, and tells its person.
async fn store_row(tx: &mut Tx, p: &Prepared, k: usize, plan: Option<&PlanRow>) -> Result<()> {
    let (row, wanted, (table, route)) = (&p.sheet.rows[k], &p.ask.rows[k], &p.ways[k]);
    let whose = (row.person.id, row.person.department_id);
    let span = row.hours.span();
    let id = plan.map_or_else(id::new_v7, |p| p.id);
    match plan {
        Some(plan) => {
            if !plans::set_route(tx, plan.id, plan.version, &to_json(route)?).await? {
                return Err(Problem::new(BOARD_STALE).with("who", &row.person.name));
            }
            plans::sql::set_terms(tx, plan.id, plan.window(), wanted.keep_order, plan.note.as_deref())
                .await?;
        }
        None => {
            plans::sql::insert(
                tx,
                plans::sql::NewRow {
                    id,
                    employee_id: whose.0,
                    department_id: whose.1,
                    day: p.ask.day,
                    window: span,
                    template_id: None,
                    steps_version: None,
                    steps: "[]",
                    min_stay_s: None,
                    title: "客户拜访",
                    objective: wanted.objective.key(),
                    keep_order: wanted.keep_order,
                    note: None,
                    route: &to_json(route)?,
                    content_sha256: "",
                },
            )
            .await?;
        }
    }
    for (seq, task) in (1..).zip(row.fixed.iter().filter_map(|id| p.sheet.task(*id))) {
        if task.seq != seq || task.plan_id != Some(id) {
            tasks::sql::set_place(tx, task.id, Some(id), seq, task.eta).await?;
        }
    }
    for (n, task) in row.tasks.iter().enumerate() {
        let Some(task) = p.sheet.task(*task) else { continue };
        let begin = table.times.get(row.fixed.len() + n).copied().flatten();
        let eta = begin.map(|t| p.sheet.instant(t.begin));
        let seq = (row.fixed.len() + n) as i64 + 1;
        let spot = Spot { whose, day: p.ask.day, plan_id: Some(id), seq, eta };
        let Some(wish) = p.sheet.wishes.get(&task.id) else {
            place(tx, p, task, spot).await?;
            continue;
        };
        // One whose time is over already is to be made when its person works.
        let own = Window::new(task.from_minute, task.to_minute);
        let made = wish::task_id(wish);
        make(tx, p, task, made, if own.is_sound() { own } else { span }, spot).await?;
        wish::settled(tx, wish, made, row.person.as_ref(), eta).await?;
    }
    let names: Vec<&str> =
        row.tasks.iter().filter_map(|id| p.sheet.task(*id)).map(|t| t.customer_name.as_str()).collect();
    tx.audit(
        "plan.publish",
        "plan",
        id,
        json!({ "employee": row.person.name, "day": p.ask.day, "customers": names, "keep_order": wanted.keep_order }),
    )
    .await?;
    let kind = if plan.is_some() { "plan.changed" } else { "plan.assigned" };
    if row.tasks.is_empty() && row.fixed.is_empty() {
        return Ok(());
    }
    plans::told(tx, kind, whose, id, p.ask.day, row.fixed.len() + row.tasks.len(), route.meters).await
}

/// A task's place when it is in nobody's plan: with whom it was.
fn at_rest(task: &TaskRow, day: LocalDay) -> Spot {
    Spot { whose: (task.employee_id, task.department_id), day, plan_id: None, seq: 0, eta: None }
}

/// Where a task is from now on.
#[derive(Clone, Copy)]
struct Spot {
    /// Employee and department.
    whose: (Uuid, Uuid),
    day: LocalDay,
    plan_id: Option<Uuid>,
    seq: i64,
    eta: Option<Micros>,
}

/// Gives a task its person, day, plan and place; one that was missed is made anew there.
async fn place(tx: &mut Tx, p: &Prepared, task: &TaskRow, spot: Spot) -> Result<()> {
    let window = Window::new(task.from_minute, task.to_minute);
    if missed(task, p.sheet.today) {
        return make(tx, p, task, id::new_v7(), window, spot).await;
    }
    let ((employee_id, department_id), due_at) = (spot.whose, window.end(spot.day, &p.sheet.zone));
    let Spot { day, plan_id, seq, eta, .. } = spot;
    let given = Given { employee_id, department_id, day, due_at, plan_id, seq, eta };
    if !sql::give(tx, task.id, &given).await? {
        return Err(Problem::new(STARTED).with("customer", &task.customer_name));
    }
    if task.employee_id != employee_id || task.day != day {
        tasks::emit(tx, task.id).await?;
        if task.employee_id != employee_id {
            // The phone of whoever had it learns that it is gone.
            let payload = json!({ "id": task.id, "gone": true });
            let (employee_id, department_id) = (task.employee_id, task.department_id);
            tx.emit(News { topic: "task", employee_id, department_id, payload }).await?;
        }
    }
    Ok(())
}

/// Makes a task of what was missed, or is none yet.
///
/// # Errors
/// `board.gone` when it has been made meanwhile.
async fn make(tx: &mut Tx, p: &Prepared, task: &TaskRow, id: Uuid, window: Window, spot: Spot) -> Result<()> {
    let new = tasks::sql::NewRow {
        id,
        plan_id: spot.plan_id,
        employee_id: spot.whose.0,
        department_id: spot.whose.1,
        customer_id: task.customer_id,
        template_id: task.template_id,
        day: spot.day,
        seq: spot.seq,
        window,
        due_at: window.end(spot.day, &p.sheet.zone),
        title: &task.title,
        note: task.note.as_deref(),
        steps: &task.steps,
        skills: &task.skills,
        min_stay_s: task.min_stay_s,
        service_s: task.service_s,
        eta: spot.eta,
        crew_id: task.crew_id,
        content_sha256: "",
    };
    if !tasks::sql::insert(tx, new).await? {
        return Err(Problem::new(BOARD_GONE).with("customer", &task.customer_name));
    }
    custom::copy(tx, custom::Noun::Task, task.id, id).await?;
    tasks::emit(tx, id).await
}
