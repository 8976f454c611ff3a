//! Copies down to the last digit: equal coordinates, or equal steps and turns at another place.

use std::collections::{BTreeMap, HashMap};

use geo::distance_m;

use crate::{
    catalogue::Code,
    model::{Company, Finding},
    series::{Series, Step, turn},
};

/// A place in a day: case and time in seconds.
type Spot = (u32, f64);
type Matches = BTreeMap<u32, Vec<(f64, f64, usize)>>;

/// Closer in time than this is the same time, seconds.
const SAME_TIME_S: f64 = 600.0;
/// More places than this with one key say nothing: a phone that stands at home.
const CROWDED: usize = 24;

/// Adds findings; returns for each case whether it was found to be a copy.
pub(super) fn find(company: &Company, series: &[Series], out: &mut [Vec<Finding>]) -> Vec<bool> {
    let away: Vec<bool> = out.iter().map(|f| f.iter().any(|f| f.code == Code::Elsewhere)).collect();
    let start = |k: usize| series[k].whole().0;
    let mut order: Vec<usize> = (0..series.len()).collect();
    order.sort_by_key(|&k| (start(k), k));
    let mut places: HashMap<(i64, i64), Vec<Spot>> = HashMap::new();
    let mut shapes: HashMap<(i32, i32, i32), Vec<Spot>> = HashMap::new();
    let mut copied = vec![false; series.len()];
    for k in order {
        let s = &series[k];
        let (places_here, shapes_here) = (spots(s), steps(s));
        let found = matches(places_here.iter().map(|(key, i)| (places.get(key), *i)), s);
        // One recording uploaded twice is no copy of an older one.
        let twice = |h: &Hit| {
            h.shift.abs() < SAME_TIME_S && company.cases[h.case as usize].user == company.cases[k].user
        };
        let same = best(&found, s, places_here.len());
        if let Some(hit) = same.filter(|h| !twice(h)) {
            let live = hit.shift.abs() < 30.0;
            let share = hit.n as f64 / places_here.len().max(1) as f64;
            // At the same moment it cannot be told which is the copy: a question to both.
            let w = if live { 0.28 } else { 0.75 + 0.2 * (share / 0.3).min(1.0) };
            let numbers =
                [("matches", hit.n as f64), ("day_share", share), ("shift_hours", hit.shift / 3600.0)];
            out[k].push(Finding::new(Code::ReplayExact, w, s.between(hit.first, hit.last), &numbers));
            copied[k] = true;
        } else {
            let found = matches(shapes_here.iter().map(|(key, i)| (shapes.get(key), *i)), s);
            let hit = best(&found, s, shapes_here.len()).filter(|h| h.n >= 12);
            let hit = hit.filter(|h| !twice(h) || apart(series, s, h));
            if let Some(hit) = hit {
                let other = hit.case as usize;
                let at_once = twice(&hit);
                // Two shapes of one person at one time: the one away from home is the moved one.
                let target = if at_once && !away[k] && away[other] { other } else { k };
                let share = hit.n as f64 / shapes_here.len().max(1) as f64;
                let w = 0.7 + 0.25 * (share / 0.3).min(1.0);
                let numbers =
                    [("matches", hit.n as f64), ("day_share", share), ("shift_hours", hit.shift / 3600.0)];
                let w = if at_once && !away[target] { 0.28 } else { w };
                out[target].push(Finding::new(
                    Code::ReplayMoved,
                    w,
                    s.between(hit.first, hit.last),
                    &numbers,
                ));
                copied[target] = true;
            }
        }
        for (key, i) in places_here {
            places.entry(key).or_default().push((k as u32, s.fixes[i].t_ms as f64 / 1000.0));
        }
        for (key, i) in shapes_here {
            shapes.entry(key).or_default().push((k as u32, s.fixes[i].t_ms as f64 / 1000.0));
        }
    }
    copied
}

/// Is the copied stretch at another place than its original?
fn apart(series: &[Series], s: &Series, hit: &Hit) -> bool {
    let f = &s.fixes[hit.first];
    let there = series[hit.case as usize].at(f.t_ms - (hit.shift * 1000.0) as i64, 700.0);
    there.is_none_or(|p| distance_m(p, f.at) > 300.0)
}

