//! Lower bounds on what is left of a day in which every candidate is served.
//!
//! The relaxation lets a person visit the right *number* of stops, possibly one twice and another never, but
//! not A–B–A; multipliers reward the neglected and charge the repeated ones until the relaxed tour is nearly
//! a real one (Christofides, Mingozzi, Toth 1981). Costs are integers scaled by [`SCALE`], so the bounds are
//! exact.

use super::instance::Instance;

pub(crate) const SCALE: i64 = 1_000;
pub(crate) const INFINITE: i64 = i64::MAX / 8;
const NONE: u8 = u8::MAX;

/// Cheapest relaxed completion from a node, and the cheapest one that begins with another stop.
#[derive(Clone, Copy)]
struct Completion {
    best: i64,
    next: u8,
    other: i64,
    other_next: u8,
}

const NOTHING: Completion = Completion { best: INFINITE, next: NONE, other: INFINITE, other_next: NONE };

pub(crate) struct Bound {
    n: usize,
    pub multipliers: Vec<i64>,
    sum: i64,
    /// `[remaining][node]`
    completions: Vec<Completion>,
    allowed: Succession,
}

/// Which stop may follow which, and at which position, if all are served.
struct Succession {
    n: usize,
    follows: Vec<bool>,
    positions: Vec<(usize, usize)>,
    /// Position → candidate locked there.
    locked: Vec<Option<usize>>,
}

impl Succession {
    fn new(instance: &Instance) -> Succession {
        let n = instance.n;
        let first: Vec<i64> = (0..n)
            .map(|j| {
                let arrive = instance.shift.0 + instance.nearest(n, j);
                crate::windows::opening(&instance.windows[j], arrive).unwrap_or(arrive) + instance.service[j]
            })
            .collect();
        // i must come before j when i is already closed after going to j first.
        let before = |i: usize, j: usize| {
            i != j && {
                let arrive = first[j] + instance.nearest(j, i);
                arrive > instance.closes[i]
                    || arrive + instance.service[i] + instance.nearest_end[i] > instance.shift.1
            }
        };
        let order: Vec<bool> = (0..n * n).map(|k| before(k / n, k % n)).collect();
        let must = |i: usize, j: usize| order[i * n + j];
        let follows = (0..(n + 1) * n)
            .map(|k| {
                let (i, j) = (k / n, k % n);
                if i == n {
                    return (0..n).all(|k| !must(k, j));
                }
                i != j && !must(j, i) && (0..n).all(|k| !(must(i, k) && must(k, j)))
            })
            .collect();
        let mut locked = vec![None; n];
        for (k, lock) in instance.locked.iter().enumerate() {
            if let Some(slot) = lock.and_then(|p| locked.get_mut(p)) {
                *slot = Some(k);
            }
        }
        let positions = (0..n)
            .map(|j| {
                let earlier = (0..n).filter(|&i| must(i, j)).count();
                let later = (0..n).filter(|&i| must(j, i)).count();
                match instance.locked[j] {
                    Some(p) => (p, p),
                    None => (earlier, (n - 1).saturating_sub(later)),
                }
            })
            .collect();
        Succession { n, follows, positions, locked }
    }

    #[inline]
    fn allows(&self, from: usize, to: usize, position: usize) -> bool {
        let (first, last) = self.positions[to];
        self.follows[from * self.n + to]
            && position >= first
            && position <= last
            && self.locked[position].is_none_or(|k| k == to)
    }
}

impl Bound {
    /// Without multipliers.
    pub fn plain(instance: &Instance) -> Bound {
        let n = instance.n;
        let mut bound = Bound {
            n,
            multipliers: vec![0; n],
            sum: 0,
            completions: vec![NOTHING; (n + 1) * (n + 1)],
            allowed: Succession::new(instance),
        };
        bound.fill(instance);
        bound
    }

    /// Improves the multipliers by `rounds` subgradient steps towards `target`, the value of a known day.
    pub fn tighten(&mut self, instance: &Instance, target: Option<i64>, rounds: usize) {
        let mut best = (self.root(), self.multipliers.clone());
        let (mut reach, mut stale) = (1.0_f64, 0);
        for _ in 0..rounds {
            let root = self.root();
            if root >= INFINITE {
                return;
            }
            let goal = target.map_or(root + root / 10 + SCALE, |t| t * SCALE);
            if root > best.0 {
                best = (root, self.multipliers.clone());
                stale = 0;
            } else {
                stale += 1;
                if stale == 8 {
                    (reach, stale) = (reach * 0.5, 0);
                    self.multipliers.clone_from(&best.1);
                    self.fill(instance);
                }
            }
            let visits = self.visits();
            let norm: i64 = visits.iter().map(|&v| (v - 1) * (v - 1)).sum();
            if norm == 0 || goal <= root || reach < 1e-3 {
                break;
            }
            let step = reach * (goal - root) as f64 / norm as f64;
            for (m, v) in self.multipliers.iter_mut().zip(visits) {
                *m += (step * (1 - v) as f64).round() as i64;
            }
            self.fill(instance);
        }
        if self.root() < best.0 {
            self.multipliers = best.1;
            self.fill(instance);
        }
    }

    /// Scaled bound on the whole day.
    pub fn root(&self) -> i64 {
        let whole = self.completions[self.n * (self.n + 1) + self.n].best;
        if whole >= INFINITE { INFINITE } else { whole + self.sum }
    }

    /// Scaled bound on a day that has served `set`, stands at `node`, and has paid `reduced` (cost minus the
    /// multipliers of the served).
    #[inline]
    pub fn of(&self, reduced: i64, set: u64, served: usize, node: usize) -> i64 {
        let c = self.completions[(self.n - served) * (self.n + 1) + node];
        let rest = if c.next != NONE && set >> c.next & 1 == 1 { c.other } else { c.best };
        if rest >= INFINITE { INFINITE } else { reduced + self.sum + rest }
    }

    fn fill(&mut self, instance: &Instance) {
        let n = self.n;
        self.sum = self.multipliers.iter().sum();
        for i in 0..=n {
            let best = instance.cost_end[i] * SCALE;
            self.completions[i] = Completion { best, next: NONE, other: best, other_next: NONE };
        }
        for remaining in 1..=n {
            let position = n - remaining;
            let (done, open) = self.completions.split_at_mut(remaining * (n + 1));
            let shorter = &done[(remaining - 1) * (n + 1)..];
            for (i, entry) in open[..=n].iter_mut().enumerate() {
                let mut c = NOTHING;
                for (j, &tail) in shorter[..n].iter().enumerate() {
                    if i == j || !self.allowed.allows(i, j, position) {
                        continue;
                    }
                    let tail = if usize::from(tail.next) == i { tail.other } else { tail.best };
                    if tail >= INFINITE {
                        continue;
                    }
                    let value = instance.cost(i, j) * SCALE - self.multipliers[j] + tail;
                    if value < c.best {
                        c = Completion { best: value, next: j as u8, other: c.best, other_next: c.next };
                    } else if value < c.other {
                        (c.other, c.other_next) = (value, j as u8);
                    }
                }
                *entry = c;
            }
        }
    }

    /// How often the relaxed optimum visits each stop.
    fn visits(&self) -> Vec<i64> {
        let n = self.n;
        let mut visits = vec![0; n];
        let (mut node, mut came_from) = (n, n);
        for remaining in (1..=n).rev() {
            let c = self.completions[remaining * (n + 1) + node];
            let next = usize::from(if usize::from(c.next) == came_from { c.other_next } else { c.next });
            if next >= n {
                break;
            }
            visits[next] += 1;
            (came_from, node) = (node, next);
        }
        visits
    }
}
