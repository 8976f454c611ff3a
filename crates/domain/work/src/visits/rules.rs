//! What is decided about a visit. Pure.

use std::collections::HashMap;

use base::Micros;
use geo::{LngLat, distance_m, fence_verdict};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{FenceReading, IneffectiveReason, Verdict};
use crate::{Step, StepKind};

/// A position as a phone reports it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FieldFix)]
pub struct Fix {
    #[schema(value_type = Vec<f64>, min_items = 2, max_items = 2)]
    pub at: LngLat,
    /// Radius in metres that holds the true place in 68 of 100 cases.
    pub accuracy_m: f64,
    #[schema(value_type = String, format = DateTime)]
    pub t: Micros,
    pub speed_mps: Option<f64>,
}

impl Fix {
    pub fn is_sound(&self) -> bool {
        (0.0..=100_000.0).contains(&self.accuracy_m)
            && self.speed_mps.is_none_or(|v| (-1.0..=1_000.0).contains(&v))
    }
}

/// A fix older than this at the moment it is used for says nothing about that moment.
const STALE: i64 = 5 * Micros::MINUTE;

/// Reads a fence: where he was by `fix`, when he said he was there, against a customer's place.
pub fn read_fence(fix: Option<&Fix>, said_at: Micros, place: Option<LngLat>, radius_m: i64) -> FenceReading {
    let mut reading = FenceReading {
        verdict: Verdict::CannotTell,
        probability: 0.0,
        distance_m: None,
        radius_m,
        accuracy_m: fix.map(|f| f.accuracy_m.round() as i64),
        at: fix.map(|f| f.at),
        fix_time: fix.map(|f| f.t),
    };
    if let (Some(fix), Some(place)) = (fix, place) {
        let (verdict, probability) = fence_verdict(fix.at, fix.accuracy_m, place, radius_m as f64);
        reading.distance_m = Some(distance_m(fix.at, place).round() as i64);
        reading.probability = (probability * 1e4).round() / 1e4;
        if (said_at.0 - fix.t.0).abs() <= STALE {
            reading.verdict = match verdict {
                geo::Verdict::In => Verdict::In,
                geo::Verdict::Out => Verdict::Out,
                geo::Verdict::CannotTell => Verdict::CannotTell,
            };
        }
    }
    reading
}

/// When something recorded on a phone happened: what the phone says, held between what is certain.
pub fn happened_at(said: Micros, not_before: Micros, received: Micros) -> Micros {
    Micros(said.0.clamp(not_before.0.min(received.0), received.0))
}

/// Check-in and check-out by three clocks.
#[derive(Debug, Clone, Copy)]
pub struct Stay {
    /// As the phone says.
    pub said: (Micros, Micros),
    /// Held between what is certain.
    pub held: (Micros, Micros),
    /// Not before, and received.
    pub certain: (Micros, Micros),
}

/// Seconds of a stay. The difference on the phone's own clock is right even when the clock is not, unless it was
/// set back in between; and no stay is longer than what is certain.
pub fn stay_s(stay: &Stay) -> i64 {
    let between = |(from, to): (Micros, Micros)| to.0 - from.0;
    let said = between(stay.said);
    let length = if said >= 0 { said } else { between(stay.held) };
    length.min(between(stay.certain)).max(0) / Micros::SECOND
}

/// What a visit has come to.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    pub verdict_in: Verdict,
    pub verdict_out: Option<Verdict>,
    /// Seconds from check-in to check-out; absent while it is open.
    pub stay_s: Option<i64>,
    /// Seconds the track was inside the fence; absent while no track says anything.
    pub presence_s: Option<i64>,
    pub min_stay_s: i64,
    pub mandatory_done: bool,
    /// A red finding is open.
    pub finding_open: bool,
    /// No proof that was brought for a mandatory step fails.
    pub proofs_hold: bool,
}

