use std::{sync::Arc, time::Duration};

use api::{
    Access, Answer, Caller, Exact, Failure, Kit, Path, Query, Routes,
    axum::{self, Extension, extract::State, http::HeaderMap, response::Response},
    ok, routes,
};
use db::Permission;
use dispatch::Dispatch;
use evidence::Darkroom;
use serde::Deserialize;
use service::Service;
use tracking::Tracking;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::{
    FieldSnapshot, OwnDay, SyncAnswer, SyncInput,
    choices::{self, FieldChoices},
    guides::{self, FieldPractice},
    snapshot, sync,
};

/// How long an answer waits for the judging of what it takes.
const JUDGED_WITHIN: Duration = Duration::from_secs(2);

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::FieldWork), routes!(read))
        .at(Access::May(Permission::FieldWork), routes!(take))
        .at(Access::May(Permission::FieldWork), routes!(practice))
        .at(Access::SignedIn, routes!(choices_of))
        .at(Access::May(Permission::FieldWork), routes!(guide_file))
}

/// Everything a phone needs for the day and the week ahead.
#[utoipa::path(get, path = "/field/snapshot", tag = "field", responses((status = 200, body = FieldSnapshot)))]
async fn read(
    State(kit): State<Kit>,
    Extension(own_day): Extension<Arc<dyn OwnDay>>,
    caller: Caller,
) -> Answer<FieldSnapshot> {
    ok(snapshot::compose(&kit, &caller.scope, own_day.as_ref(), caller.lang).await?)
}

/// Takes records of a phone, each exactly once, with an answer for each.
#[utoipa::path(post, path = "/field/sync", tag = "field", request_body = SyncInput,
    responses((status = 200, body = SyncAnswer), (status = 422, body = api::ProblemDocument), (status = 503, body = api::ProblemDocument)))]
async fn take(
    State(kit): State<Kit>,
    Extension(darkroom): Extension<Arc<Darkroom>>,
    Extension(tracking): Extension<Tracking>,
    Extension(dispatch): Extension<Dispatch>,
    Extension(service): Extension<Service>,
    caller: Caller,
    Exact { value: input, bytes }: Exact<SyncInput>,
) -> Answer<SyncAnswer> {
    let photos = input.items.iter().any(|i| i.kind == "visit.photo");
    let private = input.items.iter().any(|i| i.kind.starts_with("private."));
    let urgent = input.items.iter().any(|i| i.kind.starts_with("urgent."));
    let signed = input.items.iter().any(|i| matches!(i.kind.as_str(), "order.sign" | "order.finish"));
    let texts = devices::texts(&bytes);
    drop(bytes);
    let (receipts, chain, visits) = sync::take(&kit, &caller.scope.own(), input, &texts, caller.lang).await?;
    // What was taken is durable. The phone hears of findings with its answer where they come soon, and does not wait for
    // them otherwise: the judging goes on without it, and what is not judged now is found by the watching.
    let (db, tenant) = (kit.db.clone(), caller.scope.tenant());
    let judging = tokio::spawn(async move { truth::examine(&db, tenant, &visits).await });
    let _ = tokio::time::timeout(JUDGED_WITHIN, judging).await;
    if private {
        // before the phone hears "accepted", nothing of the trip is stored any more
        tracking.sweep_declared(caller.scope.tenant()).await?;
    }
    if urgent && let Err(e) = dispatch.settle(caller.scope.tenant()).await {
        // What was answered is durable; the watching puts it into the day a moment later.
        tracing::warn!(error = %e, "an accepted urgent task is placed later");
    }
    if signed && let Err(e) = service.settle(caller.scope.tenant()).await {
        // What was signed is durable; the watching makes its document a moment later.
        tracing::warn!(error = %e, "the document of a signed report is made later");
    }
    if photos {
        darkroom.wake(caller.scope.tenant());
    }
    ok(SyncAnswer { epoch: kit.config.epoch.clone(), receipts, chain })
}

/// The templates a newcomer can practise with, with forms and guides.
#[utoipa::path(get, path = "/field/practice", tag = "field", responses((status = 200, body = FieldPractice)))]
async fn practice(State(kit): State<Kit>, caller: Caller) -> Answer<FieldPractice> {
    ok(guides::practice(&mut kit.db.read(&caller.scope.own()).await?).await?)
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ChoiceQuery {
    /// equipment or product.
    to: String,
}

/// Equipment in reach, or the products of the company, that a form may refer to: at most 5,000.
#[utoipa::path(get, path = "/field/choices", tag = "field", params(ChoiceQuery), responses((status = 200, body = FieldChoices), (status = 422, body = api::ProblemDocument)))]
async fn choices_of(
    State(kit): State<Kit>,
    caller: Caller,
    Query(asked): Query<ChoiceQuery>,
) -> Answer<FieldChoices> {
    ok(choices::of(&mut kit.db.read(&caller.scope).await?, &asked.to).await?)
}

/// A picture or file of a guide of the caller's work.
#[utoipa::path(get, path = "/field/guide-files/{id}", tag = "field", params(("id" = Uuid, Path)), responses((status = 200, description = "The file", content_type = "application/octet-stream"), (status = 404, body = api::ProblemDocument)))]
async fn guide_file(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let scope = caller.scope.own();
    let mine = guides::of_person(&kit, &scope, kit.now()).await?;
    Ok(knowledge::guide_file(&kit, &scope, &mine, id, &headers).await?)
}
