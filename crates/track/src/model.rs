//! What goes into a day and what comes out of it.

use geo::LngLat;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One position as a phone or tracker reported it. Absent values are `None`, never a sentinel.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Fix {
    /// When the receiver made the fix, Unix milliseconds (not when the server got it).
    pub t_ms: i64,
    pub at: LngLat,
    /// Reported horizontal accuracy, metres: radius that holds the truth in 68 % of cases.
    pub acc_m: Option<f32>,
    /// Receiver's own (Doppler) ground speed, m/s.
    pub speed_mps: Option<f32>,
    /// Course over ground, degrees clockwise from north.
    pub bearing_deg: Option<f32>,
    /// Altitude above the ellipsoid, metres.
    pub alt_m: Option<f32>,
    /// Which tracker sent it; a small tag the caller chooses.
    pub source: u8,
    /// What the phone's motion sensors said.
    pub hint: Option<ActivityHint>,
}

impl Fix {
    /// A bare position without anything the receiver may add.
    pub fn new(t_ms: i64, at: LngLat) -> Fix {
        Fix { t_ms, at, acc_m: None, speed_mps: None, bearing_deg: None, alt_m: None, source: 0, hint: None }
    }
}

/// Activity as recognised by the phone itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActivityHint {
    Still,
    Walking,
    Running,
    Cycling,
    Driving,
    Transit,
}

/// A half-open stretch of time `[from_ms, to_ms)`, Unix milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Window {
    pub from_ms: i64,
    pub to_ms: i64,
}

impl Window {
    pub fn new(from_ms: i64, to_ms: i64) -> Window {
        Window { from_ms, to_ms }
    }

    pub fn contains(self, t_ms: i64) -> bool {
        (self.from_ms..self.to_ms).contains(&t_ms)
    }

    /// Length in milliseconds, 0 when it ends before it begins.
    pub fn len_ms(self) -> i64 {
        self.to_ms.saturating_sub(self.from_ms).max(0)
    }

    /// The common part, `None` when there is none.
    pub fn overlap(self, other: Window) -> Option<Window> {
        let w = Window::new(self.from_ms.max(other.from_ms), self.to_ms.min(other.to_ms));
        (w.from_ms < w.to_ms).then_some(w)
    }
}

/// Why nothing is known about a stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GapKind {
    /// The person or the system took the location permission away.
    NoPermission,
    PhoneOff,
    /// The phone was alive but could not place itself.
    NoSignal,
    Unknown,
}

/// A known reason for silence, from the tracker's health log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Absence {
    pub window: Window,
    pub kind: GapKind,
}

/// A customer (or depot) to which a stay can be attributed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Place {
    pub id: Uuid,
    pub at: LngLat,
    pub radius_m: f64,
}

/// A visit between check-in and check-out: an anchor that wins over geometry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct VisitSpan {
    pub place: Uuid,
    pub from_ms: i64,
    pub to_ms: i64,
}

/// Everything one person's day is computed from.
#[derive(Debug, Clone, Copy, Default)]
pub struct Input<'a> {
    /// In any order; duplicates are allowed.
    pub fixes: &'a [Fix],
    /// When the person was on duty. Fixes outside are counted and otherwise ignored; without any window
    /// nothing is on duty.
    pub duty: &'a [Window],
    /// Declared private trips: measured, listed without places, never counted.
    pub private: &'a [Window],
    pub absences: &'a [Absence],
    pub visits: &'a [VisitSpan],
    pub places: &'a [Place],
}

/// How a trip was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    Driving,
    Ebike,
    Walking,
    Transit,
}

/// A time spent at one place, observed by fixes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Stay {
    pub from_ms: i64,
    pub to_ms: i64,
    pub centre: LngLat,
    /// Radius around the centre that holds two thirds of the fixes, metres.
    pub spread_m: f64,
    /// The customer it is attributed to.
    pub place: Option<Uuid>,
}

/// A movement between stays, gaps or changes of mode.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Trip {
    pub from_ms: i64,
    pub to_ms: i64,
    /// Distance on the ground, metres.
    pub meters: f64,
    pub mode: Mode,
    /// Do these metres enter [`Day::counted_m`]?
    pub counted: bool,
    /// Declared private: its points are not in [`Day::path`].
    pub private: bool,
    /// First and one-past-last index in [`Day::path`].
    pub path_from: usize,
    pub path_to: usize,
}

/// A silence on duty.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Gap {
    pub from_ms: i64,
    pub to_ms: i64,
    pub kind: GapKind,
    /// What was probably driven inside: straight line times the detour factor, metres. Never counted.
    pub estimated_m: f64,
}

/// What a person was doing, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Moving,
    Visit,
    Stay,
    Private,
    NoPermission,
    PhoneOff,
    NoSignal,
    Unknown,
}

impl From<GapKind> for State {
    fn from(kind: GapKind) -> State {
        match kind {
            GapKind::NoPermission => State::NoPermission,
            GapKind::PhoneOff => State::PhoneOff,
            GapKind::NoSignal => State::NoSignal,
            GapKind::Unknown => State::Unknown,
        }
    }
}

/// A stretch of the time line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    pub from_ms: i64,
    pub to_ms: i64,
    pub state: State,
}

/// A cleaned point for drawing.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PathPoint {
    pub t_ms: i64,
    pub at: LngLat,
    pub speed_mps: f32,
    /// The line is interrupted before this point: nothing may be drawn from the one before.
    pub starts: bool,
}

/// Fixes not used for geometry, by reason.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropped {
    /// Another fix of the same half second was better.
    pub same_time: u32,
    /// Exactly or nearly (0, 0): a receiver without position.
    pub null_island: u32,
    /// Outside duty time.
    pub off_duty: u32,
    /// Too inaccurate for geometry; still a sign of life.
    pub coarse: u32,
    /// Not reachable from the fixes around it.
    pub jump: u32,
    /// The old position repeated while the receiver reported speed.
    pub stale: u32,
}

impl Dropped {
    pub fn total(&self) -> u32 {
        self.same_time + self.null_island + self.off_duty + self.coarse + self.jump + self.stale
    }
}

/// One person's day, recomputable by anybody from the same fixes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Day {
    /// Version of the algorithm.
    pub version: String,
    /// SHA-256 over the canonical input, the rules and the version, hexadecimal.
    pub input_sha256: String,
    /// Duty time, milliseconds; the spans of the time line add up to it.
    pub duty_ms: i64,
    /// Kilometres that may be paid, in metres: trips in a counted mode, private ones left out.
    pub counted_m: f64,
    /// All movement on duty in any mode, private ones left out, metres.
    pub moved_m: f64,
    /// Plain sum of straight lines between the fixes as received on duty, metres.
    pub raw_m: f64,
    /// Measured but not counted (private, or a mode that is not counted), metres.
    pub excluded_m: f64,
    /// Of it, in declared private time, metres.
    pub private_m: f64,
    /// Guess for the gaps, metres; shown, never counted.
    pub estimated_m: f64,
    pub stays: Vec<Stay>,
    pub trips: Vec<Trip>,
    pub gaps: Vec<Gap>,
    pub timeline: Vec<Span>,
    pub path: Vec<PathPoint>,
    /// Distinct fixes in the input; how often each arrived must not show in a statement.
    pub fixes_given: u32,
    pub fixes_used: u32,
    pub fixes_dropped: Dropped,
    /// Places where the track broke because two parts cannot belong to one movement; such a leap is never
    /// counted.
    pub breaks: u32,
}
