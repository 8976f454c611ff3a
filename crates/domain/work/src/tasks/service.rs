use api::Kit;
use base::{LocalDay, Micros, Problem, id, problem};
use customers::Place;
use db::{BoxFuture, News, Query, Result, Scope, Tx};
use org::Person;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Change, Task, TaskStatus, after, http::NewTask, own, sql, sql::TaskRow, waits};
use crate::{
    NOT_OPEN,
    model::{Objective, Window, content_sha256, to_json},
    plans::{self, Day, PlanRow, Stop, actor_name, arrange},
    routing::Ordered,
    templates,
};

/// A task in reach.
pub async fn by_id(q: &mut impl Query, id: Uuid, now: Micros) -> Result<Task> {
    sql::one(q, id).await?.shown(now)
}

/// Where the console shows a task.
fn link(task: Uuid, day: LocalDay) -> String {
    format!("/tasks?task={task}&from={day}&to={day}")
}

/// Tells the consoles how a task stands now.
pub(crate) async fn emit(tx: &mut Tx, id: Uuid) -> Result<()> {
    let now = tx.now();
    let row = sql::one(tx, id).await?;
    let payload = serde_json::to_value(row.shown(now)?).map_err(Problem::internal)?;
    tx.emit(News { topic: "task", employee_id: row.employee_id, department_id: row.department_id, payload })
        .await
}

/// Everything the making of a task needs, read before its transaction.
struct Prepared {
    new: NewTask,
    sha256: String,
    id: Uuid,
    person: Person,
    place: Place,
    template: Option<templates::TaskTemplate>,
    skills: Vec<String>,
    /// The day's plan with its tasks, when there is one.
    plan: Option<(PlanRow, Vec<TaskRow>)>,
    day: Day,
}

impl Prepared {
    fn min_stay_s(&self) -> i64 {
        self.template.as_ref().and_then(|t| t.min_stay_s).unwrap_or(self.place.min_stay_s)
    }

    fn title(&self) -> &str {
        let own = self.new.title.as_deref().map(str::trim).filter(|t| !t.is_empty());
        own.or(self.template.as_ref().map(|t| t.name.as_str())).unwrap_or("临时任务")
    }

    /// The tasks of the plan that still count, then the new one.
    fn stops(&self) -> Vec<Stop> {
        let new = Stop {
            customer_id: self.place.id,
            grade: self.place.grade.clone(),
            at: self.place.at,
            min_stay_s: self.min_stay_s(),
            window: self.new.window,
            hours: self.place.hours.clone(),
            fixed: false,
            service_s: None,
            locked: false,
            promised_at: None,
        };
        self.standing().filter_map(Stop::of).chain([new]).collect()
    }

    fn standing(&self) -> impl Iterator<Item = &TaskRow> {
        self.plan.iter().flat_map(|(_, tasks)| tasks).filter(|t| Stop::of(t).is_some())
    }
}

/// Makes a task beside the plan; it joins the day's plan, whose open rest is ordered anew. The same id and
/// content again answers as before. `tell`: the person gets a notice of it.
pub async fn create(kit: &Kit, scope: &Scope, new: NewTask, tell: bool) -> Result<Task> {
    let sha256 = content_sha256(&new)?;
    let id = new.id.unwrap_or_else(id::new_v7);
    let _turn = plans::turn(new.employee_id).await;
    for _ in 0..plans::ATTEMPTS {
        let mut r = kit.db.read(scope).await?;
        let prepared = prepare(kit, &mut r, new.clone(), sha256.clone(), id).await?;
        drop(r);
        let ordered = match &prepared.plan {
            Some(_) => Some(arrange(kit, scope, &prepared.day, &prepared.stops()).await?),
            None => None,
        };
        if let Some(task) = kit
            .db
            .write(scope, move |tx| Box::pin(async move { store(tx, prepared, ordered, tell).await }))
            .await?
        {
            return Ok(task);
        }
    }
    Err(Problem::new(problem::BUSY).retry_after(1))
}

