use base::Micros;
use db::{Query, Result, Tx, args, sql};
use org::Ref;
use uuid::Uuid;

use super::{CodeKind, CustomerCode};

db::row! { pub struct CodeRow {
    id: Uuid, customer_id: Uuid, kind: String, made_at: Micros, made_by: Uuid, made_name: Option<String>, withdrawn_at: Option<Micros>,
    uses: i64, last_used_at: Option<Micros>
} }

impl CodeRow {
    pub fn shown(self) -> CustomerCode {
        CustomerCode {
            id: self.id,
            customer_id: self.customer_id,
            kind: if self.kind == CodeKind::Printed.key() { CodeKind::Printed } else { CodeKind::Rotating },
            made_at: self.made_at,
            made_by: Ref { id: self.made_by, name: self.made_name.unwrap_or_default() },
            withdrawn_at: self.withdrawn_at,
            uses: self.uses,
            last_used_at: self.last_used_at,
        }
    }
}

/// Codes of a customer, newest first. The caller has checked the customer.
pub async fn of_customer(q: &mut impl Query, customer: Uuid) -> Result<Vec<CodeRow>> {
    q.all(
        sql!(
            "SELECT k.id, k.customer_id, k.kind, k.made_at, k.made_by, e.name AS made_name, k.withdrawn_at, \
             CAST((SELECT COUNT(*) FROM code_use u WHERE u.tenant_id = $1 AND u.code_id = k.id) AS BIGINT) AS uses, \
             (SELECT MAX(u.noted_at) FROM code_use u WHERE u.tenant_id = $1 AND u.code_id = k.id) AS last_used_at \
             FROM site_code k LEFT JOIN employee e ON e.tenant_id = k.tenant_id AND e.id = k.made_by \
             WHERE k.tenant_id = $1 AND k.customer_id = $3 ORDER BY k.made_at DESC, k.id DESC LIMIT 50"
        ),
        args![customer],
    )
    .await
}

db::row! { pub struct SecretRow {
    id: Uuid, customer_id: Uuid, kind: String, secret: String, withdrawn_at: Option<Micros>
} }

/// Any code of the company, with its secret.
pub async fn secret(q: &mut impl Query, id: Uuid) -> Result<Option<SecretRow>> {
    q.one(
        sql!(
            "SELECT id, customer_id, kind, secret, withdrawn_at FROM site_code WHERE tenant_id = $1 AND id = $3"
        ),
        args![id],
    )
    .await
}

/// The newest codes of a customer with their secrets, those in use first.
pub async fn secrets_of(q: &mut impl Query, customer: Uuid) -> Result<Vec<SecretRow>> {
    q.all(
        sql!(
            "SELECT id, customer_id, kind, secret, withdrawn_at FROM site_code WHERE tenant_id = $1 AND customer_id = $3 \
             ORDER BY CASE WHEN withdrawn_at IS NULL THEN 0 ELSE 1 END, made_at DESC, id LIMIT 8"
        ),
        args![customer],
    )
    .await
}

/// False when the id is taken.
pub async fn insert(tx: &mut Tx, id: Uuid, customer: Uuid, kind: CodeKind, secret: &str) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO site_code (tenant_id, id, customer_id, kind, secret, made_at, made_by) VALUES ($1, $3, $4, $5, $6, $7, $2) \
                 ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![id, customer, kind.key(), secret, now],
        )
        .await?;
    Ok(rows == 1)
}

/// Withdraws what is in use of one kind at a customer, but for one.
pub async fn withdraw_others(tx: &mut Tx, customer: Uuid, kind: CodeKind, but: Uuid) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!(
            "UPDATE site_code SET withdrawn_at = $6, withdrawn_by = $2 \
             WHERE tenant_id = $1 AND customer_id = $3 AND kind = $4 AND id <> $5 AND withdrawn_at IS NULL"
        ),
        args![customer, kind.key(), but, now],
    )
    .await
}

pub async fn withdraw(tx: &mut Tx, id: Uuid) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!(
            "UPDATE site_code SET withdrawn_at = $4, withdrawn_by = $2 WHERE tenant_id = $1 AND id = $3 AND withdrawn_at IS NULL"
        ),
        args![id, now],
    )
    .await
}

/// Keeps which turn proved a step; of a step that is done again the newest.
pub async fn put_use(tx: &mut Tx, visit: Uuid, step: Uuid, used: Option<(Uuid, i64)>) -> Result<()> {
    let Some((code, turn)) = used else {
        tx.exec(
            sql!("DELETE FROM code_use WHERE tenant_id = $1 AND visit_id = $3 AND step_id = $4"),
            args![visit, step],
        )
        .await?;
        return Ok(());
    };
    let now = tx.now();
    tx.exec(
        sql!(
            "INSERT INTO code_use (tenant_id, visit_id, step_id, employee_id, code_id, turn, noted_at) VALUES ($1, $3, $4, $2, $5, $6, $7) \
             ON CONFLICT (tenant_id, visit_id, step_id) DO UPDATE SET code_id = excluded.code_id, turn = excluded.turn, \
             noted_at = excluded.noted_at"
        ),
        args![visit, step, code, turn, now],
    )
    .await?;
    Ok(())
}

db::row! { struct Sharing { visit_id: Uuid } }

/// Other visits that were proved with the same turn of the same code.
pub async fn sharing(q: &mut impl Query, visit: Uuid) -> Result<Vec<Uuid>> {
    let rows: Vec<Sharing> = q
        .all(
            sql!(
                "SELECT DISTINCT o.visit_id FROM code_use u JOIN code_use o ON o.tenant_id = u.tenant_id AND o.code_id = u.code_id \
                 AND o.turn = u.turn AND o.visit_id <> u.visit_id WHERE u.tenant_id = $1 AND u.visit_id = $3 ORDER BY o.visit_id LIMIT 20"
            ),
            args![visit],
        )
        .await?;
    Ok(rows.into_iter().map(|r| r.visit_id).collect())
}
