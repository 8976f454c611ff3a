//! Use cases on records: filled in, changed, deleted, and what goes when a person is erased.

use std::collections::BTreeSet;

use base::{Micros, Problem, id, problem};
use custom::values;
use db::{Query, Result, Tx};
use formbook::{Purpose, Spec, files};
use forms::{FormSpec, Surroundings};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::sql::{self, Changed, NewRecord, RecordRow};
use crate::{
    NO_VERSION, OWNER, RETIRED, approval,
    definition::{self, Used, parsed},
    grants::Sight,
    sql as object_sql,
};

/// A record that somebody has filled in.
#[derive(Debug, Clone)]
pub struct Filled {
    /// Made by whoever filled it in; absent: made here.
    pub id: Option<Uuid>,
    /// Of the object.
    pub key: String,
    /// Version of the fields it was filled in with; absent: the newest.
    pub number: Option<i64>,
    pub answers: Map<String, Value>,
    /// Whose it is to be; absent: his who fills it in.
    pub owner: Option<Uuid>,
    /// When, by the clock of who filled it in, held to what is certain.
    pub filled_at: Micros,
}

/// Takes a record, once: the same id with the same content answers the id again.
///
/// # Errors
/// `not_found` for an object he may not use, `auth.forbidden` when he may make none, `object.retired`,
/// `object.no_version`, `object.owner`, `form.answers`; `sync.conflict` for an id that is another record's.
pub async fn fill_in(tx: &mut Tx, f: Filled) -> Result<Uuid> {
    let used = definition::used(tx, &f.key).await?;
    may_create(&used)?;
    let (id, me) = (f.id.unwrap_or_else(id::new_v7), tx.scope_actor());
    let said = json!({ "by": me, "object": used.row.id, "number": f.number, "answers": f.answers, "owner": f.owner });
    let sha256 = hex::encode(Sha256::digest(said.to_string()));
    if let Some(known) = sql::known(tx, id).await? {
        return again(&used, &known, &sha256, id);
    }
    if used.row.retired {
        return Err(Problem::new(RETIRED));
    }
    let number = f.number.unwrap_or(used.number);
    let spec = version(tx, used.row.id, number).await?;
    let (employee, department) = owner(tx, f.owner).await?;
    let around = surroundings(tx).await?;
    let mut filled = formbook::judge(Spec(spec.clone()), &f.answers, &around)?;
    files::check(tx, &spec, Purpose::Object, &filled.answers, &BTreeSet::new(), me).await?;
    hide_places(tx, &mut filled.answers, None, f.filled_at).await?;
    let day = tx.now().local_day(&org::zone(tx).await?);
    let new = NewRecord {
        id,
        object: used.row.id,
        number,
        employee,
        department,
        answers: &Value::Object(filled.answers.clone()).to_string(),
        score: filled.score,
        sha256: &sha256,
        day,
        filled_at: f.filled_at,
    };
    if !sql::insert(tx, &new).await? {
        // Sent twice at once: the other one has been decided meanwhile.
        return match sql::known(tx, id).await? {
            Some(known) => again(&used, &known, &sha256, id),
            None => Err(Problem::new(problem::CONFLICT)),
        };
    }
    let code = next_code(tx, &used, day).await?;
    let title = values::title(&spec, &filled.answers, used.row.title_field.as_deref());
    let title = title.unwrap_or_else(|| code.clone());
    let search = values::search_text(&spec, &filled.answers, &called(&code, &title));
    sql::name(tx, id, &code, &title, &search).await?;
    sql::set_values(tx, id, &values::items(&spec, &filled.answers)).await?;
    submitted(tx, &used, id, &code, &around).await?;
    Ok(id)
}

/// Takes out the coordinates of places the acting person gave outside his working time; what stood there `before` stays.
async fn hide_places(
    tx: &mut Tx,
    answers: &mut Map<String, Value>,
    before: Option<&Map<String, Value>>,
    at: Micros,
) -> Result<()> {
    let stood = |key: &str, value: &Value| before.and_then(|b| b.get(key)) == Some(value);
    let (same, mut fresh): (Map<_, _>, Map<_, _>) =
        std::mem::take(answers).into_iter().partition(|(key, value)| stood(key, value));
    let me = tx.scope_actor();
    if formbook::tells_place(&fresh) && !org::may_keep_places(tx, me, at, at).await? {
        formbook::without_places(&mut fresh);
    }
    *answers = same;
    answers.extend(fresh);
    Ok(())
}

