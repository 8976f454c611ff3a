//! Does a plan keep every rule? Written apart from the search: it reads only the problem and the times the
//! plan states, and shares no arithmetic with what made them.

use super::{Excess, Floor, Plan, PlannedRoute, Problem};

/// A rule a plan breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    #[error("visit {0} is neither made nor left out, or more than once")]
    Visits(usize),
    #[error("rep {0} has two routes")]
    TwoRoutes(usize),
    #[error("rep {rep} may not make visit {visit}")]
    NotAllowed { rep: usize, visit: usize },
    #[error("rep {rep}: times do not add up at position {position}")]
    Times { rep: usize, position: usize },
    #[error("rep {rep}: visit {visit} begins outside its windows, or its lateness is wrong")]
    Window { rep: usize, visit: usize },
    #[error("rep {0} works outside the shift")]
    Shift(usize),
    #[error("rep {0}: a break is missing, outside its windows, or overlaps")]
    Break(usize),
    #[error("rep {0} carries too much")]
    Load(usize),
    #[error(
        "rep {0} exceeds a limit of visits, time or distance by more than what is promised, or does not say so"
    )]
    Limit(usize),
    #[error("rep {0}: the committed visits do not come first")]
    Committed(usize),
    #[error("rep {0}: travel, distance or cost are wrong")]
    Sums(usize),
    #[error("the score is wrong")]
    Score,
    #[error("the bound lies above the cost, or its prices do not prove it")]
    Bound,
}

/// Every rule the plan breaks; empty when it keeps them all.
pub fn check(problem: &Problem, plan: &Plan) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut seen = vec![0; problem.visits.len()];
    let made = plan.routes.iter().flat_map(|r| r.visits.iter().map(|v| v.visit));
    for v in made.chain(plan.left_out.iter().map(|l| l.visit)) {
        match seen.get_mut(v) {
            Some(count) => *count += 1,
            None => found.push(Violation::Visits(v)),
        }
    }
    found.extend((0..seen.len()).filter(|&v| seen[v] != 1).map(Violation::Visits));
    for (k, route) in plan.routes.iter().enumerate() {
        if plan.routes[..k].iter().any(|other| other.rep == route.rep) {
            found.push(Violation::TwoRoutes(route.rep));
        }
        check_route(problem, route, &mut found);
    }
    for (r, rep) in problem.reps.iter().enumerate() {
        // What is committed and made comes first, in order; the rest of it is left out.
        let Some(route) = plan.routes.iter().find(|x| x.rep == r) else { continue };
        let ahead = rep.committed.iter().zip(&route.visits).take_while(|(c, v)| **c == v.visit).count();
        if rep.committed[ahead..].iter().any(|c| route.visits[ahead..].iter().any(|v| v.visit == *c)) {
            found.push(Violation::Committed(r));
        }
    }
    let left = || plan.left_out.iter().map(|l| &problem.visits[l.visit]);
    let stated = (
        left().filter(|v| v.must).count() as i64,
        left().map(|v| v.priority).sum::<i64>(),
        plan.left_out.len() as i64,
        plan.routes.iter().flat_map(|r| &r.visits).map(|v| v.late_s).sum::<i64>(),
        plan.routes.iter().map(|r| r.cost).sum::<i64>(),
    );
    let s = plan.score;
    if stated != (s.must_left_out, s.priority_left_out, s.left_out, s.lateness_s, s.cost) {
        found.push(Violation::Score);
    }
    if plan.bound.is_some_and(|b| b > s.cost) || plan.floor.as_ref().is_some_and(|f| !holds(problem, plan, f))
    {
        found.push(Violation::Bound);
    }
    found
}

/// Do the prices of a floor prove it? No leg anybody could drive may be cheaper than the prices of leaving and reaching
/// its ends; then no plan is cheaper than the prices together.
fn holds(problem: &Problem, plan: &Plan, floor: &Floor) -> bool {
    let (m, people) = (floor.visits.len(), problem.reps.len());
    let mut made: Vec<usize> = plan.routes.iter().flat_map(|r| r.visits.iter().map(|v| v.visit)).collect();
    made.sort_unstable();
    let total = floor.leaving.iter().chain(&floor.reaching).sum::<i64>() + floor.even;
    if made != floor.visits
        || plan.bound != Some(floor.cost)
        || floor.cost > total
        || floor.leaving.len() != m + people
        || floor.reaching.len() != m + people
        || floor.even > evenness(problem, &made)
    {
        return false;
    }
    (0..people).all(|r| {
        let (leave, reach) = (floor.leaving[m + r], floor.reaching[m + r]);
        let begins =
            |j: usize| leg(problem, r, None, Some(made[j])).is_none_or(|c| leave + floor.reaching[j] <= c);
        let ends =
            |i: usize| leg(problem, r, Some(made[i]), None).is_none_or(|c| floor.leaving[i] + reach <= c);
        let on = |i: usize, j: usize| {
            i == j
                || leg(problem, r, Some(made[i]), Some(made[j]))
                    .is_none_or(|c| floor.leaving[i] + floor.reaching[j] <= c)
        };
        leave + reach <= 0 && (0..m).all(|i| begins(i) && ends(i) && (0..m).all(|j| on(i, j)))
    })
}

