//! Is somebody inside a fence, given how well we know where he is?
//!
//! A position is a distribution, not a dot: the reported accuracy is taken as the 68 % radius of a round
//! Gaussian (the definition of the Android and W3C location interfaces), so σ per axis = accuracy / 1.515.

use crate::{LngLat, distance_m};

/// The three answers a fence can give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    In,
    Out,
    /// The error is too large to say either.
    CannotTell,
}

/// Probability that the true place lies within `radius_m` of the centre, given a measured distance and the
/// 68 % accuracy, both in metres. Rice distribution, integrated numerically to 1e-3.
pub fn inside_probability(distance_m: f64, accuracy_m: f64, radius_m: f64) -> f64 {
    let sigma = (accuracy_m / 1.515).max(0.5);
    if distance_m - radius_m > 8.0 * sigma {
        return 0.0;
    }
    if radius_m - distance_m > 8.0 * sigma {
        return 1.0;
    }
    // Integrate over the offset x along the line to the centre; across it the chord of the circle is exact.
    const STEPS: i32 = 240;
    let (from, to) = (-radius_m, radius_m);
    let h = (to - from) / f64::from(STEPS);
    let density = |x: f64| {
        (-(x - distance_m).powi(2) / (2.0 * sigma * sigma)).exp()
            / (sigma * (2.0 * std::f64::consts::PI).sqrt())
    };
    let chord =
        |x: f64| erf((radius_m * radius_m - x * x).max(0.0).sqrt() / (sigma * std::f64::consts::SQRT_2));
    let sum: f64 = (0..STEPS).map(|i| from + (f64::from(i) + 0.5) * h).map(|x| density(x) * chord(x)).sum();
    (sum * h).clamp(0.0, 1.0)
}

/// Verdict and probability for a check-in. In from 80 %, out below 5 %, between them it cannot be told.
pub fn fence_verdict(place: LngLat, accuracy_m: f64, centre: LngLat, radius_m: f64) -> (Verdict, f64) {
    let p = inside_probability(distance_m(place, centre), accuracy_m, radius_m);
    let verdict = if p >= 0.8 {
        Verdict::In
    } else if p < 0.05 {
        Verdict::Out
    } else {
        Verdict::CannotTell
    };
    (verdict, p)
}

/// Error function, Abramowitz & Stegun 7.1.26 (|error| < 1.5e-7).
fn erf(x: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.327_591_1 * x.abs());
    let poly = t
        * (0.254_829_592
            + t * (-0.284_496_736 + t * (1.421_413_741 + t * (-1.453_152_027 + t * 1.061_405_429))));
    (1.0 - poly * (-x * x).exp()).copysign(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certain_cases() {
        assert!(inside_probability(18.0, 9.0, 150.0) > 0.99);
        assert!(inside_probability(900.0, 15.0, 150.0) < 0.001);
        let p = inside_probability(150.0, 20.0, 150.0);
        assert!((0.4..0.5).contains(&p), "on the edge it is a little under even: {p}");
    }

    #[test]
    fn accuracy_decides() {
        let shop = LngLat::new(118.78, 32.04).unwrap();
        let near = crate::destination(shop, 90.0, 120.0);
        assert_eq!(fence_verdict(near, 10.0, shop, 150.0).0, Verdict::In);
        assert_eq!(fence_verdict(near, 400.0, shop, 150.0).0, Verdict::CannotTell);
        let far = crate::destination(shop, 90.0, 367.0);
        assert_eq!(fence_verdict(far, 15.0, shop, 150.0).0, Verdict::Out);
    }
}
