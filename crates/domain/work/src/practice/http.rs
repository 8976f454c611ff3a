use api::{
    Access, Answer, Caller, Failure, Kit, Page, PageQuery, Path, Query, Routes,
    axum::{self, extract::State, http::StatusCode},
    ok, routes,
};
use db::Permission;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::{
    Practice, service,
    sql::{self, Key, PracticeRow},
};

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::TaskRead), routes!(list))
        .at(Access::May(Permission::TaskWrite), routes!(delete))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct PracticeQuery {
    employee_id: Option<Uuid>,
    limit: Option<i64>,
    cursor: Option<String>,
}

/// Who has practised which template, the newest first. Practice counts nowhere else.
#[utoipa::path(get, path = "/practices", tag = "work", params(PracticeQuery), responses((status = 200, body = Page<Practice>)))]
async fn list(
    State(kit): State<Kit>,
    caller: Caller,
    Query(asked): Query<PracticeQuery>,
) -> Answer<Page<Practice>> {
    let limit = PageQuery::rows(asked.limit);
    let after: Option<Key> = api::cursor_decode(&asked.cursor)?;
    let rows = sql::list(&mut kit.db.read(&caller.scope).await?, asked.employee_id, after, limit + 1).await?;
    let page = Page::from_rows(rows, limit, |p| (p.ended_at.0, p.id));
    let items = page.items.into_iter().map(PracticeRow::shown).collect();
    ok(Page { items, next_cursor: page.next_cursor, total: None })
}

/// Removes the note that somebody has practised.
#[utoipa::path(delete, path = "/practices/{id}", tag = "work", params(("id" = Uuid, Path)), responses((status = 204), (status = 404, body = api::ProblemDocument)))]
async fn delete(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> std::result::Result<StatusCode, Failure> {
    kit.db.write(&caller.scope, move |tx| Box::pin(async move { service::delete(tx, id).await })).await?;
    Ok(StatusCode::NO_CONTENT)
}
