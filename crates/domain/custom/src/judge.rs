//! A set of answers against a form: the same judgement the phone made, with a sentence for each field at fault.

use base::{
    Problem,
    problem::{Code, FieldError},
};
use db::Result;
use forms::{Field, FieldKind, Filled, FormSpec, Surroundings};
use serde_json::{Map, Value};

use crate::{ANSWER_KIND, ANSWER_LIMIT, ANSWER_REQUIRED, ANSWER_RULE, ANSWERS};

/// A published version ready to judge many records.
///
/// # Errors
/// An internal problem when it has faults: then it was never published.
pub fn compiled(spec: FormSpec) -> Result<forms::Form> {
    forms::publish(spec)
        .map_err(|faults| Problem::internal(format!("a published form has {} faults", faults.len())))
}

/// Answers as they are kept, with their score.
///
/// # Errors
/// `form.answers` with a sentence for each field that does not hold.
pub fn judge_by(form: &forms::Form, answers: &Map<String, Value>, around: &Surroundings) -> Result<Filled> {
    let filled = forms::fill(form, answers, around);
    if filled.problems.is_empty() { Ok(filled) } else { Err(refused(&form.spec, &filled.problems)) }
}

/// The refusal of answers, a sentence for each field.
pub(crate) fn refused(spec: &FormSpec, problems: &[forms::Problem]) -> Problem {
    let mut problem = Problem::new(ANSWERS);
    problem.fields = problems.iter().take(100).map(|p| fault(spec, p)).collect();
    problem
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

/// Every field with its path, those of tables after their table.
pub fn walk(fields: &[Field]) -> Vec<(String, &Field)> {
    let mut all = vec![];
    for field in fields {
        all.push((field.key.clone(), field));
        if let FieldKind::Table { fields, .. } = &field.kind {
            all.extend(fields.iter().map(|f| (format!("{}.{}", field.key, f.key), f)));
        }
    }
    all
}
