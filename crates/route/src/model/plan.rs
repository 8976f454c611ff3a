//! A plan: who goes where when, what was left out and why.

use super::score::{Travel, late_windows, route_cost, seconds};
use super::{Floor, Problem, Rep, Score};
use crate::schedule::{Schedule, Task, late_by};
use crate::windows::{Window, owed};

/// A visit with its times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlannedVisit {
    /// Index into the visits of the problem.
    pub visit: usize,
    pub arrival: i64,
    /// Of the setup, after any waiting.
    pub begin: i64,
    /// Seconds of setup, 0 at the place one is already at.
    pub setup_s: i64,
    pub departure: i64,
    /// Seconds after the window closed.
    pub late_s: i64,
}

/// The day of one rep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedRoute {
    /// Index into the reps of the problem.
    pub rep: usize,
    pub departure: i64,
    pub visits: Vec<PlannedVisit>,
    /// (number of visits before it is taken, begin, end)
    pub breaks: Vec<(usize, i64, i64)>,
    pub finish: i64,
    pub travel_s: i64,
    pub distance_m: i64,
    /// In 1/36 000 of a unit, wishes included.
    pub cost: i64,
    /// Limits of the rep that what is promised exceeds by itself.
    pub over: Vec<Excess>,
}

/// A limit of a rep that is exceeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excess {
    Tasks,
    Travel,
    Distance,
}

/// A visit nobody makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    pub visit: usize,
    /// The first rule that stands against it with the rep for whom it came nearest.
    pub cause: Cause,
    /// The same for every rep.
    pub by_rep: Vec<Cause>,
}

/// Why a rep does not make a visit, from the least to the most nearly possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// No reps at all.
    Nobody,
    /// The rep may not make it.
    NotAllowed,
    /// A skill is missing, or one is unwanted.
    Skill,
    /// No way leads there.
    NoWay,
    /// The load is too large even alone.
    Load,
    /// Even as the only visit it comes after the window.
    Window,
    /// Even as the only visit it outlasts the shift or leaves no room for a break.
    Shift,
    /// Even as the only visit it is too far for the limit of time or distance.
    Travel,
    /// The rep may make no more visits.
    MaxTasks,
    /// The load does not fit beside the others.
    FullLoad,
    /// The limit of time or distance does not allow it beside the others.
    FullTravel,
    /// It does not fit the time beside visits that are worth more.
    Outbid,
}

/// The answer to a [`Problem`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Working reps only, by index.
    pub routes: Vec<PlannedRoute>,
    pub left_out: Vec<LeftOut>,
    pub score: Score,
    /// Nothing better exists.
    pub proven_optimal: bool,
    /// No plan that makes the same visits costs less than this, in 1/36 000 of a unit; of a proven one, none that makes
    /// as much as punctually.
    pub bound: Option<i64>,
    /// Why, where it is not the proof of one person's day.
    pub floor: Option<Floor>,
    /// Steps of the search that found it, 0 when it was solved exactly.
    pub steps: u64,
}

impl Plan {
    /// How much of the cost the best plan for the same visits could save at most, in thousandths of the cost, rounded up:
    /// 231 of a cost of 130 over a bound of 100.
    pub fn gap_permille(&self) -> Option<i64> {
        let (bound, cost) = (self.bound?.max(0), self.score.cost);
        match cost {
            0 => Some(0),
            _ => Some(((cost - bound) * 1_000 + cost - 1) / cost),
        }
    }
}

impl PlannedRoute {
    /// The timetable of a rep's visits; `None` when they cannot be made in this order.
    pub(crate) fn of(problem: &Problem, rep: usize, visits: &[usize]) -> Option<PlannedRoute> {
        let person = &problem.reps[rep];
        let mut tasks = Vec::with_capacity(visits.len() + 1);
        let mut setups = Vec::with_capacity(visits.len());
        let mut here = person.start;
        for (position, &v) in visits.iter().enumerate() {
            let visit = &problem.visits[v];
            let setup = if here == Some(visit.location) { 0 } else { visit.setup_s };
            let windows = if person.committed.get(position) == Some(&v) {
                committed_windows(problem, v)
            } else {
                late_windows(&visit.windows, visit.lateness_allowed_s)
            };
            tasks.push(Task {
                drive: here.map_or(0, |h| seconds(problem, person, h, visit.location)),
                windows: windows.iter().map(|w| w.0).collect(),
                punctual: windows.iter().map(|w| w.1).collect(),
                work: setup + visit.service_s,
            });
            setups.push(setup);
            here = Some(visit.location);
        }
        let home = here.zip(person.end).map_or(0, |(h, e)| seconds(problem, person, h, e));
        tasks.push(Task { drive: home, ..Task::default() });
        let schedule = Schedule::of(&tasks, &owed(&person.breaks, person.shift), person.shift)?;
        let travel = Travel::of(problem, rep, visits);
        let planned = visits.iter().enumerate().map(|(k, &visit)| {
            let begin = schedule.begins[k];
            PlannedVisit {
                visit,
                arrival: schedule.arrivals[k],
                begin,
                setup_s: setups[k],
                departure: begin + tasks[k].work,
                late_s: late_by(&tasks[k], begin),
            }
        });
        Some(PlannedRoute {
            rep,
            departure: schedule.departure,
            visits: planned.collect(),
            breaks: schedule.breaks.clone(),
            finish: schedule.arrivals[visits.len()],
            travel_s: travel.seconds,
            distance_m: travel.metres,
            cost: route_cost(problem, rep, visits, &travel),
            over: exceeded(person, visits.len(), &travel),
        })
    }
}

/// Limits of a rep that so many visits and so much way exceed.
fn exceeded(rep: &Rep, visits: usize, travel: &Travel) -> Vec<Excess> {
    let of = |excess, over: bool| over.then_some(excess);
    [
        of(Excess::Tasks, rep.max_tasks.is_some_and(|m| visits > m)),
        of(Excess::Travel, rep.max_travel_s.is_some_and(|m| travel.seconds > m)),
        of(Excess::Distance, rep.max_distance_m.is_some_and(|m| travel.metres > m)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A committed visit is made whatever its window says; being late is counted.
pub(crate) fn committed_windows(problem: &Problem, visit: usize) -> Vec<(Window, i64)> {
    let windows = crate::windows::sorted(&problem.visits[visit].windows);
    let Some(last) = windows.len().checked_sub(1) else { return vec![] };
    let open = |k: usize| if k == last { i64::MAX / 8 } else { windows[k + 1].0 - 1 };
    windows.iter().enumerate().map(|(k, w)| ((w.0, open(k)), w.1)).collect()
}