/// Coordinates on the way: not repeated, not at rest.
fn spots(s: &Series) -> Vec<((i64, i64), usize)> {
    (1..s.fixes.len())
        .filter(|&i| !s.resting[i] && s.fixes[i].at.e7() != s.fixes[i - 1].at.e7())
        .map(|i| (s.fixes[i].at.e7(), i))
        .collect()
}

/// Length of two steps and the turn between them, where both are long enough to be characteristic.
fn steps(s: &Series) -> Vec<((i32, i32, i32), usize)> {
    let real = |st: &Step| st.d >= 9.0 && st.dt <= 130.0 && st.d < 8_000.0;
    s.steps
        .windows(2)
        .filter(|w| real(&w[0]) && real(&w[1]))
        .filter_map(|w| {
            let angle = turn(w[0].bearing, w[1].bearing);
            // Straight on at one speed is every motorway.
            let plain = angle.abs() < 2.0 && (w[0].d - w[1].d).abs() < 0.03 * w[0].d;
            let key = ((w[0].d * 4.0).round() as i32, (w[1].d * 4.0).round() as i32, angle.round() as i32);
            (!plain).then_some((key, w[1].i))
        })
        .collect()
}

fn matches<'a>(found: impl Iterator<Item = (Option<&'a Vec<Spot>>, usize)>, s: &Series) -> Matches {
    let mut by_case: Matches = BTreeMap::new();
    for (spots, i) in found {
        let Some(spots) = spots.filter(|l| l.len() <= CROWDED) else { continue };
        for (case, t) in spots {
            by_case.entry(*case).or_default().push((s.fixes[i].t_ms as f64 / 1000.0, *t, i));
        }
    }
    by_case
}

struct Hit {
    case: u32,
    n: usize,
    shift: f64,
    first: usize,
    last: usize,
}

/// The other case with most matches on one line of time. A recording may be played faster or slower, or backwards.
fn best(found: &Matches, s: &Series, all: usize) -> Option<Hit> {
    let mut best: Option<Hit> = None;
    for (case, pairs) in found.iter().filter(|p| p.1.len() >= 8) {
        let Some(hit) = on_one_line(*case, pairs, s) else { continue };
        let enough = hit.n >= 8 && (hit.n * 12 >= all || hit.n >= 30);
        if enough && best.as_ref().is_none_or(|b| b.n < hit.n) {
            best = Some(hit);
        }
    }
    best
}

fn on_one_line(case: u32, pairs: &[(f64, f64, usize)], s: &Series) -> Option<Hit> {
    let n = pairs.len();
    let mut best: (usize, f64, f64) = (0, 1.0, 0.0);
    // Hypotheses from pairs of matches at fixed distances in the list: the same every time it is run.
    for step in [n / 2, n / 3, n / 5, 7, 4] {
        if step == 0 || step >= n {
            continue;
        }
        for a in (0..n - step).step_by((n / 40).max(1)) {
            let (p, q) = (pairs[a], pairs[a + step]);
            if q.0 - p.0 < 20.0 {
                continue;
            }
            let slope = (q.1 - p.1) / (q.0 - p.0);
            if !(0.4..=2.5).contains(&slope.abs()) {
                continue;
            }
            let offset = p.1 - slope * p.0;
            let inliers = pairs.iter().filter(|m| (slope * m.0 + offset - m.1).abs() < 4.0).count();
            if inliers > best.0 {
                best = (inliers, slope, offset);
            }
        }
    }
    let (_, slope, offset) = best;
    let on: Vec<usize> =
        pairs.iter().filter(|m| (slope * m.0 + offset - m.1).abs() < 4.0).map(|m| m.2).collect();
    let mut distinct = on.clone();
    distinct.sort_unstable();
    distinct.dedup();
    let (&first, &last) = (distinct.first()?, distinct.last()?);
    let reach = distinct.iter().map(|&i| distance_m(s.fixes[first].at, s.fixes[i].at)).fold(0.0, f64::max);
    let mid = (s.fixes[first].t_ms as f64 / 1000.0) * (slope - 1.0) + offset;
    (reach > 400.0).then_some(Hit { case, n: distinct.len(), shift: -mid, first, last })
}
