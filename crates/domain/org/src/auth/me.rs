//! What a person sees and changes of himself.

use std::{collections::HashMap, sync::Arc};

use api::{Access, Answer, Caller, Checks, Json, Kit, Path, Routes, axum, routes};
use axum::{Extension, extract::State, http::StatusCode};
use base::{Micros, Problem, problem};
use db::{Permission, Query, Result, Scope, Tx};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{BAD_LOGIN, BAD_TOTP, NO_TOTP, Sessions, http::answer as ok, password, sql, totp};
use crate::{
    Company, calendar, company, people, people::Employee, policy::LocationPolicy, policy_of, role::reach_key,
    skills,
};

/// Version of the text about what is recorded; a new one asks for a new consent.
pub const POLICY_TEXT_VERSION: &str = "2026-11";

pub(super) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::SignedIn, routes!(read, change))
        .at(Access::SignedIn, routes!(change_password))
        .at(Access::SignedIn, routes!(devices))
        .at(Access::SignedIn, routes!(revoke))
        .at(Access::SignedIn, routes!(begin_totp))
        .at(Access::SignedIn, routes!(confirm_totp))
        .at(Access::SignedIn, routes!(disable_totp))
        .at(Access::SignedIn, routes!(my_policy))
        .at(Access::SignedIn, routes!(accept_policy))
}

/// The signed-in person with his rights.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Me {
    pub employee: Employee,
    pub company: Company,
    pub permissions: Vec<String>,
    /// own, departments or company.
    pub reach: String,
    /// Unread notices.
    pub unread: i64,
    #[schema(value_type = String, format = DateTime)]
    pub server_time: Micros,
    pub totp_enabled: bool,
    pub must_change_password: bool,
    pub lang: Option<String>,
}

db::row! { struct Unread { n: i64 } }

/// Composes [`Me`] for a scope.
pub async fn me(kit: &Kit, scope: &Scope) -> Result<Me> {
    use db::Query;
    let credential =
        sql::of_employee(&mut kit.db.global_read().await?, scope.tenant(), scope.actor()).await?;
    let mut reader = kit.db.read(&scope.own()).await?;
    let own = skills::skills_of(&mut reader, scope.actor()).await?;
    let day = crate::DayRules::read(&mut reader).await?.own(scope.actor());
    let employee = people::sql::employee(&mut reader, scope.actor()).await?.shown(
        credential.as_ref().map(|c| c.login.clone()),
        own,
        day,
    );
    let company = company(&mut reader).await?;
    let lang = sql::consent(&mut reader).await?.lang;
    let unread: Unread = reader
        .must(
            db::sql!("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM notice WHERE tenant_id = $1 AND employee_id = $2 AND read_at IS NULL"),
            vec![],
        )
        .await?;
    Ok(Me {
        employee,
        company,
        permissions: Permission::ALL.iter().filter(|p| scope.may(**p)).map(|p| p.key().to_owned()).collect(),
        reach: reach_key(scope.reach()).to_owned(),
        unread: unread.n,
        server_time: kit.now(),
        totp_enabled: credential.as_ref().is_some_and(|c| c.totp_secret.is_some()),
        must_change_password: credential.is_some_and(|c| c.must_change),
        lang,
    })
}

#[utoipa::path(get, path = "/me", tag = "me", responses((status = 200, body = Me), (status = 401, body = api::ProblemDocument)))]
async fn read(State(kit): State<Kit>, caller: Caller) -> Answer<Me> {
    ok(me(&kit, &caller.scope).await?)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MePatch {
    /// zh or en.
    lang: Option<String>,
}

#[utoipa::path(patch, path = "/me", tag = "me", request_body = MePatch, responses((status = 200, body = Me)))]
async fn change(State(kit): State<Kit>, caller: Caller, Json(patch): Json<MePatch>) -> Answer<Me> {
    Checks::new().that("lang", patch.lang.as_deref().is_none_or(|l| matches!(l, "zh" | "en"))).done()?;
    if let Some(lang) = patch.lang {
        kit.db
            .write(&caller.scope, move |tx| Box::pin(async move { sql::set_lang(tx, &lang).await }))
            .await?;
    }
    ok(me(&kit, &caller.scope).await?)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PasswordChange {
    old: String,
    new: String,
}

async fn own_credential(kit: &Kit, caller: &Caller) -> Result<sql::Credential> {
    let mut global = kit.db.global_read().await?;
    let found = sql::of_employee(&mut global, caller.scope.tenant(), caller.scope.actor()).await?;
    found.ok_or_else(|| Problem::new(problem::NOT_FOUND))
}

/// Changes the own password and ends all other sign-ins.
#[utoipa::path(post, path = "/me/password", tag = "me", request_body = PasswordChange, responses((status = 204), (status = 401, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn change_password(
    State(kit): State<Kit>,
    Extension(sessions): Extension<Arc<Sessions>>,
    caller: Caller,
    Json(input): Json<PasswordChange>,
) -> std::result::Result<StatusCode, api::Failure> {
    let credential = own_credential(&kit, &caller).await?;
    if !password::fits(input.old, credential.password_hash).await? {
        return Err(Problem::new(BAD_LOGIN).into());
    }
    let mut checks = Checks::new();
    if !password::strong_enough(&input.new, &credential.login) {
        checks.fault("new", crate::WEAK_PASSWORD);
    }
    checks.done()?;
    let hash = password::hash_password(input.new, kit.config.passwords).await?;
    let actor = caller.scope.actor();
    let keep = caller.session_id;
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                super::set_password(tx, actor, &hash, false).await?;
                end_others(tx, actor, keep).await?;
                tx.audit("auth.password", "employee", actor, json!({})).await
            })
        })
        .await?;
    sessions.forget_person(actor);
    Ok(StatusCode::NO_CONTENT)
}

