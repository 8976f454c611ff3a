//! Visits: the core record. Check-in with a verdict of the fence, steps in order with their photos, a summary,
//! check-out, and from all of it whether the visit counts.
//!
//! A phone records visits offline and sends them later, in pieces; every piece may come twice. The time of a
//! check-in is what the phone says, held between two instants that are certain: it happened after the random
//! word the phone carries was issued (or the task was made), and before it was received.

mod audio;
mod customer360;
mod export;
mod http;
mod place_photo;
mod proofs;
mod read;
mod record;
pub mod rules;
pub(crate) mod sql;

use api::{Kit, Routes};

pub(crate) fn routes(kit: &Kit) -> Routes {
    http::routes(kit).merge(customer360::routes(kit))
}

pub use audio::{
    AUDIO_KINDS, AudioRecord, AudioRef, AudioRow, MAX_AUDIO_BYTES, audio, audio_in_reach, audio_record,
    audio_stored, bound_audio, erase_audio,
};
pub use proofs::{PhotoPurpose, ProofDetail, ProofGiven, ProofState, StepCode};
pub use read::{
    DoneStep, VisitEvidence, by_id, detail_of_open, evidence_of, last_of_customer, last_of_mine, of_day,
    of_person_day, open_visit, photos_of_day, visits_between,
};
pub use record::{
    CheckIn, CheckOut, PhotoRecord, StepRecord, Summary, When, announce, bound_photo, check_in, check_out,
    photo, photo_record, photo_stored, set_presence, set_truth, stamp_facts, step, summary,
};
pub use rules::Fix;
pub use sql::erase_places;
pub use sql::{PhotoRow, StampFacts};

use base::{LocalDay, Micros};
use geo::LngLat;
use org::Ref;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Step, model::VisitCustomer};

/// What a fence says. Never "suspected": when the error is too large it cannot be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FenceVerdict)]
pub enum Verdict {
    In,
    Out,
    CannotTell,
}

impl Verdict {
    pub fn key(self) -> &'static str {
        match self {
            Verdict::In => "in",
            Verdict::Out => "out",
            Verdict::CannotTell => "cannot_tell",
        }
    }

    pub fn from_key(key: &str) -> Verdict {
        match key {
            "in" => Verdict::In,
            "out" => Verdict::Out,
            _ => Verdict::CannotTell,
        }
    }
}

/// A verdict with everything it was made of.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FenceReading {
    pub verdict: Verdict,
    /// That the true place lies inside the fence, 0 to 1.
    pub probability: f64,
    pub distance_m: Option<i64>,
    pub radius_m: i64,
    pub accuracy_m: Option<i64>,
    #[schema(value_type = Option<Vec<f64>>)]
    pub at: Option<LngLat>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub fix_time: Option<Micros>,
}

/// Why somebody checked in from outside the fence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OutsideReason {
    pub code: OutsideCode,
    /// Words of the person's own; needed with `other`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    pub words: Option<String>,
}

/// The usual reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutsideCode {
    /// The customer met the person somewhere else.
    Elsewhere,
    /// The place the company knows is wrong, or the customer has moved.
    Moved,
    /// The phone's position is off.
    Position,
    /// The premises are large or cannot be entered.
    NoEntry,
    Other,
}

impl OutsideCode {
    pub fn key(self) -> &'static str {
        match self {
            OutsideCode::Elsewhere => "elsewhere",
            OutsideCode::Moved => "moved",
            OutsideCode::Position => "position",
            OutsideCode::NoEntry => "no_entry",
            OutsideCode::Other => "other",
        }
    }

    pub fn from_key(key: &str) -> OutsideCode {
        match key {
            "elsewhere" => OutsideCode::Elsewhere,
            "moved" => OutsideCode::Moved,
            "position" => OutsideCode::Position,
            "no_entry" => OutsideCode::NoEntry,
            _ => OutsideCode::Other,
        }
    }
}

