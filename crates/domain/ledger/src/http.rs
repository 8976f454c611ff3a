use std::sync::Arc;

use api::{
    Access, Answer, Caller, Failure, Kit, Page, PageQuery, Path, Query, Routes,
    axum::{
        self, Extension,
        extract::State,
        http::{HeaderMap, HeaderValue, header},
        response::{IntoResponse, Response},
    },
    ok, routes,
};
use base::{LocalDay, Problem, problem};
use db::{Permission, Scope};
use proof::Hash;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::{
    CheckpointInfo, Inspection, Ledger, LedgerState, LogLine, Receipt,
    log::origin,
    sql::{self, CheckpointRow},
};

pub(crate) fn routes(kit: &Kit) -> Routes {
    let auditor = Access::May(Permission::AuditRead);
    Routes::new(kit)
        .at(auditor, routes!(state))
        .at(auditor, routes!(entries))
        .at(auditor, routes!(checkpoints, sign))
        .at(auditor, routes!(checkpoint))
        .at(auditor, routes!(inspect))
        .at(auditor, routes!(log_bundle))
        // Without `visit.read` one still gets what is one's own.
        .at(Access::SignedIn, routes!(visit_bundle))
        .at(Access::SignedIn, routes!(day_bundle))
        .at(Access::SignedIn, routes!(receipts))
        .at(Access::Public, routes!(public_checkpoint))
}

type Log = Extension<Arc<Ledger>>;

fn info(row: CheckpointRow) -> CheckpointInfo {
    CheckpointInfo { size: row.size, at: row.at, reason: row.reason, note: row.note }
}

/// How the company's log stands.
#[utoipa::path(get, path = "/ledger", tag = "ledger", responses((status = 200, body = LedgerState)))]
async fn state(
    State(kit): State<Kit>,
    Extension(ledger): Log,
    caller: Caller,
    headers: HeaderMap,
) -> Answer<LedgerState> {
    let tenant = caller.scope.tenant();
    let key = ledger.key(tenant).await?;
    let mut r = kit.db.read(&caller.scope).await?;
    let zone = org::zone(&mut r).await?;
    let (midnight, _) = kit.now().local_day(&zone).bounds(&zone);
    let checkpoint = sql::checkpoints(&mut r, None, 1).await?.into_iter().next().map(info);
    let inspection = ledger.inspections.lock().get(&tenant).cloned();
    ok(LedgerState {
        origin: origin(tenant),
        key: key.public().to_string(),
        fingerprint: key.public().fingerprint(),
        size: sql::size(&mut r).await?,
        today: sql::since(&mut r, midnight).await?,
        checkpoint,
        inspection,
        checkpoint_url: format!("{}/api/v1/log/{tenant}/checkpoint", kit.public_url(&headers)),
    })
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct LineFilter {
    /// Beginning of the kind: `visit.`, `audit.`, `photo.`
    kind: Option<String>,
    limit: Option<i64>,
    cursor: Option<String>,
}

/// Entries of the log, newest first, without their records.
#[utoipa::path(get, path = "/ledger/entries", tag = "ledger", params(LineFilter), responses((status = 200, body = Page<LogLine>)))]
async fn entries(
    State(kit): State<Kit>,
    caller: Caller,
    Query(f): Query<LineFilter>,
) -> Answer<Page<LogLine>> {
    let limit = PageQuery::rows(f.limit);
    let before: Option<i64> = api::cursor_decode(&f.cursor)?;
    let kind = f.kind.filter(|k| k.bytes().all(|b| b.is_ascii_lowercase() || matches!(b, b'.' | b'_')));
    let rows = sql::lines(&mut kit.db.read(&caller.scope).await?, kind.as_deref(), before, limit + 1).await?;
    let line = |r: sql::LineRow| LogLine {
        index: r.idx,
        at: r.at,
        kind: r.kind,
        subject_id: r.subject_id,
        employee: r.employee_name.map(|name| org::Ref { id: r.employee_id, name }),
        leaf_hash: Hash::from_slice(&r.leaf_hash).map(|h| h.base64()).unwrap_or_default(),
        erased: r.erased,
    };
    ok(Page::from_rows(rows.into_iter().map(line).collect(), limit, |l: &LogLine| l.index))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct CheckpointFilter {
    limit: Option<i64>,
    cursor: Option<String>,
}

/// Signed checkpoints, newest first.
#[utoipa::path(get, path = "/ledger/checkpoints", tag = "ledger", params(CheckpointFilter), responses((status = 200, body = Page<CheckpointInfo>)))]
async fn checkpoints(
    State(kit): State<Kit>,
    caller: Caller,
    Query(f): Query<CheckpointFilter>,
) -> Answer<Page<CheckpointInfo>> {
    let limit = PageQuery::rows(f.limit);
    let before: Option<i64> = api::cursor_decode(&f.cursor)?;
    let rows = sql::checkpoints(&mut kit.db.read(&caller.scope).await?, before, limit + 1).await?;
    ok(Page::from_rows(rows.into_iter().map(info).collect(), limit, |c: &CheckpointInfo| c.size))
}

/// Signs the log as it stands now.
#[utoipa::path(post, path = "/ledger/checkpoints", tag = "ledger",
    responses((status = 200, body = CheckpointInfo), (status = 409, body = api::ProblemDocument)))]
async fn sign(Extension(ledger): Log, caller: Caller) -> Answer<CheckpointInfo> {
    ok(info(ledger.sign(caller.scope.tenant(), "asked").await?))
}

