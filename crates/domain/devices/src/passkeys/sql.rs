use base::Micros;
use db::{Query, Result, Tx, args, sql};
use org::Ref;
use uuid::Uuid;

use super::Passkey;

db::row! { pub struct PasskeyRow {
    id: Uuid, employee_id: Uuid, employee_name: String, credential_id: String, public_key: String, rp_id: String, origin: String,
    name: String, counter: i64, synced: bool, made_at: Micros, used_at: Option<Micros>, withdrawn_at: Option<Micros>
} }

impl PasskeyRow {
    pub fn shown(self) -> Passkey {
        Passkey {
            id: self.id,
            employee: Ref { id: self.employee_id, name: self.employee_name },
            credential_id: self.credential_id,
            name: self.name,
            synced: self.synced,
            made_at: self.made_at,
            used_at: self.used_at,
            withdrawn_at: self.withdrawn_at,
        }
    }
}

macro_rules! passkeys {
    ($tail:expr) => {
        concat!(
            "SELECT p.id, p.employee_id, e.name AS employee_name, p.credential_id, p.public_key, p.rp_id, p.origin, p.name, p.counter, \
             p.synced, p.made_at, p.used_at, p.withdrawn_at FROM passkey p \
             JOIN employee e ON e.tenant_id = p.tenant_id AND e.id = p.employee_id WHERE p.tenant_id = $1 ",
            $tail
        )
    };
}

/// Of the people in reach, or of one of them.
pub async fn list(q: &mut impl Query, employee: Option<Uuid>) -> Result<Vec<PasskeyRow>> {
    q.all(
        sql!(passkeys!(
            "AND ($3 IS NULL OR p.employee_id = $3) AND {reach:p} ORDER BY p.made_at DESC, p.id DESC LIMIT 500"
        )),
        args![employee],
    )
    .await
}

/// One in reach.
pub async fn one(q: &mut impl Query, id: Uuid) -> Result<PasskeyRow> {
    q.must(sql!(passkeys!("AND p.id = $3 AND {reach:p}")), args![id]).await
}

/// The acting person's, by what the authenticator calls it.
pub async fn mine(q: &mut impl Query, credential: &str) -> Result<Option<PasskeyRow>> {
    q.one(sql!(passkeys!("AND p.employee_id = $2 AND p.credential_id = $3")), args![credential]).await
}

db::row! { struct Counted { n: i64 } }

pub async fn count_mine(q: &mut impl Query) -> Result<i64> {
    let row: Counted = q
        .must(
            sql!("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM passkey WHERE tenant_id = $1 AND employee_id = $2 AND withdrawn_at IS NULL"),
            vec![],
        )
        .await?;
    Ok(row.n)
}

pub struct NewRow<'a> {
    pub id: Uuid,
    pub department_id: Uuid,
    pub credential_id: &'a str,
    pub public_key: &'a str,
    pub rp_id: &'a str,
    pub origin: &'a str,
    pub name: &'a str,
    pub counter: i64,
    pub synced: bool,
}

/// False when id or credential are known already.
pub async fn insert(tx: &mut Tx, n: &NewRow<'_>) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO passkey (tenant_id, id, employee_id, department_id, credential_id, public_key, rp_id, origin, name, counter, synced, made_at) \
                 VALUES ($1, $3, $2, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING"
            ),
            args![n.id, n.department_id, n.credential_id, n.public_key, n.rp_id, n.origin, n.name, n.counter, n.synced, now],
        )
        .await?;
    Ok(rows == 1)
}

pub async fn used(tx: &mut Tx, id: Uuid, counter: i64) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!(
            "UPDATE passkey SET used_at = $5, counter = CASE WHEN $4 > counter THEN $4 ELSE counter END WHERE tenant_id = $1 AND id = $3"
        ),
        args![id, counter, now],
    )
    .await
}

pub async fn withdraw(tx: &mut Tx, id: Uuid) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!(
            "UPDATE passkey SET withdrawn_at = $4, withdrawn_by = $2 WHERE tenant_id = $1 AND id = $3 AND withdrawn_at IS NULL"
        ),
        args![id, now],
    )
    .await
}

db::row! { struct Issued { issued_at: Micros } }

/// When a random word was handed to the acting person.
pub async fn issued_at(q: &mut impl Query, nonce: &str) -> Result<Option<Micros>> {
    let row: Option<Issued> = q
        .one(
            sql!("SELECT issued_at FROM nonce WHERE tenant_id = $1 AND nonce = $3 AND employee_id = $2"),
            args![nonce],
        )
        .await?;
    Ok(row.map(|r| r.issued_at))
}

pub async fn erase(tx: &mut Tx, person: Uuid) -> Result<u64> {
    tx.exec(sql!("DELETE FROM passkey WHERE tenant_id = $1 AND employee_id = $3"), args![person]).await
}