async fn prepare(kit: &Kit, q: &mut impl Query, new: NewTask, sha256: String, id: Uuid) -> Result<Prepared> {
    let person = plans::worker(q, new.employee_id).await?;
    let mut places = plans::visitable(q, &[new.customer_id]).await?;
    let place = places.pop().ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    let template = match new.template_id {
        Some(template) => Some(templates::for_use(q, template).await?.0),
        None => None,
    };
    templates::check_named(q, new.steps.as_deref().unwrap_or(&[]), &[]).await?;
    let row = plans::planned(q, person.id, new.day).await?;
    let (objective, keep_order, window) =
        row.as_ref().map_or((Objective::Distance, false, new.window), |p| {
            (Objective::from_key(&p.objective), p.keep_order, p.window())
        });
    // A task may reach beyond the plan's window; then the day does too.
    let window = Window {
        from_minute: window.from_minute.min(new.window.from_minute),
        to_minute: window.to_minute.max(new.window.to_minute),
    };
    let day = Day::of(q, &person, new.day, window, objective, keep_order, kit.now()).await?;
    let plan = match row {
        Some(row) => Some((sql::of_plan(q, row.id).await?, row)).map(|(tasks, row)| (row, tasks)),
        None => None,
    };
    let skills = org::tidy_skills(&new.skills);
    Ok(Prepared { new, sha256, id, person, place, template, skills, plan, day })
}

/// `None` when the plan has changed meanwhile.
async fn store(tx: &mut Tx, p: Prepared, ordered: Option<Ordered>, tell: bool) -> Result<Option<Task>> {
    let now = tx.now();
    let plan_now = plans::planned(tx, p.person.id, p.new.day).await?;
    if plan_now.as_ref().map(|r| (r.id, r.version)) != p.plan.as_ref().map(|(r, _)| (r.id, r.version)) {
        return Ok(None);
    }
    let mut steps = p.template.as_ref().map(|t| t.steps.clone()).unwrap_or_default();
    steps.extend(templates::with_ids(p.new.steps.as_deref().unwrap_or(&[])));
    templates::pin(tx, &mut steps).await?;
    let standing: Vec<&TaskRow> = p.standing().collect();
    let found = ordered.as_ref().and_then(|o| (1..).zip(&o.stops).find(|(_, (k, _))| *k == standing.len()));
    let loose = sql::without_plan(tx, p.person.id, p.new.day).await?.len();
    let (seq, arrival) = found.map_or((loose as i64 + 1, None), |(seq, (_, arrival))| (seq, *arrival));
    let inserted = sql::insert(
        tx,
        sql::NewRow {
            id: p.id,
            plan_id: p.plan.as_ref().map(|(row, _)| row.id),
            employee_id: p.person.id,
            department_id: p.person.department_id,
            customer_id: p.place.id,
            template_id: p.new.template_id,
            day: p.new.day,
            seq,
            window: p.new.window,
            due_at: p.new.window.end(p.new.day, &p.day.zone),
            title: p.title(),
            note: p.new.note.as_deref().map(str::trim).filter(|n| !n.is_empty()),
            steps: &to_json(&steps)?,
            skills: &to_json(&p.skills)?,
            min_stay_s: p.min_stay_s(),
            service_s: None,
            eta: arrival.map(|s| p.day.instant(s)),
            content_sha256: &p.sha256,
        },
    )
    .await?;
    if !inserted {
        let row = sql::one(tx, p.id).await.ok().filter(|r| r.content_sha256 == p.sha256);
        return row.ok_or_else(|| Problem::new(problem::CONFLICT))?.shown(now).map(Some);
    }
    own::keep_new(tx, p.id, &p.new.custom).await?;
    if let (Some((row, _)), Some(ordered)) = (&p.plan, &ordered) {
        for (seq, (k, arrival)) in (1..).zip(&ordered.stops) {
            let Some(task) = standing.get(*k) else { continue };
            let begun = Stop::of(task).is_some_and(|s| s.fixed);
            let eta = if begun { task.eta } else { arrival.map(|s| p.day.instant(s)) };
            sql::set_place(tx, task.id, Some(row.id), seq, eta).await?;
        }
        if !plans::set_route(tx, row.id, row.version, &to_json(&ordered.route)?).await? {
            return Err(Problem::new(problem::BUSY).retry_after(1));
        }
        plans::emit(tx, row.id, row.employee_id, row.department_id, row.day).await?;
    }
    tx.audit(
        "task.create",
        "task",
        p.id,
        json!({ "employee": p.person.name, "customer": p.place.name, "day": p.new.day }),
    )
    .await?;
    emit(tx, p.id).await?;
    if tell && tx.scope().actor() != p.person.id {
        let params = json!({ "day": p.new.day, "by": actor_name(tx).await?, "customer": p.place.name });
        let notice = notify::New { kind: "task.assigned", params, link: Some(link(p.id, p.new.day)) };
        notify::send(tx, p.person.id, p.person.department_id, notice).await?;
    }
    by_id(tx, p.id, now).await.map(Some)
}

