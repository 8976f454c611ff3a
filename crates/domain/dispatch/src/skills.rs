//! What people can do, in the company's own words.

use db::{Query, Result, Tx};
use org::Ref;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

/// A person with what he can do.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonSkills {
    pub employee: Ref,
    pub department: Ref,
    pub skills: Vec<String>,
}

/// Everybody in reach with his skills.
pub(crate) async fn list(q: &mut impl Query) -> Result<Vec<PersonSkills>> {
    let mut known = org::skills(q).await?;
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
    let skills = org::tidy_skills(skills);
    org::set_skills(tx, employee, &skills).await?;
    tx.audit("employee.skills", "employee", employee, json!({ "name": person.name, "skills": skills })).await
}
