//! What every floor may ask of travel between places, whoever answers it.

use db::{BoxFuture, Scope};
use geo::LngLat;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How somebody gets about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TravelMode {
    Car,
    /// E-bike or motorcycle.
    Ebike,
    Foot,
}

impl TravelMode {
    pub fn word(self) -> &'static str {
        match self {
            TravelMode::Car => "car",
            TravelMode::Ebike => "ebike",
            TravelMode::Foot => "foot",
        }
    }

    /// Our word, or one that routing programs use for the same.
    pub fn from_word(word: &str) -> Option<TravelMode> {
        match word {
            "car" | "driving" | "auto" | "truck" | "van" => Some(TravelMode::Car),
            "ebike" | "bike" | "bicycle" | "cycling" | "motorcycle" | "motorbike" | "scooter" => {
                Some(TravelMode::Ebike)
            }
            "foot" | "walking" | "walk" | "pedestrian" => Some(TravelMode::Foot),
            _ => None,
        }
    }

    /// Mean speed along the straight line in a Chinese city, km/h.
    pub fn usual_kmh(self) -> i64 {
        match self {
            TravelMode::Car => 24,
            TravelMode::Ebike => 18,
            TravelMode::Foot => 5,
        }
    }
}

/// A way somebody goes: from, to, and how.
pub type Ride = (LngLat, LngLat, Option<TravelMode>);

/// Where times and distances come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TravelSource {
    /// `straight_line` (line × detour factor, not streets), `own_map`, `osrm`, `valhalla`, `amap` or `baidu`.
    pub provider: String,
    /// The provider that is set but could not answer; this one stands in for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<String>,
    /// Why: `unreachable`, `quota`, `busy`, `key`, `refused`, `too_many`, `no_map` or `off_map`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The traffic of the moment is counted in.
    #[serde(default)]
    pub traffic: bool,
    /// Seconds were multiplied by this (thousandths), learned from the company's own days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learned_permille: Option<i64>,
}

impl TravelSource {
    pub fn of(provider: &str) -> TravelSource {
        TravelSource {
            provider: provider.into(),
            instead_of: None,
            reason: None,
            traffic: false,
            learned_permille: None,
        }
    }
}

/// Travel between all of some places: seconds and metres, row by row (from), `None` where there is no way.
#[derive(Debug, Clone)]
pub struct TravelTable {
    pub size: usize,
    pub cells: Vec<Option<(i64, i64)>>,
    pub source: TravelSource,
}

/// The straight line with the company's factor and pace: for choosing among thousands before anybody is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crow {
    /// Thousandths: streets are this much longer than the line; at least 1000.
    pub detour_permille: i64,
    /// At least 1.
    pub speed_kmh: i64,
}

impl Crow {
    /// Seconds and metres, rounded up.
    pub fn leg(self, from: LngLat, to: LngLat) -> (i64, i64) {
        let metres = geo::distance_m(from, to) * self.detour_permille.max(1000) as f64 / 1000.0;
        ((metres * 3.6 / self.speed_kmh.max(1) as f64).ceil() as i64, metres.ceil() as i64)
    }
}

/// Travel times and ways. Implemented by `travel`. Always answers: what is set may fail, the straight line
/// does not, and the answer says which it is. `mode`: how the person gets about; absent: as the company usually does.
pub trait TravelTimes: Send + Sync + 'static {
    /// Between all of the places. `minutes`: the part of a day it is for, so that what was learned of those hours
    /// counts; absent: as the provider says.
    fn table<'a>(
        &'a self,
        scope: &'a Scope,
        mode: Option<TravelMode>,
        points: Vec<LngLat>,
        minutes: Option<(i32, i32)>,
    ) -> BoxFuture<'a, TravelTable>;

    /// Between all of the places, of which there may be hundreds, without asking anybody on the network.
    fn near_table<'a>(
        &'a self,
        scope: &'a Scope,
        mode: Option<TravelMode>,
        points: Vec<LngLat>,
    ) -> BoxFuture<'a, TravelTable>;

    /// The same as it is in this moment: by what was learned of this hour, and to the first place by the traffic where the company's
    /// provider knows it; the source says whether it does.
    fn moment_table<'a>(
        &'a self,
        scope: &'a Scope,
        mode: Option<TravelMode>,
        points: Vec<LngLat>,
    ) -> BoxFuture<'a, TravelTable>;

    /// The straight line as the company has set it, at the pace of this hour where that was learned.
    fn crow<'a>(&'a self, scope: &'a Scope, mode: Option<TravelMode>, at: LngLat) -> BoxFuture<'a, Crow>;

    /// How the company usually travels.
    fn usual_mode<'a>(&'a self, scope: &'a Scope) -> BoxFuture<'a, TravelMode>;

    /// How long visits last by grade of the customer, as learned from the company's own days; nothing when that is
    /// switched off.
    fn usual_stays<'a>(&'a self, scope: &'a Scope) -> BoxFuture<'a, Vec<(Option<String>, i64)>>;

    /// Each ride, asked so often that no provider on the network is.
    fn at_once<'a>(&'a self, scope: &'a Scope, rides: Vec<Ride>) -> BoxFuture<'a, Vec<Option<(i64, i64)>>>;

    /// The line from each place to the next; just the two where no streets are known.
    fn lines<'a>(
        &'a self,
        scope: &'a Scope,
        mode: Option<TravelMode>,
        points: Vec<LngLat>,
    ) -> BoxFuture<'a, Vec<Vec<LngLat>>>;
}
