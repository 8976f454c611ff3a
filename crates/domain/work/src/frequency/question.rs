//! From rules, customers, calendars and what stands already to the question for the engine.
//!
//! The engine is asked about whole weeks and months, so that "once a month" means the month and not what the asked
//! weeks cut out of it; only what falls into the asked weeks is proposed.

use std::collections::{BTreeSet, HashMap};

use api::{Kit, TravelMode, TravelSource, TravelTable};
use base::{LocalDay, Micros, Problem, problem};
use customers::Served;
use db::{Query, Result, Scope};
use geo::LngLat;
use org::{Calendar, DayRules, DayTerms, Person, Ref};
use route::{
    Matrix,
    periodic::{CalendarDay, Customer, Every as Engine, FieldRep, PeriodProblem, Rule, Ways},
};
use uuid::Uuid;

use super::{
    TOO_MANY, TOO_MANY_PEOPLE, due,
    rule::{Every, FrequencyRule, Terms, rule_of},
    sql::{self, Standing},
};
use crate::{
    model::{VisitCustomer, Window},
    opening,
};

/// Most customers of one question: their travel times are a square table.
const MOST: usize = 900;
/// Most people of one question: each of them has every day of it.
const MOST_PEOPLE: usize = 150;
/// What the engine takes for "no way", seconds.
const NO_WAY: i64 = 1 << 28;
/// A visit that no rule speaks of is taken to last this long.
const OTHER_VISIT_S: i64 = 30 * 60;

/// The weeks asked about.
#[derive(Debug, Clone, Copy)]
pub struct Weeks {
    pub from: LocalDay,
    pub to: LocalDay,
    /// Only customers of this department and those below it.
    pub department: Option<Uuid>,
    /// Of the department alone, not of those below it.
    pub alone: bool,
    /// What somebody called off stays called off: it is not made up for on another day.
    pub called_off_stays: bool,
}

impl Weeks {
    /// Whole weeks, as somebody asks for them.
    pub fn asked(from: LocalDay, weeks: i64, department: Option<Uuid>) -> Weeks {
        let to = from.plus_days(i32::try_from(weeks * 7).unwrap_or(7) - 1);
        Weeks { from, to, department, alone: false, called_off_stays: false }
    }
}

/// Working hours of a day: from first to last minute, and seconds of duty between.
#[derive(Debug, Clone, Copy)]
pub struct Hours {
    pub window: Window,
    pub seconds: i64,
}

/// Everything that was read.
pub struct Situation {
    pub asked: Weeks,
    /// Days of the engine, and where each is.
    pub days: Vec<LocalDay>,
    pub index: HashMap<LocalDay, usize>,
    pub people: Vec<Person>,
    /// How the day of each of them begins, and how he gets about.
    pub terms: Vec<DayTerms>,
    /// `[person][day]`; `None` where he does not work.
    pub hours: Vec<Vec<Option<Hours>>>,
    pub rules: Vec<FrequencyRule>,
    /// Customers with a rule, a place and somebody who may go.
    pub followed: Vec<Followed>,
    /// Those with a rule that cannot be planned, and why: `no_owner`, `nobody`, `skill`, `barred` or `no_location`.
    pub apart: Vec<(Served, usize, &'static str)>,
    pub without_rule: usize,
    /// Whom customers prefer and rules do not send.
    pub passed_over: Vec<PassedOver>,
    /// Tasks of the engine's days.
    pub standing: Vec<Standing>,
    /// Visits nobody had planned.
    made: Vec<sql::Made>,
    /// The calendar most of these people have, for make-up days.
    calendar: Option<Calendar>,
    now: Micros,
}

/// Somebody a customer prefers and his rule does not send.
pub struct PassedOver {
    pub customer: VisitCustomer,
    pub rule: usize,
    pub person: Ref,
    /// `gone`, `skill` or `department`.
    pub reason: &'static str,
}

/// A customer who is visited by a rule.
pub struct Followed {
    pub served: Served,
    /// Index of the rule, and of the people who may go: whom the customer prefers first, then the owner, if they are among
    /// them.
    pub rule: usize,
    pub who: Vec<usize>,
}

/// Who may go by a rule that leaves it to a department.
pub(crate) struct Crew {
    department: Uuid,
    skills: Vec<String>,
    people: Vec<Person>,
}

impl Crew {
    fn serves(&self, terms: &Terms) -> bool {
        Some(self.department) == terms.anybody_of && self.skills == terms.skills
    }
}

/// Who may go by a rule that leaves it to a department, nobody by another; `known`: those read before.
pub(crate) async fn crew<'a>(
    q: &mut impl Query,
    known: &'a mut Vec<Crew>,
    terms: &Terms,
) -> Result<&'a [Person]> {
    let Some(department) = terms.anybody_of else { return Ok(&[]) };
    let at = match known.iter().position(|c| c.serves(terms)) {
        Some(at) => at,
        None => {
            let (outside, skills) = (org::field_workers(q).await?, org::skills(q).await?);
            let mut people = org::people_of_department(q, Some(department)).await?;
            people.retain(|p| outside.contains(&p.id) && can(&skills, p.id, &terms.skills));
            known.push(Crew { department, skills: terms.skills.clone(), people });
            known.len() - 1
        }
    };
    Ok(known.get(at).map_or(&[][..], |c| &c.people[..]))
}

