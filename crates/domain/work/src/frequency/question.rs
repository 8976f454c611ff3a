//! From rules, customers, calendars and what stands already to the question for the engine.
//!
//! The engine is asked about whole weeks and months, so that "once a month" means the month and not what the asked
//! weeks cut out of it; only what falls into the asked weeks is proposed.

use std::collections::{BTreeSet, HashMap};

use api::{Kit, TravelMode, TravelSource, TravelTable};
use base::{LocalDay, Micros, Problem, problem};
use customers::Served;
use db::{Result, Scope};
use geo::LngLat;
use org::{Calendar, DayRules, DayTerms, Person};
use route::{
    Matrix,
    periodic::{CalendarDay, Customer, Every as Engine, FieldRep, PeriodProblem, Rule},
};
use uuid::Uuid;

use super::{
    TOO_MANY, due,
    rule::{Every, FrequencyRule, rule_of},
    sql::{self, Standing},
};
use crate::{model::Window, opening};

/// Most customers of one question: their travel times are a square table.
const MOST: usize = 900;
/// What the engine takes for "no way", seconds.
const NO_WAY: i64 = 1 << 28;
/// A visit that no rule speaks of is taken to last this long.
const OTHER_VISIT_S: i64 = 30 * 60;

/// The weeks asked about.
#[derive(Debug, Clone, Copy)]
pub struct Weeks {
    pub from: LocalDay,
    pub weeks: i64,
    pub department: Option<Uuid>,
}

