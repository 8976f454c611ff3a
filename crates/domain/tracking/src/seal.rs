//! Sealing: a person's day goes from the append-only table into one compressed segment, some time after the
//! day has ended, or earlier when it has grown to many small batches. Readings that come late are sealed
//! into a new revision of the whole. Whenever a day is sealed, what lies in leave or in a private trip is left out and
//! counted: it was stored before that was declared.

use base::{LocalDay, Micros};
use db::{Database, Result, Scope, Tx};
use uuid::Uuid;

use track::Window;

use crate::{
    codec::{pack::unpack, segment},
    gate,
    reading::Reading,
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
            leave_out(tx, employee, day, &mut readings).await?;
            let bytes = segment::encode(&readings)?;
            sql::put_segment(tx, employee, day, newest.max(before), bytes).await?;
            Ok(())
        })
    })
    .await
}

/// Removes stored readings that lie in leave or in a private trip. Answers what is left when something was removed.
pub(crate) async fn sweep(
    db: &Database,
    scope: &Scope,
    employee: Uuid,
    day: LocalDay,
) -> Result<Option<Vec<Reading>>> {
    db.write(scope, move |tx| {
        Box::pin(async move {
            let stored = store::readings(tx, employee, day).await?;
            let withheld = withheld(tx, employee, day).await?;
            if !stored.iter().any(|r| reason(&withheld, r.t_ms).is_some()) {
                return Ok(None);
            }
            // taken now: what arrived since the look above is looked at too
            let batches = sql::take_batches(tx, employee, day).await?;
            let segment = sql::segment(tx, employee, day).await?;
            let received =
                batches.iter().map(|b| b.received_at).chain(segment.iter().map(|s| s.received_to)).max();
            let mut readings = match &segment {
                Some(stored) => segment::decode(&stored.fixes)?,
                None => vec![],
            };
            for batch in batches {
                unpack(&batch.fixes, &mut readings)?;
            }
            store::each_once(&mut readings);
            leave_out(tx, employee, day, &mut readings).await?;
            let bytes = segment::encode(&readings)?;
            let now = tx.now();
            sql::put_segment(tx, employee, day, received.unwrap_or(now), bytes).await?;
            Ok(Some(readings))
        })
    })
    .await
}

type Withheld = [(&'static str, Vec<Window>); 2];

async fn withheld(tx: &mut Tx, employee: Uuid, day: LocalDay) -> Result<Withheld> {
    let told = org::duty_day(tx, employee, day).await?;
    Ok([("leave", gate::windows(&told.leave)), ("private", gate::windows(&told.private))])
}

fn reason(withheld: &Withheld, t_ms: i64) -> Option<&'static str> {
    withheld.iter().find(|(_, windows)| windows.iter().any(|w| w.contains(t_ms))).map(|(reason, _)| *reason)
}

/// Drops what must not be kept, and counts it.
async fn leave_out(tx: &mut Tx, employee: Uuid, day: LocalDay, readings: &mut Vec<Reading>) -> Result<()> {
    let withheld = withheld(tx, employee, day).await?;
    for (why, _) in &withheld {
        let before = readings.len();
        readings.retain(|r| reason(&withheld, r.t_ms) != Some(*why));
        let removed = (before - readings.len()) as i64;
        if removed > 0 {
            sql::count_removed(tx, employee, day, why, removed).await?;
        }
    }
    Ok(())
}