/// Who works outside, in reach, and what everybody can do.
pub(crate) struct Able {
    outside: BTreeSet<Uuid>,
    skills: HashMap<Uuid, BTreeSet<String>>,
}

impl Able {
    pub async fn read(q: &mut impl Query) -> Result<Able> {
        Ok(Able { outside: org::field_workers(q).await?, skills: org::skills(q).await? })
    }

    /// Would a rule for owners send somebody a customer prefers?
    pub fn sends(&self, person: Uuid, terms: &Terms) -> bool {
        self.outside.contains(&person) && self.can(person, terms)
    }

    fn can(&self, person: Uuid, terms: &Terms) -> bool {
        can(&self.skills, person, &terms.skills)
    }
}

fn can(skills: &HashMap<Uuid, BTreeSet<String>>, person: Uuid, asked: &[String]) -> bool {
    asked.iter().all(|s| skills.get(&person).is_some_and(|own| own.contains(s.trim())))
}

/// Who there is to be sent.
struct Staff {
    /// Everybody in reach who is in service.
    people: Vec<Person>,
    able: Able,
    crews: Vec<Crew>,
}

impl Staff {
    async fn read(q: &mut impl Query, rules: &[FrequencyRule]) -> Result<Staff> {
        let mut crews = vec![];
        for rule in rules.iter().filter(|r| r.active) {
            crew(q, &mut crews, &rule.terms).await?;
        }
        Ok(Staff { people: org::people_of_department(q, None).await?, able: Able::read(q).await?, crews })
    }

    fn find(&self, person: Uuid) -> Option<&Person> {
        self.people.iter().find(|p| p.id == person)
    }

    /// Why whom a customer prefers is not among those who may go.
    fn against(&self, wanted: Uuid, terms: &Terms) -> &'static str {
        if self.find(wanted).is_none() || !self.able.outside.contains(&wanted) {
            "gone"
        } else if self.able.can(wanted, terms) {
            "department"
        } else {
            "skill"
        }
    }
}

/// Who may go to a customer by a rule, or why nobody. A rule for owners also sends whom the customer prefers.
fn candidates(
    served: &Served,
    terms: &Terms,
    staff: &Staff,
) -> std::result::Result<Vec<Person>, &'static str> {
    let whom = &served.place.whom;
    let mut people = match terms.anybody_of {
        None => {
            let owner = served.place.owner_id.and_then(|o| staff.find(o));
            let wanted = whom.preferred_id.filter(|p| Some(*p) != served.place.owner_id);
            let wanted = wanted.filter(|p| staff.able.outside.contains(p)).and_then(|p| staff.find(p));
            if owner.is_none() && wanted.is_none() {
                return Err("no_owner");
            }
            let able: Vec<Person> =
                owner.into_iter().chain(wanted).filter(|p| staff.able.can(p.id, terms)).cloned().collect();
            if able.is_empty() {
                return Err("skill");
            }
            able
        }
        Some(_) => staff.crews.iter().find(|c| c.serves(terms)).map(|c| c.people.clone()).unwrap_or_default(),
    };
    people.sort_by_key(|p| (!whom.prefers(p.id), Some(p.id) != served.place.owner_id));
    if people.is_empty() {
        return Err("nobody");
    }
    people.retain(|p| !whom.bars(p.id));
    if people.is_empty() {
        return Err("barred");
    }
    served.place.at.map(|_| people).ok_or("no_location")
}

