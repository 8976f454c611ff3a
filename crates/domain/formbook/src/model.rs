//! Forms as they are shown, and specs as they come in.

use std::collections::BTreeMap;

use api::Checks;
use base::{Micros, Problem, problem};
use custom::{Noun, walk};
use db::Result;
use forms::{Field, FieldKind, FormSpec};
use org::Ref;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

/// Texts by language.
pub type Text = BTreeMap<String, String>;

/// What a form is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A step of a visit.
    Step,
    /// The fields of an object.
    Object,
    /// The fields a company adds to a noun of ours.
    Standard,
}

impl Purpose {
    /// The word it is stored as.
    pub fn key(self) -> &'static str {
        match self {
            Purpose::Step => "step",
            Purpose::Object => "object",
            Purpose::Standard => "standard",
        }
    }

    pub(crate) fn from_key(key: &str) -> Purpose {
        [Purpose::Object, Purpose::Standard].into_iter().find(|p| p.key() == key).unwrap_or(Purpose::Step)
    }
}

/// A form in the list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FormLine {
    pub id: Uuid,
    /// Name in exports and the API.
    pub key: String,
    /// Of the draft, by language.
    pub title: Text,
    /// Fields of the draft.
    pub fields: i64,
    /// Newest published version; absent while there is none.
    pub published: Option<i64>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub published_at: Option<Micros>,
    /// The draft says something else than the newest version.
    pub changed: bool,
    pub retired: bool,
    /// May be filled in outside visits with ODK Collect.
    pub collect: bool,
    /// Records in the reader's reach.
    pub records: i64,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_record_at: Option<Micros>,
    #[schema(value_type = String, format = DateTime)]
    pub changed_at: Micros,
    pub version: i64,
}

/// A published version without its spec.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FormVersionLine {
    pub number: i64,
    pub note: Option<String>,
    pub published_by: Ref,
    #[schema(value_type = String, format = DateTime)]
    pub published_at: Micros,
}

/// A form with its draft, what is wrong with it, and its versions, newest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FormPage {
    #[serde(flatten)]
    pub line: FormLine,
    /// A FormSpec: title, fields, sections and lists.
    #[schema(value_type = Object)]
    pub draft: Value,
    pub faults: Vec<SpecFault>,
    pub versions: Vec<FormVersionLine>,
}

/// A published version.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FormVersion {
    #[serde(flatten)]
    pub line: FormVersionLine,
    #[schema(value_type = Object)]
    pub spec: Value,
}

/// A version of a form as a phone carries it along.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PinnedForm {
    pub id: Uuid,
    pub version: i64,
    /// A FormSpec.
    #[schema(value_type = Object)]
    pub spec: Value,
}

impl PinnedForm {
    /// Does it ask for a person of the company?
    pub fn asks_for_people(&self) -> bool {
        asks_for_people(&self.spec)
    }
}

/// Does a FormSpec ask for a person of the company?
pub fn asks_for_people(spec: &Value) -> bool {
    let Ok(spec) = FormSpec::deserialize(spec) else { return false };
    let asks = |f: &Field| matches!(f.kind, FieldKind::Reference { to: forms::Target::Employee });
    walk(&spec.fields).iter().any(|(_, f)| asks(f))
}

/// A fault of a spec: the field's path (`items.qty`; empty for the form itself), the property, what is wrong and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SpecFault {
    pub path: String,
    /// key, label, options, visible, required, constraint, default, calc, score, section, …
    pub part: String,
    /// unknown_field, syntax, circle, missing, twice, …
    pub code: String,
    /// Characters from the start of the formula.
    pub at: i64,
    /// The word at fault.
    pub word: String,
}

/// Most of each in a draft; publishing has limits of its own.
const MOST_FIELDS: usize = 300;
const MOST_ROW_FIELDS: usize = 40;
const MOST_LISTS: usize = 50;
const MOST_CHOICES: usize = 5000;

/// A spec as it came in: read strictly, within bounds, not yet free of faults.
#[derive(Debug, Clone, PartialEq)]
pub struct Spec(pub FormSpec);

