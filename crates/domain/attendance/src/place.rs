//! Where a punch was made, as far as its position can tell. Pure.

use base::Micros;
use geo::{LngLat, distance_m, fence_verdict};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A position as a phone reports it with a punch.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PunchFix {
    #[schema(value_type = Vec<f64>, min_items = 2, max_items = 2)]
    pub at: LngLat,
    /// Radius in metres that holds the true place in 68 of 100 cases.
    pub accuracy_m: f64,
    #[schema(value_type = String, format = DateTime)]
    pub t: Micros,
    pub speed_mps: Option<f64>,
}

impl PunchFix {
    pub fn is_sound(&self) -> bool {
        (0.0..=100_000.0).contains(&self.accuracy_m)
    }
}

/// A place where a punch is expected.
#[derive(Debug, Clone, PartialEq)]
pub struct Spot {
    pub name: String,
    pub at: LngLat,
    pub radius_m: i64,
}

/// What a position says about a punch: `in`, `out` or `cannot_tell`, of the place that fits best.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    pub verdict: &'static str,
    pub spot: Option<(String, i64)>,
    pub distance_m: Option<i64>,
}

/// A fix older than this at the moment of the punch says nothing about it.
pub const STALE: i64 = 5 * Micros::MINUTE;

/// Reads a position against the places. Without a fresh position it cannot be told.
pub fn read(fix: Option<&PunchFix>, at: Micros, spots: &[Spot]) -> Reading {
    let blank = Reading { verdict: "cannot_tell", spot: None, distance_m: None };
    let Some(fix) = fix else { return blank };
    let told = spots.iter().map(|s| {
        let (verdict, _) = fence_verdict(fix.at, fix.accuracy_m, s.at, s.radius_m as f64);
        let (rank, word) = match verdict {
            geo::Verdict::In => (0, "in"),
            geo::Verdict::CannotTell => (1, "cannot_tell"),
            geo::Verdict::Out => (2, "out"),
        };
        let far = distance_m(fix.at, s.at).round() as i64;
        ((rank, (far - s.radius_m).max(0), far), word, s)
    });
    let Some(((_, _, far), word, spot)) = told.min_by_key(|(order, ..)| *order) else { return blank };
    let verdict = if (at.0 - fix.t.0).abs() <= STALE { word } else { "cannot_tell" };
    Reading { verdict, spot: Some((spot.name.clone(), spot.radius_m)), distance_m: Some(far) }
}

#[cfg(test)]
mod tests {
    use geo::destination;

    use super::*;

    fn office() -> LngLat {
        LngLat::new(118.78, 32.04).unwrap()
    }

    fn spots() -> Vec<Spot> {
        let shop = destination(office(), 90.0, 1000.0);
        vec![
            Spot { name: "办公室".into(), at: office(), radius_m: 100 },
            Spot { name: "门店".into(), at: shop, radius_m: 100 },
        ]
    }

    fn fix(east: f64, accuracy_m: f64) -> PunchFix {
        PunchFix { at: destination(office(), 90.0, east), accuracy_m, t: Micros(0), speed_mps: None }
    }

    #[test]
    fn the_place_that_fits_best_speaks() {
        let at = |east, accuracy| {
            let r = read(Some(&fix(east, accuracy)), Micros(0), &spots());
            (r.verdict, r.spot.map(|s| s.0), r.distance_m)
        };
        assert_eq!(at(20.0, 10.0), ("in", Some("办公室".into()), Some(20)));
        assert_eq!(at(990.0, 10.0), ("in", Some("门店".into()), Some(10)));
        assert_eq!(at(400.0, 10.0), ("out", Some("办公室".into()), Some(400)));
        assert_eq!(at(110.0, 80.0).0, "cannot_tell");
    }

    #[test]
    fn an_old_position_or_none_tells_nothing() {
        assert_eq!(read(None, Micros(0), &spots()).verdict, "cannot_tell");
        assert_eq!(read(Some(&fix(0.0, 5.0)), Micros(STALE + 1), &spots()).verdict, "cannot_tell");
        assert_eq!(read(Some(&fix(0.0, 5.0)), Micros(0), &[]).verdict, "cannot_tell");
    }
}
