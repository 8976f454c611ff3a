//! Records of an object from a sheet: a column a field, headed as the export heads it. What a cell says is read as the
//! field's kind; the row is then judged like any record. Rows always make new records, each with its number.

use std::collections::{HashMap, HashSet};

use base::{Problem, problem};
use custom::sheet;
use db::{BoxFuture, Result, Tx};
use formbook::cells::said;
use forms::{Field, FieldKind, FormSpec, Target};
use org::import::{Checked, Column, Committed, OwnImport, RowFault, Sheet};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::store;
use crate::{
    IMPORT_TOO_MANY,
    definition::{self, Used},
};

/// Most rows of one sheet: each is a record with a number, and all are one transaction.
const MOST_ROWS: usize = 5000;

/// The owner's column: no key of a field begins with a dash.
const OWNER: &str = "-owner";

inventory::submit! { OwnImport { prefix: "object", columns, check, commit } }

/// Kinds a cell can say.
fn fits(kind: &FieldKind) -> bool {
    !matches!(
        kind,
        FieldKind::Table { .. }
            | FieldKind::Place
            | FieldKind::Photo { .. }
            | FieldKind::Signature
            | FieldKind::Audio
            | FieldKind::File { .. }
            | FieldKind::Check(_)
            | FieldKind::Note
            | FieldKind::Reference { to: Target::Contact | Target::Product | Target::Equipment }
    )
}

fn asked(spec: &FormSpec) -> impl Iterator<Item = &Field> {
    spec.fields.iter().filter(|f| f.calc.is_none() && fits(&f.kind))
}

fn columns<'a>(tx: &'a mut Tx, key: &'a str) -> BoxFuture<'a, Result<Vec<Column>>> {
    Box::pin(async move {
        let (_, spec) = allowed(tx, key).await?;
        let mut all: Vec<Column> = asked(&spec)
            .map(|f| Column {
                key: f.key.clone(),
                zh: said(&f.label, problem::Lang::Zh),
                en: said(&f.label, problem::Lang::En),
                required: f.required.as_deref() == Some("true"),
                also: vec![],
                example: sheet::example(&spec, f),
            })
            .collect();
        all.push(Column {
            key: OWNER.into(),
            zh: "负责人".into(),
            en: "Owner".into(),
            required: false,
            also: vec![],
            example: String::new(),
        });
        Ok(all)
    })
}

/// The object with its newest fields, if the caller may make records of it.
async fn allowed(tx: &mut Tx, key: &str) -> Result<(Used, FormSpec)> {
    let used = definition::used(tx, key).await?;
    store::may_create(&used)?;
    let spec = formbook::spec_of(tx, used.row.id, used.number).await?.0;
    Ok((used, spec))
}

/// Who and what cells name.
struct Named {
    people: HashMap<String, Uuid>,
    customers: HashMap<String, Uuid>,
}

impl Named {
    async fn of(tx: &mut Tx, spec: &FormSpec) -> Result<Named> {
        let people = unique(org::people(tx).await?.into_iter().map(|p| (p.name, p.id)));
        let asks = |f: &Field| matches!(f.kind, FieldKind::Reference { to: Target::Customer });
        let customers = match asked(spec).any(asks) {
            true => {
                unique(customers::served(tx, None).await?.into_iter().map(|s| (s.place.name, s.place.id)))
            }
            false => HashMap::new(),
        };
        Ok(Named { people, customers })
    }

    /// What a cell says, as an answer.
    fn answer(&self, spec: &FormSpec, field: &Field, text: &str) -> Value {
        match &field.kind {
            FieldKind::Reference { to: Target::Customer } => named(&self.customers, text),
            FieldKind::Reference { to: Target::Employee } => named(&self.people, text),
            _ => sheet::answer(spec, field, text),
        }
    }

    fn answers(&self, spec: &FormSpec, sheet: &Sheet, row: usize) -> Map<String, Value> {
        let said = asked(spec).filter_map(|f| Some((f, sheet.text(row, &f.key)?)));
        said.map(|(f, text)| (f.key.clone(), self.answer(spec, f, text))).collect()
    }
}

/// Ids by name; a name that two have names neither.
fn unique(all: impl Iterator<Item = (String, Uuid)>) -> HashMap<String, Uuid> {
    let (mut known, mut twice) = (HashMap::new(), HashSet::new());
    for (name, id) in all {
        if known.insert(name.clone(), id).is_some_and(|other| other != id) {
            twice.insert(name);
        }
    }
    known.retain(|name, _| !twice.contains(name));
    known
}

/// The id of a name; a name that is unknown is no text either, so that the judge refuses it.
fn named(known: &HashMap<String, Uuid>, name: &str) -> Value {
    known.get(name).map_or(json!({ "unknown": name }), |id| json!(id))
}

fn check<'a>(tx: &'a mut Tx, key: &'a str, sheet: &'a Sheet) -> BoxFuture<'a, Result<Checked>> {
    Box::pin(async move {
        let (_, spec) = allowed(tx, key).await?;
        let named = Named::of(tx, &spec).await?;
        let around = store::surroundings(tx).await?;
        if sheet.rows.len() > MOST_ROWS {
            return Err(Problem::new(IMPORT_TOO_MANY));
        }
        let form = custom::compiled(spec.clone())?;
        let mut checked = Checked::default();
        for row in 0..sheet.rows.len() {
            if sheet.text(row, OWNER).is_some_and(|o| !named.people.contains_key(o)) {
                checked.fault(row, OWNER, crate::OWNER);
            }
            let answers = named.answers(&spec, sheet, row);
            if let Err(refused) = custom::judge_by(&form, &answers, &around) {
                checked.errors.extend(refused.fields.into_iter().map(|f| RowFault {
                    row,
                    field: f.field.into(),
                    code: f.code,
                    params: f.params,
                }));
            }
        }
        Ok(checked)
    })
}

fn commit<'a>(
    tx: &'a mut Tx,
    key: &'a str,
    sheet: &'a Sheet,
    ready: Vec<usize>,
) -> BoxFuture<'a, Result<Committed>> {
    Box::pin(async move {
        let (_, spec) = allowed(tx, key).await?;
        let named = Named::of(tx, &spec).await?;
        let mut done = Committed::default();
        for row in ready {
            let filled = store::Filled {
                id: None,
                key: key.to_owned(),
                number: None,
                answers: named.answers(&spec, sheet, row),
                owner: sheet.text(row, OWNER).and_then(|o| named.people.get(o)).copied(),
                filled_at: tx.now(),
            };
            store::fill_in(tx, filled).await?;
            done.created += 1;
        }
        Ok(done)
    })
}
