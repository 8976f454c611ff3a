use base::Micros;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// How a company's log stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LedgerState {
    /// Name of the log in checkpoints.
    pub origin: String,
    /// Public key as C2SP writes it: name+hash+key.
    pub key: String,
    /// SHA-256 of the key, to be compared by eye.
    pub fingerprint: String,
    /// Entries.
    pub size: i64,
    /// Entries since the local midnight.
    pub today: i64,
    pub checkpoint: Option<CheckpointInfo>,
    pub inspection: Option<Inspection>,
    /// Address under which anybody may fetch the newest checkpoint.
    pub checkpoint_url: String,
}

/// A signed checkpoint.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CheckpointInfo {
    pub size: i64,
    #[schema(value_type = String, format = DateTime)]
    pub at: Micros,
    /// daily, asked or export.
    pub reason: String,
    /// The signed note.
    pub note: String,
}

/// What a walk over the stored log found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Inspection {
    #[schema(value_type = String, format = DateTime)]
    pub at: Micros,
    /// Entries looked at.
    pub size: i64,
    pub checkpoints: i64,
    /// The first thing that does not hold: `entry 12`, `entries 100-199`, `checkpoint 200`.
    pub item: Option<String>,
    /// Kind of fault, the same words as in `tashi proof verify`.
    pub what: Option<String>,
}

/// An entry as a row of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LogLine {
    pub index: i64,
    #[schema(value_type = String, format = DateTime)]
    pub at: Micros,
    pub kind: String,
    pub subject_id: Uuid,
    /// Whose it is, when somebody's.
    pub employee: Option<org::Ref>,
    /// Hash of the leaf, base64.
    pub leaf_hash: String,
    /// Salt and record were erased.
    pub erased: bool,
}

/// The company's signed word that a record is entry `index` of its log.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Receipt {
    pub index: i64,
    #[schema(value_type = String, format = DateTime)]
    pub at: Micros,
    pub kind: String,
    pub subject_id: Uuid,
    /// The leaf's exact text.
    pub leaf: String,
    /// 64 hexadecimal digits; absent when erased.
    pub salt: Option<String>,
    /// The record's exact text; absent when erased.
    pub record: Option<String>,
    /// Signed note over log, index and hash of the leaf.
    pub note: String,
}
