//! A set of answers against the version they were given to: the same judgement the phone made.

use base::{LocalDay, Problem, problem::Code, problem::FieldError};
use customers::Customer;
use db::Result;
use forms::{FieldKind, Filled, FormSpec, Surroundings};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{
    ANSWER_KIND, ANSWER_LIMIT, ANSWER_REQUIRED, ANSWER_RULE, ANSWERS,
    model::{Spec, walk},
};

/// Who fills a form in.
pub struct User<'a> {
    pub id: Uuid,
    pub name: &'a str,
    pub department: &'a str,
}

/// What formulas may look at. The phone makes the same of its copies (`web/field/src/work/forms.ts`).
pub fn surroundings(
    customer: Option<&Customer>,
    user: &User<'_>,
    task: Option<&str>,
    day: LocalDay,
) -> Surroundings {
    Surroundings {
        customer: customer.map_or(Value::Null, |customer| json!({
            "id": customer.id, "name": customer.name, "code": customer.code, "grade": customer.grade, "class": customer.class.name,
            "tags": customer.tags, "status": customer.status,
        })),
        user: json!({ "id": user.id, "name": user.name, "department": user.department }),
        task: task.map_or(Value::Null, |title| json!({ "title": title })),
        today: day.to_string(),
    }
}

/// Answers as they are kept, with their score.
///
/// # Errors
/// `form.answers` with a sentence for each field that does not hold.
pub fn judge(spec: Spec, answers: &Map<String, Value>, around: &Surroundings) -> Result<Filled> {
    judge_by(&compiled(spec)?, answers, around)
}

/// A published version ready to judge many records.
///
/// # Errors
/// An internal problem when it has faults: then it was never published.
pub fn compiled(spec: Spec) -> Result<forms::Form> {
    forms::publish(spec.0)
        .map_err(|faults| Problem::internal(format!("a published form has {} faults", faults.len())))
}

/// [`judge`] by a version that was compiled before.
///
/// # Errors
/// `form.answers` with a sentence for each field that does not hold.
pub fn judge_by(form: &forms::Form, answers: &Map<String, Value>, around: &Surroundings) -> Result<Filled> {
    let filled = forms::fill(form, answers, around);
    if filled.problems.is_empty() {
        return Ok(filled);
    }
    let mut problem = Problem::new(ANSWERS);
    problem.fields = filled.problems.iter().take(100).map(|p| fault(&form.spec, p)).collect();
    Err(problem)
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

fn fault(spec: &FormSpec, p: &forms::Problem) -> FieldError {
    let code: &'static Code = match p.code {
        "required" => ANSWER_REQUIRED,
        "constraint" => ANSWER_RULE,
        "min" | "max" | "places" | "count" | "rows" | "too_long" => ANSWER_LIMIT,
        _ => ANSWER_KIND,
    };
    let limit = if p.limit.is_empty() { p.code.to_owned() } else { p.limit.clone() };
    let said = |lang: &str, fallback: &str| {
        let text = p.message.get(lang).or_else(|| p.message.values().next()).filter(|t| !t.trim().is_empty());
        text.cloned().unwrap_or_else(|| fallback.to_owned())
    };
    let params = match p.code {
        "constraint" => vec![
            ("zh", said("zh-CN", "此项不符合表单规则。")),
            ("en", said("en", "The answer breaks a rule of the form.")),
        ],
        _ => vec![("limit", limit)],
    };
    FieldError { field: labelled(spec, &p.path), code, params }
}

/// The path of a fault, as it is: `items[2].qty`. Unknown fields are cut short: their names are whatever was sent.
fn labelled(spec: &FormSpec, path: &str) -> String {
    // The part of a checked item belongs to the item.
    let item =
        [".value", ".remark", ".photos"].iter().find_map(|part| path.strip_suffix(part)).unwrap_or(path);
    let plain: String = item.split('[').next().unwrap_or_default().chars().take(80).collect();
    let known = walk(&spec.fields).iter().any(|(p, _)| *p == plain);
    if known { path.to_owned() } else { path.chars().take(80).collect() }
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
