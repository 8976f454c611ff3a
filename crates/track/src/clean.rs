//! Which fixes can belong to one movement.
//!
//! The fixes kept are the cheapest chain in which every step is reachable at a believable speed. Leaving out
//! a fix costs its share of time; breaking the chain (a leap that is never counted) costs as much as leaving
//! out two minutes. So a few wild fixes are dropped, and a long second opinion breaks the track instead of
//! bending it. The result is the same read forwards or backwards.

use crate::{Dropped, Fix, Rules};

/// How many fixes may be left out at once.
const LOOK_BACK: usize = 256;
/// Cost of a leap, in units of ten seconds of fixes left out.
const LEAP: f64 = 12.0;

/// Usable fixes of one stretch of time, cut where the chain leaps.
pub(crate) struct Cleaned {
    pub runs: Vec<Vec<Fix>>,
    /// Inaccurate fixes: they only show that the phone was alive.
    pub coarse: Vec<Fix>,
}

/// Per-axis standard deviation of a fix in metres: the reported accuracy is a 68 % radius.
pub(crate) fn sigma(fix: &Fix, rules: &Rules) -> f64 {
    (fix.acc_m.map_or(rules.unknown_acc_m, f64::from) / 1.515).max(1.5)
}

pub(crate) fn clean(fixes: &[Fix], rules: &Rules, dropped: &mut Dropped) -> Cleaned {
    let (mut good, coarse): (Vec<Fix>, Vec<Fix>) =
        fixes.iter().partition(|f| f.acc_m.is_none_or(|a| f64::from(a) <= rules.coarse_m));
    dropped.coarse += coarse.len() as u32;
    distrust_speed(&mut good);
    let fresh = without_stale(good, dropped);
    let keep = chain(&fresh, rules);
    dropped.jump += (fresh.len() - keep.len()) as u32;
    let mut runs: Vec<Vec<Fix>> = Vec::new();
    for (n, &i) in keep.iter().enumerate() {
        let joined = n > 0 && step(&fresh, keep[n - 1], i, rules) < LEAP;
        match runs.last_mut() {
            Some(run) if joined => run.push(fresh[i]),
            _ => runs.push(vec![fresh[i]]),
        }
    }
    Cleaned { runs, coarse }
}

/// Some trackers report no speed as 0 or mix up units. When a source's speeds contradict its own positions
/// over most of its clear movement, its speeds are ignored.
fn distrust_speed(fixes: &mut [Fix]) {
    let mut sources: Vec<u8> = fixes.iter().map(|f| f.source).collect();
    sources.sort_unstable();
    sources.dedup();
    for source in sources {
        let own: Vec<&Fix> = fixes.iter().filter(|f| f.source == source).collect();
        let (mut clear, mut wrong) = (0u32, 0u32);
        for four in own.windows(4) {
            // three steps on in one direction are a movement, not a leap of the position
            let (a, b) = (four[1], four[2]);
            let dt = (b.t_ms - a.t_ms) as f64 / 1000.0;
            let (Some(va), Some(vb)) = (a.speed_mps, b.speed_mps) else { continue };
            let d = geo::distance_m(a.at, b.at);
            let whole = geo::distance_m(four[0].at, four[3].at);
            let noise: f64 = [a, b].iter().map(|f| f.acc_m.map_or(20.0, f64::from)).sum();
            if dt > 30.0 || d < noise || whole < 2.2 * d || !(4.0..60.0).contains(&(d / dt)) {
                continue;
            }
            clear += 1;
            let ratio = f64::from(va + vb) / 2.0 / (d / dt);
            if !(0.6..1.6).contains(&ratio) {
                wrong += 1;
            }
        }
        if clear >= 5 && wrong * 2 > clear {
            for fix in fixes.iter_mut().filter(|f| f.source == source) {
                fix.speed_mps = None;
                fix.bearing_deg = None;
            }
        }
    }
}

/// Without fixes that repeat the last position to the last digit while the receiver says it moves.
fn without_stale(fixes: Vec<Fix>, dropped: &mut Dropped) -> Vec<Fix> {
    let mut out: Vec<Fix> = Vec::with_capacity(fixes.len());
    for fix in fixes {
        let moving = fix.speed_mps.is_some_and(|v| v > 1.5);
        let repeats = out.last().is_some_and(|last| {
            last.at.e7() == fix.at.e7() && last.source == fix.source && fix.t_ms - last.t_ms < 60_000
        });
        if moving && repeats {
            dropped.stale += 1;
        } else {
            out.push(fix);
        }
    }
    out
}

