//! The problem in the form the search wants: 32-bit clocks, dense rows per visit, cheap yes-or-no tables.

use crate::model::PlannedRoute;
use crate::model::plan::committed_windows;
use crate::model::score::{UNIT, balance_cost, late_windows, seconds, wish_cost};
use crate::model::{Problem, Rep};
use crate::windows::{Break, owed};

/// Legs of this length do not exist. Clocks stay below it.
pub(crate) const NO_WAY: i32 = 1 << 28;
/// A clock that can never be met.
pub(crate) const NEVER: i32 = i32::MIN / 2;

#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Leg {
    pub cost: i32,
    pub time: i32,
}

/// Travel for reps who share means and rates. Nodes are the visits, then the places where reps start or end.
pub(crate) struct Net {
    nodes: usize,
    /// `[from][to]` and `[to][from]`.
    out: Vec<Leg>,
    into: Vec<Leg>,
    /// Metres `[from][to]`, kept only when somebody's distance is limited.
    metres: Vec<i32>,
}

impl Net {
    #[inline]
    pub fn leg(&self, from: usize, to: usize) -> Leg {
        self.out[from * self.nodes + to]
    }

    #[inline]
    pub fn out_of(&self, node: usize) -> &[Leg] {
        &self.out[node * self.nodes..(node + 1) * self.nodes]
    }

    #[inline]
    pub fn into(&self, node: usize) -> &[Leg] {
        &self.into[node * self.nodes..(node + 1) * self.nodes]
    }

    #[inline]
    pub fn metres(&self, from: usize, to: usize) -> i32 {
        if self.metres.is_empty() { 0 } else { self.metres[from * self.nodes + to] }
    }
}

/// When a visit may begin.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Opening {
    pub open: i32,
    pub close: i32,
    /// Further windows in the pool, and where the first is punctual until.
    more: (u32, u32),
}

pub(crate) struct Visit {
    pub window: Opening,
    /// End of the last window.
    pub closes: i32,
    pub service: i32,
    pub setup: i32,
    /// Cost of leaving it out, for the annealing.
    pub penalty: i64,
    pub priority: i64,
    pub must: bool,
    pub load: i64,
}

pub(crate) struct Person {
    pub net: usize,
    /// Reps of one class are interchangeable while idle.
    pub class: usize,
    pub start: usize,
    pub end: usize,
    pub shift: (i32, i32),
    pub breaks: Vec<Break>,
    pub max_tasks: usize,
    pub max_travel: i64,
    pub max_metres: i64,
    pub capacity: Vec<i64>,
    pub fixed: i64,
    pub committed: Vec<usize>,
}

pub(crate) struct Instance<'a> {
    pub problem: &'a Problem,
    pub visits: Vec<Visit>,
    pub people: Vec<Person>,
    pub nets: Vec<Net>,
    /// `[class][visit]`
    compatible: Vec<bool>,
    /// Wishes as cost `[rep][visit]`; empty when there are none.
    wishes: Vec<i32>,
    windows: Vec<(i32, i32)>,
    /// Punctual ends of the windows in the pool, and of the first windows by visit.
    punctual: Vec<i32>,
    first_punctual: Vec<i32>,
    /// Visits by closeness to a visit.
    pub near: Vec<Vec<u32>>,
    pub dimensions: usize,
    pub delivery: Vec<i64>,
    pub pickup: Vec<i64>,
    /// Some loads are brought and some taken, so the load is not the same all day.
    pub mixed_load: bool,
    /// Setups depend on the visit before.
    pub setups: bool,
    /// Somebody may be late.
    pub late: bool,
    pub balanced: bool,
    /// Cost of one second of lateness.
    pub late_cost: i64,
    /// Costs of the search times this are costs in 1/36 000 of a unit.
    divisor: i64,
    /// Mean cost of a leg to a near visit: the natural measure of temperature.
    pub leg_scale: f64,
    /// Visits the search plans: all but the committed and the hopeless.
    pub free: Vec<u32>,
    /// Row of the matrix per node, `u32::MAX` for an open end.
    places: Vec<u32>,
}

