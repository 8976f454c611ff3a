//! A person's day prepared for the rules: fixes in order, steps between them, and where the person rested.

use geo::{LngLat, bearing_deg, distance_m};

use crate::model::Fix;

/// Silence longer than this says nothing about the movement in between, seconds.
pub const GAP_S: f64 = 330.0;
/// Slower than this is not movement, m/s.
pub const MOVING_MPS: f64 = 1.2;
/// One position for so long, milliseconds: no receiver of a phone is faster, and whoever sends a thousand a second
/// shall not make judging his day slow (the search for rests looks at each position beside those of the minutes after it).
const SLOT_MS: i64 = 500;

/// From one fix to the next.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// Index of the fix it starts from; it ends at the next.
    pub i: usize,
    pub dt: f64,
    pub d: f64,
    pub v: f64,
    pub bearing: f64,
}

/// Fixes `from..=to` lie together for at least three minutes.
#[derive(Debug, Clone, Copy)]
pub struct Rest {
    pub from: usize,
    pub to: usize,
    pub centre: LngLat,
}

#[derive(Debug, Clone)]
pub struct Series {
    /// In order, one in half a second at most.
    pub fixes: Vec<Fix>,
    /// One fewer than fixes; `steps[i].i == i`.
    pub steps: Vec<Step>,
    pub rests: Vec<Rest>,
    /// Is fix i part of a rest?
    pub resting: Vec<bool>,
}

/// A reported accuracy, if it is one.
pub fn accuracy(f: &Fix) -> Option<f64> {
    f.acc_m.map(f64::from).filter(|a| *a > 0.0)
}

/// Good enough to say where somebody was to within a street.
pub fn sharp(f: &Fix) -> bool {
    accuracy(f).is_none_or(|a| a <= 60.0)
}

impl Series {
    pub fn of(fixes: &[Fix]) -> Series {
        let mut fixes: Vec<Fix> =
            fixes.iter().filter(|f| f.at.lng().abs() > 0.01 || f.at.lat().abs() > 0.01).copied().collect();
        // Of several in one slot the sharpest stays; the rest of the key makes the order of input irrelevant.
        let slot = |f: &Fix| f.t_ms.div_euclid(SLOT_MS);
        fixes.sort_by(|a, b| {
            let key = |f: &Fix| (slot(f), f.acc_m.unwrap_or(50.0), f.t_ms, f.at.e7());
            let (x, y) = (key(a), key(b));
            x.0.cmp(&y.0).then(x.1.total_cmp(&y.1)).then(x.2.cmp(&y.2)).then(x.3.cmp(&y.3))
        });
        fixes.dedup_by_key(|f| slot(f));
        let steps = fixes
            .windows(2)
            .enumerate()
            .map(|(i, w)| {
                let dt = (w[1].t_ms - w[0].t_ms) as f64 / 1000.0;
                let d = distance_m(w[0].at, w[1].at);
                Step { i, dt, d, v: d / dt, bearing: bearing_deg(w[0].at, w[1].at) }
            })
            .collect();
        let rests = rests(&fixes);
        let mut resting = vec![false; fixes.len()];
        for r in &rests {
            resting[r.from..=r.to].fill(true);
        }
        Series { fixes, steps, rests, resting }
    }

    pub fn span_s(&self) -> f64 {
        match (self.fixes.first(), self.fixes.last()) {
            (Some(a), Some(b)) => (b.t_ms - a.t_ms) as f64 / 1000.0,
            _ => 0.0,
        }
    }

    pub fn whole(&self) -> (i64, i64) {
        (self.fixes.first().map_or(0, |f| f.t_ms), self.fixes.last().map_or(0, |f| f.t_ms))
    }

    pub fn between(&self, from: usize, to: usize) -> (i64, i64) {
        (self.fixes[from].t_ms, self.fixes[to].t_ms)
    }

    /// Steps on the way: no silence, outside rests.
    pub fn moving(&self) -> impl Iterator<Item = &Step> {
        self.steps
            .iter()
            .filter(|s| s.dt <= GAP_S && s.v >= MOVING_MPS && !(self.resting[s.i] && self.resting[s.i + 1]))
    }

    /// Typical seconds between fixes around fix i.
    pub fn interval(&self, i: usize) -> f64 {
        let from = i.saturating_sub(8);
        let to = (i + 8).min(self.steps.len());
        let mut dts: Vec<f64> = self.steps[from..to].iter().map(|s| s.dt).filter(|dt| *dt <= GAP_S).collect();
        if dts.is_empty() { GAP_S } else { median(&mut dts) }
    }

    /// The fixes with `from <= t <= to`.
    pub fn during(&self, from_ms: i64, to_ms: i64) -> std::ops::Range<usize> {
        let a = self.fixes.partition_point(|f| f.t_ms < from_ms);
        let b = self.fixes.partition_point(|f| f.t_ms <= to_ms);
        a..b.max(a)
    }

