//! Seeded random numbers and the errors of a receiver.

/// SplitMix64: small, and the same on every machine.
pub struct Rng(u64);

impl Rng {
    pub fn new(seed: u64) -> Rng {
        Rng(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Even in `[from, to)`.
    pub fn even(&mut self, from: f64, to: f64) -> f64 {
        from + (to - from) * ((self.next() >> 11) as f64 / (1u64 << 53) as f64)
    }

    /// Standard normal.
    pub fn normal(&mut self) -> f64 {
        let (u, v) = (self.even(1e-12, 1.0), self.even(0.0, 1.0));
        (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
    }

    pub fn chance(&mut self, p: f64) -> bool {
        self.even(0.0, 1.0) < p
    }
}

/// First-order Gauss–Markov error of a position, metres, advanced in steps of one second.
pub struct Drift {
    tau_s: f64,
    east: f64,
    north: f64,
    /// Seconds left of a burst and its factor.
    burst_s: f64,
    burst_every_s: f64,
    pub factor: f64,
}

impl Drift {
    pub fn new(rng: &mut Rng, sigma: f64, tau_s: f64, burst_every_s: f64) -> Drift {
        let (east, north) = (rng.normal() * sigma, rng.normal() * sigma);
        Drift { tau_s, east, north, burst_s: 0.0, burst_every_s, factor: 1.0 }
    }

    /// Error after one more second, east and north.
    pub fn step(&mut self, rng: &mut Rng, sigma: f64) -> (f64, f64) {
        if self.burst_s > 0.0 {
            self.burst_s -= 1.0;
        } else if rng.chance(1.0 / self.burst_every_s) {
            self.burst_s = rng.even(10.0, 30.0);
        }
        self.factor = if self.burst_s > 0.0 { 3.0 } else { 1.0 };
        let keep = (-1.0 / self.tau_s).exp();
        let fresh = sigma * self.factor * (1.0 - keep * keep).sqrt();
        self.east = keep * self.east + fresh * rng.normal();
        self.north = keep * self.north + fresh * rng.normal();
        (self.east, self.north)
    }
}