async fn end_others(tx: &mut Tx, employee: Uuid, keep: Uuid) -> Result<u64> {
    let tenant = tx.tenant();
    tx.global_exec(
        db::global_sql!("DELETE FROM session WHERE tenant_id = $1 AND employee_id = $2 AND id <> $3"),
        db::args![tenant, employee, keep],
    )
    .await
}

/// A place where the person is signed in.
#[derive(Serialize, ToSchema)]
struct Device {
    id: Uuid,
    name: String,
    /// browser, phone or integration.
    kind: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Micros,
    #[schema(value_type = String, format = DateTime)]
    last_seen_at: Micros,
    current: bool,
}

#[derive(Serialize, ToSchema)]
struct Devices {
    items: Vec<Device>,
}

#[utoipa::path(get, path = "/me/devices", tag = "me", responses((status = 200, body = Devices)))]
async fn devices(State(kit): State<Kit>, caller: Caller) -> Answer<Devices> {
    let mut global = kit.db.global_read().await?;
    let rows = sql::sessions_of(&mut global, caller.scope.tenant(), caller.scope.actor()).await?;
    let device = |s: sql::SessionRow| Device {
        current: s.id == caller.session_id,
        id: s.id,
        name: s.device_name,
        kind: s.kind,
        created_at: s.created_at,
        last_seen_at: s.last_seen_at,
    };
    ok(Devices { items: rows.into_iter().map(device).collect() })
}

#[utoipa::path(delete, path = "/me/devices/{id}", tag = "me", params(("id" = Uuid, Path)), responses((status = 204), (status = 404, body = api::ProblemDocument)))]
async fn revoke(
    State(kit): State<Kit>,
    Extension(sessions): Extension<Arc<Sessions>>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> std::result::Result<StatusCode, api::Failure> {
    let (tenant, actor) = (caller.scope.tenant(), caller.scope.actor());
    if kit.db.global(move |g| Box::pin(async move { sql::end(g, tenant, actor, id).await })).await? == 0 {
        return Err(Problem::new(problem::NOT_FOUND).into());
    }
    sessions.forget_person(actor);
    Ok(StatusCode::NO_CONTENT)
}

/// What an authenticator app needs.
#[derive(Serialize, ToSchema)]
struct TotpSetup {
    secret: String,
    otpauth_url: String,
    qr_svg: String,
}

#[utoipa::path(post, path = "/me/totp", tag = "me", responses((status = 200, body = TotpSetup)))]
async fn begin_totp(State(kit): State<Kit>, caller: Caller) -> Answer<TotpSetup> {
    let credential = own_credential(&kit, &caller).await?;
    let company = company(&mut kit.db.read(&caller.scope).await?).await?;
    let secret = totp::new_secret();
    let url = totp::address(&secret, &company.name, &credential.login);
    let (actor, pending) = (caller.scope.actor(), secret.clone());
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let tenant = tx.tenant();
                sql::set_totp(tx, tenant, actor, credential.totp_secret.as_deref(), Some(&pending)).await
            })
        })
        .await?;
    ok(TotpSetup { qr_svg: totp::qr_svg(&url)?, otpauth_url: url, secret })
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Code {
    code: String,
}

#[utoipa::path(post, path = "/me/totp/confirm", tag = "me", request_body = Code, responses((status = 204), (status = 401, body = api::ProblemDocument)))]
async fn confirm_totp(
    State(kit): State<Kit>,
    caller: Caller,
    Json(input): Json<Code>,
) -> std::result::Result<StatusCode, api::Failure> {
    let pending = own_credential(&kit, &caller).await?.totp_pending.ok_or_else(|| Problem::new(NO_TOTP))?;
    if totp::step_of(&pending, &input.code, kit.now())?.is_none() {
        return Err(Problem::new(BAD_TOTP).into());
    }
    store_totp(&kit, &caller, Some(pending), "auth.totp_on").await?;
    Ok(StatusCode::NO_CONTENT)
}

