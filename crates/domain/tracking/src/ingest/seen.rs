//! Which readings are stored already: per person and day the sorted keys of all of them, eight bytes each,
//! read from the store when a person's day is first touched, and again when another node has stored some.

use std::{
    collections::{HashMap, HashSet},
    time::{Duration, Instant},
};

use base::LocalDay;
use db::{Database, Result, Scope};
use uuid::Uuid;

use crate::{reading::Reading, store};

/// A person's day of one company.
pub(super) type DayKey = (Uuid, Uuid, LocalDay);

/// A day untouched for so long is forgotten; it is read again when needed.
const KEPT: Duration = Duration::from_secs(2 * 3600);

/// See the module.
#[derive(Default)]
pub(super) struct Seen {
    days: HashMap<DayKey, (Instant, Keys)>,
    /// Days of which the store may know more.
    doubted: HashSet<DayKey>,
}

impl Seen {
    /// Makes sure the keys of a day are in memory.
    pub async fn load(&mut self, db: &Database, key: DayKey) -> Result<()> {
        if let Some(day) = self.days.get_mut(&key)
            && !self.doubted.contains(&key)
        {
            day.0 = Instant::now();
            return Ok(());
        }
        let (tenant, employee, day) = key;
        let mut reader = db.read(&Scope::job("ingest", tenant)).await?;
        let stored = store::readings(&mut reader, employee, day).await?;
        let mut keys = Keys::of(&stored);
        if let Some((_, known)) = self.days.remove(&key) {
            // what is being written at this moment is not in the store yet
            keys.join(known);
        }
        self.doubted.remove(&key);
        self.days.insert(key, (Instant::now(), keys));
        Ok(())
    }

    /// Another node has stored readings of a day.
    pub fn doubt(&mut self, key: DayKey) {
        if self.days.contains_key(&key) {
            self.doubted.insert(key);
        }
    }

    /// Other nodes may have stored readings of any day.
    pub fn doubt_all(&mut self) {
        self.doubted.extend(self.days.keys().copied());
    }

    pub fn day(&mut self, key: DayKey) -> &mut Keys {
        &mut self.days.entry(key).or_insert_with(|| (Instant::now(), Keys::default())).1
    }

    /// Drops what has not been touched for long.
    pub fn tidy(&mut self) {
        self.days.retain(|_, (at, _)| at.elapsed() < KEPT);
        self.doubted.retain(|key| self.days.contains_key(key));
    }

    /// Drops one day of one person: something of it was removed.
    pub fn forget_day(&mut self, key: DayKey) {
        self.days.remove(&key);
    }

    /// Drops a company's days: its store was emptied, or a write of it may or may not have happened.
    pub fn forget(&mut self, tenant: Uuid) {
        self.days.retain(|(t, _, _), _| *t != tenant);
    }
}

/// Keys of one day in order. Time stands in the upper half, so that new readings mostly go to the end.
#[derive(Default)]
pub(super) struct Keys(Vec<u64>);

impl Keys {
    fn of(readings: &[Reading]) -> Keys {
        let mut keys: Vec<u64> = readings.iter().map(key).collect();
        keys.sort_unstable();
        keys.dedup();
        Keys(keys)
    }

    fn join(&mut self, other: Keys) {
        self.0.extend(other.0);
        self.0.sort_unstable();
        self.0.dedup();
    }

    /// Adds a reading; false when it was there.
    pub fn add(&mut self, reading: &Reading) -> bool {
        let key = key(reading);
        if self.0.last().is_none_or(|last| *last < key) {
            self.0.push(key);
            return true;
        }
        match self.0.binary_search(&key) {
            Ok(_) => false,
            Err(at) => {
                self.0.insert(at, key);
                true
            }
        }
    }
}

/// Milliseconds within about 49 days, then the fingerprint: unique inside one day.
fn key(reading: &Reading) -> u64 {
    (reading.t_ms as u64) << 32 | u64::from(reading.fingerprint())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_is_new_once_in_any_order() {
        let mut keys = Keys::default();
        let at = |t_ms| Reading { acc_dm: Some(9), ..Reading::at_time(t_ms) };
        assert!(keys.add(&at(5)) && keys.add(&at(9)) && keys.add(&at(7)));
        assert!(!keys.add(&at(7)) && !keys.add(&at(9)));
        let other = Reading { acc_dm: Some(8), ..at(7) };
        assert!(keys.add(&other), "another report of the same millisecond is another reading");
    }
}
