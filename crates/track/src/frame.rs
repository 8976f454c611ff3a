//! A flat metre grid for one connected run of fixes.

use geo::{LngLat, LocalPlane};

/// Metres east and north of a point, with the factor that corrects eastward lengths away from its latitude.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    plane: LocalPlane,
    cos0: f64,
    lat0: f64,
}

const METRES_PER_DEGREE: f64 = 111_133.0;

impl Frame {
    pub(crate) fn at(origin: LngLat) -> Frame {
        Frame {
            plane: LocalPlane::at(origin),
            cos0: origin.lat().to_radians().cos().max(1e-6),
            lat0: origin.lat(),
        }
    }

    pub(crate) fn xy(&self, at: LngLat) -> (f64, f64) {
        self.plane.xy(at)
    }

    pub(crate) fn lng_lat(&self, x: f64, y: f64) -> LngLat {
        self.plane.lng_lat(x, y)
    }

    /// True metres per grid metre eastward at `y` metres north of the origin.
    pub(crate) fn east_scale(&self, y: f64) -> f64 {
        let lat = (self.lat0 + y / METRES_PER_DEGREE).clamp(-90.0, 90.0);
        (lat.to_radians().cos() / self.cos0).clamp(0.01, 100.0)
    }
}