/// A checkpoint as a file.
#[utoipa::path(get, path = "/ledger/checkpoints/{size}", tag = "ledger", params(("size" = i64, Path)),
    responses((status = 200, description = "The signed note", content_type = "text/plain"), (status = 404, body = api::ProblemDocument)))]
async fn checkpoint(
    State(kit): State<Kit>,
    caller: Caller,
    Path(size): Path<i64>,
) -> Result<Response, Failure> {
    let row = sql::checkpoint(&mut kit.db.read(&caller.scope).await?, size).await?;
    let row = row.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    Ok(file(row.note.into_bytes(), "text/plain; charset=utf-8", &format!("tashi-checkpoint-{size}.txt")))
}

/// Walks over the stored log and names the first entry that does not hold.
#[utoipa::path(post, path = "/ledger/inspections", tag = "ledger", responses((status = 200, body = Inspection)))]
async fn inspect(Extension(ledger): Log, caller: Caller) -> Answer<Inspection> {
    ok(ledger.inspect(caller.scope.tenant()).await?)
}

/// The whole log as a bundle, without records.
#[utoipa::path(get, path = "/ledger/bundles/log", tag = "ledger",
    responses((status = 200, description = "The bundle", content_type = "application/zip"), (status = 409, body = api::ProblemDocument)))]
async fn log_bundle(Extension(ledger): Log, caller: Caller) -> Result<Response, Failure> {
    let tenant = caller.scope.tenant();
    Ok(file(ledger.log_bundle(tenant).await?, "application/zip", "tashi-log.zip"))
}

fn reach(caller: &Caller) -> Scope {
    if caller.scope.may(Permission::VisitRead) { caller.scope.clone() } else { caller.scope.own() }
}

/// Everything logged of a visit, with its photos, as a bundle.
#[utoipa::path(get, path = "/ledger/bundles/visits/{id}", tag = "ledger", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The bundle", content_type = "application/zip"), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument)))]
async fn visit_bundle(
    State(kit): State<Kit>,
    Extension(ledger): Log,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<Response, Failure> {
    let scope = reach(&caller);
    let mut r = kit.db.read(&scope).await?;
    let owners = sql::owners_of(&mut r, id).await?;
    let zone = org::zone(&mut r).await?;
    drop(r);
    for owner in owners.iter().filter(|o| o.employee_id != scope.actor()) {
        kit.watch.visit_shown(&scope, owner.employee_id, owner.at.local_day(&zone)).await?;
    }
    let bytes = ledger.visit_bundle(&scope, id).await?;
    Ok(file(bytes, "application/zip", &format!("tashi-visit-{}.zip", id.simple())))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct DayOf {
    /// Absent: oneself.
    employee_id: Option<Uuid>,
    #[param(value_type = String, format = Date)]
    day: LocalDay,
}

/// Everything logged of what a person did on a day, as a bundle.
#[utoipa::path(get, path = "/ledger/bundles/day", tag = "ledger", params(DayOf),
    responses((status = 200, description = "The bundle", content_type = "application/zip"), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument)))]
async fn day_bundle(
    State(kit): State<Kit>,
    Extension(ledger): Log,
    caller: Caller,
    Query(of): Query<DayOf>,
) -> Result<Response, Failure> {
    let scope = reach(&caller);
    let employee = of.employee_id.unwrap_or(scope.actor());
    let bytes = ledger.day_bundle(&scope, employee, of.day).await?;
    if employee != scope.actor() {
        kit.watch.visit_shown(&scope, employee, of.day).await?;
    }
    Ok(file(bytes, "application/zip", &format!("tashi-day-{}.zip", of.day)))
}

/// The company's signed word for my own records, newest first.
#[utoipa::path(get, path = "/me/receipts", tag = "me", params(CheckpointFilter), responses((status = 200, body = Page<Receipt>)))]
async fn receipts(
    State(kit): State<Kit>,
    Extension(ledger): Log,
    caller: Caller,
    Query(f): Query<CheckpointFilter>,
) -> Answer<Page<Receipt>> {
    let limit = PageQuery::rows(f.limit);
    let before: Option<i64> = api::cursor_decode(&f.cursor)?;
    let key = ledger.key(caller.scope.tenant()).await?;
    let rows = sql::own(&mut kit.db.read(&caller.scope.own()).await?, before, limit + 1).await?;
    let name = key.public().name().to_owned();
    let receipt = |r: sql::EntryRow| {
        let hash = proof::leaf_hash(r.leaf.as_bytes()).base64();
        let text = format!("tashi-receipt/1\norigin {name}\nindex {}\nleaf {hash}\nat {}\n", r.idx, r.at);
        Receipt {
            index: r.idx,
            at: r.at,
            kind: r.kind,
            subject_id: r.subject_id,
            leaf: r.leaf,
            salt: r.salt.and_then(|s| Hash::from_slice(&s)).map(|h| h.hex()),
            record: r.record,
            note: key.sign(&text),
        }
    };
    ok(Page::from_rows(rows.into_iter().map(receipt).collect(), limit, |r: &Receipt| r.index))
}

/// The newest checkpoint of a company's log, for whoever wants to keep it.
#[utoipa::path(get, path = "/log/{id}/checkpoint", tag = "ledger", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The signed note", content_type = "text/plain"), (status = 404, body = api::ProblemDocument)))]
async fn public_checkpoint(State(kit): State<Kit>, Path(id): Path<Uuid>) -> Result<Response, Failure> {
    let mut r = kit.db.read(&Scope::job("checkpoint", id)).await?;
    let row = sql::checkpoints(&mut r, None, 1).await?.into_iter().next();
    let row = row.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    let mut response = row.note.into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn file(bytes: Vec<u8>, mime: &'static str, name: &str) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}
