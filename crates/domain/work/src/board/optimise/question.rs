//! What the engine is asked: people's days as routes, tasks as visits. Days follow each other on one axis of time.

use std::collections::{BTreeSet, HashMap};

use api::{Kit, TravelMode, TravelTable};
use db::{Result as Stored, Scope};
use geo::LngLat;
use route::{
    Matrix,
    model::{Break, Problem, Profile, Rates, Rep, SkillRule, Visit, Weights},
};
use uuid::Uuid;

use super::{
    super::{
        PLANNED, PROMISE_S,
        sheet::{Row, Sheet, skills_of},
        timetable::{Shift, Stop, timetable},
        weight,
    },
    Ask, BoardLeftOut, Goal, Owners,
};
use crate::{
    frequency::{self, Spacing},
    opening,
    tasks::sql::TaskRow,
};

/// From one day to the next on the axis of the engine.
const DAY_S: i64 = 24 * 3600;
/// An urgent request weighs more than any other visit that waits, by its own priority (1 to 3).
const URGENT: i64 = 6;

/// A person's day as the engine sees it.
pub(super) struct Rider<'a> {
    /// Index of the day.
    pub day: usize,
    pub row: &'a Row,
    /// In seconds of that day.
    pub shift: Shift,
    pub start: Option<usize>,
    pub fixed: Vec<Stop>,
    /// Index among the reps; `None` for who does not work or whose day is over.
    pub rep: Option<usize>,
}

impl Rider<'_> {
    /// A day that is over keeps what it has.
    pub fn over(&self) -> bool {
        self.rep.is_none() && !self.shift.off
    }
}

/// Everything that was read, and how the engine names it.
pub(super) struct Question<'a> {
    pub ask: &'a Ask,
    pub riders: Vec<Rider<'a>>,
    /// Each task as a stop of each day.
    stops: HashMap<Uuid, Vec<Stop>>,
    /// What rules ask of the days of visits, where there are several.
    pub(super) spacing: Spacing,
    modes: Vec<Option<TravelMode>>,
    pub tables: Vec<TravelTable>,
    /// Tasks the engine is asked about, as it numbers them.
    pub asked: Vec<Uuid>,
    visits: Vec<Visit>,
    /// Those that cannot be asked about, and why.
    pub refused: Vec<BoardLeftOut>,
    named_skills: Vec<String>,
}

impl<'a> Question<'a> {
    pub async fn read(kit: &Kit, scope: &Scope, ask: &'a Ask) -> Stored<Question<'a>> {
        let spacing = spacing(kit, scope, ask).await?;
        let mut points: Vec<LngLat> = vec![];
        let mut riders: Vec<Rider> = vec![];
        let mut reps = 0;
        for (day, sheet) in ask.sheets.iter().enumerate() {
            let now = sheet.now(kit.now());
            for row in &sheet.rows {
                let start = row.terms.start.map(|p| {
                    points.push(p);
                    points.len() - 1
                });
                let shift = row.shift(now, &mut points);
                let fixed = sheet.stops(row.fixed.iter().copied(), &mut points);
                let works = !shift.off && shift.opens < shift.closes;
                let rep = works.then_some(reps);
                reps += usize::from(works);
                riders.push(Rider { day, row, shift, start, fixed, rep });
            }
        }
        let ids: Vec<Uuid> = riders.iter().flat_map(|r| &r.row.tasks).chain(&ask.pool).copied().collect();
        let stops = ids.iter().map(|id| (*id, stops_of(&ask.sheets, *id, &mut points))).collect();
        let spans = riders.iter().map(|r| r.row.hours.span());
        let hours = spans.fold((1440, 0), |(a, b), w| (a.min(w.from_minute), b.max(w.to_minute)));
        // One table for each way of getting about.
        let modes: BTreeSet<Option<TravelMode>> = riders.iter().map(|r| r.row.terms.travel).collect();
        let modes: Vec<Option<TravelMode>> = modes.into_iter().collect();
        let mut tables = vec![];
        for mode in &modes {
            let hours = Some(hours).filter(|(a, b)| a < b);
            tables.push(kit.travel.table(scope, *mode, points.clone(), hours).await);
        }
        let mut question = Question {
            ask,
            riders,
            stops,
            spacing,
            modes,
            tables,
            asked: vec![],
            visits: vec![],
            refused: vec![],
            named_skills: vec![],
        };
        question.ask_all(reps);
        Ok(question)
    }

    pub fn task(&self, id: Uuid) -> Option<&'a TaskRow> {
        self.ask.sheets.first().and_then(|s| s.task(id))
    }

