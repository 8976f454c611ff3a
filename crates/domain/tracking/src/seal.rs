//! Sealing: a person's day goes from the append-only table into one compressed segment, some time after the
//! day has ended, or earlier when it has grown to many small batches. Readings that come late are sealed
//! into a new revision of the whole.

use base::{LocalDay, Micros};
use db::{Database, Result, Scope};
use uuid::Uuid;

use crate::{
    codec::{pack::unpack, segment},
    sql, store,
};

/// A day is sealed when nothing came for so long after its end.
const QUIET: i64 = 15 * Micros::MINUTE;
/// More batches than this cost more to read than to seal.
const MANY: i64 = 192;

/// Seals whatever is due in a company. Answers how many days.
pub(crate) async fn seal_due(db: &Database, tenant: Uuid) -> Result<usize> {
    let scope = Scope::job("seal", tenant);
    let now = db.now();
    let mut reader = db.read(&scope).await?;
    let zone = org::zone(&mut reader).await?;
    let waiting = sql::unsealed(&mut reader).await?;
    drop(reader);
    let today = now.local_day(&zone);
    let mut sealed = 0;
    for w in waiting {
        let over = w.day < today && now.0 - w.received_to.0 > QUIET;
        if over || w.batches > MANY {
            seal(db, &scope, w.employee_id, w.day).await?;
            sealed += 1;
        }
    }
    Ok(sealed)
}

/// Seals one person's day: batches and the former segment become the new segment, in one transaction.
pub(crate) async fn seal(db: &Database, scope: &Scope, employee: Uuid, day: LocalDay) -> Result<()> {
    db.write(scope, move |tx| {
        Box::pin(async move {
            // Taken first: whoever else seals this day waits here and then sees what we made of it.
            let batches = sql::take_batches(tx, employee, day).await?;
            let Some(newest) = batches.iter().map(|b| b.received_at).max() else { return Ok(()) };
            let (mut readings, before) = match sql::segment(tx, employee, day).await? {
                Some(stored) => (segment::decode(&stored.fixes)?, stored.received_to),
                None => (vec![], newest),
            };
            for batch in batches {
                unpack(&batch.fixes, &mut readings)?;
            }
            store::each_once(&mut readings);
            let bytes = segment::encode(&readings)?;
            sql::put_segment(tx, employee, day, newest.max(before), bytes).await?;
            Ok(())
        })
    })
    .await
}
