//! WGS-84, GCJ-02 and BD-09 as types. The GCJ-02 shift is the published approximation (see the open
//! transformations by `eviltransform` and `gcoord`, both MIT); the inverse is solved by iteration, so that
//! a round trip is exact to below a millimetre.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeTuple};

/// A point in WGS-84 degrees: finite, longitude in [-180, 180], latitude in [-90, 90].
/// On the wire `[lng, lat]`, as in GeoJSON.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LngLat {
    lng: f64,
    lat: f64,
}

/// A point as 高德 and Tencent maps draw it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gcj02 {
    pub lng: f64,
    pub lat: f64,
}

/// A point as 百度 maps draws it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bd09 {
    pub lng: f64,
    pub lat: f64,
}

/// Not a place on earth: not finite, or outside the ranges of degrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("coordinates must be finite with longitude in [-180, 180] and latitude in [-90, 90]")]
pub struct OutOfRange;

impl LngLat {
    pub fn new(lng: f64, lat: f64) -> Result<LngLat, OutOfRange> {
        let ok = lng.is_finite() && lat.is_finite() && lng.abs() <= 180.0 && lat.abs() <= 90.0;
        if ok { Ok(LngLat { lng, lat }) } else { Err(OutOfRange) }
    }

    /// From computed degrees: longitude wrapped, latitude clamped. Not for input.
    pub(crate) fn wrapped(lng: f64, lat: f64) -> LngLat {
        LngLat { lng: (lng + 180.0).rem_euclid(360.0) - 180.0, lat: lat.clamp(-90.0, 90.0) }
    }

    pub fn lng(self) -> f64 {
        self.lng
    }

    pub fn lat(self) -> f64 {
        self.lat
    }

    /// The stored form: degrees × 10⁷ as integers (1.1 cm).
    pub fn e7(self) -> (i64, i64) {
        ((self.lng * 1e7).round() as i64, (self.lat * 1e7).round() as i64)
    }

    pub fn from_e7(lng: i64, lat: i64) -> Result<LngLat, OutOfRange> {
        LngLat::new(lng as f64 / 1e7, lat as f64 / 1e7)
    }

    pub fn to_gcj02(self) -> Gcj02 {
        if outside_china(self.lng, self.lat) {
            return Gcj02 { lng: self.lng, lat: self.lat };
        }
        let (dlng, dlat) = shift(self.lng, self.lat);
        Gcj02 { lng: self.lng + dlng, lat: self.lat + dlat }
    }

    pub fn to_bd09(self) -> Bd09 {
        self.to_gcj02().to_bd09()
    }
}

impl Gcj02 {
    /// Back to WGS-84 by fixed-point iteration.
    pub fn to_wgs84(self) -> Result<LngLat, OutOfRange> {
        LngLat::new(self.lng, self.lat)?;
        if outside_china(self.lng, self.lat) {
            return LngLat::new(self.lng, self.lat);
        }
        let (mut lng, mut lat) = (self.lng, self.lat);
        for _ in 0..12 {
            let (dlng, dlat) = shift(lng, lat);
            (lng, lat) = (self.lng - dlng, self.lat - dlat);
        }
        LngLat::new(lng, lat)
    }

    pub fn to_bd09(self) -> Bd09 {
        let z = self.lng.hypot(self.lat) + 0.00002 * (self.lat * X_PI).sin();
        let theta = self.lat.atan2(self.lng) + 0.000003 * (self.lng * X_PI).cos();
        Bd09 { lng: z * theta.cos() + 0.0065, lat: z * theta.sin() + 0.006 }
    }
}

impl Bd09 {
    pub fn to_gcj02(self) -> Gcj02 {
        let (mut lng, mut lat) = (self.lng - 0.0065, self.lat - 0.006);
        for _ in 0..12 {
            let there = Gcj02 { lng, lat }.to_bd09();
            lng += self.lng - there.lng;
            lat += self.lat - there.lat;
        }
        Gcj02 { lng, lat }
    }

