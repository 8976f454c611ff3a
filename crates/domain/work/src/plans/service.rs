use api::Kit;
use base::{LocalDay, Micros, Problem, id, problem};
use customers::Place;
use db::{News, Query, Result, Scope, Tx};
use jiff::tz::TimeZone;
use org::Person;
use serde_json::json;
use uuid::Uuid;

use super::{
    Day, Plan, PlanRow, Stop, actor_name, arrange,
    http::{NewPlan, PatchPlan, Preview},
    km, sql,
};
use crate::{
    DAY_TAKEN, NOT_PLANNED, Route, STARTED, Task, TaskStatus,
    model::{Objective, Window, content_sha256, from_json, to_json},
    routing::Ordered,
    tasks::{self, sql::TaskRow},
    templates::{self, Step},
};

/// How often an order is computed anew because the day changed meanwhile.
pub(crate) const ATTEMPTS: usize = 3;

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
struct Terms<'a> {
    plan: Uuid,
    person: (Uuid, Uuid),
    day: LocalDay,
    window: Window,
    zone: &'a TimeZone,
    template_id: Option<Uuid>,
    title: &'a str,
    steps: &'a str,
    min_stay_s: Option<i64>,
}

async fn add_task(
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
            min_stay_s: terms.min_stay_s.unwrap_or(place.min_stay_s),
            eta,
            content_sha256: "",
        },
    )
    .await?;
    Ok(())
}

