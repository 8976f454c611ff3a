//! Putting an urgent task into a person's day in an order that was decided elsewhere, and disturbing no more of it.

use api::Kit;
use base::{LocalDay, Micros, Problem, problem};
use customers::Place;
use db::{Result, Scope, Tx};
use geo::LngLat;
use org::Person;
use serde_json::json;
use uuid::Uuid;

use super::{Day, PlanRow, Stop, arrange, service::worker, set_route, sql};
use crate::{
    Step, Task, TaskStatus, is_open,
    model::{Objective, Window, from_json, to_json},
    routing::Ordered,
    tasks::{self, sql::TaskRow},
    templates,
};

/// An urgent task and the day it makes.
#[derive(Debug, Clone)]
pub struct Squeeze {
    pub id: Uuid,
    pub employee_id: Uuid,
    pub customer_id: Uuid,
    pub day: LocalDay,
    pub window: Window,
    pub template_id: Option<Uuid>,
    /// A task whose steps it takes over, when another person makes that visit now.
    pub from_task: Option<Uuid>,
    pub title: String,
    pub note: Option<String>,
    /// What it asks of whoever makes it.
    pub skills: Vec<String>,
    /// Expected length, seconds.
    pub service_s: i64,
    /// Where the person is, or will be when he is free.
    pub from: Option<LngLat>,
    /// When he is free, minutes after local midnight.
    pub free_minute: i32,
    /// Tasks that have not begun, in the order they are made now; `None` is this one.
    pub order: Vec<Option<Uuid>>,
    /// Tasks that leave the day.
    pub out: Vec<Uuid>,
    pub out_reason: &'static str,
}

/// A day worked out, to be stored.
pub struct Squeezed {
    ask: Squeeze,
    person: Person,
    place: Place,
    steps: Vec<Step>,
    plan: Option<PlanRow>,
    /// The day as it was read.
    rows: Vec<TaskRow>,
    day: Day,
    /// Rows of `ask.order` with what has no place in it at the end.
    rest: Vec<Option<TaskRow>>,
    whole: Ordered,
    /// Seconds after midnight of each of `rest`.
    arrivals: Vec<Option<i64>>,
}

/// Has the task begun, or is it over?
fn begun(t: &TaskRow) -> bool {
    Stop::of(t).is_none_or(|s| s.fixed)
}

/// Works the day out. `None` when it is no longer the day the order was made for.
///
/// # Errors
/// `not_found`; `input.invalid` when the person has left or the customer is archived.
pub async fn squeeze(kit: &Kit, scope: &Scope, ask: Squeeze) -> Result<Option<Squeezed>> {
    let mut r = kit.db.read(scope).await?;
    let person = worker(&mut r, ask.employee_id).await?;
    let place = customers::place(&mut r, ask.customer_id).await?;
    let steps = match (ask.template_id, ask.from_task) {
        (Some(template), _) => {
            templates::for_use(&mut r, template).await.map(|(t, _)| t.steps).unwrap_or_default()
        }
        (None, Some(task)) => from_json(&tasks::sql::one(&mut r, task).await?.steps)?,
        (None, None) => vec![],
    };
    let plan = sql::planned(&mut r, person.id, ask.day).await?;
    let rows = tasks::sql::of_person(&mut r, person.id, ask.day, ask.day).await?;
    let open: Vec<&TaskRow> = rows.iter().filter(|t| is_open(t.kept()) && !begun(t)).collect();
    let named = |id: &Uuid| ask.order.contains(&Some(*id)) || ask.out.contains(id);
    let known = ask.order.iter().flatten().chain(&ask.out).all(|id| open.iter().any(|t| t.id == *id));
    if !known || open.iter().any(|t| !named(&t.id) && t.lng.is_some()) {
        return Ok(None);
    }
    let row = |id: &Option<Uuid>| id.and_then(|id| open.iter().find(|t| t.id == id)).map(|t| (*t).clone());
    let placeless = open.iter().filter(|t| !named(&t.id)).map(|t| Some((*t).clone()));
    let rest: Vec<Option<TaskRow>> = ask.order.iter().map(row).chain(placeless).collect();
    let window = plan.as_ref().map_or(ask.window, |p| Window {
        from_minute: p.window().from_minute.min(ask.window.from_minute),
        to_minute: p.window().to_minute.max(ask.window.to_minute),
    });
    let objective = plan.as_ref().map_or(Objective::Time, |p| Objective::from_key(&p.objective));
    let day = Day::of(&mut r, &person, ask.day, window, objective, true, kit.now()).await?;
    drop(r);
    let new = Stop {
        customer_id: place.id,
        grade: place.grade.clone(),
        at: place.at,
        min_stay_s: 0,
        window: ask.window,
        hours: place.hours.clone(),
        fixed: false,
        held: false,
        service_s: Some(ask.service_s),
        locked: false,
        promised_at: None,
    };
    let stop = |t: &Option<TaskRow>| t.as_ref().map_or(Some(new.clone()), Stop::of);
    let ahead: Vec<Stop> = rest.iter().filter_map(stop).collect();
    let of_plan = |t: &&TaskRow| begun(t) && (plan.is_none() || t.plan_id == plan.as_ref().map(|p| p.id));
    let done = rows.iter().filter(of_plan).filter_map(Stop::of);
    let whole = arrange(kit, scope, &day, &done.chain(ahead.clone()).collect::<Vec<_>>()).await?;
    // When he comes is counted from where he is now, the way of the day from where it began.
    let from_minute = ask.free_minute.max(window.from_minute).min(window.to_minute - 1);
    let now = Day { start: ask.from.or(day.start), window: Window { from_minute, ..window }, ..day.clone() };
    let timed = arrange(kit, scope, &now, &ahead).await?;
    let arrivals = (0..rest.len()).map(|k| timed.stops.iter().find(|s| s.0 == k).and_then(|s| s.1)).collect();
    Ok(Some(Squeezed { ask, person, place, steps, plan, rows, day, rest, whole, arrivals }))
}