/// What a record is found by beside its texts: number, name and its pinyin.
fn called(code: &str, title: &str) -> String {
    format!("{code} {title} {}", org::pinyin_of(title))
}

/// # Errors
/// `auth.forbidden`.
pub fn may_create(used: &Used) -> Result<()> {
    match used.may.create {
        true => Ok(()),
        false => Err(Problem::new(problem::FORBIDDEN).with("permission", "object.create")),
    }
}

/// The place where a record has just been taken: what follows from it, such as its approval, begins here, in the same
/// transaction.
async fn submitted(tx: &mut Tx, used: &Used, id: Uuid, code: &str, around: &Surroundings) -> Result<()> {
    let said = json!({ "object": used.row.key, "code": code });
    tx.audit("object_record.create", "object_record", id, said).await?;
    approval::hand_in(tx, used, id, around).await
}

fn again(used: &Used, known: &sql::Known, sha256: &str, id: Uuid) -> Result<Uuid> {
    let same = known.object_id == used.row.id && known.sha256 == sha256;
    if same { Ok(id) } else { Err(Problem::new(problem::CONFLICT)) }
}

/// The next number that no record has.
async fn next_code(tx: &mut Tx, used: &Used, day: base::LocalDay) -> Result<String> {
    let numbering = definition::numbering_of(&used.row)?;
    loop {
        let n = object_sql::next(tx, used.row.id, &numbering.period(day)).await?;
        let code = numbering.number(day, n);
        // A pattern that was changed may meet numbers given under another one.
        if !sql::code_given(tx, used.row.id, &code).await? {
            return Ok(code);
        }
    }
}

async fn version(q: &mut impl Query, object: Uuid, number: i64) -> Result<FormSpec> {
    match formbook::spec_of(q, object, number).await {
        Ok(spec) => Ok(spec.0),
        Err(p) if p.code == problem::NOT_FOUND => Err(Problem::new(NO_VERSION).field("number", NO_VERSION)),
        Err(p) => Err(p),
    }
}

/// Owner and department: the acting person, or somebody in his reach.
async fn owner(tx: &mut Tx, named: Option<Uuid>) -> Result<(Uuid, Uuid)> {
    let me = tx.scope_actor();
    let person = match named.filter(|id| *id != me) {
        None => org::by_ids(tx, &[me]).await?.into_iter().next(),
        Some(id) => org::person(tx, id).await.ok().filter(|p| p.status == "active"),
    };
    let person = person
        .ok_or_else(|| Problem::new(problem::INVALID).with("reason", "owner_id").field("owner_id", OWNER))?;
    Ok((person.id, person.department_id))
}

/// What formulas may look at: who fills in, and the day. An object is about no customer of its own.
pub async fn surroundings(tx: &mut Tx) -> Result<Surroundings> {
    let me = tx.scope_actor();
    let person = org::by_ids(tx, &[me]).await?.into_iter().next();
    let person = person.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    Ok(Surroundings {
        user: json!({ "id": person.id, "name": person.name, "department": person.department_name }),
        today: tx.now().local_day(&org::zone(tx).await?).to_string(),
        ..Surroundings::default()
    })
}

/// A record the acting person sees: by his grant, or because it was sent back to him.
///
/// # Errors
/// `not_found`.
async fn seen(q: &mut impl Query, used: &Used, id: Uuid, sent_back: bool) -> Result<RecordRow> {
    let sight = if sent_back { Sight::Company } else { used.may.read };
    let row = sql::one(q, used.row.id, sight, id).await?;
    row.ok_or_else(|| Problem::new(problem::NOT_FOUND))
}

/// What changes of a record.
pub struct Change {
    /// All answers as they are to be; absent: they stay.
    pub answers: Option<Map<String, Value>>,
    pub owner: Option<Uuid>,
    pub reason: String,
}

