//! Answers one by one, as filters and relations find them. Pure.

use base::problem::Lang;
use forms::{Field, FieldKind, FormSpec};
use serde_json::{Map, Value};
use uuid::Uuid;

/// Longest text kept for filters, in characters.
const MAX_TEXT: usize = 200;
/// Longest text that searching looks through.
const MAX_SEARCH: usize = 2000;
/// Longest name of a record.
const MAX_TITLE: usize = 80;

/// One value of a field.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Key of the field; of a table's: `items.store`.
    pub field: String,
    /// Counts the values of a field that has several.
    pub place: i64,
    pub text: Option<String>,
    pub number: Option<f64>,
    pub target: Option<Uuid>,
}

/// How a field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compared {
    Number,
    /// Any text; dates and times order as texts do.
    Text,
    /// One of a list of words: choices, yes or no, references.
    Word,
}

/// How answers of a kind are compared; `None` for what is not: places, pictures, tables, words between the questions.
pub fn compared(kind: &FieldKind) -> Option<Compared> {
    match kind {
        FieldKind::Number { .. } | FieldKind::Rating { .. } => Some(Compared::Number),
        FieldKind::Text { .. }
        | FieldKind::Date
        | FieldKind::Time
        | FieldKind::DateTime
        | FieldKind::Phone
        | FieldKind::Barcode => Some(Compared::Text),
        FieldKind::YesNo
        | FieldKind::Choice { .. }
        | FieldKind::Choices { .. }
        | FieldKind::Reference { .. } => Some(Compared::Word),
        _ => None,
    }
}

/// All values of a record.
pub fn items(spec: &FormSpec, answers: &Map<String, Value>) -> Vec<Item> {
    let mut all = vec![];
    for field in &spec.fields {
        match (&field.kind, answers.get(&field.key)) {
            (FieldKind::Table { fields, .. }, Some(Value::Array(rows))) => {
                // Of tables only what they refer to: that is a relation of the record.
                for inner in fields.iter().filter(|f| matches!(f.kind, FieldKind::Reference { .. })) {
                    let path = format!("{}.{}", field.key, inner.key);
                    let named = rows.iter().filter_map(|r| r.get(&inner.key));
                    all.extend(
                        named.enumerate().filter_map(|(k, v)| item(&path, k, v, Compared::Word, true)),
                    );
                }
            }
            (kind, Some(value)) => {
                let Some(how) = compared(kind) else { continue };
                let reference = matches!(kind, FieldKind::Reference { .. });
                let values = match value {
                    Value::Array(several) => several.iter().collect(),
                    one => vec![one],
                };
                let each = values.into_iter().enumerate();
                all.extend(each.filter_map(|(k, v)| item(&field.key, k, v, how, reference)));
            }
            _ => {}
        }
    }
    all
}

fn item(field: &str, place: usize, value: &Value, how: Compared, reference: bool) -> Option<Item> {
    let (text, number) = match value {
        Value::Bool(yes) => (Some(yes.to_string()), None),
        Value::Number(n) if how == Compared::Number => (None, n.as_f64()),
        Value::String(s) if !s.is_empty() => (Some(s.chars().take(MAX_TEXT).collect::<String>()), None),
        _ => return None,
    };
    let target = text.as_deref().filter(|_| reference).and_then(|t| t.parse().ok());
    Some(Item { field: field.to_owned(), place: place as i64, text, number, target })
}

/// What names a record: the answer of its naming field as it is read, else nothing.
pub fn title(spec: &FormSpec, answers: &Map<String, Value>, field: Option<&str>) -> Option<String> {
    let field = spec.fields.iter().find(|f| Some(f.key.as_str()) == field)?;
    let value = answers.get(&field.key).filter(|v| !v.is_null())?;
    let text = match (&field.kind, value) {
        (
            FieldKind::Reference { .. }
            | FieldKind::Place
            | FieldKind::Table { .. }
            | FieldKind::Photo { .. }
            | FieldKind::Signature
            | FieldKind::File { .. },
            _,
        ) => return None,
        _ => match crate::cells::cell(spec, field, Some(value), &Default::default(), Lang::Zh) {
            crate::cells::Cell::Number(n) => n.to_string(),
            crate::cells::Cell::Text(t) => t,
        },
    };
    let text: String = text.trim().chars().take(MAX_TITLE).collect();
    (!text.is_empty()).then_some(text)
}

/// What searching looks through: what the record is called, and all texts.
pub fn search_text(spec: &FormSpec, answers: &Map<String, Value>, called: &str) -> String {
    let written =
        |f: &&Field| matches!(f.kind, FieldKind::Text { .. } | FieldKind::Phone | FieldKind::Barcode);
    let texts = spec.fields.iter().filter(written).filter_map(|f| answers.get(&f.key)?.as_str());
    let mut all = called.to_lowercase();
    for text in texts {
        all.push(' ');
        all.push_str(&text.to_lowercase());
    }
    all.chars().take(MAX_SEARCH).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn spec() -> FormSpec {
        serde_json::from_value(json!({ "title": { "en": "t" }, "fields": [
            { "key": "name", "type": "text", "label": { "en": "n" } },
            { "key": "budget", "type": "number", "label": { "en": "b" } },
            { "key": "kinds", "type": "choices", "label": { "en": "k" }, "options": [
                { "value": "a", "label": { "zh-CN": "堆头" } }, { "value": "b", "label": { "zh-CN": "海报" } }] },
            { "key": "ok", "type": "yes_no", "label": { "en": "o" } },
            { "key": "shop", "type": "reference", "to": "customer", "label": { "en": "s" } },
            { "key": "spot", "type": "place", "label": { "en": "p" } },
            { "key": "rows", "type": "table", "label": { "en": "r" }, "fields": [{ "key": "who", "type": "reference", "to": "employee", "label": { "en": "w" } }] },
        ] }))
        .unwrap()
    }

    #[test]
    fn every_answer_is_found_and_no_place() {
        let (shop, who) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let answers = json!({ "name": "中秋堆头", "budget": 500, "kinds": ["a", "b"], "ok": false, "shop": shop, "spot": { "lng": 1.0, "lat": 2.0 },
            "rows": [{ "who": who }, {}] });
        let answers = answers.as_object().unwrap();
        let all = items(&spec(), answers);
        let told: Vec<(String, i64, Option<String>, Option<f64>)> =
            all.iter().map(|i| (i.field.clone(), i.place, i.text.clone(), i.number)).collect();
        let word = |f: &str, k: i64, t: String| (f.to_owned(), k, Some(t), None);
        assert_eq!(
            told,
            [
                word("name", 0, "中秋堆头".into()),
                ("budget".to_owned(), 0, None, Some(500.0)),
                word("kinds", 0, "a".into()),
                word("kinds", 1, "b".into()),
                word("ok", 0, "false".into()),
                word("shop", 0, shop.to_string()),
                word("rows.who", 0, who.to_string()),
            ]
        );
        assert_eq!(all.iter().filter_map(|i| i.target).collect::<Vec<_>>(), [shop, who]);
        assert_eq!(title(&spec(), answers, Some("name")).as_deref(), Some("中秋堆头"));
        assert_eq!(title(&spec(), answers, Some("kinds")).as_deref(), Some("堆头、海报"));
        assert_eq!((title(&spec(), answers, Some("shop")), title(&spec(), answers, None)), (None, None));
        assert_eq!(search_text(&spec(), answers, "CX-1"), "cx-1 中秋堆头");
    }
}