impl<'a> Instance<'a> {
    pub fn new(problem: &'a Problem) -> Instance<'a> {
        let n = problem.visits.len();
        let base = base(problem);
        let clock = |t: i64| (t - base).clamp(-i64::from(NO_WAY), i64::from(NO_WAY)) as i32;
        let mut places: Vec<Option<usize>> = problem.visits.iter().map(|v| Some(v.location)).collect();
        let mut ends: Vec<Option<usize>> = Vec::new();
        let mut node = |place: Option<usize>| {
            let k = ends.iter().position(|e| *e == place).unwrap_or_else(|| {
                ends.push(place);
                ends.len() - 1
            });
            n + k
        };
        let terminals: Vec<(usize, usize)> =
            problem.reps.iter().map(|r| (node(r.start), node(r.end))).collect();
        places.extend(ends);
        let divisor = divisor(problem);
        let (nets, net_of) = nets(problem, &places, divisor);
        let classes = classes(problem);
        let class_count = classes.iter().max().map_or(0, |c| c + 1);
        let mut compatible = vec![false; class_count * n];
        for (r, rep) in problem.reps.iter().enumerate() {
            for (v, visit) in problem.visits.iter().enumerate() {
                compatible[classes[r] * n + v] =
                    visit.skills.met_by(&rep.skills) && visit.allowed.as_ref().is_none_or(|a| a.contains(&r));
            }
        }
        let kept: Vec<&[usize]> = (0..problem.reps.len()).map(|r| feasible_prefix(problem, r)).collect();
        let mut committed = vec![false; n];
        kept.iter().copied().flatten().for_each(|&v| committed[v] = true);
        let mut windows = Vec::new();
        let mut punctual = Vec::new();
        let mut first_punctual = Vec::new();
        let setups = setups_vary(problem);
        let dimensions = problem.reps.iter().map(|r| r.capacity.len()).max().unwrap_or(0);
        let amount = |a: &[i64], d: usize| a.get(d).copied().unwrap_or(0);
        let all_amounts = |f: &dyn Fn(&crate::model::Visit) -> &[i64]| -> Vec<i64> {
            problem
                .visits
                .iter()
                .flat_map(|v| (0..dimensions).map(|d| amount(f(v), d)).collect::<Vec<_>>())
                .collect()
        };
        let (delivery, pickup) = (all_amounts(&|v| &v.delivery), all_amounts(&|v| &v.pickup));
        let visits = problem
            .visits
            .iter()
            .enumerate()
            .map(|(k, v)| {
                let all = if committed[k] {
                    committed_windows(problem, k)
                } else {
                    late_windows(&v.windows, v.lateness_allowed_s)
                };
                let first = all.first().map_or((NEVER, NO_WAY), |(w, _)| (clock(w.0), clock(w.1)));
                first_punctual.push(all.first().map_or(NO_WAY, |w| clock(w.1)));
                let from = windows.len() as u32;
                for (w, closes) in all.iter().skip(1) {
                    windows.push((clock(w.0), clock(w.1)));
                    punctual.push(clock(*closes));
                }
                let more = (from, windows.len() as u32);
                let setup = v.setup_s.clamp(0, i64::from(NO_WAY)) as i32;
                let service = v.service_s.clamp(0, i64::from(NO_WAY)) as i32;
                Visit {
                    window: Opening { open: first.0, close: first.1, more },
                    closes: all.last().map_or(NO_WAY, |(w, _)| clock(w.1)),
                    service: if setups { service } else { (service + setup).min(NO_WAY) },
                    setup: if setups { setup } else { 0 },
                    penalty: 0,
                    priority: v.priority.clamp(0, 1_000_000),
                    must: v.must,
                    load: amount(&v.delivery, 0) + amount(&v.pickup, 0),
                }
            })
            .collect();
        let people = problem
            .reps
            .iter()
            .enumerate()
            .map(|(r, rep)| person(rep, kept[r], net_of[r], classes[r], terminals[r], divisor, base))
            .collect();
        let mut wishes = Vec::new();
        let some_wish = problem.visits.iter().any(|v| !v.preferred.is_empty() || v.last.is_some());
        let paid_work = problem.reps.iter().any(|r| r.rates.per_task_hour != 0);
        if some_wish || paid_work || problem.weights.compactness != 0 {
            let reps = problem.reps.len();
            let price =
                |r: usize, v: usize| (wish_cost(problem, r, v) / divisor).clamp(0, i64::from(NO_WAY)) as i32;
            wishes = (0..reps * n).map(|k| price(k / n, k % n)).collect();
        }
        let mut instance = Instance {
            near: near(&nets, n),
            problem,
            visits,
            people,
            nets,
            compatible,
            wishes,
            windows,
            punctual,
            first_punctual,
            mixed_load: delivery.iter().any(|&d| d != 0) && pickup.iter().any(|&p| p != 0),
            dimensions,
            delivery,
            pickup,
            setups,
            late: problem.visits.iter().any(|v| v.lateness_allowed_s > 0)
                || problem.reps.iter().any(|r| !r.committed.is_empty()),
            balanced: problem.weights.balance != 0,
            late_cost: 0,
            divisor,
            leg_scale: 1.0,
            free: vec![],
            places: places.iter().map(|p| p.map_or(u32::MAX, |p| p as u32)).collect(),
        };
        instance.price();
        instance
    }

    /// Sets the prices that depend on how long legs are here.
    fn price(&mut self) {
        let n = self.visits.len();
        let (mut sum, mut count) = (0.0, 0.0);
        if let Some(net) = self.nets.first() {
            for v in 0..n {
                for &w in self.near[v].iter().take(4) {
                    sum += f64::from(net.leg(v, w as usize).cost.min(NO_WAY));
                    count += 1.0;
                }
            }
        }
        self.leg_scale = if count > 0.0 { (sum / count).max(1.0) } else { 1.0 };
        let leg = self.leg_scale as i64 + 1;
        self.late_cost = (leg / 60).max(1) * 4;
        let highest = self.visits.iter().map(|v| v.priority).max().unwrap_or(0).max(1);
        for v in &mut self.visits {
            // Priorities are compared as sums, so the price is linear in them, with the number of visits
            // deciding between equals.
            v.penalty = leg * 10 + leg * 200 * v.priority / highest;
            if v.must {
                v.penalty += leg * 4_000;
            }
        }
        let committed: Vec<usize> = self.people.iter().flat_map(|p| p.committed.iter().copied()).collect();
        self.free = (0..n).filter(|v| !committed.contains(v)).map(|v| v as u32).collect();
    }

    #[inline]
    pub fn compatible(&self, rep: usize, visit: usize) -> bool {
        self.compatible[self.people[rep].class * self.visits.len() + visit]
    }

    #[inline]
    pub fn wish(&self, rep: usize, visit: usize) -> i64 {
        if self.wishes.is_empty() { 0 } else { i64::from(self.wishes[rep * self.visits.len() + visit]) }
    }

    #[inline]
    pub fn net(&self, rep: usize) -> &Net {
        &self.nets[self.people[rep].net]
    }

    /// Begin of a visit on arriving at `t`; `None` after its last window.
    #[inline]
    pub fn begin(&self, visit: usize, t: i32) -> Option<i32> {
        let w = self.visits[visit].window;
        if t <= w.close {
            return Some(t.max(w.open));
        }
        let more = &self.windows[w.more.0 as usize..w.more.1 as usize];
        more.iter().find(|w| t <= w.1).map(|w| t.max(w.0))
    }

    /// Latest begin of a visit not after `t`; [`NEVER`] when there is none.
    #[inline]
    pub fn last_begin(&self, visit: usize, t: i32) -> i32 {
        let w = self.visits[visit].window;
        let more = &self.windows[w.more.0 as usize..w.more.1 as usize];
        if let Some(w) = more.iter().rev().find(|w| w.0 <= t) {
            return t.min(w.1);
        }
        if w.open <= t { t.min(w.close) } else { NEVER }
    }

    /// Seconds a begin lies after the end of its window.
    pub fn lateness(&self, visit: usize, begin: i32) -> i32 {
        let w = self.visits[visit].window;
        if begin <= w.close {
            return (begin - self.first_punctual[visit]).max(0);
        }
        let pool = w.more.0 as usize..w.more.1 as usize;
        pool.clone().find(|&k| begin <= self.windows[k].1).map_or(0, |k| (begin - self.punctual[k]).max(0))
    }

    /// Seconds of setup at visit `to` when coming from node `from`.
    #[inline]
    pub fn setup(&self, from: usize, to: usize) -> i32 {
        if self.setups && self.same_place(from, to) { 0 } else { self.visits[to].setup }
    }

    #[inline]
    pub fn same_place(&self, a: usize, b: usize) -> bool {
        self.places[a] == self.places[b] && self.places[a] != u32::MAX
    }

    /// Price of a rep's `work` seconds under the wish for balance.
    pub fn balance(&self, work: i64) -> i64 {
        if self.balanced { balance_cost(self.problem, work) / self.divisor } else { 0 }
    }
}

/// The clock begins a little before anything can happen.
fn base(problem: &Problem) -> i64 {
    let earliest = problem.reps.iter().map(|r| r.shift.0).min().unwrap_or(0);
    let first = problem.visits.iter().flat_map(|v| &v.windows).map(|w| w.0).min().unwrap_or(earliest);
    // A shift without beginning (VROOM's default is "always") does not push real hours off the clock.
    earliest.max(first - (1 << 26))
}

fn person(
    rep: &Rep,
    committed: &[usize],
    net: usize,
    class: usize,
    (start, end): (usize, usize),
    divisor: i64,
    base: i64,
) -> Person {
    let clock = |t: i64| (t - base).clamp(-i64::from(NO_WAY), i64::from(NO_WAY));
    let breaks = owed(&rep.breaks, rep.shift)
        .into_iter()
        .map(|b| Break {
            service_s: b.service_s,
            windows: b.windows.iter().map(|w| (clock(w.0), clock(w.1))).collect(),
        })
        .collect();
    Person {
        net,
        class,
        start,
        end,
        shift: (clock(rep.shift.0) as i32, clock(rep.shift.1) as i32),
        breaks,
        max_tasks: rep.max_tasks.unwrap_or(usize::MAX),
        max_travel: rep.max_travel_s.unwrap_or(i64::MAX),
        max_metres: rep.max_distance_m.unwrap_or(i64::MAX),
        capacity: rep.capacity.clone(),
        fixed: rep.rates.fixed * UNIT / divisor,
        committed: committed.to_vec(),
    }
}

/// As much of what is committed as fits the shift.
pub(crate) fn feasible_prefix(problem: &Problem, r: usize) -> &[usize] {
    let committed = &problem.reps[r].committed;
    let fits = |k: &usize| PlannedRoute::of(problem, r, &committed[..*k]).is_some();
    &committed[..(0..=committed.len()).rev().find(fits).unwrap_or(0)]
}

/// Largest number that divides all costs, enlarged until they fit 32 bits.
fn divisor(problem: &Problem) -> i64 {
    let mut common = 0;
    let mut largest = 1_i64;
    for rep in &problem.reps {
        let profile = &problem.profiles[rep.profile];
        if let Some(costs) = &profile.costs {
            common = gcd(common, UNIT);
            largest = largest.max(costs.largest().saturating_mul(UNIT));
        } else {
            common = gcd(gcd(common, rep.rates.per_hour * 10), rep.rates.per_km * 36);
            let time =
                profile.durations.largest().min(i64::from(NO_WAY)).saturating_mul(rep.rates.per_hour * 10);
            let way =
                profile.distances.largest().min(i64::from(NO_WAY)).saturating_mul(rep.rates.per_km * 36);
            largest = largest.max(time.saturating_add(way));
        }
    }
    let mut divisor = common.max(1);
    while largest / divisor > 1 << 26 {
        divisor *= 2;
    }
    divisor
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a.abs() } else { gcd(b, a % b) }
}