#[utoipa::path(post, path = "/me/totp/disable", tag = "me", request_body = Code, responses((status = 204), (status = 401, body = api::ProblemDocument)))]
async fn disable_totp(
    State(kit): State<Kit>,
    caller: Caller,
    Json(input): Json<Code>,
) -> std::result::Result<StatusCode, api::Failure> {
    let secret = own_credential(&kit, &caller).await?.totp_secret.ok_or_else(|| Problem::new(NO_TOTP))?;
    if totp::step_of(&secret, &input.code, kit.now())?.is_none() {
        return Err(Problem::new(BAD_TOTP).into());
    }
    store_totp(&kit, &caller, None, "auth.totp_off").await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn store_totp(kit: &Kit, caller: &Caller, secret: Option<String>, action: &'static str) -> Result<()> {
    let actor = caller.scope.actor();
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let tenant = tx.tenant();
                sql::set_totp(tx, tenant, actor, secret.as_deref(), None).await?;
                tx.audit(action, "employee", actor, json!({})).await
            })
        })
        .await
}

/// A kind of data that is collected, and why.
#[derive(Serialize, ToSchema)]
struct Collected {
    what: String,
    why: String,
}

/// The person's own location policy and working time.
#[derive(Serialize, ToSchema)]
struct MyPolicy {
    policy: Option<LocationPolicy>,
    calendar_today: Vec<calendar::Minutes>,
    collected: Vec<Collected>,
    text_version: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    accepted_at: Option<Micros>,
}

#[utoipa::path(get, path = "/me/policy", tag = "me", responses((status = 200, body = MyPolicy)))]
async fn my_policy(State(kit): State<Kit>, caller: Caller) -> Answer<MyPolicy> {
    let actor = caller.scope.actor();
    let mut reader = kit.db.read(&caller.scope.own()).await?;
    let day = kit.now().local_day(&crate::zone(&mut reader).await?);
    let consent = sql::consent(&mut reader).await?;
    let today = calendar::duty_minutes(&mut reader, actor, day).await?;
    let accepted = consent.consent_version.as_deref() == Some(POLICY_TEXT_VERSION);
    let zh = caller.lang == base::problem::Lang::Zh;
    let collected = COLLECTED
        .iter()
        .map(|(zh_what, zh_why, en_what, en_why)| Collected {
            what: if zh { *zh_what } else { *en_what }.to_owned(),
            why: if zh { *zh_why } else { *en_why }.to_owned(),
        })
        .collect();
    ok(MyPolicy {
        policy: policy_of(&mut reader, actor).await?,
        calendar_today: today
            .into_iter()
            .map(|(from_minute, to_minute)| calendar::Minutes { from_minute, to_minute })
            .collect(),
        collected,
        text_version: POLICY_TEXT_VERSION.to_owned(),
        accepted_at: consent.consent_at.filter(|_| accepted),
    })
}

const COLLECTED: [(&str, &str, &str, &str); 4] = [
    (
        "上班时间内的定位",
        "计算里程、到店与停留；下班后一个点也不保存",
        "Positions during working hours",
        "Mileage, arrivals and stays; nothing is kept after work",
    ),
    (
        "签到、签退的时间和位置",
        "证明拜访发生过",
        "Time and place of check-in and check-out",
        "To show that a visit took place",
    ),
    ("现场拍摄的照片", "任务要求的凭证", "Photos taken on site", "Proof the task asks for"),
    (
        "设备名称与电量",
        "排查没有信号、没电等情况，避免误会",
        "Device name and battery",
        "To explain gaps such as no signal or an empty battery",
    ),
];

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Acceptance {
    text_version: String,
}

/// Accepts the location policy.
#[utoipa::path(post, path = "/me/policy/accept", tag = "me", request_body = Acceptance, responses((status = 204), (status = 422, body = api::ProblemDocument)))]
async fn accept_policy(
    State(kit): State<Kit>,
    caller: Caller,
    Json(input): Json<Acceptance>,
) -> std::result::Result<StatusCode, api::Failure> {
    Checks::new().that("text_version", input.text_version == POLICY_TEXT_VERSION).done()?;
    kit.db
        .write(&caller.scope, move |tx| Box::pin(async move { accept(tx, &input.text_version).await }))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who has agreed to the policy text that holds now, and when.
pub async fn consents(q: &mut impl Query) -> Result<HashMap<Uuid, Micros>> {
    let rows = sql::agreed(q, POLICY_TEXT_VERSION).await?;
    Ok(rows.into_iter().map(|r| (r.id, r.consent_at)).collect())
}

/// Notes that the acting person accepted a version of the policy text.
pub async fn accept(tx: &mut Tx, version: &str) -> Result<()> {
    let (now, actor) = (tx.now(), tx.scope_actor());
    sql::set_consent(tx, version, now).await?;
    tx.audit("policy.accept", "employee", actor, json!({ "text_version": version })).await
}
