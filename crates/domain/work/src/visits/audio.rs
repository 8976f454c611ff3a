//! Recordings of sound made at a step. What a phone says of one comes here; its bytes come by another way, and are handed out
//! only to be played, to those who may.

use api::Checks;
use base::{Micros, Problem, problem};
use db::{Query, Result, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub use super::sql::AudioRow;
use super::{record, rules, sql};
use crate::{Step, UNKNOWN_STEP, model::from_json};

/// Largest recording in bytes: half an hour takes about 10 MiB.
pub const MAX_AUDIO_BYTES: i64 = 20 * 1024 * 1024;
/// Formats taken, as browsers record them.
pub const AUDIO_KINDS: [&str; 3] = ["audio/webm", "audio/ogg", "audio/mp4"];
/// A recorder stops a moment after its time is over.
const GRACE_MS: i64 = 5_000;
/// Recordings of one step.
const MOST: usize = 20;

/// Body of `visit.audio`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AudioRecord {
    pub visit_id: Uuid,
    pub step_id: Uuid,
    pub audio_id: Uuid,
    pub sha256: String,
    pub size: i64,
    /// audio/webm, audio/ogg or audio/mp4.
    pub mime: String,
    /// Sound in it, without pauses.
    pub duration_ms: i64,
    #[schema(value_type = String, format = DateTime)]
    pub started_at: Micros,
    /// The person confirmed that those present were told of the recording.
    pub notice: bool,
}

/// A recording by reference. Its bytes may still be on the phone (`awaiting`).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AudioRef {
    pub id: Uuid,
    pub sha256: String,
    pub size: i64,
    pub mime: String,
    pub duration_ms: i64,
    #[schema(value_type = String, format = DateTime)]
    pub started_at: Micros,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub received_at: Option<Micros>,
    /// awaiting, stored or erased.
    pub status: String,
    /// To be played by those who may; each playing is written into the person's ledger.
    pub url: String,
    /// It was certainly made between these two, as the phone's own signatures bound it.
    #[schema(value_type = Option<Vec<String>>, min_items = 2, max_items = 2)]
    pub taken_between: Option<[Micros; 2]>,
}

impl AudioRow {
    pub fn shown(&self) -> AudioRef {
        let status = match (self.erased_at, self.stored_at) {
            (Some(_), _) => "erased",
            (None, Some(_)) => "stored",
            (None, None) => "awaiting",
        };
        AudioRef {
            id: self.id,
            sha256: self.sha256.clone(),
            size: self.size,
            mime: self.mime.clone(),
            duration_ms: self.duration_ms,
            started_at: self.started_at,
            received_at: self.stored_at,
            status: status.into(),
            url: format!("/api/v1/recordings/{}", self.id),
            taken_between: self.not_before.zip(self.not_after).map(|(from, to)| [from, to]),
        }
    }
}

/// What a phone said about a recording, whatever the reach.
pub async fn audio_record(q: &mut impl Query, id: Uuid) -> Result<Option<AudioRow>> {
    sql::audio(q, id).await
}

/// A recording in reach whose bytes are here, with the day of its visit.
///
/// # Errors
/// `not_found` for any other.
pub async fn audio_in_reach(q: &mut impl Query, id: Uuid) -> Result<AudioRow> {
    sql::audio_in_reach(q, id).await
}

/// Recordings of a visit in the order they were made. The caller has checked the visit.
pub(super) async fn of_visit(q: &mut impl Query, visit: Uuid) -> Result<Vec<AudioRow>> {
    sql::audio_of_visit(q, visit).await
}

/// Records that sound was recorded. Its bytes come by another way.
pub async fn audio(tx: &mut Tx, input: AudioRecord, said_at: Micros) -> Result<Uuid> {
    let hex =
        input.sha256.len() == 64 && input.sha256.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    Checks::new()
        .that("sha256", hex)
        .that("size", (1..=MAX_AUDIO_BYTES).contains(&input.size))
        .that("mime", AUDIO_KINDS.contains(&input.mime.as_str()))
        .that("notice", input.notice)
        .done()?;
    let visit = record::mine(tx, input.visit_id).await?;
    record::not_closed(&visit, said_at)?;
    let steps: Vec<Step> = from_json(&visit.rest.steps)?;
    let step = steps.iter().find(|s| s.id == input.step_id).ok_or_else(|| Problem::new(UNKNOWN_STEP))?;
    let longest = step.longest_audio_s() * 1000 + GRACE_MS;
    let had = of_visit(tx, input.visit_id).await?;
    let of_step = had.iter().filter(|a| a.step_id == step.id && a.id != input.audio_id).count();
    Checks::new()
        .that("duration_ms", (1..=longest).contains(&input.duration_ms))
        .that("audio_id", of_step < MOST)
        .done()?;
    let now = tx.now();
    let row = AudioRow {
        id: input.audio_id,
        visit_id: input.visit_id,
        step_id: input.step_id,
        employee_id: visit.light.employee_id,
        department_id: visit.light.department_id,
        sha256: input.sha256,
        size: input.size,
        mime: input.mime,
        duration_ms: input.duration_ms,
        started_at: rules::happened_at(input.started_at, visit.rest.not_before, now),
        noted_at: now,
        stored_at: None,
        not_before: None,
        not_after: None,
        erased_at: None,
    };
    if !sql::insert_audio(tx, &row).await? {
        let same = |old: &AudioRow| {
            (old.visit_id, old.step_id, &old.sha256, old.size)
                == (row.visit_id, row.step_id, &row.sha256, row.size)
        };
        let old = audio_record(tx, row.id).await?;
        return if old.as_ref().is_some_and(same) {
            Ok(row.visit_id)
        } else {
            Err(Problem::new(problem::CONFLICT))
        };
    }
    record::settle(tx, input.visit_id).await
}

/// Between which moments a recording was certainly made; what is known already and lies closer stays.
pub async fn bound_audio(tx: &mut Tx, id: Uuid, from: Option<Micros>, to: Option<Micros>) -> Result<()> {
    sql::bound_audio(tx, id, from, to).await
}

/// Notes that a recording's bytes are here; false when that was known.
pub async fn audio_stored(tx: &mut Tx, id: Uuid, at: Micros) -> Result<bool> {
    let Some(row) = audio_record(tx, id).await?.filter(|a| a.stored_at.is_none() && a.erased_at.is_none())
    else {
        return Ok(false);
    };
    sql::audio_stored(tx, id, at).await?;
    record::announce(tx, row.visit_id).await?;
    Ok(true)
}

/// Notes that a person's recordings are gone; answers whose files are to be deleted after the commit. The visits still say how
/// long each was.
pub async fn erase_audio(tx: &mut Tx, person: Uuid) -> Result<Vec<Uuid>> {
    sql::erase_audio(tx, person).await
}
