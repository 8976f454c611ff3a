//! What people can do, in the company's own words.

mod sql;

use std::collections::{BTreeSet, HashMap};

use api::Checks;
use base::problem;
use db::{Query, Result, Tx};
use uuid::Uuid;

/// Most skills of one person, and of one piece of work.
const MOST: usize = 20;

/// Skills of people in reach, by person.
///
/// # Errors
/// When the store cannot be read.
pub async fn skills(q: &mut impl Query) -> Result<HashMap<Uuid, BTreeSet<String>>> {
    let mut all: HashMap<Uuid, BTreeSet<String>> = HashMap::new();
    for row in sql::all(q).await? {
        all.entry(row.employee_id).or_default().insert(row.skill);
    }
    Ok(all)
}

/// What one person in reach can do, in order.
///
/// # Errors
/// When the store cannot be read.
pub(crate) async fn skills_of(q: &mut impl Query, person: Uuid) -> Result<Vec<String>> {
    Ok(sql::of(q, person).await?.into_iter().map(|r| r.skill).collect())
}

/// Says what a person can do, in place of what was said before. The caller has checked reach and list, and writes the
/// trail.
///
/// # Errors
/// When the store cannot be written.
pub async fn set_skills(tx: &mut Tx, person: Uuid, skills: &[String]) -> Result<()> {
    sql::clear(tx, person).await?;
    for skill in tidy_skills(skills) {
        sql::insert(tx, person, &skill).await?;
    }
    Ok(())
}

/// A cell of a sheet as skills: words between commas, semicolons, strokes or 、.
pub(crate) fn skills_in(cell: &str) -> Vec<String> {
    let words = cell.split(['、', '，', ',', '；', ';', '/', '|']).map(str::trim);
    tidy_skills(&words.filter(|w| !w.is_empty()).map(str::to_owned).collect::<Vec<_>>())
}

/// Can this list be kept?
pub fn sound_skills(skills: &[String]) -> bool {
    skills.len() <= MOST && skills.iter().all(|s| (1..=20).contains(&s.trim().chars().count()))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_holds_several_skills() {
        assert_eq!(skills_in("冷柜、叉车, 冷柜 ；English"), ["English", "冷柜", "叉车"]);
        assert!(skills_in(" 、, ").is_empty());
        assert!(sound_skills(&skills_in("冷柜")) && !sound_skills(&["x".repeat(21)]));
    }
}
