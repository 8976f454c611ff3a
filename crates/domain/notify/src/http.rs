use api::{Access, Answer, Caller, Json, Kit, Page, PageQuery, Query, Routes, axum, ok, routes};
use axum::{extract::State, http::StatusCode};
use base::{Micros, Problem, problem};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::sql;

/// Something a person was told.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Notice {
    pub id: Uuid,
    pub kind: String,
    pub title: String,
    pub body: String,
    pub link: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Micros,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub read_at: Option<Micros>,
}

pub fn routes(kit: &Kit) -> Routes {
    Routes::new(kit).at(Access::SignedIn, routes!(list)).at(Access::SignedIn, routes!(read))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct NoticeQuery {
    limit: Option<i64>,
    cursor: Option<String>,
}

#[utoipa::path(get, path = "/notices", tag = "notices", params(NoticeQuery), responses((status = 200, body = Page<Notice>)))]
async fn list(State(kit): State<Kit>, caller: Caller, Query(q): Query<NoticeQuery>) -> Answer<Page<Notice>> {
    let limit = PageQuery::rows(q.limit);
    let before = api::cursor_decode(&q.cursor)?;
    let items = sql::notices(&mut kit.db.read(&caller.scope).await?, before, limit + 1, caller.lang).await?;
    ok(Page::from_rows(items, limit, |n: &Notice| (n.created_at.0, n.id)))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReadNotices {
    ids: Vec<Uuid>,
}

#[utoipa::path(post, path = "/notices/read", tag = "notices", request_body = ReadNotices, responses((status = 204), (status = 422, body = api::ProblemDocument)))]
async fn read(
    State(kit): State<Kit>,
    caller: Caller,
    Json(input): Json<ReadNotices>,
) -> Result<StatusCode, api::Failure> {
    if input.ids.len() > 200 {
        return Err(Problem::new(problem::INVALID)
            .with("reason", "ids")
            .field("ids", problem::TOO_LONG)
            .into());
    }
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let now = tx.now();
                for id in input.ids {
                    sql::mark_read(tx, id, now).await?;
                }
                Ok(())
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
