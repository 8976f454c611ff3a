use api::{
    Access, Caller, Failure, Kit, Routes,
    axum::{self, Extension, extract::State, http::StatusCode},
    routes,
};
use base::Micros;
use db::Permission;
use serde::Serialize;
use serde_json::json;
use travel::learned;
use utoipa::ToSchema;

use super::Learning;

pub(crate) fn routes(kit: &Kit, learning: &Learning) -> Routes {
    let learning = learning.clone();
    Routes::new(kit)
        .at(Access::May(Permission::CompanyWrite), routes!(relearn))
        .map(|r| r.layer(Extension(learning)))
}

/// How the learning stands; `GET /travel/learned` says when it is done and what came of it.
#[derive(Serialize, ToSchema)]
struct LearningAsked {
    /// Since when somebody waits for it; absent: it is done already.
    #[schema(value_type = Option<String>, format = DateTime)]
    asked_at: Option<Micros>,
    /// When it was last done.
    #[schema(value_type = Option<String>, format = DateTime)]
    learned_at: Option<Micros>,
}

/// Asks to learn anew from the visits and ways of the last 60 days. It is done beside this request.
#[utoipa::path(post, path = "/travel/learn", tag = "travel", responses((status = 202, body = LearningAsked)))]
async fn relearn(
    State(kit): State<Kit>,
    Extension(learning): Extension<Learning>,
    caller: Caller,
) -> Result<(StatusCode, axum::Json<LearningAsked>), Failure> {
    let tenant = caller.scope.tenant();
    let kept = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                learned::ask(tx).await?;
                tx.audit("travel.learn", "company", tenant, json!({})).await?;
                learned::kept(tx).await
            })
        })
        .await?;
    learning.wake();
    let asked = LearningAsked { asked_at: kept.asked_at, learned_at: kept.learned_at };
    Ok((StatusCode::ACCEPTED, axum::Json(asked)))
}
