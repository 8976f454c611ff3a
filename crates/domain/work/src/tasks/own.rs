//! What a company asks of a task beside ours.

use api::{Answer, Caller, Json, Kit, Path, axum::extract::State, ok};
use custom::{Fields, Noun};
use db::{Result, Scope, Tx};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Task, service, sql};

async fn today(tx: &mut Tx) -> Result<String> {
    Ok(tx.now().local_day(&org::zone(tx).await?).to_string())
}

/// Does a task somebody makes by hand answer all that is required? One that a rule makes asks nobody.
///
/// # Errors
/// `form.answers`, its fields under `custom.`.
pub(super) async fn owed(kit: &Kit, scope: &Scope, given: &Map<String, Value>) -> Result<()> {
    let mut r = kit.db.read(scope).await?;
    let fields = Fields::in_force(&mut r, Noun::Task).await?;
    let today = kit.now().local_day(&org::zone(&mut r).await?).to_string();
    fields.accept(&Map::new(), given, &today, true).map(drop)
}

/// Keeps the answers of a task that was made just now.
pub(super) async fn keep_new(tx: &mut Tx, id: Uuid, given: &Map<String, Value>) -> Result<()> {
    if given.is_empty() {
        return Ok(());
    }
    let fields = Fields::in_force(tx, Noun::Task).await?;
    let kept = fields.accept(&Map::new(), given, &today(tx).await?, false)?;
    custom::keep(tx, Noun::Task, id, &kept).await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TaskAnswers)]
pub(super) struct Answers {
    /// Answers to the company's own fields, by key; what is absent stays, null takes an answer out.
    #[schema(value_type = Object)]
    custom: Map<String, Value>,
}

/// Answers the company's own fields of a task, in whatever state it is.
#[utoipa::path(put, path = "/tasks/{id}/custom", tag = "work", request_body = Answers, params(("id" = Uuid, Path)),
    responses((status = 200, body = Task), (status = 404, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
pub(super) async fn answer(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(input): Json<Answers>,
) -> Answer<Task> {
    ok(kit
        .db
        .write(&caller.scope, move |tx| Box::pin(async move { change(tx, id, &input.custom).await }))
        .await?)
}

async fn change(tx: &mut Tx, id: Uuid, given: &Map<String, Value>) -> Result<Task> {
    let now = tx.now();
    let row = sql::one(tx, id).await?;
    let stood = row.custom()?;
    let fields = Fields::in_force(tx, Noun::Task).await?;
    let kept = fields.accept(&stood, given, &today(tx).await?, false)?;
    if kept.answers == stood {
        return row.shown(now);
    }
    custom::keep(tx, Noun::Task, id, &kept).await?;
    sql::touch(tx, id).await?;
    let of = |answers: &Map<String, Value>| -> Map<String, Value> {
        let keys = custom::changed(&stood, &kept.answers);
        keys.into_iter().map(|k| (k.clone(), answers.get(&k).cloned().unwrap_or_default())).collect()
    };
    let told = json!({ "customer": row.customer_name, "day": row.day, "before": of(&stood), "after": of(&kept.answers) });
    tx.audit("task.custom", "task", id, told).await?;
    service::emit(tx, id).await?;
    service::by_id(tx, id, now).await
}
