//! Random problems that use every rule at once, for the tests.

use super::{Break, Problem, Profile, Rep, Visit, Weights};
use crate::random::Dice;

/// Everything at once, on a matrix in which detours may be quicker.
pub(crate) fn rich_problem(dice: &mut Dice, visits: usize, reps: usize) -> Problem {
    let n = visits + dice.below(visits);
    let reps = 1 + dice.below(reps);
    let size = n + 3;
    let mut between = |low: i64, high: i64| low + dice.below((high - low) as usize) as i64;
    let points: Vec<(i64, i64)> = (0..size).map(|_| (between(0, 3_000), between(0, 3_000))).collect();
    let durations = crate::Matrix::from_fn(size, |a, b| {
        let (dx, dy) = (points[a].0 - points[b].0, points[a].1 - points[b].1);
        (((dx * dx + dy * dy) as f64).sqrt() * 0.7) as i64 + between(0, 300)
    });
    let mut roll = |percent: usize| dice.below(100) < percent;
    let soft = roll(40);
    let mixed = roll(50);
    let visits = (0..n)
        .map(|k| Visit {
            id: k as u64,
            location: if roll(10) { 0 } else { k },
            service_s: 300 + 60 * (k as i64 % 7),
            setup_s: if roll(50) { 120 } else { 0 },
            windows: (0..k % 3)
                .map(|w| (w as i64 * 9_000, w as i64 * 9_000 + 5_000 + 400 * k as i64))
                .collect(),
            lateness_allowed_s: if soft && roll(50) { 1_800 } else { 0 },
            delivery: vec![k as i64 % 4],
            pickup: if mixed { vec![(k as i64 + 1) % 3] } else { vec![] },
            skills: crate::model::SkillRule {
                all: if roll(30) { vec![1] } else { vec![] },
                ..Default::default()
            },
            priority: 10 * (k as i64 % 4),
            must: roll(5),
            preferred: if roll(20) { vec![0] } else { vec![] },
            last: (reps > 1 && roll(20)).then_some(1),
            ..Visit::default()
        })
        .collect();
    let rep = |r: usize| Rep {
        id: r as u64,
        start: Some(n),
        end: r.is_multiple_of(2).then_some(n + 1),
        shift: (0, 16_000),
        breaks: (0..r % 3)
            .map(|b| Break {
                service_s: 900,
                windows: vec![(4_000 * (b as i64 + 1), 4_000 * (b as i64 + 1) + 3_000)],
            })
            .collect(),
        skills: if r == 1 { vec![] } else { vec![1] },
        capacity: vec![12],
        max_tasks: (r == 0).then_some(6),
        max_travel_s: (r == 1).then_some(9_000),
        max_distance_m: (r == 2).then_some(9_000),
        committed: if r == 0 && n > 8 { vec![3, 5] } else { vec![] },
        ..Rep::default()
    };
    Problem {
        profiles: vec![Profile { distances: durations.clone(), durations, costs: None }],
        visits,
        reps: (0..reps).map(rep).collect(),
        weights: Weights {
            not_preferred: 300,
            moved: 200,
            balance: if soft { 0 } else { 900 },
            compactness: 1,
        },
    }
}
