use api::{
    Access, Answer, Caller, Checks, Created, Json, Kit, Page, PageQuery, Path, Query, Routes, axum, created,
    ok, routes,
};
use axum::{Extension, extract::State, http::HeaderMap};
use db::Permission;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{Tracker, TrackerCreated, TrackerKind, service, setup, sql};
use crate::Tracking;

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::OrgWrite), routes!(list, create))
        .at(Access::May(Permission::OrgWrite), routes!(revoke))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct TrackerFilter {
    employee_id: Option<Uuid>,
    limit: Option<i64>,
    cursor: Option<String>,
}

/// Trackers of people in reach, newest first.
#[utoipa::path(get, path = "/trackers", tag = "tracking", params(TrackerFilter), responses((status = 200, body = Page<Tracker>)))]
async fn list(
    State(kit): State<Kit>,
    Extension(tracking): Extension<Tracking>,
    caller: Caller,
    Query(f): Query<TrackerFilter>,
) -> Answer<Page<Tracker>> {
    let limit = PageQuery::rows(f.limit);
    let after = api::cursor_decode(&f.cursor)?;
    let mut reader = kit.db.read(&caller.scope).await?;
    let rows = sql::list(&mut reader, f.employee_id, after, limit + 1).await?;
    let tenant = caller.scope.tenant();
    let shown = |row: sql::TrackerRow| {
        let mut tracker = Tracker::from(row);
        tracker.last_seen_at = tracking.keys().heard_at(tenant, tracker.id).or(tracker.last_seen_at);
        tracker
    };
    ok(Page::from_rows(rows.into_iter().map(shown).collect(), limit, |t: &Tracker| t.id))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewTracker {
    id: Option<Uuid>,
    employee_id: Uuid,
    #[schema(max_length = 40)]
    name: String,
    kind: TrackerKind,
}

/// Makes a tracker. Its secret and set-up codes are shown this once.
#[utoipa::path(post, path = "/trackers", tag = "tracking", request_body = NewTracker, responses((status = 201, body = TrackerCreated), (status = 404, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn create(
    State(kit): State<Kit>,
    caller: Caller,
    headers: HeaderMap,
    Json(new): Json<NewTracker>,
) -> Created<TrackerCreated> {
    Checks::new().text("name", &new.name, 40).done()?;
    let NewTracker { id, employee_id, name, kind } = new;
    let (tracker, secret) =
        service::create(&kit.db, &caller.scope, service::New { id, employee: employee_id, name, kind })
            .await?;
    let policy = org::policy_of(&mut kit.db.read(&caller.scope).await?, employee_id).await?;
    let url = format!("{}/t/{secret}", kit.public_url(&headers));
    let setup = setup::setups(kind, &url, &tracker.name, policy.as_ref(), caller.lang)?;
    created(TrackerCreated { tracker, secret, url, setup })
}

/// Ends a tracker for good.
#[utoipa::path(post, path = "/trackers/{id}/revoke", tag = "tracking", params(("id" = Uuid, Path)), responses((status = 200, body = Tracker), (status = 404, body = api::ProblemDocument)))]
async fn revoke(
    State(kit): State<Kit>,
    Extension(tracking): Extension<Tracking>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Answer<Tracker> {
    let tracker = service::revoke(&kit.db, &caller.scope, id).await?;
    tracking.keys().revoke(kit.db.bus(), id);
    ok(tracker)
}
