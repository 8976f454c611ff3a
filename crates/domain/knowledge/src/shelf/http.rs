use api::{
    Access, Answer, Caller, Checks, Json, Kit, Path, Query, Routes,
    axum::{self, extract::State},
    ok, routes,
};
use base::{Micros, Problem, problem};
use db::Result;
use org::Ref;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{FoundArticle, OpenArticle, ShelfLine, receipt, sql};
use crate::{articles::sql as articles, guides, markdown, terms};

/// Most articles a phone is told of.
const MOST: i64 = 5_000;

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::SignedIn, routes!(shelf))
        .at(Access::SignedIn, routes!(search))
        .at(Access::SignedIn, routes!(open))
        .at(Access::SignedIn, routes!(read))
}

/// All articles somebody may read.
#[derive(Serialize, ToSchema)]
struct Shelf {
    /// The word of the phone's day, by which a phone knows that it has them all.
    stamp: String,
    items: Vec<ShelfLine>,
}

/// All articles the caller may read, without their texts, the newest first; at most 5,000.
#[utoipa::path(get, path = "/knowledge", tag = "knowledge", responses((status = 200, body = Shelf)))]
async fn shelf(State(kit): State<Kit>, caller: Caller) -> Answer<Shelf> {
    let mut r = kit.db.read(&caller.scope).await?;
    ok(Shelf { stamp: sql::stamp(&mut r).await?, items: sql::all(&mut r, MOST).await? })
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct SearchQuery {
    /// Words of title, tags or text: two Chinese characters are enough, and the beginning of a Latin word.
    q: String,
    limit: Option<i64>,
}

#[derive(Serialize, ToSchema)]
struct FoundArticles {
    items: Vec<FoundArticle>,
}

/// Articles the caller may read in which all of it stands; title before tags before text.
#[utoipa::path(get, path = "/knowledge/search", tag = "knowledge", params(SearchQuery), responses((status = 200, body = FoundArticles), (status = 422, body = api::ProblemDocument)))]
async fn search(
    State(kit): State<Kit>,
    caller: Caller,
    Query(asked): Query<SearchQuery>,
) -> Answer<FoundArticles> {
    Checks::new().at_most("q", Some(&asked.q), 100).done()?;
    let terms = terms::of_question(&asked.q);
    let mut items = vec![];
    if !terms.is_empty() {
        let mut r = kit.db.read(&caller.scope).await?;
        for line in sql::with_terms(&mut r, &terms, asked.limit.unwrap_or(20).clamp(1, 50)).await? {
            let version = articles::version(&mut r, line.id, line.number).await?;
            let text = version.map(|v| markdown::plain(&v.body)).unwrap_or_default();
            items.push(FoundArticle { excerpt: terms::excerpt(&text, &asked.q), line });
        }
    }
    ok(FoundArticles { items })
}

async fn opened(q: &mut impl db::Query, id: Uuid) -> Result<OpenArticle> {
    let missing = || Problem::new(problem::NOT_FOUND);
    let line = sql::one(q, id).await?.ok_or_else(missing)?;
    let v = articles::version(q, id, line.number).await?.ok_or_else(missing)?;
    Ok(OpenArticle {
        files: guides::files_of(q, id, &v.body).await?,
        line,
        body: v.body,
        note: v.note,
        published_by: Ref { id: v.published_by, name: v.by_name },
    })
}

/// The newest version of an article the caller may read.
#[utoipa::path(get, path = "/knowledge/{id}", tag = "knowledge", params(("id" = Uuid, Path)), responses((status = 200, body = OpenArticle), (status = 404, body = api::ProblemDocument)))]
async fn open(State(kit): State<Kit>, caller: Caller, Path(id): Path<Uuid>) -> Answer<OpenArticle> {
    ok(opened(&mut kit.db.read(&caller.scope).await?, id).await?)
}

/// What was read.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReadArticle {
    /// Version that was read to its end.
    number: i64,
    /// When it was opened.
    #[schema(value_type = Option<String>, format = DateTime)]
    opened_at: Option<Micros>,
}

/// Marks a version as read by the caller. Sent twice it is one reading.
#[utoipa::path(post, path = "/knowledge/{id}/read", tag = "knowledge", request_body = ReadArticle, params(("id" = Uuid, Path)), responses((status = 200, body = OpenArticle), (status = 404, body = api::ProblemDocument)))]
async fn read(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(said): Json<ReadArticle>,
) -> Answer<OpenArticle> {
    ok(kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let now = tx.now();
                sql::one(tx, id).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
                receipt::mark_read(tx, id, said.number, said.opened_at.unwrap_or(now), now).await?;
                opened(tx, id).await
            })
        })
        .await?)
}
