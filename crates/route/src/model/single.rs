//! A problem with one rep is a day of its own, and small days can be proven.
//!
//! What is committed becomes the first stops of the day, in their order and whatever their windows say; lateness is
//! counted before cost; limits of visits, time and way are kept by the day itself; wishes are tolls of its stops. Load,
//! and a setup saved by staying at a place, are left out of the day: where its best order keeps the loads it is the
//! best with them too.

use super::plan::committed_windows;
use super::score::{UNIT, balance_cost, late_windows, seconds, wish_cost};
use super::{PlannedRoute, Problem, Rep};
use crate::Matrix;
use crate::day::{DayProblem, Limit, Objective, Stop, day_order};
use crate::matrix::common_divisor;
use crate::search::instance::feasible_prefix;

/// Sequence of the only rep, whether nothing better exists, and a bound on its cost where one is known.
pub(crate) struct Single {
    pub visits: Vec<usize>,
    pub proven: bool,
    pub bound: Option<i64>,
}

/// Orders the day of the only rep, looking at no more than `effort` labels. `None` when the problem has
/// several reps or rules a day does not know.
pub(crate) fn solve_single(problem: &Problem, effort: usize) -> Option<Single> {
    let [rep] = problem.reps.as_slice() else { return None };
    let allowed: Vec<usize> = (0..problem.visits.len())
        .filter(|&v| {
            let visit = &problem.visits[v];
            let may =
                visit.skills.met_by(&rep.skills) && visit.allowed.as_ref().is_none_or(|a| a.contains(&0));
            may || rep.committed.contains(&v)
        })
        .collect();
    let scale = 1 + allowed.iter().map(|&v| problem.visits[v].priority).sum::<i64>();
    let plain = feasible_prefix(problem, 0).len() == rep.committed.len()
        && balance_follows_cost(problem, rep)
        && allowed.len() <= 64
        && scale < 900_000
        && !setups_shared(problem, &allowed);
    if !plain {
        return None;
    }
    let profile = &problem.profiles[rep.profile];
    let durations = Matrix::from_fn(profile.durations.size(), |a, b| seconds(problem, rep, a, b));
    let money = |a: usize, b: usize| match &profile.costs {
        Some(costs) => costs[(a, b)] * UNIT,
        None => {
            durations[(a, b)] * rep.rates.per_hour * 10 + profile.distances[(a, b)] * rep.rates.per_km * 36
        }
    };
    let costs = Matrix::from_fn(durations.size(), money);
    let tolls: Vec<i64> = allowed.iter().map(|&v| wish_cost(problem, 0, v)).collect();
    // Smaller numbers keep the bounds away from the ends of i64.
    let unit = common_divisor(tolls.iter().copied().chain([costs.common_divisor()])).max(1);
    let stops: Option<Vec<Stop>> = allowed
        .iter()
        .zip(&tolls)
        .map(|(&v, toll)| stop(problem, rep, v, scale).map(|stop| Stop { toll: toll / unit, ..stop }))
        .collect();
    let limited = |of: &Matrix<i64>, most: Option<i64>| most.map(|most| Limit { of: of.clone(), most });
    let limits = limited(&durations, rep.max_travel_s).into_iter();
    let day = DayProblem {
        limits: limits.chain(limited(&profile.distances, rep.max_distance_m)).collect(),
        distances: costs.map(|c| c / unit),
        durations,
        start: rep.start,
        end: rep.end,
        stops: stops?,
        shift: rep.shift,
        breaks: rep.breaks.clone(),
        objective: Objective::LeastDistance,
        most_stops: rep.max_tasks,
    };
    let found = day_order(&day, effort);
    let visits: Vec<usize> = found.stops.iter().map(|&k| allowed[k]).collect();
    let Some(route) = PlannedRoute::of(problem, 0, &visits) else {
        return visits.is_empty().then_some(Single { visits, proven: found.proven, bound: None });
    };
    if !loads_hold(problem, &visits) {
        return None;
    }
    let served_all = visits.len() == allowed.len();
    // Which visits are made decides how long the day is, and so what evenness costs.
    let set_decides = problem.weights.balance != 0 && !served_all;
    let as_found = route.visits.iter().map(|v| v.late_s).sum::<i64>() == found.lateness_s;
    // Where a limit leaves no room for all that is promised, what is worth more could take its place: nothing is claimed.
    let kept = rep.committed.iter().all(|c| visits.contains(c));
    let proven = found.proven && as_found && kept && !set_decides;
    let floor = served_all.then(|| whole_cost(problem, rep, &visits, found.bound * unit));
    Some(Single { proven, bound: if proven { Some(route.cost) } else { floor }, visits })
}

