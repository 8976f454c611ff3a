//! Records: forms filled in at steps of visits.

mod collect;
mod export;
mod failures;
mod found;
mod http;
mod judge;
mod sql;
mod submit;
mod summary;

pub use collect::{Collected, Offered, check_collected, collect, offered, version};
pub(crate) use failures::erase as erase_failures;
pub use failures::{Failed, FollowHook};
pub use http::levels;
pub(crate) use http::routes;
pub use judge::{TaskFacts, judge, judge_again};
pub(crate) use sql::{any, erasable, erase_answers, erase_edits};
pub use submit::{Submission, answers_at, submit};

use std::collections::BTreeMap;

use base::{LocalDay, Micros};
use org::Ref;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{files::FormFile, model::Text};

/// A record in the list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FormRecordRow {
    pub id: Uuid,
    pub form: RecordForm,
    pub employee: Ref,
    /// Absent, like the visit, for what was filled in outside visits.
    pub customer: Option<Ref>,
    pub visit_id: Option<Uuid>,
    #[schema(value_type = String, format = Date)]
    pub day: LocalDay,
    #[schema(value_type = String, format = DateTime)]
    pub filled_at: Micros,
    #[schema(value_type = String, format = DateTime)]
    pub received_at: Micros,
    pub score: Option<f64>,
    /// What its checked items bring; absent without any.
    pub checks: Option<RecordChecks>,
    /// How often it was changed since it arrived.
    pub edits: i64,
    /// How its approval stands; absent when it needs none.
    pub approval: Option<RecordApproval>,
    /// By field key. In lists a place shows only that there is one: `{"hidden": true}`.
    #[schema(value_type = Object)]
    pub answers: Map<String, Value>,
    pub version: i64,
}

/// Checked items of a record: weights of those that passed, of those that passed or failed, and how many failed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct RecordChecks {
    pub passed: f64,
    pub applicable: f64,
    pub failed: i64,
}

/// The form of a record, in the version it was filled in with.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RecordForm {
    pub id: Uuid,
    pub key: String,
    pub title: Text,
    pub number: i64,
}

/// The case a record was handed in as.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RecordApproval {
    pub id: Uuid,
    /// running, returned, approved, rejected or withdrawn.
    pub status: String,
}

/// What a record said before a change.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FormEdit {
    pub by: Ref,
    #[schema(value_type = String, format = DateTime)]
    pub at: Micros,
    /// Empty when its author answered again during the visit.
    pub reason: String,
    #[schema(value_type = Object)]
    pub before: Map<String, Value>,
}

/// A record with its form and its changes, newest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FormRecord {
    #[serde(flatten)]
    pub row: FormRecordRow,
    /// The FormSpec it was filled in with.
    #[schema(value_type = Object)]
    pub spec: Value,
    /// Names of the customers, people, equipment and products the answers refer to, by id, as far as the reader may see them.
    pub names: BTreeMap<String, String>,
    /// Files the answers name, also earlier ones, as far as they are here.
    pub files: Vec<FormFile>,
    pub history: Vec<FormEdit>,
}

/// Takes the coordinates out of answers; that there was a place stays.
pub fn without_places(answers: &mut Map<String, Value>) -> bool {
    let mut found = false;
    for value in answers.values_mut() {
        match value {
            Value::Object(o) if o.contains_key("lng") && o.contains_key("lat") => {
                *value = serde_json::json!({ "hidden": true });
                found = true;
            }
            Value::Array(rows) => {
                for row in rows.iter_mut().filter_map(Value::as_object_mut) {
                    found |= without_places(row);
                }
            }
            _ => {}
        }
    }
    found
}

/// Do the answers tell a place?
pub fn tells_place(answers: &Map<String, Value>) -> bool {
    without_places(&mut answers.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn places_go_and_the_rest_stays() {
        let given = json!({ "a": { "lng": 118.7, "lat": 32.0 }, "b": "x", "t": [{ "p": { "lng": 1.0, "lat": 2.0 }, "q": 3 }], "l": ["x"] });
        let mut answers = given.as_object().cloned().unwrap();
        assert!(tells_place(&answers) && without_places(&mut answers) && !tells_place(&answers));
        let left = json!({ "a": { "hidden": true }, "b": "x", "t": [{ "p": { "hidden": true }, "q": 3 }], "l": ["x"] });
        assert_eq!(Value::Object(answers), left);
    }
}
