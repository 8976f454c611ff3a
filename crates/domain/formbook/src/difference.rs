//! What changed between two versions of a form. Pure.

use std::collections::BTreeMap;

use forms::{Field, FormSpec};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use custom::walk;

use crate::model::Text;

/// A difference at one field, or of the form itself (empty path).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FormChange {
    pub path: String,
    /// added, removed or changed.
    pub change: &'static str,
    /// Of the newer version, or of the older one when it is removed.
    pub label: Text,
    /// The properties that differ: label, type, required, options, …
    pub parts: Vec<String>,
}

/// From the older to the newer; in the order of the newer, what was removed at the end.
pub fn between(old: &FormSpec, new: &FormSpec) -> Vec<FormChange> {
    let mut changes = vec![];
    let whole = [
        ("title", old.title != new.title),
        ("sections", old.sections != new.sections),
        ("lists", old.lists != new.lists),
        ("order", order(old, new)),
    ];
    let parts: Vec<String> =
        whole.iter().filter(|(_, differs)| *differs).map(|(p, _)| (*p).to_owned()).collect();
    if !parts.is_empty() {
        changes.push(FormChange { path: String::new(), change: "changed", label: new.title.clone(), parts });
    }
    let before: BTreeMap<String, &Field> = walk(&old.fields).into_iter().collect();
    let after = walk(&new.fields);
    for (path, field) in &after {
        let change = match before.get(path) {
            None => Some(("added", vec![])),
            Some(known) => Some(("changed", differing(known, field))).filter(|(_, parts)| !parts.is_empty()),
        };
        if let Some((change, parts)) = change {
            changes.push(FormChange { path: path.clone(), change, label: field.label.clone(), parts });
        }
    }
    for (path, field) in walk(&old.fields) {
        if after.iter().all(|(p, _)| *p != path) {
            changes.push(FormChange { path, change: "removed", label: field.label.clone(), parts: vec![] });
        }
    }
    changes
}

/// Do the fields both have come in another order?
fn order(old: &FormSpec, new: &FormSpec) -> bool {
    let shared = |a: &FormSpec, b: &FormSpec| -> Vec<String> {
        a.fields.iter().map(|f| f.key.clone()).filter(|k| b.fields.iter().any(|f| f.key == *k)).collect()
    };
    shared(old, new) != shared(new, old)
}

/// Names of the members that differ; the fields of a table are told by themselves.
fn differing(old: &Field, new: &Field) -> Vec<String> {
    let members = |field: &Field| -> Map<String, Value> {
        let mut all = match serde_json::to_value(field) {
            Ok(Value::Object(all)) => all,
            _ => Map::new(),
        };
        all.remove("fields");
        all
    };
    let (old, new) = (members(old), members(new));
    let mut names: Vec<String> = old.keys().chain(new.keys()).cloned().collect();
    names.sort();
    names.dedup();
    names.retain(|n| old.get(n) != new.get(n));
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn spec(fields: Value) -> FormSpec {
        serde_json::from_value(json!({ "title": { "en": "t" }, "fields": fields })).unwrap()
    }

    #[test]
    fn what_was_added_removed_and_changed() {
        let old = spec(json!([
            { "key": "a", "type": "text", "label": { "en": "A" } },
            { "key": "b", "type": "number", "label": { "en": "B" } },
            { "key": "items", "type": "table", "label": { "en": "I" }, "fields": [{ "key": "q", "type": "number", "label": { "en": "Q" } }] },
        ]));
        let new = spec(json!([
            { "key": "a", "type": "text", "label": { "en": "A!" }, "required": "true" },
            { "key": "c", "type": "yes_no", "label": { "en": "C" } },
            { "key": "items", "type": "table", "label": { "en": "I" }, "fields": [{ "key": "q", "type": "number", "min": 1.0, "label": { "en": "Q" } }] },
        ]));
        let told: Vec<(String, &str, String)> =
            between(&old, &new).into_iter().map(|c| (c.path, c.change, c.parts.join(","))).collect();
        let row = |path: &str, change, parts: &str| (path.to_owned(), change, parts.to_owned());
        assert_eq!(
            told,
            [
                row("a", "changed", "label,required"),
                row("c", "added", ""),
                row("items.q", "changed", "min"),
                row("b", "removed", ""),
            ]
        );
        assert_eq!(between(&new, &new), vec![]);
    }
}
