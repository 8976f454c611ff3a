//! A claimed visit against the track, the fence and the customer's file.

use std::collections::HashMap;

use geo::{LngLat, distance_m, inside_probability};

use crate::{
    catalogue::Code,
    model::{Claim, Company, Customer, Finding},
    rules::jumps::Leap,
    series::{GAP_S, Series, accuracy, median, mode},
};

/// Positions in buildings lie that far off, metres.
const SLACK_M: f64 = 60.0;
/// An edit of the place is remembered against the visits of the following week.
const EDIT_MS: i64 = 7 * 86_400_000;

/// Findings of one claim. `series` is the day it belongs to, if known.
pub(crate) fn find(company: &Company, claim: &Claim, day: Option<(&Series, &[Leap])>) -> Vec<Finding> {
    let mut out = vec![];
    let customer = claim.customer.map(|c| company.customers[c]);
    let window = (claim.in_ms, claim.out_ms.unwrap_or(claim.in_ms));
    if let Some(to) = claim.out_ms {
        let seconds = (to - claim.in_ms) as f64 / 1000.0;
        if (0.0..150.0).contains(&seconds) {
            let w = 0.6 - 0.25 * seconds / 150.0;
            out.push(Finding::new(Code::ShortVisit, w, window, &[("seconds", seconds)]));
        }
    }
    if let (Some(at), Some(c)) = (claim.at, customer) {
        range(claim, at, c, day.map(|d| d.0), window, &mut out);
    }
    if let Some((series, leaps)) = day {
        if let Some(at) = claim.at {
            mismatch(series, claim, at, customer, window, &mut out);
        }
        if let Some(c) = customer {
            dwell(series, claim, c, &mut out);
            approach(series, leaps, claim, c, window, &mut out);
        }
        moving(series, claim, window, &mut out);
        tidy(series, claim, window, &mut out);
        net_only(series, claim, window, &mut out);
    }
    moved(company, claim, window, &mut out);
    out
}

fn range(
    claim: &Claim,
    at: LngLat,
    c: Customer,
    day: Option<&Series>,
    window: (i64, i64),
    out: &mut Vec<Finding>,
) {
    let d = distance_m(at, c.at);
    let said = claim.acc_m.map(f64::from).filter(|a| *a > 0.0).unwrap_or(15.0);
    // Network positions are often worse than they say.
    let acc = if said >= 20.0 { said * 2.0 } else { said.max(8.0) };
    let p = inside_probability(d, acc.min(3_000.0), c.radius_m);
    let over = d - c.radius_m;
    if p < 0.02 && over > 40.0 && over > 1.5 * acc {
        let mut w = 0.4 + 0.5 * ((over - 40.0) / 400.0).clamp(0.0, 1.0);
        // One stray position at the press of the button: the track before and after knows better.
        if day.is_some_and(|s| mostly_inside(s, claim, c)) {
            w *= 0.3;
        }
        let numbers = [("distance_m", d), ("radius_m", c.radius_m), ("accuracy_m", said)];
        out.push(Finding::new(Code::OutOfRange, w, window, &numbers));
    }
}

/// Do most positions of the claimed time lie at the customer?
fn mostly_inside(s: &Series, claim: &Claim, c: Customer) -> bool {
    let to = claim.out_ms.unwrap_or(claim.in_ms + 600_000);
    let during = &s.fixes[s.during(claim.in_ms - 60_000, to)];
    let near = |f: &&crate::model::Fix| {
        distance_m(f.at, c.at) <= c.radius_m + SLACK_M + 1.5 * accuracy(f).unwrap_or(20.0).min(100.0)
    };
    during.len() >= 3 && during.iter().filter(near).count() * 2 > during.len()
}

fn mismatch(
    s: &Series,
    claim: &Claim,
    at: LngLat,
    c: Option<Customer>,
    window: (i64, i64),
    out: &mut Vec<Finding>,
) {
    let Some(track) = s.at(claim.in_ms, 120.0) else { return };
    let near = s.during(claim.in_ms - 120_000, claim.in_ms + 120_000);
    let coarse = s.fixes[near].iter().filter_map(accuracy).fold(0.0, f64::max);
    let acc = claim.acc_m.map_or(15.0, f64::from);
    let d = distance_m(track, at);
    let slack = 250.0 + 2.0 * (acc + coarse);
    // A fix that is at the customer, where the track soon is as well, is only a little late or early.
    let agrees = c.is_some_and(|c| mostly_inside(s, claim, c));
    if d > slack && !agrees {
        let w = 0.45 + 0.45 * ((d - slack) / 500.0).clamp(0.0, 1.0);
        out.push(Finding::new(
            Code::FixMismatch,
            w,
            window,
            &[("distance_m", d), ("accuracy_m", acc + coarse)],
        ));
    }
}

