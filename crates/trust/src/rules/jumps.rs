//! Leaps: from one stay to another without a way.
//!
//! Positions by Wi-Fi leap too, and come back; so do first fixes after a pause, tunnels and planes. A leap counts
//! when the receiver was reporting densely, stood still on both sides with sharp and living positions, and no
//! vehicle could have done it.

use std::collections::HashSet;

use geo::distance_m;

use crate::{
    catalogue::Code,
    model::Finding,
    series::{Series, accuracy},
};

/// A leap between fix `i` and the next.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Leap {
    pub i: usize,
    pub d: f64,
    pub dt: f64,
    /// How much it weighs alone.
    pub w: f64,
}

pub(crate) fn find(s: &Series, out: &mut Vec<Finding>) -> Vec<Leap> {
    let leaps = leaps(s);
    hop(s, &leaps, out);
    freeze_jump(s, out);
    leaps
}

/// The side of a leap: fixes within 200 m of its end for at least two minutes.
struct Side {
    n: usize,
    seconds: f64,
    coarse: bool,
    /// Mostly one coordinate.
    held: bool,
    /// Known to be as sharp as satellites make it.
    fine: bool,
}

fn side(s: &Series, at: usize, forward: bool) -> Side {
    let origin = s.fixes[at].at;
    let mut n = 0;
    let mut last = at;
    let mut distinct = HashSet::new();
    let (mut coarse, mut fine) = (0, 0);
    let mut i = at;
    loop {
        let f = &s.fixes[i];
        if distance_m(origin, f.at) > 200.0 {
            break;
        }
        n += 1;
        last = i;
        distinct.insert(f.at.e7());
        coarse += usize::from(accuracy(f).is_some_and(|a| a > 45.0));
        fine += usize::from(accuracy(f).is_some_and(|a| a <= 15.0));
        let next = if forward { i.checked_add(1).filter(|k| *k < s.fixes.len()) } else { i.checked_sub(1) };
        let Some(next) = next else { break };
        if s.steps[next.min(i)].dt > 700.0 || n > 400 {
            break;
        }
        i = next;
    }
    let seconds = (s.fixes[last].t_ms - s.fixes[at].t_ms).abs() as f64 / 1000.0;
    Side { n, seconds, coarse: coarse * 2 > n, held: distinct.len() * 2 <= n, fine: fine * 2 > n }
}

fn leaps(s: &Series) -> Vec<Leap> {
    let mut found: Vec<Leap> = vec![];
    for st in &s.steps {
        if st.d < 500.0 || st.dt > 330.0 || st.v < 11.0 {
            continue;
        }
        let (before, after) = (side(s, st.i, false), side(s, st.i + 1, true));
        let stood = |x: &Side| x.n >= 3 && x.seconds >= 120.0;
        if !stood(&before) || !stood(&after) || before.coarse || after.coarse {
            continue;
        }
        // A silence longer than usual: tunnel, metro, sleeping phone.
        let silent = st.dt > 2.6 * s.interval(st.i) && st.dt > 40.0;
        let mut w: f64 = match st.v {
            v if v > 70.0 => 0.7,
            v if v > 40.0 => 0.55,
            v if v > 22.0 => 0.4,
            _ => 0.25,
        };
        if silent {
            w = if st.v > 70.0 { 0.3 } else { 0.0 };
        }
        // A cached or Wi-Fi position repeats itself to the last digit: such a place counts only as the place of an app, fine
        // and entered by a leap.
        let entered =
            |place: geo::LngLat| found.iter().any(|l: &Leap| distance_m(s.fixes[l.i + 1].at, place) < 200.0);
        if before.held && !entered(s.fixes[st.i].at) || after.held && !after.fine {
            w = 0.0;
        }
        if w > 0.0 {
            found.push(Leap { i: st.i, d: st.d, dt: st.dt, w });
        }
    }
    found
}

fn hop(s: &Series, leaps: &[Leap], out: &mut Vec<Finding>) {
    let Some(best) = leaps.iter().max_by(|a, b| a.w.total_cmp(&b.w)) else { return };
    // There and back: nobody travels both ways without a way.
    let returned = leaps.iter().enumerate().any(|(k, a)| {
        leaps[k + 1..].iter().any(|b| {
            let soon = s.fixes[b.i].t_ms - s.fixes[a.i].t_ms < 3 * 3_600_000;
            soon && distance_m(s.fixes[a.i].at, s.fixes[b.i + 1].at) < 400.0
        })
    });
    let sum: f64 = leaps.iter().map(|l| l.w).sum();
    let w = best.w + (0.5 * (sum - best.w)).min(0.25) + if returned { 0.1 } else { 0.0 };
    let numbers = [
        ("jumps", leaps.len() as f64),
        ("distance_m", best.d),
        ("seconds", best.dt),
        ("returned", f64::from(u8::from(returned))),
    ];
    out.push(Finding::new(Code::Hop, w, s.between(best.i, best.i + 1), &numbers));
}

/// The same coordinate for long, then far away at a speed that leaves no time to set off.
fn freeze_jump(s: &Series, out: &mut Vec<Finding>) {
    let mut found: Vec<(usize, usize, f64)> = vec![];
    let mut from = 0;
    for i in 1..=s.fixes.len() {
        let same = i < s.fixes.len() && s.fixes[i].at.e7() == s.fixes[from].at.e7();
        if same {
            continue;
        }
        let minutes = (s.fixes[i - 1].t_ms - s.fixes[from].t_ms) as f64 / 60_000.0;
        if i < s.fixes.len() && i - from >= 5 && minutes > 25.0 {
            let st = &s.steps[i - 1];
            let dense = st.dt <= 130.0 && st.dt <= 2.6 * s.interval(i - 1).max(10.0);
            // Long intervals alone leave time to drive off between two fixes.
            let fast = if st.dt <= 35.0 { 12.0 } else { 20.0 };
            let lands = st.d > 700.0 && st.v > fast && dense;
            // Where it lands it must stay credible: a single stray fix is not a jump.
            let stays = s.fixes.get(i + 1).is_some_and(|f| distance_m(f.at, s.fixes[i].at) < st.d / 2.0);
            if lands && stays {
                found.push((from, i, minutes));
            }
        }
        from = i;
    }
    if let Some(&(a, b, minutes)) = found.iter().max_by(|x, y| x.2.total_cmp(&y.2)) {
        let st = &s.steps[b - 1];
        let w = 0.6 + 0.1 * ((minutes - 25.0) / 35.0).min(1.0) + 0.1 * (found.len() as f64 - 1.0).min(1.5);
        let numbers =
            [("minutes", minutes), ("distance_m", st.d), ("seconds", st.dt), ("times", found.len() as f64)];
        out.push(Finding::new(Code::FreezeJump, w, s.between(a, b), &numbers));
    }
}
