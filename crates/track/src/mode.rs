//! How a movement was made: on foot, by e-bike, by car, by rail.

use crate::{ActivityHint, Mode, walk::Waypoint};

/// Speed that separates walking from riding, m/s: the median over 25 s is compared with it.
const RIDE_FROM_MPS: f64 = 1.8;
/// Half of the window the median is taken over, milliseconds.
const HALF_WINDOW_MS: i64 = 12_500;
/// Longest wait that is part of the ride it interrupts, seconds.
const QUEUE_S: f64 = 75.0;
/// Speeds of somebody on foot, m/s.
const FOOT_MPS: std::ops::Range<f64> = 0.5..2.2;
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

/// What a person does in an interval.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Gait {
    Slow,
    Ride,
    Rail,
}

/// Cuts a movement where its mode changes. The vehicle is left open (driving) for [`vehicle`].
pub(crate) fn parts(points: &[Waypoint]) -> Vec<Part> {
    if points.len() < 2 {
        return Vec::new();
    }
    let mut gaits: Vec<Gait> = (1..points.len()).map(|k| gait(points, k)).collect();
    // slow between two rides is a red light unless somebody got out and walked; then what is too short to be
    // a change of its own
    absorb(points, &mut gaits, Gait::Slow, |s, walked, n| {
        s < 20.0 || (s < QUEUE_S && walked < 0.5 * s) || (s < 1.5 * QUEUE_S && n < 4)
    });
    absorb(points, &mut gaits, Gait::Ride, |s, _, _| s < 12.0);
    let mut out: Vec<Part> = Vec::new();
    for (k, gait) in gaits.into_iter().enumerate() {
        let mode = match (hinted(points, k + 1), gait) {
            (Some(mode), _) => mode,
            (None, Gait::Rail) => Mode::Transit,
            (None, Gait::Ride) => Mode::Driving,
            (None, Gait::Slow) => Mode::Walking,
        };
        match out.last_mut() {
            Some(last) if last.mode == mode => last.b = k + 1,
            _ => out.push(Part { a: k, b: k + 1, mode }),
        }
    }
    out
}

/// What the phone itself said about the interval that ends at `k`; it overrides geometry.
fn hinted(points: &[Waypoint], k: usize) -> Option<Mode> {
    match points[k].hint.or(points[k - 1].hint)? {
        ActivityHint::Walking | ActivityHint::Running => Some(Mode::Walking),
        ActivityHint::Cycling => Some(Mode::Ebike),
        ActivityHint::Driving => Some(Mode::Driving),
        ActivityHint::Transit => Some(Mode::Transit),
        ActivityHint::Still => None,
    }
}

fn gait(points: &[Waypoint], k: usize) -> Gait {
    let mid = (points[k].t_ms + points[k - 1].t_ms) / 2;
    let from = points.partition_point(|p| p.t_ms < mid - HALF_WINDOW_MS).min(k - 1);
    let to = points.partition_point(|p| p.t_ms <= mid + HALF_WINDOW_MS).max(k + 1);
    let v = crate::stay::median((from + 1..to).map(|i| speed(points, i)).collect());
    if v >= RAIL_FROM_MPS {
        Gait::Rail
    } else if v >= RIDE_FROM_MPS {
        Gait::Ride
    } else {
        Gait::Slow
    }
}

/// Mean speed of the interval that ends at `k`, m/s.
fn speed(points: &[Waypoint], k: usize) -> f64 {
    points[k].meters / ((points[k].t_ms - points[k - 1].t_ms) as f64 / 1000.0).max(0.001)
}

/// Gives stretches of one gait to the gait on both sides where that is the same and `small`
/// (seconds, seconds of it at walking speed, intervals) says that the stretch is no change of its own.
fn absorb(points: &[Waypoint], gaits: &mut [Gait], which: Gait, small: impl Fn(f64, f64, usize) -> bool) {
    let mut a = 0;
    while a < gaits.len() {
        let b = (a..gaits.len()).take_while(|&k| gaits[k] == gaits[a]).last().unwrap_or(a);
        if gaits[a] == which {
            let seconds = (points[b + 1].t_ms - points[a].t_ms) as f64 / 1000.0;
            let walked: i64 = (a + 1..=b + 1)
                .filter(|&k| FOOT_MPS.contains(&speed(points, k)))
                .map(|k| points[k].t_ms - points[k - 1].t_ms)
                .sum();
            let before = a.checked_sub(1).map(|k| gaits[k]);
            let after = gaits.get(b + 1).copied();
            if let Some(around) = before
                && after == before
                && small(seconds, walked as f64 / 1000.0, b + 1 - a)
            {
                gaits[a..=b].fill(around);
            }
        }
        a = b + 1;
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
