use api::Checks;
use base::{Micros, Problem, problem};
use db::{Result, Tx};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::sql;
use crate::templates::MAX_STEPS;

/// Body of `practice.done`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PracticeDone {
    pub practice_id: Uuid,
    pub template_id: Uuid,
    pub steps_version: i64,
    pub started_at: Micros,
    pub done: i64,
    pub skipped: i64,
    pub total: i64,
}

/// Keeps that the acting person has practised a template.
///
/// # Errors
/// `not_found` for steps that no template has; `sync.conflict` for an id that is known.
pub async fn record(tx: &mut Tx, p: &PracticeDone, said_at: Micros) -> Result<()> {
    let most = MAX_STEPS as i64;
    Checks::new()
        .that("total", (0..=most).contains(&p.total))
        .that("done", (0..=p.total).contains(&p.done))
        .that("skipped", p.skipped >= 0 && p.done + p.skipped <= p.total)
        .done()?;
    if !sql::known(tx, p.template_id, p.steps_version).await? {
        return Err(Problem::new(problem::NOT_FOUND));
    }
    let me = tx.scope_actor();
    let department = org::person(tx, me).await?.department_id;
    let ended_at = said_at.min(tx.now());
    let started_at = p.started_at.max(Micros(0)).min(ended_at);
    match sql::insert(tx, department, p, started_at, ended_at).await? {
        true => Ok(()),
        false => Err(Problem::new(problem::CONFLICT)),
    }
}

/// Removes the note of a practice.
///
/// # Errors
/// `not_found`.
pub async fn delete(tx: &mut Tx, id: Uuid) -> Result<()> {
    if !sql::delete(tx, id).await? {
        return Err(Problem::new(problem::NOT_FOUND));
    }
    tx.audit("practice.delete", "practice", id, json!({})).await
}

/// Erasing a person: what he has practised is forgotten.
///
/// # Errors
/// When the store cannot be written.
pub async fn erase(tx: &mut Tx, person: Uuid) -> Result<u64> {
    sql::erase(tx, person).await
}