/// Why a visit does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum IneffectiveReason {
    OutsideFence,
    TooShort,
    StepsMissing,
    NotFinished,
    /// A finding that needs an explanation is open.
    FindingOpen,
    /// A proof a step asks for was brought and does not hold.
    ProofsMissing,
}

/// A visit as a row of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VisitRow {
    pub id: Uuid,
    pub employee: Ref,
    pub customer: VisitCustomer,
    pub task_id: Option<Uuid>,
    #[schema(value_type = String, format = Date)]
    pub day: LocalDay,
    /// open or done.
    pub status: String,
    #[schema(value_type = String, format = DateTime)]
    pub check_in_at: Micros,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub check_out_at: Option<Micros>,
    /// Seconds from check-in to check-out.
    pub stay_s: Option<i64>,
    /// The same, capped by the time the track was inside the fence.
    pub presence_s: Option<i64>,
    pub verdict: Verdict,
    pub distance_m: Option<i64>,
    /// What the person said of a check-in from outside the fence; absent from phones of before.
    pub outside: Option<OutsideReason>,
    /// Whether the person confirmed at check-in that it is he; absent where the company does not ask.
    pub identity: Option<ProofGiven>,
    /// Absent while the visit is open, and when nothing speaks against it but the place cannot be told.
    pub effective: Option<bool>,
    pub ineffective_reasons: Vec<IneffectiveReason>,
    pub photo_count: i64,
    pub steps_done: i64,
    pub steps_total: i64,
    pub summary: Option<String>,
    /// Recorded without a network.
    pub offline: bool,
    /// Grade of evidence, A to D; absent for what was brought over from elsewhere.
    pub evidence_grade: Option<String>,
    /// A red finding is open.
    pub finding_open: bool,
}

/// A photo by reference. Its bytes may still be on the phone (`awaiting`).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PhotoRef {
    pub id: Uuid,
    pub sha256: String,
    pub width: i64,
    pub height: i64,
    #[schema(value_type = String, format = DateTime)]
    pub taken_at: Micros,
    /// When the bytes were here.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub received_at: Option<Micros>,
    /// awaiting or stored.
    pub status: String,
    pub original_url: String,
    pub stamped_url: String,
    pub thumb_url: String,
    /// Taken with the app's own camera, not chosen from a gallery.
    pub live: bool,
    pub purpose: PhotoPurpose,
    /// It was certainly taken between these two, as the phone's own signatures bound it.
    #[schema(value_type = Option<Vec<String>>, min_items = 2, max_items = 2)]
    pub taken_between: Option<[Micros; 2]>,
}

/// A photo with where it belongs.
#[derive(Debug, Clone)]
pub struct PlacedPhoto {
    pub photo: PhotoRef,
    pub visit_id: Uuid,
    pub at: Option<LngLat>,
}

/// A step with what was done.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VisitStep {
    pub step: Step,
    /// todo, done or skipped.
    pub status: String,
    pub value: serde_json::Value,
    pub photos: Vec<PhotoRef>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub started_at: Option<Micros>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Micros>,
    #[schema(value_type = Option<Vec<f64>>)]
    pub at: Option<LngLat>,
    pub reason: Option<String>,
    /// When its guide was opened.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub guide_opened_at: Option<Micros>,
    /// How the label of its point was read: scan or typed.
    pub scanned: Option<String>,
    pub audio: Vec<AudioRef>,
    /// How the proofs it asks for were judged, in their order.
    pub proofs: Vec<ProofGiven>,
}

/// A visit with all its parts.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Visit {
    #[serde(flatten)]
    pub row: VisitRow,
    pub check_in: FenceReading,
    pub check_out: Option<FenceReading>,
    pub steps: Vec<VisitStep>,
    pub photos: Vec<PhotoRef>,
    #[schema(value_type = String, format = DateTime)]
    pub received_at: Micros,
    /// The check-in certainly happened between these two.
    #[schema(value_type = Vec<String>, min_items = 2, max_items = 2)]
    pub taken_between: [Micros; 2],
    #[schema(value_type = Option<Vec<f64>>)]
    pub customer_at: Option<LngLat>,
    pub version: i64,
}
