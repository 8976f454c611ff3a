//! What the receiver says about its own fixes, against how they move.

use std::collections::HashSet;

use geo::distance_m;

use crate::{
    catalogue::Code,
    model::Finding,
    series::{Series, accuracy, median, mode, quantile, turn},
};

pub(crate) fn find(s: &Series, out: &mut Vec<Finding>) {
    static_exact(s, out);
    accuracy_constant(s, out);
    accuracy_impossible(s, out);
    speed_field(s, out);
    bearing_field(s, out);
}

fn extent_m(s: &Series) -> f64 {
    let Some(first) = s.fixes.first() else { return 0.0 };
    s.fixes.iter().map(|f| distance_m(first.at, f.at)).fold(0.0, f64::max)
}

/// The same coordinate for hours. A phone on a desk that places itself by Wi-Fi does that too, with a coarse
/// accuracy; so a fine one weighs more.
fn static_exact(s: &Series, out: &mut Vec<Finding>) {
    let n = s.fixes.len();
    if n < 25 || s.span_s() < 3_600.0 {
        return;
    }
    let distinct: HashSet<_> = s.fixes.iter().map(|f| f.at.e7()).collect();
    let share = distinct.len() as f64 / n as f64;
    if share > 0.03 && distinct.len() > 2 {
        return;
    }
    let mut accs: Vec<f64> = s.fixes.iter().filter_map(accuracy).collect();
    let fine = accs.is_empty() || median(&mut accs) <= 25.0;
    let spread = extent_m(s);
    let mut w: f64 = if fine { 0.85 } else { 0.45 };
    if spread > 400.0 {
        w = 0.75;
    }
    let numbers =
        [("fixes", n as f64), ("minutes", s.span_s() / 60.0), ("unique_share", share), ("extent_m", spread)];
    out.push(Finding::new(Code::StaticExact, w, s.whole(), &numbers));
}

fn accuracy_constant(s: &Series, out: &mut Vec<Finding>) {
    let all = mode(s.fixes.iter().filter_map(accuracy));
    if let Some((value, share, n)) = all
        && n >= 25
        && share > 0.97
        && value <= 12.0
        && extent_m(s) < 400.0
        && s.span_s() >= 1_800.0
    {
        let numbers = [("fixes", n as f64), ("modal_share", share), ("accuracy_m", value)];
        out.push(Finding::new(Code::AccConst, 0.75, s.whole(), &numbers));
    }
    let moving = mode(s.moving().filter_map(|st| accuracy(&s.fixes[st.i + 1])));
    if let Some((value, share, n)) = moving
        && n >= 20
        && share > 0.98
        && value <= 100.0
    {
        let w = 0.6 + 0.3 * (n as f64 / 40.0).min(1.0);
        let numbers = [("fixes", n as f64), ("modal_share", share), ("accuracy_m", value)];
        out.push(Finding::new(Code::AccConstMoving, w, s.whole(), &numbers));
    }
}

fn accuracy_impossible(s: &Series, out: &mut Vec<Finding>) {
    let known = s.fixes.iter().filter_map(accuracy).count();
    let tiny: Vec<f64> = s.fixes.iter().filter_map(accuracy).filter(|a| *a < 0.5).collect();
    if known >= 20 && tiny.len() * 2 > known {
        let numbers = [("modal_share", tiny.len() as f64 / known as f64), ("accuracy_m", tiny[0])];
        out.push(Finding::new(Code::AccImpossible, 0.6, s.whole(), &numbers));
    }
}

/// Doppler speed against speed from positions. The chord is never longer than the way, so an honest receiver
/// reports at least what its positions show.
fn speed_field(s: &Series, out: &mut Vec<Finding>) {
    let mut seen = vec![];
    for w in s.steps.windows(2) {
        let (a, b) = (&w[0], &w[1]);
        // The mean of both sides of a fix is what its own speed should be, roughly.
        if a.dt > 65.0 || b.dt > 65.0 || a.d < 1.0 || b.d < 1.0 {
            continue;
        }
        let v = (a.d + b.d) / (a.dt + b.dt);
        let f = &s.fixes[b.i];
        let around = s.fixes[a.i..=b.i + 1].iter().all(|f| accuracy(f).is_none_or(|x| x <= 40.0));
        if let (Some(r), true) = (f.speed_mps, v > 3.0 && v < 60.0 && around) {
            seen.push((v, f64::from(r).max(0.0), a.dt.max(b.dt)));
        }
    }
    if seen.len() < 20 {
        return;
    }
    let n = seen.len() as f64;
    let zero = seen.iter().filter(|(_, r, _)| *r < 0.3).count() as f64 / n;
    let distinct: HashSet<i64> = seen.iter().map(|(_, r, _)| (r * 100.0).round() as i64).collect();
    let mut vs: Vec<f64> = seen.iter().map(|x| x.0).collect();
    let moved = median(&mut vs);
    let spread = quantile(&mut vs, 0.9) - quantile(&mut vs, 0.1);
    if zero > 0.8 || (distinct.len() <= 2 && spread > 2.0) {
        let few = n / 40.0;
        let w = 0.6 + 0.3 * few.min(1.0);
        let share = if zero > 0.8 { zero } else { 1.0 };
        let numbers =
            [("fixes", n), ("share", share), ("distinct", distinct.len() as f64), ("moved_mps", moved)];
        out.push(Finding::new(Code::FieldSpeed, w, s.whole(), &numbers));
        return;
    }
    // A constant factor: a recording played faster or slower keeps its own speeds.
    let mut ratios: Vec<f64> =
        seen.iter().filter(|(_, r, dt)| *r > 2.0 && *dt <= 20.0).map(|(v, r, _)| v / r).collect();
    if ratios.len() >= 40 {
        let mid = median(&mut ratios);
        let (low, high) = (quantile(&mut ratios, 0.25), quantile(&mut ratios, 0.75));
        if (mid > 1.13 && low > 1.05 || mid < 0.7) && (high - low) / mid < 0.25 {
            let w = 0.6 + 0.3 * (((mid - 1.0).abs() - 0.1) / 0.15).clamp(0.0, 1.0);
            let numbers = [("fixes", ratios.len() as f64), ("ratio", mid), ("iqr", high - low)];
            out.push(Finding::new(Code::SpeedRatio, w, s.whole(), &numbers));
        }
    }
}

fn bearing_field(s: &Series, out: &mut Vec<Finding>) {
    let mut off = vec![];
    let mut values = HashSet::new();
    let mut track = HashSet::new();
    for w in s.steps.windows(2) {
        let (a, b) = (&w[0], &w[1]);
        if a.dt > 20.0 || b.dt > 20.0 || a.v < 4.0 || b.v < 4.0 || turn(a.bearing, b.bearing).abs() > 30.0 {
            continue;
        }
        let Some(said) = s.fixes[b.i].bearing_deg else { continue };
        let along = a.bearing + turn(a.bearing, b.bearing) / 2.0;
        off.push(turn(f64::from(said), along));
        values.insert((said * 10.0).round() as i64);
        track.insert((along / 20.0).round() as i64);
    }
    let n = off.len();
    if n < 30 || track.len() < 5 {
        return;
    }
    let mut size: Vec<f64> = off.iter().map(|o| o.abs()).collect();
    let mid = median(&mut size);
    if mid > 25.0 || values.len() <= 2 {
        let w = 0.55 + 0.3 * (n as f64 / 80.0).min(1.0);
        let numbers = [("fixes", n as f64), ("off_deg", mid), ("distinct", values.len() as f64)];
        out.push(Finding::new(Code::FieldBearing, w, s.whole(), &numbers));
    }
}
