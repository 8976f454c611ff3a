//! Task templates: the steps of a kind of visit, in versions. A task takes a copy of the steps when it is made,
//! so that neither the phone nor an old visit ever meets another version than the one it was planned with.

mod http;
mod library;
mod service;
mod sql;

pub(crate) use http::routes;
pub use service::check_usable;
pub(crate) use service::{check_named, for_use, named, pin, practised};

use api::Checks;
use base::{id, problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What a step asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    Photo,
    Choice,
    Text,
    Number,
    YesNo,
    /// A form of the company, filled in as a whole.
    Form,
    /// Nothing but its proofs.
    Confirm,
}

/// What proves a step beside its answer. They are asked for in the order of the step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = StepProof)]
pub enum Proof {
    /// A position inside the customer's fence.
    Place,
    Photo,
    /// Drawn with the finger by whoever is visited.
    Signature,
    /// A recording, with the notice that sound is recorded.
    Audio,
    /// The customer's own code: on a screen, or printed.
    Code,
    /// A photo of the people there.
    GroupPhoto,
    /// The person's own passkey: the lock of his phone has looked at him.
    Passkey,
}

/// One thing to do on site.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Step {
    pub id: Uuid,
    pub title: String,
    pub title_en: Option<String>,
    pub kind: StepKind,
    /// Later mandatory steps stay locked until this one is done or skipped with a reason.
    pub mandatory: bool,
    /// Fewest photos, shortest text, smallest number.
    pub min: Option<i64>,
    /// Most photos, longest text, largest number.
    pub max: Option<i64>,
    /// What can be chosen.
    pub options: Option<Vec<String>>,
    pub hint: Option<String>,
    /// Of a form step.
    #[serde(default)]
    pub form_id: Option<Uuid>,
    /// The version of the form, pinned when the plan or task was made: what a phone carries along and what the office
    /// reads later is what was planned. A template has none, so that its steps can be sent back as they were read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form_version: Option<i64>,
    /// The article that explains the step.
    #[serde(default)]
    pub guide_id: Option<Uuid>,
    /// The step stays locked until its guide was opened.
    #[serde(default)]
    pub guide_required: bool,
    /// The version of the guide, pinned as that of a form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guide_version: Option<i64>,
    /// A point of a round: when it is due, and the label that proves somebody stood before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<StepPoint>,
    /// What proves it, in the order asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proofs: Vec<Proof>,
    /// Longest recording, seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio_max_s: Option<i64>,
    /// Seconds it should take at most. Nobody is stopped: the phone counts, and the record tells who took longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_s: Option<i64>,
}

impl Step {
    pub fn asks(&self, proof: Proof) -> bool {
        self.proofs.contains(&proof)
    }

    /// Longest recording of this step, seconds.
    pub fn longest_audio_s(&self) -> i64 {
        self.audio_max_s.unwrap_or(DEFAULT_AUDIO_S)
    }
}

/// Longest recording where a step says nothing, and the longest it can say.
const DEFAULT_AUDIO_S: i64 = 300;
const MAX_AUDIO_S: i64 = 1_800;
/// Longest limit of a step: four hours.
const MAX_LIMIT_S: i64 = 14_400;

/// What a step asks for as a point of a round.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepPoint {
    /// Word of the label that must be scanned. Absent: the check-in is proof enough.
    #[schema(max_length = 40)]
    pub code: Option<String>,
    /// Number printed on the same label, typed where it cannot be scanned.
    #[schema(max_length = 40)]
    pub number: Option<String>,
    /// Due between these minutes of the day.
    #[schema(minimum = 0, maximum = 1440)]
    pub from_minute: Option<i32>,
    #[schema(minimum = 0, maximum = 1440)]
    pub to_minute: Option<i32>,
}

impl StepPoint {
    fn is_sound(&self) -> bool {
        let minute = |m: Option<i32>| m.is_none_or(|m| (0..=1440).contains(&m));
        let short =
            |t: &Option<String>| t.as_deref().is_none_or(|t| (1..=40).contains(&t.trim().chars().count()));
        minute(self.from_minute)
            && minute(self.to_minute)
            && self.from_minute.zip(self.to_minute).is_none_or(|(from, to)| from <= to)
            && short(&self.code)
            && short(&self.number)
    }

