//! Records from outside visits: filled in with ODK Collect, sent once or many times.

use std::collections::BTreeSet;

use base::{LocalDay, Micros, Problem, problem};
use db::{Query, Result, Tx};
use forms::{Filled, Surroundings};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{judge, sql, without_places};
use crate::{
    approval, files,
    model::{Purpose, Spec, Text},
    sql as forms_sql, store,
};

/// A form that is offered for filling in outside visits, in its newest version.
#[derive(Debug, Clone)]
pub struct Offered {
    pub id: Uuid,
    pub key: String,
    pub title: Text,
    pub number: i64,
    pub spec: Spec,
}

/// Forms marked for Collect, published and not retired.
pub async fn offered(q: &mut impl Query) -> Result<Vec<Offered>> {
    let rows = forms_sql::offered(q).await?;
    rows.into_iter()
        .map(|r| {
            let title = serde_json::from_str(&r.title).map_err(Problem::internal)?;
            Ok(Offered { id: r.id, key: r.key, title, number: r.number, spec: Spec::stored(&r.spec)? })
        })
        .collect()
}

/// The named version of a form that is or was offered: what was filled in with it before it was taken back must not be
/// lost.
///
/// # Errors
/// `not_found`.
pub async fn version(q: &mut impl Query, key: &str, number: i64) -> Result<(Uuid, Spec)> {
    let id = forms_sql::with_key(q, Purpose::Step.key(), key)
        .await?
        .ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    Ok((id, store::spec_of(q, id, number).await?))
}

/// A form filled in outside visits.
#[derive(Debug, Clone)]
pub struct Collected {
    /// Made from who sent it and what he sent: the same however often it comes.
    pub id: Uuid,
    pub form: Uuid,
    pub number: i64,
    pub day: LocalDay,
    /// By the phone's clock, and not later than now.
    pub device_at: Micros,
    pub filled_at: Micros,
    pub answers: Map<String, Value>,
    /// Was it filled in during working time? Places of other times are not kept.
    pub on_duty: bool,
}

/// Would [`collect`] take it? Stores nothing.
///
/// # Errors
/// As [`collect`].
pub async fn check_collected(q: &mut impl Query, c: &Collected) -> Result<()> {
    let me = q.scope().actor();
    if let Some(known) = sql::with_id(q, c.id).await? {
        return if known == me { Ok(()) } else { Err(Problem::new(problem::CONFLICT)) };
    }
    judged(q, c).await.map(drop)
}

async fn judged(q: &mut impl Query, c: &Collected) -> Result<(Filled, Surroundings, org::Person)> {
    let spec = store::spec_of(q, c.form, c.number).await?;
    let me = q.scope().actor();
    let person = org::person(q, me).await?;
    let user = judge::User { id: me, name: &person.name, department: &person.department_name };
    let around = judge::surroundings(None, &user, None, c.day);
    let filled = judge::judge(spec.clone(), &c.answers, &around)?;
    files::check(q, &spec.0, Purpose::Step, &filled.answers, &BTreeSet::new(), me).await?;
    Ok((filled, around, person))
}

/// Stores a record of the acting person, once; answers whether it is new.
///
/// # Errors
/// `form.answers`; `sync.conflict` for an id that is another person's.
pub async fn collect(tx: &mut Tx, c: Collected) -> Result<bool> {
    let me = tx.scope().actor();
    if let Some(known) = sql::with_id(tx, c.id).await? {
        return if known == me { Ok(false) } else { Err(Problem::new(problem::CONFLICT)) };
    }
    let (filled, around, person) = judged(tx, &c).await?;
    let mut answers = filled.answers;
    if !c.on_duty {
        without_places(&mut answers);
    }
    let answers = Value::Object(answers).to_string();
    let new = sql::NewRecord {
        id: c.id,
        form: c.form,
        number: c.number,
        employee: me,
        department: person.department_id,
        customer: None,
        visit: None,
        step: None,
        day: c.day,
        task: None,
        answers: &answers,
        score: filled.score,
        checks: filled.checks,
        device_at: c.device_at,
        filled_at: c.filled_at,
    };
    if !sql::insert(tx, &new).await? {
        return Err(Problem::new(problem::CONFLICT));
    }
    approval::hand_in_record(tx, c.id, &around).await?;
    Ok(true)
}