/// What it costs a rep to go from one visit (`None`: where his day begins) to another (`None`: where it ends) and to
/// make it; `None` where he never does.
fn leg(problem: &Problem, r: usize, from: Option<usize>, to: Option<usize>) -> Option<i64> {
    let rep = &problem.reps[r];
    for v in [from, to].into_iter().flatten() {
        let visit = &problem.visits[v];
        let skilled =
            visit.skills.met_by(&rep.skills) && visit.allowed.as_ref().is_none_or(|a| a.contains(&r));
        if !skilled && !rep.committed.contains(&v) {
            return None;
        }
    }
    let place = |v: usize| problem.visits[v].location;
    let (a, b) = (from.map_or(rep.start, |v| Some(place(v))), to.map_or(rep.end, |v| Some(place(v))));
    let profile = &problem.profiles[rep.profile];
    let mut cost = 0;
    if let (Some(a), Some(b)) = (a, b) {
        let time = (profile.durations[(a, b)] * 100).div_euclid(i64::from(rep.speed_percent));
        if !(0..1 << 28).contains(&time) {
            return None;
        }
        cost += match &profile.costs {
            Some(costs) => costs[(a, b)] * 36_000,
            None => time * rep.rates.per_hour * 10 + profile.distances[(a, b)] * rep.rates.per_km * 36,
        };
        let (Some(v), Some(w)) = (from, to) else { return Some(cost + worth_of(problem, r, from, to)) };
        // Never in time: however early he leaves the one, the other is closed for good.
        let (v, w_visit) = (&problem.visits[v], &problem.visits[w]);
        let opens = v.windows.iter().filter(|x| x.0 <= x.1).map(|x| x.0).min().unwrap_or(rep.shift.0);
        let arrives = opens.max(rep.shift.0) + v.service_s + time;
        let promised = problem.reps.iter().any(|p| p.committed.contains(&w));
        let closed = w_visit.windows.iter().map(|x| x.1 + w_visit.lateness_allowed_s.max(0)).max();
        if arrives + w_visit.service_s > rep.shift.1 || (!promised && closed.is_some_and(|c| arrives > c)) {
            return None;
        }
    }
    Some(cost + worth_of(problem, r, from, to))
}

/// Of setting out, and of making the visit one goes to.
fn worth_of(problem: &Problem, r: usize, from: Option<usize>, to: Option<usize>) -> i64 {
    let (rep, weights) = (&problem.reps[r], &problem.weights);
    let Some(v) = to else { return 0 };
    let visit = &problem.visits[v];
    let mut cost = if from.is_none() { rep.rates.fixed * 36_000 } else { 0 };
    cost += rep.rates.per_task_hour * 10 * (visit.service_s + visit.setup_s);
    let unwanted = !visit.preferred.is_empty() && !visit.preferred.contains(&r);
    cost += if unwanted { weights.not_preferred * 36_000 } else { 0 };
    cost += if visit.last.is_some_and(|p| p != r) { weights.moved * 36_000 } else { 0 };
    let metres = rep.start.map_or(0, |s| problem.profiles[rep.profile].distances[(s, visit.location)]);
    cost + weights.compactness * metres * 36
}

/// Evenness costs least where everybody's visits take equally long; each day's hundredths of an hour are cut off.
fn evenness(problem: &Problem, visits: &[usize]) -> i64 {
    let people = problem.reps.len().max(1) as i64;
    let seconds: i64 = visits.iter().map(|&v| problem.visits[v].service_s).sum();
    let hundredths = ((seconds / 36) / people - 1).max(0);
    (people * (problem.weights.balance * 2_250 * hundredths * hundredths / 10_000 - 1)).max(0)
}

