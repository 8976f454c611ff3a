//! A draft becomes the plans of its day: read, worked out outside every transaction, stored in one.

use std::collections::BTreeSet;

use api::Kit;
use base::{LocalDay, Problem, id, problem};
use db::{News, Result, Scope, Tx};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    http::{DraftRow, MovedTask, Publish, PublishRow},
    sheet::{Row, Sheet, begun, missed},
    sql::{self, Given},
    timetable::Timetable,
};
use crate::{
    BOARD_LOCKED, BOARD_STALE, Route, STARTED,
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

/// Everything the transaction needs.
struct Prepared {
    ask: Publish,
    sheet: Sheet,
    ways: Vec<(Timetable, Route)>,
}

pub(super) fn draft_of(ask: &Publish) -> Vec<DraftRow> {
    ask.rows.iter().map(|r| DraftRow { employee_id: r.employee_id, tasks: r.tasks.clone() }).collect()
}

/// Publishes a draft.
///
/// # Errors
/// `board.stale` with the names of those whose plans have changed; `board.locked` when a lock would be broken.
pub(super) async fn publish(kit: &Kit, scope: &Scope, ask: Publish) -> Result<Published> {
    let _turns = plans::turns(ask.rows.iter().map(|r| r.employee_id)).await;
    for _ in 0..ATTEMPTS {
        let moved: Vec<Uuid> = ask.moved.iter().map(|m| m.task_id).collect();
        let sheet = Sheet::read(kit, scope, ask.day, &draft_of(&ask), &moved).await?;
        let mut ways = vec![];
        for (row, wanted) in sheet.rows.iter().zip(&ask.rows) {
            ways.push((
                sheet.timetable(kit, scope, row).await.0,
                way(kit, scope, &sheet, row, wanted).await?,
            ));
        }
        let prepared = Prepared { ask: ask.clone(), sheet, ways };
        if let Some(done) =
            kit.db.write(scope, move |tx| Box::pin(async move { store(tx, &prepared).await })).await?
        {
            return Ok(done);
        }
    }
    Err(Problem::new(problem::BUSY).retry_after(1))
}

/// The way of a row, in its order.
async fn way(kit: &Kit, scope: &Scope, sheet: &Sheet, row: &Row, wanted: &PublishRow) -> Result<Route> {
    let working = &row.hours.working;
    let day = Day {
        day: sheet.day,
        zone: sheet.zone.clone(),
        start: row.person.start_at,
        window: row.hours.span(),
        pauses: working.windows(2).map(|w| (w[0].1, w[1].0)).collect(),
        objective: wanted.objective,
        keep_order: true,
        now: kit.now(),
    };
    // One that was missed is made anew: it counts as open.
    let stop = |t: &TaskRow| {
        Stop::of(&TaskRow { status: if begun(t) { t.status.clone() } else { "new".into() }, ..t.clone() })
    };
    let all = row.fixed.iter().chain(&row.tasks).filter_map(|id| sheet.task(*id)).filter_map(stop);
    Ok(arrange(kit, scope, &day, &all.collect::<Vec<_>>()).await?.route)
}

/// `None` when a task has changed since it was read.
async fn store(tx: &mut Tx, p: &Prepared) -> Result<Option<Published>> {
    let plans = plans_of(tx, p).await?;
    let mut before: Vec<Vec<TaskRow>> = vec![];
    for plan in &plans {
        before.push(match plan {
            Some(plan) => tasks::sql::of_plan(tx, plan.id).await?,
            None => vec![],
        });
    }
    for id in p.ask.rows.iter().flat_map(|r| &r.tasks).chain(p.ask.moved.iter().map(|m| &m.task_id)) {
        let now = tasks::sql::one(tx, *id).await?;
        if p.sheet.task(*id).is_none_or(|read| read.version != now.version) {
            return Ok(None);
        }
    }
    strangers(p, &plans)?;
    keep_locks(p, &before)?;
    let named: BTreeSet<Uuid> = p.sheet.rows.iter().flat_map(|r| r.tasks.iter().copied()).collect();
    let moved: BTreeSet<Uuid> = p.ask.moved.iter().map(|m| m.task_id).collect();
    let mut people = vec![];
    for (k, row) in p.sheet.rows.iter().enumerate() {
        let waiting = before[k].iter().filter(|t| tasks::waits(t.kept()));
        if waiting.map(|t| t.id).eq(row.tasks.iter().copied()) {
            continue;
        }
        let lost = before[k]
            .iter()
            .filter(|t| tasks::waits(t.kept()) && !named.contains(&t.id) && !moved.contains(&t.id));
        for task in lost {
            let same = (task.employee_id, task.department_id);
            place(tx, p, task, same, task.day, None, (0, None)).await?;
        }
        store_row(tx, p, k, plans[k].as_ref()).await?;
        people.push(row.person.id);
    }
    for MovedTask { task_id, day } in &p.ask.moved {
        if let Some(task) = p.sheet.task(*task_id) {
            place(tx, p, task, (task.employee_id, task.department_id), *day, None, (0, None)).await?;
            tx.audit(
                "task.move",
                "task",
                *task_id,
                json!({ "customer": task.customer_name, "from": task.day, "day": day }),
            )
            .await?;
        }
    }
    // Plans are left empty only after everything has found its new place.
    for (k, row) in p.sheet.rows.iter().enumerate() {
        if let Some(plan) = plans[k].as_ref().filter(|_| row.tasks.is_empty() && row.fixed.is_empty())
            && people.contains(&row.person.id)
        {
            plans::cancel(tx, plan.id, "当天的任务已改派").await?;
        }
    }
    Ok(Some(Published { people }))
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

/// Nothing is taken out of a plan the draft does not know.
fn strangers(p: &Prepared, plans: &[Option<PlanRow>]) -> Result<()> {
    let known = |plan: Uuid| plans.iter().flatten().any(|k| k.id == plan);
    let named = p.ask.rows.iter().flat_map(|r| &r.tasks).chain(p.ask.moved.iter().map(|m| &m.task_id));
    let taken = named.filter_map(|id| p.sheet.task(*id));
    let strange = taken.filter(|t| !missed(t, p.sheet.today) && t.plan_id.is_some_and(|plan| !known(plan)));
    let who: BTreeSet<&str> = strange.map(|t| t.employee_name.as_str()).collect();
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
        place(tx, p, task, whose, p.ask.day, Some(id), (seq, eta)).await?;
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

/// Gives a task its person, day, plan and place; one that was missed is made anew there.
async fn place(
    tx: &mut Tx,
    p: &Prepared,
    task: &TaskRow,
    (employee_id, department_id): (Uuid, Uuid),
    day: LocalDay,
    plan_id: Option<Uuid>,
    (seq, eta): (i64, Option<base::Micros>),
) -> Result<()> {
    let window = Window::new(task.from_minute, task.to_minute);
    let due_at = window.end(day, &p.sheet.zone);
    if missed(task, p.sheet.today) {
        let id = id::new_v7();
        let new = tasks::sql::NewRow {
            id,
            plan_id,
            employee_id,
            department_id,
            customer_id: task.customer_id,
            template_id: task.template_id,
            day,
            seq,
            window,
            due_at,
            title: &task.title,
            note: task.note.as_deref(),
            steps: &task.steps,
            skills: &task.skills,
            min_stay_s: task.min_stay_s,
            eta,
            content_sha256: "",
        };
        tasks::sql::insert(tx, new).await?;
        return tasks::emit(tx, id).await;
    }
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
