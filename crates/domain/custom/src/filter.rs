//! Conditions on fields, as they come in the address: a JSON list in one parameter. Pure.

use base::{Problem, problem};
use db::{Result, Val, args};
use forms::FormSpec;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::values::{Compared, compared};

/// Most conditions at once; as many as the statement has places for.
pub const SLOTS: usize = 4;

/// A condition on one field: what is absent is not asked for.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FieldCondition)]
pub struct Condition {
    pub field: String,
    /// One of these words: choices, `true` and `false`, ids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub one_of: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contains: Option<String>,
    /// A number, or a date or time as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub from: Option<Bound>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
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
    let all: Vec<Condition> = serde_json::from_str(text).map_err(|e| bad(at, &e.to_string()))?;
    check(at, &all, spec)?;
    Ok(all)
}

fn bad(at: &str, reason: &str) -> Problem {
    let reason: String = reason.chars().filter(|c| !c.is_control()).take(200).collect();
    Problem::new(problem::INVALID).with("reason", reason).field(at, problem::BAD_VALUE)
}

/// Holds conditions against the fields they are on.
///
/// # Errors
/// Those of [`read`].
pub fn check(at: &str, all: &[Condition], spec: &FormSpec) -> Result<()> {
    if all.len() > SLOTS {
        return Err(bad(at, "at most 4 conditions"));
    }
    for c in all {
        let field = spec.fields.iter().find(|f| f.key == c.field);
        let Some(how) = field.and_then(|f| compared(&f.kind)) else {
            return Err(bad(at, &format!("no field {} to compare", c.field)));
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
            return Err(bad(at, &format!("condition on {}", c.field)));
        }
    }
    Ok(())
}

impl Condition {
    /// Does it hold for these answers? The same as the statement finds ([`slots`]).
    pub fn holds(&self, answers: &Map<String, Value>) -> bool {
        let values: Vec<&Value> = match answers.get(&self.field) {
            None | Some(Value::Null) => vec![],
            Some(Value::Array(several)) => several.iter().collect(),
            Some(one) => vec![one],
        };
        let said = |v: &Value| match v {
            Value::Bool(yes) => Some(yes.to_string()),
            Value::String(text) => Some(text.clone()).filter(|t| !t.is_empty()),
            _ => None,
        };
        let values: Vec<(Option<String>, Option<f64>)> = values
            .into_iter()
            .map(|v| (said(v), v.as_f64()))
            .filter(|(text, number)| text.is_some() || number.is_some())
            .collect();
        if self.empty {
            return values.is_empty();
        }
        values.iter().any(|(text, number)| {
            let word = self.one_of.is_empty() || text.as_ref().is_some_and(|t| self.one_of.contains(t));
            let part = self.contains.as_deref().is_none_or(|p| {
                let p = p.to_lowercase().replace(['%', '_', '\\'], "");
                text.as_ref().is_some_and(|t| t.to_lowercase().contains(&p))
            });
            let low = match &self.from {
                None => true,
                Some(Bound::Number(n)) => number.is_some_and(|v| v >= *n),
                Some(Bound::Text(from)) => text.as_ref().is_some_and(|t| t >= from),
            };
            let high = match &self.to {
                None => true,
                Some(Bound::Number(n)) => number.is_some_and(|v| v <= *n),
                Some(Bound::Text(to)) => text.as_ref().is_some_and(|t| *t <= format!("{to}~")),
            };
            word && part && low && high
        })
    }
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

    #[test]
    fn a_condition_holds_as_the_statement_finds() {
        let answers = json!({ "fridge": true, "kinds": ["a", "b"], "metres": 3.5, "until": "2027-03-08T09:00", "who": "钱塘江", "gone": null });
        let answers = answers.as_object().unwrap();
        for (condition, holds) in [
            (json!({ "field": "fridge", "one_of": ["true"] }), true),
            (json!({ "field": "fridge", "one_of": ["false"] }), false),
            (json!({ "field": "kinds", "one_of": ["b", "c"] }), true),
            (json!({ "field": "kinds", "one_of": ["c"] }), false),
            (json!({ "field": "metres", "from": 3, "to": 4 }), true),
            (json!({ "field": "metres", "from": 4 }), false),
            (json!({ "field": "until", "to": "2027-03-08" }), true),
            (json!({ "field": "until", "from": "2027-03-09" }), false),
            (json!({ "field": "who", "contains": "塘" }), true),
            (json!({ "field": "gone", "empty": true }), true),
            (json!({ "field": "who", "empty": true }), false),
            (json!({ "field": "nothing", "one_of": ["a"] }), false),
        ] {
            let read: Condition = serde_json::from_value(condition.clone()).unwrap();
            assert_eq!(read.holds(answers), holds, "{condition}");
        }
    }
}
