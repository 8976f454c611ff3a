//! The newest reading of everybody, in memory: what the live map asks. Filled from the store when a company
//! is first asked for, kept up to date by the ingest of this node and by what the other nodes tell of theirs. In
//! doubt, the days that have changed are read again.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use base::{LocalDay, Micros};
use db::{Database, Result, Scope};
use geo::LngLat;
use parking_lot::RwLock;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    day::{Mark, marks},
    reading::Reading,
    store,
};

/// Where somebody was last, and when his phone was last heard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Latest {
    pub at: Option<LngLat>,
    /// Time of the newest fix with a place.
    pub fix_at: Option<Micros>,
    /// Time of the newest report of any kind.
    pub heard_at: Micros,
    pub accuracy_m: Option<f64>,
    pub bearing_deg: Option<f64>,
    pub speed_mps: Option<f64>,
    /// When the person was last seen to move.
    pub moved_at: Option<Micros>,
    /// Percent.
    pub battery: Option<u8>,
    pub mock: bool,
}

/// Faster than the drift of a phone that lies still, m/s.
const MOVING_MPS: f64 = 1.2;

type Key = (Uuid, Uuid);

/// See the module.
#[derive(Default)]
pub(crate) struct Board {
    latest: RwLock<HashMap<Key, Latest>>,
    filled: tokio::sync::Mutex<HashMap<Uuid, Filled>>,
}

/// What was read of a company.
struct Filled {
    day: LocalDay,
    /// From what it was read.
    marks: HashMap<Uuid, Mark>,
    at: Instant,
    /// Something may have changed without our hearing of it.
    doubted: bool,
}

/// In doubt the store is asked no more often.
const ASK: Duration = Duration::from_secs(1);

impl Board {
    /// Takes over readings that have just been stored.
    pub fn note(&self, tenant: Uuid, employee: Uuid, readings: &[Reading]) {
        let mut latest = self.latest.write();
        for r in readings {
            match latest.get_mut(&(tenant, employee)) {
                Some(known) => known.merge(r),
                None => {
                    let mut first = Latest::unknown(r.t_ms);
                    first.merge(r);
                    latest.insert((tenant, employee), first);
                }
            }
        }
    }

    /// What is known of a person now.
    pub fn known(&self, tenant: Uuid, employee: Uuid) -> Option<Latest> {
        self.latest.read().get(&(tenant, employee)).cloned()
    }

    /// Takes over what another node knows of a person. `removed`: readings are gone, so nothing else is true any more.
    pub fn take_over(&self, tenant: Uuid, employee: Uuid, theirs: Option<Latest>, removed: bool) {
        let mut latest = self.latest.write();
        let key = (tenant, employee);
        match (theirs, latest.get_mut(&key)) {
            (Some(theirs), Some(known)) if !removed => known.merge_with(theirs),
            (Some(theirs), _) => {
                latest.insert(key, theirs);
            }
            (None, _) if removed => {
                latest.remove(&key);
            }
            (None, _) => {}
        }
    }

    /// The newest of each person of a company. `today` is read from the store once, and again in doubt.
    pub async fn of(&self, db: &Database, tenant: Uuid, today: LocalDay) -> Result<HashMap<Uuid, Latest>> {
        self.fill(db, tenant, today).await?;
        let latest = self.latest.read();
        Ok(latest.iter().filter(|((t, _), _)| *t == tenant).map(|((_, e), l)| (*e, l.clone())).collect())
    }

    /// Reads what has changed in the store since it was read last; answers whose day that was, or everybody's.
    pub async fn catch_up(
        &self,
        db: &Database,
        tenant: Uuid,
        today: LocalDay,
        everybody: bool,
    ) -> Result<Vec<Uuid>> {
        if let Some(filled) = self.filled.lock().await.get_mut(&tenant) {
            filled.doubted = true;
        }
        let changed = self.fill(db, tenant, today).await?;
        Ok(match self.filled.lock().await.get(&tenant) {
            Some(filled) if everybody => filled.marks.keys().copied().collect(),
            _ => changed,
        })
    }

    async fn fill(&self, db: &Database, tenant: Uuid, today: LocalDay) -> Result<Vec<Uuid>> {
        let mut filled = self.filled.lock().await;
        let known = filled.get(&tenant).filter(|f| f.day == today);
        if known.is_some_and(|f| !f.doubted && (db.bus().whole() || f.at.elapsed() < ASK)) {
            return Ok(vec![]);
        }
        let mut reader = db.read(&Scope::job("ingest", tenant)).await?;
        let marks = marks(&mut reader, today).await?;
        let mut changed = vec![];
        for (person, mark) in &marks {
            if known.is_some_and(|f| f.marks.get(person) == Some(mark)) {
                continue;
            }
            let readings = store::readings(&mut reader, *person, today).await?;
            match known {
                Some(_) => self.replace(tenant, *person, &readings),
                // Battery and place may come from different reports; the last dozens hold both.
                None => self.note(tenant, *person, &readings[readings.len().saturating_sub(64)..]),
            }
            changed.push(*person);
        }
        filled.insert(tenant, Filled { day: today, marks, at: Instant::now(), doubted: false });
        Ok(changed)
    }

