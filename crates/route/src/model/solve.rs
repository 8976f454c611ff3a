//! From the problem to the plan: search, timetable, reasons.

use super::score::Score;
use super::{ModelError, Plan, PlannedRoute, Problem};
use crate::search::anneal::{Best, Progress, anneal};
use crate::search::instance::Instance;

/// When to stop.
#[derive(Clone, Copy)]
pub enum Effort<'a> {
    /// After this many steps per thread. The answer depends on nothing but problem, seed and steps.
    Steps(u64),
    /// After `seconds` on the caller's clock (wall, or CPU time of the calling thread), which also paces the
    /// search.
    Clock { now: &'a (dyn Fn() -> f64 + Sync), seconds: f64 },
}

/// How to search.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    pub effort: Effort<'a>,
    /// Independent searches, the best of which counts; at least 1.
    pub threads: usize,
    pub seed: u64,
}

impl Options<'_> {
    /// One thread, a fixed number of steps.
    pub fn steps(steps: u64, seed: u64) -> Options<'static> {
        Options { effort: Effort::Steps(steps), threads: 1, seed }
    }
}

struct Paced<'a> {
    effort: Effort<'a>,
    begin: f64,
}

impl<'a> Paced<'a> {
    fn new(effort: Effort<'a>) -> Paced<'a> {
        let begin = if let Effort::Clock { now, .. } = effort { now() } else { 0.0 };
        Paced { effort, begin }
    }
}

impl Progress for Paced<'_> {
    fn at(&self, steps: u64) -> f64 {
        match self.effort {
            Effort::Steps(limit) => steps as f64 / limit.max(1) as f64,
            Effort::Clock { now, seconds } => (now() - self.begin) / seconds.max(1e-6),
        }
    }
}

/// Plans the day of everybody.
///
/// # Errors
/// When the problem refers to what does not exist.
pub fn solve(problem: &Problem, options: &Options) -> Result<Plan, ModelError> {
    problem.validate()?;
    let pace = Paced::new(options.effort);
    let instance = Instance::new(problem);
    let best = search(&instance, options, &pace);
    if std::env::var_os("STEPS").is_some() {
        eprintln!("steps {}", best.steps);
    }
    Ok(plan(problem, &best.sequences))
}

fn search(instance: &Instance, options: &Options, pace: &Paced) -> Best {
    let others = options.threads.max(1) - 1;
    std::thread::scope(|scope| {
        let spawned: Vec<_> = (1..=others as u64)
            .map(|k| {
                scope.spawn(move || {
                    anneal(instance, options.seed ^ k << 32, &Paced::new(options.effort), None)
                })
            })
            .collect();
        let mut best = anneal(instance, options.seed, pace, None);
        for other in spawned.into_iter().filter_map(|thread| thread.join().ok()) {
            if other.value < best.value {
                best = other;
            }
        }
        best
    })
}

/// The timetable and the score of given sequences, one per rep.
pub(crate) fn plan(problem: &Problem, sequences: &[Vec<usize>]) -> Plan {
    let mut served = vec![false; problem.visits.len()];
    let mut routes = Vec::new();
    for (rep, visits) in sequences.iter().enumerate().filter(|(_, v)| !v.is_empty()) {
        if let Some(route) = PlannedRoute::of(problem, rep, visits) {
            visits.iter().for_each(|&v| served[v] = true);
            routes.push(route);
        }
    }
    let missing: Vec<usize> = (0..served.len()).filter(|&v| !served[v]).collect();
    let score = Score {
        must_left_out: missing.iter().filter(|&&v| problem.visits[v].must).count() as i64,
        priority_left_out: missing.iter().map(|&v| problem.visits[v].priority).sum(),
        left_out: missing.len() as i64,
        lateness_s: routes.iter().flat_map(|r| &r.visits).map(|v| v.late_s).sum(),
        cost: routes.iter().map(|r| r.cost).sum(),
    };
    Plan { left_out: vec![], routes, score, proven_optimal: false, bound: None }
}
