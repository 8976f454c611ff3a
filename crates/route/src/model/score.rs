//! The objective, compared from the left; smaller is better.

use super::Problem;
use crate::windows::Window;

/// One unit of cost in the numbers of this module, so that rates per hour and per kilometre stay integers.
pub const UNIT: i64 = 36_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Score {
    /// Visits that must be made and are not.
    pub must_left_out: i64,
    pub priority_left_out: i64,
    pub left_out: i64,
    /// Seconds.
    pub lateness_s: i64,
    /// Driving, wages, and the weighted wishes, in 1/36 000 of a unit of cost.
    pub cost: i64,
}

/// The cost of one rep's route in 1/36 000 of a unit, wishes included. Lateness apart.
pub(crate) fn route_cost(problem: &Problem, rep: usize, visits: &[usize], travel: &Travel) -> i64 {
    if visits.is_empty() {
        return 0;
    }
    let rates = problem.reps[rep].rates;
    let money = match travel.cost {
        Some(cost) => cost * UNIT,
        None => travel.seconds * rates.per_hour * 10 + travel.metres * rates.per_km * 36,
    };
    let wishes: i64 = visits.iter().map(|&v| wish_cost(problem, rep, v)).sum();
    let service: i64 = visits.iter().map(|&v| problem.visits[v].service_s).sum();
    rates.fixed * UNIT + money + wishes + balance_cost(problem, travel.seconds + service)
}

/// What a route drives.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Travel {
    pub seconds: i64,
    pub metres: i64,
    /// Sum over a matrix of costs, where the profile has one.
    pub cost: Option<i64>,
}

impl Travel {
    pub fn of(problem: &Problem, rep: usize, visits: &[usize]) -> Travel {
        let rep = &problem.reps[rep];
        let profile = &problem.profiles[rep.profile];
        let mut travel = Travel { cost: profile.costs.as_ref().map(|_| 0), ..Travel::default() };
        let places: Vec<Option<usize>> = std::iter::once(rep.start)
            .chain(visits.iter().map(|&v| Some(problem.visits[v].location)))
            .chain([rep.end])
            .collect();
        for leg in places.windows(2) {
            let (Some(a), Some(b)) = (leg[0], leg[1]) else { continue };
            travel.seconds += seconds(problem, rep, a, b);
            travel.metres += profile.distances[(a, b)];
            if let (Some(total), Some(costs)) = (&mut travel.cost, &profile.costs) {
                *total += costs[(a, b)];
            }
        }
        travel
    }
}

/// Seconds of a leg for a rep.
pub(crate) fn seconds(problem: &Problem, rep: &super::Rep, a: usize, b: usize) -> i64 {
    let seconds = problem.profiles[rep.profile].durations[(a, b)];
    if rep.speed_percent == 100 { seconds } else { (seconds * 100).div_euclid(i64::from(rep.speed_percent)) }
}

/// What it costs, beyond driving, that this rep makes this visit.
pub(crate) fn wish_cost(problem: &Problem, rep: usize, visit: usize) -> i64 {
    let (weights, v) = (&problem.weights, &problem.visits[visit]);
    let mut cost = problem.reps[rep].rates.per_task_hour * 10 * (v.service_s + v.setup_s);
    if !v.preferred.is_empty() && !v.preferred.contains(&rep) {
        cost += weights.not_preferred * UNIT;
    }
    if v.last.is_some_and(|l| l != rep) {
        cost += weights.moved * UNIT;
    }
    if let (true, Some(start)) = (weights.compactness != 0, problem.reps[rep].start) {
        let metres = problem.profiles[problem.reps[rep].profile].distances[(start, v.location)];
        cost += weights.compactness * metres * (UNIT / 1_000);
    }
    cost
}

/// Price of `work` seconds: quadratic, so that its slope at eight hours is the weight per hour.
pub(crate) fn balance_cost(problem: &Problem, work: i64) -> i64 {
    let hundredths = work / 36;
    // weight × h² / 16 with h in hundredths of an hour.
    problem.weights.balance * UNIT / 16 * (hundredths * hundredths) / 10_000
}

/// The windows in which a visit may begin, lateness included, each with its punctual end.
pub(crate) fn late_windows(windows: &[Window], allowed: i64) -> Vec<(Window, i64)> {
    let sorted = crate::windows::sorted(windows);
    let next = |k: usize| sorted.get(k + 1).map_or(i64::MAX, |w| w.0 - 1);
    sorted.iter().enumerate().map(|(k, w)| ((w.0, (w.1 + allowed.max(0)).min(next(k))), w.1)).collect()
}
