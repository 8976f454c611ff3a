//! Does a plan keep every rule? Written apart from the search: it reads only the problem and the times the
//! plan states, and shares no arithmetic with what made them.

use super::{Plan, PlannedRoute, Problem};

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
    #[error("rep {0} exceeds a limit of visits, time or distance")]
    Limit(usize),
    #[error("rep {0}: the committed visits do not come first")]
    Committed(usize),
    #[error("rep {0}: travel, distance or cost are wrong")]
    Sums(usize),
    #[error("the score is wrong")]
    Score,
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
    found
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
    if rep.max_tasks.is_some_and(|m| route.visits.len() > m)
        || rep.max_travel_s.is_some_and(|m| seconds > m)
        || rep.max_distance_m.is_some_and(|m| metres > m)
    {
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
