//! Making a task beside the plan: read, ordered into the day outside every transaction, stored in one for everybody who makes the
//! same work.

use api::Kit;
use base::{Micros, Problem, id, problem};
use customers::Place;
use db::{Query, Result, Scope, Tx};
use org::Person;
use serde_json::json;
use uuid::Uuid;

use super::{
    Task, crew,
    http::NewTask,
    own,
    service::{by_id, emit, link},
    sql,
    sql::TaskRow,
};
use crate::{
    model::{Objective, Window, content_sha256, to_json},
    plans::{self, Day, PlanRow, Stop, actor_name, arrange},
    routing::Ordered,
    templates,
};

/// Everything the making of a task needs, read before its transaction.
struct Prepared {
    new: NewTask,
    given: Given,
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
        let like = self.given.like.as_ref().map(|t| t.min_stay_s);
        like.or(self.template.as_ref().and_then(|t| t.min_stay_s)).unwrap_or(self.place.min_stay_s)
    }

    fn service_s(&self) -> Option<i64> {
        self.given.like.as_ref().and_then(|t| t.service_s)
    }

    fn title(&self) -> &str {
        let own = self.new.title.as_deref().map(str::trim).filter(|t| !t.is_empty());
        let like = self.given.like.as_ref().map(|t| t.title.as_str());
        own.or(like).or(self.template.as_ref().map(|t| t.name.as_str())).unwrap_or("临时任务")
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
            held: false,
            service_s: self.service_s(),
            locked: false,
            promised_at: None,
        };
        self.standing().filter_map(Stop::of).chain([new]).collect()
    }

    /// When he would be there in the order of his day.
    fn arrival(&self, ordered: Option<&Ordered>) -> Option<Micros> {
        let last = self.standing().count();
        let (_, arrival) = ordered?.stops.iter().find(|(k, _)| *k == last)?;
        arrival.map(|s| self.day.instant(s))
    }

    fn standing(&self) -> impl Iterator<Item = &TaskRow> {
        self.plan.iter().flat_map(|(_, tasks)| tasks).filter(|t| Stop::of(t).is_some())
    }
}

/// Makes a task beside the plan; it joins the day's plan, whose open rest is ordered anew. Who comes along gets one as well, in
/// the same transaction. The same id and content again answers as before. `tell`: the people get a notice of it.
pub async fn create(kit: &Kit, scope: &Scope, new: NewTask, tell: bool) -> Result<Task> {
    let id = new.id.unwrap_or_else(id::new_v7);
    let given = Given { crew: (!new.with.is_empty()).then_some(id), ..Given::default() };
    give(kit, scope, NewTask { id: Some(id), ..new }, given, tell).await
}

/// Makes a task in the place of one that was missed, with its answers to the company's own fields.
pub(crate) async fn create_again(
    kit: &Kit,
    scope: &Scope,
    new: NewTask,
    missed: Uuid,
    tell: bool,
) -> Result<Task> {
    give(kit, scope, new, Given { answers_of: Some(missed), ..Given::default() }, tell).await
}

/// What a task has of others.
#[derive(Debug, Clone, Default)]
pub(crate) struct Given {
    /// Several people make the same work.
    pub crew: Option<Uuid>,
    /// The task of who is helped: its steps and words are taken over.
    pub like: Option<TaskRow>,
    /// The task whose answers to the company's own fields are taken over as they stand.
    pub answers_of: Option<Uuid>,
}

/// Makes a task, and one for everybody who comes along.
pub(crate) async fn give(kit: &Kit, scope: &Scope, new: NewTask, given: Given, tell: bool) -> Result<Task> {
    let sha256 = content_sha256(&new)?;
    let id = new.id.unwrap_or_else(id::new_v7);
    let others = new.with.iter().map(|who| (*who, id::derived(id, &format!("crew/{who}"))));
    let people: Vec<(Uuid, Uuid)> = std::iter::once((new.employee_id, id)).chain(others).collect();
    let _turns = plans::turns(people.iter().map(|p| p.0)).await;
    for _ in 0..plans::ATTEMPTS {
        let mut r = kit.db.read(scope).await?;
        let mut all = vec![];
        for (employee_id, id) in &people {
            let new = NewTask { employee_id: *employee_id, ..new.clone() };
            all.push(prepare(kit, &mut r, new, given.clone(), sha256.clone(), *id).await?);
        }
        drop(r);
        let mut ready = vec![];
        for prepared in all {
            let ordered = match &prepared.plan {
                Some(_) => Some(arrange(kit, scope, &prepared.day, &prepared.stops()).await?),
                None => None,
            };
            ready.push((prepared, ordered));
        }
        let stored = kit.db.write(scope, move |tx| Box::pin(async move { store_all(tx, ready, tell).await }));
        if let Some(task) = stored.await? {
            return Ok(task);
        }
    }
    Err(Problem::new(problem::BUSY).retry_after(1))
}

