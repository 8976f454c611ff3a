//! What the pool offers besides tasks: visits a rule asks for, and requests an upper floor keeps until somebody plans
//! them. On the board each is a task that does not exist yet; it is made when the draft is published, exactly once.
//!
//! A due visit bears the id of its customer, a request its own. The task of a due visit gets an id derived from customer
//! and day: two desks that publish the same one meet at that key, and the second is told.

use base::{LocalDay, Micros, Problem, id};
use customers::Place;
use db::{BoxFuture, Reader, Result, Tx};
use geo::LngLat;
use jiff::tz::TimeZone;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    BOARD_GONE,
    frequency::{self, Due},
    model::to_json,
    tasks::{self, sql::TaskRow},
    templates,
};

/// A request that waits to be planned.
#[derive(Debug, Clone)]
pub struct Request {
    pub id: Uuid,
    pub customer_id: Uuid,
    /// Whoever keeps it.
    pub keeper: org::Ref,
    pub title: String,
    pub note: Option<String>,
    pub skills: Vec<String>,
    pub template_id: Option<Uuid>,
    /// A task whose steps it takes over.
    pub from_task: Option<Uuid>,
    /// Expected length, seconds.
    pub service_s: i64,
    /// 1 normal, 2 urgent, 3 emergency.
    pub priority: i64,
    /// Somebody must have begun by then.
    pub latest_at: Option<Micros>,
    pub taken_at: Micros,
    /// False once somebody was asked, goes or went, or it was called off.
    pub waits: bool,
    pub version: i64,
}

/// A request has become a task of somebody's day.
#[derive(Debug, Clone)]
pub struct Planned {
    pub request: Uuid,
    /// The request as it was when it was put there.
    pub version: i64,
    pub task: Uuid,
    pub employee: org::Ref,
    pub eta: Option<Micros>,
}

/// Registered by an upper floor: requests it keeps that may be put into somebody's day here.
pub struct RequestSource {
    /// All in the reader's reach that wait, the most urgent first.
    pub waiting: for<'a> fn(&'a mut Reader) -> BoxFuture<'a, Result<Vec<Request>>>,
    /// One in reach, whether it waits or not.
    pub one: for<'a> fn(&'a mut Reader, Uuid) -> BoxFuture<'a, Result<Option<Request>>>,
    /// Notes in the same transaction that it is planned. False when it waits no more.
    pub planned: for<'a> fn(&'a mut Tx, Planned) -> BoxFuture<'a, Result<bool>>,
}
inventory::collect!(RequestSource);

/// What a rule asks for, as the board shows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BoardDue {
    /// Name of the rule.
    pub rule: String,
    /// Visits the rule asks for in its week or month, and those that stand or were made.
    pub wanted: i64,
    pub standing: i64,
    /// The last day on which the rule would still be kept.
    #[schema(value_type = String, format = Date)]
    pub until: LocalDay,
    #[schema(value_type = Option<String>, format = Date)]
    pub last_visit_day: Option<LocalDay>,
}

/// An urgent request, as the board shows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BoardUrgent {
    /// 1 normal, 2 urgent, 3 emergency.
    pub priority: i64,
    /// Somebody must have begun by then.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub latest_at: Option<Micros>,
    #[schema(value_type = String, format = DateTime)]
    pub taken_at: Micros,
}

/// A task that does not exist yet.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    pub row: TaskRow,
    pub kind: Kind,
    /// A rule leaves it to a department who goes: the customer's owner binds nobody.
    pub anybody: bool,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    Due(BoardDue),
    /// With the version of the request.
    Urgent(BoardUrgent, i64),
}

impl Wish {
    /// `due` or `urgent`.
    pub fn place(&self) -> &'static str {
        match self.kind {
            Kind::Due(_) => "due",
            Kind::Urgent(..) => "urgent",
        }
    }

    pub fn due(&self) -> Option<&BoardDue> {
        if let Kind::Due(due) = &self.kind { Some(due) } else { None }
    }

    pub fn urgent(&self) -> Option<&BoardUrgent> {
        if let Kind::Urgent(urgent, _) = &self.kind { Some(urgent) } else { None }
    }
}

/// Visits that are due on a day at customers who are open, at most `most`: those of these people, and those a rule leaves
/// to a department of which one of them may go. Those at one of `busy` are on the board already.
pub(super) async fn due(
    q: &mut Reader,
    day: LocalDay,
    department: Option<Uuid>,
    people: &[org::Ref],
    busy: impl Fn(Uuid) -> bool,
    most: usize,
    now: Micros,
) -> Result<Vec<Wish>> {
    let (mut all, mut crews) = (vec![], vec![]);
    let able = frequency::Able::read(q).await?;
    for due in frequency::due(q, day, department, now).await? {
        let closed = due.served.place.hours.on(day).is_some_and(|spans| spans.is_empty());
        if closed || busy(due.served.place.id) {
            continue;
        }
        let on_board = |person: Uuid| people.iter().find(|p| p.id == person).cloned();
        if let Some(whose) = whose(q, &able, &mut crews, &due, &on_board).await? {
            all.push(of_due(q, due, whose, day).await?);
            if all.len() == most {
                break;
            }
        }
    }
    Ok(all)
}

