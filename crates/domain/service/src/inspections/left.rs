//! Who walks a plan's rounds today. A round of somebody who has left goes to another of the plan, and its keepers hear of it
//! once; where nobody can take it they hear that too.

use base::LocalDay;
use db::{Query, Result, Tx};
use org::Person;
use serde_json::json;
use uuid::Uuid;

use super::{
    make::{round_id, tell_all},
    sql::{self, PlanRow},
};

/// Who walks.
#[derive(Debug)]
pub(super) struct Walkers {
    /// Those whose round is not made yet.
    pub people: Vec<Uuid>,
    /// Who has left, and who walks for each.
    left: Vec<(Person, Option<Person>)>,
}

impl Walkers {
    /// Those who have left, as it is remembered.
    fn said(&self) -> Option<String> {
        let mut ids: Vec<String> = self.left.iter().map(|(gone, _)| gone.id.to_string()).collect();
        ids.sort_unstable();
        (!ids.is_empty()).then(|| ids.join(","))
    }

    /// Do the keepers of the plan not know yet?
    pub fn news(&self, plan: &PlanRow) -> bool {
        self.said().is_some_and(|said| plan.told_left.as_ref() != Some(&said))
    }
}

/// Who walks this plan on a day.
pub(super) async fn walkers(q: &mut impl Query, plan: &PlanRow, day: LocalDay) -> Result<Walkers> {
    let terms = plan.terms()?;
    let ids: Vec<Uuid> = terms.people.iter().map(|p| p.employee_id).collect();
    let known = org::by_ids(q, &ids).await?;
    let mut at_work = vec![];
    for person in known.iter().filter(|p| p.status == "active") {
        if !org::duty_minutes(q, person.id, day).await?.is_empty() {
            at_work.push(person.clone());
        }
    }
    let due =
        |id: Uuid| terms.people.iter().any(|p| p.employee_id == id && p.weekdays.contains(&day.weekday()));
    let mut walking: Vec<Uuid> = at_work.iter().map(|p| p.id).filter(|id| due(*id)).collect();
    let mut left = vec![];
    for gone in known.iter().filter(|p| p.status != "active" && due(p.id)) {
        // Whoever has a round of the plan today has enough of it.
        let other = at_work.iter().find(|p| !walking.contains(&p.id)).cloned();
        walking.extend(other.as_ref().map(|p| p.id));
        left.push((gone.clone(), other));
    }
    let mut people = vec![];
    for person in walking {
        if sql::round_of_company(q, round_id(plan.id, person, day)).await?.is_none() {
            people.push(person);
        }
    }
    Ok(Walkers { people, left })
}

/// Tells the keepers of a plan who has left, once for each that leaves.
pub(super) async fn tell(tx: &mut Tx, plan: &PlanRow, walk: &Walkers) -> Result<()> {
    if !sql::set_told_left(tx, plan.id, walk.said().as_deref()).await? {
        return Ok(());
    }
    for (gone, other) in &walk.left {
        let (kind, to) = match other {
            Some(other) => ("inspection.left", other.name.as_str()),
            None => ("inspection.nobody", ""),
        };
        tell_all(tx, plan, kind, json!({ "name": plan.name, "who": gone.name, "to": to })).await?;
    }
    Ok(())
}
