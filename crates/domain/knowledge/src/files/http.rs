use api::{
    Access, Caller, Checks, Created, Failure, Kit, Path, Query, Raw, Routes,
    axum::{self, extract::State, http::HeaderMap, response::Response},
    created, routes,
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
    STORED,
    sql::{self, FileRow},
};
use crate::{FILE_KIND, FILE_PIXELS, FILES_MANY, articles::sql as articles, model::ArticleFile};

/// Largest file: 50 MiB.
const LIMIT: usize = 50 << 20;
/// Most files of an article.
const MOST: usize = 100;
/// Pictures looked at side by side.
static LOOKING: Semaphore = Semaphore::const_new(2);

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::KnowledgeWrite), routes!(take))
        .at(Access::SignedIn, routes!(give))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct FileQuery {
    /// Made by the sender: sent twice it is one file.
    file_id: Option<Uuid>,
    /// As it is called where it comes from.
    name: String,
}

/// Takes a picture or a file for an article, at most 50 MiB; the text then names it as `file:<id>`. Its kind is told by its
/// bytes. A picture loses what a camera wrote into it.
#[utoipa::path(post, path = "/articles/{id}/files", tag = "knowledge", params(("id" = Uuid, Path), FileQuery), request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses((status = 201, body = ArticleFile), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 413, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn take(
    State(kit): State<Kit>,
    caller: Caller,
    Path(article): Path<Uuid>,
    Query(asked): Query<FileQuery>,
    Raw(sent): Raw<LIMIT>,
) -> Created<ArticleFile> {
    Checks::new().text("name", &asked.name, 200).done()?;
    let id = asked.file_id.unwrap_or_else(base::id::new_v7);
    let mut r = kit.db.read(&caller.scope).await?;
    articles::one(&mut r, article).await?;
    let (known, many) = (sql::any(&mut r, id).await?, sql::of_article(&mut r, article).await?.len());
    drop(r);
    let sent_sha256 = hex::encode(Sha256::digest(&sent));
    if let Some(known) = known {
        let same = known.article_id == article && known.sent_sha256 == sent_sha256;
        return if same { created(known.shown()) } else { Err(Problem::new(problem::CONFLICT).into()) };
    }
    if many >= MOST {
        return Err(Problem::new(FILES_MANY).into());
    }
    let turn = LOOKING.acquire().await.map_err(Problem::internal)?;
    let name = asked.name.clone();
    let judged = tokio::task::spawn_blocking(move || document::judge(sent.to_vec(), &name));
    let fit = judged.await.map_err(Problem::internal)?.map_err(|why| match why {
        Refused::Kind => Problem::new(FILE_KIND),
        Refused::Pixels => Problem::new(FILE_PIXELS),
    })?;
    drop(turn);
    let row = FileRow {
        id,
        article_id: article,
        name: document::name(&asked.name, fit.ending),
        mime: fit.mime.to_owned(),
        size: fit.bytes.len() as i64,
        sha256: hex::encode(Sha256::digest(&fit.bytes)),
        sent_sha256,
        width: fit.pixels.map(|p| i64::from(p.0)),
        height: fit.pixels.map(|p| i64::from(p.1)),
    };
    // The bytes are durable before a row names them.
    kit.files.put(caller.scope.tenant(), id, STORED, fit.bytes).await?;
    let stored = row.clone();
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                articles::one(tx, article).await?;
                sql::insert(tx, &stored).await?;
                let facts =
                    serde_json::json!({ "file": stored.id, "name": stored.name, "size": stored.size });
                tx.audit("article.file", "article", article, facts).await
            })
        })
        .await?;
    created(row.shown())
}

/// A picture or file, for those who may read or change its article.
#[utoipa::path(get, path = "/article-files/{id}", tag = "knowledge", params(("id" = Uuid, Path)), responses((status = 200, description = "The file", content_type = "application/octet-stream"), (status = 404, body = api::ProblemDocument)))]
async fn give(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let missing = || Problem::new(problem::NOT_FOUND);
    let mut r = kit.db.read(&caller.scope).await?;
    let mut file = sql::readable(&mut r, id).await?;
    if file.is_none() && caller.scope.may(Permission::KnowledgeWrite) {
        file = sql::in_reach(&mut r, id).await?;
    }
    drop(r);
    let file = file.ok_or_else(missing)?.shown();
    let given = super::answer(&kit, caller.scope.tenant(), &file, &headers).await?;
    Ok(given.ok_or_else(missing)?)
}
