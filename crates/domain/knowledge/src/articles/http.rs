use api::{
    Access, Answer, Caller, Checks, Created, IfMatch, Json, Kit, Page, PageQuery, Path, Query, Routes,
    axum::{self, extract::State},
    created, ok, routes,
};
use base::LocalDay;
use db::Permission;
use serde::{Deserialize, Deserializer};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    service::{self, Change, NewArticle},
    sql::{self, Filter, Key},
};
use crate::{
    model::{ArticleAudience, ArticleLine, ArticlePage, ArticleVersion},
    terms,
};

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::KnowledgeWrite), routes!(list))
        .at(Access::May(Permission::KnowledgeWrite), routes!(create))
        .at(Access::May(Permission::KnowledgeWrite), routes!(one))
        .at(Access::May(Permission::KnowledgeWrite), routes!(change))
        .at(Access::May(Permission::KnowledgeWrite), routes!(publish))
        .at(Access::May(Permission::KnowledgeWrite), routes!(version))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ArticleQuery {
    /// Words of title, tags or text; then the best come first, at most 200, and there is no next page.
    q: Option<String>,
    /// With the categories in it.
    category_id: Option<Uuid>,
    /// draft, published or retired.
    state: Option<String>,
    /// Only those somebody must read, or only the others.
    must_read: Option<bool>,
    limit: Option<i64>,
    cursor: Option<String>,
}

/// Articles the caller may change, the last changed first.
#[utoipa::path(get, path = "/articles", tag = "knowledge", params(ArticleQuery), responses((status = 200, body = Page<ArticleLine>), (status = 422, body = api::ProblemDocument)))]
async fn list(
    State(kit): State<Kit>,
    caller: Caller,
    Query(asked): Query<ArticleQuery>,
) -> Answer<Page<ArticleLine>> {
    let state = asked.state.as_deref();
    Checks::new()
        .that("state", state.is_none_or(|s| ["draft", "published", "retired"].contains(&s)))
        .at_most("q", asked.q.as_deref(), 100)
        .done()?;
    let limit = PageQuery::rows(asked.limit);
    let after: Option<Key> = api::cursor_decode(&asked.cursor)?;
    let filter = Filter { category: asked.category_id, state: asked.state, duty: asked.must_read };
    let mut r = kit.db.read(&caller.scope).await?;
    if let Some(q) = asked.q.filter(|q| !q.trim().is_empty()) {
        let terms = terms::of_question(&q);
        let mut items = vec![];
        if !terms.is_empty() {
            let fits = sql::list(&mut r, &filter, None, i64::MAX).await?;
            let best = sql::with_terms(&mut r, &terms, 200).await?;
            let mut rows: Vec<_> = fits.into_iter().filter(|row| best.contains(&row.id)).collect();
            rows.sort_by_key(|row| best.iter().position(|id| *id == row.id));
            items = service::lines(&mut r, &rows).await?;
        }
        return ok(Page { items, next_cursor: None, total: None });
    }
    let rows = sql::list(&mut r, &filter, after, limit + 1).await?;
    let page = Page::from_rows(rows, limit, |row| (row.changed_at.0, row.id));
    let items = service::lines(&mut r, &page.items).await?;
    ok(Page { items, next_cursor: page.next_cursor, total: None })
}

/// An article to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewArticleInput {
    /// Made by the sender: sent twice it is one article.
    id: Option<Uuid>,
    #[schema(max_length = 120)]
    title: String,
    category_id: Option<Uuid>,
    #[serde(default)]
    #[schema(max_items = 30)]
    tags: Vec<String>,
    /// Markdown, at most 60,000 characters.
    #[serde(default)]
    #[schema(max_length = 60_000)]
    body: String,
    /// Absent: everybody, or for whoever leads departments, his own.
    audience: Option<ArticleAudience>,
}

