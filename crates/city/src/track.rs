//! Where somebody truly is, second by second.

use geo::{LngLat, distance_m};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use crate::shape::pt;

/// How somebody moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Motion {
    Drive,
    Walk,
    /// In a building, or sitting in the parked car.
    Stay,
}

/// What stands between the phone and the satellites.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sky {
    Open,
    /// Between houses.
    Street,
    Indoor,
    /// Below ground: no fix at all.
    Basement,
}

/// The truth at one second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TruePoint {
    /// Unix milliseconds.
    pub t_ms: i64,
    pub at: LngLat,
    pub speed_mps: f64,
    /// Clockwise from north; the last direction of travel while standing.
    pub bearing_deg: f64,
    pub motion: Motion,
    pub sky: Sky,
}

/// Metres on the way: driving, and walking between car and door. What happens inside a shop is not on the way.
pub fn travelled_m(points: &[TruePoint]) -> f64 {
    let moved = |w: &&[TruePoint]| w[1].motion != Motion::Stay || w[0].motion != Motion::Stay;
    points.windows(2).filter(moved).map(|w| distance_m(w[0].at, w[1].at)).sum()
}

/// On foot in a straight line at about 1.3 m/s, a point a second, arrival included.
pub fn walk(from: LngLat, to: LngLat, depart_ms: i64, sky: Sky, rng: &mut ChaCha8Rng) -> Vec<TruePoint> {
    let plane = geo::LocalPlane::at(from);
    let (x, y) = plane.xy(to);
    let length = x.hypot(y);
    let speed = rng.random_range(1.15..1.45);
    let seconds = (length / speed).ceil().max(1.0);
    let bearing_deg = if length < 0.01 { 0.0 } else { geo::bearing_deg(from, to) };
    (0..=seconds as i64)
        .map(|s| {
            let d = (speed * s as f64).min(length);
            let share = if length < 0.01 { 0.0 } else { d / length };
            let moving = s > 0 && d < length;
            TruePoint {
                t_ms: depart_ms + s * 1000,
                at: plane.lng_lat(x * share, y * share),
                speed_mps: if moving { speed } else { 0.0 },
                bearing_deg,
                motion: Motion::Walk,
                sky,
            }
        })
        .collect()
}

/// In a shop: stands, now and then takes a few steps within `roam_m`, and is back at `at` in the end.
/// With `roam_m` 0 the place does not change.
pub fn stay_indoor(
    at: LngLat,
    (from_ms, to_ms): (i64, i64),
    roam_m: f64,
    sky: Sky,
    rng: &mut ChaCha8Rng,
) -> Vec<TruePoint> {
    const STEP_MPS: f64 = 0.7;
    let plane = geo::LocalPlane::at(at);
    let seconds = (to_ms - from_ms) / 1000;
    let back_by = seconds - (roam_m * 2.0 / STEP_MPS).ceil() as i64 - 1;
    let mut here = pt(0.0, 0.0);
    let mut goal = here;
    let mut wait = rng.random_range(20..90);
    let mut bearing_deg = 0.0;
    let mut points = Vec::with_capacity(seconds.max(0) as usize + 1);
    for s in 0..=seconds {
        let to_go = goal - here;
        let mut speed_mps = 0.0;
        if to_go.len() > 0.01 {
            let step = to_go.len().min(STEP_MPS);
            here = here + to_go.unit() * step;
            speed_mps = step;
            bearing_deg = to_go.x.atan2(to_go.y).to_degrees().rem_euclid(360.0);
        } else if s >= back_by {
            goal = pt(0.0, 0.0);
        } else if wait > 0 {
            wait -= 1;
        } else {
            wait = rng.random_range(40..200);
            let (r, a) =
                (roam_m * rng.random_range(0.0..1.0f64).sqrt(), rng.random_range(0.0..std::f64::consts::TAU));
            goal = pt(r * a.cos(), r * a.sin());
        }
        points.push(TruePoint {
            t_ms: from_ms + s * 1000,
            at: plane.lng_lat(here.x, here.y),
            speed_mps,
            bearing_deg,
            motion: Motion::Stay,
            sky,
        });
    }
    points
}
