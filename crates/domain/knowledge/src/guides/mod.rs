//! Articles as guides of steps: which may be one, and the version a phone carries along.

mod sql;

use std::collections::HashMap;

use api::Kit;
use api::axum::{http::HeaderMap, response::Response};
use base::{Problem, problem};
use db::{Query, Result};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{articles::sql as articles, files, markdown, model::ArticleFile};

/// A guide as a phone carries it along, in the version pinned to a step.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PinnedGuide {
    pub id: Uuid,
    pub version: i64,
    pub title: String,
    /// Markdown.
    pub body: String,
    /// What the text names; `/field/guide-files/{id}` has the bytes.
    pub files: Vec<ArticleFile>,
}

/// May this article become a guide: is it published, not retired, and may the acting person read or change it?
pub async fn check_usable(q: &mut impl Query, article: Uuid) -> Result<bool> {
    if readable(q, article).await? {
        return Ok(true);
    }
    let mine = articles::one(q, article).await;
    Ok(mine.is_ok_and(|a| a.published.is_some() && !a.retired))
}

/// May the acting person read this article as it stands in the library?
///
/// # Errors
/// When the store cannot be read.
pub async fn readable(q: &mut impl Query, article: Uuid) -> Result<bool> {
    sql::readable(q, article).await
}

/// Those of these articles that the acting person may read, in their order, by title.
///
/// # Errors
/// When the store cannot be read.
pub async fn titles(q: &mut impl Query, ids: &[Uuid]) -> Result<Vec<(Uuid, String)>> {
    let mut asked = ids.to_vec();
    asked.sort_unstable();
    asked.dedup();
    let mut known: HashMap<Uuid, String> = HashMap::new();
    for some in asked.chunks(sql::NAMED) {
        known.extend(sql::titles(q, some).await?);
    }
    Ok(ids.iter().filter_map(|id| known.get(id).map(|title| (*id, title.clone()))).collect())
}

/// The version that is pinned to what is planned now: the newest, also of one that was retired since.
pub async fn newest(q: &mut impl Query, article: Uuid) -> Result<Option<i64>> {
    sql::newest(q, article).await
}

/// The files a text names, in their order.
pub(crate) async fn files_of(q: &mut impl Query, article: Uuid, body: &str) -> Result<Vec<ArticleFile>> {
    let known = files::of_article(q, article).await?;
    let named = markdown::files(body);
    Ok(named.iter().filter_map(|id| known.iter().find(|f| f.id == *id).cloned()).collect())
}

/// The named versions as a phone carries them along, whoever they are for: whoever has the work has its guide.
pub async fn pinned(
    q: &mut impl Query,
    named: impl IntoIterator<Item = (Uuid, i64)>,
) -> Result<Vec<PinnedGuide>> {
    let mut guides = vec![];
    for (id, version) in named {
        if let Some(v) = articles::version(q, id, version).await? {
            let files = files_of(q, id, &v.body).await?;
            guides.push(PinnedGuide { id, version, title: v.title, body: v.body, files });
        }
    }
    Ok(guides)
}

/// A file of one of these guides.
///
/// # Errors
/// `not_found` when none of them names it.
pub async fn guide_file(
    kit: &Kit,
    scope: &db::Scope,
    guides: &[PinnedGuide],
    id: Uuid,
    asked: &HeaderMap,
) -> Result<Response> {
    let missing = || Problem::new(problem::NOT_FOUND);
    let file = guides.iter().flat_map(|g| &g.files).find(|f| f.id == id).ok_or_else(missing)?;
    files::answer(kit, scope.tenant(), file, asked).await?.ok_or_else(missing)
}
