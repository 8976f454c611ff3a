//! Everything about where one person was, gone.

use base::LocalDay;
use db::{Query, Result, Tx, args, global_sql, sql};
use uuid::Uuid;

use crate::reading::Reading;

/// Rows deleted of a person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Erased {
    pub batches: u64,
    pub segments: u64,
    pub ledger: u64,
    pub trackers: u64,
}

/// Deletes a person's positions, the numbers of those refused, his ledger and his trackers. After the commit call
/// [`crate::Tracking::forget`].
pub async fn erase(tx: &mut Tx, person: Uuid) -> Result<Erased> {
    let batches = tx
        .exec(sql!("DELETE FROM fix_batch WHERE tenant_id = $1 AND employee_id = $3"), args![person])
        .await?;
    let segments = tx
        .exec(sql!("DELETE FROM fix_segment WHERE tenant_id = $1 AND employee_id = $3"), args![person])
        .await?;
    // whatever else tells where somebody was goes with the positions
    tx.exec(sql!("DELETE FROM fence_event WHERE tenant_id = $1 AND employee_id = $3"), args![person]).await?;
    tx.exec(sql!("DELETE FROM fix_refused WHERE tenant_id = $1 AND employee_id = $3"), args![person]).await?;
    tx.exec(sql!("DELETE FROM fix_removed WHERE tenant_id = $1 AND employee_id = $3"), args![person]).await?;
    let ledger = tx
        .exec(sql!("DELETE FROM location_read WHERE tenant_id = $1 AND employee_id = $3"), args![person])
        .await?;
    let tenant = tx.tenant();
    tx.global_exec(
        global_sql!("DELETE FROM tracker_key WHERE tenant_id = $1 AND employee_id = $2"),
        args![tenant, person],
    )
    .await?;
    let trackers =
        tx.exec(sql!("DELETE FROM tracker WHERE tenant_id = $1 AND employee_id = $3"), args![person]).await?;
    Ok(Erased { batches, segments, ledger, trackers })
}

db::row! { struct DayRow { day: LocalDay } }

/// All stored readings of a person by day, oldest first: for the right of access.
pub async fn all_readings(q: &mut impl Query, person: Uuid) -> Result<Vec<(LocalDay, Vec<Reading>)>> {
    let days: Vec<DayRow> = q
        .all(
            sql!(
                "SELECT day FROM fix_batch WHERE tenant_id = $1 AND employee_id = $3 \
                 UNION SELECT day FROM fix_segment WHERE tenant_id = $1 AND employee_id = $3 ORDER BY day"
            ),
            args![person],
        )
        .await?;
    let mut all = Vec::with_capacity(days.len());
    for row in days {
        all.push((row.day, crate::store::readings(q, person, row.day).await?));
    }
    Ok(all)
}
