//! What people can do, in the company's own words.

use api::Checks;
use base::problem;
use db::{Query, Result, Tx};
use org::Ref;
use serde::Serialize;
use serde_json::json;
use std::collections::{BTreeSet, HashMap};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::sql;

/// Most skills of one person, and of one request.
pub(crate) const MOST: usize = 20;

/// A person with what he can do.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonSkills {
    pub employee: Ref,
    pub department: Ref,
    pub skills: Vec<String>,
}

/// Faults of a list of skills.
pub(crate) fn check(checks: &mut Checks, skills: &[String]) {
    if skills.len() > MOST {
        checks.fault("skills", problem::TOO_LONG);
    }
    checks.that("skills", skills.iter().all(|s| (1..=20).contains(&s.trim().chars().count())));
}

/// Without blanks around, each once, in order.
pub(crate) fn tidy(skills: &[String]) -> Vec<String> {
    skills.iter().map(|s| s.trim().to_owned()).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Skills of people in reach, by person.
pub(crate) async fn of_people(q: &mut impl Query) -> Result<HashMap<Uuid, BTreeSet<String>>> {
    let mut all: HashMap<Uuid, BTreeSet<String>> = HashMap::new();
    for row in sql::skills(q).await? {
        all.entry(row.employee_id).or_default().insert(row.skill);
    }
    Ok(all)
}

/// Everybody in reach with his skills.
pub(crate) async fn list(q: &mut impl Query) -> Result<Vec<PersonSkills>> {
    let mut known = of_people(q).await?;
    let shown = |p: org::Person| PersonSkills {
        skills: known.remove(&p.id).unwrap_or_default().into_iter().collect(),
        department: p.department(),
        employee: p.as_ref(),
    };
    Ok(org::people(q).await?.into_iter().map(shown).collect())
}

/// Says what a person can do.
pub(crate) async fn put(tx: &mut Tx, employee: Uuid, skills: &[String]) -> Result<()> {
    let person = org::person(tx, employee).await?;
    let skills = tidy(skills);
    sql::clear_skills(tx, employee).await?;
    for skill in &skills {
        sql::add_skill(tx, employee, skill).await?;
    }
    tx.audit("employee.skills", "employee", employee, json!({ "name": person.name, "skills": skills })).await
}
