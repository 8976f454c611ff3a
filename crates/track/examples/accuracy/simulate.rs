//! What a phone would have recorded.

use geo::destination;
use track::Fix;

use crate::{
    noise::{Drift, Rng},
    truth::Real,
};

/// What the phone reports besides the position.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Phone {
    pub doppler: bool,
    pub accuracy: bool,
}

pub const FULL: Phone = Phone { doppler: true, accuracy: true };
pub const POSITIONS: Phone = Phone { doppler: false, accuracy: true };
pub const BARE: Phone = Phone { doppler: false, accuracy: false };
pub const NO_ACC: Phone = Phone { doppler: true, accuracy: false };

/// Fixes at 1 Hz along a path with a Gauss–Markov position error (20 s, bursts of three times).
pub fn outdoors(path: &[Real], sigma: f64, phone: Phone, rng: &mut Rng) -> Vec<Fix> {
    let mut drift = Drift::new(rng, sigma, 20.0, 300.0);
    path.iter()
        .map(|r| {
            let (e, n) = drift.step(rng, sigma);
            let shown = sigma * (1.0 + 0.5 * (drift.factor - 1.0)) * rng.even(0.8, 1.3);
            fix(r, e, n, shown, r.speed, 0.3, phone, rng)
        })
        .collect()
}

#[allow(clippy::too_many_arguments)]
fn fix(r: &Real, e: f64, n: f64, shown: f64, speed: f64, doppler: f64, phone: Phone, rng: &mut Rng) -> Fix {
    let at = destination(destination(r.at, 90.0, e), 0.0, n);
    let (b, jitter) = (r.bearing.to_radians(), doppler);
    let (ve, vn) = (speed * b.sin() + jitter * rng.normal(), speed * b.cos() + jitter * rng.normal());
    let mut fix = Fix::new(r.t_s * 1000, at);
    if phone.doppler {
        fix.speed_mps = Some(ve.hypot(vn) as f32);
        fix.bearing_deg = Some(ve.atan2(vn).to_degrees().rem_euclid(360.0) as f32);
    }
    if phone.accuracy {
        fix.acc_m = Some((shown * 1.515) as f32);
    }
    fix
}

/// How bad it is indoors.
#[derive(Debug, Clone, Copy)]
pub struct Indoors {
    pub tau_s: f64,
    /// Mean time between multipath jumps, seconds; 0 for none.
    pub jump_every_s: f64,
    pub jump_m: f64,
    /// Length of a jump, seconds.
    pub jump_s: (f64, f64),
    /// Error of the reported speed, m/s per axis.
    pub doppler: f64,
    /// Speed reported while the position jumps, m/s.
    pub spike: f64,
}

pub const USUAL: Indoors =
    Indoors { tau_s: 60.0, jump_every_s: 600.0, jump_m: 60.0, jump_s: (5.0, 40.0), doppler: 0.3, spike: 0.0 };
/// Frequent far jumps and a fast drift.
pub const ROUGH: Indoors = Indoors { tau_s: 20.0, jump_every_s: 200.0, jump_m: 90.0, doppler: 0.6, ..USUAL };
/// Many short jumps during which the receiver believes to move.
pub const SPIKES: Indoors = Indoors { jump_every_s: 60.0, jump_s: (0.0, 3.0), spike: 6.0, ..USUAL };
/// A position that wanders off for minutes.
pub const WANDERING: Indoors = Indoors { tau_s: 300.0, ..USUAL };
/// Speeds that never rest.
pub const LIVELY: Indoors = Indoors { doppler: 1.0, ..USUAL };

/// `seconds` at one place with a drifting position and multipath jumps.
pub fn indoors(
    at: &Real,
    seconds: i64,
    sigma: f64,
    how: Indoors,
    phone: Phone,
    rng: &mut Rng,
) -> Vec<(Fix, Real)> {
    let mut drift = Drift::new(rng, sigma, how.tau_s, 1e12);
    let (mut jump, mut left) = ((0.0, 0.0), 0.0);
    (0..seconds)
        .map(|s| {
            if left > 0.0 {
                left -= 1.0;
            } else if how.jump_every_s > 0.0 && rng.chance(1.0 / how.jump_every_s) {
                left = rng.even(how.jump_s.0, how.jump_s.1);
                let dir = rng.even(0.0, std::f64::consts::TAU);
                jump = (how.jump_m * dir.sin(), how.jump_m * dir.cos());
            }
            let (off, speed) = if left > 0.0 { (jump, how.spike) } else { ((0.0, 0.0), 0.0) };
            let (e, n) = drift.step(rng, sigma);
            let real = Real { t_s: at.t_s + 1 + s, speed: 0.0, ..*at };
            let shown = sigma * rng.even(0.8, 1.3);
            (fix(&real, e + off.0, n + off.1, shown, speed, how.doppler, phone, rng), real)
        })
        .collect()
}

/// A work day: four drives along `path`, each followed by an indoor stop of 40–90 minutes.
pub fn work_day(path: &[Real], how: Indoors, phone: Phone, rng: &mut Rng) -> (Vec<Fix>, Vec<Real>) {
    let (mut fixes, mut reals) = (Vec::new(), Vec::<Real>::new());
    // out and back again, unless the path itself comes back
    let back = back_again(path);
    for n in 0..4 {
        let path: &[Real] = if n % 2 == 1 { &back } else { path };
        let (t0, d0) = reals.last().map_or((path[0].t_s, 0.0), |r| (r.t_s + 1, r.dist));
        let piece: Vec<Real> = path
            .iter()
            .map(|r| Real { t_s: r.t_s - path[0].t_s + t0, dist: r.dist - path[0].dist + d0, ..*r })
            .collect();
        fixes.extend(outdoors(&piece, 4.0, phone, rng));
        reals.extend(&piece);
        let Some(last) = reals.last().copied() else { continue };
        let (minutes, sigma) = (rng.even(40.0, 90.0), rng.even(8.0, 22.0));
        for (fix, real) in indoors(&last, (minutes * 60.0) as i64, sigma, how, phone, rng) {
            fixes.push(fix);
            reals.push(real);
        }
    }
    (fixes, reals)
}

/// Every `step`-th second from a random phase, with a little jitter above one second; indices into the input.
pub fn sample(n: usize, step: usize, rng: &mut Rng) -> Vec<usize> {
    let phase = rng.even(0.0, step as f64) as usize;
    (phase..n).step_by(step).collect()
}

/// The path driven the other way; a path that ends where it began is driven again as it is.
fn back_again(path: &[Real]) -> Vec<Real> {
    let (first, last) = (path[0], path[path.len() - 1]);
    if geo::distance_m(first.at, last.at) < 50.0 {
        return path.to_vec();
    }
    path.iter()
        .rev()
        .map(|r| Real {
            t_s: last.t_s - r.t_s,
            bearing: (r.bearing + 180.0) % 360.0,
            dist: last.dist - r.dist,
            ..*r
        })
        .collect()
}
