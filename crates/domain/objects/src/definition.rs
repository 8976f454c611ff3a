//! Use cases on objects: made, changed, and what a person may use.

use std::collections::BTreeSet;

use api::Checks;
use base::{Problem, id, problem};
use db::{Query, Result, Tx};
use formbook::{Purpose, Spec};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    KEY_TAKEN, NUMBERING,
    grants::{self, Grants, ObjectGrant},
    model::{MyObject, ObjectDefinition, ObjectFace, ObjectLine, Text},
    numbering::Numbering,
    sql::{self, ObjectRow, Written},
};

/// Most columns of a list.
const MOST_COLUMNS: usize = 20;

pub fn parsed<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(Problem::internal)
}

/// What a new object is made of.
pub struct NewObject {
    pub id: Option<Uuid>,
    pub key: String,
    pub name: Text,
    pub icon: String,
    pub numbering: Option<String>,
    /// Its fields to begin with.
    pub spec: Spec,
}

/// What changes of an object; what is absent stays.
#[derive(Default)]
pub struct Change {
    pub name: Option<Text>,
    pub icon: Option<String>,
    pub title_field: Option<Option<String>>,
    pub columns: Option<Vec<String>>,
    pub numbering: Option<String>,
    pub grants: Option<Grants>,
    pub retired: Option<bool>,
}

/// # Errors
/// `input.invalid` for a name that is empty or too long, an icon that is no word, columns that are none, or too much of
/// anything; `object.numbering`.
pub fn check(c: &Change) -> Result<()> {
    let name = |n: &Text| {
        let some = n.values().any(|t| !t.trim().is_empty());
        some && n.len() <= 8 && n.iter().all(|(l, t)| l.len() <= 20 && t.chars().count() <= 40)
    };
    let word = |w: &String| (1..=40).contains(&w.len()) && w.bytes().all(|b| b.is_ascii_alphanumeric());
    let keys = |all: &Vec<String>| {
        let unlike: BTreeSet<&String> = all.iter().collect();
        all.len() <= MOST_COLUMNS && unlike.len() == all.len() && all.iter().all(|k| formbook::is_key(k))
    };
    let mut checks = Checks::new();
    checks
        .that("name", c.name.as_ref().is_none_or(name))
        .that("icon", c.icon.as_ref().is_none_or(word))
        .that("title_field", c.title_field.iter().flatten().all(|k| formbook::is_key(k)))
        .that("columns", c.columns.as_ref().is_none_or(keys))
        .that("grants", c.grants.as_ref().is_none_or(|g| g.len() <= 100 && g.keys().all(|k| k.len() <= 60)));
    if c.numbering.as_ref().is_some_and(|n| Numbering::read(n).is_none()) {
        checks.fault("numbering", NUMBERING);
    }
    checks.done()
}

async fn line(q: &mut impl Query, row: &ObjectRow) -> Result<ObjectLine> {
    Ok(ObjectLine {
        id: row.id,
        key: row.key.clone(),
        name: parsed(&row.name)?,
        icon: row.icon.clone(),
        published: row.published,
        retired: row.retired,
        records: sql::records(q, row.id).await?,
        changed_at: row.changed_at,
        version: row.version,
    })
}

/// All objects of the company.
pub async fn all(q: &mut impl Query) -> Result<Vec<ObjectLine>> {
    let mut lines = vec![];
    for row in sql::all(q).await? {
        lines.push(line(q, &row).await?);
    }
    Ok(lines)
}

pub async fn definition(q: &mut impl Query, id: Uuid, now: base::Micros) -> Result<ObjectDefinition> {
    let row = sql::one(q, id).await?;
    let numbering = numbering_of(&row)?;
    let day = now.local_day(&org::zone(q).await?);
    let next = sql::last(q, id, &numbering.period(day)).await? + 1;
    Ok(ObjectDefinition {
        line: line(q, &row).await?,
        title_field: row.title_field,
        columns: parsed(&row.columns)?,
        numbering: row.numbering,
        next_code: numbering.number(day, next),
        grants: parsed(&row.grants)?,
        form: formbook::page(q, id).await?,
    })
}

pub fn numbering_of(row: &ObjectRow) -> Result<Numbering> {
    Numbering::read(&row.numbering).ok_or_else(|| Problem::internal("a stored pattern of numbers is none"))
}

/// A pattern to begin with: the key in capitals, the month, four digits.
fn usual_numbering(key: &str) -> String {
    let word: String = key.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
    format!("{}-{{yyyy}}{{mm}}-{{0000}}", word.to_uppercase())
}

