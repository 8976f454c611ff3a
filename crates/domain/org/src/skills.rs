//! What people can do, in the company's own words.

use std::collections::{BTreeSet, HashMap};

use api::Checks;
use base::problem;
use db::{Query, Result, sql};
use uuid::Uuid;

/// Most skills of one person, and of one piece of work.
const MOST: usize = 20;

db::row! { struct SkillRow { employee_id: Uuid, skill: String } }

/// Skills of people in reach, by person.
///
/// # Errors
/// When the store cannot be read.
pub async fn skills(q: &mut impl Query) -> Result<HashMap<Uuid, BTreeSet<String>>> {
    let rows: Vec<SkillRow> = q
        .all(
            sql!(
                "SELECT s.employee_id, s.skill FROM employee_skill s JOIN person e ON e.tenant_id = s.tenant_id AND e.id = s.employee_id \
                 WHERE s.tenant_id = $1 AND {reach:e} ORDER BY s.skill"
            ),
            vec![],
        )
        .await?;
    let mut all: HashMap<Uuid, BTreeSet<String>> = HashMap::new();
    for row in rows {
        all.entry(row.employee_id).or_default().insert(row.skill);
    }
    Ok(all)
}

/// Faults of a list of skills.
pub fn check_skills(checks: &mut Checks, skills: &[String]) {
    if skills.len() > MOST {
        checks.fault("skills", problem::TOO_LONG);
    }
    checks.that("skills", skills.iter().all(|s| (1..=20).contains(&s.trim().chars().count())));
}

/// Without blanks around, each once, in order.
pub fn tidy_skills(skills: &[String]) -> Vec<String> {
    skills.iter().map(|s| s.trim().to_owned()).collect::<BTreeSet<_>>().into_iter().collect()
}
