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
        lateness_s: 0,
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
