//! Plans against the separate checker, and small ones against enumeration.

use super::plan::PlannedRoute;
use super::samples::rich_problem;
use super::{Cause, Options, Problem, Score, Violation, check, solve};
use crate::random::Dice;

#[test]
fn plans_keep_every_rule() {
    let mut dice = Dice::new(5);
    let (mut made, mut left, mut late) = (0, 0, 0);
    for case in 0..150 {
        let problem = rich_problem(&mut dice, 8, 5);
        let plan = solve(&problem, &Options::steps(150, case)).unwrap();
        assert_eq!(check(&problem, &plan), vec![], "case {case}: {plan:?}");
        made += plan.routes.iter().map(|r| r.visits.len()).sum::<usize>();
        left += plan.left_out.len();
        late += plan.score.lateness_s;
    }
    assert!(made > 500 && left > 100 && late > 0, "{made} {left} {late}");
}

#[test]
fn the_checker_sees_what_is_wrong() {
    let mut dice = Dice::new(6);
    let mut tried = 0;
    for case in 0..60 {
        let problem = rich_problem(&mut dice, 8, 4);
        let plan = solve(&problem, &Options::steps(100, case)).unwrap();
        let Some(k) = plan.routes.iter().position(|r| r.visits.len() > 2) else { continue };
        tried += 1;
        let mut early = plan.clone();
        early.routes[k].visits[1].arrival -= 100_000;
        assert!(check(&problem, &early).iter().any(|v| matches!(v, Violation::Times { .. })));
        let mut twice = plan.clone();
        let first = twice.routes[k].visits[0];
        twice.routes[k].visits.push(first);
        assert!(check(&problem, &twice).contains(&Violation::Visits(first.visit)));
        let mut idle = plan.clone();
        idle.routes[k].breaks.push((0, 0, 1));
        assert!(check(&problem, &idle).contains(&Violation::Break(idle.routes[k].rep)));
        let mut cheap = plan.clone();
        cheap.score.cost -= 1;
        assert_eq!(check(&problem, &cheap), vec![Violation::Score]);
    }
    assert!(tried > 20);
}

/// Best score over every assignment and order.
fn enumerate(problem: &Problem) -> Score {
    fn place(problem: &Problem, v: usize, routes: &mut Vec<Vec<usize>>, best: &mut Option<Score>) {
        if v == problem.visits.len() {
            let score = score(problem, routes);
            *best = score.into_iter().chain(*best).min();
            return;
        }
        place(problem, v + 1, routes, best);
        for r in 0..routes.len() {
            for at in 0..=routes[r].len() {
                routes[r].insert(at, v);
                place(problem, v + 1, routes, best);
                routes[r].remove(at);
            }
        }
    }
    let mut best = None;
    place(problem, 0, &mut vec![vec![]; problem.reps.len()], &mut best);
    best.unwrap_or_default()
}

fn score(problem: &Problem, routes: &[Vec<usize>]) -> Option<Score> {
    let mut plan = super::Plan {
        routes: vec![],
        left_out: vec![],
        score: Score::default(),
        proven_optimal: false,
        bound: None,
        floor: None,
        steps: 0,
    };
    for (rep, visits) in routes.iter().enumerate().filter(|(_, v)| !v.is_empty()) {
        plan.routes.push(PlannedRoute::of(problem, rep, visits)?);
    }
    let missing = (0..problem.visits.len()).filter(|v| !routes.iter().flatten().any(|w| w == v));
    plan.left_out =
        missing.map(|visit| super::LeftOut { visit, cause: Cause::Outbid, by_rep: vec![] }).collect();
    let left = || plan.left_out.iter().map(|l| &problem.visits[l.visit]);
    plan.score = Score {
        must_left_out: left().filter(|v| v.must).count() as i64,
        priority_left_out: left().map(|v| v.priority).sum(),
        left_out: plan.left_out.len() as i64,
        lateness_s: plan.routes.iter().flat_map(|r| &r.visits).map(|v| v.late_s).sum(),
        cost: plan.routes.iter().map(|r| r.cost).sum(),
    };
    check(problem, &plan).is_empty().then_some(plan.score)
}

