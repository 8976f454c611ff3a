//! Label search over (served set, last stop, breaks taken), level by level.
//!
//! A label keeps lateness, cost, clock and what is used of the limits; one that is nowhere better than another with the
//! same state is dropped, and so is one whose bound cannot beat the best day known. The search runs with a growing beam: a
//! pass in which the beam cut nothing has seen everything, which is the proof.

use super::bound::{Bound, INFINITE, SCALE};
use super::instance::Instance;

/// Outcome of the search.
pub(crate) struct Found {
    /// Candidates of the instance in order.
    pub order: Vec<usize>,
    pub proven: bool,
    pub bound: i64,
    pub lateness_s: i64,
    pub multipliers: Vec<i64>,
}

/// Labels kept per level, pass after pass.
const BEAMS: [usize; 5] = [24, 256, 3_000, 30_000, 300_000];
/// Labels examined before giving up the proof; bounds time (about 0.3 µs each) and memory. Beyond twenty
/// stops the proof closes so seldom that waiting for it is not worth it.
pub(crate) fn effort_for(stops: usize) -> usize {
    if stops <= 20 { 6_000_000 } else { 600_000 }
}

#[derive(Clone, Copy)]
struct Label {
    set: u64,
    cost: i64,
    /// Departure from `last`.
    time: i64,
    /// Scaled cost minus the multipliers of the served stops.
    reduced: i64,
    worth: i64,
    /// Most that can still be reached, and a bound on the cost of reaching it.
    promise: (i64, i64),
    parent: u32,
    /// Seconds late so far. It never shrinks, and who is earlier is never later at what follows.
    late: u32,
    /// Of what is limited.
    used: [u32; 2],
    last: u8,
    breaks: u8,
}

/// Best day so far: more worth first, then less lateness, then less cost.
#[derive(Clone)]
struct Incumbent {
    worth: i64,
    late: u32,
    cost: i64,
    order: Vec<usize>,
}

/// Searches, examining at most `limit` labels.
pub(crate) fn solve(instance: &Instance, limit: usize) -> Found {
    let mut best = Incumbent { worth: 0, late: 0, cost: 0, order: vec![] };
    let mut bound = Bound::plain(instance);
    let all: i64 = instance.worth.iter().sum();
    let mut effort = 0;
    let mut proven = instance.n == 0;
    for (pass, &beam) in BEAMS.iter().enumerate() {
        if proven || effort > limit {
            break;
        }
        if pass == 1 {
            let target = (best.worth == all).then_some(best.cost);
            bound.tighten(instance, target, 8 * instance.n + 40);
            if best.worth == all && best.late == 0 && ceil(bound.root()) >= best.cost {
                proven = true;
                break;
            }
        }
        let mut search =
            Search { instance, bound: &bound, beam, effort: &mut effort, limit, best, full: true };
        search.run();
        proven = search.full;
        best = search.best;
    }
    proven &= !instance.truncated;
    let floor = if best.worth == all { ceil(bound.root()).min(best.cost) } else { 0 };
    Found {
        bound: if proven { best.cost } else { floor },
        lateness_s: i64::from(best.late),
        order: best.order,
        proven,
        multipliers: bound.multipliers,
    }
}

fn ceil(scaled: i64) -> i64 {
    if scaled >= INFINITE {
        scaled
    } else {
        scaled.div_euclid(SCALE) + i64::from(scaled.rem_euclid(SCALE) != 0)
    }
}

struct Search<'a> {
    instance: &'a Instance,
    bound: &'a Bound,
    beam: usize,
    effort: &'a mut usize,
    limit: usize,
    best: Incumbent,
    full: bool,
}