fn nets(problem: &Problem, places: &[Option<usize>], divisor: i64) -> (Vec<Net>, Vec<usize>) {
    let mut keys: Vec<(usize, u32, i64, i64)> = Vec::new();
    let mut net_of = Vec::new();
    let limited = problem.reps.iter().any(|r| r.max_distance_m.is_some());
    let mut nets = Vec::new();
    for rep in &problem.reps {
        let key = (rep.profile, rep.speed_percent, rep.rates.per_hour, rep.rates.per_km);
        let k = keys.iter().position(|k| *k == key).unwrap_or_else(|| {
            keys.push(key);
            nets.push(net(problem, rep, places, divisor, limited));
            keys.len() - 1
        });
        net_of.push(k);
    }
    (nets, net_of)
}

fn net(problem: &Problem, rep: &Rep, places: &[Option<usize>], divisor: i64, limited: bool) -> Net {
    let nodes = places.len();
    let profile = &problem.profiles[rep.profile];
    let leg = |from: usize, to: usize| {
        let (Some(a), Some(b)) = (places[from], places[to]) else { return Leg::default() };
        let time = seconds(problem, rep, a, b);
        if !(0..i64::from(NO_WAY)).contains(&time) {
            return Leg { cost: NO_WAY, time: NO_WAY };
        }
        let cost = match &profile.costs {
            Some(costs) => costs[(a, b)] * UNIT,
            None => time * rep.rates.per_hour * 10 + profile.distances[(a, b)] * rep.rates.per_km * 36,
        };
        Leg { cost: (cost / divisor).clamp(0, i64::from(NO_WAY)) as i32, time: time as i32 }
    };
    let pairs = || (0..nodes).flat_map(|a| (0..nodes).map(move |b| (a, b)));
    let metres = |(from, to): (usize, usize)| {
        places[from].zip(places[to]).map_or(0, |p| profile.distances[p].clamp(0, i64::from(NO_WAY)) as i32)
    };
    Net {
        nodes,
        out: pairs().map(|(a, b)| leg(a, b)).collect(),
        into: pairs().map(|(a, b)| leg(b, a)).collect(),
        metres: if limited { pairs().map(metres).collect() } else { vec![] },
    }
}

