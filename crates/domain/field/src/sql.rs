use base::Micros;
use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

db::row! { pub struct ReceiptRow { sha256: String, received_at: Micros } }

/// What was answered to an item, by whomever it came.
pub async fn receipt(q: &mut impl Query, id: Uuid) -> Result<Option<ReceiptRow>> {
    q.one(sql!("SELECT sha256, received_at FROM receipt WHERE tenant_id = $1 AND id = $3"), args![id]).await
}

/// False when the id is known. Written before the item's own work, so that the same item sent twice at once
/// waits here for the other to be decided.
pub async fn insert_receipt(tx: &mut Tx, id: Uuid, device: &str, kind: &str, sha256: &str) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO receipt (tenant_id, id, employee_id, device_id, kind, sha256, answer, received_at) \
                 VALUES ($1, $3, $2, $4, $5, $6, 'accepted', $7) ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![id, device, kind, sha256, now],
        )
        .await?;
    Ok(rows == 1)
}

db::row! { pub struct NonceRow { nonce: String, issued_at: Micros } }

/// The newest word of the acting person.
pub async fn newest_nonce(q: &mut impl Query) -> Result<Option<NonceRow>> {
    q.one(
        sql!(
            "SELECT nonce, issued_at FROM nonce WHERE tenant_id = $1 AND employee_id = $2 ORDER BY issued_at DESC LIMIT 1"
        ),
        vec![],
    )
    .await
}

/// When a word was handed to the acting person; `None` for a word he never got.
pub async fn issued_at(q: &mut impl Query, nonce: &str) -> Result<Option<Micros>> {
    let row: Option<NonceRow> = q
        .one(
            sql!(
                "SELECT nonce, issued_at FROM nonce WHERE tenant_id = $1 AND nonce = $3 AND employee_id = $2"
            ),
            args![nonce],
        )
        .await?;
    Ok(row.map(|r| r.issued_at))
}

pub async fn insert_nonce(tx: &mut Tx, nonce: &str) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!("INSERT INTO nonce (tenant_id, nonce, employee_id, issued_at) VALUES ($1, $3, $2, $4)"),
        args![nonce, now],
    )
    .await
}

/// Forgets words of the acting person issued before an instant.
pub async fn delete_nonces(tx: &mut Tx, before: Micros) -> Result<u64> {
    tx.exec(
        sql!("DELETE FROM nonce WHERE tenant_id = $1 AND employee_id = $2 AND issued_at < $3"),
        args![before],
    )
    .await
}
