//! Names of what answers refer to, as far as the reader may see them.

use std::collections::{BTreeMap, BTreeSet};

use base::problem;
use db::{Query, Result};
use forms::{FieldKind, FormSpec, Target};
use serde_json::{Map, Value};
use uuid::Uuid;

/// Ids that answers refer to, by kind.
#[derive(Default)]
pub struct Named {
    customers: BTreeSet<Uuid>,
    people: BTreeSet<Uuid>,
}

impl Named {
    pub fn add(&mut self, spec: &FormSpec, answers: &Map<String, Value>) {
        for (fields, row) in formbook::levels(spec, answers) {
            for field in fields {
                let id = row.get(&field.key).and_then(Value::as_str).and_then(|s| s.parse().ok());
                match (&field.kind, id) {
                    (FieldKind::Reference { to: Target::Customer }, Some(id)) => {
                        self.customers.insert(id);
                    }
                    (FieldKind::Reference { to: Target::Employee }, Some(id)) => {
                        self.people.insert(id);
                    }
                    _ => {}
                }
            }
        }
    }

    /// Names by id; what is unknown or out of reach is left out.
    pub async fn found(self, q: &mut impl Query) -> Result<BTreeMap<String, String>> {
        let mut names = BTreeMap::new();
        for id in self.customers {
            match customers::place(q, id).await {
                Ok(place) => {
                    names.insert(id.to_string(), place.name);
                }
                Err(p) if p.code == problem::NOT_FOUND => {}
                Err(p) => return Err(p),
            }
        }
        for id in self.people {
            match org::person(q, id).await {
                Ok(person) => {
                    names.insert(id.to_string(), person.name);
                }
                Err(p) if p.code == problem::NOT_FOUND => {}
                Err(p) => return Err(p),
            }
        }
        Ok(names)
    }
}

/// Of all names, those of one record.
pub fn of_record(
    names: &BTreeMap<String, String>,
    spec: &FormSpec,
    answers: &Map<String, Value>,
) -> BTreeMap<String, String> {
    let mut own = BTreeMap::new();
    for (fields, row) in formbook::levels(spec, answers) {
        for field in fields.iter().filter(|f| matches!(f.kind, FieldKind::Reference { .. })) {
            let id = row.get(&field.key).and_then(Value::as_str);
            if let Some((id, name)) = id.and_then(|id| names.get_key_value(id)) {
                own.insert(id.clone(), name.clone());
            }
        }
    }
    own
}
