use api::{
    Access, Answer, Caller, Checks, Json, Kit, Page, PageQuery, Path, Query, Routes,
    axum::{self, extract::State},
    ok, routes,
};
use base::{Problem, problem};
use db::Permission;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    act::{self, Action, NewAction},
    model::{ApprovalCounts, ApprovalPage, ApprovalRow, Colleague},
    read, sql,
};
use crate::{REASON, staff::Staff};

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::SignedIn, routes!(list))
        .at(Access::SignedIn, routes!(counts))
        .at(Access::SignedIn, routes!(people))
        .at(Access::SignedIn, routes!(bulk))
        .at(Access::SignedIn, routes!(one))
        .at(Access::SignedIn, routes!(take))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ApprovalQuery {
    /// todo: asks me; mine: handed in by me; copied: told to me; decided: by me; all: of everybody in reach, for readers
    /// of visits. todo when absent.
    #[serde(rename = "box")]
    #[param(rename = "box")]
    of: Option<String>,
    /// running, returned, approved, rejected or withdrawn.
    status: Option<String>,
    /// form, leave, …
    kind: Option<String>,
    limit: Option<i64>,
    cursor: Option<String>,
}

/// Cases, newest first.
#[utoipa::path(get, path = "/approvals", tag = "approvals", params(ApprovalQuery), responses((status = 200, body = Page<ApprovalRow>), (status = 403, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn list(
    State(kit): State<Kit>,
    caller: Caller,
    Query(q): Query<ApprovalQuery>,
) -> Answer<Page<ApprovalRow>> {
    let of = match q.of.as_deref() {
        None | Some("todo") => sql::Inbox::Todo,
        Some("mine") => sql::Inbox::Mine,
        Some("copied") => sql::Inbox::Copied,
        Some("decided") => sql::Inbox::Decided,
        Some("all") => sql::Inbox::All,
        Some(_) => {
            return Err(Problem::new(problem::INVALID)
                .with("reason", "box")
                .field("box", problem::BAD_VALUE)
                .into());
        }
    };
    if of == sql::Inbox::All && !caller.scope.may(Permission::VisitRead) {
        return Err(Problem::new(problem::FORBIDDEN).with("permission", Permission::VisitRead.key()).into());
    }
    let limit = PageQuery::rows(q.limit);
    let filter = sql::Filter {
        status: q.status,
        kind: q.kind,
        after: api::cursor_decode(&q.cursor)?,
        limit: limit + 1,
    };
    let rows = read::rows(&mut kit.db.read(&caller.scope).await?, of, &filter).await?;
    ok(Page::from_rows(rows, limit, |row: &ApprovalRow| (row.started_at.0, row.id)))
}

/// What waits for me.
#[utoipa::path(get, path = "/approvals/counts", tag = "approvals", responses((status = 200, body = ApprovalCounts)))]
async fn counts(State(kit): State<Kit>, caller: Caller) -> Answer<ApprovalCounts> {
    let row = sql::counts(&mut kit.db.read(&caller.scope).await?).await?;
    ok(ApprovalCounts { todo: row.todo, returned: row.returned })
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ColleagueQuery {
    /// Part of the name, or pinyin.
    q: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct Colleagues {
    items: Vec<Colleague>,
}

/// Colleagues a case can be handed to, by name and department. At most 30.
#[utoipa::path(get, path = "/approvals/colleagues", tag = "approvals", params(ColleagueQuery), responses((status = 200, body = Colleagues)))]
async fn people(
    State(kit): State<Kit>,
    caller: Caller,
    Query(q): Query<ColleagueQuery>,
) -> Answer<Colleagues> {
    let wanted = q.q.unwrap_or_default().trim().to_lowercase().replace(['%', '_'], "");
    let like = format!("%{wanted}%");
    let rows = sql::colleagues(&mut kit.db.read(&caller.scope).await?, &like).await?;
    let colleague =
        |r: sql::ColleagueRow| Colleague { id: r.id, name: r.name, department: r.department_name };
    ok(Colleagues { items: rows.into_iter().map(colleague).collect() })
}

/// A case with what was handed in, what happened, and what I may do.
#[utoipa::path(get, path = "/approvals/{id}", tag = "approvals", params(("id" = Uuid, Path)), responses((status = 200, body = ApprovalPage), (status = 404, body = api::ProblemDocument)))]
async fn one(State(kit): State<Kit>, caller: Caller, Path(id): Path<Uuid>) -> Answer<ApprovalPage> {
    ok(read::page(&mut kit.db.read(&caller.scope).await?, id).await?)
}

/// Does something to a case: decide, send back, hand over, take back, urge, comment, hand in again. The same id with the
/// same content counts once and answers as the case stands.
#[utoipa::path(post, path = "/approvals/{id}/actions", tag = "approvals", request_body = NewAction, params(("id" = Uuid, Path)), responses((status = 200, body = ApprovalPage), (status = 403, body = api::ProblemDocument), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn take(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(action): Json<NewAction>,
) -> Answer<ApprovalPage> {
    action.check()?;
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let now = tx.now();
                let staff = Staff::read(tx, now).await?;
                act::act(tx, &staff, id, &action).await
            })
        })
        .await?;
    ok(read::page(&mut kit.db.read(&caller.scope).await?, id).await?)
}

