//! Flows as they are shown, and documents as they come in.

use std::collections::BTreeMap;

use base::{Micros, Problem, problem};
use db::Result;
use flow::{Fields, Flow, Plan};
use org::Ref;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{SubjectField, Text};

/// What a flow is for.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubjectRef {
    /// form, leave, …
    pub kind: String,
    /// Nil for kinds there is one of.
    pub id: Uuid,
}

/// A flow in the list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FlowLine {
    pub id: Uuid,
    pub name: String,
    /// What it is for; absent while nothing is chosen.
    pub subject: Option<SubjectRef>,
    /// Of what it is for, by language.
    pub subject_title: Text,
    /// What is handed in runs through it now.
    pub bound: bool,
    /// Newest published version; absent while there is none.
    pub published: Option<i64>,
    /// The draft says something else than the newest version.
    pub changed: bool,
    pub retired: bool,
    /// Cases that run through it, of any version.
    pub running: i64,
    #[schema(value_type = String, format = DateTime)]
    pub changed_at: Micros,
    pub version: i64,
}

/// A published version without its document.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FlowVersionLine {
    pub number: i64,
    pub note: Option<String>,
    /// Cases that begin from then on take it.
    #[schema(value_type = String, format = DateTime)]
    pub from_at: Micros,
    pub published_by: Ref,
    #[schema(value_type = String, format = DateTime)]
    pub published_at: Micros,
}

/// A flow with its draft, what is wrong with it, the fields its formulas know, and its versions, newest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FlowPage {
    #[serde(flatten)]
    pub line: FlowLine,
    /// A flow document: nodes from top to bottom.
    #[schema(value_type = Object)]
    pub draft: Value,
    pub faults: Vec<FlowFault>,
    pub fields: Vec<SubjectField>,
    pub versions: Vec<FlowVersionLine>,
}

/// A published version.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FlowVersion {
    #[serde(flatten)]
    pub line: FlowVersionLine,
    #[schema(value_type = Object)]
    pub doc: Value,
}

/// A fault of a flow: the node (empty for the flow itself), the part of it, what is wrong and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FlowFault {
    pub node: String,
    /// nodes, id, name, lanes, who, limit; of a lane with its number from 0: `lanes.1.when`.
    pub part: String,
    /// no_step, no_else, missing, empty, unknown_field, unknown_role, nobody, syntax, …
    pub code: String,
    /// Characters from the start of the formula.
    pub at: i64,
    /// The word at fault.
    pub word: String,
}

impl From<flow::Fault> for FlowFault {
    fn from(f: flow::Fault) -> FlowFault {
        FlowFault {
            node: f.node,
            part: f.part,
            code: f.code,
            at: i64::try_from(f.at).unwrap_or(0),
            word: f.word,
        }
    }
}

/// Largest document, in bytes of its JSON.
const MOST_BYTES: usize = 200_000;

/// A document as it came in: read strictly, within bounds, not yet free of faults.
#[derive(Debug, Clone, PartialEq)]
pub struct Doc(pub Flow);

impl Doc {
    /// # Errors
    /// `input.invalid` at `field` for what is no flow or too large for one.
    pub fn read(field: &str, value: &Value) -> Result<Doc> {
        let invalid = |reason: String| {
            let reason: String = reason.chars().filter(|c| !c.is_control()).take(200).collect();
            Problem::new(problem::INVALID).with("reason", reason).field(field, problem::BAD_VALUE)
        };
        let doc = Flow::deserialize(value).map(Doc).map_err(|e| invalid(e.to_string()))?;
        if doc.text()?.len() > MOST_BYTES { Err(invalid("too large".into())) } else { Ok(doc) }
    }

    /// A document that was stored.
    pub fn stored(text: &str) -> Result<Doc> {
        serde_json::from_str(text).map(Doc).map_err(Problem::internal)
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

    /// What keeps it from being published.
    pub fn faults(&self, fields: &Fields, people: &dyn flow::People) -> Vec<FlowFault> {
        match Plan::new(&self.0, fields, Some(people)) {
            Ok(_) => vec![],
            Err(faults) => faults.into_iter().take(200).map(FlowFault::from).collect(),
        }
    }
}

/// Fields as the engine takes them: only those that name a person can say who approves.
pub fn fields_of(fields: &[SubjectField]) -> Fields {
    fields.iter().map(|f| (f.key.clone(), f.kind == "employee")).collect::<BTreeMap<_, _>>()
}