    /// Does what was scanned or typed belong to this point? A label may have been read as the address it holds.
    pub fn is_proved_by(&self, said: &str) -> bool {
        let same = |known: &Option<String>| {
            known.as_deref().is_some_and(|k| k.trim().eq_ignore_ascii_case(said.trim()))
        };
        same(&self.code) || same(&self.number)
    }
}

/// A step as sent. Without an id it gets one.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewStep)]
pub struct NewStep {
    pub id: Option<Uuid>,
    #[schema(max_length = 80)]
    pub title: String,
    #[schema(max_length = 120)]
    pub title_en: Option<String>,
    pub kind: StepKind,
    #[serde(default = "mandatory")]
    pub mandatory: bool,
    pub min: Option<i64>,
    pub max: Option<i64>,
    pub options: Option<Vec<String>>,
    #[schema(max_length = 300)]
    pub hint: Option<String>,
    /// Of a form step: a published form that is not retired.
    #[serde(default)]
    pub form_id: Option<Uuid>,
    /// A published article that is not retired.
    #[serde(default)]
    pub guide_id: Option<Uuid>,
    /// The step stays locked until its guide was opened.
    #[serde(default)]
    pub guide_required: bool,
    /// Makes it a point of a round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<StepPoint>,
    /// What proves it, in the order asked for; each at most once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 7)]
    pub proofs: Vec<Proof>,
    /// Longest recording, seconds; absent: five minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 10, maximum = 1800)]
    pub audio_max_s: Option<i64>,
    /// Seconds it should take at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 10, maximum = 14400)]
    pub limit_s: Option<i64>,
}

impl NewStep {
    /// A mandatory step of this kind that asks for nothing more.
    pub fn plain(kind: StepKind) -> NewStep {
        NewStep {
            id: None,
            title: String::new(),
            title_en: None,
            kind,
            mandatory: true,
            min: None,
            max: None,
            options: None,
            hint: None,
            form_id: None,
            guide_id: None,
            guide_required: false,
            point: None,
            proofs: vec![],
            audio_max_s: None,
            limit_s: None,
        }
    }
}

fn mandatory() -> bool {
    true
}

/// A template.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TaskTemplate {
    pub id: Uuid,
    pub name: String,
    /// visit, tour, inspection, promotion, repair or sample.
    pub kind: String,
    pub steps: Vec<Step>,
    /// Seconds a visit must last; absent: what the customer's class says.
    pub min_stay_s: Option<i64>,
    pub active: bool,
    pub version: i64,
}

const KINDS: [&str; 6] = ["visit", "tour", "inspection", "promotion", "repair", "sample"];
/// Most steps a template or a plan holds.
pub(crate) const MAX_STEPS: usize = 40;
/// Longest minimum stay: a day.
const MAX_STAY_S: i64 = 86_400;

/// Notes what is wrong with steps. `at` is the JSON path of the list.
pub(crate) fn check_steps(checks: &mut Checks, at: &str, steps: &[NewStep]) {
    checks.that(at, steps.len() <= MAX_STEPS);
    for (k, step) in steps.iter().enumerate() {
        let field = |name: &str| format!("{at}[{k}].{name}");
        checks.text(&field("title"), &step.title, 80);
        checks.at_most(&field("title_en"), step.title_en.as_deref(), 120);
        checks.at_most(&field("hint"), step.hint.as_deref(), 300);
        checks.that(&field("max"), step.min.zip(step.max).is_none_or(|(min, max)| min <= max));
        let bounds = match step.kind {
            StepKind::Photo => 1..=20,
            StepKind::Text => 0..=2_000,
            _ => -1_000_000_000_000..=1_000_000_000_000,
        };
        checks.that(&field("min"), step.min.is_none_or(|v| bounds.contains(&v)));
        checks.that(&field("max"), step.max.is_none_or(|v| bounds.contains(&v)));
        let options = step.options.as_deref().unwrap_or(&[]);
        let sound =
            options.len() <= 40 && options.iter().all(|o| !o.trim().is_empty() && o.chars().count() <= 60);
        checks.that(&field("options"), sound && (step.kind != StepKind::Choice || !options.is_empty()));
        checks.that(&field("form_id"), (step.kind == StepKind::Form) == step.form_id.is_some());
        checks.that(&field("guide_required"), !step.guide_required || step.guide_id.is_some());
        checks.that(&field("point"), step.point.as_ref().is_none_or(StepPoint::is_sound));
        let once = step.proofs.iter().enumerate().all(|(n, p)| !step.proofs[..n].contains(p));
        checks.that(&field("proofs"), once && (step.kind != StepKind::Confirm || !step.proofs.is_empty()));
        checks.that(&field("audio_max_s"), step.audio_max_s.is_none_or(|s| (10..=MAX_AUDIO_S).contains(&s)));
        checks.that(&field("limit_s"), step.limit_s.is_none_or(|s| (10..=MAX_LIMIT_S).contains(&s)));
        let twice = step.id.is_some() && steps[..k].iter().any(|s| s.id == step.id);
        if twice {
            checks.fault(&field("id"), problem::DUPLICATE_VALUE);
        }
    }
}

