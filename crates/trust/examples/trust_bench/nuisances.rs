//! What honest phones and honest people do that looks odd. All of it is seen in real recordings.

use geo::{LngLat, destination, distance_m};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use trust::Fix;

use crate::world::{Day, World, deliver, stored};

pub const NUISANCES: [&str; 18] = [
    "multipath drift",
    "tunnel",
    "cold start",
    "wifi jumps",
    "urban canyon",
    "train",
    "ferry",
    "plane",
    "doze batching",
    "cached fix",
    "indoor freeze",
    "cell only",
    "clock skew",
    "new phone",
    "bursts only",
    "late delivery",
    "practised walk",
    "shared car",
];

/// Turns an honest day into one with a nuisance. `None`: made elsewhere (two people at once).
pub fn apply(kind: &str, world: &World, day: &Day, rng: &mut ChaCha8Rng) -> Day {
    let mut d = day.clone();
    let skew = 0.0;
    match kind {
        "multipath drift" => {
            // At rest the position creeps 20–80 m away and back, again and again.
            let (mut a, mut r) = (rng.random_range(0.0..360.0), 0.0f64);
            for f in &mut d.fixes {
                if f.speed_mps.unwrap_or(0.0) < 0.5 {
                    r = (r + rng.random_range(-8.0..9.0)).clamp(0.0, 80.0);
                    a += rng.random_range(-20.0..20.0);
                    f.at = destination(f.at, a, r);
                }
            }
        }
        "tunnel" => {
            for _ in 0..3 {
                if let Some(t) = moving_moment(&d, rng) {
                    let len = rng.random_range(120_000..300_000);
                    d.fixes.retain(|f| !(t..t + len).contains(&f.t_ms));
                }
            }
        }
        "cold start" => {
            let far =
                destination(d.fixes[0].at, rng.random_range(0.0..360.0), rng.random_range(800.0..4_000.0));
            let n = rng.random_range(2..6).min(d.fixes.len());
            for f in &mut d.fixes[..n] {
                f.at = far;
                f.acc_m = Some(rng.random_range(20.0..900.0));
            }
        }
        "wifi jumps" => {
            // A router that moved house: minutes at its old address, to the last digit.
            let old =
                destination(d.fixes[0].at, rng.random_range(0.0..360.0), rng.random_range(400.0..6_000.0));
            for _ in 0..rng.random_range(2..6) {
                let t = d.fixes[rng.random_range(0..d.fixes.len())].t_ms;
                let len = rng.random_range(60_000..400_000);
                let acc = rng.random_range(20.0..65.0f32).round();
                for f in d.fixes.iter_mut().filter(|f| (t..t + len).contains(&f.t_ms)) {
                    (f.at, f.speed_mps, f.bearing_deg) = (old, None, None);
                    f.acc_m = f.acc_m.map(|_| acc);
                }
            }
        }
        "urban canyon" => {
            let mut e = (0.0f64, 0.0f64);
            for f in &mut d.fixes {
                e = (e.0 * 0.9 + rng.random_range(-14.0..14.0), e.1 * 0.9 + rng.random_range(-14.0..14.0));
                let at = destination(f.at, 90.0, e.0);
                f.at = destination(at, 0.0, e.1);
                f.acc_m = f.acc_m.map(|a| a * rng.random_range(1.2..3.0));
            }
        }
        "train" | "ferry" => {
            let (top, hours) = if kind == "train" {
                (rng.random_range(30.0..83.0), 2.0)
            } else {
                (rng.random_range(6.0..11.0), 1.5)
            };
            d.fixes.retain(|f| f.t_ms < day.midnight_ms + 13 * 3_600_000);
            d.visits.retain(|v| v.2 < day.midnight_ms + 13 * 3_600_000);
            let Some(last) = d.fixes.last().copied() else { return d };
            ride(&mut d.fixes, last, top, hours * 3600.0, kind == "train", rng);
        }
        "plane" => {
            let noon = day.midnight_ms + 12 * 3_600_000;
            d.visits.clear();
            for f in d.fixes.iter_mut().filter(|f| f.t_ms > noon + 2 * 3_600_000) {
                f.at = LngLat::new(f.at.lng() - 4.0, f.at.lat() - 7.0).unwrap();
            }
            d.fixes.retain(|f| !(noon..noon + 2 * 3_600_000).contains(&f.t_ms));
        }
        "doze batching" => {
            let mut next = 0;
            d.fixes.retain(|f| {
                let keep = f.speed_mps.unwrap_or(2.0) > 1.0 || f.t_ms >= next;
                if keep && f.speed_mps.unwrap_or(2.0) <= 1.0 {
                    next = f.t_ms + rng.random_range(300_000..900_000);
                }
                keep
            });
            let mut window = 0;
            for f in &mut d.fixes {
                if f.t_ms > window {
                    window = f.t_ms + rng.random_range(300_000..1_200_000);
                }
                f.recv_ms = Some(window + rng.random_range(500..4_000));
            }
            return d;
        }
        "cached fix" => {
            for _ in 0..3 {
                if let Some(t) = moving_moment(&d, rng) {
                    let len = rng.random_range(180_000..1_200_000);
                    let Some(old) = d.fixes.iter().rfind(|f| f.t_ms <= t).copied() else { continue };
                    for f in d.fixes.iter_mut().filter(|f| (t..t + len).contains(&f.t_ms)) {
                        (f.at, f.acc_m, f.speed_mps, f.bearing_deg) =
                            (old.at, old.acc_m, old.speed_mps, old.bearing_deg);
                    }
                }
            }
        }
        "indoor freeze" => {
            for v in day.visits.clone() {
                let Some(first) = d.fixes.iter().find(|f| f.t_ms >= v.1).copied() else { continue };
                for f in d.fixes.iter_mut().filter(|f| (v.1..v.2 + 60_000).contains(&f.t_ms)) {
                    (f.at, f.acc_m, f.speed_mps) = (first.at, first.acc_m, first.speed_mps.map(|_| 0.0));
                }
            }
            // And lunch or an office hour as well.
            let noon = day.midnight_ms + 12 * 3_600_000;
            if let Some(first) = d.fixes.iter().find(|f| f.t_ms >= noon).copied() {
                for f in d.fixes.iter_mut().filter(|f| f.t_ms >= noon) {
                    if distance_m(f.at, first.at) > 60.0 {
                        break;
                    }
                    f.at = first.at;
                }
            }
        }
        "cell only" => {
            for f in &mut d.fixes {
                if rng.random_bool(0.6) {
                    f.acc_m = Some(rng.random_range(300.0..1_800.0f32).round());
                    f.at = destination(f.at, rng.random_range(0.0..360.0), rng.random_range(50.0..1_200.0));
                    (f.speed_mps, f.bearing_deg) = (None, None);
                }
            }
        }
        "clock skew" => {
            stored(&mut d.fixes);
            let skew = rng.random_range(-120.0..120.0);
            deliver(&mut d.fixes, skew, rng);
            return d;
        }
        "new phone" => d.fixes.iter_mut().for_each(|f| f.device = Some(50_000 + day.user)),
        "bursts only" => {
            let bursts: Vec<i64> = day.visits.iter().flat_map(|v| [v.1, v.2]).collect();
            let mut out = vec![];
            for t in bursts {
                let Some(f) = d.fixes.iter().min_by_key(|f| (f.t_ms - t).abs()).copied() else { continue };
                let mut e = (rng.random_range(-8.0..8.0), rng.random_range(-8.0..8.0));
                for s in 0..45 {
                    e = (e.0 * 0.97 + rng.random_range(-0.9..0.9), e.1 * 0.97 + rng.random_range(-0.9..0.9));
                    let at = destination(destination(f.at, 90.0, e.0), 0.0, e.1);
                    let acc = f.acc_m.map(|a| a * rng.random_range(0.9..1.1f32));
                    out.push(Fix { t_ms: t + s * 1000, at, speed_mps: None, acc_m: acc, ..f });
                }
            }
            out.sort_by_key(|f| f.t_ms);
            d.fixes = out;
        }
        "late delivery" => {
            let from = day.midnight_ms + rng.random_range(10..15) * 3_600_000;
            let until = from + rng.random_range(60..240) * 60_000;
            stored(&mut d.fixes);
            for (k, f) in d.fixes.iter_mut().enumerate() {
                if (from..until).contains(&f.t_ms) {
                    f.recv_ms = Some(until + (k as i64 % 40) * 90);
                }
            }
            return d;
        }
        "practised walk" => {
            // The same block on foot, at the same pace, twice a day and every day.
            let Some(last) = d.fixes.last().copied() else { return d };
            let home = world.people[day.user as usize].home;
            let pace = 1.35 + rng.random_range(-0.03..0.03);
            let begin = (last.t_ms + 600_000).max(day.midnight_ms + 17 * 3_600_000);
            let mut e = (0.0f64, 0.0f64);
            for s in (0..2_400).step_by(10) {
                let along = f64::from(s) * pace + rng.random_range(-3.0..3.0);
                let at = square_walk(home, along);
                e = (e.0 * 0.8 + rng.random_range(-2.5..2.5), e.1 * 0.8 + rng.random_range(-2.5..2.5));
                let at = destination(destination(at, 90.0, e.0), 0.0, e.1);
                let speed = last.speed_mps.map(|_| pace as f32 + rng.random_range(-0.2..0.2f32));
                let acc = last.acc_m.map(|_| rng.random_range(3.5..9.0f32));
                d.fixes.push(Fix {
                    t_ms: begin + i64::from(s) * 1000,
                    at,
                    speed_mps: speed,
                    acc_m: acc,
                    bearing_deg: None,
                    ..last
                });
            }
        }
        _ => {}
    }
    stored(&mut d.fixes);
    deliver(&mut d.fixes, skew, rng);
    d
}

