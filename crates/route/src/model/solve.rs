//! From the problem to the plan: search, timetable, reasons.

use super::floor::floor;
use super::score::Score;
use super::single::solve_single;
use super::{LeftOut, ModelError, Plan, PlannedRoute, Problem};
use crate::search::anneal::{Best, Progress, anneal};
use crate::search::explain::explain;
use crate::search::instance::Instance;
use crate::search::route::Route;

/// When to stop.
#[derive(Clone, Copy)]
pub enum Effort<'a> {
    /// After this many steps per thread. The answer depends on nothing but problem, seed and steps.
    Steps(u64),
    /// After `seconds` on the caller's clock (wall, or CPU time of the calling thread), which also paces the
    /// search.
    Clock { now: &'a (dyn Fn() -> f64 + Sync), seconds: f64 },
}

impl Effort<'_> {
    /// The caller's clock; 0 when there is none.
    pub(crate) fn now(&self) -> f64 {
        if let Effort::Clock { now, .. } = self { now() } else { 0.0 }
    }

    /// What is left of it when it began at `begin`.
    pub(crate) fn less(self, begin: f64) -> Self {
        match self {
            Effort::Steps(_) => self,
            Effort::Clock { now, seconds } => Effort::Clock { now, seconds: seconds - (now() - begin) },
        }
    }

    /// Labels the exact search may look at: a quarter of the time.
    fn labels(&self) -> usize {
        match self {
            Effort::Steps(_) => usize::MAX,
            Effort::Clock { seconds, .. } => (seconds * 750_000.0) as usize,
        }
    }
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

/// The pace of another search under the same effort, beginning now.
pub(crate) fn pace<'a>(effort: Effort<'a>) -> impl Progress + 'a {
    Paced::new(effort)
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
    solve_from(problem, None, options)
}

/// As [`solve`], beginning from one sequence of visits per rep; what does not hold is planned anew.
///
/// # Errors
/// When the problem or the sequences refer to what does not exist.
pub fn solve_from(
    problem: &Problem,
    start: Option<&[Vec<usize>]>,
    options: &Options,
) -> Result<Plan, ModelError> {
    problem.validate()?;
    if start.is_some_and(|s| {
        s.len() > problem.reps.len() || s.iter().flatten().any(|&v| v >= problem.visits.len())
    }) {
        return Err(ModelError::Start);
    }
    let pace = Paced::new(options.effort);
    let single = solve_single(problem, options.effort.labels());
    let instance = Instance::new(problem);
    if let Some(single) = single.as_ref().filter(|s| s.proven) {
        let mut plan = plan(&instance, std::slice::from_ref(&single.visits));
        plan.proven_optimal = true;
        plan.bound = single.bound;
        return Ok(plan);
    }
    let found = single.as_ref().map(|s| vec![s.visits.clone()]);
    let best = search(&instance, options, &pace, found.as_deref().or(start));
    let mut plan = plan(&instance, &best.sequences);
    plan.steps = best.steps;
    let mut made: Vec<usize> = plan.routes.iter().flat_map(|r| &r.visits).map(|v| v.visit).collect();
    made.sort_unstable();
    let floor = floor(problem, &made, options.effort);
    // Nothing is left to gain where everything is made in time for what it costs at least.
    plan.proven_optimal =
        plan.left_out.is_empty() && plan.score.lateness_s == 0 && plan.score.cost <= floor.cost;
    let of_day = single.and_then(|s| s.bound).filter(|&b| plan.left_out.is_empty() && b <= plan.score.cost);
    plan.bound = of_day.max(Some(floor.cost));
    plan.floor = (plan.bound == Some(floor.cost)).then_some(floor);
    Ok(plan)
}

fn search(instance: &Instance, options: &Options, pace: &Paced, start: Option<&[Vec<usize>]>) -> Best {
    let others = options.threads.max(1) as u64 - 1;
    std::thread::scope(|scope| {
        let run = move |k: u64| anneal(instance, options.seed ^ k << 32, &Paced::new(options.effort), start);
        let spawned: Vec<_> = (1..=others).map(|k| scope.spawn(move || run(k))).collect();
        let mut best = anneal(instance, options.seed, pace, start);
        for other in spawned.into_iter().filter_map(|thread| thread.join().ok()) {
            if other.value < best.value {
                best = other;
            }
        }
        best
    })
}

/// The timetable, the score and the reasons for given sequences, one per rep.
fn plan(instance: &Instance, sequences: &[Vec<usize>]) -> Plan {
    let problem = instance.problem;
    let mut served = vec![false; problem.visits.len()];
    let mut routes = Vec::new();
    let mut finals: Vec<Route> = Vec::with_capacity(sequences.len());
    for (rep, visits) in sequences.iter().enumerate() {
        let mut route = Route::new(instance, rep);
        if let Some(planned) =
            Some(visits).filter(|v| !v.is_empty()).and_then(|v| PlannedRoute::of(problem, rep, v))
        {
            visits.iter().for_each(|&v| served[v] = true);
            routes.push(planned);
            route.assign(instance, visits);
        }
        finals.push(route);
    }
    let missing = (0..served.len()).filter(|&v| !served[v]);
    let left_out: Vec<LeftOut> = missing.map(|v| explain(instance, &finals, v)).collect();
    let left = || left_out.iter().map(|l| &problem.visits[l.visit]);
    let score = Score {
        must_left_out: left().filter(|v| v.must).count() as i64,
        priority_left_out: left().map(|v| v.priority).sum(),
        left_out: left_out.len() as i64,
        lateness_s: routes.iter().flat_map(|r| &r.visits).map(|v| v.late_s).sum(),
        cost: routes.iter().map(|r| r.cost).sum(),
    };
    Plan { routes, left_out, score, proven_optimal: false, bound: None, floor: None, steps: 0 }
}
