//! What a phone reports of a true track: errors as GNSS receivers make them.
//!
//! The position error is a Gauss–Markov process per axis, wider between houses and in buildings, with bursts
//! of multipath on top; indoors single jumps of some tens of metres last for a minute or so. Speed comes from
//! Doppler and is far better than positions. The reported accuracy is the 68 % radius the phone believes in,
//! which knows only part of a burst.

use geo::{LngLat, LocalPlane};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

use crate::shape::{Pt, pt};
use crate::track::{Motion, Sky, TruePoint};

/// A phone and its settings.
#[derive(Debug, Clone, PartialEq)]
pub struct PhoneModel {
    /// Between fixes while moving, seconds.
    pub interval_s: f64,
    /// Between fixes after a minute without movement, seconds.
    pub still_interval_s: f64,
    /// Error per axis under open sky, metres.
    pub sigma_m: f64,
    /// Error per axis between houses.
    pub street_sigma_m: f64,
    /// Slow drift per axis in buildings.
    pub indoor_sigma_m: f64,
    /// How long an error lives outdoors; indoors three times as long. Seconds.
    pub gauss_markov_tau_s: f64,
    /// Multipath bursts outdoors: how often, and how many times the usual error.
    pub bursts_per_h: f64,
    pub burst_factor: f64,
    /// Jumps indoors: how often, and how far.
    pub indoor_jumps_per_h: f64,
    pub indoor_jump_m: f64,
    /// Error of the speed per axis outdoors, m/s.
    pub doppler_sigma_mps: f64,
    /// Share of fixes that never come.
    pub lost_share: f64,
    /// No fixes from–to, Unix ms: phone off, right withdrawn, tunnel.
    pub outages: Vec<(i64, i64)>,
}

impl PhoneModel {
    /// A good phone with a fix every 10 s while moving, every 60 s while standing.
    pub fn balanced() -> PhoneModel {
        PhoneModel {
            interval_s: 10.0,
            still_interval_s: 60.0,
            sigma_m: 3.2,
            street_sigma_m: 5.0,
            indoor_sigma_m: 9.0,
            gauss_markov_tau_s: 20.0,
            bursts_per_h: 4.0,
            burst_factor: 3.0,
            indoor_jumps_per_h: 2.0,
            indoor_jump_m: 55.0,
            doppler_sigma_mps: 0.25,
            lost_share: 0.015,
            outages: Vec::new(),
        }
    }

    /// A fix a second, for tests of the filter.
    pub fn every_second() -> PhoneModel {
        PhoneModel { interval_s: 1.0, still_interval_s: 1.0, ..PhoneModel::balanced() }
    }

    /// A cheap phone in a pocket: 30 s, wide errors, many jumps.
    pub fn poor() -> PhoneModel {
        PhoneModel {
            interval_s: 30.0,
            still_interval_s: 120.0,
            sigma_m: 9.0,
            street_sigma_m: 12.0,
            indoor_sigma_m: 20.0,
            bursts_per_h: 10.0,
            indoor_jumps_per_h: 6.0,
            doppler_sigma_mps: 0.45,
            lost_share: 0.06,
            ..PhoneModel::balanced()
        }
    }
}

/// One fix.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Observed {
    /// Unix milliseconds.
    pub t_ms: i64,
    pub at: LngLat,
    /// Radius of 68 %, metres.
    pub acc_m: f64,
    pub speed_mps: f64,
    /// None while the phone hardly moves.
    pub bearing_deg: Option<f64>,
    pub alt_m: f64,
}

/// A Rayleigh radius holds 68 % at this many σ per axis.
const R68: f64 = 1.515;
const GROUND_M: f64 = 14.0;

/// The fixes a phone makes of a track. The points must be in order of time.
pub fn phone_observe(points: &[TruePoint], model: &PhoneModel, rng: &mut ChaCha8Rng) -> Vec<Observed> {
    let Some(first) = points.first() else { return Vec::new() };
    let plane = LocalPlane::at(first.at);
    let mut error = Error::new(rng);
    let mut out = Vec::new();
    let mut due = first.t_ms as f64;
    let mut moved_at = first.t_ms;
    let mut last_ms = first.t_ms;
    for (i, p) in points.iter().enumerate() {
        if p.speed_mps > 0.5 {
            moved_at = p.t_ms;
        }
        // Setting off wakes the phone up at once.
        let interval = if p.t_ms - moved_at < 60_000 { model.interval_s } else { model.still_interval_s };
        due = due.min(last_ms as f64 + interval * 1000.0);
        if (p.t_ms as f64) < due {
            continue;
        }
        due = p.t_ms as f64 + interval * 1000.0;
        let dt = (p.t_ms - last_ms) as f64 / 1000.0;
        error.pass(dt.max(0.001), p, model, rng);
        last_ms = p.t_ms;
        let out_of_service = model.outages.iter().any(|o| (o.0..o.1).contains(&p.t_ms));
        let lost = rng.random_bool(model.lost_share);
        if p.sky == Sky::Basement || out_of_service || lost {
            continue;
        }
        let late_ms = rng.random_range(0..400);
        out.push(error.fix(plane, points, i, late_ms, model, rng));
    }
    out
}