/// Same number for reps who could swap their whole days.
fn classes(problem: &Problem) -> Vec<usize> {
    let named = |r: usize| {
        problem.visits.iter().any(|v| {
            v.preferred.contains(&r)
                || v.last == Some(r)
                || v.allowed.as_ref().is_some_and(|a| a.contains(&r))
        })
    };
    let mut classes: Vec<usize> = Vec::with_capacity(problem.reps.len());
    let mut models: Vec<(usize, bool)> = Vec::new();
    for (r, rep) in problem.reps.iter().enumerate() {
        let own = named(r) || !rep.committed.is_empty();
        let same = |&(m, unique): &(usize, bool)| !unique && !own && alike(&problem.reps[m], rep);
        classes.push(models.iter().position(same).unwrap_or_else(|| {
            models.push((r, own));
            models.len() - 1
        }));
    }
    classes
}

fn alike(a: &Rep, b: &Rep) -> bool {
    let key = |r: &Rep| {
        let mut skills = r.skills.clone();
        skills.sort_unstable();
        let limits = (r.max_tasks, r.max_travel_s, r.max_distance_m, r.rates, r.speed_percent);
        (r.profile, r.start, r.end, r.shift, r.breaks.clone(), skills, r.capacity.clone(), limits)
    };
    key(a) == key(b)
}

