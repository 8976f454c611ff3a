//! Following positions: a person's events are made anew a few seconds after his positions have changed, from the
//! whole of his day, and what differs from what is kept is put right.

use std::{
    collections::{HashMap, HashSet},
    sync::Weak,
    time::Duration,
};

use base::{LocalDay, Micros, id};
use db::{News, Result, Scope, Tx};
use fence::{Event, Seen, WatchRules};
use serde_json::json;
use tokio::{sync::broadcast::error::RecvError, time::Instant};
use uuid::Uuid;

use crate::{
    Inner,
    model::{EventKind, Listener},
    rules::{self, Watched},
    sql::{self, KeptRow, NewEvent},
    watched::Places,
};

/// How long positions of one person are gathered, at least.
const GATHER: Duration = Duration::from_secs(3);
/// After a round this many times its length passes, so that thousands who move at once leave the processor to those
/// whose positions come in.
const REST: u32 = 4;

/// Runs until the last handle is dropped.
pub(crate) async fn follow(inner: Weak<Inner>) {
    let Some(strong) = inner.upgrade() else { return };
    let mut moved = strong.tracking.moved();
    drop(strong);
    let mut dirty: HashSet<(Uuid, Uuid, LocalDay)> = HashSet::new();
    let mut next = Instant::now() + GATHER;
    loop {
        tokio::select! {
            m = moved.recv() => match m {
                Ok(m) => { dirty.insert((m.tenant, m.employee, m.day)); }
                // Whoever is missed now is looked at when he moves again.
                Err(RecvError::Lagged(missed)) => tracing::warn!(missed, "fences are behind"),
                Err(RecvError::Closed) => return,
            },
            () = tokio::time::sleep_until(next) => {
                let Some(inner) = inner.upgrade() else { return };
                let begin = Instant::now();
                for (tenant, employee, day) in dirty.drain() {
                    if let Err(e) = in_turn(&inner, tenant, employee, day).await {
                        tracing::warn!(error = %e, "fence events are late");
                    }
                }
                next = Instant::now() + GATHER.max(begin.elapsed() * REST);
            }
        }
    }
}

/// Every node hears who has moved; the one that has the company's turn looks.
async fn in_turn(inner: &Inner, tenant: Uuid, employee: Uuid, day: LocalDay) -> Result<()> {
    match inner.db.turn(tenant).await? {
        Some(_turn) => compute(inner, tenant, employee, day).await,
        None => Ok(()),
    }
}

/// Makes a person's events of a day anew.
pub(crate) async fn compute(inner: &Inner, tenant: Uuid, employee: Uuid, day: LocalDay) -> Result<()> {
    let scope = Scope::job("fences", tenant);
    let places = inner.places(tenant).await?;
    let mut reader = inner.db.read(&scope).await?;
    let kept = sql::kept(&mut reader, employee, day).await?;
    // Where nothing is watched nothing can be found, and a whole day need not be read.
    let readings = match places.places.is_empty() {
        true => vec![],
        false => tracking::readings(&mut reader, employee, day).await?,
    };
    drop(reader);
    let watched = places.clone();
    let found = tokio::task::spawn_blocking(move || find(&watched, &readings, employee)).await;
    let found = found.map_err(base::Problem::internal)?;
    let key = |e: &Event| (e.fence, EventKind::from(e.kind).key(), micros(e.at_ms));
    let stays = |k: &KeptRow| found.iter().any(|e| key(e) == (k.fence_id, &*k.kind, k.at));
    let fresh: Vec<Event> = found
        .iter()
        .filter(|e| !kept.iter().any(|k| key(e) == (k.fence_id, &*k.kind, k.at)))
        .copied()
        .collect();
    let gone: Vec<Uuid> = kept.iter().filter(|k| !stays(k)).map(|k| k.id).collect();
    if fresh.is_empty() && gone.is_empty() {
        return Ok(());
    }
    let before: Vec<(Uuid, EventKind, i64)> =
        kept.iter().map(|k| (k.fence_id, EventKind::from_key(&k.kind), k.at.0.div_euclid(1000))).collect();
    let told = inner
        .db
        .write(&scope, move |tx| {
            Box::pin(async move { put_right(tx, &places, employee, day, fresh, gone, before).await })
        })
        .await?;
    tracing::debug!(told, "fence events put right");
    Ok(())
}