/// Cost of the step from fix `i` to fix `j`: nothing when one person can have made it, [`LEAP`] when not. With
/// trusted speeds the bound is what was reported plus hard acceleration, otherwise the fastest believable speed.
/// Where fixes were left out to make the step fit, it costs the more the less it agrees with the speeds.
fn step(fixes: &[Fix], i: usize, j: usize, rules: &Rules) -> f64 {
    let (a, b) = (&fixes[i], &fixes[j]);
    let dt = (b.t_ms - a.t_ms) as f64 / 1000.0;
    let slack = 15.0 + 2.5 * (sigma(a, rules) + sigma(b, rules));
    let d = geo::distance_m(a.at, b.at);
    let (Some(va), Some(vb)) = (a.speed_mps, b.speed_mps) else {
        return if d <= rules.max_speed_mps * dt + slack + 30.0 { 0.0 } else { LEAP };
    };
    let told = f64::from(va.max(vb)) * 1.2;
    let unseen = (3.0 * dt).min(25.0);
    let top = (told + unseen).min(rules.max_speed_mps.max(told));
    if d > top * dt + slack {
        LEAP
    } else if j - i > 1 {
        ((d - told * dt - slack) / (unseen * dt).max(1.0)).clamp(0.0, 1.0) * LEAP
    } else {
        0.0
    }
}

/// Indices of the cheapest chain.
fn chain(fixes: &[Fix], rules: &Rules) -> Vec<usize> {
    let n = fixes.len();
    if n == 0 {
        return Vec::new();
    }
    let skip: Vec<f64> = (0..n)
        .map(|i| {
            let before = if i > 0 { fixes[i].t_ms - fixes[i - 1].t_ms } else { 10_000 };
            (before as f64 / 10_000.0).clamp(0.1, 1.0)
        })
        .collect();
    // best[i]: cheapest chain that ends with fix i; least[i]: that ends with it or earlier, the rest left out
    let mut best = vec![0.0f64; n];
    let mut least = vec![0.0f64; n];
    let mut from = vec![usize::MAX; n];
    let mut skipped_before = 0.0;
    for i in 0..n {
        best[i] = skipped_before;
        skipped_before += skip[i];
        let mut skipped = 0.0;
        for j in (0..i).rev().take(LOOK_BACK) {
            let cost = best[j] + skipped + step(fixes, j, i, rules);
            if cost < best[i] {
                (best[i], from[i]) = (cost, j);
            }
            skipped += skip[j];
            if j > 0 && best[i] <= least[j - 1] + skipped {
                break;
            }
        }
        let without = if i > 0 { least[i - 1] + skip[i] } else { f64::INFINITY };
        least[i] = best[i].min(without);
    }
    let mut end = n - 1;
    let (mut tail, mut total) = (0.0, f64::INFINITY);
    for i in (0..n).rev() {
        if best[i] + tail < total {
            (total, end) = (best[i] + tail, i);
        }
        tail += skip[i];
    }
    let mut keep = vec![end];
    while from[end] != usize::MAX {
        end = from[end];
        keep.push(end);
    }
    keep.reverse();
    keep
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::LngLat;

    fn drive(n: i64) -> Vec<Fix> {
        let from = LngLat::new(118.0, 32.0).unwrap();
        (0..n).map(|i| Fix::new(i * 10_000, geo::destination(from, 90.0, i as f64 * 120.0))).collect()
    }

    #[test]
    fn a_few_wild_fixes_are_dropped() {
        let mut fixes = drive(40);
        for fix in fixes.iter_mut().skip(20).take(4) {
            fix.at = geo::destination(fix.at, 0.0, 9_000.0);
        }
        let mut dropped = Dropped::default();
        let cleaned = clean(&fixes, &Rules::default(), &mut dropped);
        assert_eq!((cleaned.runs.len(), dropped.jump), (1, 4));
    }

    #[test]
    fn a_long_second_opinion_breaks_the_track() {
        let mut fixes = drive(120);
        for fix in fixes.iter_mut().skip(40).take(50) {
            fix.at = geo::destination(fix.at, 0.0, 30_000.0);
        }
        let mut dropped = Dropped::default();
        let cleaned = clean(&fixes, &Rules::default(), &mut dropped);
        assert_eq!((cleaned.runs.len(), dropped.jump), (3, 0));
    }

    #[test]
    fn speeds_that_contradict_the_positions_are_ignored() {
        let mut fixes = drive(40);
        for fix in &mut fixes {
            fix.speed_mps = Some(0.0);
            fix.acc_m = Some(5.0);
        }
        let cleaned = clean(&fixes, &Rules::default(), &mut Dropped::default());
        assert!(cleaned.runs[0].iter().all(|f| f.speed_mps.is_none()));
    }
}
