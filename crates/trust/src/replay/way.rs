//! The moving part of a day as a line in space and time.

use geo::{LngLat, distance_m};

use crate::series::{Series, mix, sharp};

/// A point of the way.
#[derive(Debug, Clone, Copy)]
pub struct Point {
    /// Unix seconds.
    pub t: f64,
    pub at: LngLat,
    /// Metres on the way so far.
    pub along: f64,
}

#[derive(Debug, Clone, Default)]
pub struct Way {
    pub points: Vec<Point>,
}

impl Way {
    /// Sharp fixes at least 12 m and 3 s apart; a wandering phone at rest adds little.
    pub fn of(s: &Series) -> Way {
        let mut points: Vec<Point> = vec![];
        for (i, f) in s.fixes.iter().enumerate() {
            if !sharp(f) || s.resting[i] && i > 0 && s.resting[i - 1] && s.resting.get(i + 1) == Some(&true) {
                continue;
            }
            let t = f.t_ms as f64 / 1000.0;
            let along = match points.last() {
                None => 0.0,
                Some(last) => {
                    let d = distance_m(last.at, f.at);
                    if d < 12.0 || t - last.t < 3.0 {
                        continue;
                    }
                    // What lies in a silence was not seen.
                    last.along + if t - last.t < 330.0 { d } else { 0.0 }
                }
            };
            points.push(Point { t, at: f.at, along });
        }
        Way { points }
    }

    pub fn length_m(&self) -> f64 {
        self.points.last().map_or(0.0, |p| p.along)
    }

    /// Where it was at a time; `None` in silences, before and after.
    pub fn at(&self, t: f64) -> Option<LngLat> {
        let k = self.points.partition_point(|p| p.t <= t);
        let (a, b) = (self.points.get(k.checked_sub(1)?)?, self.points.get(k));
        match b {
            None => (t - a.t < 1.0).then_some(a.at),
            Some(b) if b.t - a.t <= 330.0 || distance_m(a.at, b.at) < 60.0 => {
                Some(mix(a.at, b.at, (t - a.t) / (b.t - a.t)))
            }
            Some(_) => None,
        }
    }
}

/// Key of a square of about 150 m.
pub fn cell(at: LngLat) -> (i32, i32) {
    let row = (at.lat() * 740.0).floor();
    // One scale for a whole band of rows, so that neighbours in a band share columns.
    let band = (at.lat() * 4.0).round() / 4.0;
    let column = (at.lng() * 740.0 * band.to_radians().cos()).floor();
    (column as i32, row as i32)
}
