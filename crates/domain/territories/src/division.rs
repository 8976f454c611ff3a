//! A proposal as it is shown: what was kept of it, with the customers and people the reader may see.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use base::LocalDay;
use customers::Served;
use db::{Query, Result};
use geo::LngLat;
use org::Ref;
use territory::{month_m, outline};
use uuid::Uuid;

use crate::{
    model::{Barred, Division, Given, Hindrance, Load, Moved, PersonShare, Placed, Planned},
    sql::DivisionRow,
};

/// Minutes of visits in a day on the road: the rest is driving and paper.
const DAY_MINUTES: f64 = 330.0;
const MOST_DAYS: f64 = 22.0;

/// With everything that follows from it.
pub async fn shown(q: &mut impl Query, row: DivisionRow, today: LocalDay) -> Result<Division> {
    let (asked, outcome) = (row.question()?, row.outcome()?);
    let served: HashMap<Uuid, Served> =
        customers::served(q, None).await?.into_iter().map(|s| (s.place.id, s)).collect();
    let mut ids: Vec<Uuid> = outcome.seats.clone();
    for owner in outcome.moves().filter_map(|g| g.owner) {
        if !ids.contains(&owner) {
            ids.push(owner);
        }
    }
    let named = outcome.barred.iter().flat_map(|(_, person, owner)| owner.iter().chain([person]));
    let known: Vec<Uuid> = ids.iter().chain(named).copied().collect::<BTreeSet<_>>().into_iter().collect();
    let people = org::by_ids(q, &known).await?;
    let reference = |id: Uuid| {
        people.iter().find(|p| p.id == id).map_or(Ref { id, name: String::new() }, org::Person::as_ref)
    };
    let customer = |id: Uuid| served.get(&id).map(|s| Ref { id, name: s.place.name.clone() });
    let at = |g: &Given| served.get(&g.customer).and_then(|s| s.place.at);
    let seen: Vec<&Given> = outcome.given.iter().filter(|g| served.contains_key(&g.customer)).collect();
    let to = |g: &Given| outcome.seats.get(g.seat).copied();

    let share = |(k, id): (usize, &Uuid)| {
        let start = people.iter().find(|p| p.id == *id).and_then(|p| p.start_at);
        let (had, has): (Vec<&Given>, Vec<&Given>) = (
            seen.iter().copied().filter(|g| g.owner == Some(*id)).collect(),
            seen.iter().copied().filter(|g| to(g) == Some(*id)).collect(),
        );
        PersonShare {
            employee: reference(*id),
            before: load(&had, at, start),
            share_minutes: outcome.shares.get(k).copied(),
            gained: has.iter().filter(|g| g.owner != Some(*id)).count() as i64,
            lost: had.iter().filter(|g| to(g) != Some(*id)).count() as i64,
            outline: outline(&has.iter().filter_map(|g| at(g)).collect::<Vec<_>>()),
            after: load(&has, at, start),
        }
    };
    let shares = ids.iter().enumerate().map(share).collect();
    let moving = || seen.iter().copied().filter(|g| g.owner != to(g));
    let moves = moving().filter_map(|g| {
        Some(Moved {
            customer: customer(g.customer)?,
            from: g.owner.map(reference),
            to: reference(to(g)?),
            minutes: g.minutes,
        })
    });
    let points = seen.iter().filter_map(|g| {
        Some(Placed { customer_id: g.customer, at: at(g)?, person: g.seat as i64, moved: g.owner != to(g) })
    });
    let new_owner: BTreeMap<Uuid, Uuid> = moving().filter_map(|g| Some((g.customer, to(g)?))).collect();
    let planned = work::planned_from(q, today).await?.into_iter().filter_map(|t| {
        let to = *new_owner.get(&t.customer_id).filter(|to| **to != t.employee_id)?;
        Some(Planned {
            task_id: t.id,
            customer: customer(t.customer_id)?,
            day: t.day,
            employee: Ref { id: t.employee_id, name: t.employee_name },
            to: reference(to),
            stays: t.locked || t.status == "on_the_way",
            version: t.version,
        })
    });
    Ok(Division {
        id: row.id,
        status: row.status.clone(),
        made_by: row.made_by(),
        made_at: row.created_at,
        taken_by: row.taken_by(),
        taken_at: row.taken_at,
        reason: row.reason.clone(),
        people: shares,
        moves: moves.collect(),
        points: points.collect(),
        planned: planned.collect(),
        deviation_permille: outcome.deviation_permille,
        hindrance: outcome
            .hindrance
            .clone()
            .map(|(kind, id)| Hindrance { kind, customer: id.and_then(customer) }),
        without_place: outcome.without_place,
        left_out: outcome.left_out,
        barred: outcome
            .barred
            .iter()
            .filter_map(|(id, person, owner)| {
                Some(Barred {
                    customer: customer(*id)?,
                    person: reference(*person),
                    stays: owner.map(reference),
                })
            })
            .collect(),
        without_rule: outcome.without_rule,
        version: row.version,
        question: asked,
    })
}

fn load(given: &[&Given], at: impl Fn(&Given) -> Option<LngLat>, start: Option<LngLat>) -> Load {
    let minutes: i64 = given.iter().map(|g| g.minutes).sum();
    let visits: i64 = given.iter().map(|g| g.visits).sum();
    let places: Vec<(LngLat, f64)> =
        given.iter().filter_map(|g| Some((at(g)?, g.visits as f64 / 1000.0))).collect();
    let days = (minutes as f64 / DAY_MINUTES).ceil().clamp(1.0, MOST_DAYS);
    Load {
        customers: given.len() as i64,
        visits: (visits + 500) / 1000,
        minutes,
        km: (month_m(&places, start, days) / 1000.0).round() as i64,
    }
}
