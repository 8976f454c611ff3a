//! Pictures outside visits: sent by ODK Collect with a filled form. Their camera was not ours, so they prove less than
//! photos of a visit: what the camera wrote beside the pixels, such as a position, is taken off before they are kept, and
//! their stamp says where they came from.

use api::Kit;
use base::{Problem, problem};
use db::{Query, Result, Tx, args, sql};
use picture::{MAX_BYTES, Unfit, inspect, without_metadata};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use work::visits::StampFacts;

use crate::{NOT_PICTURE, TOO_MANY_PIXELS, upload::ORIGINAL};

/// A picture whose bytes are durable.
#[derive(Debug, Clone)]
pub struct Kept {
    pub id: Uuid,
    pub sha256: String,
    pub mime: &'static str,
    pub size: i64,
}

/// Checks the bytes of a picture and keeps them. A file that no row names afterwards is harmless: the same id brings the
/// same file again.
///
/// # Errors
/// `upload.not_picture`, `upload.too_many_pixels`, `input.too_large`.
pub async fn keep(kit: &Kit, tenant: Uuid, id: Uuid, bytes: Vec<u8>) -> Result<Kept> {
    if bytes.len() as i64 > MAX_BYTES {
        return Err(Problem::new(problem::TOO_LARGE).with("limit", format!("{} MiB", MAX_BYTES >> 20)));
    }
    let checked = tokio::task::spawn_blocking(move || {
        let header = inspect(&bytes)?;
        // A camera of its own writes down where it stood, also outside working time.
        let bytes = without_metadata(&bytes)?;
        let sha256 = hex::encode(Sha256::digest(&bytes));
        Ok((bytes, header.kind.mime(), sha256))
    });
    let (bytes, mime, sha256) = checked.await.map_err(Problem::internal)?.map_err(|unfit| match unfit {
        Unfit::TooManyPixels => Problem::new(TOO_MANY_PIXELS),
        _ => Problem::new(NOT_PICTURE),
    })?;
    let size = bytes.len() as i64;
    kit.files.put(tenant, id, ORIGINAL, bytes).await?;
    Ok(Kept { id, sha256, mime, size })
}

db::row! { struct IdRow { id: Uuid } }

/// The pictures of a record that are here.
pub async fn of_record(q: &mut impl Query, record: Uuid) -> Result<Vec<Uuid>> {
    let rows: Vec<IdRow> = q
        .all(
            sql!("SELECT f.id FROM form_picture f WHERE f.tenant_id = $1 AND f.record_id = $3"),
            args![record],
        )
        .await?;
    Ok(rows.into_iter().map(|r| r.id).collect())
}

/// Names a picture of the acting person's record; once.
pub async fn insert(tx: &mut Tx, record: Uuid, department: Uuid, kept: &Kept) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!(
            "INSERT INTO form_picture (tenant_id, id, record_id, employee_id, department_id, sha256, mime, size, stored_at) \
             VALUES ($1, $3, $4, $2, $5, $6, $7, $8, $9) ON CONFLICT (tenant_id, id) DO NOTHING"
        ),
        args![kept.id, record, department, &kept.sha256, kept.mime, kept.size, now],
    )
    .await
}

/// What the stamp says; nothing when the picture is one of a visit.
pub(crate) async fn facts(q: &mut impl Query, id: Uuid) -> Result<Option<StampFacts>> {
    q.one(
        sql!(
            "SELECT f.sha256, r.filled_at AS taken_at, r.received_at AS noted_at, CAST(NULL AS BIGINT) AS lng, CAST(NULL AS BIGINT) AS lat, \
             CAST(NULL AS BIGINT) AS accuracy_m, \
             e.name AS person, d.name AS department, m.key AS customer, CAST(NULL AS TEXT) AS address FROM form_picture f \
             JOIN form_record r ON r.tenant_id = f.tenant_id AND r.id = f.record_id \
             JOIN form m ON m.tenant_id = r.tenant_id AND m.id = r.form_id \
             JOIN employee e ON e.tenant_id = f.tenant_id AND e.id = f.employee_id \
             JOIN department d ON d.tenant_id = f.tenant_id AND d.id = f.department_id WHERE f.tenant_id = $1 AND f.id = $3"
        ),
        args![id],
    )
    .await
}
