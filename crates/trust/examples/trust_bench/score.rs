//! Rates with their uncertainty, and thresholds for a given false-alarm rate.

/// A share with its 95 % Wilson interval.
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    pub hits: usize,
    pub n: usize,
}

impl Rate {
    pub fn of(values: impl Iterator<Item = bool>) -> Rate {
        let mut r = Rate { hits: 0, n: 0 };
        for v in values {
            r.n += 1;
            r.hits += usize::from(v);
        }
        r
    }

    pub fn share(self) -> f64 {
        self.hits as f64 / self.n.max(1) as f64
    }

    pub fn interval(self) -> (f64, f64) {
        let (n, p, z) = (self.n.max(1) as f64, self.share(), 1.96f64);
        let mid = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
        let half = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt() / (1.0 + z * z / n);
        ((mid - half).max(0.0), (mid + half).min(1.0))
    }
}

impl std::fmt::Display for Rate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (a, b) = self.interval();
        write!(f, "{:5.1} % [{:.1}–{:.1}]", self.share() * 100.0, a * 100.0, b * 100.0)
    }
}

/// The lowest score such that at most `rate` of the honest ones lie strictly above it.
pub fn threshold(honest: &[f64], rate: f64) -> f64 {
    let mut sorted = honest.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    let allowed = (sorted.len() as f64 * rate).floor() as usize;
    sorted.get(allowed).copied().unwrap_or(0.0)
}
