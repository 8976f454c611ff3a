use base::Micros;
use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

use super::{ReportRef, code_of};

db::row! { pub struct ReportRow {
    id: Uuid, order_id: Uuid, content: String, content_sha256: String, signer: Option<String>, signed_at: Micros, pdf_sha256: Option<String>,
    pdf_size: Option<i64>, stars: Option<i64>, words: Option<String>, number: String, employee_id: Option<Uuid>, department_id: Uuid
} }

macro_rules! reports {
    ($tail:literal) => {
        sql!(concat!(
            "SELECT r.id, r.order_id, r.content, r.content_sha256, r.signer, r.signed_at, r.pdf_sha256, r.pdf_size, r.stars, r.words, w.number, \
             w.employee_id, w.department_id FROM service_report r JOIN work_order w ON w.tenant_id = r.tenant_id AND w.id = r.order_id \
             WHERE r.tenant_id = $1 ",
            $tail
        ))
    };
}

impl ReportRow {
    pub fn shown(&self) -> ReportRef {
        ReportRef {
            id: self.id,
            code: code_of(&self.content_sha256),
            signer: self.signer.clone(),
            signed_at: self.signed_at,
            pdf_sha256: self.pdf_sha256.clone(),
            pdf_size: self.pdf_size,
            stars: self.stars,
            words: self.words.clone(),
        }
    }
}

/// The report of an order. The caller has checked the order.
pub async fn row_of_order(q: &mut impl Query, order: Uuid) -> Result<Option<ReportRow>> {
    q.one(reports!("AND r.order_id = $3"), args![order]).await
}

/// The same, as shown.
pub async fn of_order(q: &mut impl Query, order: Uuid) -> Result<Option<ReportRef>> {
    Ok(row_of_order(q, order).await?.map(|r| r.shown()))
}

/// Reports without a document.
pub async fn unmade(q: &mut impl Query) -> Result<Vec<ReportRow>> {
    q.all(reports!("AND r.pdf_sha256 IS NULL ORDER BY r.id LIMIT 50"), vec![]).await
}

pub async fn insert(
    tx: &mut Tx,
    id: Uuid,
    order: Uuid,
    content: &str,
    sha256: &str,
    signer: Option<&str>,
    at: Micros,
) -> Result<u64> {
    tx.exec(
        sql!(
            "INSERT INTO service_report (tenant_id, id, order_id, content, content_sha256, signer, signed_at) VALUES ($1, $3, $4, $5, $6, $7, $8)"
        ),
        args![id, order, content, sha256, signer, at],
    )
    .await
}

/// False when the document was made already.
pub async fn set_document(tx: &mut Tx, id: Uuid, sha256: &str, size: i64) -> Result<bool> {
    let rows = tx
        .exec(
            sql!(
                "UPDATE service_report SET pdf_sha256 = $4, pdf_size = $5 WHERE tenant_id = $1 AND id = $3 AND pdf_sha256 IS NULL"
            ),
            args![id, sha256, size],
        )
        .await?;
    Ok(rows == 1)
}

/// False when it was rated already.
pub async fn rate(tx: &mut Tx, id: Uuid, stars: i64, words: Option<&str>) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "UPDATE service_report SET stars = $4, words = $5, rated_at = $6 WHERE tenant_id = $1 AND id = $3 AND stars IS NULL"
            ),
            args![id, stars, words, now],
        )
        .await?;
    Ok(rows == 1)
}
