//! Coordinates that carry their datum, and measures on the ground.
//!
//! Only WGS-84 may be stored or computed with. GCJ-02 (高德, Tencent) and BD-09 (百度) are types of their own
//! and are converted at the edge.
//!
//! ```
//! use geo::{LngLat, distance_m};
//! let a = LngLat::new(118.7969, 32.0603).unwrap();
//! let b = LngLat::new(118.7969, 32.0613).unwrap();
//! assert!((distance_m(a, b) - 110.9).abs() < 0.5);
//! ```

mod datum;
mod fence;
mod measure;

pub use datum::{Bd09, Gcj02, LngLat, OutOfRange};
pub use fence::{Verdict, fence_verdict, inside_probability};
pub use measure::{LocalPlane, bearing_deg, destination, distance_m, polyline_m};
