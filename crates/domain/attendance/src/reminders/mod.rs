//! A word in time: before the shift to who has not come, after it to who has not gone, and one list to the head of who is
//! missing. Only people who punch are reminded, that is who did so within two weeks; each may switch his own off.

mod http;
mod sql;

use std::{
    collections::BTreeMap,
    sync::{Arc, Weak},
    time::Duration,
};

use api::Kit;
use base::{LocalDay, Micros};
use db::{Result, Scope, Tx};
use serde_json::json;
use uuid::Uuid;

use crate::{load::Loaded, punches};

pub(crate) use http::routes;
pub(crate) use sql::is_silent;

/// How often it is looked.
const EVERY: Duration = Duration::from_secs(60);
/// Who has punched within so many days is reminded.
const HABIT_DAYS: i32 = 14;

/// Handle to the running part; it ends with the last one.
#[derive(Clone)]
pub struct Reminders {
    _kept: Arc<Kit>,
}

impl Reminders {
    /// Starts reminding. Once a process.
    pub fn start(kit: &Kit) -> Reminders {
        let kept = Arc::new(kit.clone());
        tokio::spawn(watch(Arc::downgrade(&kept)));
        Reminders { _kept: kept }
    }
}

async fn watch(kit: Weak<Kit>) {
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        let Some(kit) = kit.upgrade() else { return };
        if let Err(e) =
            kit.db.each_company("reminders of punches are late", |tenant| settle(&kit, tenant)).await
        {
            tracing::warn!(error = %e, "reminders of punches wait for the store");
        }
    }
}

/// Which reminder is due, by when somebody is expected and what he has done. Pure.
fn due(expected: (Micros, Micros), come: bool, gone: bool, now: Micros) -> Option<&'static str> {
    let (from, to) = expected;
    let minutes = |m: i64| m * Micros::MINUTE;
    if !come && from.plus(minutes(-10)) <= now && now < from.plus(minutes(30)).min(to) {
        Some("in")
    } else if come && !gone && to.plus(minutes(10)) <= now && now < to.plus(minutes(90)) {
        Some("out")
    } else {
        None
    }
}

/// Heads hear of who is missing so long after the shift began.
const MISSED: i64 = 30 * Micros::MINUTE;

/// Sends what is due in a company now.
///
/// # Errors
/// When the store cannot be read or written; the watching tries again.
pub async fn settle(kit: &Kit, tenant: Uuid) -> Result<()> {
    let (scope, now) = (Scope::job("attendance", tenant), kit.now());
    if let Err(e) = punches::sweep(kit, &scope).await {
        tracing::warn!(tenant = %tenant, error = %e, "pictures of punches outside working time are still here");
    }
    let mut r = kit.db.read(&scope).await?;
    let today = now.local_day(&org::zone(&mut r).await?);
    let habit = sql::habitual(&mut r, today.plus_days(-HABIT_DAYS)).await?;
    if habit.is_empty() {
        return Ok(());
    }
    let silent = sql::silent(&mut r).await?;
    let sent = sql::sent(&mut r, today.plus_days(-1)).await?;
    let loaded = Loaded::read(&mut r, None, today.plus_days(-1), today, now).await?;
    let people = org::people(&mut r).await?;
    let heads = sql::heads(&mut r).await?;
    drop(r);
    let mut todo: Vec<(Uuid, Uuid, LocalDay, &'static str, String)> = vec![];
    let mut missing: BTreeMap<Uuid, Vec<String>> = BTreeMap::new();
    for person in people.iter().filter(|p| habit.contains(&p.id)) {
        for day in [today.plus_days(-1), today] {
            let Some(expected) = loaded.expected(person.id, day) else { continue };
            let o = loaded.outcome(person.id, day);
            if day == today && o.overdue && expected.from.plus(MISSED) <= now {
                missing.entry(person.department_id).or_default().push(person.name.clone());
            }
            let what = due((expected.from, expected.to), o.first_in.is_some(), o.last_out.is_some(), now);
            if let Some(kind) = what.filter(|_| !silent.contains(&person.id)) {
                let at = if kind == "in" { expected.from } else { expected.to };
                let clock = at.timestamp().to_zoned(loaded.zone.clone()).strftime("%H:%M").to_string();
                todo.push((person.id, person.department_id, day, kind, clock));
            }
        }
    }
    todo.retain(|(person, _, day, kind, _)| !sent.contains(&(*person, *day, (*kind).to_owned())));
    // One word a head, about all his departments.
    let mut lists: BTreeMap<Uuid, (Uuid, Vec<String>)> = BTreeMap::new();
    for (head, department) in heads {
        let told = sent.contains(&(head, today, "late".to_owned()));
        if let Some(names) = missing.get(&department).filter(|_| !told) {
            lists.entry(head).or_insert((department, vec![])).1.extend(names.iter().cloned());
        }
    }
    if todo.is_empty() && lists.is_empty() {
        return Ok(());
    }
    kit.db
        .write(&scope, move |tx| {
            Box::pin(async move {
                for (person, department, day, kind, clock) in todo {
                    let notice = if kind == "in" { "attendance.come" } else { "attendance.go" };
                    once(tx, person, department, day, kind, notice, json!({ "time": clock })).await?;
                }
                for (head, (department, names)) in lists {
                    let params = json!({ "count": names.len(), "names": names.join("、") });
                    once(tx, head, department, today, "late", "attendance.overdue", params).await?;
                }
                Ok(())
            })
        })
        .await
}

async fn once(
    tx: &mut Tx,
    to: Uuid,
    department: Uuid,
    day: LocalDay,
    kind: &str,
    notice: &'static str,
    params: serde_json::Value,
) -> Result<()> {
    if sql::note(tx, to, day, kind).await? {
        let new = notify::New { kind: notice, params, link: Some("/attendance".into()) };
        notify::send(tx, to, department, new).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_comes_in_time_and_not_forever() {
        let at = |m: i64| Micros(m * Micros::MINUTE);
        let told = |come, gone, now| due((at(540), at(1020)), come, gone, at(now));
        assert_eq!(told(false, false, 520), None);
        assert_eq!(told(false, false, 530), Some("in"));
        assert_eq!(told(true, false, 530), None);
        assert_eq!(told(false, false, 570), None, "his head hears of it now");
        assert_eq!(told(true, false, 1030), Some("out"));
        assert_eq!(told(true, true, 1030), None);
        assert_eq!(told(true, false, 1110), None);
    }
}
