//! Where a person stayed.
//!
//! Every fix votes for "still at this place" or "gone" with a log-likelihood ratio from its distance to the
//! place, measured against the noise seen there, and from the reported speed. A stay is the stretch with the
//! highest total of votes round a seed (maximal scoring segment with a drop limit): a multipath jump is
//! outvoted by the fixes around it, a drive is not, and the arrival is where the votes turn.

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
}

/// What counts as a stay in this search.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Want {
    /// Shortest stay, seconds.
    pub min_s: f64,
    /// Length of the stretch a search starts from, seconds.
    pub seed_s: f64,
    /// Votes lost before the search gives up in one direction (a vote is worth up to ten seconds).
    pub drop: f64,
}

/// Where somebody who is not here may be, metres: the width of the alternative.
const ELSEWHERE_M: f64 = 150.0;

/// Noise of a place cannot be better than this nor worse than that, metres per axis.
const SCALE: std::ops::RangeInclusive<f64> = 4.0..=32.0;

pub(crate) fn find(obs: &[Obs], want: Want) -> Vec<Held> {
    let mut out: Vec<Held> = Vec::new();
    let mut i = 0;
    let mut free = 0;
    while i + 2 < obs.len() {
        let Some(j) = seed_end(obs, i, want) else { break };
        match grow(obs, i, j, free, want) {
            Some(held) if obs[held.b].t - obs[held.a].t >= want.min_s * 0.8 => {
                i = held.b + 1;
                free = i;
                out.push(held);
            }
            _ => i += 1,
        }
    }
    merge(obs, out)
}

/// Index of the last fix of the stretch that starts at `i`: long enough, and at least three fixes.
fn seed_end(obs: &[Obs], i: usize, want: Want) -> Option<usize> {
    let j = obs.partition_point(|o| o.t < obs[i].t + want.seed_s);
    let j = j.max(i + 2);
    (j < obs.len()).then_some(j)
}

fn grow(obs: &[Obs], i: usize, j: usize, free: usize, want: Want) -> Option<Held> {
    if obs[i].v.is_some_and(|v| v > 3.0) {
        return None;
    }
    let mut held = describe(obs, i, j);
    let votes: f64 = (i..=j).map(|k| weight(obs, k) * vote(&obs[k], &held)).sum();
    let most: f64 = (i..=j).map(|k| weight(obs, k) * 2.0).sum();
    if held.spread > 60.0 || votes < 0.3 * most {
        return None;
    }
    let mid = i + (j - i) / 2;
    for _ in 0..3 {
        let b = reach(obs, (mid..obs.len()).collect::<Vec<_>>(), &held, want);
        let a = reach(obs, (free..=mid).rev().collect::<Vec<_>>(), &held, want);
        let next = describe(obs, a, b);
        let same = (next.a, next.b) == (held.a, held.b);
        held = next;
        if same {
            break;
        }
    }
    Some(held)
}

/// The index at which the running total of votes is highest.
fn reach(obs: &[Obs], way: Vec<usize>, held: &Held, want: Want) -> usize {
    let mut best = (0.0, way[0]);
    let mut total = 0.0;
    for k in way {
        total += weight(obs, k) * vote(&obs[k], held);
        if total >= best.0 {
            best = (total, k);
        } else if total < best.0 - want.drop {
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

/// Log-likelihood ratio of "still here" against "gone".
fn vote(o: &Obs, held: &Held) -> f64 {
    let scale = (held.spread / 1.515).max(0.7 * o.sigma).clamp(*SCALE.start(), *SCALE.end());
    let d = (o.x - held.x).hypot(o.y - held.y);
    let z = d / scale;
    let place = (ELSEWHERE_M * ELSEWHERE_M / (2.0 * scale * scale)).ln() - z * z / 2.0;
    let speed = o.v.map_or(0.0, |v| 1.0 - 0.6 * v * v).clamp(-6.0, 1.0);
    (place.clamp(-3.0, 2.0) + speed).clamp(-5.0, 2.0)
}

/// Median centre and spread of the fixes `a..=b`.
fn describe(obs: &[Obs], a: usize, b: usize) -> Held {
    let part = &obs[a..=b];
    let x = median(part.iter().map(|o| o.x).collect());
    let y = median(part.iter().map(|o| o.y).collect());
    let mut d: Vec<f64> = part.iter().map(|o| (o.x - x).hypot(o.y - y)).collect();
    d.sort_by(f64::total_cmp);
    Held { a, b, x, y, spread: d[(d.len() * 2 / 3).min(d.len() - 1)] }
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
    let reach = (1.5 * one.spread.max(two.spread)).clamp(30.0, 80.0);
    let apart = (one.x - two.x).hypot(one.y - two.y);
    let between = &obs[one.b + 1..two.a];
    let silent = obs[two.a].t - obs[one.b].t;
    let drove: f64 = between
        .windows(2)
        .map(|w| if w[0].v.is_some_and(|v| v > 2.5) { (w[1].t - w[0].t).min(10.0) } else { 0.0 })
        .sum();
    let far = between.iter().map(|o| (o.x - one.x).hypot(o.y - one.y)).fold(0.0, f64::max);
    apart < reach && silent < 300.0 && drove < 15.0 && far < 3.0 * reach
}
