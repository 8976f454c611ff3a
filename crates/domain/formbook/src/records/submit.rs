//! Taking a record, and correcting one.

use std::collections::BTreeSet;

use base::{LocalDay, Micros, Problem, id, problem};
use db::{Query, Result, Tx};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    failures::{self, Judged},
    judge, sql,
};
use crate::{PICTURE, Purpose, approval, files, store};

/// A form filled in at a step of a visit, whose visit, step and pictures the floor above has checked.
#[derive(Debug, Clone)]
pub struct Submission {
    /// Made by the phone.
    pub id: Uuid,
    pub form: Uuid,
    /// The version pinned to the step.
    pub number: i64,
    pub employee: Uuid,
    pub customer: Uuid,
    pub visit: Uuid,
    pub step: Uuid,
    pub task: Option<judge::TaskFacts>,
    pub day: LocalDay,
    /// By the phone's clock, and held to what is certain.
    pub device_at: Micros,
    pub filled_at: Micros,
    pub answers: Map<String, Value>,
    /// The pictures and recordings of the step.
    pub pictures: Vec<Uuid>,
    pub recordings: Vec<Uuid>,
}

/// Stores a record and answers its id. A second one for the same step is the first answered again: what it said before
/// is kept as an edit; one recorded earlier than what is known changes nothing.
///
/// # Errors
/// `form.answers`, `form.picture`; `sync.conflict` for an id that belongs to another step.
pub async fn submit(tx: &mut Tx, s: Submission) -> Result<Uuid> {
    let spec = store::spec_of(tx, s.form, s.number).await?;
    let person = org::person(tx, s.employee).await?;
    let customer = customers::customer_of_company(tx, s.customer).await?;
    let user = judge::User { id: person.id, name: &person.name, department: &person.department_name };
    let around = judge::surroundings(Some(&customer), &user, s.task.as_ref(), s.day);
    let filled = judge::judge(spec.clone(), &s.answers, &around)?;
    let own = |name: &String| name.parse().is_ok_and(|id: Uuid| s.pictures.contains(&id));
    let heard = |name: &String| name.parse().is_ok_and(|id: Uuid| s.recordings.contains(&id));
    let recordings = judge::recordings(&spec.0, &filled.answers);
    if !judge::pictures(&spec.0, &filled.answers).iter().all(own) || !recordings.iter().all(heard) {
        return Err(Problem::new(PICTURE));
    }
    let none = BTreeSet::new();
    files::check(tx, &spec.0, Purpose::Step, &filled.answers, &none, s.employee).await?;
    let answers = Value::Object(filled.answers.clone()).to_string();
    let judged = |record: Uuid| Judged {
        record,
        form: s.form,
        spec: &spec,
        author: s.employee,
        department: person.department_id,
        customer: Some(s.customer),
        day: s.day,
        filled_at: s.filled_at,
        answers: &filled.answers,
    };
    if let Some(known) = sql::at_step(tx, s.visit, s.step).await? {
        if known.answers != answers && known.device_at <= s.device_at {
            keep(tx, &known, "").await?;
            let points = (filled.score, filled.checks);
            sql::answer_again(tx, known.id, s.number, &answers, points, s.device_at, s.filled_at).await?;
            failures::note(tx, &judged(known.id)).await?;
            approval::hand_in_record(tx, known.id, &around).await?;
        }
        return Ok(known.id);
    }
    let new = sql::NewRecord {
        id: s.id,
        form: s.form,
        number: s.number,
        employee: s.employee,
        department: person.department_id,
        customer: Some(s.customer),
        visit: Some(s.visit),
        step: Some(s.step),
        day: s.day,
        task: s.task.as_ref(),
        answers: &answers,
        score: filled.score,
        checks: filled.checks,
        device_at: s.device_at,
        filled_at: s.filled_at,
    };
    if !sql::insert(tx, &new).await? {
        return Err(Problem::new(problem::CONFLICT));
    }
    failures::note(tx, &judged(s.id)).await?;
    approval::hand_in_record(tx, s.id, &around).await?;
    Ok(s.id)
}

/// The answers of a record in reach, places and all. The caller shows them to their author alone.
pub async fn answers_at(q: &mut impl Query, record: Option<Uuid>) -> Result<Option<Value>> {
    let Some(record) = record else { return Ok(None) };
    match sql::known(q, record).await {
        Ok(known) => serde_json::from_str(&known.answers).map(Some).map_err(Problem::internal),
        Err(problem) if problem.code == problem::NOT_FOUND => Ok(None),
        Err(problem) => Err(problem),
    }
}

/// Corrects a record in reach.
///
/// # Errors
/// `version.conflict`, `form.answers`, `form.picture` for a picture it did not have.
pub async fn correct(
    tx: &mut Tx,
    id: Uuid,
    version: i64,
    answers: Map<String, Value>,
    reason: &str,
) -> Result<()> {
    let light = sql::one(tx, id).await?;
    let known = sql::known(tx, id).await?;
    let spec = store::spec_of(tx, light.form_id, light.number).await?;
    let customer = match light.customer_id {
        Some(id) => Some(customers::customer_of_company(tx, id).await?),
        None => None,
    };
    let user =
        judge::User { id: light.employee_id, name: &light.employee_name, department: &light.department_name };
    let custom = known.task_facts.as_deref().map_or(Ok(Map::new()), serde_json::from_str);
    let custom = custom.map_err(Problem::internal)?;
    let task = light.task_title.clone().map(|title| judge::TaskFacts { title, custom });
    let around = judge::surroundings(customer.as_ref(), &user, task.as_ref(), light.day);
    let before: Map<String, Value> = serde_json::from_str(&known.answers).map_err(Problem::internal)?;
    let filled = judge::judge_again(spec.clone(), &answers, &before, &around)?;
    let had = judge::pictures(&spec.0, &before);
    let heard = judge::recordings(&spec.0, &before);
    let recordings = judge::recordings(&spec.0, &filled.answers);
    if !judge::pictures(&spec.0, &filled.answers).iter().all(|p| had.contains(p))
        || !recordings.iter().all(|r| heard.contains(r))
    {
        return Err(Problem::new(PICTURE));
    }
    let sent = files::named(&spec.0, Purpose::Step, &before);
    files::check(tx, &spec.0, Purpose::Step, &filled.answers, &sent, tx.scope_actor()).await?;
    let text = Value::Object(filled.answers.clone()).to_string();
    keep(tx, &known, reason).await?;
    if !sql::correct(tx, id, version, &text, (filled.score, filled.checks)).await? {
        return Err(Problem::new(problem::VERSION));
    }
    let judged = Judged {
        record: id,
        form: light.form_id,
        spec: &spec,
        author: light.employee_id,
        department: light.department_id,
        customer: light.customer_id,
        day: light.day,
        filled_at: light.filled_at,
        answers: &filled.answers,
    };
    failures::note(tx, &judged).await?;
    tx.audit(
        "form_record.change",
        "form_record",
        id,
        json!({ "employee": light.employee_id, "reason": reason }),
    )
    .await?;
    approval::hand_in_record(tx, id, &around).await
}

async fn keep(tx: &mut Tx, known: &sql::Known, reason: &str) -> Result<()> {
    sql::insert_edit(tx, id::new_v7(), known, reason).await.map(drop)
}
