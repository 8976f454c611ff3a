use std::sync::Arc;

use api::{Access, Answer, Caller, Json, Kit, Peer, Routes, SESSION_COOKIE, axum, routes};
use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base::{Micros, Problem, id};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use db::{Reach, Result, Scope};
use rand::Rng;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    BAD_LOGIN, BAD_TOTP, CHOOSE_PASSWORD, LOCKED, Sessions, TOTP_REQUIRED,
    me::{self, Me},
    normal_login, password, sessions, sql, totp,
};

/// Wrong passwords in a row before a login rests, and for how long it does (doubling).
const PATIENCE: i64 = 5;
const REST: i64 = 60 * Micros::SECOND;
const LONGEST_REST: i64 = 15 * Micros::MINUTE;

pub fn routes(kit: &Kit, sessions: &Arc<Sessions>) -> Routes {
    let sessions = sessions.clone();
    Routes::new(kit)
        .at(Access::Public, routes!(login))
        .at(Access::SignedIn, routes!(logout))
        .merge(me::routes(kit))
        .map(|r| r.layer(Extension(sessions)))
}

/// A fresh sign-in.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignedIn {
    /// Send as `Authorization: Bearer …`.
    pub token: String,
    pub me: Me,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Login {
    #[schema(max_length = 64)]
    login: String,
    #[schema(max_length = 128)]
    password: String,
    /// Six digits, when the second factor is on.
    totp: Option<String>,
    /// Also set the session cookie (browsers).
    #[serde(default)]
    cookie: bool,
    #[schema(max_length = 80)]
    device_name: Option<String>,
}

