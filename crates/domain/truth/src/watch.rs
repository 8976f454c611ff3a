//! Days as they go on: whoever has new positions is looked at within seconds, and again in full when his day is over.

use std::{
    collections::{HashMap, HashSet},
    time::{Duration, Instant},
};

use base::{LocalDay, Micros};
use db::{Database, Result, Scope};
use evidence::Darkroom;
use tokio::sync::broadcast::error::RecvError;
use tracking::{Moved, Tracking};
use trust::judge;
use uuid::Uuid;

use crate::{
    Policy,
    examine::{self, Subject},
    facts, rules, sql,
};

/// New positions are waited for so long, so that a batch is looked at once.
const GATHER: Duration = Duration::from_secs(2);
/// The same person is not looked at again sooner.
const AGAIN: Duration = Duration::from_secs(45);
/// How often visits are looked for that were asked for and not examined, by a node that went away.
const LEFT_EVERY: Duration = Duration::from_secs(5);
/// Younger ones are being examined by whoever took their records.
const LEFT: i64 = 10 * Micros::SECOND;
/// Visits examined at once.
const LEFT_MOST: i64 = 200;
/// How often ended days are looked over.
const CLOSE_EVERY: Duration = Duration::from_secs(600);
/// What comes later than this many days after is not looked at again.
const LATE_DAYS: i32 = 3;
/// Colleagues of the same department a day is compared with.
const COLLEAGUES: usize = 20;

/// Starts watching. Once a process; ends when the tracking ends.
pub fn start(db: &Database, tracking: &Tracking, darkroom: &Darkroom) {
    let (left, alike, alive) = (db.clone(), darkroom.compared(), tracking.moved());
    tokio::spawn(async move {
        let mut tick = tokio::time::interval(LEFT_EVERY);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = tick.tick() => {}
                () = alike.notified() => {}
            }
            if alive.is_closed() {
                return;
            }
            if let Err(e) = leftovers(&left).await {
                tracing::warn!(error = %e, "visits wait to be examined");
            }
        }
    });
    let mut moved = tracking.moved();
    let (live, closing) = (db.clone(), db.clone());
    tokio::spawn(async move {
        let mut waiting: HashSet<(Uuid, Uuid, LocalDay)> = HashSet::new();
        let mut seen: HashMap<(Uuid, Uuid), Instant> = HashMap::new();
        let mut tick = tokio::time::interval(GATHER);
        loop {
            tokio::select! {
                news = moved.recv() => match news {
                    Ok(Moved { tenant, employee, day }) => { waiting.insert((tenant, employee, day)); }
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return,
                },
                _ = tick.tick() => {
                    let due: Vec<_> = waiting
                        .iter()
                        .filter(|(t, e, _)| seen.get(&(*t, *e)).is_none_or(|at| at.elapsed() >= AGAIN))
                        .copied()
                        .collect();
                    for key in due {
                        waiting.remove(&key);
                        seen.insert((key.0, key.1), Instant::now());
                        if let Err(e) = in_turn(&live, key).await {
                            tracing::warn!(error = %e, "a day could not be examined");
                        }
                    }
                    seen.retain(|_, at| at.elapsed() < AGAIN * 4);
                }
            }
        }
    });
    let alive = tracking.moved();
    tokio::spawn(async move {
        let mut tick = tokio::time::interval(CLOSE_EVERY);
        loop {
            tick.tick().await;
            if alive.is_closed() {
                return;
            }
            let db = &closing;
            if let Err(e) =
                db.each_company("ended days wait to be examined", |tenant| close(db, tenant)).await
            {
                tracing::warn!(error = %e, "ended days could not be examined");
            }
        }
    });
}

/// Examines what was left, and visits whose photos were found to look like earlier ones.
async fn leftovers(db: &Database) -> Result<()> {
    db.each_company("visits wait to be examined", |tenant| left_of(db, tenant)).await
}

/// What was left of a company.
async fn left_of(db: &Database, tenant: Uuid) -> Result<()> {
    let scope = Scope::job("truth", tenant);
    let mut reader = db.read(&scope).await?;
    let mut visits = sql::due(&mut reader, db.now().plus(-LEFT), LEFT_MOST).await?;
    let alike = evidence::newly_alike(&mut reader, LEFT_MOST).await?;
    drop(reader);
    for visit in alike {
        let asked = db.write(&scope, move |tx| {
            Box::pin(async move {
                sql::ask(tx, visit, "", false, false).await?;
                evidence::alike_examined(tx, visit).await
            })
        });
        match asked.await {
            Ok(_) => visits.push(visit),
            Err(e) => tracing::warn!(%visit, error = %e, "a likeness waits to be examined"),
        }
    }
    examine::examine(db, tenant, &visits).await;
    Ok(())
}

