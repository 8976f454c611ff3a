//! Conditions on fields, as they come in the address: a JSON list in one parameter. Pure.

use base::{Problem, problem};
use db::{Result, Val, args};
use forms::FormSpec;
use serde::{Deserialize, Serialize};

use crate::values::{Compared, compared};

/// Most conditions at once; as many as the statement has places for.
pub const SLOTS: usize = 4;

/// A condition on one field: what is absent is not asked for.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    pub field: String,
    /// One of these words: choices, `true` and `false`, ids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub one_of: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contains: Option<String>,
    /// A number, or a date or time as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Bound>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Bound>,
    /// Not answered at all.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub empty: bool,
}

/// An end of a range.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Bound {
    Number(f64),
    Text(String),
}

/// Reads conditions and holds them against the fields.
///
/// # Errors
/// `input.invalid` at the parameter `at` for what is no list of conditions, too many, unknown fields, and bounds of another kind.
pub fn read(at: &str, text: Option<&str>, spec: &FormSpec) -> Result<Vec<Condition>> {
    let Some(text) = text.filter(|t| !t.is_empty()) else { return Ok(vec![]) };
    let bad = |reason: &str| {
        let reason: String = reason.chars().filter(|c| !c.is_control()).take(200).collect();
        Problem::new(problem::INVALID).with("reason", reason).field(at, problem::BAD_VALUE)
    };
    let all: Vec<Condition> = serde_json::from_str(text).map_err(|e| bad(&e.to_string()))?;
    if all.len() > SLOTS {
        return Err(bad("at most 4 conditions"));
    }
    for c in &all {
        let field = spec.fields.iter().find(|f| f.key == c.field);
        let Some(how) = field.and_then(|f| compared(&f.kind)) else {
            return Err(bad(&format!("no field {} to compare", c.field)));
        };
        let fits = |b: &Option<Bound>| match b {
            None => true,
            Some(Bound::Number(n)) => how == Compared::Number && n.is_finite(),
            Some(Bound::Text(t)) => how == Compared::Text && t.chars().count() <= 40 && !t.contains('\0'),
        };
        let words = c.one_of.len() <= 50
            && c.one_of.iter().all(|w| w.chars().count() <= 100 && !w.contains(['\0', '|']));
        let part = c.contains.as_ref().is_none_or(|t| t.chars().count() <= 100 && !t.contains('\0'));
        if !(fits(&c.from) && fits(&c.to) && words && part) {
            return Err(bad(&format!("condition on {}", c.field)));
        }
    }
    Ok(all)
}

/// A text to be found anywhere, without the signs that mean something to LIKE.
pub fn like(text: &str) -> String {
    format!("%{}%", text.to_lowercase().replace(['%', '_', '\\'], ""))
}

/// The places of the statement, the unused ones empty.
pub fn slots(conditions: &[Condition]) -> Vec<Val> {
    let mut all = vec![];
    for k in 0..SLOTS {
        let c = conditions.get(k).cloned().unwrap_or_default();
        let number = |b: &Option<Bound>| match b {
            Some(Bound::Number(n)) => Some(*n),
            _ => None,
        };
        let text = |b: &Option<Bound>| match b {
            Some(Bound::Text(t)) => Some(t.clone()),
            _ => None,
        };
        // A day as the upper end means all of it, and "~" comes after every hour.
        let until = text(&c.to).map(|t| format!("{t}~"));
        all.extend(args![
            Some(c.field).filter(|f| !f.is_empty()),
            c.empty,
            Some(c.one_of).filter(|w| !w.is_empty()).map(|w| format!("|{}|", w.join("|"))),
            c.contains.as_deref().map(like),
            number(&c.from),
            number(&c.to),
            text(&c.from),
            until
        ]);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn conditions_are_held_against_the_fields() {
        let spec: FormSpec = serde_json::from_value(json!({ "title": { "en": "t" }, "fields": [
            { "key": "name", "type": "text", "label": { "en": "n" } }, { "key": "budget", "type": "number", "label": { "en": "b" } },
            { "key": "spot", "type": "place", "label": { "en": "p" } }] }))
        .unwrap();
        for good in [
            r#"[]"#,
            r#"[{"field":"name","contains":"秋"}]"#,
            r#"[{"field":"budget","from":1,"to":2.5}]"#,
            r#"[{"field":"name","empty":true}]"#,
        ] {
            assert!(read("filter", Some(good), &spec).is_ok(), "{good}");
        }
        for bad in [
            "x",
            "{}",
            r#"[{"field":"nope"}]"#,
            r#"[{"field":"spot","empty":true}]"#,
            r#"[{"field":"budget","from":"a"}]"#,
            r#"[{"field":"name","from":3}]"#,
            r#"[{"field":"name","like":"x"}]"#,
            r#"[{"field":"name"},{"field":"name"},{"field":"name"},{"field":"name"},{"field":"name"}]"#,
        ] {
            assert_eq!(read("filter", Some(bad), &spec).unwrap_err().code, problem::INVALID, "{bad}");
        }
        let all = read("filter", Some(r#"[{"field":"name","contains":"50%_"}]"#), &spec).unwrap();
        assert_eq!((slots(&all).len(), like("50%_A")), (8 * SLOTS, "%50a%".to_owned()));
    }
}
