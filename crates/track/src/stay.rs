//! Where a person stayed.
//!
//! Every fix votes for "still at this place" or "gone" with a log-likelihood ratio from its distance to the
//! place, measured against the noise seen there, and from its speed. A stay is the stretch with the highest
//! total of votes round a seed (maximal scoring segment with a drop limit): a multipath jump is outvoted by
//! the fixes around it, a drive is not, and the arrival is where the votes turn.

use crate::obs::Obs;

/// A stay inside one run; `a..=b` are the indices of its fixes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Held {
    pub a: usize,
    pub b: usize,
    pub x: f64,
    pub y: f64,
    /// Radius that holds two thirds of the fixes, metres.
    pub spread: f64,
    /// Noise seen there against the noise reported.
    kappa: f64,
    /// Median of the reported noise per axis, metres.
    reported: f64,
    /// How much faster than usual a receiver at rest believes to move there, 1 or more.
    restless: f64,
}

/// Length of the stretch a search starts from, seconds.
const SEED_S: f64 = 110.0;
/// A part of a stay between two wild moments, seconds.
const FRAGMENT_S: f64 = 75.0;
/// Votes lost before the search gives up in one direction (a vote is worth up to ten seconds).
const DROP: f64 = 8.0;
/// Where somebody who is not here may be, metres: the width of the alternative.
const ELSEWHERE_M: f64 = 150.0;
/// Noise of a place cannot be better than this nor worse than that, metres per axis.
const SCALE: std::ops::RangeInclusive<f64> = 4.0..=32.0;
/// Faster than somebody moves about inside a shop, m/s.
const DRIVE_MPS: f64 = 2.5;
/// Correlation time of the position error, seconds.
const TAU_S: f64 = 20.0;

/// Stays of at least `min_s` seconds, in order.
pub(crate) fn find(obs: &[Obs], min_s: f64) -> Vec<Held> {
    let mut out: Vec<Held> = Vec::new();
    let mut i = 0;
    let mut free = 0;
    while i + 2 < obs.len() {
        let Some(j) = seed_end(obs, i) else { break };
        match grow(obs, i, j, free) {
            Some(held) if obs[held.b].t - obs[held.a].t >= FRAGMENT_S => {
                i = held.b + 1;
                free = i;
                out.push(held);
            }
            _ => i += 1,
        }
    }
    let mut merged = merge(obs, out);
    absorb_edges(obs, &mut merged);
    for held in &mut merged {
        trim(obs, held);
    }
    merged.retain(|h| obs[h.b].t - obs[h.a].t >= 0.75 * min_s);
    merged
}

/// Index of the last fix of the stretch that starts at `i`: long enough, and at least three fixes.
fn seed_end(obs: &[Obs], i: usize) -> Option<usize> {
    let j = obs.partition_point(|o| o.t < obs[i].t + SEED_S).max(i + 2);
    (j < obs.len()).then_some(j)
}

fn grow(obs: &[Obs], i: usize, j: usize, free: usize) -> Option<Held> {
    if obs[i].v.is_some_and(|v| v > DRIVE_MPS) {
        return None;
    }
    let mut held = describe(obs, i, j);
    let votes: f64 = (i..=j).map(|k| weight(obs, k) * vote(obs, k, &held)).sum();
    let most: f64 = (i..=j).map(|k| weight(obs, k) * 2.0).sum();
    if held.spread > 60.0 || votes < 0.3 * most {
        return None;
    }
    let mid = i + (j - i) / 2;
    for _ in 0..4 {
        let b = reach(obs, mid..=obs.len() - 1, false, &held);
        let a = reach(obs, free..=mid, true, &held);
        let next = describe(obs, a, b);
        let same = (next.a, next.b) == (held.a, held.b);
        held = next;
        if same {
            break;
        }
    }
    Some(held)
}

/// The index at which the running total of votes is highest, walking up the range or down.
fn reach(obs: &[Obs], range: std::ops::RangeInclusive<usize>, down: bool, held: &Held) -> usize {
    let (first, last) = (*range.start(), *range.end());
    let mut best = (0.0, if down { last } else { first });
    let mut total = 0.0;
    for n in 0..=last - first {
        let k = if down { last - n } else { first + n };
        total += weight(obs, k) * vote(obs, k, held);
        if total >= best.0 {
            best = (total, k);
        } else if total < best.0 - DROP {
            break;
        }
    }
    best.1
}

