//! Answers out of the cells of a sheet. Pure.

use base::problem::Lang;
use forms::{Field, FieldKind, FormSpec, Options};
use serde_json::{Value, json};

use crate::cells::said;

/// What a cell may say of a field, for the example line of a template.
pub fn example(spec: &FormSpec, field: &Field) -> String {
    match &field.kind {
        FieldKind::Number { .. } => "100".into(),
        FieldKind::Rating { .. } => "4".into(),
        FieldKind::YesNo => "是".into(),
        FieldKind::Date => "2027-03-08".into(),
        FieldKind::Time => "09:30".into(),
        FieldKind::DateTime => "2027-03-08T09:30".into(),
        FieldKind::Phone => "13800000000".into(),
        FieldKind::Choice { from } | FieldKind::Choices { from, .. } => {
            spec.choices(from).first().map(|c| said(&c.label, Lang::Zh)).unwrap_or_default()
        }
        _ => String::new(),
    }
}

/// What a cell says, as an answer; a text that says nothing of the kind stays one, so that the judge names it.
pub fn answer(spec: &FormSpec, field: &Field, text: &str) -> Value {
    let choice = |from: &Options, word: &str| {
        let known =
            spec.choices(from).iter().find(|c| c.value == word || c.label.values().any(|l| l == word));
        known.map_or_else(|| word.to_owned(), |c| c.value.clone())
    };
    match &field.kind {
        FieldKind::Number { .. } | FieldKind::Rating { .. } => {
            // "nan" is a number to Rust and nothing to JSON, and nothing would take a stored answer out.
            let number = text.replace(',', "").parse::<f64>().ok().filter(|n| n.is_finite());
            number.map_or_else(|| json!(text), |n| json!(n))
        }
        FieldKind::YesNo => match text.to_lowercase().as_str() {
            "是" | "yes" | "true" | "1" => json!(true),
            "否" | "no" | "false" | "0" => json!(false),
            _ => json!(text),
        },
        FieldKind::Choice { from } => json!(choice(from, text)),
        FieldKind::Choices { from, .. } => {
            let words = text.split(['、', ',', '，', ';', '；']).map(str::trim).filter(|w| !w.is_empty());
            json!(words.map(|w| choice(from, w)).collect::<Vec<_>>())
        }
        FieldKind::Date => json!(text.get(..10).unwrap_or(text).replace('/', "-")),
        FieldKind::DateTime => json!(text.get(..16).unwrap_or(text).replace('/', "-").replace(' ', "T")),
        _ => json!(text),
    }
}