/// Events of a day's readings that are kept.
fn find(places: &Places, readings: &[tracking::reading::Reading], employee: Uuid) -> Vec<Event> {
    let seen: Vec<Seen> = readings
        .iter()
        .filter(|r| !r.mock && !r.backfill)
        .filter_map(|r| Some(Seen { t_ms: r.t_ms, at: r.place()?, acc_m: r.acc_dm.map(|v| v as f32 / 10.0) }))
        .collect();
    let mut events = fence::watch(&places.fences, &places.index, &seen, &WatchRules::default());
    let of = |id: Uuid| places.places.iter().find(|p| p.id == id);
    let kept = |e: &Event| of(e.fence).is_some_and(|p| rules::kept(p, e.kind.into(), employee));
    events.retain(kept);
    events
}

fn micros(ms: i64) -> Micros {
    Micros(ms.saturating_mul(1000))
}

/// Stores what is new, removes what is no longer found, and tells who wants to hear. Answers how many were told.
async fn put_right(
    tx: &mut Tx,
    places: &Places,
    employee: Uuid,
    day: LocalDay,
    fresh: Vec<Event>,
    gone: Vec<Uuid>,
    before: Vec<(Uuid, EventKind, i64)>,
) -> Result<usize> {
    let person = org::by_ids(tx, &[employee]).await?.into_iter().next();
    let Some(person) = person else { return Ok(0) };
    for id in gone {
        sql::delete_event(tx, id).await?;
    }
    let of: HashMap<Uuid, &Watched> = places.places.iter().map(|p| (p.id, p)).collect();
    for e in &fresh {
        let Some(place) = of.get(&e.fence) else { continue };
        let event = NewEvent {
            id: id::new_v7(),
            employee,
            department: person.department_id,
            day,
            fence: place.id,
            customer: place.customer,
            name: place.name.clone(),
            kind: e.kind.into(),
            at: micros(e.at_ms),
            until: micros(e.until_ms),
            known: micros(e.known_ms),
            place: e.at,
            accuracy_m: e.acc_m,
            probability: e.probability,
        };
        sql::insert_event(tx, &event).await?;
    }
    let mut told = 0;
    let now_ms = tx.now().0.div_euclid(1000);
    for e in rules::news(&fresh, &before, now_ms) {
        let Some(place) = of.get(&e.fence) else { continue };
        let mut listeners = vec![];
        for listener in place.tell.of(e.kind.into()) {
            match listener {
                Listener::Person => listeners.push((person.id, person.department_id)),
                Listener::Leader => listeners.extend(sql::leaders(tx, person.department_id).await?),
                Listener::Owner => {
                    let owner: Vec<Uuid> = place.owner.into_iter().collect();
                    listeners.extend(org::by_ids(tx, &owner).await?.iter().map(|o| (o.id, o.department_id)));
                }
            }
        }
        listeners.sort_unstable();
        listeners.dedup();
        for (to, department) in listeners {
            // Told is shown: the line in the ledger stands in the same transaction.
            tracking::told(tx, to, person.id, day).await?;
            let kind = match e.kind {
                fence::EventKind::Enter => "fence.enter",
                fence::EventKind::Exit => "fence.exit",
                _ => "fence.dwell",
            };
            let params = json!({ "person": person.name, "place": place.name, "at": micros(e.at_ms), "minutes": place.dwell_s / 60 });
            let link = format!("/fences?tab=events&day={day}&person={}", person.id);
            let link = (to != person.id).then_some(link);
            notify::send(tx, to, department, notify::New { kind, params, link }).await?;
            told += 1;
        }
    }
    let payload = json!({ "employee_id": person.id, "day": day });
    tx.emit(News { topic: "fence", employee_id: person.id, department_id: person.department_id, payload })
        .await?;
    Ok(told)
}
