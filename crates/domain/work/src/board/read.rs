//! The board of a day: people with their hours, what they are to do, what waits, and what was done.

use std::collections::{BTreeSet, HashMap};

use api::{Kit, TravelMode};
use base::{LocalDay, Micros};
use custom::{Fields, Noun};
use customers::{CustomerPeople, Whom};
use db::{Reader, Result, Scope};
use geo::LngLat;
use org::Ref;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    MOST_ROWS, USUAL_DAY,
    sheet::{Hours, skills_of},
    sql,
    wish::{self, BoardDue, BoardUrgent},
};
use crate::{
    Route, TaskCustomer, TaskStatus,
    changes::{self, PlanChange},
    frequency,
    model::{Objective, VisitCustomer, Window, from_json},
    plans::USUAL_VISIT_S,
    tasks::{self, TaskMate, crew::crews, sql::TaskRow},
    visits,
};

/// Missed visits offered at most, the oldest first.
const MOST_MISSED: usize = 200;
/// Due visits offered at most, those whose time is up first.
const MOST_DUE: usize = 200;

/// The board of a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct Board {
    #[schema(value_type = String, format = Date)]
    pub day: LocalDay,
    #[schema(value_type = String, format = Date)]
    pub today: LocalDay,
    pub people: Vec<BoardPerson>,
    /// Of the plans, in order, and what waits.
    pub tasks: Vec<BoardTask>,
    /// Check-ins of the day, in order.
    pub visits: Vec<BoardVisit>,
    /// There are more people than are shown; a department shows them.
    pub truncated: bool,
}

/// A person on the board.
#[derive(Debug, Serialize, ToSchema)]
pub struct BoardPerson {
    pub id: Uuid,
    pub name: String,
    pub department: Ref,
    /// Working time without leave and private trips.
    pub working: Vec<Window>,
    pub leave: Vec<Window>,
    /// `leave` or `rest` when nobody works on this day.
    pub off: Option<String>,
    /// Where the day begins, and where it ends; absent: at the first and at the last stop.
    #[schema(value_type = Option<Vec<f64>>)]
    pub start: Option<LngLat>,
    #[schema(value_type = Option<Vec<f64>>)]
    pub end: Option<LngLat>,
    /// How he gets about; absent: as the company usually does.
    pub travel: Option<TravelMode>,
    /// What a day of his may hold.
    pub most_visits: Option<usize>,
    pub most_m: Option<i64>,
    pub skills: Vec<String>,
    pub plan: Option<BoardPlan>,
}

impl BoardPerson {
    /// From the first to the last minute of work.
    fn span(&self) -> Window {
        let hours = self.working.first().zip(self.working.last());
        hours.map_or(Window { from_minute: USUAL_DAY.0, to_minute: USUAL_DAY.1 }, |(first, last)| Window {
            from_minute: first.from_minute,
            to_minute: last.to_minute,
        })
    }
}

/// What is published for a person.
#[derive(Debug, Serialize, ToSchema)]
pub struct BoardPlan {
    pub id: Uuid,
    pub version: i64,
    pub objective: Objective,
    pub keep_order: bool,
    /// No other order of its stops is better.
    pub proven_optimal: bool,
    pub meters: i64,
    pub seconds: i64,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub read_at: Option<Micros>,
    /// What its person changed of it himself, or wishes to, in the order he said it.
    pub changes: Vec<PlanChange>,
}

/// A task on the board.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BoardTask {
    pub id: Uuid,
    pub customer: TaskCustomer,
    pub employee: Ref,
    /// `planned` (in a plan), `waiting` (of this day, in none), `missed` (skipped or forgotten, nothing planned since), or no
    /// task yet: `due` (a rule asks for a visit; the id is the customer's) or `urgent` (a request; the id is its own).
    pub place: String,
    #[schema(value_type = String, format = Date)]
    pub day: LocalDay,
    pub seq: i64,
    pub window: Window,
    pub title: String,
    /// Expected length, seconds.
    pub service_s: i64,
    pub skills: Vec<String>,
    /// Who is to visit the customer besides his owner, and who never.
    pub whom: CustomerPeople,
    pub status: TaskStatus,
    pub locked: bool,
    /// Who makes the same work, each with a task of his own.
    pub crew: Vec<TaskMate>,
    /// When a locked one was promised, seconds after local midnight.
    pub promised_s: Option<i64>,
    /// When it was expected by what is published, seconds after local midnight.
    pub eta_s: Option<i64>,
    /// Why it was skipped, or why the published plan found no room for it.
    pub reason: Option<String>,
    /// Of a skipped one, where one of the known reasons was chosen.
    pub reason_code: Option<String>,
    /// What the rule asks for, of a due one.
    pub due: Option<BoardDue>,
    /// Of an urgent one.
    pub urgent: Option<BoardUrgent>,
    /// Answers to the company's own fields on the task, by key.
    #[schema(value_type = Object)]
    pub custom: Map<String, Value>,
    /// The same on its customer, as far as he is in reach.
    #[schema(value_type = Object)]
    pub customer_custom: Map<String, Value>,
}

