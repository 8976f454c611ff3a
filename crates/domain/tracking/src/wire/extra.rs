//! What a message says beside the values we know, kept as it came.

use serde_json::{Map, Value};

/// Longest text kept with one report, bytes: a report is no place for files.
pub(super) const MOST: usize = 4096;
/// Lists the members that were too large.
const DROPPED: &str = "_dropped";

/// Members in the making.
#[derive(Default)]
pub(super) struct Extra(Map<String, Value>);

impl Extra {
    /// Keeps a member. Said a second time, it becomes a list of both.
    pub fn put(&mut self, key: &str, value: impl Into<Value>) {
        let value = value.into();
        if value.is_null() {
            return;
        }
        match self.0.get_mut(key) {
            None => {
                self.0.insert(key.to_owned(), value);
            }
            Some(known) if *known == value => {}
            Some(Value::Array(list)) => list.push(value),
            Some(known) => *known = Value::Array(vec![known.take(), value]),
        }
    }

    /// Keeps an entry of a member that is always a list.
    pub fn list(&mut self, key: &str, value: impl Into<Value>) {
        let list = self.0.entry(key.to_owned()).or_insert_with(|| Value::Array(vec![]));
        if let Some(list) = list.as_array_mut() {
            list.push(value.into());
        }
    }

    /// Keeps all that is left of an object: under its own names, or as one member of the name `key`.
    pub fn rest(&mut self, rest: Map<String, Value>) {
        rest.into_iter().for_each(|(key, value)| self.put(&key, value));
    }

    pub fn rest_as(&mut self, key: &str, mut rest: Map<String, Value>) {
        rest.retain(|_, v| !v.is_null());
        if !rest.is_empty() {
            self.put(key, Value::Object(rest));
        }
    }

    /// Compact JSON, `None` when there is nothing, and how many members were left out. Where all of them are
    /// longer than [`MOST`], the largest go first, and their names are kept under `_dropped`.
    pub fn text(mut self) -> (Option<Box<str>>, u32) {
        if self.0.is_empty() {
            return (None, 0);
        }
        let mut text = Value::Object(self.0.clone()).to_string();
        let mut dropped: Vec<Value> = vec![];
        while text.len() > MOST && !self.0.is_empty() {
            let largest = self.0.iter().max_by_key(|(k, v)| (v.to_string().len() + k.len(), (*k).clone()));
            let Some(name) = largest.map(|(k, _)| k.clone()) else { break };
            self.0.remove(&name);
            dropped.push(name.chars().take(64).collect::<String>().into());
            let mut shown = self.0.clone();
            // Names of more than these would themselves be a file.
            shown.insert(DROPPED.into(), dropped.iter().take(16).cloned().collect());
            text = Value::Object(shown).to_string();
        }
        (Some(text.into()), dropped.len() as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_largest_goes_and_says_so() {
        let mut extra = Extra::default();
        extra.put("small", 1);
        extra.put("image", "x".repeat(MOST));
        let (text, dropped) = extra.text();
        let kept: Value = serde_json::from_str(&text.unwrap()).unwrap();
        assert_eq!((kept, dropped), (json!({ "small": 1, "_dropped": ["image"] }), 1));
    }

    #[test]
    fn many_small_ones_end_too() {
        let mut extra = Extra::default();
        (0..2000).for_each(|i| extra.put(&format!("key{i}"), i));
        let (text, dropped) = extra.text();
        assert!(text.unwrap().len() <= MOST && dropped > 1000);
    }

    #[test]
    fn said_twice_is_a_list() {
        let mut extra = Extra::default();
        extra.put("a", 1);
        extra.put("a", 2);
        extra.put("a", 2);
        extra.list("cell", "x");
        assert_eq!(extra.text().0.as_deref(), Some(r#"{"a":[1,2,2],"cell":["x"]}"#));
    }
}
