//! Categories of articles, on two levels.

use api::{
    Access, Answer, Caller, Checks, Created, Failure, IfMatch, Json, Kit, Path, Routes,
    axum::{self, extract::State, http::StatusCode},
    created, ok, routes,
};
use base::{Problem, id, problem};
use db::{Permission, Query, Result, Tx, args, sql};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{CATEGORY, CATEGORY_IN_USE};

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::SignedIn, routes!(list))
        .at(Access::May(Permission::KnowledgeWrite), routes!(create))
        .at(Access::May(Permission::KnowledgeWrite), routes!(change))
        .at(Access::May(Permission::KnowledgeWrite), routes!(delete))
}

db::row! {
    /// A category.
    #[derive(Serialize, ToSchema)]
    pub struct ArticleCategory { id: Uuid, parent_id: Option<Uuid>, name: String, place: i64, version: i64 }
}

async fn all(q: &mut impl Query) -> Result<Vec<ArticleCategory>> {
    q.all(
        sql!("SELECT k.id, k.parent_id, k.name, k.place, k.version FROM article_category k WHERE k.tenant_id = $1 ORDER BY k.place, k.id"),
        vec![],
    )
    .await
}

async fn one(q: &mut impl Query, id: Uuid) -> Result<Option<ArticleCategory>> {
    Ok(all(q).await?.into_iter().find(|k| k.id == id))
}

/// # Errors
/// `knowledge.category` for one that is not there.
pub(crate) async fn check(q: &mut impl Query, category: Option<Uuid>) -> Result<()> {
    match category {
        Some(id) if one(q, id).await?.is_none() => Err(Problem::new(CATEGORY).field("category_id", CATEGORY)),
        _ => Ok(()),
    }
}

/// May `id` lie in `parent`? There are two levels, and no circle.
async fn check_parent(q: &mut impl Query, id: Uuid, parent: Option<Uuid>) -> Result<()> {
    let Some(parent) = parent else { return Ok(()) };
    let known = all(q).await?;
    let top = known.iter().any(|k| k.id == parent && k.parent_id.is_none());
    let leaf = known.iter().all(|k| k.parent_id != Some(id));
    match parent != id && top && leaf {
        true => Ok(()),
        false => Err(Problem::new(CATEGORY).field("parent_id", CATEGORY)),
    }
}

#[derive(Serialize, ToSchema)]
struct ArticleCategories {
    items: Vec<ArticleCategory>,
}

/// All categories, in their order.
#[utoipa::path(get, path = "/article-categories", tag = "knowledge", responses((status = 200, body = ArticleCategories)))]
async fn list(State(kit): State<Kit>, caller: Caller) -> Answer<ArticleCategories> {
    ok(ArticleCategories { items: all(&mut kit.db.read(&caller.scope).await?).await? })
}

/// A category to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewArticleCategory {
    id: Option<Uuid>,
    /// The category it lies in, itself in none.
    parent_id: Option<Uuid>,
    #[schema(max_length = 40)]
    name: String,
    /// Smaller ones come first.
    #[serde(default)]
    place: i64,
}

/// Makes a category.
#[utoipa::path(post, path = "/article-categories", tag = "knowledge", request_body = NewArticleCategory, responses((status = 201, body = ArticleCategory), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn create(
    State(kit): State<Kit>,
    caller: Caller,
    Json(new): Json<NewArticleCategory>,
) -> Created<ArticleCategory> {
    Checks::new().text("name", &new.name, 40).that("place", (0..=10_000).contains(&new.place)).done()?;
    created(kit.db.write(&caller.scope, move |tx| Box::pin(async move { make(tx, new).await })).await?)
}

async fn make(tx: &mut Tx, new: NewArticleCategory) -> Result<ArticleCategory> {
    let id = new.id.unwrap_or_else(id::new_v7);
    check_parent(tx, id, new.parent_id).await?;
    let name = new.name.trim();
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO article_category (tenant_id, id, parent_id, name, place, version) VALUES ($1, $3, $4, $5, $6, 1) \
                 ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![id, new.parent_id, name, new.place],
        )
        .await?;
    let known = one(tx, id).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    if rows == 1 {
        tx.audit("article_category.create", "article_category", id, json!({ "name": name })).await?;
    } else if known.name != name || known.parent_id != new.parent_id {
        return Err(Problem::new(problem::CONFLICT));
    }
    Ok(known)
}

/// A category as it is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PatchArticleCategory {
    #[schema(max_length = 40)]
    name: String,
    parent_id: Option<Uuid>,
    place: i64,
}

/// Renames or moves a category.
#[utoipa::path(patch, path = "/article-categories/{id}", tag = "knowledge", request_body = PatchArticleCategory, params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 200, body = ArticleCategory), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn change(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(p): Json<PatchArticleCategory>,
) -> Answer<ArticleCategory> {
    Checks::new().text("name", &p.name, 40).that("place", (0..=10_000).contains(&p.place)).done()?;
    ok(kit
        .db
        .write(&caller.scope, move |tx| Box::pin(async move { store(tx, id, version, p).await }))
        .await?)
}

async fn store(tx: &mut Tx, id: Uuid, version: i64, p: PatchArticleCategory) -> Result<ArticleCategory> {
    one(tx, id).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    check_parent(tx, id, p.parent_id).await?;
    let name = p.name.trim();
    let rows = tx
        .exec(
            sql!(
                "UPDATE article_category SET name = $5, parent_id = $6, place = $7, version = version + 1 \
                 WHERE tenant_id = $1 AND id = $3 AND version = $4"
            ),
            args![id, version, name, p.parent_id, p.place],
        )
        .await?;
    if rows == 0 {
        return Err(Problem::new(problem::VERSION));
    }
    tx.audit("article_category.change", "article_category", id, json!({ "name": name })).await?;
    one(tx, id).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))
}

/// Removes a category that holds nothing any more.
#[utoipa::path(delete, path = "/article-categories/{id}", tag = "knowledge", params(("id" = Uuid, Path)), responses((status = 204), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument)))]
async fn delete(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> std::result::Result<StatusCode, Failure> {
    kit.db.write(&caller.scope, move |tx| Box::pin(async move { remove(tx, id).await })).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn remove(tx: &mut Tx, id: Uuid) -> Result<()> {
    let known = one(tx, id).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    let held: Option<(Uuid,)> = tx
        .one(
            sql!(
                "SELECT a.id FROM article a WHERE a.tenant_id = $1 AND a.category_id = $3 \
                 UNION ALL SELECT k.id FROM article_category k WHERE k.tenant_id = $1 AND k.parent_id = $3 LIMIT 1"
            ),
            args![id],
        )
        .await?;
    if held.is_some() {
        return Err(Problem::new(CATEGORY_IN_USE));
    }
    tx.exec(sql!("DELETE FROM article_category WHERE tenant_id = $1 AND id = $3"), args![id]).await?;
    tx.audit("article_category.delete", "article_category", id, json!({ "name": known.name })).await
}
