//! What a step asks for beside its answer, and whether what a phone brought is that.
//!
//! A proof that was not brought is refused: the phone asks for it before a step can be done. One that was brought and does not
//! hold is kept and said, and the visit does not count: a record made without a network is never lost for it.

use base::{Micros, Problem};
use db::{Result, Tx};
use devices::passkeys::{Confirmation, Held};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    StepRecord, Verdict, When,
    audio::AudioRow,
    rules,
    sql::{Full, PhotoRow},
};
use crate::{IDENTITY_MISSING, PROOF_MISSING, Proof, Step, changes, codes};

/// How a proof was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProofState {
    Held,
    /// It says less than it could: a printed code, a place that cannot be told.
    Weak,
    /// It was brought, and is not what was asked for.
    Failed,
}

/// Why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProofDetail {
    Inside,
    Outside,
    CannotTell,
    Rotating,
    Printed,
    /// No code of this company.
    Unknown,
    OtherCustomer,
    Withdrawn,
    /// Not what the screen showed when it was read.
    WrongTime,
    /// With a word the server had just issued.
    Verified,
    /// With an older word of the server: there was no network.
    VerifiedOffline,
    PasskeyUnknown,
    /// The word is not the person's, or too old.
    PasskeyStale,
    /// Made for something else, nobody was verified, or its signature does not hold.
    PasskeyBroken,
    /// Its counter does not go on: there may be a copy.
    PasskeyCopied,
    /// The company asks for it at check-in, and a phone without a network did not bring it.
    NotBrought,
}

/// A proof of a step as it was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProofGiven {
    pub proof: Proof,
    pub state: ProofState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<ProofDetail>,
}

/// The customer's code as a phone read it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepCode {
    #[schema(max_length = 200)]
    pub text: String,
    /// By the phone's clock.
    #[schema(value_type = String, format = DateTime)]
    pub at: Micros,
    /// Typed, not scanned.
    #[serde(default)]
    pub typed: bool,
}

/// What a picture of a step is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PhotoPurpose {
    #[default]
    Photo,
    Signature,
    GroupPhoto,
}

impl PhotoPurpose {
    pub fn key(self) -> &'static str {
        match self {
            PhotoPurpose::Photo => "photo",
            PhotoPurpose::Signature => "signature",
            PhotoPurpose::GroupPhoto => "group_photo",
        }
    }

    pub fn from_key(key: Option<&str>) -> PhotoPurpose {
        match key {
            Some("signature") => PhotoPurpose::Signature,
            Some("group_photo") => PhotoPurpose::GroupPhoto,
            _ => PhotoPurpose::Photo,
        }
    }
}

/// What a step named, as it is stored.
pub(super) struct Named {
    pub photos: Vec<PhotoRow>,
    pub audio: Vec<AudioRow>,
}

impl Named {
    /// Pictures of one kind.
    pub fn pictures(&self, purpose: PhotoPurpose) -> usize {
        self.photos.iter().filter(|p| PhotoPurpose::from_key(p.purpose.as_deref()) == purpose).count()
    }
}

/// The words of a proof, for those who read what is missing.
fn words(proof: Proof) -> (&'static str, &'static str) {
    match proof {
        Proof::Place => ("定位", "a position"),
        Proof::Photo => ("照片", "a photo"),
        Proof::Signature => ("签名", "a signature"),
        Proof::Audio => ("录音", "a recording"),
        Proof::Code => ("客户现场码", "the customer's code"),
        Proof::GroupPhoto => ("合影", "a group photo"),
        Proof::Passkey => ("本人验证", "the person's passkey"),
    }
}

fn missing(step: &Step, proof: Proof) -> Problem {
    let (zh, en) = words(proof);
    Problem::new(PROOF_MISSING).with("step", &step.title).with("proof_zh", zh).with("proof_en", en)
}