    /// Where the track was at a moment, between two fixes not far apart.
    pub fn at(&self, t_ms: i64, within_s: f64) -> Option<LngLat> {
        let k = self.fixes.partition_point(|f| f.t_ms <= t_ms);
        let after = self.fixes.get(k);
        let before = k.checked_sub(1).map(|k| &self.fixes[k]);
        match (before, after) {
            (Some(a), Some(b)) if (b.t_ms - a.t_ms) as f64 / 1000.0 <= within_s => {
                let share = (t_ms - a.t_ms) as f64 / (b.t_ms - a.t_ms).max(1) as f64;
                Some(mix(a.at, b.at, share))
            }
            (Some(a), _) if (t_ms - a.t_ms) as f64 / 1000.0 <= within_s / 4.0 => Some(a.at),
            (_, Some(b)) if (b.t_ms - t_ms) as f64 / 1000.0 <= within_s / 4.0 => Some(b.at),
            _ => None,
        }
    }
}

/// A point on the straight line between two.
pub fn mix(a: LngLat, b: LngLat, share: f64) -> LngLat {
    let mid = |x: f64, y: f64| x + (y - x) * share;
    LngLat::new(mid(a.lng(), b.lng()), mid(a.lat(), b.lat())).unwrap_or(a)
}

fn rests(fixes: &[Fix]) -> Vec<Rest> {
    const RADIUS_M: f64 = 70.0;
    const LEAST_MS: i64 = 180_000;
    let mut found = vec![];
    let mut i = 0;
    while i < fixes.len() {
        let (mut lng, mut lat, mut n) = (fixes[i].at.lng(), fixes[i].at.lat(), 1.0);
        let mut j = i;
        while j + 1 < fixes.len() {
            let next = &fixes[j + 1];
            let centre = LngLat::new(lng / n, lat / n).unwrap_or(fixes[i].at);
            if distance_m(centre, next.at) > RADIUS_M + accuracy(next).map_or(0.0, |a| a.min(60.0)) {
                break;
            }
            lng += next.at.lng();
            lat += next.at.lat();
            n += 1.0;
            j += 1;
        }
        if j > i && fixes[j].t_ms - fixes[i].t_ms >= LEAST_MS {
            let centre = LngLat::new(lng / n, lat / n).unwrap_or(fixes[i].at);
            found.push(Rest { from: i, to: j, centre });
            i = j + 1;
        } else {
            i += 1;
        }
    }
    found
}

/// The middle value; 0 of nothing.
pub fn median(values: &mut [f64]) -> f64 {
    quantile(values, 0.5)
}

/// The value below which a share of all lie; 0 of nothing.
pub fn quantile(values: &mut [f64], share: f64) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    let k = ((values.len() - 1) as f64 * share).round() as usize;
    *values.select_nth_unstable_by(k, f64::total_cmp).1
}

/// Smallest turn from one direction to another, −180 to 180.
pub fn turn(from: f64, to: f64) -> f64 {
    (to - from + 540.0).rem_euclid(360.0) - 180.0
}

/// The most frequent value and its share, by rounding to thousandths.
pub fn mode(values: impl Iterator<Item = f64>) -> Option<(f64, f64, usize)> {
    let mut keys: Vec<i64> = values.map(|v| (v * 1000.0).round() as i64).collect();
    keys.sort_unstable();
    let n = keys.len();
    let best = keys.chunk_by(|a, b| a == b).max_by_key(|c| c.len())?;
    Some((best[0] as f64 / 1000.0, best.len() as f64 / n as f64, n))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A thousand positions a second for three minutes, near one place; every third is a sharp one.
    fn flood() -> Vec<Fix> {
        let at = |k: i64| LngLat::new(118.79 + (k % 20) as f64 * 1e-5, 32.05).unwrap();
        let acc_m = |k: i64| Some(if k % 3 == 0 { 5.0 } else { 30.0 });
        (0..180_000).map(|k| Fix { acc_m: acc_m(k), ..Fix::new(1_700_000_000_000 + k, at(k)) }).collect()
    }

    #[test]
    fn whoever_sends_a_thousand_a_second_is_judged_by_two() {
        let mut fixes = flood();
        let series = Series::of(&fixes);
        assert_eq!(series.fixes.len(), 360);
        assert!(series.fixes.iter().all(|f| accuracy(f) == Some(5.0)), "the sharpest of each slot");
        assert!(series.fixes.windows(2).all(|w| w[0].t_ms < w[1].t_ms));
        fixes.reverse();
        assert_eq!(Series::of(&fixes).fixes, series.fixes, "in whatever order they come");
    }
}