impl Search<'_> {
    fn run(&mut self) {
        let instance = self.instance;
        let estimate = Estimate::new(instance);
        let root = Label {
            set: 0,
            cost: 0,
            time: instance.shift.0,
            reduced: 0,
            worth: 0,
            promise: (i64::MAX, 0),
            parent: u32::MAX,
            late: 0,
            used: [0; 2],
            last: instance.n as u8,
            breaks: 0,
        };
        let mut kept = vec![root];
        let mut level = 0..1;
        let mut children: Vec<Label> = Vec::new();
        for served in 1..=instance.most_stops {
            children.clear();
            for at in level.clone() {
                self.extend(&kept, at, served, &estimate, &mut children);
            }
            *self.effort += children.len();
            let from = kept.len();
            drop_dominated(&mut children, &mut kept);
            if kept.len() - from > self.beam {
                self.full = false;
                kept[from..]
                    .sort_unstable_by_key(|l| (-l.promise.0, l.late, l.promise.1, l.time, l.set, l.last));
                kept.truncate(from + self.beam);
            }
            if *self.effort > self.limit {
                self.full = false;
                break;
            }
            level = from..kept.len();
        }
    }

    fn extend(
        &mut self,
        kept: &[Label],
        at: usize,
        served: usize,
        estimate: &Estimate,
        out: &mut Vec<Label>,
    ) {
        let instance = self.instance;
        let label = kept[at];
        if !self.hopeful(&label) {
            return;
        }
        let owed = instance.breaks.len();
        for j in 0..instance.n {
            let free = instance.locked[j].is_none_or(|p| p + 1 == served);
            if label.set >> j & 1 == 1 || !free {
                continue;
            }
            let Some(used) = instance.used(label.used, usize::from(label.last), j) else { continue };
            for breaks in usize::from(label.breaks)..=owed {
                let on_the_way = &instance.breaks[usize::from(label.breaks)..breaks];
                let Some(time) = instance.step(label.time, usize::from(label.last), j, on_the_way) else {
                    continue;
                };
                let cost = if instance.by_clock {
                    time - instance.shift.0
                } else {
                    label.cost + instance.cost(usize::from(label.last), j)
                };
                let mut child = Label {
                    set: label.set | 1 << j,
                    cost,
                    time,
                    reduced: label.reduced + (cost - label.cost) * SCALE - self.bound.multipliers[j],
                    worth: label.worth + instance.worth[j],
                    promise: (0, 0),
                    parent: at as u32,
                    late: label.late.saturating_add(late(instance, j, time)),
                    used,
                    last: j as u8,
                    breaks: breaks as u8,
                };
                self.offer(kept, &child);
                child.promise = estimate.promise(instance, self.bound, &child, served, self.best.worth);
                if self.hopeful(&child) {
                    out.push(child);
                }
            }
        }
    }

    fn hopeful(&self, label: &Label) -> bool {
        let (worth, cost) = label.promise;
        worth > self.best.worth
            || (worth == self.best.worth && (label.late, cost) < (self.best.late, self.best.cost))
    }

    /// Ends the day after this label, if that is the best day so far.
    fn offer(&mut self, kept: &[Label], label: &Label) {
        let instance = self.instance;
        let last = usize::from(label.last);
        if label.worth < self.best.worth || !instance.ends_within(label.used, last) {
            return;
        }
        let Some(finish) = instance.finish(label.time, last, &instance.breaks[usize::from(label.breaks)..])
        else {
            return;
        };
        let cost =
            if instance.by_clock { finish - instance.shift.0 } else { label.cost + instance.cost_end[last] };
        if label.worth > self.best.worth || (label.late, cost) < (self.best.late, self.best.cost) {
            let mut order = vec![last];
            let mut at = label.parent;
            while let Some(l) = kept.get(at as usize).filter(|l| l.parent != u32::MAX) {
                order.push(usize::from(l.last));
                at = l.parent;
            }
            order.reverse();
            self.best = Incumbent { worth: label.worth, late: label.late, cost, order };
        }
    }
}

/// Seconds late when the visit ends at `time`.
fn late(instance: &Instance, stop: usize, time: i64) -> u32 {
    let begin = time - instance.service[stop];
    u32::try_from(begin.saturating_sub(instance.punctual[stop]).max(0)).unwrap_or(u32::MAX)
}