/// Time shown outside against the time claimed. Silence is held against nobody.
fn dwell(s: &Series, claim: &Claim, c: Customer, out: &mut Vec<Finding>) {
    let Some(to) = claim.out_ms else { return };
    let claimed = (to - claim.in_ms) as f64 / 1000.0;
    if claimed < 60.0 {
        return;
    }
    let outside = |i: usize| {
        let f = &s.fixes[i];
        let acc = accuracy(f).unwrap_or(20.0);
        // Wi-Fi puts a phone at a wrong address, to the last digit and for minutes: that is not elsewhere.
        let held = |k: Option<usize>| k.and_then(|k| s.fixes.get(k)).is_some_and(|g| g.at.e7() == f.at.e7());
        if (acc >= 20.0 || accuracy(f).is_none()) && (held(i.checked_sub(1)) || held(i.checked_add(1))) {
            return false;
        }
        acc <= 300.0 && distance_m(f.at, c.at) > c.radius_m + SLACK_M + 1.5 * acc
    };
    // Wi-Fi throws single positions far away: outside counts from two neighbours on.
    let (mut away, mut seen, mut far, mut count) = (0.0, 0.0, 0.0f64, 0);
    for st in &s.steps {
        let (a, b) = (s.fixes[st.i].t_ms.max(claim.in_ms), s.fixes[st.i + 1].t_ms.min(to));
        if b <= a || st.dt > 2.0 * GAP_S {
            continue;
        }
        let seconds = (b - a) as f64 / 1000.0;
        seen += seconds;
        if outside(st.i) && outside(st.i + 1) {
            away += seconds;
            count += 1;
            far = far.max(distance_m(s.fixes[st.i + 1].at, c.at));
        }
    }
    let share = away / claimed;
    let known = away / f64::max(seen, 1.0);
    if count >= 2 && away > 60.0 && share > 0.25 && known > 0.5 {
        let w = 0.5
            + 0.3 * ((share - 0.25) / 0.5).clamp(0.0, 1.0)
            + 0.15 * ((far - c.radius_m - 150.0) / 600.0).clamp(0.0, 1.0);
        let numbers = [("claimed_minutes", claimed / 60.0), ("away_share", share), ("distance_m", far)];
        out.push(Finding::new(Code::DwellGap, w, (claim.in_ms, to), &numbers));
    }
}

fn approach(
    s: &Series,
    leaps: &[Leap],
    claim: &Claim,
    c: Customer,
    window: (i64, i64),
    out: &mut Vec<Finding>,
) {
    let from = claim.in_ms - 15 * 60_000;
    for leap in leaps {
        let lands = &s.fixes[leap.i + 1];
        let here = distance_m(lands.at, c.at) < c.radius_m + 300.0;
        if (from..=claim.in_ms + 120_000).contains(&lands.t_ms) && here {
            let numbers = [("distance_m", leap.d), ("seconds", leap.dt)];
            out.push(Finding::new(Code::NoApproach, leap.w + 0.1, window, &numbers));
            return;
        }
    }
}

fn moving(s: &Series, claim: &Claim, window: (i64, i64), out: &mut Vec<Finding>) {
    let sharp = |i: usize| accuracy(&s.fixes[i]).is_none_or(|a| a <= 35.0);
    let at = |t: i64| {
        let near = s.during(t - 30_000, t + 30_000);
        let steps = s.steps.get(near.start..near.end.saturating_sub(1)).unwrap_or(&[]);
        let mut steps: Vec<f64> =
            steps.iter().filter(|st| sharp(st.i) && sharp(st.i + 1)).map(|st| st.v).collect();
        let mut reported: Vec<f64> =
            s.fixes[near].iter().filter_map(|f| f.speed_mps).map(f64::from).collect();
        match (steps.is_empty(), reported.is_empty()) {
            (false, false) => median(&mut steps).min(median(&mut reported)),
            (false, true) => median(&mut steps),
            (true, false) => median(&mut reported),
            (true, true) => {
                // Sparse tracks: the step that spans the moment.
                let k = s.fixes.partition_point(|f| f.t_ms <= t);
                let step = k.checked_sub(1).and_then(|k| s.steps.get(k));
                step.filter(|st| st.dt <= 90.0 && sharp(st.i) && sharp(st.i + 1)).map_or(0.0, |st| st.v)
            }
        }
    };
    let v = at(claim.in_ms);
    if v > 6.5 && v < 70.0 {
        let w = 0.35 + 0.35 * ((v - 6.5) / 6.0).clamp(0.0, 1.0);
        out.push(Finding::new(Code::MovingCheckin, w, window, &[("speed_mps", v)]));
    }
}

