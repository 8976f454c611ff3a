//! The numbers the day engine decides by. They are hashed with the input, so that a figure always names
//! the rules it was made with.

use serde::{Deserialize, Serialize};

use crate::Mode;

/// Version of the algorithm. Changes whenever the same fixes may give another result.
pub const VERSION: &str = "tashi-day-2";

/// Decision rules. [`Rules::default`] is what the product ships.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Modes whose metres are paid. A slow car and a fast e-bike cannot always be told apart, so both count.
    pub counted_modes: Vec<Mode>,
    /// A time at one place is a stay from this length on, seconds.
    pub stay_min_s: f64,
    /// Silence longer than this is a gap: no kilometre, no visit, no line, seconds.
    pub gap_s: f64,
    /// Silence longer than this interrupts the drawn line, seconds.
    pub break_s: f64,
    /// Silence up to this length is presence when the phone said "still" before it and is found at the same
    /// place after it, seconds.
    pub still_bridge_s: f64,
    /// Straight line to road, for the estimate inside a gap.
    pub detour: f64,
    /// A fix with a larger reported accuracy shows only that the phone was alive, metres.
    pub coarse_m: f64,
    /// Accuracy to assume when none is reported, metres.
    pub unknown_acc_m: f64,
    /// Fastest believable ground speed, m/s.
    pub max_speed_mps: f64,
    /// Movements shorter than this are noise at the edge of a stay, metres.
    pub trip_min_m: f64,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules {
            counted_modes: vec![Mode::Driving, Mode::Ebike],
            stay_min_s: 180.0,
            gap_s: 600.0,
            break_s: 180.0,
            still_bridge_s: 7200.0,
            detour: 1.2,
            coarse_m: 80.0,
            unknown_acc_m: 8.0,
            max_speed_mps: 55.0,
            trip_min_m: 60.0,
        }
    }
}
