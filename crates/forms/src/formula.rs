//! One formula: checked, compiled, run.

use std::{collections::HashMap, sync::Arc};

use cel::{Context, Program, Value, objects::Key};
use serde_json::Value as Json;

use crate::{
    fault::Fault,
    functions,
    profile::{self, Checked, Fields},
};

/// A formula ready to run.
#[derive(Debug)]
pub struct Formula {
    program: Program,
    checked: Checked,
}

impl Formula {
    /// # Errors
    /// The first [`Fault`], with its place in `source`.
    pub fn compile(source: &str, fields: &Fields) -> Result<Formula, Fault> {
        let checked = profile::check(source, fields)?;
        let program = Program::compile(&checked.cel).map_err(|errors| {
            let line = errors.errors.first().map_or(1, |e| e.pos.0.max(1)) as usize;
            let place = checked.places.get(line - 1).or(checked.places.last()).copied();
            Fault::new(place.unwrap_or_default(), "syntax", "")
        })?;
        Ok(Formula { program, checked })
    }

    /// Fields of the form it reads.
    pub fn reads(&self) -> &[String] {
        &self.checked.reads
    }

    /// Fields of the same table row it reads.
    pub fn reads_row(&self) -> &[String] {
        &self.checked.reads_row
    }

    /// Runs the formula. Nothing comes back when a value it needs is empty or of another kind.
    pub fn run(&self, names: &Names) -> Option<Json> {
        self.program.execute(&names.context).ok().and_then(|v| json(&v))
    }

    /// Runs a condition; what cannot be said counts as no.
    pub fn holds(&self, names: &Names) -> bool {
        self.run(names) == Some(Json::Bool(true))
    }
}

/// What a formula may look at: values under the names `form`, `row`, `customer`, `user`, `task`, `today`.
pub struct Names {
    context: Context<'static, 'static>,
}

impl Default for Names {
    fn default() -> Names {
        let mut names = Names { context: functions::context() };
        for root in profile::ROOTS {
            names.set(root, &Json::Null);
        }
        names
    }
}

impl Names {
    pub fn set(&mut self, root: &str, value: &Json) {
        self.context.add_variable_from_value(root.to_owned(), value_of(value));
    }
}

/// JSON as the engine sees it: every number is a double.
fn value_of(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(b) => Value::Bool(*b),
        Json::Number(n) => Value::Float(n.as_f64().unwrap_or(f64::NAN)),
        Json::String(s) => Value::String(Arc::new(s.clone())),
        Json::Array(items) => Value::List(Arc::new(items.iter().map(value_of).collect())),
        Json::Object(members) => {
            let map: HashMap<Key, Value> =
                members.iter().map(|(k, v)| (Key::from(k.as_str()), value_of(v))).collect();
            Value::Map(map.into())
        }
    }
}

fn json(value: &Value) -> Option<Json> {
    Some(match value {
        Value::Null => Json::Null,
        Value::Bool(b) => Json::Bool(*b),
        Value::Int(n) => Json::from(*n as f64),
        Value::Float(n) if n.is_finite() => whole(*n),
        Value::String(s) => Json::String(s.to_string()),
        Value::List(items) => Json::Array(items.iter().map(json).collect::<Option<_>>()?),
        Value::Map(map) => {
            let mut members = serde_json::Map::new();
            for (key, value) in map.map.iter() {
                members.insert(key.to_string(), json(value)?);
            }
            Json::Object(members)
        }
        _ => return None,
    })
}

/// A number as JSON writes it: 3, not 3.0.
pub(crate) fn whole(n: f64) -> Json {
    if n.fract() == 0.0 && n.abs() < 9e15 { Json::from(n as i64) } else { Json::from(n) }
}
