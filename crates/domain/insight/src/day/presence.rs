//! How long the track was inside a customer's fence during a visit. Pure.

use geo::{LngLat, distance_m};
use track::PathPoint;

/// Cleaned points of somebody inside a building lie this much off at times, metres.
const SLACK_M: f64 = 50.0;

/// Milliseconds of `[from_ms, to_ms)` during which the track does not show the person elsewhere; `None` when
/// there is no track for any of it. Silence speaks neither for nor against: between two points inside the
/// fence the person is taken to have been inside, between two outside to have been outside.
pub(super) fn inside_ms(path: &[PathPoint], from_ms: i64, to_ms: i64, fence: (LngLat, f64)) -> Option<i64> {
    let (centre, radius_m) = fence;
    let inside = |p: &PathPoint| distance_m(p.at, centre) <= radius_m + SLACK_M;
    let first = path.partition_point(|p| p.t_ms < from_ms);
    let last = path.partition_point(|p| p.t_ms < to_ms);
    if to_ms <= from_ms || first == last && !covered(path, first) {
        return None;
    }
    // from the point before the visit to the one after it
    let around = &path[first.saturating_sub(1)..(last + 1).min(path.len())];
    let mut total = 0.0;
    for pair in around.windows(2) {
        let (a, b) = (pair[0].t_ms.max(from_ms), pair[1].t_ms.min(to_ms));
        let share = match (inside(&pair[0]), inside(&pair[1])) {
            (true, true) => 1.0,
            (false, false) => 0.0,
            _ => 0.5,
        };
        total += (b - a).max(0) as f64 * share;
    }
    // Before the first and after the last point of the day nothing is known against the person.
    if let (Some(head), Some(tail)) = (around.first(), around.last()) {
        total += (head.t_ms.min(to_ms) - from_ms).max(0) as f64;
        total += (to_ms - tail.t_ms.max(from_ms)).max(0) as f64;
    }
    Some(total.round() as i64)
}

/// Does an unbroken stretch of track pass over the time before point `next`?
fn covered(path: &[PathPoint], next: usize) -> bool {
    next > 0 && path.get(next).is_some_and(|p| !p.starts)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    fn shop() -> LngLat {
        LngLat::new(118.78, 32.04).unwrap()
    }

    /// A point each minute; `meters` east of the shop.
    fn path(meters: &[f64]) -> Vec<PathPoint> {
        let at = |m: f64| geo::destination(shop(), 90.0, m);
        meters
            .iter()
            .enumerate()
            .map(|(i, m)| PathPoint { t_ms: i as i64 * MINUTE, at: at(*m), speed_mps: 0.0, starts: i == 0 })
            .collect()
    }

    #[test]
    fn a_whole_visit_inside_counts_in_full() {
        let p = path(&[900.0, 20.0, 10.0, 30.0, 20.0, 900.0]);
        assert_eq!(inside_ms(&p, MINUTE, 4 * MINUTE, (shop(), 150.0)), Some(3 * MINUTE));
    }

    #[test]
    fn an_absence_during_the_visit_is_taken_off() {
        let p = path(&[0.0, 0.0, 600.0, 600.0, 0.0, 0.0]);
        assert_eq!(inside_ms(&p, 0, 5 * MINUTE, (shop(), 150.0)), Some(3 * MINUTE));
    }

    #[test]
    fn silence_is_not_held_against_anybody() {
        let mut p = path(&[0.0, 0.0]);
        p.push(PathPoint { t_ms: 40 * MINUTE, starts: true, ..p[0] });
        assert_eq!(inside_ms(&p, MINUTE, 40 * MINUTE, (shop(), 150.0)), Some(39 * MINUTE));
        assert_eq!(
            inside_ms(&p[..2], 0, 9 * MINUTE, (shop(), 150.0)),
            Some(9 * MINUTE),
            "the phone went silent inside"
        );
        assert_eq!(inside_ms(&[], 0, MINUTE, (shop(), 150.0)), None);
        assert_eq!(inside_ms(&p, 2 * MINUTE, 9 * MINUTE, (shop(), 150.0)), None, "no track for any of it");
    }
}
