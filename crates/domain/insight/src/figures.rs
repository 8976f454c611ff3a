//! Today's kilometres for the live map: made at most once a minute a person, in the background, so that a
//! moving team does not keep the day engine busy.

use std::{
    collections::{HashMap, HashSet},
    sync::Weak,
    time::{Duration, Instant},
};

use base::LocalDay;
use db::{Bus, Note, Result, Scope};
use parking_lot::Mutex;
use serde_json::json;
use uuid::Uuid;

use crate::{Inner, Insight, day};

const EVERY: Duration = Duration::from_secs(60);
/// While another node is not heard, kept figures are read again after this long.
const DOUBTED: Duration = Duration::from_secs(5);
/// Topic of the note that figures were made.
const MADE: &str = "figures";

#[derive(Default)]
struct State {
    /// Metres by person, and the day they are of.
    counted: HashMap<(Uuid, Uuid), (LocalDay, i64)>,
    /// Companies whose kept figures of a day have been read, and when.
    read: HashMap<(Uuid, LocalDay), Instant>,
    wanted: HashSet<(Uuid, Uuid)>,
    made: HashMap<(Uuid, Uuid), Instant>,
}

/// See the module.
#[derive(Default)]
pub(crate) struct Figures(Mutex<State>);

impl Figures {
    /// Metres counted today so far by person, as far as they have been made.
    pub async fn counted(
        &self,
        insight: &Insight,
        tenant: Uuid,
        today: LocalDay,
    ) -> Result<HashMap<Uuid, i64>> {
        let read = self.0.lock().read.get(&(tenant, today)).copied();
        let whole = insight.db().bus().whole();
        if read.is_none_or(|at| !whole && at.elapsed() > DOUBTED) {
            let mut reader = insight.db().read(&Scope::job("live", tenant)).await?;
            let kept = day::kept_of_day(&mut reader, today).await?;
            let mut state = self.0.lock();
            state.read.retain(|(t, _), _| *t != tenant);
            state.read.insert((tenant, today), Instant::now());
            for s in kept {
                let figures = s.summary.figures;
                state.counted.insert((tenant, figures.employee.id), (today, figures.counted_m));
            }
        }
        let state = self.0.lock();
        let of_today = state.counted.iter().filter(|((t, _), (of, _))| *t == tenant && *of == today);
        Ok(of_today.map(|((_, person), (_, meters))| (*person, *meters)).collect())
    }

    /// Asks for new figures of people who have moved.
    pub fn want(&self, tenant: Uuid, people: &HashSet<Uuid>) {
        self.0.lock().wanted.extend(people.iter().map(|p| (tenant, *p)));
    }

    /// Takes over figures made for another reason, and tells the other nodes.
    pub fn note(&self, bus: &Bus, tenant: Uuid, person: Uuid, day: LocalDay, meters: i64) {
        self.take(tenant, person, day, meters);
        let body = json!({ "person": person, "day": day, "meters": meters });
        bus.note(|| Note { tenant, topic: MADE.into(), body });
    }

    /// Takes over figures made by another node.
    pub fn hear(&self, note: &Note) {
        if note.topic != MADE {
            return;
        }
        let part = |name: &str| note.body[name].clone();
        let (person, day) = (serde_json::from_value(part("person")), serde_json::from_value(part("day")));
        if let (Ok(person), Ok(day), Some(meters)) = (person, day, note.body["meters"].as_i64()) {
            self.take(note.tenant, person, day, meters);
        }
    }

    /// Something may have been missed: kept figures are read again.
    pub fn doubt(&self) {
        self.0.lock().read.clear();
    }

    fn take(&self, tenant: Uuid, person: Uuid, day: LocalDay, meters: i64) {
        let mut state = self.0.lock();
        let known = state.counted.entry((tenant, person)).or_insert((day, meters));
        if known.0 <= day {
            *known = (day, meters);
        }
    }

    /// Wanted ones that are old enough to be made again.
    fn due(&self) -> Vec<(Uuid, Uuid)> {
        let mut state = self.0.lock();
        let State { wanted, made, .. } = &mut *state;
        let due: Vec<_> =
            wanted.iter().filter(|k| made.get(*k).is_none_or(|at| at.elapsed() > EVERY)).copied().collect();
        for key in &due {
            wanted.remove(key);
            made.insert(*key, Instant::now());
        }
        due
    }
}

/// Makes wanted figures, one after the other, until the last handle to insight is dropped.
pub(crate) async fn keep(inner: Weak<Inner>) {
    let mut tick = tokio::time::interval(Duration::from_secs(2));
    loop {
        tick.tick().await;
        let Some(insight) = inner.upgrade().map(Insight) else { return };
        for (tenant, person) in insight.figures().due() {
            if let Err(e) = make(&insight, tenant, person).await {
                tracing::warn!(error = %e, "figures of today are old");
            }
        }
    }
}

async fn make(insight: &Insight, tenant: Uuid, person: Uuid) -> Result<()> {
    // The node whose turn it is has heard of the same movement.
    let Some(_turn) = insight.db().turn(tenant).await? else { return Ok(()) };
    let today = insight.db().now().local_day(&insight.tracking().zone(tenant).await?);
    let mut reader = insight.db().read(&Scope::job("live", tenant)).await?;
    let found = org::by_ids(&mut reader, &[person]).await?;
    drop(reader);
    for person in found {
        day::compute(insight, tenant, &person, today).await?;
    }
    Ok(())
}