impl Spec {
    /// # Errors
    /// `input.invalid` at `field` for what is no FormSpec or too large for one.
    pub fn read(field: &str, value: &Value) -> Result<Spec> {
        let spec = FormSpec::deserialize(value).map_err(|e| {
            let reason: String = e.to_string().chars().filter(|c| !c.is_control()).take(200).collect();
            Problem::new(problem::INVALID).with("reason", reason).field(field, problem::BAD_VALUE)
        })?;
        let inner = |f: &Field| match &f.kind {
            FieldKind::Table { fields, .. } => fields.len() <= MOST_ROW_FIELDS && fields.iter().all(is_flat),
            _ => true,
        };
        let title = spec.title.values().all(|t| t.chars().count() <= 80) && spec.title.len() <= 8;
        Checks::new()
            .that(&format!("{field}.title"), title)
            .that(
                &format!("{field}.fields"),
                spec.fields.len() <= MOST_FIELDS && spec.fields.iter().all(inner),
            )
            .that(&format!("{field}.sections"), spec.sections.len() <= 100)
            .that(
                &format!("{field}.lists"),
                spec.lists.len() <= MOST_LISTS && spec.lists.values().all(|l| l.len() <= MOST_CHOICES),
            )
            .done()?;
        Ok(Spec(spec))
    }

    /// A spec that was stored.
    pub fn stored(text: &str) -> Result<Spec> {
        serde_json::from_str(text).map(Spec).map_err(Problem::internal)
    }

    pub fn text(&self) -> Result<String> {
        serde_json::to_string(&self.0).map_err(Problem::internal)
    }

    pub fn value(&self) -> Result<Value> {
        serde_json::to_value(&self.0).map_err(Problem::internal)
    }

    pub fn sha256(&self) -> Result<String> {
        Ok(hex::encode(Sha256::digest(self.text()?)))
    }

    /// What keeps it from being published. Beside the engine's own faults: kinds of answer no phone can give yet, and of a
    /// noun of ours (`key`) what it cannot have.
    pub fn faults(&self, purpose: Purpose, key: &str) -> Vec<SpecFault> {
        let mut faults: Vec<SpecFault> = match forms::publish(self.0.clone()) {
            Ok(_) => vec![],
            Err(faults) => faults.into_iter().map(SpecFault::from).collect(),
        };
        for (path, field) in walk(&self.0.fields) {
            if let Some(word) = without_home(&field.kind, purpose) {
                faults.push(SpecFault::new(&path, "type", "not_yet", word));
            }
        }
        if let (Purpose::Standard, Some(noun)) = (purpose, Noun::from_key(key)) {
            faults.extend(self.0.fields.iter().filter_map(|f| unfit(noun, f)));
        }
        faults
    }
}

/// A field of a table row is no table itself; keeps the depth of what is read bounded.
fn is_flat(field: &Field) -> bool {
    !matches!(&field.kind, FieldKind::Table { fields, .. } if !fields.is_empty())
}

/// What a noun of ours cannot have: keys that formulas know as ours, and kinds with a home of their own.
fn unfit(noun: Noun, field: &Field) -> Option<SpecFault> {
    if noun.reserved().contains(&field.key.as_str()) {
        return Some(SpecFault::new(&field.key, "key", "reserved", &field.key));
    }
    (!custom::fits(&field.kind)).then(|| SpecFault::new(&field.key, "type", "not_here", &field.key))
}

/// Kinds that nothing on the phone answers today. Items are checked at visits: an object has none.
fn without_home(kind: &FieldKind, purpose: Purpose) -> Option<&'static str> {
    match kind {
        FieldKind::Check(_) if purpose == Purpose::Object => Some("check"),
        FieldKind::Audio if purpose == Purpose::Object => Some("audio"),
        _ => None,
    }
}

impl SpecFault {
    fn new(path: &str, part: &str, code: &str, word: &str) -> SpecFault {
        SpecFault { path: path.into(), part: part.into(), code: code.into(), at: 0, word: word.into() }
    }
}

impl From<forms::FormFault> for SpecFault {
    fn from(f: forms::FormFault) -> SpecFault {
        SpecFault {
            path: f.path,
            part: f.part.into(),
            code: f.fault.code.into(),
            at: i64::try_from(f.fault.at).unwrap_or(0),
            word: f.fault.name,
        }
    }
}

/// Is this a key as fields and forms have it: a lower-case letter, then letters, digits and underscores, at most 40?
pub fn is_key(key: &str) -> bool {
    let mut chars = key.chars();
    chars.next().is_some_and(|c| c.is_ascii_lowercase())
        && chars.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && key.len() <= 40
}
