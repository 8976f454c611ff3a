//! One run: the days ahead by the rules, then what fell through, then the news.

use std::collections::BTreeMap;

use api::Kit;
use base::{LocalDay, Problem};
use db::{Result, Scope, Tx};
use serde_json::json;
use uuid::Uuid;

use super::{Kept, Outcome, kept, sql};
use crate::frequency::{
    TOO_MANY, TOO_MANY_PEOPLE,
    generate::make,
    missed::{self, Missed},
    outlook::OutlookVisit,
    question::Weeks,
    sql as rules,
};

/// What came of a run for the people of one department.
#[derive(Debug, Clone, Copy, Default)]
struct Share {
    tasks: i64,
    again: i64,
    unplaced: i64,
}

impl Share {
    fn add(&mut self, more: Share) {
        self.tasks += more.tasks;
        self.again += more.again;
        self.unplaced += more.unplaced;
    }
}

/// Plans the days ahead of a company if that is due.
///
/// # Errors
/// When the store cannot be read or written, or somebody else is planning; the next round tries again.
pub async fn settle(kit: &Kit, tenant: Uuid) -> Result<()> {
    let scope = Scope::job("frequency", tenant);
    let mut r = kit.db.read(&scope).await?;
    let Some(before) = kept(&mut r).await? else { return Ok(()) };
    let (zone, now) = (org::zone(&mut r).await?, kit.now());
    let (today, minute) = (now.local_day(&zone), now.local_minute(&zone));
    let asked_for =
        before.is_due(today, minute) && rules::rules(&mut r).await?.iter().any(|rule| rule.active);
    drop(r);
    if !asked_for {
        return Ok(());
    }
    let (from, to) = before.rule.days(today);
    let mut outcome = Outcome::of((from, to));
    let mut shares: BTreeMap<Uuid, Share> = BTreeMap::new();
    let whole = Weeks { from, to, department: None, alone: false, called_off_stays: true };
    plan(kit, &scope, whole, &mut outcome, &mut shares).await?;
    if before.rule.again {
        again(kit, &scope, &mut outcome, &mut shares).await?;
    }
    kit.db
        .write(&scope, move |tx| Box::pin(async move { close(tx, &before, today, outcome, shares).await }))
        .await
}

/// Plans the whole company at once; where that is too much, department by department, each with those below it as far as
/// they fit.
async fn plan(
    kit: &Kit,
    scope: &Scope,
    whole: Weeks,
    outcome: &mut Outcome,
    shares: &mut BTreeMap<Uuid, Share>,
) -> Result<()> {
    let mut parts = vec![whole];
    while let Some(part) = parts.pop() {
        match make(kit, scope, part).await {
            Ok((done, outlook, situation)) => {
                outcome.tasks += done.tasks;
                outcome.failed += done.failed.len() as i64;
                outcome.unplaced += outlook.unmet.len() as i64;
                for (person, shown) in situation.people.iter().zip(&outlook.people) {
                    let fresh = |v: &&OutlookVisit| v.task_id.is_none();
                    let refused = |day: LocalDay| {
                        done.failed.iter().any(|f| f.employee.id == person.id && f.day == day)
                    };
                    let made = shown.days.iter().filter(|d| !refused(d.day));
                    let tasks = made.map(|d| d.visits.iter().filter(fresh).count() as i64).sum();
                    shares.entry(person.department_id).or_default().add(Share { tasks, ..Share::default() });
                }
                for one in &outlook.unmet {
                    let Some(department) = situation.department_of(one.customer.id) else { continue };
                    shares.entry(department).or_default().add(Share { unplaced: 1, ..Share::default() });
                }
            }
            Err(p) if [TOO_MANY, TOO_MANY_PEOPLE].contains(&p.code) => {
                let mut r = kit.db.read(scope).await?;
                if part.alone {
                    outcome.failed += 1;
                    tracing::warn!(department = ?part.department, code = p.code.code, "too much for one plan");
                    continue;
                }
                let below = sql::departments_below(&mut r, part.department).await?;
                parts.extend(below.into_iter().map(|d| Weeks { department: Some(d), ..part }));
                if part.department.is_some() {
                    parts.push(Weeks { alone: true, ..part });
                }
            }
            // Also where somebody pressed the button in this moment: the next round finds what he made standing.
            Err(p) => return Err(p),
        }
    }
    Ok(())
}

