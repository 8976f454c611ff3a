//! Pictures of punches made outside working time: nobody may have them, so they are refused when they come, and deleted
//! when they came at the same moment as their punch.

use api::Kit;
use base::{Micros, Problem};
use db::{BoxFuture, Reader, Result, Scope};
use formbook::files::{self, RefuseHook};
use uuid::Uuid;

use super::{LATE, sql};
use crate::PHOTO_DROPPED;

inventory::submit! { RefuseHook(refused) }

fn refused(r: &mut Reader, id: Uuid) -> BoxFuture<'_, Result<()>> {
    Box::pin(async move {
        if sql::is_dropped(r, id).await? {
            return Err(Problem::new(PHOTO_DROPPED));
        }
        Ok(())
    })
}

/// Deletes those that are here all the same. What somebody sent long before he punched is no picture of the punch, whatever
/// he names.
pub(crate) async fn sweep(kit: &Kit, scope: &Scope) -> Result<()> {
    let mut r = kit.db.read(scope).await?;
    let dropped = sql::dropped_since(&mut r, kit.now().plus(-Micros::DAY)).await?;
    drop(r);
    for d in dropped {
        files::forget(kit, scope, d.photo_id, d.employee_id, d.received_at.plus(-LATE)).await?;
    }
    Ok(())
}