fn check_route(problem: &Problem, route: &PlannedRoute, found: &mut Vec<Violation>) {
    let (r, rep) = (route.rep, &problem.reps[route.rep]);
    let profile = &problem.profiles[rep.profile];
    let (mut left, mut here) = (route.departure, rep.start);
    let (mut seconds, mut metres) = (0, 0);
    let mut breaks = route.breaks.iter().peekable();
    for k in 0..=route.visits.len() {
        let planned = route.visits.get(k);
        let there = planned.map_or(rep.end, |v| Some(problem.visits[v.visit].location));
        let arrived = planned.map_or(route.finish, |v| v.arrival);
        let mut drive = 0;
        if let (Some(a), Some(b)) = (here, there) {
            drive = profile.durations[(a, b)] * 100 / i64::from(rep.speed_percent);
            metres += profile.distances[(a, b)];
            if profile.durations[(a, b)] < 0 || profile.durations[(a, b)] >= 1 << 28 {
                found.push(Violation::Times { rep: r, position: k });
            }
        }
        seconds += drive;
        let (mut free, mut paused) = (left, 0);
        while let Some(&(_, begin, end)) = breaks.next_if(|b| b.0 == k) {
            if begin < free || end < begin || end > arrived {
                found.push(Violation::Break(r));
            }
            paused += end - begin;
            free = end;
        }
        if arrived < left + drive + paused {
            found.push(Violation::Times { rep: r, position: k });
        }
        let Some(planned) = planned else { break };
        let visit = &problem.visits[planned.visit];
        let setup = if here == there { 0 } else { visit.setup_s };
        if planned.begin < arrived
            || planned.setup_s != setup
            || planned.departure != planned.begin + setup + visit.service_s
        {
            found.push(Violation::Times { rep: r, position: k });
        }
        let late = visit
            .windows
            .iter()
            .filter(|w| w.0 <= w.1 && w.0 <= planned.begin)
            .map(|w| (planned.begin - w.1).max(0))
            .min();
        let late = if visit.windows.is_empty() { Some(0) } else { late };
        let excused = k < rep.committed.len();
        if late != Some(planned.late_s) || (planned.late_s > visit.lateness_allowed_s && !excused) {
            found.push(Violation::Window { rep: r, visit: planned.visit });
        }
        let skilled = visit.skills.all.iter().all(|s| rep.skills.contains(s))
            && (visit.skills.any.is_empty() || visit.skills.any.iter().any(|s| rep.skills.contains(s)))
            && visit.skills.none.iter().all(|s| !rep.skills.contains(s));
        let allowed = visit.allowed.as_ref().is_none_or(|a| a.contains(&r));
        if !(skilled && allowed || excused) {
            found.push(Violation::NotAllowed { rep: r, visit: planned.visit });
        }
        (left, here) = (planned.departure, there);
    }
    if breaks.next().is_some() {
        found.push(Violation::Break(r));
    }
    if route.departure < rep.shift.0 || route.finish > rep.shift.1 {
        found.push(Violation::Shift(r));
    }
    check_breaks(problem, route, found);
    check_load(problem, route, found);
    let mut over = vec![];
    over.extend(rep.max_tasks.filter(|m| route.visits.len() > *m).map(|_| Excess::Tasks));
    over.extend(rep.max_travel_s.filter(|m| seconds > *m).map(|_| Excess::Travel));
    over.extend(rep.max_distance_m.filter(|m| metres > *m).map(|_| Excess::Distance));
    // Only what is promised may be beyond a limit, with nothing besides, and then it is said.
    let promised = route.visits.iter().enumerate().all(|(k, v)| rep.committed.get(k) == Some(&v.visit));
    if route.over != over || !(over.is_empty() || promised) {
        found.push(Violation::Limit(r));
    }
    if (seconds, metres) != (route.travel_s, route.distance_m) {
        found.push(Violation::Sums(r));
    }
}

/// Every break that can lie within the shift is taken, in a window of its own.
fn check_breaks(problem: &Problem, route: &PlannedRoute, found: &mut Vec<Violation>) {
    let rep = &problem.reps[route.rep];
    let possible = |b: &super::Break| {
        let latest = rep.shift.1 - b.service_s;
        latest >= rep.shift.0
            && (b.windows.is_empty()
                || b.windows.iter().any(|w| w.0.max(rep.shift.0) <= w.1.min(latest) && w.0 <= w.1))
    };
    let mut owed: Vec<&super::Break> = rep.breaks.iter().filter(|b| possible(b)).collect();
    for &(_, begin, end) in &route.breaks {
        let matches = |b: &&super::Break| {
            b.service_s == end - begin
                && (b.windows.is_empty() || b.windows.iter().any(|w| w.0 <= begin && begin <= w.1))
        };
        // The most demanding match first, so that a flexible break is not used up for a fixed one.
        let best = (0..owed.len())
            .filter(|&k| matches(&owed[k]))
            .min_by_key(|&k| owed[k].windows.iter().map(|w| w.1).max().unwrap_or(i64::MAX));
        match best {
            Some(k) => drop(owed.remove(k)),
            None => found.push(Violation::Break(route.rep)),
        }
    }
    if !owed.is_empty() {
        found.push(Violation::Break(route.rep));
    }
}

fn check_load(problem: &Problem, route: &PlannedRoute, found: &mut Vec<Violation>) {
    let capacity = &problem.reps[route.rep].capacity;
    for (d, &most) in capacity.iter().enumerate() {
        let amount = |a: &[i64]| a.get(d).copied().unwrap_or(0);
        let visits = || route.visits.iter().map(|v| &problem.visits[v.visit]);
        let mut load: i64 = visits().map(|v| amount(&v.delivery)).sum();
        let mut peak = load;
        for v in visits() {
            load += amount(&v.pickup) - amount(&v.delivery);
            peak = peak.max(load);
        }
        if peak > most {
            found.push(Violation::Load(route.rep));
            return;
        }
    }
}
