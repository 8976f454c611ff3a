//! Changing a plan: other customers, order, window or note.

use api::Kit;
use base::{Problem, problem};
use customers::Place;
use db::{Result, Scope, Tx};
use serde_json::json;
use uuid::Uuid;

use super::{
    Day, Plan, PlanRow, Stop, arrange,
    http::PatchPlan,
    service::{Terms, add_task, by_id, emit, stop_at, told, visitable, worker},
    sql,
};
use crate::{
    BOARD_LOCKED, NOT_PLANNED, STARTED, TaskStatus,
    model::{Objective, Window, from_json, to_json},
    routing::Ordered,
    tasks::{self, sql::TaskRow},
    templates::Step,
};

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
    /// What the visits at those ask for.
    skills: Vec<String>,
    day: Day,
    ordered: Ordered,
    tell: bool,
}

/// Changes a plan: other customers, order, window or note. Removed tasks are cancelled; what has begun stays.
/// `tell`: the person gets a notice of it.
pub async fn change(
    kit: &Kit,
    scope: &Scope,
    id: Uuid,
    version: i64,
    patch: PatchPlan,
    tell: bool,
) -> Result<Plan> {
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
            if let Some(locked) = removed.iter().find(|t| t.locked) {
                return Err(Problem::new(BOARD_LOCKED).with("customer", &locked.customer_name));
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
    let mut ordered = arrange(kit, scope, &day, &stops).await?;
    for (k, _) in &mut ordered.stops {
        *k = keys[*k];
    }
    let skills = org::tidy_skills(&patch.skills);
    let note = patch.note.map_or(row.note.clone(), |n| Some(n.trim().to_owned()).filter(|n| !n.is_empty()));
    let changed =
        Changed { row, version, window, keep_order, note, removed, kept, added, skills, day, ordered, tell };
    kit.db.write(scope, move |tx| Box::pin(async move { store_change(tx, changed).await })).await
}

async fn store_change(tx: &mut Tx, c: Changed) -> Result<Plan> {
    let (id, person) = (c.row.id, (c.row.employee_id, c.row.department_id));
    if !sql::set_route(tx, id, c.version, &to_json(&c.ordered.route)?).await? {
        return Err(Problem::new(problem::VERSION));
    }
    sql::set_terms(tx, id, c.window, c.keep_order, c.note.as_deref()).await?;
    for task in &c.removed {
        if !tasks::sql::cancel_open(tx, task.id, "已从计划移除").await? {
            return Err(Problem::new(STARTED).with("customer", &task.customer_name));
        }
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
        skills: &to_json(&c.skills)?,
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
    if c.tell {
        told(tx, "plan.changed", person, id, c.row.day, c.ordered.stops.len(), c.ordered.route.meters)
            .await?;
    } else {
        emit(tx, id, person.0, person.1, c.row.day).await?;
    }
    let now = tx.now();
    by_id(tx, id, now).await
}
