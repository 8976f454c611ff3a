//! What is shown.

use base::{LocalDay, Micros};
use geo::LngLat;
use org::Ref;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use work::VisitRow;

use crate::sql;

/// Colour of a finding or a card. Grey: not enough known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TruthBand)]
pub enum Band {
    Grey,
    Green,
    Amber,
    Red,
}

impl From<trust::Band> for Band {
    fn from(band: trust::Band) -> Band {
        match band {
            trust::Band::Grey => Band::Grey,
            trust::Band::Green => Band::Green,
            trust::Band::Amber => Band::Amber,
            trust::Band::Red => Band::Red,
        }
    }
}

/// How much a record can prove. A needs hardware that signs, B the system's own flags, C a challenge of the server,
/// D is what a browser says alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = EvidenceGrade)]
pub enum Grade {
    A,
    B,
    C,
    D,
}

impl Grade {
    pub fn key(self) -> &'static str {
        match self {
            Grade::A => "A",
            Grade::B => "B",
            Grade::C => "C",
            Grade::D => "D",
        }
    }
}

/// A number of a rule.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = FindingNumber)]
pub struct Number {
    pub name: String,
    pub value: f64,
}

/// A photo beside a photo.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PhotoPair {
    pub photo_id: Uuid,
    pub earlier_photo_id: Uuid,
    pub earlier_visit_id: Uuid,
    #[schema(value_type = String, format = DateTime)]
    pub earlier_at: Micros,
    /// How alike the two are, 0 to 1; absent: the same to the last byte.
    #[serde(default)]
    pub likeness: Option<f64>,
    /// One is the other seen in a mirror.
    #[serde(default)]
    pub mirrored: bool,
    /// How much of the earlier picture is gone, 0 to 1.
    #[serde(default)]
    pub cropped: f64,
}

impl From<sql::Pair> for PhotoPair {
    fn from(p: sql::Pair) -> PhotoPair {
        PhotoPair {
            photo_id: p.photo_id,
            earlier_photo_id: p.earlier_id,
            earlier_visit_id: p.earlier_visit,
            earlier_at: p.earlier_at,
            likeness: None,
            mirrored: false,
            cropped: 0.0,
        }
    }
}

impl From<evidence::Alike> for PhotoPair {
    fn from(p: evidence::Alike) -> PhotoPair {
        PhotoPair {
            photo_id: p.photo_id,
            earlier_photo_id: p.earlier_id,
            earlier_visit_id: p.earlier_visit,
            earlier_at: p.earlier_at,
            likeness: Some(p.likeness),
            mirrored: p.mirrored,
            cropped: p.cropped,
        }
    }
}

/// What the phones that recorded a visit signed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CardSeals {
    /// Records under a signature that holds.
    pub sealed: u32,
    /// Records of an app without a key: nothing known, nothing held against anybody.
    pub unsigned: u32,
    /// Records whose signature is missing, or does not hold.
    pub failed: u32,
    pub phones: Vec<devices::Phone>,
}

/// Something that needs an explanation. Texts are in the reader's language.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Finding {
    pub id: Uuid,
    pub employee: Ref,
    pub visit_id: Option<Uuid>,
    #[schema(value_type = String, format = Date)]
    pub day: LocalDay,
    pub code: String,
    pub title: String,
    /// What was measured, with its numbers.
    pub text: String,
    /// Innocent causes to check first.
    pub causes: Vec<String>,
    /// How strong it is alone, 0 to 1.
    pub weight: f64,
    pub band: Band,
    /// open, answered, second, upheld, cleared or replaced.
    pub status: String,
    pub numbers: Vec<Number>,
    pub photos: Vec<PhotoPair>,
    pub rule_version: String,
    /// How often the rule fired on honest days (or visits) in the published benchmark; absent where only a server
    /// with real records could measure it.
    pub false_alarm_rate: Option<f64>,
    #[schema(value_type = String, format = DateTime)]
    pub from: Micros,
    #[schema(value_type = String, format = DateTime)]
    pub to: Micros,
    #[schema(value_type = String, format = DateTime)]
    pub found_at: Micros,
    /// Until then the person can answer before anything is upheld.
    #[schema(value_type = String, format = DateTime)]
    pub answer_by: Micros,
}

/// What somebody said about a finding.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = FindingEvent)]
pub struct Event {
    pub id: Uuid,
    pub finding_id: Uuid,
    /// answered, decided or seconded.
    pub kind: String,
    pub actor: Ref,
    #[schema(value_type = String, format = DateTime)]
    pub at: Micros,
    /// Of an answer: the reason chosen.
    pub reason_code: Option<String>,
    pub text: String,
    /// Of a decision: upheld or cleared.
    pub outcome: Option<String>,
    pub affects_pay: bool,
    pub photo_ids: Vec<Uuid>,
}

/// A point of the track around a visit.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CardPoint {
    #[schema(value_type = Vec<f64>, min_items = 2, max_items = 2)]
    pub at: LngLat,
    #[schema(value_type = String, format = DateTime)]
    pub t: Micros,
    pub accuracy_m: Option<f64>,
    pub mock: bool,
}

/// A photo, and between which moments it was taken where the phone's signatures bound it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CardPhoto {
    pub id: Uuid,
    #[schema(value_type = String, format = DateTime)]
    pub taken_at: Micros,
    #[schema(value_type = Option<Vec<String>>, min_items = 2, max_items = 2)]
    pub taken_between: Option<[Micros; 2]>,
}

/// All about one visit: the same for manager and person.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TruthCard {
    pub visit: VisitRow,
    pub band: Band,
    pub score: f64,
    pub grade: Grade,
    /// What speaks for the visit, in words.
    pub speaks_for: Vec<String>,
    pub findings: Vec<Finding>,
    pub events: Vec<Event>,
    /// Positions from a quarter of an hour before to a quarter of an hour after.
    pub track: Vec<CardPoint>,
    #[schema(value_type = Option<Vec<f64>>)]
    pub customer_at: Option<LngLat>,
    #[schema(value_type = Option<Vec<f64>>)]
    pub check_in_at: Option<LngLat>,
    pub check_in_accuracy_m: Option<i64>,
    pub radius_m: i64,
    /// The check-in certainly happened between these two.
    #[schema(value_type = Vec<String>, min_items = 2, max_items = 2)]
    pub taken_between: [Micros; 2],
    pub seals: CardSeals,
    pub photos: Vec<CardPhoto>,
    pub rule_version: String,
}
