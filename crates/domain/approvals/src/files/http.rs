use api::{
    Access, Caller, Checks, Created, Failure, Kit, Path, Query, Raw, Routes, Served,
    axum::{self, extract::State, http::HeaderMap, response::Response},
    created, routes, serve,
};
use base::{Problem, problem};
use db::Permission;
use picture::document::{self, Refused};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use utoipa::IntoParams;
use uuid::Uuid;

use super::{
    ApprovalFile, MOST, STORED,
    sql::{self, FileRow},
};
use crate::{FILE_KIND, FILES_MANY, cases};

/// Largest file: 20 MiB.
const LIMIT: usize = 20 << 20;
/// Files looked at side by side.
static LOOKING: Semaphore = Semaphore::const_new(2);

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit).at(Access::SignedIn, routes!(take)).at(Access::SignedIn, routes!(give))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ApprovalFileQuery {
    /// Made by the sender: sent twice it is one file.
    file_id: Option<Uuid>,
    /// As it is called where it comes from.
    name: String,
}

/// Takes a file for a case the sender sees, at most 20 MiB; the action that is to carry it then names it. Its kind is told
/// by its bytes; a picture loses what a camera wrote into it. What no action names within two days is removed.
#[utoipa::path(post, path = "/approvals/{id}/files", tag = "approvals", params(("id" = Uuid, Path), ApprovalFileQuery), request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses((status = 201, body = ApprovalFile), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 413, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn take(
    State(kit): State<Kit>,
    caller: Caller,
    Path(case): Path<Uuid>,
    Query(asked): Query<ApprovalFileQuery>,
    Raw(sent): Raw<LIMIT>,
) -> Created<ApprovalFile> {
    Checks::new().text("name", &asked.name, 200).done()?;
    let id = asked.file_id.unwrap_or_else(base::id::new_v7);
    let (me, reads) = (caller.scope.actor(), caller.scope.may(Permission::VisitRead));
    let mut r = kit.db.read(&caller.scope).await?;
    cases::check_seen(&mut r, case, reads).await?;
    let (known, loose) = (sql::any(&mut r, id).await?, sql::loose(&mut r, case).await?);
    drop(r);
    let sent_sha256 = hex::encode(Sha256::digest(&sent));
    let again = |known: FileRow| {
        let same = known.approval_id == case && known.employee_id == me && known.sent_sha256 == sent_sha256;
        if same { created(known.shown()) } else { Err(Problem::new(problem::CONFLICT).into()) }
    };
    if let Some(known) = known {
        return again(known);
    }
    // As many as one action carries, and as many again that were left out of it.
    if loose >= 2 * MOST as i64 {
        return Err(Problem::new(FILES_MANY).into());
    }
    let turn = LOOKING.acquire().await.map_err(Problem::internal)?;
    let name = asked.name.clone();
    let judged = tokio::task::spawn_blocking(move || document::judge(sent.to_vec(), &name));
    let fit = judged.await.map_err(Problem::internal)?.map_err(|why| match why {
        Refused::Kind | Refused::Pixels => Problem::new(FILE_KIND),
    })?;
    drop(turn);
    let row = FileRow {
        id,
        approval_id: case,
        employee_id: me,
        seq: None,
        name: document::name(&asked.name, fit.ending),
        mime: fit.mime.to_owned(),
        size: fit.bytes.len() as i64,
        sha256: hex::encode(Sha256::digest(&fit.bytes)),
        sent_sha256: sent_sha256.clone(),
    };
    // The bytes are durable before a row names them.
    kit.files.put(caller.scope.tenant(), id, STORED, fit.bytes).await?;
    let stored = row.clone();
    let other = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                // Sent twice at once: the other one has been taken meanwhile.
                if sql::insert(tx, &stored).await? { Ok(None) } else { sql::any(tx, stored.id).await }
            })
        })
        .await?;
    match other {
        Some(known) => again(known),
        None => created(row.shown()),
    }
}

/// A file beside a comment, for those who see the case.
#[utoipa::path(get, path = "/approval-files/{id}", tag = "approvals", params(("id" = Uuid, Path)), responses((status = 200, description = "The file", content_type = "application/octet-stream"), (status = 404, body = api::ProblemDocument)))]
async fn give(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let missing = || Problem::new(problem::NOT_FOUND);
    let reads = caller.scope.may(Permission::VisitRead);
    let mut r = kit.db.read(&caller.scope).await?;
    let file = sql::any(&mut r, id).await?.ok_or_else(missing)?;
    cases::check_seen(&mut r, file.approval_id, reads).await?;
    drop(r);
    if file.seq.is_none() && file.employee_id != caller.scope.actor() {
        return Err(missing().into());
    }
    let of = Served { id, kind: STORED, name: &file.name, mime: &file.mime, size: file.size };
    let given = serve(&kit, caller.scope.tenant(), &of, &headers).await?;
    Ok(given.ok_or_else(missing)?)
}
