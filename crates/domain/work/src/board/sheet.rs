//! A draft with everything it names: people and their hours, tasks, skills. Read once, in the reach of whoever asks.

use std::collections::{BTreeSet, HashMap};

use api::Kit;
use base::{LocalDay, Micros, Problem, problem};
use customers::Grades;
use db::{Result, Scope};
use geo::LngLat;
use jiff::tz::TimeZone;
use org::{DayRules, DayTerms, DutyDay, Person};
use uuid::Uuid;

use super::{
    MOST_ROWS, MOST_TASKS, USUAL_DAY,
    http::DraftRow,
    timetable::{Limits, Shift, Stop},
    wish::{self, Wish},
};
use crate::{
    NOT_OPEN, STARTED, TaskStatus,
    model::{Window, from_json, point},
    opening,
    plans::{self, MAX_STOPS, USUAL_VISIT_S},
    tasks::{
        self, TaskMate,
        crew::{Crew, crews},
        sql::TaskRow,
    },
};

/// A draft, read.
pub(super) struct Sheet {
    pub day: LocalDay,
    pub zone: TimeZone,
    pub today: LocalDay,
    pub rows: Vec<Row>,
    /// Every task the draft names and every one that has begun, by id.
    pub tasks: HashMap<Uuid, TaskRow>,
    /// Those among them that do not exist yet.
    pub wishes: HashMap<Uuid, Wish>,
    /// Who makes the same work, of the tasks that several people make.
    pub crews: HashMap<Uuid, Crew>,
    /// Usual lengths of visits by grade, seconds.
    stays: HashMap<Option<String>, i64>,
    /// What the grades of customers weigh.
    pub grades: Grades,
}

/// One person's day in a draft.
pub(super) struct Row {
    pub person: Person,
    /// How his day begins and ends, and what it may hold.
    pub terms: DayTerms,
    pub hours: Hours,
    pub skills: BTreeSet<String>,
    /// Begun or done, in order: they stay in front.
    pub fixed: Vec<Uuid>,
    /// In the order of the draft.
    pub tasks: Vec<Uuid>,
}

impl Row {
    /// The shift with what his day may hold; where it ends is counted on from the places known.
    pub fn shift(&self, now: Option<i64>, points: &mut Vec<LngLat>) -> Shift {
        let end = self.terms.end.map(|p| {
            points.push(p);
            points.len() - 1
        });
        let limits = Limits { end, most_visits: self.terms.most_visits, most_m: self.terms.most_m };
        Shift { limits, ..self.hours.shift(now) }
    }
}

/// When somebody works on a day, in minutes after local midnight.
#[derive(Debug, Clone, Default)]
pub(super) struct Hours {
    /// Working time without leave and private trips.
    pub working: Vec<(i32, i32)>,
    pub leave: Vec<(i32, i32)>,
}

impl Hours {
    pub fn of(duty: &DutyDay, day: LocalDay, zone: &TimeZone) -> Hours {
        let (begin, end) = day.bounds(zone);
        let minute = |t: Micros| if t >= end { 1440 } else { t.max(begin).local_minute(zone) };
        let minutes = |d: &org::Duty| (minute(d.from), minute(d.to));
        let private: Vec<(i32, i32)> = duty.private.iter().map(minutes).collect();
        let free = duty.working.iter().map(minutes).flat_map(|w| without(w, &private)).collect();
        Hours { working: free, leave: duty.leave.iter().map(minutes).collect() }
    }