/// Changes a record; the answers are judged by the newest version of the fields.
///
/// # Errors
/// `auth.forbidden`, `version.conflict`, `form.answers`, `object.owner`.
pub async fn change(tx: &mut Tx, key: &str, id: Uuid, version: i64, c: Change) -> Result<()> {
    let used = definition::used(tx, key).await?;
    // What was sent back to him he sees and may correct, but not hand over.
    let sent_back = approval::was_sent_back(tx, id).await?;
    let row = seen(tx, &used, id, sent_back).await?;
    let may = used.may.change.covers(row.employee_id, tx.scope_actor());
    if !may && (!sent_back || c.owner.is_some()) {
        return Err(Problem::new(problem::FORBIDDEN).with("permission", "object.change"));
    }
    if row.version != version {
        return Err(Problem::new(problem::VERSION));
    }
    let before: Map<String, Value> = parsed(&row.answers)?;
    let around = surroundings(tx).await?;
    let corrected = c.answers.is_some();
    let (number, spec, answers, score) = match c.answers {
        None => (row.number, version_of(tx, &used, row.number).await?, before, row.score),
        Some(mut answers) => {
            let spec = version_of(tx, &used, used.number).await?;
            // What an older version asked and the newest does not is no answer any more; the edit keeps it.
            answers.retain(|k, v| spec.fields.iter().any(|f| f.key == *k) || before.get(k) != Some(v));
            let mut filled = formbook::judge_again(Spec(spec.clone()), &answers, &before, &around)?;
            let sent = files::named(&version_of(tx, &used, row.number).await?, Purpose::Object, &before);
            let me = tx.scope_actor();
            files::check(tx, &spec, Purpose::Object, &filled.answers, &sent, me).await?;
            let now = tx.now();
            hide_places(tx, &mut filled.answers, Some(&before), now).await?;
            (used.number, spec, filled.answers, filled.score)
        }
    };
    let (employee, department) = match c.owner.filter(|o| *o != row.employee_id) {
        Some(named) => owner(tx, Some(named)).await?,
        None => (row.employee_id, row.department_id),
    };
    let title = values::title(&spec, &answers, used.row.title_field.as_deref());
    let title = title.unwrap_or_else(|| row.code.clone());
    let changed = Changed {
        number,
        employee,
        department,
        answers: &Value::Object(answers.clone()).to_string(),
        score,
        title: &title,
        search: &values::search_text(&spec, &answers, &called(&row.code, &title)),
    };
    let kind = if changed.answers == row.answers && employee != row.employee_id { "owner" } else { "change" };
    sql::insert_edit(tx, &row, kind, &c.reason).await?;
    if !sql::update(tx, id, version, &changed).await? {
        return Err(Problem::new(problem::VERSION));
    }
    sql::set_values(tx, id, &values::items(&spec, &answers)).await?;
    let said = json!({ "object": used.row.key, "code": row.code, "owner": [row.employee_id, employee], "reason": c.reason });
    tx.audit("object_record.change", "object_record", id, said).await?;
    if corrected { approval::hand_in(tx, &used, id, &around).await } else { Ok(()) }
}

async fn version_of(q: &mut impl Query, used: &Used, number: i64) -> Result<FormSpec> {
    Ok(formbook::spec_of(q, used.row.id, number).await?.0)
}

/// Takes a record out of all lists; what it said is kept.
///
/// # Errors
/// `auth.forbidden`, `version.conflict`, `object.in_approval`.
pub async fn delete(tx: &mut Tx, key: &str, id: Uuid, version: i64, reason: &str) -> Result<()> {
    let used = definition::used(tx, key).await?;
    let row = seen(tx, &used, id, false).await?;
    if !used.may.delete.covers(row.employee_id, tx.scope_actor()) {
        return Err(Problem::new(problem::FORBIDDEN).with("permission", "object.delete"));
    }
    approval::check_settled(tx, id).await?;
    approval::close(tx, id).await?;
    sql::insert_edit(tx, &row, "delete", reason).await?;
    if !sql::delete(tx, id, version).await? {
        return Err(Problem::new(problem::VERSION));
    }
    sql::set_values(tx, id, &[]).await?;
    let said = json!({ "object": used.row.key, "code": row.code, "reason": reason });
    tx.audit("object_record.delete", "object_record", id, said).await
}

/// Erasing a person: his records stay as the company's, under no name; places in them, and what they said before, go.
/// Answers how many records had a place.
///
/// # Errors
/// When the store cannot be written.
pub async fn erase(tx: &mut Tx, person: Uuid) -> Result<u64> {
    sql::erase_edits(tx, person).await?;
    let mut changed = 0;
    for record in sql::erasable(tx, person).await? {
        let mut answers: Map<String, Value> = parsed(&record.answers)?;
        if formbook::without_places(&mut answers) {
            sql::erase_answers(tx, record.id, &Value::Object(answers).to_string()).await?;
            changed += 1;
        }
    }
    Ok(changed)
}
