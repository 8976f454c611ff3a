//! Pictures a customer sends with a fault: without a sign-in, so little of them is taken. They prove nothing about anybody;
//! they show whoever goes what he will find.

use api::Kit;
use base::{Micros, Problem, problem};
use db::{Query, Result, Scope, Tx, args, sql};
use picture::{Unfit, inspect, without_metadata};
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{PHOTO_KIND, PHOTO_PIXELS, PHOTOS_MANY};

/// Kind of the stored object.
pub(crate) const STORED: &str = "fault";
/// Largest picture, 8 MiB.
pub(crate) const LIMIT: usize = 8 << 20;
/// Most of one order.
const MOST: usize = 3;
/// Most pixels: what any phone's camera makes, and no more.
const MOST_PIXELS: u64 = 24_000_000;
/// Pictures looked at side by side.
static LOOKING: Semaphore = Semaphore::const_new(1);

/// A picture of an order.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OrderPhoto {
    pub id: Uuid,
    pub width: i64,
    pub height: i64,
    #[schema(value_type = String, format = DateTime)]
    pub stored_at: Micros,
}

db::row! { pub(crate) struct PhotoRow {
    id: Uuid, order_id: Uuid, sent_sha256: String, mime: String, size: i64, width: i64, height: i64, stored_at: Micros
} }

impl PhotoRow {
    fn shown(&self) -> OrderPhoto {
        OrderPhoto { id: self.id, width: self.width, height: self.height, stored_at: self.stored_at }
    }
}

/// A picture, whosesoever.
pub(crate) async fn any(q: &mut impl Query, id: Uuid) -> Result<Option<PhotoRow>> {
    q.one(
        sql!(
            "SELECT p.id, p.order_id, p.sent_sha256, p.mime, p.size, p.width, p.height, p.stored_at FROM order_photo p \
             WHERE p.tenant_id = $1 AND p.id = $3"
        ),
        args![id],
    )
    .await
}

/// Pictures of an order. The caller has checked the order.
pub(crate) async fn of_order(q: &mut impl Query, order: Uuid) -> Result<Vec<OrderPhoto>> {
    let rows: Vec<PhotoRow> = q
        .all(
            sql!(
                "SELECT p.id, p.order_id, p.sent_sha256, p.mime, p.size, p.width, p.height, p.stored_at FROM order_photo p \
                 WHERE p.tenant_id = $1 AND p.order_id = $3 ORDER BY p.stored_at, p.id"
            ),
            args![order],
        )
        .await?;
    Ok(rows.iter().map(PhotoRow::shown).collect())
}

async fn insert(tx: &mut Tx, p: &PhotoRow, sha256: &str) -> Result<u64> {
    tx.exec(
        sql!(
            "INSERT INTO order_photo (tenant_id, id, order_id, sha256, sent_sha256, mime, size, width, height, stored_at) \
             VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (tenant_id, id) DO NOTHING"
        ),
        args![p.id, p.order_id, sha256, &p.sent_sha256, &p.mime, p.size, p.width, p.height, p.stored_at],
    )
    .await
}

/// Keeps a picture of an order. The same id with the same bytes answers as before.
///
/// # Errors
/// `portal.photo_kind`, `portal.photo_pixels`, `portal.photos_many`, `sync.conflict`.
pub(crate) async fn keep(
    kit: &Kit,
    scope: &Scope,
    order: Uuid,
    id: Uuid,
    sent: Vec<u8>,
) -> Result<OrderPhoto> {
    let sent_sha256 = hex::encode(Sha256::digest(&sent));
    let mut r = kit.db.read(scope).await?;
    if let Some(known) = any(&mut r, id).await? {
        let same = known.order_id == order && known.sent_sha256 == sent_sha256;
        return if same { Ok(known.shown()) } else { Err(Problem::new(problem::CONFLICT)) };
    }
    if of_order(&mut r, order).await?.len() >= MOST {
        return Err(Problem::new(PHOTOS_MANY));
    }
    drop(r);
    let _turn = LOOKING.acquire().await.map_err(Problem::internal)?;
    // Nothing is decoded: size and kind stand in the header, and the rest is copied part by part.
    let judged = tokio::task::spawn_blocking(move || {
        let header = inspect(&sent)?;
        if u64::from(header.width) * u64::from(header.height) > MOST_PIXELS {
            return Err(Unfit::TooManyPixels);
        }
        Ok((without_metadata(&sent)?, header))
    });
    let (bytes, header) = judged.await.map_err(Problem::internal)?.map_err(|unfit| match unfit {
        Unfit::TooManyPixels => Problem::new(PHOTO_PIXELS),
        _ => Problem::new(PHOTO_KIND),
    })?;
    let sha256 = hex::encode(Sha256::digest(&bytes));
    let row = PhotoRow {
        id,
        order_id: order,
        sent_sha256,
        mime: header.kind.mime().to_owned(),
        size: bytes.len() as i64,
        width: header.width.into(),
        height: header.height.into(),
        stored_at: kit.now(),
    };
    kit.files.put(scope.tenant(), id, STORED, bytes).await?;
    kit.db
        .write(scope, move |tx| {
            Box::pin(async move {
                // Two at once: the count is asked again where nobody else writes.
                if of_order(tx, order).await?.len() >= MOST {
                    return Err(Problem::new(PHOTOS_MANY));
                }
                if insert(tx, &row, &sha256).await? == 0 {
                    return Err(Problem::new(problem::CONFLICT));
                }
                tx.audit("order.photo", "work_order", order, json!({ "photo": row.id, "sha256": sha256 }))
                    .await?;
                Ok(row.shown())
            })
        })
        .await
}