#[test]
fn small_plans_equal_enumeration() {
    let mut dice = Dice::new(8);
    let (mut equal, mut cases) = (0, 0);
    while cases < 120 {
        let mut problem = rich_problem(&mut dice, 3, 3);
        if problem.visits.len() > 5 {
            continue;
        }
        // The order of wishes within one cost is what is compared here; lateness has its own tests.
        problem.visits.iter_mut().for_each(|v| v.lateness_allowed_s = 0);
        cases += 1;
        let best = enumerate(&problem);
        let found = solve(&problem, &Options::steps(400, cases)).unwrap().score;
        assert!(found >= best, "better than everything: {problem:?}");
        equal += u64::from(found == best);
    }
    assert!(equal * 100 >= cases * 99, "{equal} of {cases}");
}

#[test]
fn the_same_seed_gives_the_same_plan() {
    let problem = rich_problem(&mut Dice::new(3), 20, 4);
    let plan = |seed| solve(&problem, &Options::steps(300, seed)).unwrap();
    assert_eq!(plan(1), plan(1));
}

/// One person with a promised beginning, lateness, limits and evenness.
fn one_person(dice: &mut Dice) -> Problem {
    let mut problem = rich_problem(dice, 3, 1);
    let n = problem.visits.len();
    let roll = |dice: &mut Dice, percent: usize| dice.below(100) < percent;
    for visit in &mut problem.visits {
        visit.windows.truncate(1);
        visit.setup_s = 0;
        visit.lateness_allowed_s = if roll(dice, 50) { 600 * dice.below(6) as i64 } else { 0 };
        visit.skills = Default::default();
    }
    let rep = &mut problem.reps[0];
    rep.end = rep.end.filter(|_| roll(dice, 50));
    rep.capacity = vec![1_000];
    rep.shift.1 = 6_000 + dice.below(10_000) as i64;
    rep.committed = (0..n).filter(|_| roll(dice, 25)).collect();
    rep.committed.reverse();
    rep.max_tasks = roll(dice, 40).then(|| 1 + dice.below(n));
    rep.max_travel_s = roll(dice, 60).then(|| 1_500 + dice.below(5_000) as i64);
    rep.max_distance_m = roll(dice, 60).then(|| 1_500 + dice.below(5_000) as i64);
    problem.weights.balance = if roll(dice, 40) { 3_600 } else { 0 };
    problem
}

#[test]
fn a_proven_day_of_one_person_is_the_best_there_is() {
    let mut dice = Dice::new(31);
    let (mut proven, mut late, mut limited, mut promised) = (0, 0, 0, 0);
    const CASES: u64 = 400;
    for case in 0..CASES {
        let problem = one_person(&mut dice);
        let plan = solve(&problem, &Options::steps(60, case)).unwrap();
        assert_eq!(check(&problem, &plan), vec![], "case {case}: {problem:?} {plan:?}");
        let best = enumerate(&problem);
        let kept = |p: &super::Plan| {
            let made = p.routes.iter().flat_map(|r| &r.visits).map(|v| v.visit);
            made.take(problem.reps[0].committed.len()).eq(problem.reps[0].committed.iter().copied())
        };
        if !plan.proven_optimal {
            continue;
        }
        // What is promised comes before everything else, also where more could be made without it.
        assert!(
            plan.score == best || (plan.score > best && kept(&plan) && !problem.reps[0].committed.is_empty()),
            "case {case}: {problem:?} {plan:?} {best:?}"
        );
        assert_eq!(plan.bound, Some(plan.score.cost), "case {case}");
        proven += u64::from(plan.score == best);
        late += u64::from(plan.score.lateness_s > 0);
        limited += u64::from(!plan.left_out.is_empty());
        promised += u64::from(!problem.reps[0].committed.is_empty());
    }
    assert!(proven * 100 > CASES * 45, "{proven} of {CASES}");
    assert!(late > 5 && limited > 20 && promised > 20, "{late} {limited} {promised}");
}