    /// A task as a stop of a day.
    pub fn stop(&self, id: Uuid, day: usize) -> Option<&Stop> {
        self.stops.get(&id).and_then(|of| of.get(day))
    }

    fn profile(&self, rider: &Rider) -> usize {
        self.modes.iter().position(|m| *m == rider.row.terms.travel).unwrap_or(0)
    }

    /// Seconds and metres as somebody travels.
    pub fn by(&self, rider: &Rider) -> impl Fn(usize, usize) -> Option<(i64, i64)> {
        let table = self.tables.get(self.profile(rider));
        move |a: usize, b: usize| table.and_then(|t| t.cells.get(a * t.size + b).copied().flatten())
    }

    fn ask_all(&mut self, reps: usize) {
        let over = |r: &&Rider| !r.over();
        let rows = self.riders.iter().filter(over).flat_map(|r| &r.row.tasks);
        let ids: Vec<Uuid> = rows.chain(&self.ask.pool).copied().collect();
        for id in ids {
            match self.visit(id, reps) {
                Ok(visit) => {
                    self.visits.push(Visit { id: self.asked.len() as u64, ..visit });
                    self.asked.push(id);
                }
                Err(reason) => {
                    self.refused.push(BoardLeftOut { task_id: id, reason: reason.into(), employee_id: None });
                }
            }
        }
    }