/// Round a block of 300 × 500 m.
fn square_walk(from: LngLat, along: f64) -> LngLat {
    let along = along.rem_euclid(1_600.0);
    let (x, y) = match along {
        a if a < 500.0 => (a, 0.0),
        a if a < 800.0 => (500.0, a - 500.0),
        a if a < 1_300.0 => (1_300.0 - a, 300.0),
        a => (0.0, 1_600.0 - a),
    };
    destination(destination(from, 90.0, x), 0.0, y)
}

fn moving_moment(d: &Day, rng: &mut ChaCha8Rng) -> Option<i64> {
    let moving: Vec<i64> = d
        .fixes
        .windows(2)
        .filter(|w| distance_m(w[0].at, w[1].at) > 3.0 * (w[1].t_ms - w[0].t_ms) as f64 / 1000.0)
        .map(|w| w[0].t_ms)
        .collect();
    (!moving.is_empty()).then(|| moving[rng.random_range(0..moving.len())])
}

/// A long ride: up to speed, long curves, stations for a train, a wobbling course for a ferry.
fn ride(fixes: &mut Vec<Fix>, last: Fix, top: f64, seconds: f64, stations: bool, rng: &mut ChaCha8Rng) {
    let (mut v, mut heading, mut at) = (0.0f64, rng.random_range(0.0..360.0f64), last.at);
    let mut curve = 0.0;
    let mut e = (0.0f64, 0.0f64);
    let mut next = 0.0;
    let step = rng.random_range(3.0..20.0f64).round();
    let mut t = 0.0;
    while t < seconds {
        let stop = stations && (t % 1_300.0) > 1_150.0;
        v += if stop { -0.5 } else { 0.35 };
        v = v.clamp(0.0, top * (1.0 + 0.015 * (t / 37.0).sin()));
        if t >= next {
            curve = if rng.random_bool(0.5) { 0.0 } else { rng.random_range(-0.03..0.03) };
            next = t + rng.random_range(60.0..300.0);
        }
        heading += curve + if stations { 0.0 } else { rng.random_range(-0.15..0.15) };
        at = destination(at, heading, v);
        e = (e.0 * 0.97 + rng.random_range(-0.8..0.8), e.1 * 0.97 + rng.random_range(-0.8..0.8));
        if (t % step) < 1.0 {
            let seen = destination(destination(at, 90.0, e.0), 0.0, e.1);
            fixes.push(Fix {
                t_ms: last.t_ms + 60_000 + (t * 1000.0) as i64,
                at: seen,
                speed_mps: last.speed_mps.map(|_| v as f32),
                bearing_deg: last.bearing_deg.map(|_| heading.rem_euclid(360.0) as f32),
                acc_m: last.acc_m.map(|_| rng.random_range(4.0..12.0f32)),
                ..last
            });
        }
        t += 1.0;
    }
}