impl Weeks {
    pub fn to(&self) -> LocalDay {
        self.from.plus_days(i32::try_from(self.weeks * 7).unwrap_or(7) - 1)
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
    /// Customers with a rule, an owner and a place, with the index of rule and owner.
    pub followed: Vec<(Served, usize, usize)>,
    /// Those with a rule that cannot be planned, and why: `no_owner` or `no_location`.
    pub apart: Vec<(Served, usize, &'static str)>,
    pub without_rule: usize,
    /// Tasks of the engine's days.
    pub standing: Vec<Standing>,
    /// Visits nobody had planned.
    made: Vec<sql::Made>,
    /// The calendar most of these people have, for make-up days.
    calendar: Option<Calendar>,
    now: Micros,
}

/// Reads all of it.
pub async fn read(kit: &Kit, scope: &Scope, asked: Weeks) -> Result<Situation> {
    let mut r = kit.db.read(scope).await?;
    let rules = sql::rules(&mut r).await?;
    let (days, index) = engine_days(asked, &rules);
    let owners = org::people_of_department(&mut r, None).await?;
    let (mut followed, mut apart, mut without_rule) = (vec![], vec![], 0);
    let mut people: Vec<Person> = vec![];
    for served in customers::served(&mut r, asked.department).await? {
        let Some(rule) = rule_of(&rules, &served).and_then(|f| rules.iter().position(|r| r.id == f.id))
        else {
            without_rule += 1;
            continue;
        };
        let owner = served.place.owner_id.and_then(|o| owners.iter().find(|p| p.id == o));
        match owner {
            None => apart.push((served, rule, "no_owner")),
            Some(_) if served.place.at.is_none() => apart.push((served, rule, "no_location")),
            Some(owner) => {
                let k = people.iter().position(|p| p.id == owner.id).unwrap_or_else(|| {
                    people.push(owner.clone());
                    people.len() - 1
                });
                followed.push((served, rule, k));
            }
        }
    }
    if followed.len() > MOST {
        return Err(Problem::new(TOO_MANY).with("most", MOST as i64).with("count", followed.len() as i64));
    }
    let (first, last) = match (days.first(), days.last()) {
        (Some(first), Some(last)) => (*first, *last),
        _ => return Err(Problem::new(problem::INVALID)),
    };
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
    let standing = sql::tasks(&mut r, first, last).await?;
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
    let to = asked.to();
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

    /// A visit that nobody had planned took place.
    pub fn was_made(&self, customer: Uuid, day: LocalDay) -> bool {
        self.made.iter().any(|v| v.customer_id == customer && v.day == day)
    }

    fn of(&self, day: LocalDay) -> Option<usize> {
        self.index.get(&day).copied()
    }

    /// The first day of the asked weeks, among the engine's.
    pub fn begin(&self) -> usize {
        self.of(self.asked.from).unwrap_or(0)
    }

    /// Places of the question: where people begin, then the customers followed, then those of other tasks.
    pub fn places(&self) -> Vec<LngLat> {
        let of_person = |k: usize| {
            let own = self.followed.iter().find(|f| f.2 == k).and_then(|f| f.0.place.at);
            self.terms[k].start.or(own)
        };
        let homes = (0..self.people.len()).filter_map(of_person);
        homes.chain(self.followed.iter().filter_map(|f| f.0.place.at)).collect()
    }

    /// The engine's question.
    pub fn problem(&self, table: &TravelTable) -> PeriodProblem {
        let cell = |a: usize, b: usize| {
            table.cells.get(a * table.size + b).copied().flatten().map_or(NO_WAY, |c| c.0)
        };
        let (begin, home) = (self.begin(), self.people.len());
        let reps: Vec<FieldRep> = (0..self.people.len()).map(|k| self.rep(k)).collect();
        let mut customers: Vec<Customer> = self
            .followed
            .iter()
            .enumerate()
            .map(|(k, f)| self.customer(home + k, f, &reps[f.2].away))
            .collect();
        // Other work takes its time too; it is not moved.
        for task in
            self.standing.iter().filter(|t| self.followed.iter().all(|f| f.0.place.id != t.customer_id))
        {
            let rep = self.people.iter().position(|p| p.id == task.employee_id);
            let day = self.of(task.day).filter(|d| *d >= begin);
            if let (Some(rep), Some(day), Counts::Yes) = (rep, day, self.counts(task)) {
                customers.push(Customer {
                    id: u64::MAX,
                    place: rep,
                    service_s: OTHER_VISIT_S,
                    rule: Rule::new(Engine::Week(0)),
                    reps: vec![rep],
                    last_visit_ago: None,
                    planned: vec![(day, rep)],
                    since: 0,
                    closed: vec![],
                });
            }
        }
        PeriodProblem {
            days: self.calendar_days(),
            reps,
            customers,
            durations: Matrix::from_fn(table.size, cell),
        }
    }

    fn rep(&self, k: usize) -> FieldRep {
        let mut lengths: Vec<i64> = self.hours[k].iter().flatten().map(|h| h.seconds).collect();
        lengths.sort_unstable();
        FieldRep {
            id: k as u64,
            home: k,
            day_s: lengths.get(lengths.len() / 2).copied().unwrap_or(8 * 3600),
            away: (0..self.days.len()).filter(|&d| self.hours[k][d].is_none()).collect(),
        }
    }

    fn customer(
        &self,
        place: usize,
        (served, rule, owner): &(Served, usize, usize),
        away: &[usize],
    ) -> Customer {
        let rule = &self.rules[*rule];
        let first = self.days[0];
        let held = self.of(rule.since).unwrap_or(if rule.since > first { self.days.len() } else { 0 });
        // What is due every so many days goes on from the last visit, not from days gone by.
        let since = if rule.terms.every == Every::Days { held.max(self.begin()) } else { held };
        let mut closed = away.to_vec();
        // Days on which nobody could come while he is open.
        let shut = |(d, hours): (usize, &Option<Hours>)| {
            let Window { from_minute, to_minute } = hours.as_ref()?.window;
            let work = (i64::from(from_minute) * 60, i64::from(to_minute) * 60);
            let open = opening::open_on(&served.place.hours, self.days[d]);
            opening::begins(work, &open, rule.terms.visit_minutes * 60).is_empty().then_some(d)
        };
        closed.extend(self.hours[*owner].iter().enumerate().filter_map(shut));
        let mut planned = vec![];
        for task in self.standing.iter().filter(|t| t.customer_id == served.place.id) {
            let Some(day) = self.of(task.day) else { continue };
            match self.counts(task) {
                Counts::Yes => planned.push((day, *owner)),
                Counts::No => closed.push(day),
            }
        }
        let made = self.made.iter().filter(|v| v.customer_id == served.place.id);
        planned.extend(made.filter_map(|v| self.of(v.day)).map(|day| (day, *owner)));
        planned.sort_unstable();
        planned.dedup();
        Customer {
            id: 0,
            place,
            service_s: rule.terms.visit_minutes * 60,
            rule: rule.terms.engine(),
            reps: vec![*owner],
            last_visit_ago: served
                .last_visit_day
                .filter(|d| *d < first)
                .and_then(|d| u32::try_from(days_between(d, first)).ok()),
            planned,
            since,
            closed,
        }
    }

    fn calendar_days(&self) -> Vec<CalendarDay> {
        let (begin, first) = (self.begin(), self.days[0]);
        let monday = first.plus_days(1 - i32::from(first.weekday()));
        let day = |(k, day): (usize, &LocalDay)| {
            let date = day.date();
            CalendarDay {
                weekday: self.calendar.as_ref().map_or(day.weekday(), |c| stands_for(c, *day)) - 1,
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

/// Whose travel times the plan was made by. Everybody's customers are reached as he gets about.
pub async fn travel(kit: &Kit, scope: &Scope, s: &Situation) -> (TravelTable, TravelSource) {
    let places = s.places();
    let whose: Vec<usize> = (0..s.people.len()).chain(s.followed.iter().map(|f| f.2)).collect();
    let modes: BTreeSet<Option<TravelMode>> = s.terms.iter().map(|t| t.travel).collect();
    let mut whole: Option<TravelTable> = None;
    for mode in modes {
        let table = kit.travel.near_table(scope, mode, places.clone()).await;
        let all = whole.get_or_insert_with(|| table.clone());
        for (k, cell) in table.cells.into_iter().enumerate() {
            // A way between two places is of whoever goes to the second.
            let own = whose.get(k % table.size).and_then(|p| s.terms.get(*p));
            if own.is_some_and(|t| t.travel == mode) {
                all.cells[k] = cell;
            }
        }
    }
    let table = match whole {
        Some(table) => table,
        None => kit.travel.near_table(scope, None, places).await,
    };
    let source = table.source.clone();
    (table, source)
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