    /// A task as the engine takes it, or why it cannot be made by anybody.
    fn visit(&mut self, id: Uuid, reps: usize) -> Result<Visit, &'static str> {
        let (Some(task), Some(stop)) = (self.task(id), self.stop(id, 0).cloned()) else {
            return Err("nobody");
        };
        let location = stop.at.ok_or("no_location")?;
        let wish = self.ask.sheets.iter().find_map(|s| s.wishes.get(&id));
        let holder = self.riders.iter().find(|r| r.row.tasks.contains(&id));
        let on_his_day = |r: &&Rider| r.row.person.id == task.employee_id && self.day(r) == task.day;
        let keeper = self.riders.iter().find(on_his_day).and_then(|r| r.rep);
        let together = self.is_together(task);
        let keeper = if together && !task.locked { holder.and_then(|h| h.rep) } else { keeper };
        if task.locked && keeper.is_none() {
            return Err("locked");
        }
        // Of what several people make together each keeps his; when they meet is what their rows say.
        if together && keeper.is_none() {
            return Err("crew");
        }
        let stays = task.locked || together;
        let of = |person: Uuid| -> Vec<usize> {
            self.riders.iter().filter(|r| r.row.person.id == person).filter_map(|r| r.rep).collect()
        };
        let whom = task.whom();
        let owner = task.owner_id.map(of);
        let wanted = whom.preferred_id.map(of).unwrap_or_default();
        let barred: Vec<usize> = whom.barred_ids.iter().copied().flat_map(of).collect();
        // Whom a dispatcher gave it to by hand, he has his reasons for; and a rule may leave it to a department.
        let anybody = wish.is_some_and(|w| w.anybody);
        let only = self.ask.owners == Owners::Only && holder.is_none() && !stays && !anybody;
        let mut may: Vec<usize> = match &owner {
            Some(owner) if only => owner.iter().chain(&wanted).copied().collect(),
            _ => (0..reps).collect(),
        };
        if only && owner.is_some() && may.is_empty() {
            return Err("owner");
        }
        may.retain(|r| !barred.contains(r));
        if may.is_empty() && reps > 0 && !stays {
            return Err("barred");
        }
        let days = self.days_of(task)?;
        may.retain(|rep| self.riders.iter().any(|r| r.rep == Some(*rep) && days.contains(&r.day)));
        let windows: Vec<(i64, i64)> = days
            .iter()
            .flat_map(|&d| {
                let stop = self.stop(id, d).unwrap_or(&stop);
                let mut own = windows(stop, stays);
                if let Some(at) = self.meeting(task).filter(|_| together) {
                    own = around(at, own);
                }
                own.into_iter().map(move |w| (w.0 + shift_of(d), w.1 + shift_of(d)))
            })
            .collect();
        if windows.is_empty() {
            return Err("closed");
        }
        let holds = holder.and_then(|h| h.rep);
        let unowned = self.ask.owners == Owners::Any;
        let preferred =
            if wanted.is_empty() { owner.filter(|_| !unowned).unwrap_or_default() } else { wanted };
        // Who was given it by hand keeps it, unless he is never to come.
        let by_hand = holds.is_some_and(|h| !barred.contains(&h) && !preferred.contains(&h));
        let rank = self.ask.sheets.first().and_then(|s| s.grades.rank(task.grade.as_deref()));
        let grade = weight(rank);
        let (service_s, held) = (stop.service_s, holder.is_some());
        let skills = skills_of(task).into_iter().map(|s| self.skill(s)).collect();
        Ok(Visit {
            location,
            service_s,
            windows,
            skills: SkillRule { all: skills, ..SkillRule::default() },
            priority: match wish.and_then(|w| w.urgent()) {
                _ if held => PLANNED + grade,
                Some(urgent) => URGENT + urgent.priority,
                None => grade,
            },
            must: stays,
            allowed: if stays {
                Some(keeper.into_iter().collect())
            } else {
                (may.len() < reps).then_some(may)
            },
            preferred: if by_hand { vec![] } else { preferred },
            last: holds,
            ..Visit::default()
        })
    }

    fn day(&self, rider: &Rider) -> base::LocalDay {
        self.ask.sheets[rider.day].day
    }

    /// Is it asked about, on a row or in the pool?
    pub(super) fn is_named(&self, task: Uuid) -> bool {
        self.stops.contains_key(&task)
    }

    fn skill(&mut self, name: String) -> u32 {
        let known = self.named_skills.iter().position(|n| *n == name);
        known.unwrap_or_else(|| {
            self.named_skills.push(name);
            self.named_skills.len() - 1
        }) as u32
    }

    /// The engine's question, and the rows as they are to begin from.
    pub fn problem(&self) -> (Problem, Vec<Vec<usize>>) {
        let goal = self.ask.goal;
        let rates = match goal {
            Goal::Distance => Rates { fixed: 0, per_hour: 0, per_km: 1_000, per_task_hour: 0 },
            Goal::Time | Goal::Balanced => Rates::default(),
        };
        let moved = if goal == Goal::Distance { 200 } else { 60 };
        let balance = if goal == Goal::Balanced { 2 * 3_600 } else { 0 };
        let working = || self.riders.iter().filter(|r| r.rep.is_some());
        let index: HashMap<Uuid, usize> = self.asked.iter().enumerate().map(|(k, id)| (*id, k)).collect();
        let begin = working().map(|r| r.row.tasks.iter().filter_map(|t| index.get(t).copied()).collect());
        let begin = begin.collect();
        let problem = Problem {
            profiles: self.tables.iter().map(of_table).collect(),
            visits: self.visits.clone(),
            reps: working().map(|r| self.rep(r, rates)).collect(),
            weights: Weights { moved, balance, not_preferred: goal.of_another(), ..Weights::default() },
        };
        (problem, begin)
    }

    fn rep(&self, r: &Rider, rates: Rates) -> Rep {
        let on = |(a, b): (i64, i64)| (a + shift_of(r.day), b + shift_of(r.day));
        let known = |skill: &String| self.named_skills.iter().position(|n| n == skill).map(|n| n as u32);
        let pauses = r.shift.pauses.iter().filter(|(a, _)| *a > r.shift.opens).map(|p| on(*p));
        Rep {
            profile: self.profile(r),
            end: r.shift.limits.end,
            max_tasks: r.shift.limits.most_visits.map(|most| most.saturating_sub(r.fixed.len())),
            max_distance_m: r
                .shift
                .limits
                .most_m
                .map(|most| (most - timetable(&r.shift, r.start, &r.fixed, self.by(r)).meters).max(0)),
            start: r.fixed.iter().rev().find_map(|s| s.at).or(r.start),
            shift: on((r.shift.opens, r.shift.closes)),
            breaks: pauses.map(|(a, b)| Break { service_s: b - a, windows: vec![(a, a)] }).collect(),
            skills: r.row.skills.iter().filter_map(known).collect(),
            rates,
            ..Rep::default()
        }
    }
}

