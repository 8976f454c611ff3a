//! Streets: their classes and how fast one drives there.

use serde::{Deserialize, Serialize};

/// The rank of a street, from the expressway down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StreetClass {
    Fast,
    Main,
    Street,
    Lane,
}

impl StreetClass {
    pub const ALL: [StreetClass; 4] = [Self::Fast, Self::Main, Self::Street, Self::Lane];

    /// What one drives on an empty road, m/s.
    pub fn free_speed_mps(self) -> f64 {
        match self {
            Self::Fast => 21.0,
            Self::Main => 15.3,
            Self::Street => 11.4,
            Self::Lane => 7.2,
        }
    }

    /// From the centre line to the middle of the driven lane, metres; traffic keeps to the right.
    pub fn lane_offset_m(self) -> f64 {
        match self {
            Self::Fast => 5.2,
            Self::Main => 4.8,
            Self::Street => 2.8,
            Self::Lane => 1.6,
        }
    }

    /// From the centre line to where one parks, metres.
    pub fn kerb_m(self) -> f64 {
        match self {
            Self::Fast | Self::Main => 7.0,
            Self::Street => 4.6,
            Self::Lane => 2.6,
        }
    }

    /// The word used in the basemap.
    pub fn word(self) -> &'static str {
        match self {
            Self::Fast => "fast",
            Self::Main => "main",
            Self::Street => "street",
            Self::Lane => "lane",
        }
    }
}