/// One case of many.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BulkItem {
    /// Id of the action, made by the client.
    id: Uuid,
    approval_id: Uuid,
    ask: i64,
    version: i64,
}

/// Many cases decided alike.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BulkDecision {
    /// approve or reject.
    action: Action,
    #[schema(max_length = 500)]
    comment: Option<String>,
    items: Vec<BulkItem>,
}

/// What became of one.
#[derive(Serialize, ToSchema)]
struct BulkReceipt {
    id: Uuid,
    approval_id: Uuid,
    /// done, duplicate or refused.
    status: &'static str,
    /// Why it was refused, with a sentence.
    code: Option<&'static str>,
    detail: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct BulkReceipts {
    receipts: Vec<BulkReceipt>,
}

/// Approves or rejects up to 100 cases; each is answered by itself, and one that is refused stops no other.
#[utoipa::path(post, path = "/approvals/decisions", tag = "approvals", request_body = BulkDecision, responses((status = 200, body = BulkReceipts), (status = 422, body = api::ProblemDocument)))]
async fn bulk(
    State(kit): State<Kit>,
    caller: Caller,
    Json(asked): Json<BulkDecision>,
) -> Answer<BulkReceipts> {
    let decides = matches!(asked.action, Action::Approve | Action::Reject);
    let mut checks = Checks::new();
    checks.that("action", decides).at_most("comment", asked.comment.as_deref(), 500);
    checks.that("items", (1..=100).contains(&asked.items.len())).done()?;
    if asked.action == Action::Reject && asked.comment.as_deref().is_none_or(|c| c.trim().is_empty()) {
        return Err(Problem::new(REASON).field("comment", problem::REQUIRED).into());
    }
    let mut receipts = vec![];
    for item in asked.items {
        let action = NewAction {
            id: item.id,
            action: asked.action,
            version: Some(item.version),
            ask: Some(item.ask),
            comment: asked.comment.clone(),
            to: None,
            step: None,
            chosen: None,
            file_ids: vec![],
        };
        let case = item.approval_id;
        let done = kit
            .db
            .write(&caller.scope, move |tx| {
                Box::pin(async move {
                    let now = tx.now();
                    let staff = Staff::read(tx, now).await?;
                    act::act(tx, &staff, case, &action).await
                })
            })
            .await;
        let (status, refused) = match done {
            Ok(false) => ("done", None),
            Ok(true) => ("duplicate", None),
            Err(p) if p.code.status < 500 => ("refused", Some(p)),
            Err(p) => return Err(p.into()),
        };
        receipts.push(BulkReceipt {
            id: item.id,
            approval_id: item.approval_id,
            status,
            code: refused.as_ref().map(|p| p.code.code),
            detail: refused.as_ref().map(|p| p.detail(caller.lang)),
        });
    }
    ok(BulkReceipts { receipts })
}
