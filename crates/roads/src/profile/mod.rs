//! Who travels: what may be used, how fast, and what a turn costs.

mod car;
mod foot;
mod tags;
mod two_wheel;

pub use tags::Tags;

use serde::{Deserialize, Serialize};

use crate::streets::{ObstacleKind, Travel};

/// A way of getting about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    Car,
    /// E-bike and light motorcycle: at most 25 km/h, cycle tracks, no motorways.
    Ebike,
    Foot,
}

impl Profile {
    pub const ALL: [Profile; 3] = [Profile::Car, Profile::Ebike, Profile::Foot];

    /// The word used in files, settings and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Profile::Car => "car",
            Profile::Ebike => "ebike",
            Profile::Foot => "foot",
        }
    }

    pub fn from_word(word: &str) -> Option<Profile> {
        Profile::ALL.into_iter().find(|p| p.word() == word)
    }

    /// What the tags of a way allow, along its direction and against it; `None`: no street for this profile.
    pub fn way(self, tags: &Tags) -> Option<WayRule> {
        let rule = match self {
            Profile::Car => car::way(tags),
            Profile::Ebike => two_wheel::way(tags),
            Profile::Foot => foot::way(tags),
        }?;
        (rule.forward.is_some() || rule.backward.is_some()).then_some(rule)
    }

    /// Whether a node with these tags cannot be passed.
    pub fn blocks(self, tags: &Tags) -> bool {
        match self {
            Profile::Car => car::blocks(tags),
            Profile::Ebike => two_wheel::blocks(tags),
            Profile::Foot => foot::blocks(tags),
        }
    }

    /// Turn restrictions bind vehicles only; `except` names those they do not bind.
    pub fn obeys(self, kind_of_vehicle: Option<&str>, except: &str) -> bool {
        let names: &[&str] = match self {
            Profile::Car => &["motorcar", "motor_vehicle", "vehicle"],
            Profile::Ebike => &["bicycle", "moped", "vehicle"],
            Profile::Foot => return false,
        };
        let excepted = except.split(';').any(|e| names.contains(&e.trim()));
        kind_of_vehicle.is_none_or(|k| names.contains(&k)) && !excepted
    }

    /// What it costs to go on from one piece to the next; `None`: not allowed.
    pub fn turn(self, turn: &Turn) -> Option<TurnCost> {
        if turn.u_turn && !turn.dead_end && self != Profile::Foot {
            return None;
        }
        Some(match self {
            Profile::Car => car::turn(turn),
            Profile::Ebike => two_wheel::turn(turn),
            Profile::Foot => foot::turn(turn),
        })
    }
}

/// Travel along a way and against it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WayRule {
    pub forward: Option<Travel>,
    pub backward: Option<Travel>,
    /// Minutes of a ferry crossing as tagged; the speed follows from the length.
    pub crossing_s: Option<f32>,
}

/// The passage through a junction from one piece to another.
#[derive(Debug, Clone)]
pub struct Turn<'a> {
    /// Degrees, 0 straight on, 180 back; positive to the right.
    pub angle: f64,
    pub u_turn: bool,
    /// There is no other way on.
    pub dead_end: bool,
    /// How many pieces meet here.
    pub arms: usize,
    /// Signals and signs that hold for one who comes this way.
    pub obstacles: &'a [ObstacleKind],
    pub from: Travel,
    pub to: Travel,
    /// The fastest piece that meets here, m/s.
    pub fastest_mps: f32,
}

/// Milliseconds: the time itself, and what it counts when ways are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TurnCost {
    pub duration_ms: u32,
    pub weight_ms: u32,
}

impl TurnCost {
    fn seconds(duration: f64, extra_weight: f64) -> TurnCost {
        let ms = |s: f64| (s * 1000.0).round() as u32;
        TurnCost { duration_ms: ms(duration), weight_ms: ms(duration + extra_weight) }
    }
}

/// Entering what is for residents only counts this much, so that nobody takes it as a short cut.
const RESTRICTED_S: f64 = 3_000.0;

fn restricted_extra(turn: &Turn) -> f64 {
    if turn.to.restricted && !turn.from.restricted { RESTRICTED_S } else { 0.0 }
}