/// Cancels a task that has not begun.
pub async fn cancel(tx: &mut Tx, id: Uuid, reason: &str) -> Result<Task> {
    let now = tx.now();
    let row = sql::one(tx, id).await?;
    if row.kept() == TaskStatus::Cancelled {
        return row.shown(now);
    }
    if !sql::cancel_open(tx, id, reason).await? {
        return Err(Problem::new(NOT_OPEN));
    }
    tx.audit(
        "task.cancel",
        "task",
        id,
        json!({ "customer": row.customer_name, "day": row.day, "reason": reason }),
    )
    .await?;
    emit(tx, id).await?;
    if tx.scope().actor() != row.employee_id {
        let params = json!({ "day": row.day, "by": actor_name(tx).await?, "customer": row.customer_name, "reason": reason });
        let notice = notify::New { kind: "task.cancelled", params, link: Some(link(id, row.day)) };
        notify::send(tx, row.employee_id, row.department_id, notice).await?;
    }
    by_id(tx, id, now).await
}

/// Locks a task that has not begun, or unlocks it.
pub async fn lock(tx: &mut Tx, id: Uuid, locked: bool) -> Result<Task> {
    let now = tx.now();
    let row = sql::one(tx, id).await?;
    if row.locked == locked {
        return row.shown(now);
    }
    if !sql::set_locked(tx, id, locked).await? {
        return Err(Problem::new(NOT_OPEN));
    }
    let action = if locked { "task.lock" } else { "task.unlock" };
    tx.audit(action, "task", id, json!({ "customer": row.customer_name, "day": row.day })).await?;
    emit(tx, id).await?;
    if let Some(plan) = row.plan_id {
        plans::emit(tx, plan, row.employee_id, row.department_id, row.day).await?;
    }
    by_id(tx, id, now).await
}

/// Changes the hours in which a task is to begin. What was promised stays promised.
///
/// # Errors
/// `version.conflict` when its window is no longer `was`; `task.not_open` when it has begun or is over.
pub async fn set_window(tx: &mut Tx, id: Uuid, was: Window, window: Window) -> Result<Task> {
    let now = tx.now();
    let row = sql::one(tx, id).await?;
    let before = Window::new(row.from_minute, row.to_minute);
    if before == window {
        return row.shown(now);
    }
    if before != was {
        return Err(Problem::new(problem::VERSION));
    }
    if !waits(row.kept()) {
        return Err(Problem::new(NOT_OPEN));
    }
    let zone = org::zone(tx).await?;
    sql::set_window(tx, id, window, window.end(row.day, &zone)).await?;
    let told = json!({ "customer": row.customer_name, "day": row.day, "from": before, "to": window });
    tx.audit("task.window", "task", id, told).await?;
    emit(tx, id).await?;
    if let Some(plan) = row.plan_id {
        plans::emit(tx, plan, row.employee_id, row.department_id, row.day).await?;
    }
    by_id(tx, id, now).await
}

