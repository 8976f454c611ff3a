//! Photos and recordings of one person, gone: rows in the transaction, files after it.

use api::Kit;
use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

use super::{STAMPED, THUMB};
use crate::upload::ORIGINAL;

db::row! { struct IdRow { id: Uuid } }

/// Deletes the rows of a person's photos and uploads; answers whose files are to be deleted after the commit
/// ([`delete_files`]). The visits still say how many photos there were.
pub async fn erase(tx: &mut Tx, person: Uuid) -> Result<Vec<Uuid>> {
    crate::alike::erase(tx, person).await?;
    let of_photos: Vec<IdRow> = tx
        .all(sql!("DELETE FROM photo WHERE tenant_id = $1 AND employee_id = $3 RETURNING id"), args![person])
        .await?;
    let of_uploads: Vec<IdRow> = tx
        .all(sql!("DELETE FROM upload WHERE tenant_id = $1 AND employee_id = $3 RETURNING id"), args![person])
        .await?;
    let of_forms: Vec<IdRow> = tx
        .all(
            sql!("DELETE FROM form_picture WHERE tenant_id = $1 AND employee_id = $3 RETURNING id"),
            args![person],
        )
        .await?;
    let sounds = work::visits::erase_audio(tx, person).await?;
    Ok(of_photos.into_iter().chain(of_uploads).chain(of_forms).map(|r| r.id).chain(sounds).collect())
}

/// Deletes files whose rows are gone. Called again after a failure it deletes what is left.
pub async fn delete_files(kit: &Kit, tenant: Uuid, photos: &[Uuid]) -> Result<()> {
    for id in photos {
        for kind in [ORIGINAL, STAMPED, THUMB] {
            kit.files.delete(tenant, *id, kind).await?;
        }
    }
    Ok(())
}