/// Judges the proofs of a step that was done. `between`: when it certainly was.
pub(super) async fn judge(
    tx: &mut Tx,
    visit: &Full,
    step: &Step,
    input: &StepRecord,
    named: &Named,
    (when, between): (When, (Micros, Micros)),
) -> Result<Vec<ProofGiven>> {
    let mut all = Vec::with_capacity(step.proofs.len());
    let mut used = None;
    for &proof in &step.proofs {
        let there = |yes: bool| if yes { Ok((ProofState::Held, None)) } else { Err(missing(step, proof)) };
        let (state, detail) = match proof {
            Proof::Photo => there(named.pictures(PhotoPurpose::Photo) > 0)?,
            Proof::Signature => there(named.pictures(PhotoPurpose::Signature) > 0)?,
            Proof::GroupPhoto => there(named.pictures(PhotoPurpose::GroupPhoto) > 0)?,
            Proof::Audio => there(!named.audio.is_empty())?,
            Proof::Place => {
                let fix = input.fix.as_ref().ok_or_else(|| missing(step, proof))?;
                let fence =
                    rules::read_fence(Some(fix), when.said_at, visit.customer_at(), visit.rest.in_radius_m);
                let (state, detail) = match fence.verdict {
                    Verdict::In => (ProofState::Held, ProofDetail::Inside),
                    Verdict::Out => (ProofState::Failed, ProofDetail::Outside),
                    Verdict::CannotTell => (ProofState::Weak, ProofDetail::CannotTell),
                };
                (state, Some(detail))
            }
            Proof::Passkey => {
                let given = input.passkey.as_ref().ok_or_else(|| missing(step, proof))?;
                let at = rules::happened_at(when.said_at, between.0, between.1);
                let subject = format!("{}/{}", visit.light.id, step.id);
                let (state, detail) = passkey(devices::passkeys::confirm(tx, given, &subject, at).await?);
                (state, Some(detail))
            }
            Proof::Code => {
                let code = input.code.as_ref().ok_or_else(|| missing(step, proof))?;
                let sealed = when.not_before.is_some() && when.not_after.is_some();
                let read = codes::Read { said: &code.text, said_at: code.at, between, sealed };
                let judged = codes::judge(tx, visit.light.customer_id, read).await?;
                used = judged.used;
                (judged.state, Some(judged.detail))
            }
        };
        all.push(ProofGiven { proof, state, detail });
    }
    if step.asks(Proof::Code) {
        codes::put_use(tx, visit.light.id, step.id, used).await?;
    }
    Ok(all)
}

/// What a use of a passkey says as a proof.
fn passkey(held: Held) -> (ProofState, ProofDetail) {
    match held {
        Held::Fresh => (ProofState::Held, ProofDetail::Verified),
        Held::Offline => (ProofState::Held, ProofDetail::VerifiedOffline),
        Held::Copied => (ProofState::Weak, ProofDetail::PasskeyCopied),
        Held::Unknown => (ProofState::Failed, ProofDetail::PasskeyUnknown),
        Held::Stale => (ProofState::Failed, ProofDetail::PasskeyStale),
        Held::Broken => (ProofState::Failed, ProofDetail::PasskeyBroken),
    }
}

/// So long after a rule was set a phone has heard of it.
const LEARNT_WITHIN: i64 = 7 * Micros::DAY;

/// Judges who checked in, where the company asks. `now`: its person waits for the answer and can be told.
///
/// Without a network a phone may not have heard of the rule: what it could not know is not held against anybody.
pub(super) async fn who_checked_in(
    tx: &mut Tx,
    visit: Uuid,
    given: Option<&Confirmation>,
    (when, at, now): (When, Micros, bool),
) -> Result<Option<ProofGiven>> {
    let said = |(state, detail)| Some(ProofGiven { proof: Proof::Passkey, state, detail: Some(detail) });
    let since = changes::identity_since(tx).await?;
    if let Some(given) = given {
        let subject = format!("{visit}/check-in");
        let judged = passkey(devices::passkeys::confirm(tx, given, &subject, at).await?);
        // What nobody asks for may speak for somebody, never against him.
        return Ok(if since.is_some() || judged.0 == ProofState::Held { said(judged) } else { None });
    }
    let Some(since) = since else { return Ok(None) };
    if now {
        return Err(Problem::new(IDENTITY_MISSING));
    }
    // Its random word came with the rules of then; an old word is believed for a week.
    let heard = when.not_before.unwrap_or(at) >= since || tx.now() >= since.plus(LEARNT_WITHIN);
    let could_know = when.received.is_none() && heard;
    Ok(if could_know { said((ProofState::Failed, ProofDetail::NotBrought)) } else { None })
}

/// Do all proofs of the mandatory steps that were done hold? By step: what was brought.
pub(super) fn all_hold(steps: &[Step], given: &std::collections::HashMap<Uuid, Vec<ProofGiven>>) -> bool {
    steps
        .iter()
        .filter(|s| s.mandatory)
        .filter_map(|s| given.get(&s.id))
        .flatten()
        .all(|p| p.state != ProofState::Failed)
}