/// The state of the error between fixes.
struct Error {
    drift: Pt,
    height: f64,
    /// Seconds left and extra factor of a burst.
    burst: (f64, f64),
    /// Seconds left and where to of a jump.
    jump: (f64, Pt),
    sigma: f64,
}

impl Error {
    fn new(rng: &mut ChaCha8Rng) -> Error {
        Error {
            drift: pt(normal(rng), normal(rng)),
            height: normal(rng),
            burst: (0.0, 1.0),
            jump: (0.0, pt(0.0, 0.0)),
            sigma: 1.0,
        }
    }

    fn pass(&mut self, dt: f64, p: &TruePoint, model: &PhoneModel, rng: &mut ChaCha8Rng) {
        let (sigma, tau) = match p.sky {
            Sky::Open => (model.sigma_m, model.gauss_markov_tau_s),
            Sky::Street => (model.street_sigma_m, model.gauss_markov_tau_s),
            Sky::Indoor | Sky::Basement => (model.indoor_sigma_m, model.gauss_markov_tau_s * 3.0),
        };
        let keep = (-dt / tau).exp();
        let fresh = (1.0 - keep * keep).sqrt();
        // The drift is held in units of σ, so that walking indoors widens the same error.
        self.drift = self.drift * keep + pt(normal(rng), normal(rng)) * fresh;
        self.height = self.height * keep + normal(rng) * fresh;
        self.sigma = sigma;
        self.burst.0 -= dt;
        self.jump.0 -= dt;
        let outdoors = matches!(p.sky, Sky::Open | Sky::Street);
        let happens = |per_h: f64| (per_h * dt / 3600.0).min(1.0);
        if outdoors && self.burst.0 <= 0.0 {
            self.burst = (0.0, 1.0);
            if rng.random_bool(happens(model.bursts_per_h)) {
                self.burst = (rng.random_range(10.0..40.0), model.burst_factor);
            }
        }
        if outdoors {
            self.jump.0 = 0.0;
        } else if self.jump.0 <= 0.0 && rng.random_bool(happens(model.indoor_jumps_per_h)) {
            let a = rng.random_range(0.0..std::f64::consts::TAU);
            let r = model.indoor_jump_m * rng.random_range(0.6..1.3);
            self.jump = (rng.random_range(20.0..110.0), pt(r * a.cos(), r * a.sin()));
        }
    }

    fn fix(
        &self,
        plane: LocalPlane,
        points: &[TruePoint],
        i: usize,
        late_ms: i64,
        model: &PhoneModel,
        rng: &mut ChaCha8Rng,
    ) -> Observed {
        let p = &points[i];
        let next = points.get(i + 1).unwrap_or(p);
        let share = late_ms as f64 / ((next.t_ms - p.t_ms).max(1) as f64);
        let here = |q: &TruePoint| {
            let (x, y) = plane.xy(q.at);
            pt(x, y)
        };
        let truth = here(p).lerp(here(next), share.min(1.0));
        let jumping = self.jump.0 > 0.0;
        let jump = if jumping { self.jump.1 } else { pt(0.0, 0.0) };
        let seen = truth + self.drift * (self.sigma * self.burst.1) + jump;
        // The phone notices about half of what goes wrong.
        let believed = self.sigma * (1.0 + (self.burst.1 - 1.0) * 0.5) + if jumping { 12.0 } else { 0.0 };
        let acc_m = (R68 * believed * (normal(rng) * 0.18).exp()).clamp(3.0, 120.0);
        let (speed_mps, bearing_deg) = self.doppler(p, model, rng);
        Observed {
            t_ms: p.t_ms + late_ms,
            at: plane.lng_lat(seen.x, seen.y),
            acc_m: (acc_m * 10.0).round() / 10.0,
            speed_mps: (speed_mps * 100.0).round() / 100.0,
            bearing_deg: bearing_deg.map(|b| (b * 10.0).round() / 10.0),
            alt_m: ((GROUND_M + self.height * self.sigma * 1.6) * 10.0).round() / 10.0,
        }
    }

    fn doppler(&self, p: &TruePoint, model: &PhoneModel, rng: &mut ChaCha8Rng) -> (f64, Option<f64>) {
        let outdoors = matches!(p.sky, Sky::Open | Sky::Street);
        if !outdoors || (p.motion == Motion::Stay && p.speed_mps < 0.1) {
            // Receivers hold the speed at nought when they see no clear movement.
            let wrong = rng.random_bool(if outdoors { 0.03 } else { 0.12 });
            let speed = if wrong { rng.random_range(0.2..1.1) } else { 0.0 };
            return (speed, None);
        }
        let b = p.bearing_deg.to_radians();
        let v = pt(b.sin(), b.cos()) * p.speed_mps
            + pt(normal(rng), normal(rng)) * (model.doppler_sigma_mps * self.burst.1.sqrt());
        let speed = v.len();
        (speed, (speed > 0.7).then(|| v.x.atan2(v.y).to_degrees().rem_euclid(360.0)))
    }
}

/// A standard normal number (Box–Muller).
fn normal(rng: &mut ChaCha8Rng) -> f64 {
    let (u, v) = (rng.random_range(1e-12..1.0f64), rng.random_range(0.0..1.0f64));
    (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
}