async fn prepare(
    kit: &Kit,
    q: &mut impl Query,
    new: NewTask,
    given: Given,
    sha256: String,
    id: Uuid,
) -> Result<Prepared> {
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
    Ok(Prepared { new, given, sha256, id, person, place, template, skills, plan, day })
}

/// Stores the tasks of everybody who makes the same work; answers the first. `None` when a plan has changed meanwhile.
async fn store_all(tx: &mut Tx, ready: Vec<(Prepared, Option<Ordered>)>, tell: bool) -> Result<Option<Task>> {
    let now = tx.now();
    for (p, _) in &ready {
        let plan = plans::planned(tx, p.person.id, p.new.day).await?;
        if plan.as_ref().map(|r| (r.id, r.version)) != p.plan.as_ref().map(|(r, _)| (r.id, r.version)) {
            return Ok(None);
        }
    }
    let Some(first) = ready.first().map(|(p, _)| p.id) else { return Ok(None) };
    let mut made = vec![];
    let mut fresh = vec![];
    // Who is there first waits for the others.
    let together = (ready.len() > 1).then(|| ready.iter().filter_map(|(p, o)| p.arrival(o.as_ref())).max());
    for (p, ordered) in &ready {
        if store(tx, p, ordered.as_ref(), together.flatten()).await? {
            fresh.push(p);
        }
        made.push((p.id, p.person.name.clone()));
    }
    // Told after all of them stand: each hears who comes along.
    for p in fresh {
        emit(tx, p.id).await?;
        if let (Some(like), Some(crew)) = (&p.given.like, p.given.crew) {
            crew::joined(tx, like, crew, &p.person.name).await?;
        }
        if tell && tx.scope().actor() != p.person.id {
            told(tx, p, &made).await?;
        }
    }
    by_id(tx, first, now).await.map(Some)
}

/// Tells a person of his task.
async fn told(tx: &mut Tx, p: &Prepared, made: &[(Uuid, String)]) -> Result<()> {
    let like = p.given.like.as_ref().map(|t| t.employee_name.as_str());
    let others = made.iter().filter(|(id, _)| *id != p.id).map(|(_, name)| name.as_str());
    let with: Vec<&str> = like.into_iter().chain(others).collect();
    let mut params = json!({ "day": p.new.day, "by": actor_name(tx).await?, "customer": p.place.name });
    let kind = if with.is_empty() { "task.assigned" } else { "task.together" };
    if !with.is_empty() {
        params["with"] = json!(with.join("、"));
    }
    let notice = notify::New { kind, params, link: Some(link(p.id, p.new.day)) };
    notify::send(tx, p.person.id, p.person.department_id, notice).await.map(drop)
}

/// Stores one of them. False when it stands already, under its id with the same content.
async fn store(
    tx: &mut Tx,
    p: &Prepared,
    ordered: Option<&Ordered>,
    together: Option<Micros>,
) -> Result<bool> {
    let steps = match &p.given.like {
        Some(like) => like.steps.clone(),
        None => {
            let mut steps = p.template.as_ref().map(|t| t.steps.clone()).unwrap_or_default();
            steps.extend(templates::with_ids(p.new.steps.as_deref().unwrap_or(&[])));
            templates::pin(tx, &mut steps).await?;
            to_json(&steps)?
        }
    };
    let skills = p.given.like.as_ref().map_or_else(|| to_json(&p.skills), |t| Ok(t.skills.clone()))?;
    let standing: Vec<&TaskRow> = p.standing().collect();
    let found = ordered.and_then(|o| (1..).zip(&o.stops).find(|(_, (k, _))| *k == standing.len()));
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
            template_id: p.given.like.as_ref().map_or(p.new.template_id, |t| t.template_id),
            day: p.new.day,
            seq,
            window: p.new.window,
            due_at: p.new.window.end(p.new.day, &p.day.zone),
            title: p.title(),
            note: p.new.note.as_deref().map(str::trim).filter(|n| !n.is_empty()),
            steps: &steps,
            skills: &skills,
            min_stay_s: p.min_stay_s(),
            service_s: p.service_s(),
            eta: arrival.map(|s| p.day.instant(s)).map(|own| together.map_or(own, |t| t.max(own))),
            crew_id: p.given.crew,
            content_sha256: &p.sha256,
        },
    )
    .await?;
    if !inserted {
        let row = sql::one(tx, p.id).await.ok().filter(|r| r.content_sha256 == p.sha256);
        return row.map(|_| false).ok_or_else(|| Problem::new(problem::CONFLICT));
    }
    match p.given.answers_of {
        // They were judged when they were given: a field withdrawn since is no fault of this task.
        Some(from) => custom::copy(tx, custom::Noun::Task, from, p.id).await?,
        None => own::keep_new(tx, p.id, &p.new.custom).await?,
    }
    if let (Some((row, _)), Some(ordered)) = (&p.plan, ordered) {
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
    Ok(true)
}