/// Whether the setup of some visit depends on what comes before it.
fn setups_vary(problem: &Problem) -> bool {
    let mut seen: std::collections::BTreeMap<usize, bool> =
        problem.reps.iter().filter_map(|r| r.start).map(|p| (p, false)).collect();
    let mut varies = false;
    for v in &problem.visits {
        let setup = v.setup_s > 0;
        match seen.get_mut(&v.location) {
            Some(other) => {
                varies |= setup || *other;
                *other |= setup;
            }
            None => {
                seen.insert(v.location, setup);
            }
        }
    }
    varies
}

/// For every visit the others by cost there, both ways; at most [`NEAR`] of them.
fn near(nets: &[Net], n: usize) -> Vec<Vec<u32>> {
    const NEAR: usize = 300;
    let Some(net) = nets.first() else { return vec![vec![]; n] };
    (0..n)
        .map(|v| {
            let mut others: Vec<(i64, u32)> = (0..n)
                .filter(|&w| w != v)
                .map(|w| (i64::from(net.leg(v, w).cost) + i64::from(net.leg(w, v).cost), w as u32))
                .collect();
            if others.len() > NEAR {
                others.select_nth_unstable(NEAR);
                others.truncate(NEAR);
            }
            others.sort_unstable();
            others.into_iter().map(|(_, w)| w).collect()
        })
        .collect()
}
