//! Names of what answers refer to.

use std::collections::{BTreeMap, BTreeSet};

use base::problem;
use db::{BoxFuture, Reader, Result, Tx};
use forms::{FieldKind, FormSpec, Target};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::records::levels;

/// A list of names with ids.
pub type Names<'a> = BoxFuture<'a, Result<Vec<(Uuid, String)>>>;

/// Registered by the floor that has this kind of thing: names of what is known among these ids.
pub struct NameHook {
    pub to: Target,
    /// What the reader may see.
    pub seen: for<'a> fn(&'a mut Reader, &'a [Uuid]) -> Names<'a>,
    /// Of the company, for whoever decides about a record.
    pub all: for<'a> fn(&'a mut Tx, &'a [Uuid]) -> Names<'a>,
}
inventory::collect!(NameHook);

/// Ids that answers refer to, by kind.
#[derive(Debug, Default)]
pub struct Named {
    customers: BTreeSet<Uuid>,
    people: BTreeSet<Uuid>,
    /// Of kinds that floors above have.
    others: Vec<(Target, BTreeSet<Uuid>)>,
}

impl Named {
    pub fn add(&mut self, spec: &FormSpec, answers: &Map<String, Value>) {
        for (fields, row) in levels(spec, answers) {
            for field in fields {
                let FieldKind::Reference { to } = &field.kind else { continue };
                let id = row.get(&field.key).and_then(Value::as_str).and_then(|s| s.parse().ok());
                if let Some(id) = id {
                    self.of(*to).insert(id);
                }
            }
        }
    }

    pub fn insert(&mut self, to: Target, id: Uuid) {
        self.of(to).insert(id);
    }

    fn of(&mut self, to: Target) -> &mut BTreeSet<Uuid> {
        match to {
            Target::Customer => &mut self.customers,
            Target::Employee => &mut self.people,
            to => {
                let at = self.others.iter().position(|(t, _)| *t == to).unwrap_or_else(|| {
                    self.others.push((to, BTreeSet::new()));
                    self.others.len() - 1
                });
                &mut self.others[at].1
            }
        }
    }

    /// Names by id, as far as the reader may see what they name.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn seen(self, r: &mut Reader) -> Result<BTreeMap<String, String>> {
        let mut names = BTreeMap::new();
        for id in self.customers {
            match customers::place(r, id).await {
                Ok(place) => drop(names.insert(id.to_string(), place.name)),
                Err(p) if p.code == problem::NOT_FOUND => {}
                Err(p) => return Err(p),
            }
        }
        for id in self.people {
            match org::person(r, id).await {
                Ok(person) => drop(names.insert(id.to_string(), person.name)),
                Err(p) if p.code == problem::NOT_FOUND => {}
                Err(p) => return Err(p),
            }
        }
        for (to, ids) in self.others {
            let ids: Vec<Uuid> = ids.into_iter().collect();
            for hook in inventory::iter::<NameHook>.into_iter().filter(|h| h.to == to) {
                names
                    .extend((hook.seen)(r, &ids).await?.into_iter().map(|(id, name)| (id.to_string(), name)));
            }
        }
        Ok(names)
    }

    /// Names by id, whatever the reach: whoever decides need not know the customers.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn all(self, tx: &mut Tx) -> Result<BTreeMap<String, String>> {
        let mut names = BTreeMap::new();
        for id in self.customers {
            match customers::customer_of_company(tx, id).await {
                Ok(customer) => drop(names.insert(id.to_string(), customer.name)),
                Err(p) if p.code == problem::NOT_FOUND => {}
                Err(p) => return Err(p),
            }
        }
        let people: Vec<Uuid> = self.people.into_iter().collect();
        names.extend(org::by_ids(tx, &people).await?.into_iter().map(|p| (p.id.to_string(), p.name)));
        for (to, ids) in self.others {
            let ids: Vec<Uuid> = ids.into_iter().collect();
            for hook in inventory::iter::<NameHook>.into_iter().filter(|h| h.to == to) {
                names
                    .extend((hook.all)(tx, &ids).await?.into_iter().map(|(id, name)| (id.to_string(), name)));
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
    for (fields, row) in levels(spec, answers) {
        for field in fields.iter().filter(|f| matches!(f.kind, FieldKind::Reference { .. })) {
            let id = row.get(&field.key).and_then(Value::as_str);
            if let Some((id, name)) = id.and_then(|id| names.get_key_value(id)) {
                own.insert(id.clone(), name.clone());
            }
        }
    }
    own
}
