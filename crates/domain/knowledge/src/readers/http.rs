use api::{
    Access, Answer, Caller, Failure, Kit, Path, Routes,
    axum::{self, extract::State, response::Response},
    ok, routes,
};
use base::{LocalDay, Micros, Problem};
use db::{Permission, Result};
use org::Ref;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    export, sql,
    tell::{Telling, tell},
};
use crate::{NOT_ASKED, articles::sql as articles};

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::KnowledgeWrite), routes!(list))
        .at(Access::May(Permission::KnowledgeWrite), routes!(sheet))
        .at(Access::May(Permission::KnowledgeWrite), routes!(remind))
}

/// Somebody who must read an article.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ArticleReader {
    pub person: Ref,
    pub department: Ref,
    /// He has read the version that was asked for, or a newer one.
    pub done: bool,
    /// The newest version he has read.
    pub number: Option<i64>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub read_at: Option<Micros>,
}

/// Those who must read an article.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ArticleReaders {
    /// The oldest version whose reading counts.
    pub since: i64,
    #[schema(value_type = Option<String>, format = Date)]
    pub due_day: Option<LocalDay>,
    /// Whoever has not read it first.
    pub items: Vec<ArticleReader>,
}

async fn collect(kit: &Kit, caller: &Caller, id: Uuid) -> Result<(String, ArticleReaders)> {
    let mut r = kit.db.read(&caller.scope).await?;
    let row = articles::one(&mut r, id).await?;
    let since = row.required.ok_or_else(|| Problem::new(NOT_ASKED))?;
    let items = sql::readers(&mut r, id).await?.into_iter().map(|e| ArticleReader {
        person: Ref { id: e.id, name: e.name },
        department: Ref { id: e.department_id, name: e.department_name },
        done: e.done,
        number: e.number,
        read_at: e.read_at,
    });
    Ok((row.title, ArticleReaders { since, due_day: row.due_day, items: items.collect() }))
}

/// Who must read an article and has or has not, as far as the caller reaches.
#[utoipa::path(get, path = "/articles/{id}/readers", tag = "knowledge", params(("id" = Uuid, Path)), responses((status = 200, body = ArticleReaders), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument)))]
async fn list(State(kit): State<Kit>, caller: Caller, Path(id): Path<Uuid>) -> Answer<ArticleReaders> {
    ok(collect(&kit, &caller, id).await?.1)
}

/// The same as a spreadsheet.
#[utoipa::path(get, path = "/articles/{id}/readers.xlsx", tag = "knowledge", params(("id" = Uuid, Path)), responses((status = 200, description = "Spreadsheet", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument)))]
async fn sheet(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> std::result::Result<Response, Failure> {
    let (title, readers) = collect(&kit, &caller, id).await?;
    let zone = org::zone(&mut kit.db.read(&caller.scope).await?).await?;
    let rows = readers.items.len();
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                tx.audit("article.readers_export", "article", id, json!({ "rows": rows })).await
            })
        })
        .await?;
    let (day, lang) = (kit.now().local_day(&zone), caller.lang);
    let made = tokio::task::spawn_blocking(move || export::workbook(&title, &readers, &zone, lang));
    let bytes = made.await.map_err(Problem::internal)?.map_err(Problem::internal)?;
    Ok(export::file(day, bytes))
}

/// How many people were reminded.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ArticleReminded {
    pub told: i64,
}

/// Reminds whoever must read an article and has not, as far as the caller reaches.
#[utoipa::path(post, path = "/articles/{id}/remind", tag = "knowledge", params(("id" = Uuid, Path)), responses((status = 200, body = ArticleReminded), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument)))]
async fn remind(State(kit): State<Kit>, caller: Caller, Path(id): Path<Uuid>) -> Answer<ArticleReminded> {
    ok(kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let row = articles::one(tx, id).await?;
                if row.required.is_none() || row.published.is_none() || row.retired {
                    return Err(Problem::new(NOT_ASKED));
                }
                let told = tell(tx, id, Telling::Reminded).await?;
                tx.audit("article.remind", "article", id, json!({ "told": told })).await?;
                Ok(ArticleReminded { told })
            })
        })
        .await?)
}