/// Moves the labels no other one dominates to `kept`.
fn drop_dominated(children: &mut [Label], kept: &mut Vec<Label>) {
    children.sort_unstable_by_key(|l| (l.set, l.last, u8::MAX - l.breaks, l.late, l.cost, l.time));
    let mut group = kept.len();
    for child in children.iter() {
        if kept.get(group).is_some_and(|l| (l.set, l.last) != (child.set, child.last)) {
            group = kept.len();
        }
        // Everything in the group so far has taken at least as many breaks.
        let beaten = |l: &Label| {
            (l.late, l.cost) <= (child.late, child.cost)
                && l.time <= child.time
                && l.used[0] <= child.used[0]
                && l.used[1] <= child.used[1]
        };
        if !kept[group..].iter().any(beaten) {
            kept.push(*child);
        }
    }
}

/// What a label can still become.
struct Estimate {
    /// Per node: candidates by the latest departure from the node that still reaches them, latest first,
    /// each with the set of those up to it.
    reach: Vec<Vec<(i64, u64)>>,
    /// Served count → candidates whose locked position has passed.
    passed: Vec<u64>,
    /// Cheapest leg into a stop, and cheapest end.
    into: Vec<i64>,
    end: i64,
    all: u64,
    worth: i64,
    /// Least seconds a stop takes, and all stops by worth per second.
    seconds: Vec<i64>,
    by_density: Vec<usize>,
    /// Stops by worth, and by the cheapest leg into them, for days that may hold only some of them.
    by_worth: Vec<usize>,
    by_leg: Vec<usize>,
    break_seconds: Vec<i64>,
}

impl Estimate {
    fn new(instance: &Instance) -> Estimate {
        let n = instance.n;
        let least = |cell: &dyn Fn(usize) -> i64, skip: usize| {
            (0..=n).filter(|&i| i != skip).map(cell).min().unwrap_or(0)
        };
        let into: Vec<i64> = (0..n).map(|j| least(&|i| instance.cost(i, j), j)).collect();
        let mut by_worth: Vec<usize> = (0..n).collect();
        by_worth.sort_by_key(|&k| (-instance.worth[k], k));
        let mut by_leg: Vec<usize> = (0..n).collect();
        by_leg.sort_by_key(|&k| (into[k], k));
        let seconds: Vec<i64> =
            (0..n).map(|j| least(&|i| instance.travel(i, j), j) + instance.service[j]).collect();
        let mut by_density: Vec<usize> = (0..n).collect();
        by_density.sort_by(|&a, &b| {
            let left = i128::from(instance.worth[a]) * i128::from(seconds[b]);
            let right = i128::from(instance.worth[b]) * i128::from(seconds[a]);
            right.cmp(&left).then(a.cmp(&b))
        });
        let mut break_seconds: Vec<i64> = vec![0; instance.breaks.len() + 1];
        for k in (0..instance.breaks.len()).rev() {
            break_seconds[k] = break_seconds[k + 1] + instance.breaks[k].service_s;
        }
        let late = |p: usize, served: usize| instance.locked[p].is_some_and(|at| at < served);
        let passed = (0..=n).map(|served| set_of((0..n).filter(|&k| late(k, served)))).collect();
        Estimate {
            reach: (0..=n).map(|from| reach(instance, from)).collect(),
            passed,
            into,
            end: (0..n).map(|i| instance.cost_end[i]).min().unwrap_or(0),
            all: set_of(0..n),
            worth: instance.worth.iter().sum(),
            seconds,
            by_density,
            by_worth,
            by_leg,
            break_seconds,
        }
    }