    /// `leave` or `rest` when nobody works.
    pub fn off(&self) -> Option<&'static str> {
        self.working.is_empty().then_some(if self.leave.is_empty() { "rest" } else { "leave" })
    }

    /// From the first to the last minute of work.
    pub fn span(&self) -> Window {
        let (from, to) = match (self.working.first(), self.working.last()) {
            (Some(first), Some(last)) => (first.0, last.1),
            _ => USUAL_DAY,
        };
        Window { from_minute: from, to_minute: to }
    }

    /// The shift as the timetable takes it; `now`: seconds after midnight when it is today.
    pub fn shift(&self, now: Option<i64>) -> Shift {
        let span = self.span();
        let (opens, closes) = (i64::from(span.from_minute) * 60, i64::from(span.to_minute) * 60);
        let pauses = self.working.windows(2).map(|w| (i64::from(w[0].1) * 60, i64::from(w[1].0) * 60));
        Shift {
            opens: now.map_or(opens, |n| n.max(opens)),
            closes,
            pauses: pauses.filter(|(a, b)| a < b).collect(),
            off: self.off().is_some(),
            limits: Limits::default(),
        }
    }
}

/// What remains of a stretch without others.
fn without(whole: (i32, i32), taken: &[(i32, i32)]) -> Vec<(i32, i32)> {
    taken.iter().fold(vec![whole], |rest, &(a, b)| {
        rest.into_iter().flat_map(|(x, y)| [(x, y.min(a)), (x.max(b), y)]).filter(|(x, y)| x < y).collect()
    })
}

/// Refuses a draft that is too large or names something twice.
pub(super) fn check(checks: &mut api::Checks, rows: &[DraftRow], pool: &[Uuid]) {
    if rows.len() > MOST_ROWS {
        checks.fault("rows", problem::TOO_LONG);
    }
    if rows.iter().map(|r| r.tasks.len()).sum::<usize>() + pool.len() > MOST_TASKS {
        checks.fault("rows", problem::TOO_LONG);
    }
    let (mut people, mut seen) = (BTreeSet::new(), BTreeSet::new());
    for (k, row) in rows.iter().enumerate() {
        if !people.insert(row.employee_id) {
            checks.fault(&format!("rows[{k}].employee_id"), problem::DUPLICATE_VALUE);
        }
        if row.tasks.len() > MAX_STOPS {
            checks.fault(&format!("rows[{k}].tasks"), problem::TOO_LONG);
        }
        for (n, task) in row.tasks.iter().enumerate() {
            if !seen.insert(*task) {
                checks.fault(&format!("rows[{k}].tasks[{n}]"), problem::DUPLICATE_VALUE);
            }
        }
    }
    for (n, task) in pool.iter().enumerate() {
        if !seen.insert(*task) {
            checks.fault(&format!("pool[{n}]"), problem::DUPLICATE_VALUE);
        }
    }
}

/// Was it skipped, or forgotten on a day that is over? Then it is made anew instead of moved.
pub(super) fn missed(task: &TaskRow, today: LocalDay) -> bool {
    task.kept() == TaskStatus::Skipped || (task.day < today && tasks::waits(task.kept()))
}

/// Has its person set out, or is he there, or was he?
pub(super) fn begun(task: &TaskRow) -> bool {
    plans::Stop::of(task).is_some_and(|s| s.fixed)
}

