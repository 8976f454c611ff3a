//! How a movement was made: on foot, by e-bike, by car, by rail.

use crate::{ActivityHint, Mode, walk::Waypoint};

/// Speed that separates walking from riding, m/s: the median over 25 s is compared with it.
const RIDE_FROM_MPS: f64 = 2.0;
/// Half of the window the median is taken over, milliseconds.
const HALF_WINDOW_MS: i64 = 12_500;
/// A change of mode shorter than this is a pause or a burst, milliseconds.
const SHORTEST_MS: i64 = 60_000;
/// Faster than any road, m/s.
const RAIL_FROM_MPS: f64 = 50.0;
/// An e-bike hardly passes this; a car does on any real trip, m/s.
const CAR_FROM_MPS: f64 = 11.0;

/// A part of a movement made in one mode: points `a..=b`; neighbours share a point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Part {
    pub a: usize,
    pub b: usize,
    pub mode: Mode,
}

/// Cuts a movement where its mode changes. The vehicle is left open (driving) for [`vehicle`].
pub(crate) fn parts(points: &[Waypoint]) -> Vec<Part> {
    if points.len() < 2 {
        return Vec::new();
    }
    let mut modes: Vec<Mode> = (1..points.len()).map(|k| interval_mode(points, k)).collect();
    absorb_short(points, &mut modes);
    let mut out: Vec<Part> = Vec::new();
    for (k, mode) in modes.into_iter().enumerate() {
        match out.last_mut() {
            Some(last) if last.mode == mode => last.b = k + 1,
            _ => out.push(Part { a: k, b: k + 1, mode }),
        }
    }
    out
}

fn interval_mode(points: &[Waypoint], k: usize) -> Mode {
    match points[k].hint.or(points[k - 1].hint) {
        Some(ActivityHint::Walking | ActivityHint::Running) => return Mode::Walking,
        Some(ActivityHint::Cycling) => return Mode::Ebike,
        Some(ActivityHint::Driving) => return Mode::Driving,
        Some(ActivityHint::Transit) => return Mode::Transit,
        Some(ActivityHint::Still) | None => {}
    }
    let mid = (points[k].t_ms + points[k - 1].t_ms) / 2;
    let from = points.partition_point(|p| p.t_ms < mid - HALF_WINDOW_MS).min(k - 1);
    let to = points.partition_point(|p| p.t_ms <= mid + HALF_WINDOW_MS).max(k + 1);
    let speeds = (from + 1..to).map(|i| speed(points, i)).collect();
    let v = crate::stay::median(speeds);
    if v >= RAIL_FROM_MPS {
        Mode::Transit
    } else if v >= RIDE_FROM_MPS {
        Mode::Driving
    } else {
        Mode::Walking
    }
}

/// Mean speed of the interval that ends at `k`, m/s.
fn speed(points: &[Waypoint], k: usize) -> f64 {
    points[k].meters / ((points[k].t_ms - points[k - 1].t_ms) as f64 / 1000.0).max(0.001)
}

/// Short changes take the mode of what surrounds them; a slow part belongs to the ride unless it is a walk of
/// its own.
fn absorb_short(points: &[Waypoint], modes: &mut [Mode]) {
    for _ in 0..2 {
        let mut a = 0;
        while a < modes.len() {
            let b = (a..modes.len()).take_while(|&k| modes[k] == modes[a]).last().unwrap_or(a);
            let lasted = points[b + 1].t_ms - points[a].t_ms;
            let meters: f64 = points[a + 1..=b + 1].iter().map(|p| p.meters).sum();
            let before = a.checked_sub(1).map(|k| modes[k]);
            let after = modes.get(b + 1).copied();
            let slow = modes[a] == Mode::Walking && meters / (lasted as f64 / 1000.0) < 0.5;
            let short = lasted < SHORTEST_MS || (slow && lasted < 4 * SHORTEST_MS);
            if let (true, Some(around)) = (short, before.or(after))
                && (before == after || before.is_none() || after.is_none())
            {
                modes[a..=b].fill(around);
            }
            a = b + 1;
        }
    }
}

/// Speed that a vehicle passed during a tenth of its moving time, m/s.
pub(crate) fn brisk_mps(points: &[Waypoint], part: Part) -> f64 {
    let mut moving: Vec<(f64, f64)> = (part.a + 1..=part.b)
        .map(|k| (speed(points, k), (points[k].t_ms - points[k - 1].t_ms) as f64))
        .filter(|(v, _)| *v > 1.0)
        .collect();
    moving.sort_by(|a, b| b.0.total_cmp(&a.0));
    let total: f64 = moving.iter().map(|m| m.1).sum();
    let mut sum = 0.0;
    for (v, dt) in moving {
        sum += dt;
        if sum >= total / 10.0 {
            return v;
        }
    }
    0.0
}

/// Car or e-bike? People use one vehicle a day, so a leg too short to tell is judged by the whole day.
pub(crate) fn vehicle(leg_brisk: f64, leg_m: f64, day_brisk: f64) -> Mode {
    let brisk = if leg_m >= 3_000.0 { leg_brisk } else { day_brisk.max(leg_brisk) };
    if brisk >= CAR_FROM_MPS { Mode::Driving } else { Mode::Ebike }
}