#[utoipa::path(post, path = "/auth/login", tag = "auth", request_body = Login, responses((status = 200, body = SignedIn), (status = 401, body = api::ProblemDocument), (status = 429, body = api::ProblemDocument)))]
async fn login(
    State(kit): State<Kit>,
    peer: Peer,
    headers: HeaderMap,
    Json(input): Json<Login>,
) -> std::result::Result<Response, api::Failure> {
    let credential = prove(&kit, &input, peer).await?;
    let name = input.device_name.clone().unwrap_or_else(|| device_of(&headers));
    let device = Device { name: &name, kind: if input.cookie { "browser" } else { "phone" }, peer };
    let signed_in = open(&kit, credential.tenant_id, credential.employee_id, device).await?;
    let cookie = input.cookie.then(|| session_cookie(&kit, &signed_in.token, sessions::LIFE_DAYS * 86_400));
    let mut response = axum::Json(signed_in).into_response();
    if let Some(Ok(value)) = cookie {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn session_cookie(
    kit: &Kit,
    token: &str,
    seconds: i64,
) -> std::result::Result<HeaderValue, header::InvalidHeaderValue> {
    let secure = if kit.config.secure_cookies { "; Secure" } else { "" };
    HeaderValue::from_str(&format!(
        "{SESSION_COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}"
    ))
}

fn device_of(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or("");
    agent.chars().take(80).collect()
}

/// Checks login, password and second factor.
async fn prove(kit: &Kit, input: &Login, peer: Peer) -> Result<sql::Credential> {
    let name = normal_login(&input.login);
    let found = sql::by_login(&mut kit.db.global_read().await?, &name).await?;
    let now = kit.now();
    let wait = found.as_ref().map_or(0, |c| c.locked_until.0 - now.0);
    if wait > 0 {
        let seconds = (wait / Micros::SECOND + 1) as u32;
        return Err(Problem::new(LOCKED).with("seconds", seconds).retry_after(seconds));
    }
    let hash = found.as_ref().map_or(password::NOBODY.to_owned(), |c| c.password_hash.clone());
    let fits = password::fits(input.password.chars().take(200).collect(), hash).await?;
    let Some(credential) = found else { return Err(Problem::new(BAD_LOGIN)) };
    if !fits {
        note_failure(kit, &credential, now, peer).await?;
        return Err(Problem::new(BAD_LOGIN));
    }
    if let Some(secret) = &credential.totp_secret {
        let Some(code) = &input.totp else { return Err(Problem::new(TOTP_REQUIRED)) };
        let step = totp::step_of(secret, code, now)?;
        let fresh = match step {
            Some(step) => {
                let login = credential.login.clone();
                kit.db
                    .global(move |g| Box::pin(async move { sql::use_totp_step(g, &login, step).await }))
                    .await?
                    > 0
            }
            None => false,
        };
        if !fresh {
            note_failure(kit, &credential, now, peer).await?;
            return Err(Problem::new(BAD_TOTP));
        }
    }
    Ok(credential)
}

/// The person behind a login and password sent with every request (HTTP Basic), for programs that know nothing else. A
/// refused try counts as one of the ordinary sign-in. Whoever uses a second factor, or has yet to choose a password,
/// cannot come in this way.
///
/// # Errors
/// `auth.bad_login`, `auth.locked`, `auth.totp_required`, `auth.choose_password`.
pub async fn by_password(kit: &Kit, login: String, password: String, peer: Peer) -> Result<Scope> {
    let input = Login { login, password, totp: None, cookie: false, device_name: None };
    let credential = prove(kit, &input, peer).await?;
    if credential.must_change {
        return Err(Problem::new(CHOOSE_PASSWORD));
    }
    if credential.failures > 0 {
        let login = credential.login.clone();
        kit.db.global(move |g| Box::pin(async move { sql::failed(g, &login, 0, Micros(0)).await })).await?;
    }
    let scope = sessions::scope_of(&kit.db, credential.tenant_id, credential.employee_id).await?;
    scope.ok_or_else(|| Problem::new(BAD_LOGIN))
}

/// Counts a refused try, and writes it to the trail of the person it was tried for.
async fn note_failure(kit: &Kit, credential: &sql::Credential, now: Micros, peer: Peer) -> Result<()> {
    let failures = credential.failures + 1;
    let over = failures - PATIENCE;
    let rest = if over < 0 { 0 } else { (REST << over.min(6)).min(LONGEST_REST) };
    let (login, until) = (credential.login.clone(), now.plus(rest));
    kit.db.global(move |g| Box::pin(async move { sql::failed(g, &login, failures, until).await })).await?;
    trail(kit, credential.tenant_id, credential.employee_id, "auth.sign_in_refused", peer).await
}

/// Signing in is written to the person's own trail, whatever his rights, with the address it came from.
async fn trail(kit: &Kit, tenant: Uuid, employee: Uuid, action: &'static str, peer: Peer) -> Result<()> {
    let own = Scope::signed_in(tenant, employee, Reach::Own, &[]);
    let said = json!({ "address": peer.0 });
    kit.db
        .write(&own, move |tx| Box::pin(async move { tx.audit(action, "employee", employee, said).await }))
        .await
}

/// What somebody signs in with.
pub(super) struct Device<'a> {
    pub name: &'a str,
    /// browser or phone.
    pub kind: &'a str,
    pub peer: Peer,
}

/// Makes token and session row, and answers who it is.
pub(super) async fn open(kit: &Kit, tenant: Uuid, employee: Uuid, with: Device<'_>) -> Result<SignedIn> {
    let mut bytes = [0u8; 32];
    rand::rng().fill(&mut bytes);
    let token = URL_SAFE_NO_PAD.encode(bytes);
    let (hash, now, session) = (sessions::hash(&token), kit.now(), id::new_v7());
    let (device, kind) = (with.name.chars().take(80).collect::<String>(), with.kind.to_owned());
    kit.db
        .global(move |g| {
            Box::pin(async move {
                let new = sql::NewSession {
                    token_hash: &hash,
                    id: session,
                    tenant,
                    employee,
                    device: &device,
                    kind: &kind,
                    now,
                    expires: now.plus(sessions::LIFE_DAYS * Micros::DAY),
                };
                sql::insert_session(g, new).await
            })
        })
        .await?;
    let session = kit.auth.authenticate(&token).await?.ok_or_else(|| Problem::new(BAD_LOGIN))?;
    trail(kit, tenant, employee, "auth.sign_in", with.peer).await?;
    Ok(SignedIn { token, me: me::me(kit, &session.scope).await? })
}

#[utoipa::path(post, path = "/auth/logout", tag = "auth", responses((status = 204)))]
async fn logout(
    State(kit): State<Kit>,
    Extension(sessions): Extension<Arc<Sessions>>,
    caller: Caller,
) -> std::result::Result<Response, api::Failure> {
    let (tenant, actor, session) = (caller.scope.tenant(), caller.scope.actor(), caller.session_id);
    kit.db.global(move |g| Box::pin(async move { sql::end(g, tenant, actor, session).await })).await?;
    sessions.forget_person(actor);
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Ok(value) = session_cookie(&kit, "", 0) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    Ok(response)
}

/// Used by answers that need nothing but a list.
pub(super) fn answer<T>(value: T) -> Answer<T> {
    api::ok(value)
}