impl Sheet {
    /// Reads what a draft names.
    ///
    /// # Errors
    /// `not_found` for who or what lies outside the reach; `plan.task_started` for a task somebody else has begun;
    /// `task.not_open` for one that is over.
    pub async fn read(
        kit: &Kit,
        scope: &Scope,
        day: LocalDay,
        rows: &[DraftRow],
        more: &[Uuid],
    ) -> Result<Sheet> {
        // Before the reader is opened: whoever holds one must not ask for another.
        let stays = kit.travel.usual_stays(scope).await.into_iter().collect();
        let mut reader = kit.db.read(scope).await?;
        let q = &mut reader;
        let zone = org::zone(q).await?;
        let today = kit.now().local_day(&zone);
        let mut skills = org::skills(q).await?;
        let days = DayRules::read(q).await?;
        let of_day = tasks::sql::of_day(q, day).await?;
        let mut read = vec![];
        for row in rows {
            let person = org::person(q, row.employee_id).await?;
            let hours = Hours::of(&org::duty_day(q, person.id, day).await?, day, &zone);
            let own = of_day.iter().filter(|t| t.employee_id == person.id && begun(t));
            let fixed: Vec<Uuid> = own.map(|t| t.id).collect();
            let tasks = row.tasks.iter().copied().filter(|t| !fixed.contains(t)).collect();
            let skills = skills.remove(&person.id).unwrap_or_default();
            let terms = days.of(&person);
            read.push(Row { person, terms, hours, skills, fixed, tasks });
        }
        let mut tasks: HashMap<Uuid, TaskRow> = of_day.into_iter().map(|t| (t.id, t)).collect();
        let mut wishes = HashMap::new();
        let now = kit.now();
        let mut named: Vec<(Uuid, Option<Window>)> = vec![];
        for row in &read {
            named.extend(row.tasks.iter().map(|t| (*t, Some(row.hours.span()))));
        }
        named.extend(more.iter().map(|t| (*t, None)));
        for (id, span) in &named {
            if !tasks.contains_key(id) {
                let row = match tasks::sql::one(q, *id).await {
                    Err(p) if p.code == problem::NOT_FOUND => {
                        let mut wish = wish::find(q, *id, day, &zone, now).await?.ok_or(p)?;
                        if let Some(span) = span.filter(|_| wish.due().is_some()) {
                            (wish.row.from_minute, wish.row.to_minute) =
                                (span.from_minute.into(), span.to_minute.into());
                        }
                        let row = wish.row.clone();
                        wishes.insert(*id, wish);
                        row
                    }
                    row => row?,
                };
                tasks.insert(*id, row);
            }
            let task = tasks.get(id).ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
            if begun(task) {
                return Err(Problem::new(STARTED).with("customer", &task.customer_name));
            }
            if !tasks::waits(task.kept()) && !missed(task, today) {
                return Err(Problem::new(NOT_OPEN).with("customer", &task.customer_name));
            }
        }
        // Whoever has left gets nothing new; what he had can go to others.
        for row in &read {
            let own = |t: &Uuid| tasks.get(t).is_some_and(|t| t.employee_id == row.person.id);
            if row.person.status != "active" && !row.tasks.iter().all(own) {
                plans::worker(q, row.person.id).await?;
            }
        }
        let crews = crews(q, tasks.values()).await?;
        let grades = customers::grades(q).await?;
        Ok(Sheet { day, zone, today, rows: read, tasks, wishes, crews, stays, grades })
    }

    /// The rest of everybody's day begins here, not where it usually does or at what was done last; whoever is on his way
    /// or with a customer begins there. What is made already counts among what the day may hold: its visits, and the way
    /// over them to here.
    pub async fn begin_at(&mut self, kit: &Kit, scope: &Scope, at: LngLat) {
        for row in &mut self.rows {
            let under_way = |t: &&Uuid| {
                let kept = self.tasks.get(t).map(TaskRow::kept);
                matches!(kept, Some(TaskStatus::OnTheWay | TaskStatus::OnSite))
            };
            if row.fixed.iter().any(|t| under_way(&t)) {
                continue;
            }
            let made = std::mem::take(&mut row.fixed);
            row.terms.most_visits = row.terms.most_visits.map(|most| most.saturating_sub(made.len()));
            if let Some(most) = row.terms.most_m {
                let over = made.iter().filter_map(|t| self.tasks.get(t)).filter_map(|t| point(t.lng, t.lat));
                let points: Vec<LngLat> = row.terms.start.into_iter().chain(over).chain([at]).collect();
                let span = row.hours.span();
                let minutes = Some((span.from_minute, span.to_minute));
                let table = kit.travel.table(scope, row.terms.travel, points.clone(), minutes).await;
                let leg = |k: usize| table.cells.get((k - 1) * table.size + k).copied().flatten();
                let gone: i64 = (1..points.len()).filter_map(leg).map(|(_, meters)| meters).sum();
                row.terms.most_m = Some((most - gone).max(0));
            }
            row.terms.start = Some(at);
        }
    }

