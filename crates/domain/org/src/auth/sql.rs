use base::Micros;
use db::{Global, Query, Result, Tx, args, global_sql, sql};
use uuid::Uuid;

db::row! { pub struct Credential {
    login: String, tenant_id: Uuid, employee_id: Uuid, password_hash: String, must_change: bool, totp_secret: Option<String>,
    totp_pending: Option<String>, totp_last_step: i64, failures: i64, locked_until: Micros
} }

pub async fn by_login(g: &mut Global, login: &str) -> Result<Option<Credential>> {
    g.one(
        global_sql!(
            "SELECT login, tenant_id, employee_id, password_hash, must_change, totp_secret, totp_pending, totp_last_step, failures, locked_until \
             FROM credential WHERE login = $1"
        ),
        args![login],
    )
    .await
}

pub async fn of_employee(g: &mut Global, tenant: Uuid, employee: Uuid) -> Result<Option<Credential>> {
    g.one(
        global_sql!(
            "SELECT login, tenant_id, employee_id, password_hash, must_change, totp_secret, totp_pending, totp_last_step, failures, locked_until \
             FROM credential WHERE tenant_id = $1 AND employee_id = $2"
        ),
        args![tenant, employee],
    )
    .await
}

pub async fn insert_credential(
    tx: &mut Tx,
    login: &str,
    tenant: Uuid,
    employee: Uuid,
    hash: &str,
    must_change: bool,
    now: Micros,
) -> Result<u64> {
    tx.global_exec(
        global_sql!(
            "INSERT INTO credential (login, tenant_id, employee_id, password_hash, must_change, totp_last_step, failures, locked_until, changed_at) \
             VALUES ($1, $2, $3, $4, $5, 0, 0, 0, $6) ON CONFLICT (login) DO NOTHING"
        ),
        args![login, tenant, employee, hash, must_change, now],
    )
    .await
}

pub async fn set_login(tx: &mut Tx, tenant: Uuid, employee: Uuid, login: &str, now: Micros) -> Result<u64> {
    tx.global_exec(
        global_sql!(
            "UPDATE credential SET login = $3, changed_at = $4, failures = 0, locked_until = 0 WHERE tenant_id = $1 AND employee_id = $2"
        ),
        args![tenant, employee, login, now],
    )
    .await
}

db::row! { pub struct HolderRow { tenant_id: Uuid, employee_id: Uuid } }

/// Who signs in with a login, in whatever company.
pub async fn holder(tx: &mut Tx, login: &str) -> Result<Option<(Uuid, Uuid)>> {
    let found: Vec<HolderRow> = tx
        .global_all(
            global_sql!("SELECT tenant_id, employee_id FROM credential WHERE login = $1"),
            args![login],
        )
        .await?;
    Ok(found.into_iter().next().map(|h| (h.tenant_id, h.employee_id)))
}

pub async fn set_password(
    tx: &mut Tx,
    tenant: Uuid,
    employee: Uuid,
    hash: &str,
    must_change: bool,
    now: Micros,
) -> Result<u64> {
    tx.global_exec(
        global_sql!(
            "UPDATE credential SET password_hash = $3, must_change = $4, changed_at = $5, failures = 0, locked_until = 0 \
             WHERE tenant_id = $1 AND employee_id = $2"
        ),
        args![tenant, employee, hash, must_change, now],
    )
    .await
}

pub async fn failed(g: &mut Global, login: &str, failures: i64, locked_until: Micros) -> Result<u64> {
    g.exec(
        global_sql!("UPDATE credential SET failures = $2, locked_until = $3 WHERE login = $1"),
        args![login, failures, locked_until],
    )
    .await
}

/// Marks a TOTP step as used; 0 rows when it or a later one was used already.
pub async fn use_totp_step(g: &mut Global, login: &str, step: i64) -> Result<u64> {
    g.exec(
        global_sql!("UPDATE credential SET totp_last_step = $2 WHERE login = $1 AND totp_last_step < $2"),
        args![login, step],
    )
    .await
}

pub async fn set_totp(
    tx: &mut Tx,
    tenant: Uuid,
    employee: Uuid,
    secret: Option<&str>,
    pending: Option<&str>,
) -> Result<u64> {
    tx.global_exec(
        global_sql!("UPDATE credential SET totp_secret = $3, totp_pending = $4 WHERE tenant_id = $1 AND employee_id = $2"),
        args![tenant, employee, secret, pending],
    )
    .await
}

db::row! { pub struct SessionRow {
    id: Uuid, tenant_id: Uuid, employee_id: Uuid, device_name: String, kind: String, created_at: Micros, last_seen_at: Micros, expires_at: Micros
} }

pub struct NewSession<'a> {
    pub token_hash: &'a [u8],
    pub id: Uuid,
    pub tenant: Uuid,
    pub employee: Uuid,
    pub device: &'a str,
    pub kind: &'a str,
    pub now: Micros,
    pub expires: Micros,
}

