//! A drive as a car makes it: acceleration, brakes, corners, lights, traffic of the hour.

use geo::LngLat;
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use crate::City;
use crate::course::{Course, course};
use crate::path::{Junction, Way};
use crate::shape::{Pt, line_length, point_along, pt};
use crate::street::StreetClass;
use crate::track::{Motion, Sky, TruePoint};

/// How somebody drives and what is on the road.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DriveStyle {
    /// 1 is an ordinary day; 2 takes about twice as long.
    pub traffic: f64,
    /// Pulling away, m/s².
    pub accel_mps2: f64,
    /// Braking, m/s².
    pub brake_mps2: f64,
    /// Sideways in corners, m/s².
    pub corner_mps2: f64,
}

impl DriveStyle {
    pub const CALM: DriveStyle =
        DriveStyle { traffic: 1.0, accel_mps2: 1.3, brake_mps2: 1.5, corner_mps2: 1.8 };
    pub const BRISK: DriveStyle =
        DriveStyle { traffic: 0.92, accel_mps2: 1.9, brake_mps2: 2.2, corner_mps2: 2.6 };

    pub fn in_traffic(self, traffic: f64) -> DriveStyle {
        DriveStyle { traffic, ..self }
    }
}

/// Drives from the kerb near `from` to the kerb near `to`; a point a second from `depart_ms` until standing.
pub fn drive(
    city: &City,
    from: LngLat,
    to: LngLat,
    depart_ms: i64,
    style: DriveStyle,
    rng: &mut ChaCha8Rng,
) -> Vec<TruePoint> {
    drive_way(city, &city.shortest_path(from, to), depart_ms, style, rng)
}

/// Drives along a given way.
pub fn drive_way(
    city: &City,
    way: &Way,
    depart_ms: i64,
    style: DriveStyle,
    rng: &mut ChaCha8Rng,
) -> Vec<TruePoint> {
    let course = course(way);
    let profile = Profile::of(&course, depart_ms, style, rng);
    profile.sample(city, depart_ms)
}

/// The share of the empty-road speed that the hour leaves; hours in UTC+8.
fn hour_factor(t_ms: i64) -> f64 {
    let hour = (t_ms.div_euclid(1000) + 8 * 3600).rem_euclid(86_400) as f64 / 3600.0;
    let rush = |peak: f64, wide: f64| (-((hour - peak) / wide).powi(2)).exp();
    (1.0 - 0.34 * rush(8.3, 1.1) - 0.36 * rush(18.0, 1.4) - 0.14 * rush(13.0, 3.5)).clamp(0.5, 1.0)
}

/// Speed at every metre, and where the car stands for how long.
struct Profile {
    metres: Vec<Metre>,
    /// Between two of them: about 1 m.
    step_m: f64,
    speed: Vec<f64>,
    /// Seconds standing at a metre.
    dwell: Vec<(usize, f64)>,
}

impl Profile {
    fn of(course: &Course, depart_ms: i64, style: DriveStyle, rng: &mut ChaCha8Rng) -> Profile {
        let (metres, step_m) = metres(course);
        let n = metres.len();
        let mut speed = limits(&metres, hour_factor(depart_ms) / style.traffic, style, rng);
        let dwell = halts(course, n, style, rng, &mut speed);
        speed[0] = 0.0;
        speed[n - 1] = 0.0;
        for &(k, _) in &dwell {
            speed[k] = 0.0;
        }
        for k in 1..n {
            let pull = style.accel_mps2 * (1.0 - speed[k - 1] / 36.0).max(0.2);
            speed[k] = speed[k].min((speed[k - 1].powi(2) + 2.0 * pull * step_m).sqrt());
        }
        for k in (0..n - 1).rev() {
            speed[k] = speed[k].min((speed[k + 1].powi(2) + 2.0 * style.brake_mps2 * step_m).sqrt());
        }
        Profile { metres, step_m, speed, dwell }
    }

    fn sample(&self, city: &City, depart_ms: i64) -> Vec<TruePoint> {
        let n = self.metres.len();
        let mut points = Vec::new();
        let (mut clock, mut next, mut halt) = (0.0f64, 0.0f64, 0);
        let mut put = |t: f64, p: Pt, speed_mps: f64, metre: &Metre| {
            points.push(TruePoint {
                t_ms: depart_ms + (t * 1000.0).round() as i64,
                at: city.lng_lat(p),
                speed_mps,
                bearing_deg: metre.direction.x.atan2(metre.direction.y).to_degrees().rem_euclid(360.0),
                motion: Motion::Drive,
                sky: if metre.class <= StreetClass::Main { Sky::Open } else { Sky::Street },
            });
        };
        for k in 0..n - 1 {
            let here = &self.metres[k];
            if let Some(&(_, seconds)) = self.dwell.get(halt).filter(|d| d.0 == k) {
                clock += seconds;
                halt += 1;
            }
            while next <= clock {
                put(next, here.p, 0.0, here);
                next += 1.0;
            }
            let (v0, v1) = (self.speed[k], self.speed[k + 1]);
            let took = 2.0 * self.step_m / (v0 + v1).max(0.3);
            while next <= clock + took {
                let t = (next - clock) / took;
                // Constant acceleration within the step.
                let share = (v0 * t + (v1 - v0) * t * t / 2.0) / ((v0 + v1) / 2.0).max(1e-9);
                let p = here.p.lerp(self.metres[k + 1].p, share.clamp(0.0, 1.0));
                put(next, p, v0 + (v1 - v0) * t, here);
                next += 1.0;
            }
            clock += took;
        }
        let end = &self.metres[n - 1];
        put(next, end.p, 0.0, end);
        points
    }
}