impl Squeezed {
    /// Stores the day: the task joins it as accepted, what has to leave is cancelled. `None` when the day has changed
    /// meanwhile.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn store(self, tx: &mut Tx) -> Result<Option<Task>> {
        let (id, day, person) = (self.ask.id, self.ask.day, self.person.id);
        let plan_now = sql::planned(tx, person, day).await?;
        if plan_now.as_ref().map(|p| (p.id, p.version)) != self.plan.as_ref().map(|p| (p.id, p.version)) {
            return Ok(None);
        }
        let rows = tasks::sql::of_person(tx, person, day, day).await?;
        if rows.iter().map(|t| (t.id, t.version)).ne(self.rows.iter().map(|t| (t.id, t.version))) {
            return Ok(None);
        }
        for out in &self.ask.out {
            if !tasks::sql::cancel_open(tx, *out, self.ask.out_reason).await? {
                return Ok(None);
            }
        }
        let plan = self.plan.as_ref().map(|p| p.id);
        let before = self.rows.iter().filter(|t| begun(t)).map(|t| t.seq).max().unwrap_or(0);
        for ((seq, row), arrival) in (before + 1..).zip(&self.rest).zip(&self.arrivals) {
            let eta = arrival.map(|s| self.day.instant(s));
            match row {
                Some(row) => {
                    tasks::sql::set_place(tx, row.id, row.plan_id.or(plan), seq, eta).await?;
                }
                None => self.insert(tx, plan, seq, eta).await?,
            }
        }
        if let Some(row) = &self.plan {
            if !set_route(tx, row.id, row.version, &to_json(&self.whole.route)?).await? {
                return Err(Problem::new(problem::BUSY).retry_after(1));
            }
            super::emit(tx, row.id, row.employee_id, row.department_id, row.day).await?;
        }
        let moved: Vec<&str> = self
            .rows
            .iter()
            .filter(|t| self.ask.out.contains(&t.id))
            .map(|t| t.customer_name.as_str())
            .collect();
        tx.audit(
            "task.squeeze",
            "task",
            id,
            json!({ "employee": self.person.name, "customer": self.place.name, "day": day, "out": moved }),
        )
        .await?;
        tasks::emit(tx, id).await?;
        let now = tx.now();
        tasks::by_id(tx, id, now).await.map(Some)
    }

    async fn insert(&self, tx: &mut Tx, plan: Option<Uuid>, seq: i64, eta: Option<Micros>) -> Result<()> {
        let ask = &self.ask;
        let inserted = tasks::sql::insert(
            tx,
            tasks::sql::NewRow {
                id: ask.id,
                plan_id: plan,
                employee_id: self.person.id,
                department_id: self.person.department_id,
                customer_id: self.place.id,
                template_id: ask.template_id,
                day: ask.day,
                seq,
                window: ask.window,
                due_at: ask.window.end(ask.day, &self.day.zone),
                title: &ask.title,
                note: ask.note.as_deref(),
                steps: &to_json(&self.steps)?,
                skills: &to_json(&ask.skills)?,
                min_stay_s: self.place.min_stay_s,
                service_s: Some(ask.service_s),
                eta,
                crew_id: None,
                content_sha256: "",
            },
        )
        .await?;
        if !inserted {
            return Err(Problem::new(problem::CONFLICT));
        }
        tasks::sql::set_status(tx, ask.id, TaskStatus::Accepted, None, None).await?;
        Ok(())
    }
}
