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
    /// Who has left and would walk today, and who walks for each.
    left: Vec<(Person, Option<Person>)>,
    /// Everybody of the plan who has left, whatever his days.
    gone: Vec<Uuid>,
}

/// Did the keepers of the plan hear of him?
fn knows(plan: &PlanRow, person: Uuid) -> bool {
    let person = person.to_string();
    plan.told_left.as_deref().unwrap_or_default().split(',').any(|id| id == person)
}

impl Walkers {
    /// Those who have left, as it is remembered: each from the first day on that was his.
    fn said(&self, plan: &PlanRow) -> Option<String> {
        let today = |id: Uuid| self.left.iter().any(|(person, _)| person.id == id);
        let told = self.gone.iter().filter(|id| today(**id) || knows(plan, **id));
        let mut ids: Vec<String> = told.map(Uuid::to_string).collect();
        ids.sort_unstable();
        (!ids.is_empty()).then(|| ids.join(","))
    }

    /// Is something else remembered of the plan?
    pub fn news(&self, plan: &PlanRow) -> bool {
        self.said(plan) != plan.told_left
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
    let gone: Vec<Uuid> = known.iter().filter(|p| p.status != "active").map(|p| p.id).collect();
    let mut left = vec![];
    for person in known.iter().filter(|p| p.status != "active" && due(p.id)) {
        // He left after his round was made: nobody walks it twice.
        if sql::round_of_company(q, round_id(plan.id, person.id, day)).await?.is_some() {
            continue;
        }
        // Whoever has a round of the plan today has enough of it.
        let other = at_work.iter().find(|p| !walking.contains(&p.id)).cloned();
        walking.extend(other.as_ref().map(|p| p.id));
        left.push((person.clone(), other));
    }
    let mut people = vec![];
    for person in walking {
        if sql::round_of_company(q, round_id(plan.id, person, day)).await?.is_none() {
            people.push(person);
        }
    }
    Ok(Walkers { people, left, gone })
}

/// Tells the keepers of a plan who has left, once for each that leaves.
pub(super) async fn tell(tx: &mut Tx, plan: &PlanRow, walk: &Walkers) -> Result<()> {
    if !sql::set_told_left(tx, plan.id, walk.said(plan).as_deref()).await? {
        return Ok(());
    }
    for (gone, other) in walk.left.iter().filter(|(gone, _)| !knows(plan, gone.id)) {
        let (kind, to) = match other {
            Some(other) => ("inspection.left", other.name.as_str()),
            None => ("inspection.nobody", ""),
        };
        tell_all(tx, plan, kind, json!({ "name": plan.name, "who": gone.name, "to": to })).await?;
    }
    Ok(())
}
