//! The photo of the place that a check-in from outside the fence may ask for: a step of its own before all others. Its id is
//! that of the visit, so that phone and server name it alike without a word between them, also offline.

use uuid::Uuid;

use crate::{Step, StepKind};

/// Most pictures of it.
const MOST: i64 = 5;

/// The step. Not `mandatory` where only the phone thought it was asked for.
pub fn step(visit: Uuid, mandatory: bool) -> Step {
    Step {
        id: visit,
        title: "现场照片".into(),
        title_en: Some("Photo of the place".into()),
        kind: StepKind::Photo,
        mandatory,
        min: Some(1),
        max: Some(MOST),
        options: None,
        hint: None,
        form_id: None,
        form_version: None,
        guide_id: None,
        guide_required: false,
        guide_version: None,
        point: None,
        proofs: vec![],
        audio_max_s: None,
        limit_s: None,
    }
}

/// The steps that wait for each other: the photo of the place holds nobody up, because a phone that does not know
/// of it cannot bring it.
pub fn without(visit: Uuid, steps: Vec<Step>) -> Vec<Step> {
    steps.into_iter().filter(|s| s.id != visit).collect()
}
