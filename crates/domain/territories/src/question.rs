//! From customers, people and rules to the question for the engine, and back.

use std::{collections::HashMap, time::Duration};

use api::Kit;
use base::{Problem, problem};
use customers::Served;
use db::{Query, Result, Scope};
use org::Person;
use territory::{Hindrance, Point, Question, Seat, divide};
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::{
    NOTHING, PEOPLE, TOO_MANY,
    model::{Asked, By, Given, Outcome},
    sql,
};

/// Most customers of one division.
pub const MOST: usize = 12_000;
/// Most people.
pub const MOST_PEOPLE: usize = 200;
/// The search takes a core for seconds: one at a time.
static TURNS: Semaphore = Semaphore::const_new(1);
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// The same question gives the same answer.
const SEED: u64 = 1;

/// Work of a customer a month: visits in thousandths, minutes, and whether a rule says so.
#[derive(Debug, Clone, Copy)]
pub struct Work {
    pub visits: i64,
    pub minutes: i64,
    pub by_rule: bool,
}

/// A visit of half an hour a month, where no rule says otherwise.
const USUAL: Work = Work { visits: 1000, minutes: 30, by_rule: false };

/// Work of each customer, in their order.
pub async fn work_of(q: &mut impl Query, served: &[Served]) -> Result<Vec<Work>> {
    let found = work::monthly_work(q, served).await?;
    let work = |w: Option<work::MonthlyWork>| {
        w.map_or(USUAL, |w| Work { visits: w.visits_milli, minutes: w.minutes, by_rule: true })
    };
    Ok(found.into_iter().map(work).collect())
}

/// People in reach by id; those who left are not among them.
pub async fn people(q: &mut impl Query) -> Result<HashMap<Uuid, Person>> {
    Ok(org::people_of_department(q, None).await?.into_iter().map(|p| (p.id, p)).collect())
}

/// Makes a proposal, without storing it.
pub async fn answer(kit: &Kit, scope: &Scope, asked: &Asked) -> Result<Outcome> {
    let mut r = kit.db.read(scope).await?;
    let people = people(&mut r).await?;
    let mut served = customers::served(&mut r, asked.department_id).await?;
    if let Some(only) = &asked.customer_ids {
        let only: std::collections::HashSet<Uuid> = only.iter().copied().collect();
        served.retain(|s| only.contains(&s.place.id));
        if served.len() != only.len() {
            return Err(Problem::new(problem::NOT_FOUND));
        }
    }
    if served.len() > MOST {
        return Err(Problem::new(TOO_MANY).with("most", MOST as i64).with("count", served.len() as i64));
    }
    let works = work_of(&mut r, &served).await?;
    match asked.by {
        By::Territories => {
            let territories = sql::all(&mut r).await?;
            drop(r);
            let of = |s: &Served| {
                let own = territories.iter().find(|t| Some(t.id) == s.territory_id)?;
                own.employee_id.filter(|e| people.contains_key(e))
            };
            as_drawn(&served, &works, of)
        }
        By::Work => {
            drop(r);
            let takers: Option<Vec<&Person>> =
                asked.people.iter().map(|t| people.get(&t.employee_id)).collect();
            let takers = takers.ok_or_else(|| {
                Problem::new(problem::INVALID).with("reason", "people").field("people", PEOPLE)
            })?;
            evenly(asked, served, works, &takers).await
        }
    }
}

/// Each customer to who is responsible for his territory.
fn as_drawn(served: &[Served], works: &[Work], of: impl Fn(&Served) -> Option<Uuid>) -> Result<Outcome> {
    let mut outcome = Outcome {
        seats: vec![],
        shares: vec![],
        given: vec![],
        deviation_permille: 0,
        hindrance: None,
        without_place: 0,
        left_out: 0,
        barred: vec![],
        without_rule: 0,
    };
    for (s, w) in served.iter().zip(works) {
        let Some(person) = of(s) else {
            outcome.left_out += 1;
            continue;
        };
        if s.place.whom.bars(person) {
            outcome.barred.push((s.place.id, person, s.place.owner_id));
            continue;
        }
        let seat = outcome.seats.iter().position(|e| *e == person).unwrap_or_else(|| {
            outcome.seats.push(person);
            outcome.seats.len() - 1
        });
        outcome.without_rule += i64::from(!w.by_rule);
        outcome.given.push(given(s, w, seat, s.territory_id));
    }
    if outcome.given.is_empty() && outcome.barred.is_empty() {
        return Err(Problem::new(NOTHING));
    }
    let mut loads = vec![0; outcome.seats.len()];
    outcome.given.iter().for_each(|g| loads[g.seat] += g.minutes);
    let mean = loads.iter().sum::<i64>() / loads.len().max(1) as i64;
    outcome.shares = vec![mean; loads.len()];
    let off = loads.iter().map(|l| (l - mean).abs()).max().unwrap_or(0);
    outcome.deviation_permille = if mean > 0 { off * 1000 / mean } else { 0 };
    Ok(outcome)
}