/// Is the visit effective (rule version 3): check-in inside the fence, stay (capped by presence) at least the
/// minimum, all mandatory steps done and their proofs holding, no red finding open. `None`: open, or the place cannot be told and nothing else is against it.
///
/// A check-in whose place cannot be told counts as inside when the check-out was inside, or when the track was
/// inside for the minimum stay.
pub fn effective(f: &Facts) -> (Option<bool>, Vec<IneffectiveReason>) {
    let Some(stay) = f.stay_s else { return (None, vec![IneffectiveReason::NotFinished]) };
    let counted = f.presence_s.map_or(stay, |p| p.min(stay));
    let inside = match f.verdict_in {
        Verdict::In => Some(true),
        Verdict::Out => Some(false),
        Verdict::CannotTell => {
            let later = f.verdict_out == Some(Verdict::In);
            let tracked = f.presence_s.is_some_and(|p| p > 0 && p >= f.min_stay_s);
            (later || tracked).then_some(true)
        }
    };
    let mut reasons = vec![];
    if inside == Some(false) {
        reasons.push(IneffectiveReason::OutsideFence);
    }
    if counted < f.min_stay_s {
        reasons.push(IneffectiveReason::TooShort);
    }
    if !f.mandatory_done {
        reasons.push(IneffectiveReason::StepsMissing);
    }
    if !f.proofs_hold {
        reasons.push(IneffectiveReason::ProofsMissing);
    }
    if f.finding_open {
        reasons.push(IneffectiveReason::FindingOpen);
    }
    let verdict = if reasons.is_empty() { inside } else { Some(false) };
    (verdict, reasons)
}

/// How steps stand, by id: `true` done, `false` skipped.
pub type Answers = HashMap<Uuid, bool>;

/// The mandatory step that must be done or skipped before this one; only mandatory steps are locked.
pub fn locked_by<'a>(steps: &'a [Step], answers: &Answers, step: Uuid) -> Option<&'a Step> {
    let place = steps.iter().position(|s| s.id == step)?;
    if !steps[place].mandatory || answers.contains_key(&step) {
        return None;
    }
    steps[..place].iter().find(|s| s.mandatory && !answers.contains_key(&s.id))
}

/// Are all mandatory steps done? A skipped one is not.
pub fn mandatory_done(steps: &[Step], answers: &Answers) -> bool {
    steps.iter().filter(|s| s.mandatory).all(|s| answers.get(&s.id) == Some(&true))
}