/// Every node hears who has new positions; the one that has the company's turn looks.
async fn in_turn(db: &Database, (tenant, person, day): (Uuid, Uuid, LocalDay)) -> Result<()> {
    match db.turn(tenant).await? {
        Some(_turn) => look(db, tenant, person, day, false).await,
        None => Ok(()),
    }
}

/// Looks in full at ended days whose positions changed since they were last looked at.
async fn close(db: &Database, tenant: Uuid) -> Result<()> {
    let scope = Scope::job("truth", tenant);
    let mut reader = db.read(&scope).await?;
    let today = db.now().local_day(&org::zone(&mut reader).await?);
    let mut due = vec![];
    for day in (1..=LATE_DAYS).map(|back| today.plus_days(-back)) {
        let done = sql::examined(&mut reader, day).await?;
        let marks = tracking::marks(&mut reader, day).await?;
        due.extend(
            marks
                .into_iter()
                .map(|(person, mark)| (person, day, mark.to_string()))
                .filter(|(person, _, mark)| done.get(person) != Some(mark)),
        );
    }
    drop(reader);
    for (person, day, mark) in due {
        if let Err(e) = look(db, tenant, person, day, true).await {
            tracing::warn!(error = %e, "an ended day could not be examined");
            continue;
        }
        db.write(&scope, move |tx| Box::pin(async move { sql::set_examined(tx, person, day, &mark).await }))
            .await?;
    }
    Ok(())
}

/// Looks at a person's day; `full`: beside his own last days and his colleagues, which shows copies.
pub(crate) async fn look(db: &Database, tenant: Uuid, person: Uuid, day: LocalDay, full: bool) -> Result<()> {
    let scope = Scope::job("truth", tenant);
    let mut reader = db.read(&scope).await?;
    let wanted = examine::company_rules(&mut reader).await?;
    let Some(who) = org::by_ids(&mut reader, &[person]).await?.into_iter().next() else { return Ok(()) };
    let company = if full {
        let mates = org::people_of_department(&mut reader, Some(who.department_id)).await?;
        let mates: Vec<Uuid> =
            mates.iter().map(|p| p.id).filter(|id| *id != person).take(COLLEAGUES).collect();
        facts::day_company(&mut reader, person, &mates, day, &wanted).await?
    } else {
        let readings = tracking::readings(&mut reader, person, day).await?;
        let fixes = facts::fixes(&readings, &wanted);
        trust::Company {
            cases: vec![trust::Case { id: day.to_string(), user: 0, fixes }],
            ..trust::Company::default()
        }
    };
    let visits = work::visits::of_person_day(&mut reader, person, day).await?;
    drop(reader);
    if company.cases.is_empty() {
        return Ok(());
    }
    let judged =
        tokio::task::spawn_blocking(move || judge(&company)).await.map_err(base::Problem::internal)?;
    let Some(today) = judged.days.into_iter().next() else { return Ok(()) };
    let mut findings = today.findings;
    findings.retain(|f| f.weight > 0.0 && wanted.of(f.code) != Policy::Allow);
    if !full {
        findings.retain(|f| rules::at_once(f.code));
    }
    if findings.is_empty() {
        return Ok(());
    }
    db.write(&scope, move |tx| {
        Box::pin(async move {
            for f in findings {
                // A finding that lies in the time of a visit belongs to it.
                let touched: Vec<Uuid> = visits
                    .iter()
                    .filter(|v| {
                        let from = v.check_in_at.0 / 1000 - 600_000;
                        let to = v.check_out_at.map_or(i64::MAX, |t| t.0 / 1000);
                        f.to_ms >= from && f.from_ms <= to
                    })
                    .map(|v| v.id)
                    .collect();
                let base =
                    Subject { employee_id: person, department_id: who.department_id, visit_id: None, day };
                if touched.is_empty() {
                    examine::keep(tx, base, std::slice::from_ref(&f), &wanted).await?;
                }
                for visit in touched {
                    let subject = Subject { visit_id: Some(visit), ..base };
                    examine::keep(tx, subject, std::slice::from_ref(&f), &wanted).await?;
                    examine::settle(tx, visit, None).await?;
                }
            }
            Ok(())
        })
    })
    .await
}