/// Whose a due visit is, of those who are there: whom the customer prefers where the rule sends him, or his owner, or
/// somebody of the department the rule leaves it to. Nobody who is never sent there.
async fn whose(
    q: &mut Reader,
    able: &frequency::Able,
    crews: &mut Vec<frequency::Crew>,
    due: &Due,
    there: &(dyn Fn(Uuid) -> Option<org::Ref> + Sync),
) -> Result<Option<org::Ref>> {
    let (place, terms) = (&due.served.place, &due.rule.terms);
    let whom = &place.whom;
    let wanted = whom.preferred_id.and_then(there);
    if terms.anybody_of.is_none() {
        let owner = place.owner_id.filter(|o| !whom.bars(*o));
        return Ok(wanted.filter(|w| able.sends(w.id, terms)).or_else(|| owner.and_then(there)));
    }
    let owner = place.owner_id.filter(|o| !whom.bars(*o)).and_then(there);
    let crew = frequency::crew(q, crews, terms).await?;
    let mut may: Vec<org::Ref> =
        crew.iter().filter(|p| !whom.bars(p.id)).filter_map(|p| there(p.id)).collect();
    may.sort_by_key(|p| !whom.prefers(p.id));
    Ok(may.into_iter().next().filter(|p| whom.prefers(p.id) || owner.is_none()).or(owner))
}

/// Requests in reach that wait.
pub(super) async fn urgent(q: &mut Reader, day: LocalDay, zone: &TimeZone) -> Result<Vec<Wish>> {
    let mut all = vec![];
    for source in inventory::iter::<RequestSource> {
        for request in (source.waiting)(q).await? {
            // A customer out of reach is nobody's to be planned here.
            if let Ok(place) = customers::place(q, request.customer_id).await {
                all.push(of_request(q, request, &place, day, zone).await?);
            }
        }
    }
    Ok(all)
}

/// The wish an id of a draft stands for; `None` for an unknown id.
///
/// # Errors
/// `board.gone` when it was planned, made or called off.
pub(super) async fn find(
    q: &mut Reader,
    id: Uuid,
    day: LocalDay,
    zone: &TimeZone,
    now: Micros,
) -> Result<Option<Wish>> {
    for source in inventory::iter::<RequestSource> {
        if let Some(request) = (source.one)(q, id).await? {
            let place = customers::place(q, request.customer_id).await?;
            if !request.waits {
                return Err(Problem::new(BOARD_GONE).with("customer", &place.name));
            }
            return of_request(q, request, &place, day, zone).await.map(Some);
        }
    }
    let Some(due) = frequency::due_one(q, id, day, now).await? else {
        return match customers::served_one(q, id).await? {
            Some(served) => Err(Problem::new(BOARD_GONE).with("customer", &served.place.name)),
            None => Ok(None),
        };
    };
    let place = &due.served.place;
    let named: Vec<Uuid> = place.owner_id.into_iter().chain(place.whom.preferred_id).collect();
    let mut known: Vec<org::Ref> = org::by_ids(q, &named).await?.iter().map(org::Person::as_ref).collect();
    let able = frequency::Able::read(q).await?;
    let mut crews = vec![];
    let crew = frequency::crew(q, &mut crews, &due.rule.terms).await?;
    known.extend(crew.iter().map(org::Person::as_ref));
    let there = |person: Uuid| known.iter().find(|p| p.id == person).cloned();
    match whose(q, &able, &mut crews, &due, &there).await? {
        Some(whose) => of_due(q, due, whose, day).await.map(Some),
        None => Ok(None),
    }
}

/// In the transaction of publishing: is a due visit still due?
///
/// # Errors
/// `board.gone` when somebody has planned or made it meanwhile.
pub(super) async fn still_due(tx: &mut Tx, wish: &Wish) -> Result<()> {
    if wish.due().is_none() {
        return Ok(());
    }
    let now = tx.now();
    match frequency::due_one(tx, wish.row.customer_id, wish.row.day, now).await? {
        Some(_) => Ok(()),
        None => Err(gone(wish)),
    }
}