    /// Something may have changed that nobody told of.
    pub async fn doubt(&self) {
        self.filled.lock().await.values_mut().for_each(|f| f.doubted = true);
    }

    /// Knows of a person what these readings of today say and no more: others were removed.
    pub fn replace(&self, tenant: Uuid, employee: Uuid, readings: &[Reading]) {
        self.latest.write().remove(&(tenant, employee));
        self.note(tenant, employee, &readings[readings.len().saturating_sub(64)..]);
    }

    /// Forgets a company whose data was removed.
    pub async fn forget(&self, tenant: Uuid) {
        self.filled.lock().await.remove(&tenant);
        self.latest.write().retain(|(t, _), _| *t != tenant);
    }
}

impl Latest {
    fn unknown(t_ms: i64) -> Latest {
        Latest {
            at: None,
            fix_at: None,
            heard_at: micros(t_ms),
            accuracy_m: None,
            bearing_deg: None,
            speed_mps: None,
            moved_at: None,
            battery: None,
            mock: false,
        }
    }

    /// Newest by the time of the fix wins, whatever order they arrive in.
    fn merge(&mut self, r: &Reading) {
        let t = micros(r.t_ms);
        if t >= self.heard_at {
            self.heard_at = t;
            self.battery = r.battery.or(self.battery);
        }
        let newer = self.fix_at.is_none_or(|known| t >= known);
        if let (Some(at), true) = (r.place(), newer) {
            let speed = r.speed_cms.map(|v| f64::from(v) / 100.0).or(self.pace(at, t));
            if speed.is_some_and(|v| v >= MOVING_MPS) {
                self.moved_at = Some(t);
            }
            self.at = Some(at);
            self.fix_at = Some(t);
            self.accuracy_m = r.acc_dm.map(|v| f64::from(v) / 10.0);
            self.bearing_deg = r.bearing_dd.map(|v| f64::from(v) / 10.0);
            self.speed_mps = r.speed_cms.map(|v| f64::from(v) / 100.0);
            self.mock = r.mock;
        }
    }

    /// The newer of both, part by part: the order in which they are put together does not matter.
    fn merge_with(&mut self, other: Latest) {
        if other.heard_at >= self.heard_at {
            self.heard_at = other.heard_at;
            self.battery = other.battery.or(self.battery);
        }
        self.moved_at = self.moved_at.max(other.moved_at);
        if other.fix_at.is_some() && other.fix_at >= self.fix_at {
            self.at = other.at;
            self.fix_at = other.fix_at;
            self.accuracy_m = other.accuracy_m;
            self.bearing_deg = other.bearing_deg;
            self.speed_mps = other.speed_mps;
            self.mock = other.mock;
        }
    }

    /// Speed from the fix before to this one, where they are near enough in time to tell.
    fn pace(&self, at: LngLat, t: Micros) -> Option<f64> {
        let seconds = (t.0 - self.fix_at?.0) as f64 / Micros::SECOND as f64;
        (1.0..=180.0).contains(&seconds).then(|| self.at.map(|from| geo::distance_m(from, at) / seconds))?
    }
}

fn micros(t_ms: i64) -> Micros {
    Micros(t_ms.saturating_mul(1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_fix_wins_in_any_order() {
        let (tenant, person) = (Uuid::nil(), Uuid::nil());
        let old = Reading { at: Some((10, 10)), battery: Some(80), ..Reading::at_time(1000) };
        let new = Reading { at: Some((20, 20)), ..Reading::at_time(2000) };
        let life = Reading { battery: Some(70), ..Reading::at_time(3000) };
        for order in [[&old, &new, &life], [&life, &new, &old], [&new, &life, &old]] {
            let board = Board::default();
            order.into_iter().for_each(|r| board.note(tenant, person, std::slice::from_ref(r)));
            let latest = board.latest.read()[&(tenant, person)].clone();
            assert_eq!(latest.fix_at, Some(Micros(2_000_000)));
            assert_eq!((latest.heard_at, latest.battery), (Micros(3_000_000), Some(70)));
            assert_eq!(latest.at, new.place());
        }
    }

    #[test]
    fn what_two_nodes_know_is_put_together_in_any_order() {
        let (tenant, person) = (Uuid::nil(), Uuid::nil());
        let board = |r: &Reading| {
            let board = Board::default();
            board.note(tenant, person, std::slice::from_ref(r));
            board
        };
        let place = Reading { at: Some((20, 20)), battery: Some(80), ..Reading::at_time(2000) };
        let older = Reading { at: Some((10, 10)), ..Reading::at_time(1000) };
        let life = Reading { battery: Some(70), ..Reading::at_time(3000) };
        let (one, two, three) = (board(&place), board(&older), board(&life));
        for (into, from) in [(&one, [&two, &three]), (&three, [&one, &two])] {
            from.iter().for_each(|b| into.take_over(tenant, person, b.known(tenant, person), false));
            let known = into.known(tenant, person).unwrap();
            assert_eq!((known.at, known.fix_at), (place.place(), Some(Micros(2_000_000))));
            assert_eq!((known.heard_at, known.battery), (Micros(3_000_000), Some(70)));
        }
        one.take_over(tenant, person, None, true);
        assert_eq!(one.known(tenant, person), None, "removed elsewhere");
    }
}
