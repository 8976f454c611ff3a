//! The check of an answer, apart from the search that found it.
//!
//! First the timetable is replayed against every rule. Then, when the answer claims to be optimal, all days
//! are enumerated that the multipliers of the certificate cannot exclude. Any multipliers give a valid bound,
//! so nothing in the certificate has to be trusted; good ones only make the check short.

use super::{DayProblem, DayRoute, Objective, Stop};
use crate::windows::{Break, Window, arrival, opening, owed, sorted};
use std::collections::BTreeMap;

/// What makes a claim of optimality quick to check.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Certificate {
    /// Reward for serving a stop in thousandths of the objective, one per stop of the problem; those missing
    /// are 0.
    pub multipliers: Vec<i64>,
}

/// What is wrong with an answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    #[error("the stops served and left out are not the stops of the problem")]
    Stops,
    #[error("the timetable breaks a rule at position {0} of the order")]
    Timetable(usize),
    #[error("stop {0} is locked to another position")]
    Locked(usize),
    #[error("a break is missing or outside its windows")]
    Break,
    #[error("distance or travel time do not add up")]
    Sums,
    #[error("there are more stops than allowed, or the way is too long")]
    Limit,
    #[error("the bound lies above the value reached, or below what is claimed as proven")]
    Bound,
    #[error("a day with more worth or a smaller objective ({better}) exists")]
    NotOptimal { better: i64 },
    #[error("the proof needs more than {0} states to check")]
    TooLong(usize),
}

/// States the enumeration may visit.
const STATES: usize = 4_000_000;

/// Replays the timetable and, for a proven answer, the proof.
///
/// # Errors
/// The first flaw found.
pub fn check_certificate(problem: &DayProblem, route: &DayRoute) -> Result<(), Flaw> {
    stops(problem, route)?;
    timetable(problem, route)?;
    let value = route.value(problem);
    if route.bound > value || (route.proven_optimal && route.bound != value) {
        return Err(Flaw::Bound);
    }
    if !route.proven_optimal {
        return Ok(());
    }
    let proof = Proof::new(problem, route);
    if proof.stops.len() > 64 { Err(Flaw::TooLong(STATES)) } else { proof.run(route) }
}

fn stops(problem: &DayProblem, route: &DayRoute) -> Result<(), Flaw> {
    let mut all: Vec<usize> =
        route.order.iter().copied().chain(route.unserved.iter().map(|u| u.stop)).collect();
    all.sort_unstable();
    let n = route.order.len();
    let lengths = [route.arrivals.len(), route.departures.len(), route.waiting.len()];
    if all != (0..problem.stops.len()).collect::<Vec<_>>() || lengths != [n; 3] {
        return Err(Flaw::Stops);
    }
    for (position, &i) in route.order.iter().enumerate() {
        if problem.stops[i].locked.is_some_and(|p| p != position) {
            return Err(Flaw::Locked(i));
        }
    }
    Ok(())
}

