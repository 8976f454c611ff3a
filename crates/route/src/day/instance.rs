//! The day in the form the search wants: dense tables over the stops that can be served at all.

use super::{DayProblem, Limit, Objective};
use crate::windows::{Break, Window, arrival, opening, owed, sorted};

/// Legs at or above this do not exist. Far enough below the range of i64 that sums stay exact.
pub(crate) const NO_WAY: i64 = 1 << 40;

/// Index of the virtual start in tables over nodes is `n`.
pub(crate) struct Instance {
    /// Number of candidate stops.
    pub n: usize,
    /// Candidate → index into the stops of the problem.
    pub stops: Vec<usize>,
    /// Seconds, `(n + 1) × n`, and to the end, `n + 1`.
    pub travel: Vec<i64>,
    pub travel_end: Vec<i64>,
    /// Objective of a leg, same shapes. For the earliest finish it holds drive and visit.
    pub cost: Vec<i64>,
    pub cost_end: Vec<i64>,
    /// Least seconds between two nodes by any detour, for dead-end tests.
    pub nearest: Vec<i64>,
    pub nearest_end: Vec<i64>,
    pub service: Vec<i64>,
    pub windows: Vec<Vec<Window>>,
    pub closes: Vec<i64>,
    pub locked: Vec<Option<usize>>,
    /// Lexicographic worth of a stop packed into one number: locked, priority, one.
    pub worth: Vec<i64>,
    /// After which beginning is late.
    pub punctual: Vec<i64>,
    /// Legs that count against a limit, `(n + 1) × n`, to the end, `n + 1`, and the limit.
    pub limits: Vec<(Vec<i64>, Vec<i64>, i64)>,
    pub most_stops: usize,
    pub shift: Window,
    pub breaks: Vec<Break>,
    /// The objective is a clock, so waiting counts.
    pub by_clock: bool,
    /// There were more candidates than a set can hold.
    pub truncated: bool,
}

impl Instance {
    pub fn new(problem: &DayProblem) -> Instance {
        let size = problem.durations.size().min(problem.distances.size());
        let valid = |p: Option<usize>| p.is_none_or(|p| p < size);
        let ends_known = valid(problem.start) && valid(problem.end);
        let breaks = owed(&problem.breaks, problem.shift);
        let here = |&i: &usize| ends_known && problem.stops[i].location < size;
        let known: Vec<usize> = (0..problem.stops.len()).filter(here).collect();
        let mut stops = servable(problem, &known, &breaks);
        let truncated = stops.len() > 64;
        if truncated {
            stops.sort_by_key(|&i| (problem.stops[i].locked.is_none(), -problem.stops[i].priority, i));
            stops.truncate(64);
            stops.sort_unstable();
        }
        Instance { truncated, ..Instance::over(problem, stops, breaks) }
    }

    fn over(problem: &DayProblem, stops: Vec<usize>, breaks: Vec<Break>) -> Instance {
        let n = stops.len();
        let place = |k: usize| if k == n { problem.start } else { Some(problem.stops[stops[k]].location) };
        let seconds = |from: Option<usize>, to: Option<usize>| drive(problem, from, to);
        let service: Vec<i64> = stops.iter().map(|&i| problem.stops[i].service_s.clamp(0, NO_WAY)).collect();
        let by_clock = problem.objective == Objective::EarliestFinish;
        let cost = |from: Option<usize>, to: Option<usize>| match (problem.objective, from, to) {
            (Objective::LeastDistance, Some(a), Some(b)) => problem.distances[(a, b)].clamp(0, NO_WAY),
            _ => seconds(from, to),
        };
        let node_pairs = || (0..=n).flat_map(|i| (0..n).map(move |j| (i, j)));
        let travel: Vec<i64> = node_pairs().map(|(i, j)| seconds(place(i), place(j))).collect();
        let travel_end: Vec<i64> = (0..=n).map(|i| seconds(place(i), problem.end)).collect();
        let cost = node_pairs()
            .map(|(i, j)| {
                let stop = if by_clock { service[j] } else { problem.stops[stops[j]].toll.clamp(0, NO_WAY) };
                cost(place(i), place(j)) + stop
            })
            .collect();
        let cost_end = (0..=n)
            .map(|i| match (problem.objective, place(i), problem.end) {
                (Objective::LeastDistance, Some(a), Some(b)) => problem.distances[(a, b)].clamp(0, NO_WAY),
                _ => travel_end[i],
            })
            .collect();
        let (nearest, nearest_end) = closure(n, &travel, &travel_end);
        let windows: Vec<Vec<Window>> = stops.iter().map(|&i| sorted(&problem.stops[i].windows)).collect();
        let closes = windows.iter().map(|w| w.last().map_or(problem.shift.1, |w| w.1)).collect();
        let stop = |i: &usize| &problem.stops[*i];
        let limit = |limit: &Limit| {
            let leg = |from: Option<usize>, to: Option<usize>| {
                from.zip(to).map_or(0, |(a, b)| limit.of[(a, b)].clamp(0, NO_WAY))
            };
            let legs = node_pairs().map(|(i, j)| leg(place(i), place(j))).collect();
            let last = (0..=n).map(|i| leg(place(i), problem.end)).collect();
            (legs, last, limit.most)
        };
        Instance {
            n,
            closes,
            punctual: stops.iter().map(|i| stop(i).punctual().unwrap_or(i64::MAX)).collect(),
            limits: problem.limits.iter().take(2).map(limit).collect(),
            most_stops: problem.most_stops.unwrap_or(n).min(n),
            locked: stops.iter().map(|i| stop(i).locked).collect(),
            worth: stops
                .iter()
                .map(|i| {
                    (i64::from(stop(i).locked.is_some()) << 48)
                        + (stop(i).priority.clamp(0, 1_000_000) << 8)
                        + 1
                })
                .collect(),
            stops,
            travel,
            travel_end,
            cost,
            cost_end,
            nearest,
            nearest_end,
            service,
            windows,
            shift: problem.shift,
            breaks,
            by_clock,
            truncated: false,
        }
    }

