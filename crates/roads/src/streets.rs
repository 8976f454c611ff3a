//! What a network is built from: junctions, the pieces of street between them, and forbidden turns. An OSM
//! extract becomes this, and so may any other source (the demo's invented city).

use geo::LngLat;

/// All streets of one area for one profile.
#[derive(Debug, Clone, Default)]
pub struct Streets {
    pub junctions: Vec<Junction>,
    pub pieces: Vec<Piece>,
    pub bans: Vec<Ban>,
}

/// Where pieces meet or end.
#[derive(Debug, Clone)]
pub struct Junction {
    pub at: LngLat,
    /// What slows one down here.
    pub obstacles: Vec<Obstacle>,
    /// Cannot be passed (bollard, wall): whoever comes here can only turn round.
    pub blocked: bool,
}

impl Junction {
    pub fn plain(at: LngLat) -> Junction {
        Junction { at, obstacles: vec![], blocked: false }
    }
}

/// A signal or sign at a junction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Obstacle {
    pub kind: ObstacleKind,
    /// Only for traffic along (`Some(true)`) or against (`Some(false)`) the direction the piece was drawn in.
    pub along: Option<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObstacleKind {
    Signal,
    Stop,
    /// Stop only for those who come from the lesser road.
    StopMinor,
    GiveWay,
}

/// A piece of street between two junctions.
#[derive(Debug, Clone)]
pub struct Piece {
    pub from: u32,
    pub to: u32,
    /// From junction to junction, both included.
    pub line: Vec<LngLat>,
    /// Travel from `from` to `to`; absent: not allowed.
    pub forward: Option<Travel>,
    pub backward: Option<Travel>,
    /// The way it was cut from at either end, for turn restrictions.
    pub way: [i64; 2],
    /// Drawn in the direction of the way, at either end.
    pub drawn_forward: [bool; 2],
}

/// How one travels along a piece.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Travel {
    /// Metres a second. A ferry's crossing time is in here too.
    pub speed_mps: f32,
    /// What a second here counts when ways are compared; above 1 for what drivers avoid (alleys, single lanes).
    pub burden: f32,
    /// For residents and customers only: fine as the end of a way, bad as a short cut.
    pub restricted: bool,
    pub ferry: bool,
}

impl Travel {
    pub fn at(speed_mps: f32) -> Travel {
        Travel { speed_mps, burden: 1.0, restricted: false, ferry: false }
    }
}

/// A rule for the way through one junction, by way numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ban {
    pub from_way: i64,
    pub via: u32,
    pub to_way: i64,
    /// True: nothing but this turn is allowed. False: this turn is forbidden.
    pub only: bool,
}