/// A visit as a stop; `None` where lateness does not grow with the time of arrival.
fn stop(problem: &Problem, rep: &Rep, v: usize, scale: i64) -> Option<Stop> {
    let visit = &problem.visits[v];
    let locked = rep.committed.iter().position(|c| *c == v);
    let windows = match locked {
        Some(_) => committed_windows(problem, v),
        None => late_windows(&visit.windows, visit.lateness_allowed_s),
    };
    let late = windows.iter().any(|(w, punctual)| w.0 <= w.1 && *punctual < w.1);
    if late && visit.windows.len() > 1 {
        return None;
    }
    Some(Stop {
        id: visit.id,
        windows: windows.iter().map(|w| w.0).collect(),
        punctual_until: windows.first().map(|w| w.1).filter(|_| late),
        locked,
        priority: visit.priority + if visit.must { scale } else { 0 },
        ..Stop::at(visit.location, visit.service_s + visit.setup_s)
    })
}

/// Evenness costs the more the longer the day is: nothing changes where cost is time alone.
fn balance_follows_cost(problem: &Problem, rep: &Rep) -> bool {
    let by_time = problem.profiles[rep.profile].costs.is_none() && rep.rates.per_km == 0;
    problem.weights.balance == 0 || (by_time && rep.rates.per_hour > 0)
}

/// Least cost of serving these visits when ways and wishes come to no less than this.
fn whole_cost(problem: &Problem, rep: &Rep, visits: &[usize], ways_and_wishes: i64) -> i64 {
    if visits.is_empty() {
        return 0;
    }
    let wishes: i64 = visits.iter().map(|&v| wish_cost(problem, 0, v)).sum();
    let service: i64 = visits.iter().map(|&v| problem.visits[v].service_s).sum();
    let driven = (ways_and_wishes - wishes).max(0) / (rep.rates.per_hour * 10).max(1);
    let even = if problem.weights.balance == 0 { 0 } else { balance_cost(problem, driven + service) };
    rep.rates.fixed * UNIT + ways_and_wishes + even
}

/// Whether a setup can be saved by visiting two visits of one place in a row, or the place of the start.
fn setups_shared(problem: &Problem, allowed: &[usize]) -> bool {
    let mut places: Vec<usize> = allowed.iter().map(|&v| problem.visits[v].location).collect();
    places.extend(problem.reps.first().and_then(|r| r.start));
    places.sort_unstable();
    let twice = places.windows(2).any(|w| w[0] == w[1]);
    twice && allowed.iter().any(|&v| problem.visits[v].setup_s > 0)
}

fn loads_hold(problem: &Problem, visits: &[usize]) -> bool {
    problem.reps[0].capacity.iter().enumerate().all(|(d, &most)| {
        let amount = |a: &[i64]| a.get(d).copied().unwrap_or(0);
        let mut load: i64 = visits.iter().map(|&v| amount(&problem.visits[v].delivery)).sum();
        load <= most
            && visits.iter().all(|&v| {
                load += amount(&problem.visits[v].pickup) - amount(&problem.visits[v].delivery);
                load <= most
            })
    })
}