/// Reads all of it.
pub async fn read(kit: &Kit, scope: &Scope, asked: Weeks) -> Result<Situation> {
    let mut r = kit.db.read(scope).await?;
    let rules = sql::rules(&mut r).await?;
    let (days, index) = engine_days(asked, &rules);
    let staff = Staff::read(&mut r, &rules).await?;
    let (mut followed, mut apart, mut without_rule) = (vec![], vec![], 0);
    let mut unheard = vec![];
    let mut people: Vec<Person> = vec![];
    let mut seat = |person: &Person| {
        people.iter().position(|p| p.id == person.id).unwrap_or_else(|| {
            people.push(person.clone());
            people.len() - 1
        })
    };
    let mut served = customers::served(&mut r, asked.department).await?;
    if asked.alone {
        served.retain(|s| asked.department.is_none_or(|d| s.place.department_id == d));
    }
    let names = customers::names_of(&mut r, served.iter().map(|s| &s.place.whom)).await?;
    for served in served {
        let Some(rule) = rule_of(&rules, &served).and_then(|f| rules.iter().position(|r| r.id == f.id))
        else {
            without_rule += 1;
            continue;
        };
        let may = candidates(&served, &rules[rule].terms, &staff);
        let sent = |wanted: Uuid| may.iter().flatten().any(|p| p.id == wanted);
        if let Some(wanted) = served.place.whom.preferred_id.filter(|w| !sent(*w)) {
            unheard.push(PassedOver {
                customer: VisitCustomer {
                    id: served.place.id,
                    name: served.place.name.clone(),
                    grade: served.place.grade.clone(),
                },
                rule,
                person: Ref { id: wanted, name: names.get(&wanted).cloned().unwrap_or_default() },
                reason: staff.against(wanted, &rules[rule].terms),
            });
        }
        match may {
            Err(why) => apart.push((served, rule, why)),
            Ok(all) => followed.push(Followed { who: all.iter().map(&mut seat).collect(), served, rule }),
        }
    }
    if followed.len() > MOST {
        return Err(Problem::new(TOO_MANY).with("most", MOST as i64).with("count", followed.len() as i64));
    }
    let (first, last) = match (days.first(), days.last()) {
        (Some(first), Some(last)) => (*first, *last),
        _ => return Err(Problem::new(problem::INVALID)),
    };
    let standing = sql::tasks(&mut r, first, last).await?;
    // Whoever has one of the visits already is seen with it, whether or not he may have more.
    let ours: BTreeSet<Uuid> = followed.iter().map(|f| f.served.place.id).collect();
    for task in standing.iter().filter(|t| ours.contains(&t.customer_id)) {
        if let Some(holder) = staff.find(task.employee_id) {
            seat(holder);
        }
    }
    if people.len() > MOST_PEOPLE {
        return Err(Problem::new(TOO_MANY_PEOPLE).with("most", MOST_PEOPLE).with("count", people.len()));
    }
    let zone = org::zone(&mut r).await?;
    let mut hours = vec![];
    for person in &people {
        let duty = org::duty_days(&mut r, person.id, first, last).await?;
        let minute =
            |t: Micros, day: LocalDay| if t.local_day(&zone) > day { 1440 } else { t.local_minute(&zone) };
        let of = |day: &LocalDay| {
            let working = &duty.get(day)?.working;
            let (from, to) = (working.first()?.from, working.last()?.to);
            let seconds: i64 = working.iter().map(|d| (d.to.0 - d.from.0) / Micros::SECOND).sum();
            let window = Window { from_minute: minute(from, *day), to_minute: minute(to, *day) };
            (seconds > 0 && window.is_sound()).then_some(Hours { window, seconds })
        };
        hours.push(days.iter().map(of).collect());
    }
    let days_of = DayRules::read(&mut r).await?;
    let terms = people.iter().map(|p| days_of.of(p)).collect();
    let made = sql::unplanned_visits(&mut r, first, last).await?;
    let mut calendars: Vec<Calendar> = vec![];
    for person in &people {
        calendars.extend(org::calendar_of(&mut r, person.id).await?);
    }
    let calendar = usual(calendars);
    let now = kit.now();
    Ok(Situation {
        asked,
        days,
        index,
        people,
        terms,
        hours,
        rules,
        followed,
        apart,
        without_rule,
        passed_over: unheard,
        standing,
        made,
        calendar,
        now,
    })
}