/// Makes the draft of an article.
#[utoipa::path(post, path = "/articles", tag = "knowledge", request_body = NewArticleInput, responses((status = 201, body = ArticlePage), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn create(
    State(kit): State<Kit>,
    caller: Caller,
    Json(new): Json<NewArticleInput>,
) -> Created<ArticlePage> {
    service::check(Some(&new.title), Some(&new.tags), Some(&new.body))?;
    service::check_audience(new.audience.as_ref())?;
    let new = NewArticle {
        id: new.id,
        title: new.title,
        category: new.category_id,
        tags: new.tags,
        body: new.body,
        audience: new.audience,
    };
    created(
        kit.db
            .write(&caller.scope, move |tx| Box::pin(async move { service::create(tx, new).await }))
            .await?,
    )
}

/// An article as it is written, with all versions.
#[utoipa::path(get, path = "/articles/{id}", tag = "knowledge", params(("id" = Uuid, Path)), responses((status = 200, body = ArticlePage), (status = 404, body = api::ProblemDocument)))]
async fn one(State(kit): State<Kit>, caller: Caller, Path(id): Path<Uuid>) -> Answer<ArticlePage> {
    ok(service::page(&mut kit.db.read(&caller.scope).await?, id).await?)
}

/// Tells an absent member from one that is null.
fn said<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(from).map(Some)
}

/// What to change; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PatchArticle {
    #[schema(max_length = 120)]
    title: Option<String>,
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<Uuid>)]
    category_id: Option<Option<Uuid>>,
    #[schema(max_items = 30)]
    tags: Option<Vec<String>>,
    #[schema(max_length = 60_000)]
    body: Option<String>,
    audience: Option<ArticleAudience>,
    /// Must the audience read it?
    must_read: Option<bool>,
    /// Until when.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>, format = Date)]
    due_day: Option<Option<LocalDay>>,
    /// It is shown to nobody any more, and found by nobody. Plans made before keep it as their guide.
    retired: Option<bool>,
}

/// Changes an article. Title, tags and text are a draft until they are published; the rest holds at once.
#[utoipa::path(patch, path = "/articles/{id}", tag = "knowledge", request_body = PatchArticle, params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 200, body = ArticlePage), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn change(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(p): Json<PatchArticle>,
) -> Answer<ArticlePage> {
    service::check(p.title.as_deref(), p.tags.as_deref(), p.body.as_deref())?;
    service::check_audience(p.audience.as_ref())?;
    let change = Change {
        title: p.title,
        category: p.category_id,
        tags: p.tags,
        body: p.body,
        audience: p.audience,
        must_read: p.must_read,
        due_day: p.due_day,
        retired: p.retired,
    };
    ok(kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move { service::change(tx, id, version, change).await })
        })
        .await?)
}

/// How to publish.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PublishArticle {
    /// What changed.
    #[schema(max_length = 300)]
    note: Option<String>,
    /// Whoever must read it, must read this version also when he has read an older one.
    #[serde(default)]
    read_again: bool,
}

/// Publishes the draft as the next version, and tells those who must read it.
#[utoipa::path(post, path = "/articles/{id}/publish", tag = "knowledge", request_body = PublishArticle, params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 200, body = ArticlePage), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn publish(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(p): Json<PublishArticle>,
) -> Answer<ArticlePage> {
    Checks::new().at_most("note", p.note.as_deref(), 300).done()?;
    ok(kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let note = p.note.as_deref().map(str::trim).filter(|n| !n.is_empty());
                service::publish(tx, id, version, note, p.read_again).await
            })
        })
        .await?)
}

/// A published version with what it says.
#[utoipa::path(get, path = "/articles/{id}/versions/{number}", tag = "knowledge", params(("id" = Uuid, Path), ("number" = i64, Path)), responses((status = 200, body = ArticleVersion), (status = 404, body = api::ProblemDocument)))]
async fn version(
    State(kit): State<Kit>,
    caller: Caller,
    Path((id, number)): Path<(Uuid, i64)>,
) -> Answer<ArticleVersion> {
    ok(service::version(&mut kit.db.read(&caller.scope).await?, id, number).await?)
}