/// How much a fix may say: its share of time, up to ten seconds (errors of neighbours are the same error).
fn weight(obs: &[Obs], k: usize) -> f64 {
    let before = if k > 0 { obs[k].t - obs[k - 1].t } else { 10.0 };
    let after = if k + 1 < obs.len() { obs[k + 1].t - obs[k].t } else { 10.0 };
    ((before.min(10.0) + after.min(10.0)) / 20.0).clamp(0.02, 1.0)
}

/// Log-likelihood ratio of "still here" against "gone". Nobody leaves without moving, so movement is the
/// strong evidence; a moderate distance alone may be drift and is weak.
fn vote(obs: &[Obs], k: usize, held: &Held) -> f64 {
    let o = &obs[k];
    let scale = (held.kappa * o.sigma).clamp(*SCALE.start(), *SCALE.end());
    let d = (o.x - held.x).hypot(o.y - held.y);
    let place = (ELSEWHERE_M * ELSEWHERE_M / (2.0 * scale * scale)).ln() - (d / scale).powi(2) / 2.0;
    let worst = if d > 60.0 + 4.0 * scale { -3.0 } else { -1.2 };
    let motion = match o.v {
        Some(v) => {
            let vote = (1.0 - 0.6 * (v / held.restless).powi(2)).max(-4.5);
            // a speed that dense positions do not show is an error of the receiver
            match (before(obs, k), after(obs, k)) {
                (Some(i), Some(j)) if obs[j].t - obs[i].t < 25.0 && at_rest(obs, i, j, held) > 0.0 => {
                    vote.max(-1.0)
                }
                _ => vote,
            }
        }
        None => displacement(obs, k, held),
    };
    place.clamp(worst, 1.2) + motion.clamp(-6.0, 0.8)
}

/// The motion vote of a fix without speed: how far the positions moved in the seconds before it, after it
/// and across it (the least of the three, so that neither a leap nor a single wild fix is a movement),
/// against what the noise of the place would show.
fn displacement(obs: &[Obs], k: usize, held: &Held) -> f64 {
    let (Some(before), Some(after)) = (before(obs, k), after(obs, k)) else { return 0.0 };
    let votes = [(before, k), (k, after), (before, after)].map(|(i, j)| at_rest(obs, i, j, held));
    votes.into_iter().fold(f64::NEG_INFINITY, f64::max)
}

/// Time over which a movement shows in positions, seconds.
const LAG_S: f64 = 7.5;

fn before(obs: &[Obs], k: usize) -> Option<usize> {
    (k.saturating_sub(32)..k).rev().find(|&i| obs[k].t - obs[i].t >= LAG_S).or(k.checked_sub(1))
}

fn after(obs: &[Obs], k: usize) -> Option<usize> {
    let last = obs.len() - 1;
    (k + 1..=last.min(k + 32)).find(|&i| obs[i].t - obs[k].t >= LAG_S).or((k < last).then_some(k + 1))
}

/// Log-likelihood ratio of rest against slow movement from fix `i` to fix `j`.
fn at_rest(obs: &[Obs], i: usize, j: usize, held: &Held) -> f64 {
    let (a, b) = (&obs[i], &obs[j]);
    let dt = b.t - a.t;
    let fresh = 1.0 - (-dt / TAU_S).exp();
    let noise = held.kappa * held.kappa * (a.sigma * a.sigma + b.sigma * b.sigma) * fresh + 1.0;
    let moving = noise + (3.0 * dt).powi(2);
    let d2 = (a.x - b.x).powi(2) + (a.y - b.y).powi(2);
    (moving / noise).ln() - d2 / 2.0 * (1.0 / noise - 1.0 / moving)
}

/// Without speeds the movement out of a stay shows only some seconds after it began, and the one into it ends
/// as much before: gives these seconds back to the movement.
fn trim(obs: &[Obs], held: &mut Held) {
    let (first, last) = (held.a, held.b);
    while held.b > first && obs[last].t - obs[held.b].t < LAG_S && last + 1 < obs.len() {
        let k = held.b;
        let leaving = obs[k].v.is_none() && after(obs, k).is_some_and(|j| at_rest(obs, k, j, held) < 0.0);
        if !leaving {
            break;
        }
        held.b -= 1;
    }
    while held.a < held.b && obs[held.a].t - obs[first].t < LAG_S && first > 0 {
        let k = held.a;
        let coming = obs[k].v.is_none() && before(obs, k).is_some_and(|i| at_rest(obs, i, k, held) < 0.0);
        if !coming {
            break;
        }
        held.a += 1;
    }
}