fn timetable(problem: &DayProblem, route: &DayRoute) -> Result<(), Flaw> {
    if route.order.is_empty() {
        // Nobody leaves, so no drive and no break is owed.
        let idle = route.breaks.is_empty() && (route.distance_m, route.travel_s) == (0, 0);
        return if idle { Ok(()) } else { Err(Flaw::Sums) };
    }
    let breaks = owed(&problem.breaks, problem.shift);
    if breaks.len() != route.breaks.len() {
        return Err(Flaw::Break);
    }
    let (mut left, mut here) = (route.departure, problem.start);
    let (mut metres, mut seconds, mut late) = (0, 0, 0);
    let mut used = vec![0; problem.limits.len()];
    if left < problem.shift.0 {
        return Err(Flaw::Timetable(0));
    }
    let mut taken = route.breaks.iter().zip(&breaks).peekable();
    for k in 0..=route.order.len() {
        let stop = route.order.get(k).map(|&i| &problem.stops[i]);
        let to = stop.map_or(problem.end, |s| Some(s.location));
        let (mut free, mut paused) = (left, 0);
        let arrived = route.arrivals.get(k).copied().unwrap_or(route.finish);
        while let Some((taken, rule)) = taken.next_if(|(t, _)| t.before == k) {
            if taken.begin < free
                || opening(&rule.windows, taken.begin) != Some(taken.begin)
                || taken.end != taken.begin + rule.service_s
                || taken.end > arrived
            {
                return Err(Flaw::Break);
            }
            free = taken.end;
            paused += rule.service_s;
        }
        let drive = match (here, to) {
            (Some(a), Some(b)) => {
                metres += problem.distances[(a, b)];
                used.iter_mut().zip(&problem.limits).for_each(|(used, limit)| *used += limit.of[(a, b)]);
                problem.durations[(a, b)]
            }
            _ => 0,
        };
        seconds += drive;
        if drive < 0 || arrived < left + drive + paused {
            return Err(Flaw::Timetable(k));
        }
        if let Some(stop) = stop {
            let begin = arrived + route.waiting[k];
            left = route.departures[k];
            late += stop.punctual().map_or(0, |until| (begin - until).max(0));
            if route.waiting[k] < 0
                || opening(&sorted(&stop.windows), begin) != Some(begin)
                || left != begin + stop.service_s
            {
                return Err(Flaw::Timetable(k));
            }
            here = to;
        }
    }
    if taken.next().is_some() {
        return Err(Flaw::Break);
    }
    if route.finish > problem.shift.1 {
        return Err(Flaw::Timetable(route.order.len()));
    }
    if (metres, seconds, late) != (route.distance_m, route.travel_s, route.lateness_s) {
        return Err(Flaw::Sums);
    }
    let within = used.iter().zip(&problem.limits).all(|(used, limit)| *used <= limit.most);
    if !within || problem.most_stops.is_some_and(|most| route.order.len() > most) {
        return Err(Flaw::Limit);
    }
    Ok(())
}

/// Served set, last stop, breaks taken.
type State = (u64, usize, usize);

/// What a day has come to: seconds late, objective, clock, and what is used of the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Point {
    late: i64,
    cost: i64,
    time: i64,
    used: [i64; 2],
}

struct Proof<'a> {
    problem: &'a DayProblem,
    stops: Vec<usize>,
    windows: Vec<Vec<Window>>,
    breaks: Vec<Break>,
    multipliers: Vec<i64>,
    /// Relaxed completions `[remaining][from]`: best, its first stop, best with another first stop.
    rest: Vec<Vec<(i64, usize, i64)>>,
}

const UNKNOWN: i64 = i64::MAX / 4;

