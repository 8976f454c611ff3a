//! Which readings are stored already: per person and day the sorted keys of all of them, eight bytes each,
//! read from the store when a person's day is first touched.

use std::{
    collections::HashMap,
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
}

impl Seen {
    /// Makes sure the keys of a day are in memory.
    pub async fn load(&mut self, db: &Database, key: DayKey) -> Result<()> {
        if let Some(day) = self.days.get_mut(&key) {
            day.0 = Instant::now();
            return Ok(());
        }
        let (tenant, employee, day) = key;
        let mut reader = db.read(&Scope::job("ingest", tenant)).await?;
        let stored = store::readings(&mut reader, employee, day).await?;
        let keys = Keys::of(&stored);
        self.days.insert(key, (Instant::now(), keys));
        Ok(())
    }

    pub fn day(&mut self, key: DayKey) -> &mut Keys {
        &mut self.days.entry(key).or_insert_with(|| (Instant::now(), Keys::default())).1
    }

    /// Drops what has not been touched for long.
    pub fn tidy(&mut self) {
        self.days.retain(|_, (at, _)| at.elapsed() < KEPT);
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