fn stop_at(place: &Place, window: Window, min_stay_s: Option<i64>) -> Stop {
    Stop {
        customer_id: place.id,
        at: place.at,
        min_stay_s: min_stay_s.unwrap_or(place.min_stay_s),
        window,
        fixed: false,
        service_s: None,
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
    drop(r);
    let service_s = ask.service_minutes.map(|m| m * 60);
    let stops: Vec<Stop> =
        places.iter().map(|p| Stop { service_s, ..stop_at(p, ask.window, None) }).collect();
    Ok(arrange(&day, &stops).await?.route)
}

/// A plan in reach.
pub async fn by_id(q: &mut impl Query, id: Uuid, now: Micros) -> Result<Plan> {
    let row = sql::one(q, id).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    with_tasks(q, row, now).await
}

pub(super) async fn with_tasks(q: &mut impl Query, row: PlanRow, now: Micros) -> Result<Plan> {
    let tasks = tasks::sql::of_plan(q, row.id).await?;
    let tasks: Vec<Task> = tasks.iter().map(|t| t.shown(now)).collect::<Result<_>>()?;
    row.shown(tasks)
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

/// Everything the making of a plan needs, read before its transaction.
struct Prepared {
    new: NewPlan,
    sha256: String,
    id: Uuid,
    person: Person,
    template: Option<(templates::TaskTemplate, i64)>,
    places: Vec<Place>,
    /// Tasks of the day that wait for a plan; it takes them in.
    loose: Vec<TaskRow>,
    day: Day,
}

/// Makes a plan; the same id and content again answers as before.
pub async fn create(kit: &Kit, scope: &Scope, new: NewPlan) -> Result<Plan> {
    let sha256 = content_sha256(&new)?;
    let id = new.id.unwrap_or_else(id::new_v7);
    for _ in 0..ATTEMPTS {
        let mut r = kit.db.read(scope).await?;
        if let Some(row) = sql::one(&mut r, id).await? {
            return if row.content_sha256 == sha256 {
                with_tasks(&mut r, row, kit.now()).await
            } else {
                Err(Problem::new(problem::CONFLICT))
            };
        }
        let prepared = prepare(kit, &mut r, new.clone(), sha256.clone(), id).await?;
        drop(r);
        let ordered = arrange(&prepared.day, &stops_of(&prepared)).await?;
        if let Some(plan) =
            kit.db.write(scope, move |tx| Box::pin(async move { store(tx, prepared, ordered).await })).await?
        {
            return Ok(plan);
        }
    }
    Err(Problem::new(problem::BUSY).retry_after(1))
}

async fn prepare(kit: &Kit, q: &mut impl Query, new: NewPlan, sha256: String, id: Uuid) -> Result<Prepared> {
    let person = worker(q, new.employee_id).await?;
    let template = match new.template_id {
        Some(template) => Some(templates::for_use(q, template).await?),
        None => None,
    };
    let places = visitable(q, &new.customer_ids).await?;
    let loose = tasks::sql::without_plan(q, person.id, new.day).await?;
    let day =
        Day::of(q, &person, new.day, new.window, new.objective, new.keep_order.unwrap_or(false), kit.now())
            .await?;
    Ok(Prepared { new, sha256, id, person, template, places, loose, day })
}

/// The new customers first, then the tasks taken in.
fn stops_of(p: &Prepared) -> Vec<Stop> {
    let min_stay_s = p.template.as_ref().and_then(|t| t.0.min_stay_s);
    let new = p.places.iter().map(|place| stop_at(place, p.new.window, min_stay_s));
    new.chain(p.loose.iter().filter_map(Stop::of)).collect()
}

/// `None` when the tasks waiting for a plan have changed meanwhile.
async fn store(tx: &mut Tx, p: Prepared, ordered: Ordered) -> Result<Option<Plan>> {
    if let Some(other) = sql::planned(tx, p.person.id, p.new.day).await?.filter(|o| o.id != p.id) {
        return Err(Problem::new(DAY_TAKEN).with("plan_id", other.id));
    }
    let waiting = tasks::sql::without_plan(tx, p.person.id, p.new.day).await?;
    if waiting.iter().map(|t| (t.id, t.version)).ne(p.loose.iter().map(|t| (t.id, t.version))) {
        return Ok(None);
    }
    let mut steps: Vec<Step> = p.template.as_ref().map(|t| t.0.steps.clone()).unwrap_or_default();
    steps.extend(templates::with_ids(p.new.steps.as_deref().unwrap_or(&[])));
    let steps = to_json(&steps)?;
    let title = p.template.as_ref().map_or("客户拜访", |t| t.0.name.as_str());
    let min_stay_s = p.template.as_ref().and_then(|t| t.0.min_stay_s);
    let route = to_json(&ordered.route)?;
    let note = p.new.note.as_deref().map(str::trim).filter(|n| !n.is_empty());
    let inserted = sql::insert(
        tx,
        sql::NewRow {
            id: p.id,
            employee_id: p.person.id,
            department_id: p.person.department_id,
            day: p.new.day,
            window: p.new.window,
            template_id: p.new.template_id,
            steps_version: p.template.as_ref().map(|t| t.1),
            steps: &steps,
            min_stay_s,
            title,
            objective: p.new.objective.key(),
            keep_order: p.day.keep_order,
            note,
            route: &route,
            content_sha256: &p.sha256,
        },
    )
    .await?;
    if !inserted {
        return match sql::one(tx, p.id).await? {
            Some(row) if row.content_sha256 == p.sha256 => {
                let now = tx.now();
                with_tasks(tx, row, now).await.map(Some)
            }
            _ => Err(Problem::new(problem::CONFLICT)),
        };
    }
    let terms = Terms {
        plan: p.id,
        person: (p.person.id, p.person.department_id),
        day: p.new.day,
        window: p.new.window,
        zone: &p.day.zone,
        template_id: p.new.template_id,
        title,
        steps: &steps,
        min_stay_s,
    };
    let taken_in: Vec<&TaskRow> = p.loose.iter().filter(|t| Stop::of(t).is_some()).collect();
    for (seq, (k, arrival)) in (1..).zip(&ordered.stops) {
        let eta = arrival.map(|s| p.day.instant(s));
        match p.places.get(*k) {
            Some(place) => add_task(tx, &terms, place, seq, eta).await?,
            None => {
                if let Some(task) = taken_in.get(*k - p.places.len()) {
                    tasks::sql::set_place(tx, task.id, Some(p.id), seq, eta).await?;
                }
            }
        }
    }
    tx.audit(
        "plan.create",
        "plan",
        p.id,
        json!({ "employee": p.person.name, "day": p.new.day, "customers": p.places.iter().map(|c| &c.name).collect::<Vec<_>>() }),
    )
    .await?;
    told(
        tx,
        "plan.assigned",
        (p.person.id, p.person.department_id),
        p.id,
        p.new.day,
        ordered.stops.len(),
        ordered.route.meters,
    )
    .await?;
    let now = tx.now();
    by_id(tx, p.id, now).await.map(Some)
}

/// News of a plan to the consoles, and a notice to the person, unless he did it himself.
async fn told(
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
        notify::send(
            tx,
            employee,
            department,
            notify::New { kind, params, link: Some(format!("/plans/{plan}")) },
        )
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

/// What a change makes of a plan, worked out before its transaction.
struct Changed {
    row: PlanRow,
    version: i64,
    window: Window,
    keep_order: bool,
    note: Option<String>,
    removed: Vec<TaskRow>,
    kept: Vec<TaskRow>,
    added: Vec<Place>,
    day: Day,
    ordered: Ordered,
}

/// Changes a plan: other customers, order, window or note. Removed tasks are cancelled; what has begun stays.
pub async fn change(kit: &Kit, scope: &Scope, id: Uuid, version: i64, patch: PatchPlan) -> Result<Plan> {
    let mut r = kit.db.read(scope).await?;
    let row = sql::one(&mut r, id).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    if row.status != "planned" {
        return Err(Problem::new(NOT_PLANNED));
    }
    if row.version != version {
        return Err(Problem::new(problem::VERSION));
    }
    let person = worker(&mut r, row.employee_id).await?;
    let all = tasks::sql::of_plan(&mut r, id).await?;
    let standing: Vec<TaskRow> = all.into_iter().filter(|t| Stop::of(t).is_some()).collect();
    let (mut kept, removed, added) = match &patch.customer_ids {
        None => (standing, vec![], vec![]),
        Some(wanted) => {
            let (kept, removed): (Vec<_>, Vec<_>) =
                standing.into_iter().partition(|t| wanted.contains(&t.customer_id));
            if let Some(begun) =
                removed.iter().find(|t| matches!(t.kept(), TaskStatus::OnSite | TaskStatus::Done))
            {
                return Err(Problem::new(STARTED).with("customer", &begun.customer_name));
            }
            let new: Vec<Uuid> =
                wanted.iter().copied().filter(|c| kept.iter().all(|t| t.customer_id != *c)).collect();
            (kept, removed, visitable(&mut r, &new).await?)
        }
    };
    let window = patch.window.unwrap_or(row.window());
    let keep_order = patch.keep_order.unwrap_or(row.keep_order);
    let day =
        Day::of(&mut r, &person, row.day, window, Objective::from_key(&row.objective), keep_order, kit.now())
            .await?;
    drop(r);
    // A task with the plan's window follows it; one with a window of its own keeps that.
    for task in kept.iter_mut().filter(|t| Window::new(t.from_minute, t.to_minute) == row.window()) {
        (task.from_minute, task.to_minute) = (window.from_minute.into(), window.to_minute.into());
    }
    let place_of =
        |wanted: &[Uuid], customer: Uuid| wanted.iter().position(|w| *w == customer).unwrap_or(usize::MAX);
    let mut stops: Vec<(Stop, usize)> = kept.iter().filter_map(Stop::of).zip(0..).collect();
    stops.extend(added.iter().map(|p| stop_at(p, window, row.min_stay_s)).zip(kept.len()..));
    if let Some(wanted) = &patch.customer_ids {
        stops.sort_by_key(|(s, k)| (!s.fixed, if s.fixed { *k } else { place_of(wanted, s.customer_id) }));
    }
    let (stops, keys): (Vec<Stop>, Vec<usize>) = stops.into_iter().unzip();
    let mut ordered = arrange(&day, &stops).await?;
    for (k, _) in &mut ordered.stops {
        *k = keys[*k];
    }
    let note = patch.note.map_or(row.note.clone(), |n| Some(n.trim().to_owned()).filter(|n| !n.is_empty()));
    let changed = Changed { row, version, window, keep_order, note, removed, kept, added, day, ordered };
    kit.db.write(scope, move |tx| Box::pin(async move { store_change(tx, changed).await })).await
}

async fn store_change(tx: &mut Tx, c: Changed) -> Result<Plan> {
    let (id, person) = (c.row.id, (c.row.employee_id, c.row.department_id));
    if !sql::set_route(tx, id, c.version, &to_json(&c.ordered.route)?).await? {
        return Err(Problem::new(problem::VERSION));
    }
    sql::set_terms(tx, id, c.window, c.keep_order, c.note.as_deref()).await?;
    for task in &c.removed {
        tasks::sql::set_status(tx, task.id, TaskStatus::Cancelled, Some("已从计划移除"), None).await?;
    }
    let steps: Vec<Step> = from_json(&c.row.steps)?;
    let terms = Terms {
        plan: id,
        person,
        day: c.row.day,
        window: c.window,
        zone: &c.day.zone,
        template_id: c.row.template_id,
        title: &c.row.title,
        steps: &to_json(&steps)?,
        min_stay_s: c.row.min_stay_s,
    };
    for (seq, (k, arrival)) in (1..).zip(&c.ordered.stops) {
        let eta = arrival.map(|s| c.day.instant(s));
        match c.kept.get(*k) {
            Some(task) => {
                let window = Window::new(task.from_minute, task.to_minute);
                tasks::sql::set_window(tx, task.id, window, window.end(c.row.day, &c.day.zone)).await?;
                let begun = Stop::of(task).is_some_and(|s| s.fixed);
                tasks::sql::set_place(tx, task.id, Some(id), seq, if begun { task.eta } else { eta }).await?;
            }
            None => {
                if let Some(place) = c.added.get(*k - c.kept.len()) {
                    add_task(tx, &terms, place, seq, eta).await?;
                }
            }
        }
    }
    tx.audit(
        "plan.change",
        "plan",
        id,
        json!({
            "day": c.row.day, "added": c.added.iter().map(|p| &p.name).collect::<Vec<_>>(),
            "removed": c.removed.iter().map(|t| &t.customer_name).collect::<Vec<_>>(), "window": c.window, "keep_order": c.keep_order
        }),
    )
    .await?;
    told(tx, "plan.changed", person, id, c.row.day, c.ordered.stops.len(), c.ordered.route.meters).await?;
    let now = tx.now();
    by_id(tx, id, now).await
}

/// Cancels a plan with all its tasks that have not begun.
pub async fn cancel(tx: &mut Tx, id: Uuid, reason: &str) -> Result<Plan> {
    let row = sql::one(tx, id).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    let now = tx.now();
    if !sql::cancel(tx, id).await? {
        // Cancelled before: the answer is the same.
        return with_tasks(tx, row, now).await;
    }
    for task in tasks::sql::of_plan(tx, id).await? {
        let status = task.kept();
        if status != TaskStatus::Cancelled && tasks::after(status, tasks::Change::Cancel).is_some() {
            tasks::sql::set_status(tx, task.id, TaskStatus::Cancelled, Some(reason), None).await?;
        }
    }
    tx.audit("plan.cancel", "plan", id, json!({ "day": row.day, "reason": reason })).await?;
    emit(tx, id, row.employee_id, row.department_id, row.day).await?;
    if tx.scope().actor() != row.employee_id {
        let params = json!({ "day": row.day, "by": actor_name(tx).await?, "reason": reason });
        let notice = notify::New { kind: "plan.cancelled", params, link: Some(format!("/plans/{id}")) };
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
