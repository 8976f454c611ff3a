//! A problem with one rep is a day of its own, and small days can be proven.

use super::score::{UNIT, seconds, wish_cost};
use super::{PlannedRoute, Problem};
use crate::Matrix;
use crate::day::{DayProblem, Objective, Stop, day_order};

/// Sequence of the only rep, whether nothing better exists, and a bound on its cost where one is known.
pub(crate) struct Single {
    pub visits: Vec<usize>,
    pub proven: bool,
    pub bound: Option<i64>,
}

/// Orders the day of the only rep, looking at no more than `effort` labels. `None` when the problem has
/// several reps or rules a day does not know.
///
/// Limits of load, number, time and distance are left out of the day; if its best order keeps them anyway,
/// it is the best with them too, and otherwise nothing is answered.
pub(crate) fn solve_single(problem: &Problem, effort: usize) -> Option<Single> {
    let [rep] = problem.reps.as_slice() else { return None };
    let allowed: Vec<usize> = (0..problem.visits.len())
        .filter(|&v| {
            let visit = &problem.visits[v];
            visit.skills.met_by(&rep.skills) && visit.allowed.as_ref().is_none_or(|a| a.contains(&0))
        })
        .collect();
    let scale = 1 + allowed.iter().map(|&v| problem.visits[v].priority).sum::<i64>();
    let plain = rep.committed.is_empty()
        && problem.weights.balance == 0
        && allowed.len() <= 64
        && scale < 900_000
        && allowed.iter().all(|&v| problem.visits[v].lateness_allowed_s <= 0)
        && !setups_shared(problem, &allowed);
    if !plain {
        return None;
    }
    let profile = &problem.profiles[rep.profile];
    let size = profile.durations.size();
    let durations = Matrix::from_fn(size, |a, b| seconds(problem, rep, a, b));
    let money = |a: usize, b: usize| match &profile.costs {
        Some(costs) => costs[(a, b)] * UNIT,
        None => {
            durations[(a, b)] * rep.rates.per_hour * 10 + profile.distances[(a, b)] * rep.rates.per_km * 36
        }
    };
    let costs = Matrix::from_fn(size, money);
    // Smaller numbers keep the bounds away from the ends of i64.
    let unit = costs.common_divisor().max(1);
    let stops = allowed.iter().map(|&v| {
        let visit = &problem.visits[v];
        Stop {
            id: visit.id,
            location: visit.location,
            service_s: visit.service_s + visit.setup_s,
            windows: visit.windows.clone(),
            locked: None,
            priority: visit.priority + if visit.must { scale } else { 0 },
        }
    });
    let day = DayProblem {
        distances: costs.map(|c| c / unit),
        durations,
        start: rep.start,
        end: rep.end,
        stops: stops.collect(),
        shift: rep.shift,
        breaks: rep.breaks.clone(),
        objective: Objective::LeastDistance,
    };
    let (order, proven, bound) = day_order(&day, effort);
    let visits: Vec<usize> = order.iter().map(|&k| allowed[k]).collect();
    if !keeps_limits(problem, &visits) {
        return None;
    }
    let constant = if visits.is_empty() { 0 } else { rep.rates.fixed * UNIT }
        + visits.iter().map(|&v| wish_cost(problem, 0, v)).sum::<i64>();
    let served_all = visits.len() == allowed.len();
    // Without all visits the set served, not only its order, decides the wishes.
    let wishes_decide = !served_all && visits.iter().any(|&v| wish_cost(problem, 0, v) != 0);
    Some(Single {
        proven: proven && !wishes_decide,
        bound: (served_all || proven && !wishes_decide).then_some(bound * unit + constant),
        visits,
    })
}

/// Whether a setup can be saved by visiting two visits of one place in a row, or the place of the start.
fn setups_shared(problem: &Problem, allowed: &[usize]) -> bool {
    let mut places: Vec<usize> = allowed.iter().map(|&v| problem.visits[v].location).collect();
    places.extend(problem.reps.first().and_then(|r| r.start));
    places.sort_unstable();
    let twice = places.windows(2).any(|w| w[0] == w[1]);
    twice && allowed.iter().any(|&v| problem.visits[v].setup_s > 0)
}

fn keeps_limits(problem: &Problem, visits: &[usize]) -> bool {
    let rep = &problem.reps[0];
    let Some(route) = PlannedRoute::of(problem, 0, visits) else { return visits.is_empty() };
    let loads = rep.capacity.iter().enumerate().all(|(d, &most)| {
        let amount = |a: &[i64]| a.get(d).copied().unwrap_or(0);
        let mut load: i64 = visits.iter().map(|&v| amount(&problem.visits[v].delivery)).sum();
        load <= most
            && visits.iter().all(|&v| {
                load += amount(&problem.visits[v].pickup) - amount(&problem.visits[v].delivery);
                load <= most
            })
    });
    loads
        && rep.max_tasks.is_none_or(|m| visits.len() <= m)
        && rep.max_travel_s.is_none_or(|m| route.travel_s <= m)
        && rep.max_distance_m.is_none_or(|m| route.distance_m <= m)
}
