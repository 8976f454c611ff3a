//! How lively a movement is: the acceleration density the smoother should expect, measured on the movement
//! itself. A motorway needs a stiff model, city streets a loose one. Braking and turning are kept apart: only
//! turning makes a way longer than it looks.

use crate::smooth::Seen;

/// Half of the window the measurement is averaged over, seconds and intervals.
const HALF_S: f64 = 120.0;
const HALF_N: usize = 4;
/// Believable densities, m²/s³.
const RANGE: std::ops::RangeInclusive<f64> = 0.02..=4.0;
/// More than a right-angled turn every 40 m is noise, rad²/m.
const WINDING_MAX: f64 = 0.06;
/// What to expect before anything is seen: 30 s at 10 m/s with a right-angled turn a kilometre.
const PRIOR: Energy = Energy { time: 30.0, along: 16.0, side: 75.0, ride: 30_000.0 };

/// Time between positions that show a velocity: seconds for each metre of their error, and its limits.
const APART_S_PER_M: f64 = 1.7;
const APART_S: std::ops::RangeInclusive<f64> = 8.0..=25.0;

/// Fills in the density and the winding of every interval.
pub(crate) fn measure(seen: &mut [Seen]) {
    let n = seen.len();
    let energy: Vec<Energy> = (0..n).map(|k| interval(seen, k)).collect();
    // running sums, so that each window costs the same however dense the fixes are
    let mut sums = vec![PRIOR; n + 1];
    for k in 0..n {
        let (e, mut sum) = (&energy[k], sums[k]);
        sum.time += e.time;
        sum.along += e.along;
        sum.side += e.side;
        sum.ride += e.ride;
        sums[k + 1] = sum;
    }
    for k in 1..n {
        let mid = (seen[k].t + seen[k - 1].t) / 2.0;
        let from = seen.partition_point(|s| s.t < mid - HALF_S).min(k.saturating_sub(HALF_N));
        let to = seen.partition_point(|s| s.t <= mid + HALF_S).max((k + HALF_N).min(n));
        let within = |of: fn(&Energy) -> f64| of(&sums[to]) - of(&sums[from]) + of(&PRIOR);
        let density = (within(|e| e.along) + within(|e| e.side)) / 2.0 / within(|e| e.time);
        seen[k].q = density.clamp(*RANGE.start(), *RANGE.end());
        seen[k].winding = (within(|e| e.side) / within(|e| e.ride)).clamp(0.0, WINDING_MAX);
    }
}

/// What an interval shows.
#[derive(Debug, Clone, Copy, Default)]
struct Energy {
    /// Time it counts for, seconds.
    time: f64,
    /// Energy of the acceleration along and across the movement, m²/s².
    along: f64,
    side: f64,
    /// Speed squared times length, m³/s².
    ride: f64,
}

impl Energy {
    /// From the velocities at both ends and the variance per axis that noise alone gives to their difference.
    fn of(time: f64, a: (f64, f64), b: (f64, f64), noise: f64) -> Energy {
        let (sx, sy) = (a.0 + b.0, a.1 + b.1);
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        let mean2 = sx * sx + sy * sy;
        let v2 = (a.0 * a.0 + a.1 * a.1 + b.0 * b.0 + b.1 * b.1) / 2.0;
        let bare = Energy { time, ride: v2 * v2.sqrt() * time, ..Energy::default() };
        if mean2 < 0.25 {
            return Energy { along: (dx * dx + dy * dy - 2.0 * noise).max(0.0), ..bare };
        }
        let along = (dx * sx + dy * sy).powi(2) / mean2;
        let swerve = (sx * dy - sy * dx) / mean2.sqrt();
        Energy { along: (along - noise).max(0.0), side: (swerve * swerve - noise).max(0.0), ..bare }
    }
}

fn interval(seen: &[Seen], k: usize) -> Energy {
    let Some(j) = k.checked_sub(1) else { return Energy::default() };
    let (a, b) = (&seen[j], &seen[k]);
    let dt = b.t - a.t;
    if dt <= 0.0 || (a.still && b.still) {
        return Energy::default();
    }
    if let (Some((ax, ay, sa)), Some((bx, by, sb))) = (a.velocity, b.velocity) {
        return Energy::of(dt, (ax, ay), (bx, by), 0.4 * (sa * sa + sb * sb));
    }
    // without speeds: the change of mean velocity between the seconds before and after, if they are alike
    let apart = (APART_S_PER_M * b.sigma).clamp(*APART_S.start(), *APART_S.end());
    let before = (0..k).rev().take(32).find(|&i| b.t - seen[i].t >= apart).unwrap_or(j);
    let Some(after) = (k + 1..seen.len().min(k + 33)).find(|&i| seen[i].t - b.t >= apart) else {
        return Energy::default();
    };
    let (a, c) = (&seen[before], &seen[after]);
    let (dt1, dt2) = (b.t - a.t, c.t - b.t);
    if dt1 < 0.8 * apart || dt2 > 2.0 * dt1 || dt1 > 2.0 * dt2 {
        return Energy::default();
    }
    let u = ((b.x - a.x) / dt1, (b.y - a.y) / dt1);
    let w = ((c.x - b.x) / dt2, (c.y - b.y) / dt2);
    let step = (dt1 + dt2) / 2.0;
    let fresh = 1.0 - (-step / 20.0).exp();
    let e = Energy::of(step, u, w, 6.0 * b.sigma * b.sigma * fresh / (step * step));
    // the mean velocities of neighbours differ by two thirds of what the velocities a step apart do; and each
    // interval counts for its own length only
    let own = dt / step;
    let scale = 1.5 * own;
    Energy { time: dt, along: e.along * scale, side: e.side * scale, ride: e.ride * own }
}