#[test]
fn what_is_promised_stands_beyond_a_limit_and_says_so() {
    let mut dice = Dice::new(37);
    let (mut said, mut kept) = (0, 0);
    for case in 0..300 {
        let mut problem = rich_problem(&mut dice, 6, 3);
        for rep in &mut problem.reps {
            rep.max_tasks = Some(1);
            rep.max_distance_m = Some(2_000);
            rep.capacity.fill(1_000);
        }
        problem.reps[0].committed = (0..problem.visits.len()).take(3).collect();
        let plan = solve(&problem, &Options::steps(60, case)).unwrap();
        assert_eq!(check(&problem, &plan), vec![], "case {case}: {problem:?} {plan:?}");
        for route in &plan.routes {
            if !route.over.is_empty() {
                said += 1;
                assert_eq!(route.rep, 0, "only what is promised is beyond a limit");
                // What was promised and is not said would be found.
                let mut silent = plan.clone();
                silent.routes.iter_mut().for_each(|r| r.over.clear());
                assert!(check(&problem, &silent).contains(&Violation::Limit(0)));
            }
            kept += usize::from(route.rep == 0 && route.visits.len() > 1);
        }
    }
    assert!(said > 100 && kept > 100, "{said} {kept}");
}

/// Least cost of a plan that makes exactly these visits.
fn least(problem: &Problem, visits: &[usize], routes: &mut Vec<Vec<usize>>) -> Option<i64> {
    let Some((&v, rest)) = visits.split_first() else { return score(problem, routes).map(|s| s.cost) };
    let mut best: Option<i64> = None;
    for r in 0..routes.len() {
        for at in 0..=routes[r].len() {
            routes[r].insert(at, v);
            best = best.into_iter().chain(least(problem, rest, routes)).min();
            routes[r].remove(at);
        }
    }
    best
}

#[test]
fn no_plan_costs_less_than_its_floor() {
    let mut dice = Dice::new(17);
    let (mut cases, mut tight) = (0, 0);
    while cases < 150 {
        let problem = rich_problem(&mut dice, 3, 3);
        if problem.visits.len() > 5 || problem.reps.len() < 2 {
            continue;
        }
        let plan = solve(&problem, &Options::steps(60, cases)).unwrap();
        let made: Vec<usize> = plan.routes.iter().flat_map(|r| &r.visits).map(|v| v.visit).collect();
        let best = least(&problem, &made, &mut vec![vec![]; problem.reps.len()]).unwrap_or_default();
        let bound = plan.bound.unwrap();
        assert!(bound <= best, "case {cases}: {bound} over {best}: {problem:?}");
        cases += 1;
        tight += u64::from(bound * 10 >= best * 7);
        // Higher prices are caught.
        let mut dearer = plan.clone();
        let floor = dearer.floor.as_mut().unwrap();
        floor.cost += 1;
        dearer.bound = Some(floor.cost);
        assert!(check(&problem, &dearer).contains(&Violation::Bound));
    }
    assert!(tight > 75, "{tight} of {cases} within 30 %");
}

#[test]
fn a_floor_in_a_hurry_is_a_floor_too() {
    let mut dice = Dice::new(19);
    let looks = std::sync::atomic::AtomicU32::new(0);
    let clock = || f64::from(looks.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
    for case in 0..20 {
        let problem = rich_problem(&mut dice, 30, 4);
        // Too little for exact prices.
        let hurried = super::Effort::Clock { now: &clock, seconds: 0.0001 };
        let options = Options { effort: hurried, threads: 1, seed: case };
        let quick = solve(&problem, &options).unwrap();
        assert_eq!(check(&problem, &quick), vec![], "case {case}");
        let slow = solve(&problem, &Options::steps(1, case)).unwrap();
        assert_eq!(check(&problem, &slow), vec![], "case {case}");
    }
}