/// In the transaction of publishing: the task of a wish stands now.
///
/// # Errors
/// `board.gone` when the request waits no more.
pub(super) async fn settled(
    tx: &mut Tx,
    wish: &Wish,
    task: Uuid,
    employee: org::Ref,
    eta: Option<Micros>,
) -> Result<()> {
    let Kind::Urgent(_, version) = wish.kind else { return Ok(()) };
    for source in inventory::iter::<RequestSource> {
        let planned = Planned { request: wish.row.id, version, task, employee: employee.clone(), eta };
        if (source.planned)(tx, planned).await? {
            return Ok(());
        }
    }
    Err(gone(wish))
}

pub(super) fn gone(wish: &Wish) -> Problem {
    Problem::new(BOARD_GONE).with("customer", &wish.row.customer_name)
}

/// The id its task will have.
pub(super) fn task_id(wish: &Wish) -> Uuid {
    match wish.kind {
        Kind::Due(_) => id::derived(wish.row.customer_id, &format!("due/{}", wish.row.day)),
        // A request may come back after its visit was skipped, and be planned again: its version tells the two apart.
        Kind::Urgent(_, version) => id::derived(wish.row.id, &format!("planned/{version}")),
    }
}

async fn of_due(q: &mut Reader, due: Due, whose: org::Ref, day: LocalDay) -> Result<Wish> {
    let template = match due.rule.template_id {
        // A retired template is no reason not to go.
        Some(template) => templates::for_use(q, template).await.ok().map(|t| t.0),
        None => None,
    };
    let place = &due.served.place;
    let mut row = bare(place, place.id, whose, day);
    row.template_id = template.as_ref().map(|t| t.id);
    row.title = template.as_ref().map_or_else(|| "客户拜访".to_owned(), |t| t.name.clone());
    row.steps = to_json(template.as_ref().map_or(&[][..], |t| &t.steps[..]))?;
    row.min_stay_s = template.as_ref().and_then(|t| t.min_stay_s).unwrap_or(place.min_stay_s);
    row.skills = to_json(&due.rule.terms.skills)?;
    let anybody = due.rule.terms.anybody_of.is_some();
    let kind = Kind::Due(BoardDue {
        rule: due.rule.name,
        wanted: due.need.wanted,
        standing: due.need.standing,
        until: due.need.until,
        last_visit_day: due.served.last_visit_day,
    });
    Ok(Wish { row, kind, anybody })
}

async fn of_request(
    q: &mut Reader,
    request: Request,
    place: &Place,
    day: LocalDay,
    zone: &TimeZone,
) -> Result<Wish> {
    let mut row = bare(place, request.id, request.keeper, day);
    row.steps = match (request.template_id, request.from_task) {
        (Some(template), _) => {
            to_json(&templates::for_use(q, template).await.map(|(t, _)| t.steps).unwrap_or_default())?
        }
        (None, Some(task)) => tasks::sql::one(q, task).await.map_or_else(|_| "[]".into(), |t| t.steps),
        (None, None) => "[]".into(),
    };
    row.template_id = request.template_id;
    row.title = request.title;
    row.note = request.note;
    row.skills = to_json(&request.skills)?;
    row.service_s = Some(request.service_s);
    row.min_stay_s = place.min_stay_s;
    if let Some(latest) = request.latest_at {
        // What had to begin on an earlier day is late by all the hours since.
        row.to_minute = (latest.0 - day.at_minute(0, zone).0).div_euclid(Micros::MINUTE).min(1440);
        row.from_minute = row.from_minute.min(row.to_minute);
    }
    let urgent =
        BoardUrgent { priority: request.priority, latest_at: request.latest_at, taken_at: request.taken_at };
    Ok(Wish { row, kind: Kind::Urgent(urgent, request.version), anybody: false })
}

/// A task at a place on a day that nothing is known of yet.
fn bare(place: &Place, id: Uuid, whose: org::Ref, day: LocalDay) -> TaskRow {
    let (lng, lat) = place.at.map(LngLat::e7).unzip();
    TaskRow {
        id,
        plan_id: None,
        employee_id: whose.id,
        employee_name: whose.name,
        department_id: place.department_id,
        customer_id: place.id,
        template_id: None,
        customer_name: place.name.clone(),
        owner_id: place.owner_id,
        grade: place.grade.clone(),
        lng,
        lat,
        address: place.address.clone(),
        radius_m: place.radius_m,
        day,
        seq: 0,
        from_minute: 0,
        to_minute: 1440,
        due_at: Micros(i64::MAX),
        title: String::new(),
        note: None,
        steps: "[]".into(),
        skills: "[]".into(),
        min_stay_s: place.min_stay_s,
        service_s: None,
        status: "new".into(),
        eta: None,
        locked: false,
        promised_at: None,
        visit_id: None,
        reason: None,
        reason_code: None,
        content_sha256: String::new(),
        opening_hours: Some(place.hours.text()).filter(|t| !t.is_empty()),
        whom: serde_json::to_string(&place.whom).ok(),
        crew_id: None,
        custom: None,
        created_at: Micros(0),
        version: 0,
    }
}
