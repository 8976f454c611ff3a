//! A set of answers against the version they were given to: the same judgement the phone made.

use base::LocalDay;
use custom::{compiled, judge_by};
use customers::Customer;
use db::Result;
use forms::{FieldKind, Filled, FormSpec, Surroundings};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::model::Spec;

/// Who fills a form in.
pub struct User<'a> {
    pub id: Uuid,
    pub name: &'a str,
    pub department: &'a str,
}

/// What formulas know of a task.
#[derive(Debug, Clone, Default)]
pub struct TaskFacts {
    pub title: String,
    /// Answers to the company's own fields.
    pub custom: Map<String, Value>,
}

impl TaskFacts {
    /// What is ours, and the company's own fields beside it (`task.contract_no`).
    fn about(&self) -> Value {
        let mut known = self.custom.clone();
        known.insert("title".to_owned(), json!(self.title));
        Value::Object(known)
    }
}

/// What formulas may look at. The phone makes the same of its copies (`web/field/src/work/forms.ts`).
pub fn surroundings(
    customer: Option<&Customer>,
    user: &User<'_>,
    task: Option<&TaskFacts>,
    day: LocalDay,
) -> Surroundings {
    Surroundings {
        customer: customer.map_or(Value::Null, about),
        user: json!({ "id": user.id, "name": user.name, "department": user.department }),
        task: task.map_or(Value::Null, TaskFacts::about),
        today: day.to_string(),
    }
}

/// A customer as formulas know him: what is ours, and the company's own fields beside it (`customer.shelf_metres`).
pub fn about(customer: &Customer) -> Value {
    let mut known = customer.custom.clone();
    let ours = json!({
        "id": customer.id, "name": customer.name, "code": customer.code, "grade": customer.grade, "class": customer.class.name,
        "tags": customer.tags, "status": customer.status,
    });
    known.extend(ours.as_object().cloned().unwrap_or_default());
    Value::Object(known)
}

/// Answers as they are kept, with their score.
///
/// # Errors
/// `form.answers` with a sentence for each field that does not hold.
pub fn judge(spec: Spec, answers: &Map<String, Value>, around: &Surroundings) -> Result<Filled> {
    judge_by(&compiled(spec.0)?, answers, around)
}

/// [`judge`] for what was corrected: a place that was taken out `before` is still answered, though it says nothing.
///
/// # Errors
/// `form.answers` with a sentence for each field that does not hold.
pub fn judge_again(
    spec: Spec,
    answers: &Map<String, Value>,
    before: &Map<String, Value>,
    around: &Surroundings,
) -> Result<Filled> {
    let hidden = json!({ "hidden": true });
    // Nobody's place stands for it while it is judged.
    let nowhere = json!({ "lng": 0.0, "lat": 0.0 });
    let stood = |key: &String| before.get(key).is_some_and(|value| has(value, &hidden));
    let mut answers = answers.clone();
    answers.iter_mut().filter(|(key, _)| stood(key)).for_each(|(_, v)| exchange(v, &hidden, &nowhere));
    let mut filled = judge(spec, &answers, around)?;
    filled.answers.iter_mut().filter(|(key, _)| stood(key)).for_each(|(_, v)| exchange(v, &nowhere, &hidden));
    Ok(filled)
}

/// Is this value that one, or a row in it?
fn has(value: &Value, wanted: &Value) -> bool {
    let rows = value.as_array().into_iter().flatten().filter_map(Value::as_object);
    value == wanted || rows.flat_map(Map::values).any(|v| v == wanted)
}

fn exchange(value: &mut Value, from: &Value, to: &Value) {
    if value == from {
        *value = to.clone();
    } else if let Some(rows) = value.as_array_mut() {
        let cells = rows.iter_mut().filter_map(Value::as_object_mut).flat_map(Map::values_mut);
        cells.filter(|cell| *cell == from).for_each(|cell| *cell = to.clone());
    }
}

