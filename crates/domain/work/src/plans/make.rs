//! Making a plan: read, order outside every transaction, store.

use api::Kit;
use base::{Problem, id, problem};
use customers::Place;
use db::{Query, Result, Scope, Tx};
use org::Person;
use serde_json::json;
use uuid::Uuid;

use super::{
    Day, Plan, Stop, arrange,
    http::NewPlan,
    service::{ATTEMPTS, Terms, add_task, by_id, emit, stop_at, told, turn, visitable, with_tasks, worker},
    sql,
};
use crate::{
    DAY_TAKEN,
    model::{content_sha256, to_json},
    routing::Ordered,
    tasks::{self, sql::TaskRow},
    templates::{self, Step},
};

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
    tell: bool,
}

/// Makes a plan; the same id and content again answers as before. `tell`: the person gets a notice of it.
pub async fn create(kit: &Kit, scope: &Scope, new: NewPlan, tell: bool) -> Result<Plan> {
    let sha256 = content_sha256(&new)?;
    let id = new.id.unwrap_or_else(id::new_v7);
    let _turn = turn(new.employee_id).await;
    for _ in 0..ATTEMPTS {
        let mut r = kit.db.read(scope).await?;
        if let Some(row) = sql::one(&mut r, id).await? {
            return if row.content_sha256 == sha256 {
                with_tasks(&mut r, row, kit.now()).await
            } else {
                Err(Problem::new(problem::CONFLICT))
            };
        }
        let prepared = Prepared { tell, ..prepare(kit, &mut r, new.clone(), sha256.clone(), id).await? };
        drop(r);
        let ordered = arrange(kit, scope, &prepared.day, &stops_of(&prepared)).await?;
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
    templates::check_named(q, new.steps.as_deref().unwrap_or(&[]), &[]).await?;
    let places = visitable(q, &new.customer_ids).await?;
    let loose = tasks::sql::without_plan(q, person.id, new.day).await?;
    let day =
        Day::of(q, &person, new.day, new.window, new.objective, new.keep_order.unwrap_or(false), kit.now())
            .await?;
    Ok(Prepared { new, sha256, id, person, template, places, loose, day, tell: true })
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
    templates::pin(tx, &mut steps).await?;
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
        skills: &to_json(&org::tidy_skills(&p.new.skills))?,
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
    let whose = (p.person.id, p.person.department_id);
    if p.tell {
        let (count, meters) = (ordered.stops.len(), ordered.route.meters);
        told(tx, "plan.assigned", whose, p.id, p.new.day, count, meters).await?;
    } else {
        emit(tx, p.id, whose.0, whose.1, p.new.day).await?;
    }
    let now = tx.now();
    by_id(tx, p.id, now).await.map(Some)
}
