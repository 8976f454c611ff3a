//! Photos and recordings of one person, gone: rows in the transaction, files after it.

use api::Kit;
use db::{Result, Tx};
use uuid::Uuid;

use super::{STAMPED, THUMB, sql};
use crate::upload::{self, ORIGINAL};

/// Deletes the rows of a person's photos, files and uploads; answers whose files are to be deleted after the commit
/// ([`delete_files`]). The visits still say how many photos there were.
pub async fn erase(tx: &mut Tx, person: Uuid) -> Result<Vec<Uuid>> {
    crate::alike::erase(tx, person).await?;
    let mut gone = sql::erase(tx, person).await?;
    gone.extend(upload::sql::erase(tx, person).await?);
    gone.extend(formbook::files::erase_files(tx, person).await?);
    gone.extend(work::visits::erase_audio(tx, person).await?);
    Ok(gone)
}

/// Deletes files whose rows are gone. Called again after a failure it deletes what is left.
pub async fn delete_files(kit: &Kit, tenant: Uuid, photos: &[Uuid]) -> Result<()> {
    for id in photos {
        for kind in [ORIGINAL, STAMPED, THUMB, formbook::files::STORED] {
            kit.files.delete(tenant, *id, kind).await?;
        }
    }
    Ok(())
}