impl<'a> Proof<'a> {
    fn new(problem: &'a DayProblem, route: &DayRoute) -> Proof<'a> {
        let stops = servable(problem);
        let given = &route.certificate.multipliers;
        let mut proof = Proof {
            problem,
            windows: stops.iter().map(|&i| sorted(&problem.stops[i].windows)).collect(),
            breaks: owed(&problem.breaks, problem.shift),
            multipliers: stops.iter().map(|&i| given.get(i).copied().unwrap_or(0)).collect(),
            rest: vec![],
            stops,
        };
        proof.relax();
        proof
    }

    fn place(&self, k: usize) -> Option<usize> {
        self.stops.get(k).map_or(self.problem.start, |&i| Some(self.problem.stops[i].location))
    }

    fn stop(&self, k: usize) -> &Stop {
        &self.problem.stops[self.stops[k]]
    }

    /// What is used after a leg, unless it is too much.
    fn used(&self, mut used: [i64; 2], from: usize, to: Option<usize>) -> Option<[i64; 2]> {
        for (used, limit) in used.iter_mut().zip(&self.problem.limits) {
            *used += self.place(from).zip(to).map_or(0, |(a, b)| limit.of[(a, b)]);
            if *used > limit.most {
                return None;
            }
        }
        Some(used)
    }

    fn drive(&self, from: usize, to: Option<usize>) -> Option<i64> {
        drive(self.problem, self.place(from), to)
    }

    /// Cost of a leg apart from waiting.
    fn cost(&self, from: usize, to: usize) -> Option<i64> {
        let seconds = self.drive(from, self.place(to))?;
        Some(match self.problem.objective {
            Objective::LeastDistance => self.metres(from, self.place(to)) + self.stop(to).toll,
            Objective::LeastTime => seconds + self.stop(to).toll,
            Objective::EarliestFinish => seconds + self.problem.stops[self.stops[to]].service_s,
        })
    }

    fn metres(&self, from: usize, to: Option<usize>) -> i64 {
        self.place(from).zip(to).map_or(0, |(a, b)| self.problem.distances[(a, b)])
    }

    fn cost_end(&self, from: usize) -> Option<i64> {
        let seconds = self.drive(from, self.problem.end)?;
        let metres = self.metres(from, self.problem.end);
        Some(if self.problem.objective == Objective::LeastDistance { metres } else { seconds })
    }

    fn relax(&mut self) {
        let n = self.stops.len();
        let ends = (0..=n).map(|i| self.cost_end(i).map_or(UNKNOWN, |c| c * 1_000));
        self.rest.push(ends.map(|c| (c, n, c)).collect());
        for remaining in 1..=n {
            let shorter = &self.rest[remaining - 1];
            let row = (0..=n)
                .map(|i| {
                    let mut found = (UNKNOWN, n, UNKNOWN);
                    for j in (0..n).filter(|&j| j != i) {
                        let Some(cost) = self.cost(i, j) else { continue };
                        let tail = if shorter[j].1 == i { shorter[j].2 } else { shorter[j].0 };
                        let total = (cost * 1_000 - self.multipliers[j]).saturating_add(tail).min(UNKNOWN);
                        if total < found.0 {
                            found = (total, j, found.0);
                        } else {
                            found.2 = found.2.min(total);
                        }
                    }
                    found
                })
                .collect();
            self.rest.push(row);
        }
    }

    fn worth(&self, k: usize) -> (i64, i64, i64) {
        let stop = &self.problem.stops[self.stops[k]];
        (i64::from(stop.locked.is_some()), stop.priority.clamp(0, 1_000_000), 1)
    }

    fn run(&self, route: &DayRoute) -> Result<(), Flaw> {
        let n = self.stops.len();
        let served =
            |set: u64| (0..n).filter(|&k| set >> k & 1 == 1).map(|k| self.worth(k)).fold((0, 0, 0), add);
        let index = |i: &usize| self.stops.iter().position(|s| s == i);
        let claim = route.order.iter().filter_map(index).map(|k| self.worth(k)).fold((0, 0, 0), add);
        let value = (route.lateness_s, route.value(self.problem));
        let mut level: BTreeMap<State, Vec<Point>> = BTreeMap::new();
        level.insert((0, n, 0), vec![Point { late: 0, cost: 0, time: self.problem.shift.0, used: [0; 2] }]);
        let mut states = 0;
        for count in 0..self.problem.most_stops.unwrap_or(n).min(n) {
            let mut next: BTreeMap<State, Vec<Point>> = BTreeMap::new();
            for (&(set, last, taken), front) in &level {
                for &from in front {
                    for j in (0..n).filter(|&j| set >> j & 1 == 0) {
                        if self.problem.stops[self.stops[j]].locked.is_some_and(|p| p != count) {
                            continue;
                        }
                        for after in taken..=self.breaks.len() {
                            let Some(point) = self.step(from, last, j, taken, after) else { continue };
                            let grown = set | 1 << j;
                            let better = |c: i64| {
                                served(grown) > claim || (served(grown) == claim && (point.late, c) < value)
                            };
                            if let Some(c) = self.close(point, j, after).filter(|&c| better(c)) {
                                return Err(Flaw::NotOptimal { better: c });
                            }
                            let (most, least) = self.promise(grown, j, point, count + 1);
                            let most = add(served(grown), most);
                            if most < claim || (most == claim && (point.late, least) >= value) {
                                continue;
                            }
                            states += 1;
                            keep(next.entry((grown, j, after)).or_default(), point);
                        }
                    }
                }
                if states > STATES {
                    return Err(Flaw::TooLong(STATES));
                }
            }
            level = next;
        }
        Ok(())
    }

    fn step(&self, point: Point, from: usize, to: usize, taken: usize, after: usize) -> Option<Point> {
        let drive = self.drive(from, self.place(to))?;
        let begin = opening(&self.windows[to], arrival(point.time, drive, &self.breaks[taken..after])?)?;
        let time = begin + self.stop(to).service_s;
        let late = self.stop(to).punctual().map_or(0, |until| (begin - until).max(0));
        let cost = match self.problem.objective {
            Objective::EarliestFinish => time - self.problem.shift.0,
            _ => point.cost + self.cost(from, to)?,
        };
        let used = self.used(point.used, from, self.place(to))?;
        (time <= self.problem.shift.1).then_some(Point { late: point.late + late, cost, time, used })
    }

    /// Value of the day when it ends here.
    fn close(&self, point: Point, last: usize, taken: usize) -> Option<i64> {
        self.used(point.used, last, self.problem.end)?;
        let finish = arrival(point.time, self.drive(last, self.problem.end)?, &self.breaks[taken..])?;
        (finish <= self.problem.shift.1).then_some(())?;
        match self.problem.objective {
            Objective::EarliestFinish => Some(finish - self.problem.shift.0),
            _ => Some(point.cost + self.cost_end(last)?),
        }
    }

    /// Most worth still to come, and the least value of a day that gains it.
    fn promise(&self, set: u64, last: usize, point: Point, count: usize) -> ((i64, i64, i64), i64) {
        let n = self.stops.len();
        let Point { cost, time, .. } = point;
        let open = |k: &usize| {
            let locked_out = self.problem.stops[self.stops[*k]].locked.is_some_and(|p| p < count);
            set >> k & 1 == 0 && !locked_out && self.windows[*k].last().is_none_or(|w| time <= w.1)
        };
        let mut worths: Vec<(i64, i64, i64)> = (0..n).filter(open).map(|k| self.worth(k)).collect();
        let slots = self.problem.most_stops.unwrap_or(n).saturating_sub(count);
        if slots < worths.len() {
            worths.sort_unstable_by(|a, b| b.cmp(a));
            worths.truncate(slots);
        }
        let most = worths.iter().copied().fold((0, 0, 0), add);
        if worths.len() + count < n {
            return (most, cost);
        }
        let paid: i64 = (0..n).filter(|&k| set >> k & 1 == 0).map(|k| self.multipliers[k]).sum();
        let (best, next, other) = self.rest[n - count][last];
        let rest = if next < n && set >> next & 1 == 1 { other } else { best };
        (most, (cost * 1_000 + paid).saturating_add(rest).div_euclid(1_000))
    }
}

/// Seconds between two places; `None` when there is no way.
fn drive(problem: &DayProblem, from: Option<usize>, to: Option<usize>) -> Option<i64> {
    let (Some(a), Some(b)) = (from, to) else { return Some(0) };
    Some(problem.durations[(a, b)]).filter(|s| (0..1 << 40).contains(s))
}

/// The stops that could be reached in time by the quickest detours, if nothing else were to be done.
fn servable(problem: &DayProblem) -> Vec<usize> {
    let size = problem.durations.size().min(problem.distances.size());
    if problem.start.into_iter().chain(problem.end).any(|p| p >= size) {
        return vec![];
    }
    let all: Vec<usize> = (0..problem.stops.len()).filter(|&i| problem.stops[i].location < size).collect();
    let place = |i: usize| Some(problem.stops[i].location);
    let from_start = |i: &usize| drive(problem, problem.start, place(*i)).unwrap_or(UNKNOWN);
    let mut there: Vec<i64> = all.iter().map(from_start).collect();
    for _ in 0..all.len() {
        for (b, &j) in all.iter().enumerate() {
            for (a, &i) in all.iter().enumerate() {
                let onward = drive(problem, place(i), place(j)).unwrap_or(UNKNOWN);
                there[b] = there[b].min(there[a].saturating_add(onward));
            }
        }
    }
    let in_time = |&(k, &i): &(usize, &usize)| {
        let stop = &problem.stops[i];
        let begin = opening(&sorted(&stop.windows), problem.shift.0.saturating_add(there[k]));
        begin.is_some_and(|b| b.saturating_add(stop.service_s) <= problem.shift.1)
    };
    all.iter().enumerate().filter(in_time).map(|(_, &i)| i).collect()
}

fn add(a: (i64, i64, i64), b: (i64, i64, i64)) -> (i64, i64, i64) {
    (a.0 + b.0, a.1 + b.1, a.2 + b.2)
}

/// Adds a point to a Pareto front.
fn keep(front: &mut Vec<Point>, point: Point) {
    let beats = |a: &Point, b: &Point| {
        (a.late, a.cost) <= (b.late, b.cost) && a.time <= b.time && (0..2).all(|k| a.used[k] <= b.used[k])
    };
    if !front.iter().any(|p| beats(p, &point)) {
        front.retain(|p| !beats(&point, p));
        front.push(point);
    }
}