    /// Seconds after midnight, when the day is today.
    pub fn now(&self, now: Micros) -> Option<i64> {
        (self.day == self.today).then(|| i64::from(now.local_minute(&self.zone)) * 60)
    }

    /// Instant of a second after midnight.
    pub fn instant(&self, second: i64) -> Micros {
        let minute = i32::try_from(second / 60).unwrap_or(0);
        self.day.at_minute(minute, &self.zone).plus(second % 60 * Micros::SECOND)
    }

    pub fn task(&self, id: Uuid) -> Option<&TaskRow> {
        self.tasks.get(&id)
    }

    /// How long a visit is expected to last, seconds.
    pub fn service_s(&self, task: &TaskRow) -> i64 {
        let usual = self.stays.get(&task.grade).copied().unwrap_or(USUAL_VISIT_S);
        task.service_s.unwrap_or_else(|| usual.max(task.min_stay_s))
    }

    /// Skills a task asks for and a person does not have.
    pub fn lacking(&self, row: &Row, task: &TaskRow) -> Vec<String> {
        skills_of(task).into_iter().filter(|s| !row.skills.contains(s)).collect()
    }

    /// Is somebody never sent to the customer of a task?
    pub fn barred(&self, row: &Row, task: &TaskRow) -> bool {
        task.whom().bars(row.person.id)
    }

    /// Who makes the same work as a task and has not begun it.
    pub fn mates<'a>(&'a self, task: &'a TaskRow) -> impl Iterator<Item = &'a TaskMate> {
        let crew = task.crew_id.and_then(|id| self.crews.get(&id));
        crew.into_iter().flat_map(|c| c.beside(task.employee_id)).filter(|m| tasks::waits(m.status))
    }

    /// Do two tasks belong to the same work of several people?
    pub fn together(&self, a: &TaskRow, b: &TaskRow) -> bool {
        a.crew_id.is_some() && a.crew_id == b.crew_id
    }

    /// Second after midnight that was promised, when the task stays on its day.
    pub fn promised(&self, task: &TaskRow) -> Option<i64> {
        let at = task.promised_at.or(task.eta).filter(|_| task.locked && task.day == self.day)?;
        Some(self.second(at))
    }

    /// Seconds from midnight to an instant.
    pub fn second(&self, at: Micros) -> i64 {
        (at.0 - self.day.at_minute(0, &self.zone).0) / Micros::SECOND
    }

    /// The stops of a row with these tasks, their places counted on from `next`; and the places.
    pub fn stops(&self, tasks: impl Iterator<Item = Uuid>, next: &mut Vec<LngLat>) -> Vec<Stop> {
        tasks
            .filter_map(|id| self.task(id))
            .map(|task| {
                let at = point(task.lng, task.lat).map(|p| {
                    next.push(p);
                    next.len() - 1
                });
                Stop {
                    at,
                    service_s: self.service_s(task),
                    window: (task.from_minute * 60, task.to_minute * 60),
                    open: opening::open_on(&task.hours(), self.day),
                    promised: self.promised(task),
                    meet: self.expected(task),
                    fixed: begun(task),
                }
            })
            .collect()
    }
}

/// What a task asks of whoever makes it.
pub(super) fn skills_of(task: &TaskRow) -> Vec<String> {
    from_json(&task.skills).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_trips_cut_the_shift() {
        assert_eq!(without((540, 1020), &[(600, 660)]), [(540, 600), (660, 1020)]);
        assert_eq!(without((540, 1020), &[(500, 1100)]), []);
        assert_eq!(without((540, 1020), &[]), [(540, 1020)]);
    }

    #[test]
    fn gaps_of_the_shift_are_pauses() {
        let hours = Hours { working: vec![(540, 720), (780, 1080)], leave: vec![] };
        let shift = hours.shift(Some(10 * 3600));
        assert_eq!((shift.opens, shift.closes), (10 * 3600, 18 * 3600));
        assert_eq!(shift.pauses, [(720 * 60, 780 * 60)]);
        assert!(!shift.off && Hours::default().shift(None).off);
    }
}