/// Ids of all pictures in answers: photos and drawn signatures, also in rows of tables.
pub fn pictures(spec: &FormSpec, answers: &Map<String, Value>) -> Vec<String> {
    let mut ids = vec![];
    collect(&spec.fields, answers, &mut ids);
    ids
}

/// Ids of all recordings in answers, also in rows of tables.
pub fn recordings(spec: &FormSpec, answers: &Map<String, Value>) -> Vec<String> {
    fn of(fields: &[forms::Field], answers: &Map<String, Value>, ids: &mut Vec<String>) {
        for field in fields {
            match (&field.kind, answers.get(&field.key)) {
                (FieldKind::Audio, Some(Value::String(id))) => ids.push(id.clone()),
                (FieldKind::Table { fields, .. }, Some(Value::Array(rows))) => {
                    rows.iter().filter_map(Value::as_object).for_each(|row| of(fields, row, ids));
                }
                _ => {}
            }
        }
    }
    let mut ids = vec![];
    of(&spec.fields, answers, &mut ids);
    ids
}

fn collect(fields: &[forms::Field], answers: &Map<String, Value>, ids: &mut Vec<String>) {
    for field in fields {
        let Some(value) = answers.get(&field.key) else { continue };
        match &field.kind {
            FieldKind::Photo { .. } => {
                ids.extend(
                    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned),
                );
            }
            FieldKind::Check(_) => {
                let photos = value.get("photos").and_then(Value::as_array).into_iter().flatten();
                ids.extend(photos.filter_map(Value::as_str).map(str::to_owned));
            }
            FieldKind::Signature => ids.extend(value.as_str().map(str::to_owned)),
            FieldKind::Table { fields, .. } => {
                for row in value.as_array().into_iter().flatten().filter_map(Value::as_object) {
                    collect(fields, row, ids);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::problem::Lang;

    fn spec() -> Spec {
        let spec = json!({ "title": { "en": "t" }, "fields": [
            { "key": "ok", "type": "yes_no", "label": { "en": "ok" }, "required": "true" },
            { "key": "why", "type": "text", "label": { "en": "why" }, "visible": "form.ok == false" },
            { "key": "n", "type": "number", "label": { "en": "n" }, "max": 9.0, "constraint": { "formula": "form.n != 5", "message": { "zh-CN": "不能是 5", "en": "Not five" } } },
            { "key": "pics", "type": "photo", "label": { "en": "pics" } },
            { "key": "rows", "type": "table", "label": { "en": "rows" }, "fields": [{ "key": "pic", "type": "photo", "label": { "en": "p" } }] },
        ] });
        Spec::read("spec", &spec).unwrap()
    }

    fn around() -> Surroundings {
        Surroundings { today: "2026-11-20".into(), ..Surroundings::default() }
    }

    #[test]
    fn hidden_answers_are_dropped_and_faults_are_told_in_words() {
        let given = json!({ "ok": true, "why": "old", "n": 3 }).as_object().cloned().unwrap();
        let filled = judge(spec(), &given, &around()).unwrap();
        assert_eq!(Value::Object(filled.answers), json!({ "ok": true, "n": 3 }));
        let given = json!({ "n": 5, "pics": "x" }).as_object().cloned().unwrap();
        let problem = judge(spec(), &given, &around()).unwrap_err();
        let told: Vec<(String, String)> =
            problem.fields.iter().map(|f| (f.field.clone(), f.message(Lang::En))).collect();
        assert_eq!(told[0], ("ok".to_owned(), "This question must be answered.".to_owned()));
        assert_eq!(told[1], ("n".to_owned(), "Not five".to_owned()));
        assert_eq!(told[2].0, "pics");
        assert_eq!(problem.fields[1].message(Lang::Zh), "不能是 5");
    }

    #[test]
    fn pictures_are_found_in_rows_too() {
        let given = json!({ "pics": ["a"], "rows": [{ "pic": ["b", "c"] }] }).as_object().cloned().unwrap();
        assert_eq!(pictures(&spec().0, &given), ["a", "b", "c"]);
    }
}