/// What rules ask of the days of the customers asked about; nothing where a visit has no day to change to.
async fn spacing(kit: &Kit, scope: &Scope, ask: &Ask) -> Stored<Spacing> {
    let days = || ask.sheets.iter().map(|s| s.day);
    let (Some(from), Some(to), true) = (days().min(), days().max(), ask.sheets.len() > 1) else {
        return Ok(Spacing::default());
    };
    let named = ask.sheets.iter().flat_map(|s| &s.rows).flat_map(|r| &r.tasks).chain(&ask.pool);
    let customers = named.filter_map(|id| ask.sheets[0].task(*id)).map(|t| t.customer_id).collect();
    let mut reader = kit.db.read(scope).await?;
    frequency::spacing(&mut reader, &customers, (from, to), kit.now()).await
}

fn shift_of(day: usize) -> i64 {
    day as i64 * DAY_S
}

/// A task as a stop of each day; its place is counted on once.
fn stops_of(sheets: &[Sheet], id: Uuid, points: &mut Vec<LngLat>) -> Vec<Stop> {
    let mut all: Vec<Stop> = vec![];
    for sheet in sheets {
        let mut aside = vec![];
        let at = all.first().map(|first| first.at);
        let places = if at.is_some() { &mut aside } else { &mut *points };
        let Some(stop) = sheet.stops(std::iter::once(id), places).pop() else { continue };
        all.push(Stop { at: at.unwrap_or(stop.at), ..stop });
    }
    all
}

/// When those who make it together may begin: so near to a moment that they are not further apart than a promise may be off.
fn around(at: i64, own: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    let (from, to) = (at - PROMISE_S / 2, at + PROMISE_S / 2);
    let within: Vec<(i64, i64)> =
        own.into_iter().map(|w| (w.0.max(from), w.1.min(to))).filter(|w| w.0 <= w.1).collect();
    if within.is_empty() { vec![(from, to)] } else { within }
}

/// When the visit may begin on a day; what is promised is kept, whatever the door says.
fn windows(stop: &Stop, locked: bool) -> Vec<(i64, i64)> {
    let (mut from, mut to) = stop.window;
    if to <= from.max(0) {
        // What should have begun on an earlier day has no window left: any time is late.
        (from, to) = (0, DAY_S);
    }
    if let Some(promised) = stop.promised {
        (from, to) = (from.max(promised - PROMISE_S), to.min(promised + PROMISE_S).max(from));
        to = to.max(from);
    }
    let open = opening::begins((from, to), &stop.open, stop.service_s);
    if open.is_empty() && locked { vec![(from, to)] } else { open }
}

/// A table as the engine takes it.
fn of_table(table: &TravelTable) -> Profile {
    let cell = |a: usize, b: usize| table.cells.get(a * table.size + b).copied().flatten();
    Profile {
        durations: Matrix::from_fn(table.size, |a, b| cell(a, b).map_or(-1, |c| c.0)),
        distances: Matrix::from_fn(table.size, |a, b| cell(a, b).map_or(-1, |c| c.1)),
        costs: None,
    }
}