/// Is this a full answer to a step? `photos`: how many different ones belong to it.
pub fn answers(step: &Step, value: &Value, photos: usize) -> bool {
    let within = |n: i64| step.min.is_none_or(|min| n >= min) && step.max.is_none_or(|max| n <= max);
    match step.kind {
        StepKind::Photo => {
            let n = i64::try_from(photos).unwrap_or(i64::MAX);
            n >= step.min.unwrap_or(1) && step.max.is_none_or(|max| n <= max)
        }
        StepKind::Choice => {
            let offered = step.options.as_deref().unwrap_or(&[]);
            let known = |v: &Value| v.as_str().is_some_and(|v| offered.iter().any(|o| o == v));
            match value {
                Value::Array(chosen) => {
                    !chosen.is_empty() && chosen.len() <= offered.len() && chosen.iter().all(known)
                }
                one => known(one),
            }
        }
        StepKind::Text => value.as_str().is_some_and(|text| {
            let length = text.trim().chars().count() as i64;
            length > 0 && length <= 2_000 && within(length)
        }),
        StepKind::Number => value.as_f64().is_some_and(|n| {
            n.is_finite()
                && step.min.is_none_or(|min| n >= min as f64)
                && step.max.is_none_or(|max| n <= max as f64)
        }),
        StepKind::YesNo => value.is_boolean(),
        // What is in the form is judged where forms are kept.
        StepKind::Form => value["record_id"].is_string() && value["answers"].is_object(),
        // Its proofs are judged by themselves.
        StepKind::Confirm => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::destination;
    use serde_json::json;

    const GOOD: Facts = Facts {
        verdict_in: Verdict::In,
        verdict_out: Some(Verdict::In),
        stay_s: Some(1800),
        presence_s: None,
        min_stay_s: 300,
        mandatory_done: true,
        finding_open: false,
        proofs_hold: true,
    };

    fn step(kind: StepKind, mandatory: bool) -> Step {
        Step {
            id: base::id::new_v7(),
            title: "步骤".into(),
            title_en: None,
            kind,
            mandatory,
            min: None,
            max: None,
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

    #[test]
    fn a_good_visit_counts() {
        assert_eq!(effective(&GOOD), (Some(true), vec![]));
    }

    #[test]
    fn every_fault_is_named() {
        use IneffectiveReason::*;
        let bad = Facts { verdict_in: Verdict::Out, stay_s: Some(60), mandatory_done: false, ..GOOD };
        assert_eq!(effective(&bad), (Some(false), vec![OutsideFence, TooShort, StepsMissing]));
        assert_eq!(effective(&Facts { stay_s: None, ..GOOD }), (None, vec![NotFinished]));
        assert_eq!(effective(&Facts { stay_s: Some(299), ..GOOD }), (Some(false), vec![TooShort]));
        assert_eq!(effective(&Facts { stay_s: Some(300), ..GOOD }), (Some(true), vec![]));
    }

    #[test]
    fn an_open_finding_keeps_it_from_counting() {
        let open = Facts { finding_open: true, ..GOOD };
        assert_eq!(effective(&open), (Some(false), vec![IneffectiveReason::FindingOpen]));
    }

    #[test]
    fn presence_caps_the_stay() {
        use IneffectiveReason::*;
        assert_eq!(effective(&Facts { presence_s: Some(120), ..GOOD }), (Some(false), vec![TooShort]));
        assert_eq!(effective(&Facts { presence_s: Some(9_000), ..GOOD }), (Some(true), vec![]));
    }

    #[test]
    fn what_cannot_be_told_is_not_held_against_him() {
        use IneffectiveReason::*;
        let unsure = Facts { verdict_in: Verdict::CannotTell, verdict_out: None, ..GOOD };
        assert_eq!(effective(&unsure), (None, vec![]));
        assert_eq!(effective(&Facts { verdict_out: Some(Verdict::In), ..unsure }), (Some(true), vec![]));
        assert_eq!(effective(&Facts { presence_s: Some(600), ..unsure }), (Some(true), vec![]));
        assert_eq!(effective(&Facts { presence_s: Some(0), min_stay_s: 0, ..unsure }), (None, vec![]));
        assert_eq!(effective(&Facts { mandatory_done: false, ..unsure }), (Some(false), vec![StepsMissing]));
    }

    #[test]
    fn the_fence_has_three_answers() {
        let shop = LngLat::new(118.78, 32.04).unwrap();
        let now = Micros(1_790_000_000_000_000);
        let fix = |meters: f64, accuracy_m: f64, age_s: i64| Fix {
            at: destination(shop, 45.0, meters),
            accuracy_m,
            t: now.plus(-age_s * Micros::SECOND),
            speed_mps: None,
        };
        let verdict = |f: Fix| read_fence(Some(&f), now, Some(shop), 150).verdict;
        assert_eq!(verdict(fix(18.0, 9.0, 3)), Verdict::In);
        assert_eq!(verdict(fix(367.0, 15.0, 3)), Verdict::Out);
        assert_eq!(verdict(fix(120.0, 400.0, 3)), Verdict::CannotTell);
        assert_eq!(verdict(fix(18.0, 9.0, 3_600)), Verdict::CannotTell, "an old fix says nothing about now");
        let blind = read_fence(None, now, Some(shop), 150);
        assert_eq!((blind.verdict, blind.distance_m, blind.radius_m), (Verdict::CannotTell, None, 150));
        let nowhere = read_fence(Some(&fix(0.0, 5.0, 0)), now, None, 150);
        assert_eq!((nowhere.verdict, nowhere.distance_m), (Verdict::CannotTell, None));
    }

    #[test]
    fn a_phones_clock_is_held_to_what_is_certain() {
        let at = |s: i64| Micros::from_seconds(s);
        assert_eq!(happened_at(at(50), at(10), at(100)), at(50));
        assert_eq!(happened_at(at(5_000), at(10), at(100)), at(100), "no visit in the future");
        assert_eq!(happened_at(at(1), at(10), at(100)), at(10), "nor before the phone could know of it");
        assert_eq!(happened_at(at(50), at(200), at(100)), at(100));
    }

    #[test]
    fn a_stay_survives_a_wrong_clock() {
        let at = |s: i64| Micros::from_seconds(s);
        let right = Stay { said: (at(100), at(400)), held: (at(100), at(400)), certain: (at(90), at(500)) };
        assert_eq!(stay_s(&right), 300);
        let ahead = Stay { said: (at(9_100), at(9_400)), held: (at(500), at(500)), ..right };
        assert_eq!(stay_s(&ahead), 300, "both were held to the moment of receipt");
        let set_back = Stay { said: (at(9_100), at(400)), held: (at(150), at(400)), ..right };
        assert_eq!(stay_s(&set_back), 250);
        let set_ahead = Stay { said: (at(100), at(9_400)), held: (at(100), at(500)), ..right };
        assert_eq!(stay_s(&set_ahead), 410, "not longer than between the first and the last certain moment");
    }

    #[test]
    fn steps_unlock_in_order() {
        let steps = [
            step(StepKind::Photo, true),
            step(StepKind::Text, false),
            step(StepKind::YesNo, true),
            step(StepKind::Text, true),
        ];
        let mut answers = Answers::new();
        assert_eq!(locked_by(&steps, &answers, steps[0].id), None);
        assert_eq!(locked_by(&steps, &answers, steps[1].id), None, "what is optional is never locked");
        assert_eq!(locked_by(&steps, &answers, steps[3].id).map(|s| s.id), Some(steps[0].id));
        answers.insert(steps[0].id, true);
        assert_eq!(locked_by(&steps, &answers, steps[3].id).map(|s| s.id), Some(steps[2].id));
        answers.insert(steps[2].id, false);
        assert_eq!(locked_by(&steps, &answers, steps[3].id), None, "skipped with a reason unlocks too");
        answers.insert(steps[3].id, true);
        assert!(!mandatory_done(&steps, &answers), "but does not count");
        answers.insert(steps[2].id, true);
        assert!(mandatory_done(&steps, &answers));
    }

    #[test]
    fn answers_must_fit_their_step() {
        let photo = Step { min: Some(2), max: Some(3), ..step(StepKind::Photo, true) };
        assert_eq!([1, 2, 3, 4].map(|n| answers(&photo, &Value::Null, n)), [false, true, true, false]);
        assert!(!answers(&step(StepKind::Photo, true), &Value::Null, 0));
        let choice = Step { options: Some(vec!["高".into(), "低".into()]), ..step(StepKind::Choice, true) };
        for (value, fits) in [
            (json!("高"), true),
            (json!(["高", "低"]), true),
            (json!("中"), false),
            (json!([]), false),
            (json!(1), false),
        ] {
            assert_eq!(answers(&choice, &value, 0), fits, "{value}");
        }
        let text = Step { min: Some(2), max: Some(4), ..step(StepKind::Text, true) };
        for (value, fits) in [
            (json!("可以"), true),
            (json!(" 好 "), false),
            (json!("一二三四五"), false),
            (Value::Null, false),
        ] {
            assert_eq!(answers(&text, &value, 0), fits, "{value}");
        }
        let number = Step { min: Some(0), max: Some(10), ..step(StepKind::Number, true) };
        for (value, fits) in [(json!(0), true), (json!(9.5), true), (json!(-1), false), (json!("3"), false)] {
            assert_eq!(answers(&number, &value, 0), fits, "{value}");
        }
        assert!(
            answers(&step(StepKind::YesNo, true), &json!(false), 0)
                && !answers(&step(StepKind::YesNo, true), &json!("no"), 0)
        );
    }
}