pub(crate) fn check_stay(checks: &mut Checks, min_stay_s: Option<i64>) {
    checks.that("min_stay_s", min_stay_s.is_none_or(|s| (0..=MAX_STAY_S).contains(&s)));
}

/// Steps as kept: texts trimmed, ids given.
pub(crate) fn with_ids(steps: &[NewStep]) -> Vec<Step> {
    let trimmed =
        |text: &Option<String>| text.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
    steps
        .iter()
        .map(|s| Step {
            id: s.id.unwrap_or_else(id::new_v7),
            title: s.title.trim().to_owned(),
            title_en: trimmed(&s.title_en),
            kind: s.kind,
            mandatory: s.mandatory,
            min: s.min,
            max: s.max,
            options: (s.kind == StepKind::Choice).then(|| s.options.clone()).flatten(),
            hint: trimmed(&s.hint),
            form_id: s.form_id,
            form_version: None,
            guide_id: s.guide_id,
            guide_required: s.guide_required,
            guide_version: None,
            point: s.point.clone(),
            proofs: s.proofs.clone(),
            audio_max_s: s.audio_max_s.filter(|_| s.proofs.contains(&Proof::Audio)),
            limit_s: s.limit_s,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(kind: StepKind) -> NewStep {
        NewStep { title: "门头照".into(), ..NewStep::plain(kind) }
    }

    fn faults(steps: &[NewStep]) -> Vec<String> {
        let mut checks = Checks::new();
        check_steps(&mut checks, "steps", steps);
        checks.done().err().map(|p| p.fields.into_iter().map(|f| f.field).collect()).unwrap_or_default()
    }

    #[test]
    fn faults_name_their_step() {
        let blank = NewStep { title: " ".into(), ..step(StepKind::Text) };
        let upside_down = NewStep { min: Some(5), max: Some(2), ..step(StepKind::Photo) };
        assert_eq!(faults(&[step(StepKind::Photo), blank]), ["steps[1].title"]);
        assert_eq!(faults(&[upside_down]), ["steps[0].max"]);
        assert_eq!(faults(&[step(StepKind::Choice)]), ["steps[0].options"]);
        let twin = NewStep { id: Some(id::new_v7()), ..step(StepKind::YesNo) };
        assert_eq!(faults(&[twin.clone(), twin]), ["steps[1].id"]);
        assert!(faults(&[step(StepKind::Number)]).is_empty());
        assert_eq!(faults(&[step(StepKind::Confirm)]), ["steps[0].proofs"], "nothing to confirm it with");
        let proved = |proofs: &[Proof]| NewStep { proofs: proofs.to_vec(), ..step(StepKind::Confirm) };
        assert!(faults(&[proved(&[Proof::Code, Proof::Audio])]).is_empty());
        assert_eq!(faults(&[proved(&[Proof::Code, Proof::Code])]), ["steps[0].proofs"]);
        let endless = NewStep { audio_max_s: Some(86_400), ..proved(&[Proof::Audio]) };
        assert_eq!(faults(&[endless]), ["steps[0].audio_max_s"]);
        let hurried = NewStep { limit_s: Some(1), ..step(StepKind::YesNo) };
        assert_eq!(faults(&[hurried]), ["steps[0].limit_s"]);
    }
}
