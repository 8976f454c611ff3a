//! A day as a phone records it.

use base::Micros;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use super::place::at;

/// Every ten seconds from nine to five: four drives and long stops, with the error of a receiver.
pub fn fixes(seed: u64) -> Vec<Value> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut position = (118.70 + random.random_range(0.0..0.1), 32.0 + random.random_range(0.0..0.1));
    let mut drift = (0.0, 0.0);
    let (mut heading, mut speed) = (random.random_range(0.0..360.0f64), 0.0f64);
    let mut fixes = vec![];
    for i in 0..(8 * 360) {
        let t = at(9.0).plus(i * 10 * Micros::SECOND + random.random_range(0..900_000));
        let moving = (i / 90) % 4 == 0;
        speed = if moving { (speed + random.random_range(-2.0..2.5)).clamp(0.0, 18.0) } else { 0.0 };
        heading += random.random_range(-12.0..12.0);
        let step = speed * 10.0 / 111_000.0;
        position.0 += step * heading.to_radians().sin() / 0.85;
        position.1 += step * heading.to_radians().cos();
        for d in [&mut drift.0, &mut drift.1] {
            *d = *d * 0.9 + random.random_range(-1.0..1.0) * 8e-6;
        }
        let accuracy = if moving { random.random_range(3.0..9.0f64) } else { random.random_range(8.0..22.0) };
        let mut fix = json!({ "t": t, "at": [round(position.0 + drift.0, 7), round(position.1 + drift.1, 7)],
            "accuracy_m": round(accuracy, 1), "speed_mps": round(speed, 2), "battery": 100 - i / 40 });
        if speed > 0.0 {
            fix["bearing_deg"] = json!(round(heading.rem_euclid(360.0), 1));
        }
        fixes.push(fix);
    }
    fixes
}

fn round(v: f64, digits: i32) -> f64 {
    let unit = 10f64.powi(digits);
    (v * unit).round() / unit
}