/// A visit that was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct BoardVisit {
    pub id: Uuid,
    pub employee_id: Uuid,
    pub customer: VisitCustomer,
    pub task_id: Option<Uuid>,
    /// Seconds after local midnight.
    pub check_in_s: i64,
    pub check_out_s: Option<i64>,
}

/// The board of a day, of everybody in reach or of one department. `own`: without what is offered from elsewhere.
pub(super) async fn board(
    kit: &Kit,
    scope: &Scope,
    day: LocalDay,
    department: Option<Uuid>,
    own: bool,
) -> Result<Board> {
    let now = kit.now();
    let stays: HashMap<Option<String>, i64> = kit.travel.usual_stays(scope).await.into_iter().collect();
    let mut r = kit.db.read(scope).await?;
    let zone = org::zone(&mut r).await?;
    let today = now.local_day(&zone);
    let mut rows = tasks::sql::of_day(&mut r, day).await?;
    let outside = org::field_workers(&mut r).await?;
    let mut people = org::people_of_department(&mut r, department).await?;
    people.retain(|p| outside.contains(&p.id) || rows.iter().any(|t| t.employee_id == p.id));
    let truncated = people.len() > MOST_ROWS;
    people.truncate(MOST_ROWS);
    let shown: BTreeSet<Uuid> = people.iter().map(|p| p.id).collect();
    rows.retain(|t| shown.contains(&t.employee_id));
    let mut skills = org::skills(&mut r).await?;
    let days = org::DayRules::read(&mut r).await?;
    let mut plans: HashMap<Uuid, sql::PlanRow> =
        sql::plans_of_day(&mut r, day).await?.into_iter().map(|p| (p.employee_id, p)).collect();
    let (mut answer, mut unserved) = (vec![], HashMap::new());
    let mut changed: HashMap<Uuid, Vec<PlanChange>> = HashMap::new();
    for change in changes::of_day(&mut r, day).await? {
        if let Some(plan) = change.plan_id {
            changed.entry(plan).or_default().push(change);
        }
    }
    for person in people {
        let hours = Hours::of(&org::duty_day(&mut r, person.id, day).await?, day, &zone);
        let plan = match plans.remove(&person.id) {
            None => None,
            Some(plan) => {
                let route: Route = from_json(&plan.route)?;
                unserved.extend(route.unserved.into_iter().map(|u| ((person.id, u.customer_id), u.reason)));
                Some(BoardPlan {
                    id: plan.id,
                    version: plan.version,
                    objective: Objective::from_key(&plan.objective),
                    keep_order: plan.keep_order,
                    proven_optimal: route.proven_optimal,
                    meters: route.meters,
                    seconds: route.seconds,
                    read_at: plan.read_at,
                    changes: changed.remove(&plan.id).unwrap_or_default(),
                })
            }
        };
        let windows = |all: &[(i32, i32)]| {
            all.iter().map(|(a, b)| Window { from_minute: *a, to_minute: *b }).collect::<Vec<_>>()
        };
        let terms = days.of(&person);
        answer.push(BoardPerson {
            id: person.id,
            department: person.department(),
            name: person.name,
            working: windows(&hours.working),
            leave: windows(&hours.leave),
            off: hours.off().map(str::to_owned),
            start: terms.start,
            end: terms.end,
            travel: terms.travel,
            most_visits: terms.most_visits,
            most_m: terms.most_m,
            skills: skills.remove(&person.id).unwrap_or_default().into_iter().collect(),
            plan,
        });
    }
    let second = |t: Micros| (t.0 - day.at_minute(0, &zone).0) / Micros::SECOND;
    let shown_task = |t: &TaskRow, place: &str, reason: Option<String>| -> Result<BoardTask> {
        let task = t.shown(now)?;
        let usual = stays.get(&t.grade).copied().unwrap_or(USUAL_VISIT_S).max(t.min_stay_s);
        let service_s = t.service_s.unwrap_or(usual);
        let here = t.day == day;
        Ok(BoardTask {
            id: t.id,
            customer: task.customer,
            employee: task.employee,
            place: place.into(),
            day: t.day,
            seq: t.seq,
            window: task.window,
            title: task.title,
            service_s,
            skills: skills_of(t),
            whom: CustomerPeople::default(),
            status: task.status,
            locked: t.locked,
            crew: vec![],
            promised_s: t.promised_at.filter(|_| t.locked && here).map(second),
            eta_s: t.eta.filter(|_| here).map(second),
            reason,
            reason_code: task.reason_code,
            due: None,
            urgent: None,
            custom: task.custom,
            customer_custom: Map::new(),
        })
    };
    let mut all = vec![];
    // Those of several people.
    let mut made: Vec<TaskRow> = vec![];
    let mut whoms: HashMap<Uuid, Whom> = HashMap::new();
    for t in rows.iter().filter(|t| t.kept() != TaskStatus::Cancelled) {
        let planned = t.plan_id.is_some();
        // A skipped one without a plan is no work of the day any more; it is offered below, as missed.
        if !planned && t.kept() == TaskStatus::Skipped {
            continue;
        }
        let reason = t.reason.clone().or_else(|| unserved.get(&(t.employee_id, t.customer_id)).cloned());
        whoms.insert(t.customer_id, t.whom());
        made.extend(t.crew_id.map(|_| t.clone()));
        all.push(shown_task(t, if planned { "planned" } else { "waiting" }, reason)?);
    }
    if day >= today && !own {
        let missed = frequency::missed_tasks(&mut r, today, now).await?;
        let wanted = missed.into_iter().filter(|(_, of, skipped)| *skipped || *of < today);
        for (id, ..) in wanted.take(MOST_MISSED) {
            let row = tasks::sql::one(&mut r, id).await?;
            if shown.contains(&row.employee_id) {
                made.extend(row.crew_id.map(|_| row.clone()));
                whoms.insert(row.customer_id, row.whom());
                all.push(shown_task(&row, "missed", row.reason.clone())?);
            }
        }
        let busy: BTreeSet<Uuid> = all.iter().map(|t| t.customer.id).collect();
        let owners: Vec<Ref> = answer.iter().map(|p| Ref { id: p.id, name: p.name.clone() }).collect();
        let on_board = |customer| busy.contains(&customer);
        let mut wishes = wish::urgent(&mut r, day, &zone).await?;
        wishes.extend(wish::due(&mut r, day, department, &owners, on_board, MOST_DUE, now).await?);
        for wish in wishes {
            let mut task = shown_task(&wish.row, wish.place(), None)?;
            whoms.insert(wish.row.customer_id, wish.row.whom());
            if let Some(owner) = answer.iter().find(|p| wish.due().is_some() && p.id == task.employee.id) {
                // Whenever its person works.
                task.window = owner.span();
            }
            (task.due, task.urgent) = (wish.due().cloned(), wish.urgent().cloned());
            all.push(task);
        }
    }
    let crews = crews(&mut r, made.iter()).await?;
    for row in &made {
        let mates = row.crew_id.and_then(|id| crews.get(&id));
        let of = all.iter_mut().find(|t| t.id == row.id).zip(mates);
        if let Some((task, mates)) = of {
            task.crew = mates.beside(row.employee_id).cloned().collect();
        }
    }
    let names = customers::names_of(&mut r, whoms.values()).await?;
    let answers = customer_answers(&mut r, &all).await?;
    for task in &mut all {
        task.whom = whoms.get(&task.customer.id).map(|w| w.named(&names)).unwrap_or_default();
        task.customer_custom = answers.get(&task.customer.id).cloned().unwrap_or_default();
    }
    let visits = visits::of_day(&mut r, day).await?.into_iter().filter(|v| shown.contains(&v.employee.id));
    let visits = visits.map(|v| BoardVisit {
        id: v.id,
        employee_id: v.employee.id,
        customer: v.customer,
        task_id: v.task_id,
        check_in_s: second(v.check_in_at),
        check_out_s: v.check_out_at.map(second),
    });
    let visits = visits.collect();
    Ok(Board { day, today, people: answer, tasks: all, visits, truncated })
}

/// What the company's own fields say of the customers of these tasks; nothing is read where it has none.
async fn customer_answers(r: &mut Reader, tasks: &[BoardTask]) -> Result<HashMap<Uuid, Map<String, Value>>> {
    let mut found = HashMap::new();
    if Fields::in_force(r, Noun::Customer).await?.spec().fields.is_empty() {
        return Ok(found);
    }
    let ids: BTreeSet<Uuid> = tasks.iter().map(|t| t.customer.id).collect();
    let ids: Vec<Uuid> = ids.into_iter().collect();
    for some in ids.chunks(sql::NAMED) {
        for row in sql::answers_of(r, some).await? {
            if let Some(answers) = &row.custom {
                found.insert(row.id, from_json(answers)?);
            }
        }
    }
    Ok(found)
}