/// One metre of the course.
#[derive(Clone, Copy)]
struct Metre {
    p: Pt,
    direction: Pt,
    class: StreetClass,
    free_mps: f64,
}

/// The course in equal steps of about a metre, and the step.
fn metres(course: &Course) -> (Vec<Metre>, f64) {
    let length = line_length(&course.line);
    let steps = length.round().max(1.0);
    let step_m = (length / steps).max(0.01);
    let at = |i: usize, p: Pt, direction: Pt| {
        let (class, free_mps) = course.road.get(i).copied().unwrap_or((StreetClass::Lane, 5.0));
        Metre { p, direction, class, free_mps }
    };
    let mut out = Vec::new();
    let mut to_next = 0.0;
    for (i, w) in course.line.windows(2).enumerate() {
        let d = w[1] - w[0];
        while to_next < d.len() && out.len() < steps as usize {
            out.push(at(i, w[0].lerp(w[1], to_next / d.len()), d.unit()));
            to_next += step_m;
        }
        to_next -= d.len();
    }
    let (end, direction) = match course.line.len() {
        1 => (course.line[0], pt(1.0, 0.0)),
        _ => point_along(&course.line, f64::INFINITY),
    };
    let last = course.line.len().saturating_sub(2);
    out.resize(steps as usize, at(last, end, direction));
    out.push(at(last, end, direction));
    (out, step_m)
}

/// What street, hour, mood of the traffic and corners allow, m/s at every metre.
fn limits(metres: &[Metre], share: f64, style: DriveStyle, rng: &mut ChaCha8Rng) -> Vec<f64> {
    let mut mood = 0.0f64;
    (0..metres.len())
        .map(|k| {
            // The mood of the traffic changes over some 250 m.
            if k % 25 == 0 {
                mood = mood * 0.9 + rng.random_range(-0.06..0.06);
            }
            let free = metres[k].free_mps * share * (0.96 + mood).clamp(0.7, 1.15);
            let (from, to) =
                (metres[k.saturating_sub(5)].direction, metres[(k + 5).min(metres.len() - 1)].direction);
            let turn = from.cross(to).atan2(from.dot(to)).abs();
            let corner =
                if turn > 0.06 { (style.corner_mps2 * 10.0 / turn).sqrt().max(2.6) } else { f64::INFINITY };
            free.min(corner).max(1.6)
        })
        .collect()
}

/// Lights, give-ways and standing traffic. Returns the halts in order along the way.
fn halts(
    course: &Course,
    metres: usize,
    style: DriveStyle,
    rng: &mut ChaCha8Rng,
    limit: &mut [f64],
) -> Vec<(usize, f64)> {
    let mut out: Vec<(usize, f64)> = Vec::new();
    let busy = style.traffic.clamp(0.5, 4.0);
    for &(s, junction) in &course.junctions {
        let line = (s - 14.0).max(0.0);
        match junction {
            Junction::Signal => {
                let queue = rng.random_range(0.0..22.0) * busy.min(1.6);
                let wait = rng.random_range(3.0..46.0) * busy.clamp(0.7, 1.8);
                if rng.random_bool((0.42 * busy.sqrt()).min(0.85)) {
                    out.push(((line - queue).max(0.0) as usize, wait));
                } else {
                    slow(limit, line, 16.0, 11.0);
                }
            }
            Junction::GiveWay => {
                slow(limit, line + 4.0, 10.0, 3.4);
                let wait = rng.random_range(1.0..7.0) * busy;
                if rng.random_bool(0.4) {
                    out.push(((line + 6.0) as usize, wait));
                }
            }
            Junction::Plain => slow(limit, line + 4.0, 14.0, 8.5),
        }
    }
    if busy > 1.5 {
        let mut s = rng.random_range(60.0..260.0);
        while s < metres as f64 {
            out.push((s as usize, rng.random_range(3.0..16.0) * (busy - 0.8).min(2.0)));
            s += rng.random_range(90.0..420.0) / (busy - 0.5);
        }
    }
    out.retain(|h| h.0 > 6 && h.0 + 12 < metres);
    out.sort_by_key(|h| h.0);
    out.dedup_by(|b, a| b.0 < a.0 + 9);
    out
}

fn slow(limit: &mut [f64], from_m: f64, length_m: f64, speed: f64) {
    let from = from_m.max(0.0) as usize;
    for v in limit.iter_mut().skip(from).take(length_m as usize) {
        *v = v.min(speed);
    }
}