    pub fn to_wgs84(self) -> Result<LngLat, OutOfRange> {
        LngLat::new(self.lng, self.lat)?;
        self.to_gcj02().to_wgs84()
    }
}

const X_PI: f64 = std::f64::consts::PI * 3000.0 / 180.0;

/// Mainland rectangle of the shift; Hong Kong, Macao and Taiwan use unshifted maps.
fn outside_china(lng: f64, lat: f64) -> bool {
    let taiwan = (119.3..=124.6).contains(&lng)
        && (21.75..=25.4).contains(&lat)
        && lng > 119.9 + (lat - 25.4).abs() * 0.05;
    let hong_kong = (113.83..=114.45).contains(&lng) && (22.15..=22.5).contains(&lat);
    !(72.004..=137.8347).contains(&lng) || !(0.8293..=55.8271).contains(&lat) || taiwan || hong_kong
}

/// GCJ-02 minus WGS-84 in degrees (lng, lat).
fn shift(lng: f64, lat: f64) -> (f64, f64) {
    use std::f64::consts::PI;
    const A: f64 = 6_378_245.0;
    const EE: f64 = 0.006_693_421_622_965_943;
    let (x, y) = (lng - 105.0, lat - 35.0);
    let waves = |v: f64| (20.0 * (6.0 * v * PI).sin() + 20.0 * (2.0 * v * PI).sin()) * 2.0 / 3.0;
    let dlat = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * x.abs().sqrt()
        + waves(x)
        + (20.0 * (y * PI).sin() + 40.0 * (y / 3.0 * PI).sin()) * 2.0 / 3.0
        + (160.0 * (y / 12.0 * PI).sin() + 320.0 * (y * PI / 30.0).sin()) * 2.0 / 3.0;
    let dlng = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * x.abs().sqrt()
        + waves(x)
        + (20.0 * (x * PI).sin() + 40.0 * (x / 3.0 * PI).sin()) * 2.0 / 3.0
        + (150.0 * (x / 12.0 * PI).sin() + 300.0 * (x / 30.0 * PI).sin()) * 2.0 / 3.0;
    let rad = lat.to_radians();
    let magic = 1.0 - EE * rad.sin().powi(2);
    (
        dlng * 180.0 / (A / magic.sqrt() * rad.cos() * PI),
        dlat * 180.0 / (A * (1.0 - EE) / (magic * magic.sqrt()) * PI),
    )
}

impl Serialize for LngLat {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut pair = s.serialize_tuple(2)?;
        pair.serialize_element(&self.lng)?;
        pair.serialize_element(&self.lat)?;
        pair.end()
    }
}

impl<'de> Deserialize<'de> for LngLat {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<LngLat, D::Error> {
        let [lng, lat] = <[f64; 2]>::deserialize(d)?;
        LngLat::new(lng, lat).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tiananmen_shift_is_the_published_one() {
        let g = LngLat::new(116.391_349_6, 39.907_375_4).unwrap().to_gcj02();
        assert!((g.lng - 116.397_59).abs() < 2e-5 && (g.lat - 39.908_78).abs() < 2e-5, "{g:?}");
    }

    #[test]
    fn nonsense_is_refused() {
        assert!(LngLat::new(f64::NAN, 0.0).is_err());
        assert!(LngLat::new(0.0, 91.0).is_err());
        assert!(Gcj02 { lng: f64::INFINITY, lat: 0.0 }.to_wgs84().is_err());
    }

    proptest! {
        #[test]
        fn round_trips(lng in 80.0..118.0f64, lat in 26.0..50.0f64) {
            let p = LngLat::new(lng, lat).unwrap();
            let back = p.to_gcj02().to_wgs84().unwrap();
            prop_assert!(crate::distance_m(p, back) < 0.001);
            let back = p.to_bd09().to_wgs84().unwrap();
            prop_assert!(crate::distance_m(p, back) < 0.01);
        }
    }
}