/// Median centre and spread of the fixes `a..=b`.
fn describe(obs: &[Obs], a: usize, b: usize) -> Held {
    let part = &obs[a..=b];
    let x = median(part.iter().map(|o| o.x).collect());
    let y = median(part.iter().map(|o| o.y).collect());
    let mut d: Vec<f64> = part.iter().map(|o| (o.x - x).hypot(o.y - y)).collect();
    d.sort_by(f64::total_cmp);
    let spread = d[(d.len() * 2 / 3).min(d.len() - 1)];
    let reported = median(part.iter().map(|o| o.sigma).collect()).max(0.5);
    let speed = median(part.iter().filter_map(|o| o.v).collect());
    Held {
        a,
        b,
        x,
        y,
        spread,
        kappa: (spread / 1.48 / reported).clamp(0.7, 5.0),
        reported,
        restless: (speed / 0.9).clamp(1.0, 1.6),
    }
}

pub(crate) fn median(mut v: Vec<f64>) -> f64 {
    v.sort_by(f64::total_cmp);
    let n = v.len();
    if n == 0 { 0.0 } else { (v[(n - 1) / 2] + v[n / 2]) / 2.0 }
}

/// Joins neighbours at the same place when nothing drove in between.
fn merge(obs: &[Obs], stays: Vec<Held>) -> Vec<Held> {
    let mut out: Vec<Held> = Vec::with_capacity(stays.len());
    for next in stays {
        match out.last_mut() {
            Some(last) if same_place(obs, last, &next) => *last = describe(obs, last.a, next.b),
            _ => out.push(next),
        }
    }
    out
}

fn same_place(obs: &[Obs], one: &Held, two: &Held) -> bool {
    // the noise of the longer stay, seen with the accuracy of the shorter one
    let lasted = |h: &Held| obs[h.b].t - obs[h.a].t;
    let (long, short) = if lasted(one) >= lasted(two) { (one, two) } else { (two, one) };
    let reach = (2.2 * long.kappa * short.reported).clamp(25.0, 60.0);
    let apart = (one.x - two.x).hypot(one.y - two.y);
    let between = &obs[one.b..=two.a];
    let silent = obs[two.a].t - obs[one.b].t;
    let far = between.iter().map(|o| (o.x - one.x).hypot(o.y - one.y)).fold(0.0, f64::max);
    apart < reach
        && silent < 300.0
        && far < 3.0 * reach.max(40.0)
        && !drove(between, one.kappa.max(two.kappa))
}

/// A short wild moment at the beginning or end of a run, round a long stay, belongs to the stay.
fn absorb_edges(obs: &[Obs], stays: &mut [Held]) {
    let wild = |part: &[Obs], held: &Held| {
        if obs[held.b].t - obs[held.a].t < 600.0 {
            return false;
        }
        let reach = 3.0 * (1.5 * held.spread).clamp(40.0, 60.0);
        let near = part.iter().all(|o| (o.x - held.x).hypot(o.y - held.y) < reach);
        part[part.len() - 1].t - part[0].t < 300.0 && near && !drove(part, held.kappa)
    };
    if let Some(first) = stays.first_mut()
        && wild(&obs[..=first.a], first)
    {
        first.a = 0;
    }
    if let Some(last) = stays.last_mut()
        && wild(&obs[last.b..], last)
    {
        last.b = obs.len() - 1;
    }
}

/// Is there a movement by vehicle in these fixes? One wild speed or two are none, nor is a leap of the position
/// and the leap back.
fn drove(between: &[Obs], kappa: f64) -> bool {
    let (mut speeds, mut steps) = (Streak::default(), Streak::default());
    for w in between.windows(2) {
        let dt = w[1].t - w[0].t;
        if let Some(v) = w[1].v {
            speeds.add(v > DRIVE_MPS, dt);
        } else {
            let d = (w[0].x - w[1].x).hypot(w[0].y - w[1].y);
            let fresh = 1.0 - (-dt / TAU_S).exp();
            let noise = kappa * w[0].sigma.max(w[1].sigma) * (2.0 * fresh).sqrt();
            steps.add(d > DRIVE_MPS * dt && d > 2.5 * noise, dt);
        }
        if (speeds.n >= 2 && speeds.seconds > 12.0 + 1.3 * dt) || (steps.n >= 3 && steps.seconds >= 12.0) {
            return true;
        }
    }
    false
}

/// What happened on end.
#[derive(Default)]
struct Streak {
    n: u32,
    seconds: f64,
}

impl Streak {
    fn add(&mut self, holds: bool, seconds: f64) {
        *self =
            if holds { Streak { n: self.n + 1, seconds: self.seconds + seconds } } else { Streak::default() };
    }
}
