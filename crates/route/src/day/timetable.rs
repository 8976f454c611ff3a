//! A given order as a timetable: earliest times, breaks where they cost least, leaving as late as is free.

use super::instance::{NO_WAY, drive};
use super::{BreakTaken, DayProblem};
use crate::windows::{Break, opening, owed, sorted};

#[derive(Default)]
pub(crate) struct Timetable {
    pub departure: i64,
    pub arrivals: Vec<i64>,
    pub departures: Vec<i64>,
    pub waiting: Vec<i64>,
    pub breaks: Vec<BreakTaken>,
    pub finish: i64,
    pub distance_m: i64,
    pub travel_s: i64,
}

impl Timetable {
    /// `None` when the order cannot be kept. An empty order is an empty day.
    pub fn of(problem: &DayProblem, order: &[usize]) -> Option<Timetable> {
        let breaks = owed(&problem.breaks, problem.shift);
        if order.is_empty() {
            return Some(Timetable {
                departure: problem.shift.0,
                finish: problem.shift.0,
                ..Timetable::default()
            });
        }
        let legs = legs(problem, order)?;
        let finish = |start: i64| earliest(problem, order, &legs, &breaks, start);
        let (best, _) = finish(problem.shift.0)?;
        // Finish is non-decreasing in the departure, so the latest departure with the same finish is found
        // by halving.
        let (mut free, mut dear) = (problem.shift.0, problem.shift.1 + 1);
        while dear - free > 1 {
            let middle = free + (dear - free) / 2;
            if finish(middle).is_some_and(|(f, _)| f <= best) { free = middle } else { dear = middle }
        }
        let (_, splits) = finish(free)?;
        Some(write(problem, order, &legs, &breaks, free, &splits))
    }
}

/// Seconds of every leg, start and end included.
fn legs(problem: &DayProblem, order: &[usize]) -> Option<Vec<i64>> {
    let places: Vec<Option<usize>> = std::iter::once(problem.start)
        .chain(order.iter().map(|&i| Some(problem.stops[i].location)))
        .chain([problem.end])
        .collect();
    let legs: Vec<i64> = places.windows(2).map(|p| drive(problem, p[0], p[1])).collect();
    legs.iter().all(|&s| s < NO_WAY).then_some(legs)
}

/// Earliest finish when leaving at `start`, and how many breaks have been taken on arriving at each stop and
/// at the end.
fn earliest(
    problem: &DayProblem,
    order: &[usize],
    legs: &[i64],
    breaks: &[Break],
    start: i64,
) -> Option<(i64, Vec<usize>)> {
    let count = breaks.len();
    let mut clocks: Vec<Option<i64>> = vec![None; count + 1];
    clocks[0] = Some(start);
    let mut origin: Vec<Vec<usize>> = Vec::with_capacity(legs.len());
    for (k, &leg) in legs.iter().enumerate() {
        let stop = order.get(k).map(|&i| &problem.stops[i]);
        let windows = stop.map(|s| sorted(&s.windows)).unwrap_or_default();
        let service = stop.map_or(0, |s| s.service_s.clamp(0, NO_WAY));
        let mut next = vec![None; count + 1];
        let mut from = vec![0; count + 1];
        for (taken, clock) in clocks.iter().enumerate() {
            let Some(t) = *clock else { continue };
            for after in taken..=count {
                let done = crate::windows::arrival(t, leg, &breaks[taken..after])
                    .and_then(|a| opening(&windows, a))
                    .map(|begin| begin + service)
                    .filter(|&d| d <= problem.shift.1);
                if let Some(d) = done.filter(|&d| next[after].is_none_or(|best| d < best)) {
                    next[after] = Some(d);
                    from[after] = taken;
                }
            }
        }
        clocks = next;
        origin.push(from);
    }
    let finish = clocks[count]?;
    let mut splits = vec![count; legs.len()];
    for k in (1..legs.len()).rev() {
        splits[k - 1] = origin[k][splits[k]];
    }
    Some((finish, splits))
}

fn write(
    problem: &DayProblem,
    order: &[usize],
    legs: &[i64],
    breaks: &[Break],
    start: i64,
    splits: &[usize],
) -> Timetable {
    let mut table = Timetable { departure: start, ..Timetable::default() };
    let (mut now, mut taken) = (start, 0);
    let mut place = problem.start;
    for (k, &leg) in legs.iter().enumerate() {
        let mut driven = 0;
        for pause in &breaks[taken..splits[k]] {
            let begin = opening(&pause.windows, now).unwrap_or(now);
            driven += (begin - now).min(leg - driven);
            now = begin + pause.service_s;
            table.breaks.push(BreakTaken { before: k, begin, end: now });
        }
        taken = splits[k];
        now += leg - driven;
        table.travel_s += leg;
        let stop = order.get(k).map(|&i| &problem.stops[i]);
        let to = stop.map_or(problem.end, |s| Some(s.location));
        if let (Some(a), Some(b)) = (place, to) {
            table.distance_m += problem.distances[(a, b)].clamp(0, NO_WAY);
        }
        place = to;
        if let Some(stop) = stop {
            let begin = opening(&sorted(&stop.windows), now).unwrap_or(now);
            table.arrivals.push(now);
            table.waiting.push(begin - now);
            now = begin + stop.service_s.clamp(0, NO_WAY);
            table.departures.push(now);
        }
    }
    table.finish = now;
    table
}