/// Most missed visits one day of a person is given by itself; what is left waits for the next morning, or for people.
const MOST_ANEW: usize = 2;

/// Plans visits that were forgotten on the day that is suggested to people, too. What somebody decided to leave out is left to
/// people.
async fn again(
    kit: &Kit,
    scope: &Scope,
    outcome: &mut Outcome,
    shares: &mut BTreeMap<Uuid, Share>,
) -> Result<()> {
    let wanted = |m: &Missed| m.status == "overdue";
    let mut given: BTreeMap<(Uuid, LocalDay), usize> = BTreeMap::new();
    let mut broken = None;
    let mut told: BTreeMap<Uuid, Vec<String>> = BTreeMap::new();
    for one in missed::missed(kit, scope).await?.into_iter().filter(wanted) {
        let Some(day) = one.suggested else { continue };
        let of_day = given.entry((one.employee.id, day)).or_default();
        if *of_day == MOST_ANEW {
            continue;
        }
        match missed::by_itself(kit, scope, one.task_id, day).await {
            Ok(_) => {
                *of_day += 1;
                outcome.again += 1;
                told.entry(one.employee.id).or_default().push(one.customer.name);
            }
            // Archived, left or planned meanwhile: it stays on the list, with its reason for whoever tries.
            Err(p) if p.code.status < 500 => {
                tracing::info!(task = %one.task_id, code = p.code.code, "a missed visit stays on the list");
            }
            // Whoever got something is told all the same: after this it is no longer missed.
            Err(p) => {
                broken = Some(p);
                break;
            }
        }
    }
    if told.is_empty() {
        return broken.map_or(Ok(()), Err);
    }
    let ids: Vec<Uuid> = told.keys().copied().collect();
    let people = org::by_ids(&mut kit.db.read(scope).await?, &ids).await?;
    for person in &people {
        let count = told.get(&person.id).map_or(0, |names| names.len() as i64);
        shares.entry(person.department_id).or_default().add(Share { again: count, ..Share::default() });
    }
    kit.db
        .write(scope, move |tx| {
            Box::pin(async move {
                for person in people {
                    let Some(names) = told.get(&person.id) else { continue };
                    let params =
                        json!({ "count": names.len(), "zh": names.join("、"), "en": names.join(", ") });
                    let notice = notify::New { kind: "frequency.again", params, link: None };
                    notify::send(tx, person.id, person.department_id, notice).await?;
                }
                Ok(())
            })
        })
        .await?;
    broken.map_or(Ok(()), Err)
}

/// Keeps the run and tells whoever looks after the people, each about his own; who switched it on hears all of it. Where nothing
/// was made and no more is left out than the day before, nobody is told.
async fn close(
    tx: &mut Tx,
    before: &Kept,
    today: LocalDay,
    outcome: Outcome,
    shares: BTreeMap<Uuid, Share>,
) -> Result<()> {
    let text = serde_json::to_string(&outcome).map_err(Problem::internal)?;
    if sql::set_ran(tx, today, &text).await? == 0 {
        return Ok(());
    }
    let left_out = |o: &Outcome| (o.unplaced, o.failed);
    let known = before.outcome.as_ref().map_or((0, 0), left_out);
    if outcome.tasks + outcome.again == 0 && left_out(&outcome) == known {
        return Ok(());
    }
    let mut news: BTreeMap<Uuid, (Uuid, Share)> = BTreeMap::new();
    for (department, share) in shares.into_iter().filter(|(_, s)| s.tasks + s.again + s.unplaced > 0) {
        for boss in org::responsible(tx, department, Uuid::nil()).await? {
            news.entry(boss.id).or_insert((boss.department_id, Share::default())).1.add(share);
        }
    }
    if let Some((setter, department)) = sql::setter(tx).await? {
        let Outcome { tasks, again, unplaced, failed, .. } = outcome;
        news.insert(setter, (department, Share { tasks, again, unplaced: unplaced + failed }));
    }
    for (to, (department, share)) in news {
        let params = json!({
            "from": outcome.from, "to": outcome.to, "tasks": share.tasks, "again": share.again, "unplaced": share.unplaced,
        });
        let notice = notify::New { kind: "frequency.ahead", params, link: Some("/frequency".into()) };
        notify::send(tx, to, department, notice).await?;
    }
    Ok(())
}