    #[inline]
    pub fn travel(&self, from: usize, to: usize) -> i64 {
        self.travel[from * self.n + to]
    }

    #[inline]
    pub fn cost(&self, from: usize, to: usize) -> i64 {
        self.cost[from * self.n + to]
    }

    #[inline]
    pub fn nearest(&self, from: usize, to: usize) -> i64 {
        self.nearest[from * self.n + to]
    }

    /// Departure from `to` when leaving `from` at `t` and taking `breaks` on the way.
    #[inline]
    pub fn step(&self, t: i64, from: usize, to: usize, breaks: &[Break]) -> Option<i64> {
        let travel = self.travel(from, to);
        if travel >= NO_WAY {
            return None;
        }
        let begin = opening(&self.windows[to], arrival(t, travel, breaks)?)?;
        let departure = begin + self.service[to];
        (departure + self.nearest_end[to] <= self.shift.1).then_some(departure)
    }

    /// What a leg adds to what is limited; `None` where that is then too much.
    #[inline]
    pub fn used(&self, mut used: [u32; 2], from: usize, to: usize) -> Option<[u32; 2]> {
        for (used, (legs, _, most)) in used.iter_mut().zip(&self.limits) {
            let total = i64::from(*used) + legs[from * self.n + to];
            *used = u32::try_from(total).ok().filter(|_| total <= *most)?;
        }
        Some(used)
    }

    /// The way to the end is within the limits too.
    #[inline]
    pub fn ends_within(&self, used: [u32; 2], last: usize) -> bool {
        self.limits.iter().zip(used).all(|((_, end, most), used)| i64::from(used) + end[last] <= *most)
    }

    /// Moment the day is over when the last departure is `t` and `breaks` are still owed.
    #[inline]
    pub fn finish(&self, t: i64, last: usize, breaks: &[Break]) -> Option<i64> {
        if self.travel_end[last] >= NO_WAY {
            return None;
        }
        arrival(t, self.travel_end[last], breaks).filter(|&t| t <= self.shift.1)
    }
}

/// Seconds between two places of the problem; an open start or end costs nothing.
pub(crate) fn drive(problem: &DayProblem, from: Option<usize>, to: Option<usize>) -> i64 {
    let (Some(a), Some(b)) = (from, to) else { return 0 };
    let seconds = problem.durations[(a, b)];
    if (0..NO_WAY).contains(&seconds) { seconds } else { NO_WAY }
}

/// The stops that fit a day of their own, were the way there and back the quickest detour.
fn servable(problem: &DayProblem, known: &[usize], breaks: &[Break]) -> Vec<usize> {
    let n = known.len();
    let place = |k: usize| if k == n { problem.start } else { Some(problem.stops[known[k]].location) };
    let travel: Vec<i64> = (0..=n)
        .flat_map(|i| (0..n).map(move |j| (i, j)))
        .map(|(i, j)| drive(problem, place(i), place(j)))
        .collect();
    let travel_end: Vec<i64> = (0..=n).map(|i| drive(problem, place(i), problem.end)).collect();
    let (nearest, nearest_end) = closure(n, &travel, &travel_end);
    let fits = |k: &usize| {
        let stop = &problem.stops[known[*k]];
        let (there, back) = (nearest[n * n + k], nearest_end[*k]);
        let windows = sorted(&stop.windows);
        there < NO_WAY
            && back < NO_WAY
            && (0..=breaks.len()).any(|taken| {
                arrival(problem.shift.0, there, &breaks[..taken])
                    .and_then(|t| opening(&windows, t))
                    .and_then(|t| arrival(t + stop.service_s.clamp(0, NO_WAY), back, &breaks[taken..]))
                    .is_some_and(|t| t <= problem.shift.1)
            })
    };
    (0..n).filter(fits).map(|k| known[k]).collect()
}

/// Floyd–Warshall over the stops; the start has no way in and the end none out.
fn closure(n: usize, travel: &[i64], travel_end: &[i64]) -> (Vec<i64>, Vec<i64>) {
    let mut nearest = travel.to_vec();
    let mut nearest_end = travel_end.to_vec();
    for via in 0..n {
        for i in 0..=n {
            let first = nearest[i * n + via];
            for j in 0..n {
                let through = first + nearest[via * n + j];
                if through < nearest[i * n + j] {
                    nearest[i * n + j] = through;
                }
            }
        }
    }
    for i in 0..=n {
        for via in 0..n {
            nearest_end[i] = nearest_end[i].min(nearest[i * n + via] + travel_end[via]);
        }
    }
    (nearest, nearest_end)
}
