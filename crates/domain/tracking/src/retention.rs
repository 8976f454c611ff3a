//! Deleting positions that are older than the company keeps them: a day at a time, batches and segments, counted in the
//! audit trail. Figures of days and the numbers of refused positions are no positions and stay.

use base::LocalDay;
use db::{Database, Query, Result, Scope, Tx, args, sql};
use serde_json::json;

use crate::{elsewhere, ingest::Ingest, latest::Board};

/// What was deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Purged {
    pub days: i64,
    pub batches: u64,
    pub segments: u64,
}

/// Deletes what is due in a company.
pub(crate) async fn purge(db: &Database, ingest: &Ingest, board: &Board, scope: &Scope) -> Result<Purged> {
    let mut reader = db.read(scope).await?;
    let decided = org::retention(&mut reader).await?;
    let Some(keep) = decided.positions_days else { return Ok(Purged::default()) };
    let today = db.now().local_day(&org::zone(&mut reader).await?);
    let before = today.plus_days(-i32::try_from(keep).unwrap_or(i32::MAX));
    let due = days_before(&mut reader, before).await?;
    drop(reader);
    if due.is_empty() && decided.purged_before.is_some_and(|done| done >= before) {
        return Ok(Purged::default());
    }
    // From now on nothing of those days is let in, so that what is deleted stays deleted.
    db.write(scope, move |tx| {
        Box::pin(async move {
            org::set_purged(tx, before).await?;
            let tenant = tx.tenant();
            let note = json!({ "before": before, "keep_days": keep, "days": due.len() });
            tx.audit("retention.begin", "company", tenant, note).await
        })
    })
    .await?;
    let mut purged = Purged::default();
    loop {
        let due = days_before(&mut db.read(scope).await?, before).await?;
        if due.is_empty() {
            break;
        }
        for day in due {
            let (batches, segments) =
                db.write(scope, move |tx| Box::pin(async move { delete(tx, day).await })).await?;
            purged.days += 1;
            purged.batches += batches;
            purged.segments += segments;
        }
    }
    ingest.forget(scope.tenant()).await;
    board.forget(scope.tenant()).await;
    elsewhere::tell_gone(db.bus(), scope.tenant());
    if purged != Purged::default() {
        db.write(scope, move |tx| {
            Box::pin(async move {
                let tenant = tx.tenant();
                let counts = json!({ "before": before, "days": purged.days, "batches": purged.batches, "segments": purged.segments });
                tx.audit("retention.purge", "company", tenant, counts).await
            })
        })
        .await?;
    }
    Ok(purged)
}

db::row! { struct DayRow { day: LocalDay } }

/// Days before this one that hold positions.
async fn days_before(q: &mut impl Query, before: LocalDay) -> Result<Vec<LocalDay>> {
    let rows: Vec<DayRow> = q
        .all(
            sql!(
                "SELECT day FROM fix_batch WHERE tenant_id = $1 AND day < $3 \
                 UNION SELECT day FROM fix_segment WHERE tenant_id = $1 AND day < $3 ORDER BY day"
            ),
            args![before],
        )
        .await?;
    Ok(rows.into_iter().map(|r| r.day).collect())
}

/// Deletes the positions of everybody on a day.
async fn delete(tx: &mut Tx, day: LocalDay) -> Result<(u64, u64)> {
    let batches =
        tx.exec(sql!("DELETE FROM fix_batch WHERE tenant_id = $1 AND day = $3"), args![day]).await?;
    let segments =
        tx.exec(sql!("DELETE FROM fix_segment WHERE tenant_id = $1 AND day = $3"), args![day]).await?;
    // whatever else tells where somebody was goes with the positions
    tx.exec(sql!("DELETE FROM fence_event WHERE tenant_id = $1 AND day = $3"), args![day]).await?;
    Ok((batches, segments))
}
