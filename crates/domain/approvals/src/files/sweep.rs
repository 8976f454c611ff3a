//! Files that were sent and never named, and those of people who were erased.

use api::Kit;
use base::Micros;
use db::{Result, Scope};

use super::{STORED, sql};

/// How long a file waits to be named.
const WAITS: i64 = 2 * Micros::DAY;

/// Removes what nothing names: the row first, so that nobody is promised a file that is gone.
pub(crate) async fn sweep(kit: &Kit, scope: &Scope) -> Result<()> {
    let before = kit.now().plus(-WAITS);
    let stale = sql::stale(&mut kit.db.read(scope).await?, before).await?;
    for id in stale {
        let gone = kit.db.write(scope, move |tx| Box::pin(async move { sql::delete(tx, id).await })).await?;
        if gone == 1 {
            kit.files.delete(scope.tenant(), id, STORED).await?;
        }
    }
    Ok(())
}
