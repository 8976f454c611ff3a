//! Signing in: passwords (argon2id), opaque tokens kept as SHA-256, second factor (TOTP), devices.
//!
//! A token is 256 random bits. Browsers hold it in an HttpOnly cookie, phones and integrations send it as
//! bearer. Revoking takes effect at once in this process and within [`sessions::KEEP`] in others.

mod http;
pub(crate) mod me;
mod password;
mod sessions;
mod sql;
mod totp;

pub use http::{SignedIn, by_password, routes};
pub use me::{Me, accept as accept_policy, consents, me};
pub(crate) use password::NOBODY;
pub use password::{hash_password, readable_password, strong_enough};
pub use sessions::Sessions;

use base::Problem;
use db::{Result, Tx};
use uuid::Uuid;

base::problems! {
    BAD_LOGIN = 401 "auth.bad_login",
        zh "登录名或密码不正确" / "请检查后重试；忘记密码请联系管理员重置。",
        en "Wrong login or password" / "Check and try again; your administrator can reset a forgotten password.";
    TOTP_REQUIRED = 401 "auth.totp_required",
        zh "需要动态验证码" / "请输入验证器应用上的 6 位数字。",
        en "Code required" / "Enter the 6 digits from your authenticator app.";
    BAD_TOTP = 401 "auth.bad_totp",
        zh "验证码不正确" / "请输入当前显示的 6 位数字，每个验证码只能用一次。",
        en "Wrong code" / "Enter the 6 digits shown now; each code works once.";
    LOCKED = 429 "auth.locked",
        zh "尝试次数过多" / "此登录名暂时锁定，请在 {seconds} 秒后再试。",
        en "Too many attempts" / "This login is locked for the moment; try again in {seconds} seconds.";
    CHOOSE_PASSWORD = 401 "auth.choose_password",
        zh "请先设置自己的密码" / "用初始密码登录一次踏实并改成自己的密码，然后在这里使用新密码。",
        en "Choose a password first" / "Sign in to Tashi once with the first password and change it, then use the new one here.";
    NO_TOTP = 422 "auth.no_totp",
        zh "没有待确认的验证器" / "请先获取二维码。",
        en "No authenticator pending" / "Ask for the QR code first.";
}

/// People of a company whose phone is signed in.
///
/// # Errors
/// When the store cannot be read.
pub async fn on_phones(db: &db::Database, tenant: Uuid) -> Result<std::collections::BTreeSet<Uuid>> {
    let holders = sql::holders(&mut db.global_read().await?, tenant, db.now()).await?;
    Ok(holders.into_iter().map(|h| h.employee_id).collect())
}

/// A login: 2–64 visible characters without spaces. Compared in lower case.
pub fn valid_login(login: &str) -> bool {
    (2..=64).contains(&login.chars().count()) && login.chars().all(|c| !c.is_whitespace() && !c.is_control())
}

/// Lower case without surrounding space.
pub(crate) fn normal_login(login: &str) -> String {
    login.trim().to_lowercase()
}

/// Gives a person a sign-in.
///
/// # Errors
/// `org.login_taken`.
pub(crate) async fn insert_credential(
    tx: &mut Tx,
    login: &str,
    employee: Uuid,
    hash: &str,
    must_change: bool,
) -> Result<()> {
    let tenant = tx.tenant();
    let now = tx.now();
    let login = normal_login(login);
    if sql::insert_credential(tx, &login, tenant, employee, hash, must_change, now).await? == 0 {
        return Err(login_taken());
    }
    Ok(())
}

/// Changes what a person signs in with; password, second factor and open sign-ins stay. Somebody without a sign-in gets
/// one with a password nobody knows: he comes in with the first password an administrator makes for him.
///
/// # Errors
/// `org.login_taken`.
pub(crate) async fn set_login(tx: &mut Tx, employee: Uuid, login: &str) -> Result<()> {
    let (tenant, now, login) = (tx.tenant(), tx.now(), normal_login(login));
    match sql::holder(tx, &login).await? {
        Some(holder) if holder == (tenant, employee) => return Ok(()),
        Some(_) => return Err(login_taken()),
        None => {}
    }
    if sql::set_login(tx, tenant, employee, &login, now).await? == 0 {
        insert_credential(tx, &login, employee, NOBODY, true).await?;
    }
    Ok(())
}

fn login_taken() -> Problem {
    Problem::new(base::problem::INVALID).with("reason", "login").field("login", crate::LOGIN_TAKEN)
}

/// Replaces a person's password.
///
/// # Errors
/// `org.no_login` when he has no sign-in.
pub(crate) async fn set_password(tx: &mut Tx, employee: Uuid, hash: &str, must_change: bool) -> Result<()> {
    let (tenant, now) = (tx.tenant(), tx.now());
    match sql::set_password(tx, tenant, employee, hash, must_change, now).await? {
        0 => Err(Problem::new(crate::NO_LOGIN)),
        _ => Ok(()),
    }
}

/// Ends all sign-ins of a person.
pub(crate) async fn end_all(tx: &mut Tx, employee: Uuid) -> Result<()> {
    let tenant = tx.tenant();
    sql::end_all(tx, tenant, employee).await?;
    Ok(())
}

/// Opens a session for a person who has proved who he is (the wizard).
pub(crate) async fn open_session(
    kit: &api::Kit,
    tenant: Uuid,
    employee: Uuid,
    peer: api::Peer,
) -> Result<SignedIn> {
    http::open(kit, tenant, employee, http::Device { name: "setup", kind: "browser", peer }).await
}
