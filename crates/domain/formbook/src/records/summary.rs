//! What the answers to a form come to, question by question. Pure.

use std::collections::BTreeMap;

use forms::{Choice, Field, FieldKind, FormSpec};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::model::Text;

/// The records a filter finds, summed up.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FormSummary {
    pub records: i64,
    /// In the order of the form; those inside tables are not summed up.
    pub questions: Vec<QuestionSummary>,
}

/// What one question was answered with.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct QuestionSummary {
    pub key: String,
    pub label: Text,
    /// text, number, yes_no, choice, … as in forms.
    #[serde(rename = "type")]
    pub kind: String,
    pub answered: i64,
    /// Of what is chosen: each answer in the order of its list, those that are not offered any more behind them.
    pub given: Vec<GivenAnswer>,
    pub min: Option<f64>,
    pub mean: Option<f64>,
    pub max: Option<f64>,
}

/// How often one answer was given.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct GivenAnswer {
    /// As in the answers; `true` and `false`, `pass`, `fail` and `na`.
    pub value: String,
    /// Of a list; empty where the word itself says it.
    pub label: Text,
    pub count: i64,
}

/// Sums up the answers to the questions of a form.
pub(crate) fn summed<'a>(
    spec: &FormSpec,
    records: impl Iterator<Item = &'a Map<String, Value>> + Clone,
) -> Vec<QuestionSummary> {
    let asked = spec.fields.iter().filter(|f| !matches!(f.kind, FieldKind::Note));
    asked.map(|field| question(spec, field, records.clone())).collect()
}

fn question<'a>(
    spec: &FormSpec,
    field: &Field,
    records: impl Iterator<Item = &'a Map<String, Value>>,
) -> QuestionSummary {
    let offered = offered(spec, &field.kind);
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    let (mut answered, mut numbers) = (0, vec![]);
    for answer in records.filter_map(|answers| answers.get(&field.key)).filter(|a| !a.is_null()) {
        answered += 1;
        if offered.is_some() {
            for word in words(answer) {
                *counts.entry(word).or_default() += 1;
            }
        }
        let measured = if answer.is_object() { answer.get("value") } else { Some(answer) };
        numbers.extend(measured.and_then(Value::as_f64));
    }
    let mut given: Vec<GivenAnswer> = offered
        .unwrap_or_default()
        .into_iter()
        .map(|c| GivenAnswer { count: counts.remove(&c.value).unwrap_or(0), value: c.value, label: c.label })
        .collect();
    given.extend(counts.into_iter().map(|(value, count)| GivenAnswer { value, label: Text::new(), count }));
    let of = |pick: fn(f64, f64) -> f64| numbers.iter().copied().reduce(pick);
    QuestionSummary {
        key: field.key.clone(),
        label: field.label.clone(),
        kind: kind(&field.kind),
        answered,
        given,
        min: of(f64::min),
        mean: (!numbers.is_empty()).then(|| numbers.iter().sum::<f64>() / numbers.len() as f64),
        max: of(f64::max),
    }
}

/// What can be chosen, of a question that is answered by choosing.
fn offered(spec: &FormSpec, kind: &FieldKind) -> Option<Vec<Choice>> {
    let plain = |all: &[&str]| {
        all.iter().map(|value| Choice { value: (*value).to_owned(), ..Choice::default() }).collect()
    };
    match kind {
        FieldKind::Choice { from } | FieldKind::Choices { from, .. } => Some(spec.choices(from).to_vec()),
        FieldKind::YesNo => Some(plain(&["true", "false"])),
        FieldKind::Check(_) => Some(plain(&["pass", "fail", "na"])),
        FieldKind::Rating { max } => {
            Some((1..=*max).map(|n| Choice { value: n.to_string(), ..Choice::default() }).collect())
        }
        _ => None,
    }
}

/// The words an answer was given in: one, or several of a list.
fn words(answer: &Value) -> Vec<String> {
    let one = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(yes) => Some(yes.to_string()),
        Value::Number(n) => Some(n.to_string()),
        _ => None,
    };
    match answer {
        Value::Array(several) => several.iter().filter_map(one).collect(),
        Value::Object(item) => item.get("result").and_then(one).into_iter().collect(),
        other => one(other).into_iter().collect(),
    }
}

fn kind(kind: &FieldKind) -> String {
    let written = serde_json::to_value(kind).unwrap_or_default();
    written.get("type").and_then(Value::as_str).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_answer_is_counted_where_it_belongs() {
        let spec: FormSpec = serde_json::from_value(json!({ "title": { "en": "t" }, "fields": [
            { "key": "say", "type": "note", "label": { "en": "Read" } },
            { "key": "place", "type": "choice", "label": { "en": "Where" }, "options": [
                { "value": "a", "label": { "en": "Shelf" } }, { "value": "b", "label": { "en": "End" } }] },
            { "key": "kinds", "type": "choices", "label": { "en": "Kinds" }, "options": [{ "value": "x", "label": { "en": "X" } }, { "value": "y", "label": { "en": "Y" } }] },
            { "key": "facings", "type": "number", "label": { "en": "Facings" } },
            { "key": "stars", "type": "rating", "max": 3, "label": { "en": "Stars" } },
            { "key": "fridge", "type": "check", "label": { "en": "Fridge" }, "measure": {} },
            { "key": "why", "type": "text", "label": { "en": "Why" } } ] }))
        .unwrap();
        let records = [
            json!({ "place": "a", "kinds": ["x", "y"], "facings": 4, "stars": 3, "fridge": { "result": "pass", "value": 5.0 } }),
            json!({ "place": "gone", "kinds": ["x"], "facings": 8, "fridge": { "result": "fail", "value": 9.0 }, "why": "warm" }),
            json!({ "place": null }),
        ];
        let found = summed(&spec, records.iter().map(|r| r.as_object().unwrap()));
        let by = |key: &str| found.iter().find(|q| q.key == key).unwrap().clone();
        let counts = |key: &str| by(key).given.iter().map(|g| (g.value.clone(), g.count)).collect::<Vec<_>>();
        let pairs = |all: &[(&str, i64)]| all.iter().map(|(v, n)| ((*v).to_owned(), *n)).collect::<Vec<_>>();
        assert_eq!(found.len(), 6);
        assert_eq!((by("place").answered, counts("place")), (2, pairs(&[("a", 1), ("b", 0), ("gone", 1)])));
        assert_eq!(counts("kinds"), pairs(&[("x", 2), ("y", 1)]));
        assert_eq!(
            (by("facings").min, by("facings").mean, by("facings").max),
            (Some(4.0), Some(6.0), Some(8.0))
        );
        assert_eq!((counts("stars"), by("stars").mean), (pairs(&[("1", 0), ("2", 0), ("3", 1)]), Some(3.0)));
        assert_eq!(
            (counts("fridge"), by("fridge").mean),
            (pairs(&[("pass", 1), ("fail", 1), ("na", 0)]), Some(7.0))
        );
        assert_eq!((by("why").answered, by("why").given.len(), by("why").mean), (1, 0, None));
    }
}