fn given(s: &Served, w: &Work, seat: usize, territory: Option<Uuid>) -> Given {
    Given {
        customer: s.place.id,
        version: s.version,
        owner: s.place.owner_id,
        seat,
        territory,
        minutes: w.minutes,
        visits: w.visits,
    }
}

async fn evenly(asked: &Asked, served: Vec<Served>, works: Vec<Work>, takers: &[&Person]) -> Result<Outcome> {
    let seat_of = |owner: Uuid| takers.iter().position(|t| t.id == owner);
    let (mut without_place, mut left_out, mut without_rule) = (0, 0, 0);
    let (mut points, mut asked_about) = (vec![], vec![]);
    let named = asked.customer_ids.is_some();
    for (s, w) in served.into_iter().zip(works) {
        let today = s.place.owner_id.and_then(seat_of);
        if s.place.owner_id.is_some() && today.is_none() && !asked.others && !named {
            left_out += 1;
            continue;
        }
        let Some(at) = s.place.at else {
            without_place += 1;
            continue;
        };
        without_rule += i64::from(!w.by_rule);
        points.push(Point { at, work: w.minutes as f64, today });
        asked_about.push((s, w));
    }
    if points.is_empty() {
        return Err(Problem::new(NOTHING));
    }
    let seats = takers
        .iter()
        .zip(&asked.people)
        .map(|(p, t)| Seat { start: p.start_at, capacity: t.hours.map(|h| h as f64 * 60.0) });
    let question = Question { points, seats: seats.collect(), keep: asked.keep as f64 / 100.0 };
    let turn = tokio::time::timeout(LONGEST_WAIT, TURNS.acquire())
        .await
        .map_err(|_| Problem::new(problem::BUSY).retry_after(15))?
        .map_err(Problem::internal)?;
    let answer = tokio::task::spawn_blocking(move || {
        // Held until the search ends, also when nobody waits for it any more.
        let _turn = turn;
        divide(&question, SEED)
    })
    .await
    .map_err(Problem::internal)?
    .map_err(Problem::internal)?;
    let hindrance = answer.hindrance.map(|h| match h {
        Hindrance::HeavyPoint(k) => {
            ("heavy_customer".to_owned(), asked_about.get(k).map(|(s, _)| s.place.id))
        }
        Hindrance::FewPoints => ("few_customers".to_owned(), None),
        Hindrance::Grain => ("grain".to_owned(), None),
    });
    let (mut all, mut barred) = (vec![], vec![]);
    let mut loads = vec![0; takers.len()];
    for ((s, w), seat) in asked_about.iter().zip(&answer.seat_of) {
        let owner = s.place.owner_id;
        let person = takers[*seat].id;
        // Whoever is never sent to a customer does not get him; he stays with whom he is.
        let seat = if s.place.whom.bars(person) {
            barred.push((s.place.id, person, owner));
            let Some(own) = owner.and_then(seat_of) else { continue };
            own
        } else {
            *seat
        };
        loads[seat] += w.minutes;
        all.push(given(s, w, seat, None));
    }
    let shares: Vec<i64> = answer.shares.iter().map(|s| s.round() as i64).collect();
    let deviation_permille = if barred.is_empty() {
        (answer.deviation * 1000.0).round() as i64
    } else {
        let off = |(load, share): (&i64, &i64)| (load - share).abs() * 1000 / (*share).max(1);
        loads.iter().zip(&shares).map(off).max().unwrap_or(0)
    };
    Ok(Outcome {
        seats: takers.iter().map(|t| t.id).collect(),
        shares,
        given: all,
        deviation_permille,
        hindrance,
        without_place,
        left_out,
        barred,
        without_rule,
    })
}
