//! Following everybody: whoever has moved, been visited, been planned for or grown late is told to all who
//! watch, at most once a second.

use std::{
    collections::{HashMap, HashSet},
    sync::Weak,
    time::Duration,
};

use db::{Event, Result, Scope};
use tokio::sync::broadcast::error::RecvError;
use uuid::Uuid;

use super::{LivePerson, LiveState, compose};
use crate::{Inner, Insight};

/// Least time between two messages about one person.
const GATHER: Duration = Duration::from_secs(1);
/// How often everybody is looked at for what time alone changes: late, silent, off duty.
const LOOK_OVER: u32 = 15;

/// Runs until the last handle to insight is dropped.
pub(crate) async fn follow(inner: Weak<Inner>) {
    let Some(insight) = inner.upgrade().map(Insight) else { return };
    let mut moved = insight.tracking().moved();
    let mut news = insight.db().bus().subscribe();
    let mut notes = insight.db().bus().notes();
    drop(insight);
    let mut dirty: HashSet<(Uuid, Uuid)> = HashSet::new();
    let mut told: HashMap<(Uuid, Uuid), LiveState> = HashMap::new();
    let mut looked: HashSet<Uuid> = HashSet::new();
    let mut tick = tokio::time::interval(GATHER);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut round = 0;
    loop {
        tokio::select! {
            m = moved.recv() => match m {
                Ok(m) => {
                    dirty.insert((m.tenant, m.employee));
                }
                // Some have moved without our hearing of it; the next round looks at everybody.
                Err(RecvError::Lagged(_)) => round = LOOK_OVER,
                Err(RecvError::Closed) => return,
            },
            n = news.recv() => match n {
                Ok(n) if matches!(n.topic.as_str(), "visit" | "plan" | "task") => {
                    if let Some(inner) = inner.upgrade() {
                        Insight(inner).works().forget(n.tenant, n.employee_id);
                    }
                    dirty.insert((n.tenant, n.employee_id));
                }
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => {
                    if let Some(inner) = inner.upgrade() {
                        Insight(inner).works().forget_all();
                    }
                    round = LOOK_OVER;
                }
                Err(RecvError::Closed) => return,
            },
            n = notes.recv() => {
                let Some(insight) = inner.upgrade().map(Insight) else { return };
                match n {
                    Ok(note) => insight.figures().hear(&note),
                    Err(RecvError::Lagged(_)) => insight.figures().doubt(),
                    Err(RecvError::Closed) => return,
                }
            }
            _ = tick.tick() => {
                let Some(insight) = inner.upgrade().map(Insight) else { return };
                round += 1;
                let over = round >= LOOK_OVER;
                if over {
                    round = 0;
                }
                if let Err(e) = tell(&insight, &mut dirty, (&mut told, &mut looked), over).await {
                    tracing::warn!(error = %e, "live positions are late");
                }
            }
        }
    }
}

async fn tell(
    insight: &Insight,
    dirty: &mut HashSet<(Uuid, Uuid)>,
    (told, looked): (&mut HashMap<(Uuid, Uuid), LiveState>, &mut HashSet<Uuid>),
    look_over: bool,
) -> Result<()> {
    let mut companies: HashMap<Uuid, HashSet<Uuid>> = HashMap::new();
    for (tenant, person) in dirty.drain() {
        companies.entry(tenant).or_default().insert(person);
    }
    for (tenant, ids) in &companies {
        insight.figures().want(*tenant, ids);
    }
    // Each node makes for itself what its own viewers see, and no more.
    let watched: HashSet<Uuid> = insight.db().bus().watched().into_iter().collect();
    told.retain(|(tenant, _), _| watched.contains(tenant));
    companies.retain(|tenant, _| watched.contains(tenant));
    // Who begins to look takes the board as it is: from then on changes are told.
    looked.retain(|tenant| watched.contains(tenant));
    let fresh: HashSet<Uuid> = watched.difference(looked).copied().collect();
    looked.extend(fresh.iter().copied());
    let followed = if look_over { watched } else { fresh.clone() };
    let all: HashSet<Uuid> = companies.keys().copied().chain(followed.iter().copied()).collect();
    for tenant in all {
        let ids = companies.remove(&tenant).unwrap_or_default();
        let mut reader = insight.db().read(&Scope::job("live", tenant)).await?;
        let people = if followed.contains(&tenant) {
            org::people(&mut reader).await?
        } else {
            let ids: Vec<Uuid> = ids.iter().copied().collect();
            org::by_ids(&mut reader, &ids).await?
        };
        drop(reader);
        for person in compose(insight, tenant, &people).await? {
            let key = (tenant, person.employee.id);
            let changed = told.insert(key, person.state) != Some(person.state) && !fresh.contains(&tenant);
            if changed || ids.contains(&key.1) {
                publish(insight, tenant, person)?;
            }
        }
    }
    Ok(())
}

fn publish(insight: &Insight, tenant: Uuid, person: LivePerson) -> Result<()> {
    let payload = serde_json::to_value(&person).map_err(base::Problem::internal)?;
    insight.db().bus().publish_here(Event {
        seq: None,
        tenant,
        topic: "live".into(),
        employee_id: person.employee.id,
        department_id: person.employee.department.id,
        payload: std::sync::Arc::new(payload),
    });
    Ok(())
}
