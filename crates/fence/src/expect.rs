//! How often a radius will be wrong, before it is saved.
//!
//! A position counts as inside from a probability of 80 % on. For a given accuracy that is the case up to one
//! measured distance from the centre, and how often the measured distance stays below it follows from where the
//! person really is, by the same distribution. No experience is needed, and none is claimed.

use geo::inside_probability;
use serde::{Deserialize, Serialize};

/// Inside from this probability on; see [`geo::fence_verdict`].
const INSIDE: f64 = 0.8;
const STEPS: u32 = 40;

/// What to expect of a circle at one accuracy, as shares of 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Expectation {
    pub radius_m: f64,
    /// 68 % radius of the position's error, metres.
    pub accuracy_m: f64,
    /// Of people outside, anywhere up to twice the radius: who is taken to be inside.
    pub false_alarm: f64,
    /// Of people inside, anywhere: who is not recognised as inside by one position.
    pub missed: f64,
    /// A measured distance from the centre up to which a position counts as inside, metres; 0 when none does.
    pub counts_to_m: f64,
}

/// What to expect of a radius at an accuracy, both in metres (clamped to 1..=50000).
pub fn expect(radius_m: f64, accuracy_m: f64) -> Expectation {
    let sane = |v: f64| if v.is_finite() { v.clamp(1.0, 50_000.0) } else { 50_000.0 };
    let (radius, accuracy) = (sane(radius_m), sane(accuracy_m));
    let limit = limit(radius, accuracy);
    let taken = |true_m: f64| if limit > 0.0 { inside_probability(true_m, accuracy, limit) } else { 0.0 };
    // Everywhere on the ground alike: a ring counts with its length.
    let share = |from: f64, to: f64| {
        let rings = (0..STEPS).map(|i| from + (to - from) * (f64::from(i) + 0.5) / f64::from(STEPS));
        let (hit, all) = rings.fold((0.0, 0.0), |(hit, all), t| (hit + t * taken(t), all + t));
        hit / all
    };
    Expectation {
        radius_m: radius,
        accuracy_m: accuracy,
        false_alarm: share(radius, 2.0 * radius),
        missed: 1.0 - share(0.0, radius),
        counts_to_m: limit,
    }
}

/// The measured distance at which the probability falls to [`INSIDE`].
fn limit(radius: f64, accuracy: f64) -> f64 {
    if inside_probability(0.0, accuracy, radius) < INSIDE {
        return 0.0;
    }
    let (mut low, mut high) = (0.0, radius);
    for _ in 0..30 {
        let middle = f64::midpoint(low, high);
        if inside_probability(middle, accuracy, radius) >= INSIDE { low = middle } else { high = middle }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wider_fence_or_a_better_phone_is_wrong_less_often() {
        let good = expect(150.0, 8.0);
        assert!(good.false_alarm < 0.01 && good.missed < 0.1, "{good:?}");
        for (a, b) in [(8.0, 20.0), (20.0, 50.0), (50.0, 100.0)] {
            assert!(expect(150.0, a).missed < expect(150.0, b).missed);
        }
        for (a, b) in [(20.0, 50.0), (50.0, 100.0), (100.0, 300.0)] {
            assert!(expect(a, 20.0).missed > expect(b, 20.0).missed);
        }
    }

    #[test]
    fn where_nothing_can_count_as_inside_everything_is_missed() {
        let hopeless = expect(30.0, 200.0);
        assert_eq!((hopeless.false_alarm, hopeless.missed, hopeless.counts_to_m), (0.0, 1.0, 0.0));
        for odd in [f64::NAN, f64::INFINITY, -1.0, 0.0] {
            assert!(expect(odd, odd).missed.is_finite());
        }
    }

    /// The figures against a plain count of simulated positions.
    #[test]
    fn as_often_as_in_a_simulation() {
        let (radius, accuracy) = (60.0, 25.0);
        let sigma = accuracy / 1.515;
        let said = expect(radius, accuracy);
        let mut seed = 7u64;
        let mut random = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 11) as f64 / (1u64 << 53) as f64
        };
        let (mut inside, mut taken) = ([0u32; 2], [0u32; 2]);
        for _ in 0..40_000 {
            let t = 2.0 * radius * random().sqrt();
            let (u, v) = (random().max(1e-12), random() * std::f64::consts::TAU);
            let (dx, dy) =
                ((-2.0 * u.ln()).sqrt() * sigma * v.cos(), (-2.0 * u.ln()).sqrt() * sigma * v.sin());
            let measured = (t + dx).hypot(dy);
            let k = usize::from(t > radius);
            inside[k] += 1;
            taken[k] += u32::from(inside_probability(measured, accuracy, radius) >= INSIDE);
        }
        let seen = |k: usize| f64::from(taken[k]) / f64::from(inside[k]);
        assert!((said.missed - (1.0 - seen(0))).abs() < 0.015, "{said:?} {}", 1.0 - seen(0));
        assert!((said.false_alarm - seen(1)).abs() < 0.01, "{said:?} {}", seen(1));
    }
}