fn tidy(s: &Series, claim: &Claim, window: (i64, i64), out: &mut Vec<Finding>) {
    let Some(to) = claim.out_ms else { return };
    let inside = s.during(claim.in_ms, to);
    let (Some(here), Some(all)) = (
        mode(s.fixes[inside.clone()].iter().filter_map(accuracy)),
        mode(s.fixes.iter().filter_map(accuracy)),
    ) else {
        return;
    };
    let outside = s.fixes.len() - inside.len();
    if here.2 >= 8 && here.1 > 0.97 && here.0 <= 12.0 && all.1 < 0.6 && outside >= 20 {
        let w = 0.3 + 0.2 * ((here.2 as f64 - 8.0) / 20.0).min(1.0);
        out.push(Finding::new(
            Code::VisitFields,
            w,
            window,
            &[("fixes", here.2 as f64), ("accuracy_m", here.0)],
        ));
    }
}

fn net_only(s: &Series, claim: &Claim, window: (i64, i64), out: &mut Vec<Finding>) {
    let Some(to) = claim.out_ms else { return };
    let accs = |r: std::ops::Range<usize>| s.fixes[r].iter().filter_map(accuracy).collect::<Vec<f64>>();
    let mut here = accs(s.during(claim.in_ms, to));
    let mut all = accs(0..s.fixes.len());
    if here.len() < 4 || all.len() < 20 {
        return;
    }
    let finest = here.iter().copied().fold(f64::MAX, f64::min);
    if finest >= 20.0 && median(&mut all) < 15.0 {
        let numbers = [("fixes", here.len() as f64), ("accuracy_m", finest), ("median_m", median(&mut here))];
        out.push(Finding::new(Code::NetOnlyAtVisit, 0.12, window, &numbers));
    }
}

/// The own edit of a customer's place shortly before the visit. A small correction, or one that agrees with where
/// earlier visits were made, is what good people do.
fn moved(company: &Company, claim: &Claim, window: (i64, i64), out: &mut Vec<Finding>) {
    let Some(customer) = claim.customer else { return };
    let edit = company
        .edits
        .iter()
        .filter(|e| e.customer == customer && e.user == claim.user)
        .filter(|e| (0..EDIT_MS).contains(&(claim.in_ms - e.t_ms)))
        .max_by_key(|e| e.t_ms);
    let Some(edit) = edit else { return };
    let earlier: Vec<LngLat> = company
        .claims
        .iter()
        .filter(|c| c.customer == Some(customer) && c.in_ms < edit.t_ms)
        .filter_map(|c| c.at)
        .collect();
    let now = company.customers[customer].at;
    let place = edit.to.unwrap_or(now);
    let mut w = 0.8;
    if earlier.len() >= 2 {
        let mut apart: Vec<f64> = earlier.iter().map(|p| distance_m(*p, place)).collect();
        w = if median(&mut apart) < 150.0 { 0.15 } else { 0.9 };
    }
    let hours = (claim.in_ms - edit.t_ms) as f64 / 3_600_000.0;
    if hours < 24.0 && w > 0.5 {
        w += 0.05;
    }
    let earlier_m = {
        let mut apart: Vec<f64> = earlier.iter().map(|p| distance_m(*p, place)).collect();
        median(&mut apart)
    };
    let numbers = [("hours", hours), ("earlier_visits", earlier.len() as f64), ("earlier_m", earlier_m)];
    out.push(Finding::new(Code::CustomerMoved, w, window, &numbers));
}

/// Findings of a day that concern the time of a visit.
pub(crate) fn inherit(day: &[Finding], claim: &Claim) -> Vec<Finding> {
    let from = claim.in_ms;
    let to = claim.out_ms.unwrap_or(claim.in_ms + 60_000).max(from + 1);
    let mut strongest: HashMap<Code, Finding> = HashMap::new();
    for f in day {
        let whole_day = matches!(
            f.code,
            Code::StaticExact
                | Code::AccConst
                | Code::AccConstMoving
                | Code::AccImpossible
                | Code::WhiteNoise
                | Code::FieldSpeed
                | Code::SpeedRatio
                | Code::ClockAhead
                | Code::ClockBehind
                | Code::ClockStep
                | Code::Replay
                | Code::ReplayExact
                | Code::ReplayMoved
                | Code::Mock
                | Code::DeviceShared
                | Code::DeviceTwo
                | Code::Backdated
                | Code::FreezeJump
        );
        if !whole_day || f.to_ms < from || f.from_ms > to {
            continue;
        }
        let mut copy = f.clone();
        copy.weight *= 0.9;
        strongest
            .entry(f.code)
            .and_modify(|o| {
                if o.weight < copy.weight {
                    *o = copy.clone()
                }
            })
            .or_insert(copy);
    }
    let mut out: Vec<Finding> = strongest.into_values().collect();
    out.sort_by_key(|f| f.code);
    out
}
