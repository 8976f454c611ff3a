//! What changed between two versions of a flow. Pure.

use std::collections::BTreeMap;

use flow::{Flow, Kind, Node};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A difference at one node, or of the flow itself (empty id).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FlowChange {
    pub node: String,
    /// The kind of node: approve, copy, branch, parallel; empty for the flow.
    pub kind: String,
    /// As the company calls it, of the newer version, or of the older one when it is removed.
    pub name: String,
    /// added, removed, changed or moved.
    pub change: &'static str,
    /// The properties that differ: name, who, how, limit, lanes, …
    pub parts: Vec<String>,
}

struct Seen {
    name: String,
    members: Map<String, Value>,
    /// Lane it lies in and the node before it.
    place: String,
}

/// From the older to the newer; in the order of the newer, what was removed at the end.
pub fn between(old: &Flow, new: &Flow) -> Vec<FlowChange> {
    let mut changes = vec![];
    if old.once != new.once {
        changes.push(FlowChange {
            node: String::new(),
            kind: String::new(),
            name: String::new(),
            change: "changed",
            parts: vec!["once".into()],
        });
    }
    let (before, after) = (seen(old), seen(new));
    let known: BTreeMap<&str, &Seen> = before.iter().map(|(id, s)| (id.as_str(), s)).collect();
    for (id, now) in &after {
        match known.get(id.as_str()) {
            None => changes.push(change(id, now, "added", vec![])),
            Some(was) => {
                let parts = differing(was, now);
                if !parts.is_empty() {
                    changes.push(change(id, now, "changed", parts));
                } else if was.place != now.place {
                    changes.push(change(id, now, "moved", vec![]));
                }
            }
        }
    }
    let gone = before.iter().filter(|(id, _)| after.iter().all(|(other, _)| other != id));
    changes.extend(gone.map(|(id, was)| change(id, was, "removed", vec![])));
    changes
}

fn change(id: &str, seen: &Seen, change: &'static str, parts: Vec<String>) -> FlowChange {
    let kind = seen.members.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
    FlowChange { node: id.to_owned(), kind, name: seen.name.clone(), change, parts }
}

fn differing(old: &Seen, new: &Seen) -> Vec<String> {
    let mut names: Vec<String> = old.members.keys().chain(new.members.keys()).cloned().collect();
    names.sort();
    names.dedup();
    names.retain(|n| old.members.get(n) != new.members.get(n));
    names
}

fn seen(flow: &Flow) -> Vec<(String, Seen)> {
    let mut all = vec![];
    walk(&flow.nodes, "", &mut all);
    all
}

fn walk(nodes: &[Node], lane: &str, all: &mut Vec<(String, Seen)>) {
    let mut last = "";
    for node in nodes {
        let mut members = match serde_json::to_value(node) {
            Ok(Value::Object(members)) => members,
            _ => Map::new(),
        };
        members.remove("id");
        // what lies in the lanes is told by itself
        for lane in members.get_mut("lanes").and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(lane) = lane.as_object_mut() {
                lane.remove("nodes");
            }
        }
        all.push((
            node.id.clone(),
            Seen { name: node.name.clone(), members, place: format!("{lane}/{last}") },
        ));
        last = &node.id;
        if let Kind::Branch { lanes } | Kind::Parallel { lanes } = &node.kind {
            for (k, inner) in lanes.iter().enumerate() {
                walk(&inner.nodes, &format!("{}.{k}", node.id), all);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn flow(nodes: Value) -> Flow {
        serde_json::from_value(json!({ "v": 1, "nodes": nodes })).unwrap()
    }

    #[test]
    fn what_was_added_removed_changed_and_moved() {
        let step = |id: &str, level: u8| json!({ "id": id, "kind": "approve", "who": { "by": "heads", "level": level } });
        let branch = |nodes: Value, when: &str| json!({ "id": "x", "kind": "branch", "lanes": [{ "when": when, "nodes": nodes }, { "nodes": [] }] });
        let old = flow(json!([step("a", 1), branch(json!([step("b", 2)]), "form.n > 1"), step("c", 3)]));
        let new = flow(json!([step("a", 2), branch(json!([step("d", 2)]), "form.n > 2"), step("b", 2)]));
        let told: Vec<(String, &str, String)> =
            between(&old, &new).into_iter().map(|c| (c.node, c.change, c.parts.join(","))).collect();
        let row = |node: &str, change, parts: &str| (node.to_owned(), change, parts.to_owned());
        assert_eq!(
            told,
            [
                row("a", "changed", "who"),
                row("x", "changed", "lanes"),
                row("d", "added", ""),
                row("b", "moved", ""),
                row("c", "removed", "")
            ]
        );
        assert_eq!(between(&new, &new), vec![]);
    }
}
