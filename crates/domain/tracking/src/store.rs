//! Reading a person's day back, wherever its parts lie.

use base::LocalDay;
use db::{Query, Result};
use uuid::Uuid;

use crate::{
    codec::{pack::unpack, segment},
    reading::Reading,
    sql,
};

/// All stored readings of a person's day, each once, in order of time.
pub async fn readings(q: &mut impl Query, employee: Uuid, day: LocalDay) -> Result<Vec<Reading>> {
    let mut all = match sql::segment(q, employee, day).await? {
        Some(stored) => segment::decode(&stored.fixes)?,
        None => vec![],
    };
    for batch in sql::batches(q, employee, day).await? {
        unpack(&batch.fixes, &mut all)?;
    }
    each_once(&mut all);
    Ok(all)
}

/// How many readings of everybody are stored of a day, found by reading them all.
pub async fn count_readings(q: &mut impl Query, day: LocalDay) -> Result<u64> {
    let mut count = 0;
    for person in sql::people_with_readings(q, day).await? {
        count += readings(q, person.employee_id, day).await?.len() as u64;
    }
    Ok(count)
}

/// Sorts by time and content and removes copies: the form that is sealed.
pub fn each_once(readings: &mut Vec<Reading>) {
    readings.sort_by_cached_key(|r| (r.t_ms, r.source, r.fingerprint()));
    readings.dedup();
}