    /// Upper bound on the worth of any day that continues the label and, for days that reach it, a lower
    /// bound on their cost.
    fn promise(
        &self,
        instance: &Instance,
        bound: &Bound,
        label: &Label,
        served: usize,
        known: i64,
    ) -> (i64, i64) {
        let last = usize::from(label.last);
        let owed = self.break_seconds[usize::from(label.breaks)];
        let unhurried = if instance.by_clock { owed } else { 0 };
        let in_time = self.reach[last].partition_point(|&(deadline, _)| deadline >= label.time);
        let in_time = if in_time == 0 { 0 } else { self.reach[last][in_time - 1].1 };
        let reachable = in_time & !label.set & !self.passed[served];
        let slots = instance.most_stops - served;
        if slots < reachable.count_ones() as usize {
            return self.some_of(instance, label, reachable, slots, unhurried);
        }
        let mut ceiling = None;
        if reachable | label.set == self.all {
            let dual = bound.of(label.reduced, label.set, served, last);
            if dual < INFINITE
                && (self.worth == known || self.fits(instance, label, reachable, owed) >= self.worth)
            {
                return (self.worth, ceil(dual) + unhurried);
            }
            // Not all of them, so at least the least is left out.
            let least = members(reachable).map(|k| instance.worth[k]).min().unwrap_or(0);
            ceiling = Some(self.worth - least);
        }
        let (mut worth, mut rest) = (label.worth, label.cost);
        for k in members(reachable) {
            worth += instance.worth[k];
            rest += self.into[k];
        }
        let everything = worth;
        worth = worth.min(ceiling.unwrap_or(worth));
        if worth > known {
            worth = worth.min(self.fits(instance, label, reachable, owed));
        }
        // Serving less than everything reachable may be cheaper than `rest`.
        let least = match (worth == everything, reachable) {
            (true, 0) => label.cost + instance.cost_end[last],
            (true, _) => rest + self.end,
            _ => label.cost,
        };
        (worth, least + unhurried)
    }

    /// The same where only so many more may be served: the worthiest, by the cheapest legs into any.
    fn some_of(
        &self,
        instance: &Instance,
        label: &Label,
        reachable: u64,
        slots: usize,
        unhurried: i64,
    ) -> (i64, i64) {
        let within = |k: &&usize| reachable >> **k & 1 == 1;
        let worth: i64 = self.by_worth.iter().filter(within).take(slots).map(|k| instance.worth[*k]).sum();
        let legs: i64 = self.by_leg.iter().filter(within).take(slots).map(|k| self.into[*k]).sum();
        let end = if slots == 0 { instance.cost_end[usize::from(label.last)] } else { self.end };
        (label.worth + worth, label.cost + legs + end + unhurried)
    }

    /// Fractional knapsack over the time left.
    fn fits(&self, instance: &Instance, label: &Label, reachable: u64, owed: i64) -> i64 {
        let mut left = instance.shift.1 - label.time - owed;
        let mut worth = label.worth;
        for &k in self.by_density.iter().filter(|&&k| reachable >> k & 1 == 1) {
            if self.seconds[k] > left {
                let part = i128::from(instance.worth[k]) * i128::from(left.max(0));
                return worth + (part / i128::from(self.seconds[k])) as i64;
            }
            left -= self.seconds[k];
            worth += instance.worth[k];
        }
        worth
    }
}

fn reach(instance: &Instance, from: usize) -> Vec<(i64, u64)> {
    let deadline = |k: usize| {
        let begin = instance.shift.1 - instance.service[k] - instance.nearest_end[k];
        let begin = crate::windows::last_opening(&instance.windows[k], begin);
        begin.map(|b| (b - instance.nearest(from, k), 1_u64 << k))
    };
    let mut reach: Vec<(i64, u64)> = (0..instance.n).filter(|&k| k != from).filter_map(deadline).collect();
    reach.sort_unstable_by_key(|&(deadline, _)| -deadline);
    let mut set = 0;
    for entry in &mut reach {
        set |= entry.1;
        entry.1 = set;
    }
    reach
}

fn set_of(members: impl Iterator<Item = usize>) -> u64 {
    members.fold(0, |set, k| set | 1 << k)
}

fn members(mut set: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let k = set.trailing_zeros() as usize;
        set &= set.wrapping_sub(1);
        (k < 64).then_some(k)
    })
}