pub async fn insert_session(g: &mut Global, s: NewSession<'_>) -> Result<u64> {
    g.exec(
        global_sql!(
            "UPDATE credential SET failures = 0, locked_until = 0 WHERE tenant_id = $1 AND employee_id = $2"
        ),
        args![s.tenant, s.employee],
    )
    .await?;
    g.exec(
        global_sql!(
            "INSERT INTO session (token_hash, id, tenant_id, employee_id, device_name, kind, created_at, last_seen_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)"
        ),
        args![s.token_hash, s.id, s.tenant, s.employee, s.device, s.kind, s.now, s.expires],
    )
    .await
}

pub async fn session(g: &mut Global, token_hash: &[u8]) -> Result<Option<SessionRow>> {
    g.one(
        global_sql!(
            "SELECT id, tenant_id, employee_id, device_name, kind, created_at, last_seen_at, expires_at FROM session WHERE token_hash = $1"
        ),
        args![token_hash],
    )
    .await
}

pub async fn sessions_of(g: &mut Global, tenant: Uuid, employee: Uuid) -> Result<Vec<SessionRow>> {
    g.all(
        global_sql!(
            "SELECT id, tenant_id, employee_id, device_name, kind, created_at, last_seen_at, expires_at FROM session \
             WHERE tenant_id = $1 AND employee_id = $2 ORDER BY last_seen_at DESC"
        ),
        args![tenant, employee],
    )
    .await
}

db::row! { pub struct Holder { employee_id: Uuid } }

/// Who is signed in by a token of his own, as phones are.
pub async fn holders(g: &mut Global, tenant: Uuid, now: Micros) -> Result<Vec<Holder>> {
    g.all(
        global_sql!(
            "SELECT DISTINCT employee_id FROM session WHERE tenant_id = $1 AND kind = 'phone' AND expires_at > $2"
        ),
        args![tenant, now],
    )
    .await
}

pub async fn touch(g: &mut Global, id: Uuid, now: Micros, expires: Micros) -> Result<u64> {
    g.exec(
        global_sql!("UPDATE session SET last_seen_at = $2, expires_at = $3 WHERE id = $1"),
        args![id, now, expires],
    )
    .await
}

pub async fn end(g: &mut Global, tenant: Uuid, employee: Uuid, id: Uuid) -> Result<u64> {
    g.exec(
        global_sql!("DELETE FROM session WHERE tenant_id = $1 AND employee_id = $2 AND id = $3"),
        args![tenant, employee, id],
    )
    .await
}

pub async fn end_all(tx: &mut Tx, tenant: Uuid, employee: Uuid) -> Result<u64> {
    tx.global_exec(
        global_sql!("DELETE FROM session WHERE tenant_id = $1 AND employee_id = $2"),
        args![tenant, employee],
    )
    .await
}

db::row! { pub struct ActorRow { status: String, permissions: String, reach: String, admin: bool } }

/// Rights of a person, read within his own company.
pub async fn actor(q: &mut impl Query) -> Result<Option<ActorRow>> {
    q.one(
        sql!(
            "SELECT e.status, r.permissions, r.reach, CAST(CASE WHEN r.built_in = 1 AND r.key = 'admin' THEN 1 ELSE 0 END AS BIGINT) AS admin FROM employee e JOIN role r ON r.tenant_id = e.tenant_id AND r.id = e.role_id \
             WHERE e.tenant_id = $1 AND e.id = $2"
        ),
        vec![],
    )
    .await
}

db::row! { pub struct Consent { consent_version: Option<String>, consent_at: Option<Micros>, lang: Option<String> } }

pub async fn consent(q: &mut impl Query) -> Result<Consent> {
    q.must(
        sql!("SELECT consent_version, consent_at, lang FROM employee WHERE tenant_id = $1 AND id = $2"),
        vec![],
    )
    .await
}

db::row! { pub struct Agreed { id: Uuid, consent_at: Micros } }

/// Everybody who agreed to a version of the text.
pub async fn agreed(q: &mut impl Query, version: &str) -> Result<Vec<Agreed>> {
    q.all(
        sql!(
            "SELECT id, consent_at FROM employee WHERE tenant_id = $1 AND consent_version = $3 AND consent_at IS NOT NULL"
        ),
        args![version],
    )
    .await
}

pub async fn set_consent(tx: &mut Tx, version: &str, now: Micros) -> Result<u64> {
    tx.exec(
        sql!("UPDATE employee SET consent_version = $3, consent_at = $4 WHERE tenant_id = $1 AND id = $2"),
        args![version, now],
    )
    .await
}

pub async fn set_lang(tx: &mut Tx, lang: &str) -> Result<u64> {
    tx.exec(sql!("UPDATE employee SET lang = $3 WHERE tenant_id = $1 AND id = $2"), args![lang]).await
}