/// The calendar that most have; of equals the older one.
fn usual(calendars: Vec<Calendar>) -> Option<Calendar> {
    let times = |id: Uuid| calendars.iter().filter(|c| c.id == id).count();
    let most = calendars.iter().map(|c| (times(c.id), std::cmp::Reverse(c.id))).max()?.1.0;
    calendars.into_iter().find(|c| c.id == most)
}

/// So many days before the asked weeks are looked at, for spacing and for keeping to the same weekday.
const BACK: i32 = 14;

/// From the Monday two weeks or the first of the month before, to the Sunday or the last of the month after.
fn engine_days(asked: Weeks, rules: &[FrequencyRule]) -> (Vec<LocalDay>, HashMap<LocalDay, usize>) {
    let monthly = rules.iter().any(|r| r.active && r.terms.every == Every::Month);
    let to = asked.to;
    let (mut first, mut last) = (
        asked.from.plus_days(1 - i32::from(asked.from.weekday()) - BACK),
        to.plus_days(7 - i32::from(to.weekday())),
    );
    if monthly {
        first = first.min(LocalDay::from_date(asked.from.date().first_of_month()));
        last = last.max(LocalDay::from_date(to.date().last_of_month()));
    }
    let mut days = vec![];
    let mut day = first;
    while day <= last {
        days.push(day);
        day = day.plus_days(1);
    }
    let index = days.iter().copied().zip(0..).collect();
    (days, index)
}

/// How a task that stands counts for its rule.
enum Counts {
    /// Planned, under way or done.
    Yes,
    /// Called off, skipped or forgotten: it does not count, and that day is not taken again.
    No,
}

impl Situation {
    fn counts(&self, task: &Standing) -> Counts {
        if due::counts(task, self.now) { Counts::Yes } else { Counts::No }
    }

    /// A task that counts for its rule.
    pub fn stands(&self, task: &Standing) -> bool {
        matches!(self.counts(task), Counts::Yes)
    }

    /// Department of a customer that follows a rule.
    pub fn department_of(&self, customer: Uuid) -> Option<Uuid> {
        let followed = self.followed.iter().map(|f| &f.served);
        let mut all = followed.chain(self.apart.iter().map(|(served, ..)| served));
        all.find(|s| s.place.id == customer).map(|s| s.place.department_id)
    }

    /// A visit that nobody had planned took place.
    pub fn was_made(&self, customer: Uuid, day: LocalDay) -> bool {
        self.made.iter().any(|v| v.customer_id == customer && v.day == day)
    }

    /// Somebody's index among the people.
    pub fn seat(&self, person: Uuid) -> Option<usize> {
        self.people.iter().position(|p| p.id == person)
    }

    fn of(&self, day: LocalDay) -> Option<usize> {
        self.index.get(&day).copied()
    }

    /// The first day of the asked weeks, among the engine's.
    pub fn begin(&self) -> usize {
        self.of(self.asked.from).unwrap_or(0)
    }

    /// Behind the last day of the asked weeks, among the engine's.
    pub fn end(&self) -> usize {
        self.of(self.asked.to).map_or(self.days.len(), |last| last + 1)
    }

