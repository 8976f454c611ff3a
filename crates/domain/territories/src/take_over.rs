//! A proposal comes true: all owners in one transaction, or none.

use std::collections::{BTreeMap, HashMap};

use api::Kit;
use base::{Problem, id, problem};
use db::{Result, Scope, Tx};
use org::Person;
use serde_json::json;
use uuid::Uuid;

use crate::{
    STALE, TAKEN, division,
    model::{By, COLOURS, Division},
    question,
    sql::{self, DivisionRow, TerritoryRow, Written},
};

/// Takes a proposal over.
///
/// # Errors
/// `territory.stale` when a customer that would move, or a person, was changed since; nothing is changed then.
pub async fn take_over(kit: &Kit, scope: &Scope, id: Uuid, version: i64, reason: String) -> Result<Division> {
    let now = kit.now();
    kit.db
        .write(scope, move |tx| {
            Box::pin(async move {
                let row = sql::division(tx, id).await?;
                let today = now.local_day(&org::zone(tx).await?);
                // As it was before: who moves and what is planned for them.
                let before = division::shown(tx, row, today).await?;
                if before.status != "draft" {
                    return Err(Problem::new(TAKEN));
                }
                if !sql::set_taken(tx, id, version, &reason).await? {
                    return Err(Problem::new(problem::VERSION));
                }
                let row = sql::division(tx, id).await?;
                hand_over(tx, &row).await?;
                tell(tx, &before).await?;
                let changes = json!({
                    "by": before.question.by, "people": before.people.len(), "customers": row.outcome()?.given.len(),
                    "moves": before.moves.len(), "reason": reason,
                });
                tx.audit("territory.take_over", "territory_division", id, changes).await?;
                let after = sql::division(tx, id).await?;
                // What was planned stays, and is still offered.
                division::shown(tx, after, today).await
            })
        })
        .await
}

async fn hand_over(tx: &mut Tx, row: &DivisionRow) -> Result<()> {
    let (asked, outcome) = (row.question()?, row.outcome()?);
    let people = question::people(tx).await?;
    let takers: Option<Vec<&Person>> = outcome.seats.iter().map(|e| people.get(e)).collect();
    let Some(takers) = takers else {
        return Err(Problem::new(STALE).with("count", 1).with("name", "–"));
    };
    let own = if asked.by == By::Work { territories_of(tx, &takers).await? } else { vec![] };
    let mut stale = vec![];
    let versions: HashMap<Uuid, (i64, Option<Uuid>)> = customers::served(tx, None)
        .await?
        .into_iter()
        .map(|s| (s.place.id, (s.version, s.territory_id)))
        .collect();
    for given in &outcome.given {
        let to = takers[given.seat];
        let Some(territory) = given.territory.or_else(|| own.get(given.seat).copied()) else { continue };
        let moves = given.owner != Some(to.id);
        let standing = versions.get(&given.customer);
        if !moves {
            // Who stays is only put into the territory, whatever else was changed about him.
            if standing.is_some_and(|(_, at)| *at != Some(territory)) {
                customers::put_in_territory(tx, given.customer, Some(territory)).await?;
            }
            continue;
        }
        let whom = (to.id, to.department_id);
        if !customers::hand_over(tx, given.customer, given.version, whom, territory, row.id).await? {
            stale.push(given.customer);
        }
    }
    let Some(first) = stale.first() else { return Ok(()) };
    let name = customers::customer(tx, *first).await.map_or_else(|_| "–".to_owned(), |c| c.name);
    Err(Problem::new(STALE).with("count", stale.len() as i64).with("name", name))
}

/// The territory each person has, made where there is none. What was drawn holds named customers from now on.
async fn territories_of(tx: &mut Tx, takers: &[&Person]) -> Result<Vec<Uuid>> {
    let standing = sql::all(tx).await?;
    let mut used: Vec<i64> = standing.iter().map(|t| t.colour).collect();
    let mut names: Vec<String> = standing.iter().map(|t| t.name.clone()).collect();
    let mut ids = vec![];
    for person in takers {
        let known = standing.iter().find(|t| t.employee_id == Some(person.id));
        let colour = known.map_or_else(|| free_colour(&used), |t| t.colour);
        used.push(colour);
        let written = Written {
            id: known.map_or_else(id::new_v7, |t| t.id),
            name: known.map_or_else(|| free_name(&person.department_name, &names), |t| t.name.clone()),
            colour,
            employee: Some(person.id),
            department: person.department_id,
            shape: None,
        };
        match known {
            Some(TerritoryRow { shape: Some(_), version, .. }) => {
                if !sql::update(tx, &written, *version).await? {
                    return Err(Problem::new(problem::VERSION));
                }
            }
            Some(_) => {}
            None => {
                sql::insert(tx, &written).await?;
            }
        }
        ids.push(written.id);
        names.push(written.name);
    }
    Ok(ids)
}

/// Department and number: a person's name would outlive the person.
fn free_name(department: &str, used: &[String]) -> String {
    let named = |n: usize| format!("{} {n}", department.chars().take(30).collect::<String>());
    (1..).map(named).find(|name| !used.contains(name)).unwrap_or_default()
}

/// The colour used least.
pub fn free_colour(used: &[i64]) -> i64 {
    (0..COLOURS).min_by_key(|c| (used.iter().filter(|u| *u == c).count(), *c)).unwrap_or(0)
}

/// One notice for each person who gets or loses customers.
async fn tell(tx: &mut Tx, division: &Division) -> Result<()> {
    let mut counts: BTreeMap<Uuid, (i64, i64, i64)> = BTreeMap::new();
    for moved in &division.moves {
        counts.entry(moved.to.id).or_default().0 += 1;
        if let Some(from) = &moved.from {
            counts.entry(from.id).or_default().1 += 1;
        }
    }
    for planned in &division.planned {
        counts.entry(planned.employee.id).or_default().2 += 1;
    }
    let actor = tx.scope_actor();
    let by = org::by_ids(tx, &[actor]).await?.first().map_or_else(String::new, |p| p.name.clone());
    let ids: Vec<Uuid> = counts.keys().copied().filter(|id| *id != actor).collect();
    for person in org::by_ids(tx, &ids).await?.into_iter().filter(|p| p.status == "active") {
        let (gained, lost, planned) = counts.get(&person.id).copied().unwrap_or_default();
        let params = json!({ "by": by, "gained": gained, "lost": lost, "planned": planned });
        let notice = notify::New { kind: "territory.taken", params, link: None };
        notify::send(tx, person.id, person.department_id, notice).await?;
    }
    Ok(())
}