/// Makes an object with the draft of its fields. The same id with the same key and fields answers as before.
pub async fn create(tx: &mut Tx, new: NewObject) -> Result<ObjectDefinition> {
    let id = new.id.unwrap_or_else(id::new_v7);
    if let Some(other) = sql::with_key(tx, &new.key).await?.filter(|o| o.id != id) {
        let taken = Problem::new(KEY_TAKEN).with("key", &new.key).with("id", other.id);
        return Err(taken.field("key", KEY_TAKEN));
    }
    formbook::create(tx, Some(id), Purpose::Object, &new.key, &new.spec).await?;
    let first = new.spec.0.fields.iter().find(|f| matches!(f.kind, forms::FieldKind::Text { .. }));
    let columns: Vec<&str> = new.spec.0.fields.iter().take(5).map(|f| f.key.as_str()).collect();
    let written = Written {
        name: &json!(new.name).to_string(),
        icon: &new.icon,
        title_field: first.map(|f| f.key.as_str()),
        columns: &json!(columns).to_string(),
        numbering: &new.numbering.unwrap_or_else(|| usual_numbering(&new.key)),
        grants: &json!(grants::usual()).to_string(),
    };
    if sql::insert(tx, id, &new.key, &written).await? {
        tx.audit("object.create", "object", id, json!({ "key": new.key, "name": new.name })).await?;
    }
    let now = tx.now();
    definition(tx, id, now).await
}

/// Changes what is said about an object; its fields change as every form.
pub async fn change(tx: &mut Tx, id: Uuid, version: i64, c: Change) -> Result<ObjectDefinition> {
    let before = sql::one(tx, id).await?;
    let changes = json!({
        "key": before.key, "name": c.name, "numbering": c.numbering, "columns": c.columns, "grants": c.grants, "retired": c.retired,
    });
    let kept = |text: Option<Value>, old: &str| text.map_or_else(|| old.to_owned(), |v| v.to_string());
    let title = c.title_field.unwrap_or_else(|| before.title_field.clone());
    let written = Written {
        name: &kept(c.name.map(|n| json!(n)), &before.name),
        icon: c.icon.as_deref().unwrap_or(&before.icon),
        title_field: title.as_deref(),
        columns: &kept(c.columns.map(|n| json!(n)), &before.columns),
        numbering: c.numbering.as_deref().unwrap_or(&before.numbering),
        grants: &kept(c.grants.map(|n| json!(n)), &before.grants),
    };
    if !sql::update(tx, id, version, &written).await? {
        return Err(Problem::new(problem::VERSION));
    }
    if let Some(retired) = c.retired.filter(|r| *r != before.retired) {
        formbook::set_retired(tx, id, retired).await?;
    }
    tx.audit("object.change", "object", id, changes).await?;
    let now = tx.now();
    definition(tx, id, now).await
}

/// An object in the eyes of the acting person.
pub struct Used {
    pub row: ObjectRow,
    /// Version that new records are filled in with.
    pub number: i64,
    pub may: ObjectGrant,
}

/// # Errors
/// `not_found` for an object that is unknown, not published, or of which his role was granted nothing.
pub async fn used(q: &mut impl Query, key: &str) -> Result<Used> {
    // What is no key names nothing; some of it no engine would even compare.
    let row = if formbook::is_key(key) { sql::with_key(q, key).await? } else { None };
    let role = role(q).await?;
    row.and_then(|row| mine(row, &role)).ok_or_else(|| Problem::new(problem::NOT_FOUND))
}

fn mine(row: ObjectRow, role: &str) -> Option<Used> {
    let grants: Grants = serde_json::from_str(&row.grants).ok()?;
    let may = grants::of_role(&grants, role);
    let number = row.published?;
    may.any().then_some(Used { row, number, may })
}

async fn role(q: &mut impl Query) -> Result<String> {
    let me = q.scope().actor();
    let person = org::by_ids(q, &[me]).await?.into_iter().next();
    Ok(person.map(|p| p.role_key).unwrap_or_default())
}

/// What the acting person may use, in the order they were made.
pub async fn used_all(q: &mut impl Query) -> Result<Vec<Used>> {
    let role = role(q).await?;
    Ok(sql::all(q).await?.into_iter().filter_map(|row| mine(row, &role)).collect())
}

pub fn shown(used: &Used) -> Result<MyObject> {
    Ok(MyObject {
        id: used.row.id,
        key: used.row.key.clone(),
        name: parsed(&used.row.name)?,
        icon: used.row.icon.clone(),
        number: used.number,
        retired: used.row.retired,
        may: used.may,
    })
}

pub async fn face(q: &mut impl Query, used: &Used) -> Result<ObjectFace> {
    Ok(ObjectFace {
        object: shown(used)?,
        title_field: used.row.title_field.clone(),
        columns: parsed(&used.row.columns)?,
        spec: formbook::spec_of(q, used.row.id, used.number).await?.value()?,
    })
}

/// The objects a person may fill in or read, with their fields, for his phone. Retired ones stay in the office.
pub async fn of_person(q: &mut impl Query) -> Result<Vec<ObjectFace>> {
    let mut faces = vec![];
    for used in used_all(q).await?.iter().filter(|u| !u.row.retired) {
        faces.push(face(q, used).await?);
    }
    Ok(faces)
}