    /// Places of the question: where people begin, then the customers followed, then where days end elsewhere.
    pub fn places(&self) -> Places {
        let of_customer = |f: &Followed| f.served.place.at;
        let of_person = |k: usize| {
            let own = self.followed.iter().find(|f| f.who.first() == Some(&k));
            let any = own.or_else(|| self.followed.iter().find(|f| f.who.contains(&k)));
            let any = any.or(self.followed.first());
            self.terms[k].start.or_else(|| any.and_then(of_customer))
        };
        let homes = (0..self.people.len()).filter_map(of_person);
        let mut points: Vec<LngLat> = homes.chain(self.followed.iter().filter_map(of_customer)).collect();
        let mut ends = vec![];
        for (k, terms) in self.terms.iter().enumerate() {
            ends.push(terms.end.map(|end| {
                if points.get(k) == Some(&end) {
                    return k;
                }
                points.push(end);
                points.len() - 1
            }));
        }
        Places { points, ends }
    }

    /// Ways of getting about, each once.
    fn modes(&self) -> Vec<Option<TravelMode>> {
        self.terms.iter().map(|t| t.travel).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The engine's question.
    pub fn problem(&self, travel: &Travel) -> PeriodProblem {
        let (begin, home) = (self.begin(), self.people.len());
        let modes = self.modes();
        let reps: Vec<FieldRep> = (0..self.people.len()).map(|k| self.rep(k, &modes, travel)).collect();
        let mut customers: Vec<Customer> =
            self.followed.iter().enumerate().map(|(k, f)| self.customer(home + k, f)).collect();
        // Other work takes its time too; it is not moved.
        let ours: BTreeSet<Uuid> = self.followed.iter().map(|f| f.served.place.id).collect();
        for task in self.standing.iter().filter(|t| !ours.contains(&t.customer_id)) {
            let rep = self.seat(task.employee_id);
            let day = self.of(task.day).filter(|d| *d >= begin);
            if let (Some(rep), Some(day), Counts::Yes) = (rep, day, self.counts(task)) {
                customers.push(Customer {
                    reps: vec![rep],
                    planned: vec![(day, rep)],
                    ..Customer::new(rep, OTHER_VISIT_S, Rule::new(Engine::Week(0)))
                });
            }
        }
        let ways = travel.tables.iter().map(|table| {
            let cell = |a: usize, b: usize| table.cells.get(a * table.size + b).copied().flatten();
            Ways {
                durations: Matrix::from_fn(table.size, |a, b| cell(a, b).map_or(NO_WAY, |c| c.0)),
                distances: Some(Matrix::from_fn(table.size, |a, b| cell(a, b).map_or(NO_WAY, |c| c.1))),
            }
        });
        PeriodProblem { days: self.calendar_days(), reps, customers, ways: ways.collect() }
    }

    fn rep(&self, k: usize, modes: &[Option<TravelMode>], travel: &Travel) -> FieldRep {
        let terms = &self.terms[k];
        FieldRep {
            id: k as u64,
            home: k,
            end: travel.places.ends.get(k).copied().flatten(),
            ways: modes.iter().position(|m| *m == terms.travel).unwrap_or(0),
            holds_s: self.hours[k].iter().map(|h| h.as_ref().map_or(0, |h| h.seconds)).collect(),
            most_visits: terms.most_visits,
            most_m: terms.most_m,
        }
    }

    fn customer(&self, place: usize, f: &Followed) -> Customer {
        let (served, rule) = (&f.served, &self.rules[f.rule]);
        let (first, begin) = (self.days[0], self.begin());
        let held = self.of(rule.since).unwrap_or(if rule.since > first { self.days.len() } else { 0 });
        // What is due every so many days goes on from the last visit, not from days gone by.
        let since = if rule.terms.every == Every::Days { held.max(begin) } else { held };
        let service_s = rule.terms.visit_minutes * 60;
        // Days on which nobody could come while he is open.
        let is_shut = |rep: usize, d: usize| {
            self.hours[rep][d].as_ref().is_some_and(|hours| {
                let Window { from_minute, to_minute } = hours.window;
                let work = (i64::from(from_minute) * 60, i64::from(to_minute) * 60);
                let open = opening::open_on(&served.place.hours, self.days[d]);
                opening::begins(work, &open, service_s).is_empty()
            })
        };
        let days = 0..self.days.len();
        let shut = f.who.iter().flat_map(|&r| days.clone().map(move |d| (r, d)));
        let shut = shut.filter(|&(r, d)| is_shut(r, d)).collect();
        // Whoever is nobody of these: it counts for the rule, and fills no day of theirs.
        let other = self.people.len();
        let (mut planned, mut closed) = (vec![], vec![]);
        for task in self.standing.iter().filter(|t| t.customer_id == served.place.id) {
            let Some(day) = self.of(task.day) else { continue };
            match self.counts(task) {
                Counts::Yes => planned.push((day, self.seat(task.employee_id).unwrap_or(other))),
                // It takes the place of a visit, and nobody's time.
                Counts::No if self.asked.called_off_stays && task.status == "cancelled" => {
                    planned.push((day, other));
                }
                Counts::No => closed.push(day),
            }
        }
        let made = self.made.iter().filter(|v| v.customer_id == served.place.id);
        let made = made.filter_map(|v| self.of(v.day).map(|day| (day, self.seat(v.employee_id))));
        planned.extend(made.map(|(day, rep)| (day, rep.unwrap_or(other))));
        planned.sort_unstable();
        planned.dedup_by_key(|p| p.0);
        let before = planned.iter().filter(|(d, _)| *d < begin);
        let mut usual_weekdays = [false; 7];
        if rule.terms.every != Every::Days {
            before.clone().for_each(|(d, _)| usual_weekdays[self.weekday(self.days[*d])] = true);
        }
        // Whom the customer prefers goes; else who went last goes again, unless he stood in for somebody away; to who was
        // never visited, the owner.
        let named = served.place.whom.preferred_id.and_then(|p| self.seat(p)).filter(|r| f.who.contains(r));
        let stays = |usual: usize, day: usize| self.hours[usual][day].is_none();
        let last = before
            .filter(|p| f.who.contains(&p.1))
            .fold(None, |usual, &(day, rep)| usual.filter(|u| stays(*u, day)).or(Some(rep)));
        let usual =
            named.or(last).or_else(|| self.seat(served.place.owner_id?).filter(|r| f.who.contains(r)));
        Customer {
            id: 0,
            reps: f.who.clone(),
            shut,
            usual,
            named,
            usual_weekdays,
            last_visit_ago: served
                .last_visit_day
                .filter(|d| *d < first)
                .and_then(|d| u32::try_from(days_between(d, first)).ok()),
            planned,
            since,
            closed,
            ..Customer::new(place, service_s, rule.terms.engine())
        }
    }

    /// Monday is 0; a make-up day is the weekday whose work it does.
    fn weekday(&self, day: LocalDay) -> usize {
        usize::from(self.calendar.as_ref().map_or(day.weekday(), |c| stands_for(c, day)) - 1)
    }

    fn calendar_days(&self) -> Vec<CalendarDay> {
        let (begin, first) = (self.begin(), self.days[0]);
        let monday = first.plus_days(1 - i32::from(first.weekday()));
        let day = |(k, day): (usize, &LocalDay)| {
            let date = day.date();
            CalendarDay {
                weekday: self.weekday(*day) as u8,
                month: date.year() as u32 * 12 + date.month() as u32,
                week: (days_between(monday, *day) / 7) as u32,
                // What has gone by takes nothing more.
                working: k >= begin && self.hours.iter().any(|h| h[k].is_some()),
            }
        };
        self.days.iter().enumerate().map(day).collect()
    }

    /// Days of a week, month or due date of a rule, for telling which could not be met.
    pub fn period(&self, rule: &FrequencyRule, number: u32) -> Option<(LocalDay, LocalDay)> {
        let days = self.calendar_days();
        let of = |k: &usize| match rule.terms.every {
            Every::Week => days[*k].week == number,
            Every::Month => days[*k].month == number,
            Every::Days => *k == number as usize,
        };
        let mut inside = (0..days.len()).filter(of);
        let first = inside.next()?;
        Some((self.days[first], self.days[inside.next_back().unwrap_or(first)]))
    }
}

/// The weekday whose work a day does: its own, or on a make-up day that of the nearest holiday within a fortnight
/// that took a working day away. 1 = Monday.
fn stands_for(calendar: &Calendar, day: LocalDay) -> u8 {
    let usual = |weekday: u8| calendar.shifts.iter().any(|s| s.weekday == weekday);
    let make_up =
        calendar.exceptions.iter().any(|e| e.day == day && !e.shifts.is_empty()) && !usual(day.weekday());
    if !make_up {
        return day.weekday();
    }
    let apart = |other: LocalDay| days_between(day, other).abs();
    let mut make_ups: Vec<LocalDay> = calendar
        .exceptions
        .iter()
        .filter(|e| !e.shifts.is_empty() && !usual(e.day.weekday()))
        .map(|e| e.day)
        .collect();
    make_ups.sort();
    let mut holidays: Vec<LocalDay> = calendar
        .exceptions
        .iter()
        .filter(|e| e.shifts.is_empty() && usual(e.day.weekday()))
        .map(|e| e.day)
        .collect();
    holidays.sort();
    // In order of the calendar each takes the nearest holiday no earlier one has taken.
    for one in make_ups {
        let near = |h: &&LocalDay| (days_between(one, **h).abs(), **h);
        let nearest =
            holidays.iter().filter(|h| days_between(one, **h).abs() <= 14).min_by_key(near).copied();
        if one == day {
            return nearest.filter(|h| apart(*h) <= 14).map_or(day.weekday(), LocalDay::weekday);
        }
        holidays.retain(|h| Some(*h) != nearest);
    }
    day.weekday()
}

/// Days from one to the other; negative when the other is earlier.
pub fn days_between(from: LocalDay, to: LocalDay) -> i64 {
    from.date().until(to.date()).map_or(0, |span| i64::from(span.get_days()))
}

/// Places of the question, and where each person's day ends among them.
pub struct Places {
    pub points: Vec<LngLat>,
    ends: Vec<Option<usize>>,
}

/// Travel times between the places, one table for each way of getting about.
pub struct Travel {
    places: Places,
    tables: Vec<TravelTable>,
}

impl Travel {
    /// Whose travel times the plan is made by.
    pub fn source(&self) -> TravelSource {
        self.tables.first().map_or_else(|| TravelSource::of("straight_line"), |t| t.source.clone())
    }
}

/// Asks for the travel times.
pub async fn travel(kit: &Kit, scope: &Scope, s: &Situation) -> Travel {
    let places = s.places();
    let mut tables = vec![];
    for mode in s.modes() {
        tables.push(kit.travel.near_table(scope, mode, places.points.clone()).await);
    }
    Travel { places, tables }
}

#[cfg(test)]
mod tests {
    use org::Calendar;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_make_up_day_does_the_work_of_its_holiday() {
        let day = |m, d| LocalDay::new(2026, m, d).unwrap();
        let shift = json!({ "from_minute": 540, "to_minute": 1020 });
        let exceptions = json!([
            { "day": "2026-10-01", "name": "国庆", "shifts": [] },
            { "day": "2026-10-02", "name": "国庆", "shifts": [] },
            { "day": "2026-10-03", "name": "国庆", "shifts": [] },
            { "day": "2026-10-10", "name": "调休", "shifts": [shift] },
            { "day": "2026-09-27", "name": "调休", "shifts": [shift] },
            { "day": "2026-12-26", "name": "加班", "shifts": [shift] },
        ]);
        let shifts =
            (1..=5).map(|weekday| org::Shift { weekday, from_minute: 540, to_minute: 1020 }).collect();
        let calendar = Calendar {
            id: Uuid::nil(),
            name: String::new(),
            shifts,
            exceptions: serde_json::from_value(exceptions).unwrap(),
            is_default: true,
            version: 1,
        };
        assert_eq!(stands_for(&calendar, day(9, 28)), 1, "an ordinary Monday");
        assert_eq!(stands_for(&calendar, day(9, 27)), 4, "the Sunday before stands for Thursday the 1st");
        assert_eq!(stands_for(&calendar, day(10, 10)), 5, "the Saturday after for Friday the 2nd");
        assert_eq!(stands_for(&calendar, day(12, 26)), 6, "no holiday near: only itself");
        assert_eq!(days_between(day(10, 1), day(9, 27)), -4);
    }
}