/// Says what a task asks of whoever makes it. Whether its person can is said by the board.
pub async fn need(tx: &mut Tx, id: Uuid, skills: &[String]) -> Result<Task> {
    let now = tx.now();
    let row = sql::one(tx, id).await?;
    let skills = org::tidy_skills(skills);
    let text = to_json(&skills)?;
    if row.skills == text {
        return row.shown(now);
    }
    if !sql::set_skills(tx, id, &text).await? {
        return Err(Problem::new(NOT_OPEN));
    }
    let told = json!({ "customer": row.customer_name, "day": row.day, "skills": skills });
    tx.audit("task.skills", "task", id, told).await?;
    emit(tx, id).await?;
    by_id(tx, id, now).await
}

/// The acting person accepts one of his tasks.
pub async fn accept(tx: &mut Tx, id: Uuid) -> Result<()> {
    step(tx, id, Change::Accept).await
}

/// The acting person sets out to one of his tasks.
pub async fn set_out(tx: &mut Tx, id: Uuid) -> Result<()> {
    step(tx, id, Change::SetOut).await
}

/// A task that was left out.
#[derive(Debug, Clone, Copy)]
pub struct Skipped<'a> {
    pub task: Uuid,
    pub employee: Uuid,
    pub reason: Option<&'a str>,
}

/// Registered by upper floors: told in the transaction that leaves a task out, by its person or by who approved it.
pub struct SkipHook {
    pub run: for<'a> fn(&'a mut Tx, Skipped<'a>) -> BoxFuture<'a, Result<()>>,
}
inventory::collect!(SkipHook);

/// A task is left out by its person: `why` is what its planner is told. False when it was begun or ended meanwhile.
pub(crate) async fn skip(
    tx: &mut Tx,
    row: &TaskRow,
    code: Option<&str>,
    reason: Option<&str>,
    why: Value,
) -> Result<bool> {
    if !sql::skip_open(tx, row.id, code, reason).await? {
        return Ok(false);
    }
    emit_row(tx, row).await?;
    tx.audit(
        "task.skip",
        "task",
        row.id,
        json!({ "customer": row.customer_name, "day": row.day, "code": code, "reason": reason }),
    )
    .await?;
    if let Some(planner) = planner(tx, row).await? {
        let params =
            json!({ "day": row.day, "by": row.employee_name, "customer": row.customer_name, "reason": why });
        let notice = notify::New { kind: "task.skipped", params, link: Some(link(row.id, row.day)) };
        notify::send(tx, planner.id, planner.department_id, notice).await?;
    }
    let skipped = Skipped { task: row.id, employee: row.employee_id, reason };
    for hook in inventory::iter::<SkipHook> {
        (hook.run)(tx, skipped).await?;
    }
    Ok(true)
}

/// Tells the consoles how a task stands now, whoever acts: somebody who decides need not see it.
pub(crate) async fn emit_row(tx: &mut Tx, row: &TaskRow) -> Result<()> {
    let now = tx.now();
    let Some(row) = sql::any(tx, row.id).await? else { return Ok(()) };
    let payload = serde_json::to_value(row.shown(now)?).map_err(Problem::internal)?;
    tx.emit(News { topic: "task", employee_id: row.employee_id, department_id: row.department_id, payload })
        .await
}

/// Who gave the task, when that was somebody else.
async fn planner(tx: &mut Tx, row: &TaskRow) -> Result<Option<Person>> {
    let by = sql::created_by(tx, row.id).await?;
    let found = org::by_ids(tx, &[by]).await?;
    Ok(found.into_iter().find(|p| p.id != row.employee_id && p.status == "active"))
}

/// Moves one of the acting person's tasks on.
async fn step(tx: &mut Tx, id: Uuid, change: Change) -> Result<()> {
    let row = sql::mine(tx, id).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    let status = row.kept();
    let next = after(status, change).ok_or_else(|| Problem::new(NOT_OPEN))?;
    if next != status {
        sql::set_status(tx, id, next, None, None).await?;
        emit(tx, id).await?;
    }
    Ok(())
}
