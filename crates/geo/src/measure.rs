//! Distances and directions on WGS-84.

use crate::LngLat;

/// Equatorial radius and first eccentricity squared of WGS-84.
const A: f64 = 6_378_137.0;
const E2: f64 = 6.694_379_990_141_317e-3;
const MEAN_RADIUS: f64 = 6_371_008.8;

/// Radii of curvature (meridian, prime vertical) in metres at a latitude in degrees.
fn radii(lat: f64) -> (f64, f64) {
    let s = lat.to_radians().sin();
    let w = 1.0 - E2 * s * s;
    (A * (1.0 - E2) / (w * w.sqrt()), A / w.sqrt())
}

/// Shorter longitude difference in degrees, across the antimeridian where that is nearer.
fn delta_lng(from: f64, to: f64) -> f64 {
    let d = to - from;
    if d > 180.0 {
        d - 360.0
    } else if d < -180.0 {
        d + 360.0
    } else {
        d
    }
}

/// Ground distance in metres. Below 50 km the local ellipsoid radii are used (error < 0.01 %); beyond,
/// the great circle on the mean sphere (error < 0.6 %).
pub fn distance_m(a: LngLat, b: LngLat) -> f64 {
    let mid = (a.lat() + b.lat()) / 2.0;
    let (m, n) = radii(mid);
    let dy = (b.lat() - a.lat()).to_radians() * m;
    let dx = delta_lng(a.lng(), b.lng()).to_radians() * n * mid.to_radians().cos();
    let flat = dx.hypot(dy);
    if flat < 50_000.0 && mid.abs() < 85.0 {
        return flat;
    }
    let (p1, p2) = (a.lat().to_radians(), b.lat().to_radians());
    let dl = delta_lng(a.lng(), b.lng()).to_radians();
    let h = ((p2 - p1) / 2.0).sin().powi(2) + p1.cos() * p2.cos() * (dl / 2.0).sin().powi(2);
    2.0 * MEAN_RADIUS * h.sqrt().clamp(0.0, 1.0).asin()
}

/// Direction from `a` to `b` in degrees clockwise from north, [0, 360).
pub fn bearing_deg(a: LngLat, b: LngLat) -> f64 {
    let mid = ((a.lat() + b.lat()) / 2.0).to_radians();
    let dx = delta_lng(a.lng(), b.lng()) * mid.cos();
    dx.atan2(b.lat() - a.lat()).to_degrees().rem_euclid(360.0)
}

/// The point `meters` from `from` in direction `bearing` (degrees). For distances below 50 km.
pub fn destination(from: LngLat, bearing: f64, meters: f64) -> LngLat {
    let plane = LocalPlane::at(from);
    let b = bearing.to_radians();
    plane.lng_lat(meters * b.sin(), meters * b.cos())
}

/// Length of a line in metres.
pub fn polyline_m(points: &[LngLat]) -> f64 {
    points.windows(2).map(|w| distance_m(w[0], w[1])).sum()
}

/// A flat metre grid round a centre, x east and y north; good to 0.1 % within 30 km.
#[derive(Debug, Clone, Copy)]
pub struct LocalPlane {
    origin: LngLat,
    per_lng: f64,
    per_lat: f64,
}

impl LocalPlane {
    pub fn at(origin: LngLat) -> LocalPlane {
        let (m, n) = radii(origin.lat());
        let per_lng = (n * origin.lat().to_radians().cos()).max(1.0).to_radians();
        LocalPlane { origin, per_lng, per_lat: m.to_radians() }
    }

    /// Metres east and north of the centre.
    pub fn xy(&self, p: LngLat) -> (f64, f64) {
        let dx = delta_lng(self.origin.lng(), p.lng());
        (dx * self.per_lng, (p.lat() - self.origin.lat()) * self.per_lat)
    }

    /// The point at the given metres east and north.
    pub fn lng_lat(&self, x: f64, y: f64) -> LngLat {
        LngLat::wrapped(self.origin.lng() + x / self.per_lng, self.origin.lat() + y / self.per_lat)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn p(lng: f64, lat: f64) -> LngLat {
        LngLat::new(lng, lat).unwrap()
    }

    #[test]
    fn known_distances() {
        // Vincenty on WGS-84: one degree of latitude at 32.5°N is 110 892 m.
        let d = (0..100).map(|i| {
            let lat = 32.0 + f64::from(i) * 0.01;
            distance_m(p(118.0, lat), p(118.0, lat + 0.01))
        });
        assert!((d.sum::<f64>() - 110_892.0).abs() < 5.0);
        assert!(distance_m(p(179.9999, 10.0), p(-179.9999, 10.0)) < 25.0);
    }

    proptest! {
        #[test]
        fn destination_and_bearing_agree(lng in -180.0..180.0f64, lat in -60.0..60.0f64, b in 0.0..360.0f64, d in 1.0..20_000.0f64) {
            let from = p(lng, lat);
            let to = destination(from, b, d);
            prop_assert!((distance_m(from, to) - d).abs() < d * 0.006 + 0.01);
            let diff = (bearing_deg(from, to) - b).rem_euclid(360.0);
            prop_assert!(!(1.0..=359.0).contains(&diff));
        }
    }
}
