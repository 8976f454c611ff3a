//! Medians, percentiles and the score of stops.

use crate::baseline::Stop;

/// Value below which the share `p` of the numbers lies.
pub fn percentile(values: &[f64], p: f64) -> f64 {
    let mut v = values.to_vec();
    v.sort_by(f64::total_cmp);
    if v.is_empty() {
        return f64::NAN;
    }
    let at = p * (v.len() - 1) as f64;
    let (lo, hi) = (at.floor() as usize, at.ceil() as usize);
    v[lo] + (v[hi] - v[lo]) * (at - lo as f64)
}

/// "median / p95" of absolute values.
pub fn spread(errors: &[f64]) -> String {
    let abs: Vec<f64> = errors.iter().map(|e| e.abs()).collect();
    let bias = percentile(errors, 0.5);
    format!("{:6.2} /{:6.2} ({:+.2})", percentile(&abs, 0.5), percentile(&abs, 0.95), bias)
}

#[derive(Default)]
pub struct StopScore {
    true_n: usize,
    found_n: usize,
    hit: usize,
    arrival: Vec<f64>,
    departure: Vec<f64>,
}

impl StopScore {
    /// One-to-one match at an overlap of at least half of the union.
    pub fn add(&mut self, truth: &[Stop], found: &[Stop]) {
        self.true_n += truth.len();
        self.found_n += found.len();
        for t in truth {
            let iou = |f: &Stop| {
                let inner = f.1.min(t.1) - f.0.max(t.0);
                inner / (f.1.max(t.1) - f.0.min(t.0))
            };
            if let Some(f) = found.iter().find(|f| iou(f) >= 0.5) {
                self.hit += 1;
                self.arrival.push((f.0 - t.0).abs());
                self.departure.push((f.1 - t.1).abs());
            }
        }
    }

    pub fn line(&self) -> String {
        let p = self.hit as f64 / self.found_n.max(1) as f64;
        let r = self.hit as f64 / self.true_n.max(1) as f64;
        let f1 = if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 };
        format!(
            "{p:.2}/{r:.2}/{f1:.2} arr {:3.0} ({:3.0}) dep {:3.0} ({:3.0}) s",
            percentile(&self.arrival, 0.5),
            percentile(&self.arrival, 0.9),
            percentile(&self.departure, 0.5),
            percentile(&self.departure, 0.9)
        )
    }
}
