use api::{
    Access, Answer, Caller, Checks, Created, IfMatch, Json, Kit, Page, PageQuery, Path, Query, Routes, axum,
    created, ok, routes,
};
use axum::{Extension, extract::State};
use base::{Problem, problem};
use db::Permission;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use work::tasks::NewHelper;

use crate::{
    Candidates, Dispatch, DispatchRules, UrgentRequest,
    candidates::{Question, asked_before, crowd},
    intake::{self, NewUrgent},
    model::UrgentDetail,
    offers,
    skills::{self, PersonSkills},
    sql,
};

/// Routes under `/api/v1`.
pub fn routes(kit: &Kit, dispatch: &Dispatch) -> Routes {
    let dispatch = dispatch.clone();
    Routes::new(kit)
        .at(Access::May(Permission::TaskRead), routes!(list))
        .at(Access::May(Permission::TaskWrite), routes!(take))
        .at(Access::May(Permission::TaskRead), routes!(one))
        .at(Access::May(Permission::LiveRead), routes!(candidates))
        .at(Access::May(Permission::TaskWrite), routes!(send))
        .at(Access::May(Permission::TaskWrite), routes!(help))
        .at(Access::May(Permission::TaskWrite), routes!(withdraw))
        .at(Access::May(Permission::TaskWrite), routes!(cancel))
        .at(Access::May(Permission::TaskRead), routes!(read_rules))
        .at(Access::May(Permission::CompanyWrite), routes!(write_rules))
        .at(Access::May(Permission::TaskRead), routes!(read_skills))
        .at(Access::May(Permission::OrgWrite), routes!(write_skills))
        .map(|r| r.layer(Extension(dispatch)))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct UrgentQuery {
    /// open, offered, accepted, done, cancelled; several separated by commas.
    status: Option<String>,
    limit: Option<i64>,
    cursor: Option<String>,
}

/// Urgent requests, newest first.
#[utoipa::path(get, path = "/dispatch/requests", tag = "dispatch", params(UrgentQuery), responses((status = 200, body = Page<UrgentRequest>)))]
async fn list(
    State(kit): State<Kit>,
    caller: Caller,
    Query(q): Query<UrgentQuery>,
) -> Answer<Page<UrgentRequest>> {
    let limit = PageQuery::rows(q.limit);
    let before = api::cursor_decode(&q.cursor)?;
    let mut r = kit.db.read(&caller.scope).await?;
    let rows = sql::list(&mut r, q.status.filter(|s| !s.is_empty()), before, limit + 1).await?;
    let offers = sql::last_offers(&mut r).await?;
    // The last of each request stands last.
    let offer = |id: Uuid| offers.iter().rev().find(|o| o.request_id == id).map(|o| o.shown(false));
    let items = rows.iter().map(|row| row.shown(offer(row.id))).collect();
    ok(Page::from_rows(items, limit, |r: &UrgentRequest| (r.created_at.0, r.id)))
}

/// Takes an urgent request in.
#[utoipa::path(post, path = "/dispatch/requests", tag = "dispatch", request_body = NewUrgent,
    responses((status = 201, body = UrgentRequest), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn take(State(kit): State<Kit>, caller: Caller, Json(new): Json<NewUrgent>) -> Created<UrgentRequest> {
    created(intake::take(&kit, &caller.scope, new).await?)
}

async fn detail(kit: &Kit, caller: &Caller, id: Uuid) -> db::Result<UrgentDetail> {
    let mut r = kit.db.read(&caller.scope).await?;
    let row = sql::one(&mut r, id).await?;
    let rows = sql::offers(&mut r, id).await?;
    let helpers = match row.task_id {
        // Of a task out of reach nothing is told.
        Some(task) => work::tasks::by_id(&mut r, task, kit.now()).await.map(|t| t.crew).unwrap_or_default(),
        None => vec![],
    };
    drop(r);
    // The numbers were made of where people were.
    let people: Vec<Uuid> = rows.iter().map(|o| o.employee_id).collect();
    let positions = caller.scope.may(Permission::LiveRead);
    if positions && !people.is_empty() {
        kit.watch.positions_shown(&caller.scope, people).await?;
    }
    let offers: Vec<_> = rows.iter().map(|o| o.shown(positions)).collect();
    Ok(UrgentDetail { request: row.shown(rows.first().map(|o| o.shown(false))), offers, helpers })
}

/// A request with everybody who was asked, and why. The numbers go to the ledger of those people.
#[utoipa::path(get, path = "/dispatch/requests/{id}", tag = "dispatch", params(("id" = Uuid, Path)),
    responses((status = 200, body = UrgentDetail), (status = 404, body = api::ProblemDocument)))]
async fn one(State(kit): State<Kit>, caller: Caller, Path(id): Path<Uuid>) -> Answer<UrgentDetail> {
    ok(detail(&kit, &caller, id).await?)
}

/// Who could go now, with the reasons in numbers: idle people by when they could begin, then busy ones. Everybody whose
/// position is used stands in his ledger first.
#[utoipa::path(get, path = "/dispatch/requests/{id}/candidates", tag = "dispatch", params(("id" = Uuid, Path)),
    responses((status = 200, body = Candidates), (status = 404, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn candidates(
    State(kit): State<Kit>,
    Extension(dispatch): Extension<Dispatch>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Answer<Candidates> {
    let mut r = kit.db.read(&caller.scope).await?;
    let request = sql::one(&mut r, id).await?;
    let before = asked_before(&mut r, id).await?;
    drop(r);
    let wanted = request.wanted();
    let question = Question { request: &wanted, only: None, late: false };
    let crowd = crowd(&dispatch.0, &caller.scope, &question).await?;
    kit.watch.positions_shown(&caller.scope, crowd.seen()).await?;
    ok(crowd.shown(&before))
}

/// Whom to ask.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewOffer {
    /// Made by the client: the same again is the same offer.
    pub id: Option<Uuid>,
    pub employee_id: Uuid,
    /// Ask him although he cannot be there by the latest time.
    #[serde(default)]
    pub late: bool,
}

/// Asks a person to go. He has the company's time to answer.
#[utoipa::path(post, path = "/dispatch/requests/{id}/offers", tag = "dispatch", request_body = NewOffer, params(("id" = Uuid, Path)),
    responses((status = 200, body = UrgentDetail), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument)))]
async fn send(
    State(kit): State<Kit>,
    Extension(dispatch): Extension<Dispatch>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(new): Json<NewOffer>,
) -> Answer<UrgentDetail> {
    offers::send(&dispatch.0, &caller.scope, id, new).await?;
    ok(detail(&kit, &caller, id).await?)
}

/// Sends somebody along with who goes already: he gets a task of his own, and both are told of each other.
#[utoipa::path(post, path = "/dispatch/requests/{id}/helpers", tag = "dispatch", request_body = NewHelper, params(("id" = Uuid, Path)),
    responses((status = 200, body = UrgentDetail), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn help(
    State(kit): State<Kit>,
    Extension(dispatch): Extension<Dispatch>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(helper): Json<NewHelper>,
) -> Answer<UrgentDetail> {
    offers::help(&dispatch.0, &caller.scope, id, helper).await?;
    ok(detail(&kit, &caller, id).await?)
}

/// Takes a waiting offer back.
#[utoipa::path(post, path = "/dispatch/requests/{id}/withdraw", tag = "dispatch", params(("id" = Uuid, Path)),
    responses((status = 200, body = UrgentDetail), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument)))]
async fn withdraw(State(kit): State<Kit>, caller: Caller, Path(id): Path<Uuid>) -> Answer<UrgentDetail> {
    kit.db.write(&caller.scope, move |tx| Box::pin(async move { offers::withdraw(tx, id).await })).await?;
    ok(detail(&kit, &caller, id).await?)
}

/// Why a request is called off.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UrgentReason {
    #[schema(max_length = 200)]
    reason: String,
}

/// Calls a request off, with the visit that came of it if that has not begun.
#[utoipa::path(post, path = "/dispatch/requests/{id}/cancel", tag = "dispatch", request_body = UrgentReason, params(("id" = Uuid, Path)),
    responses((status = 200, body = UrgentDetail), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn cancel(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(input): Json<UrgentReason>,
) -> Answer<UrgentDetail> {
    Checks::new().text("reason", &input.reason, 200).done()?;
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move { offers::cancel(tx, id, input.reason.trim()).await })
        })
        .await?;
    ok(detail(&kit, &caller, id).await?)
}

/// The company's rules with their version.
#[derive(Serialize, ToSchema)]
struct KeptDispatchRules {
    rules: DispatchRules,
    version: i64,
}

async fn kept(q: &mut impl db::Query) -> db::Result<KeptDispatchRules> {
    let (rules, version) = offers::rules(q).await?;
    Ok(KeptDispatchRules { rules, version })
}

/// How long people have to answer, and whether the first is asked without a dispatcher.
#[utoipa::path(get, path = "/dispatch/rules", tag = "dispatch", responses((status = 200, body = KeptDispatchRules)))]
async fn read_rules(State(kit): State<Kit>, caller: Caller) -> Answer<KeptDispatchRules> {
    ok(kept(&mut kit.db.read(&caller.scope).await?).await?)
}

#[utoipa::path(put, path = "/dispatch/rules", tag = "dispatch", request_body = DispatchRules, params(("If-Match" = String, Header)),
    responses((status = 200, body = KeptDispatchRules), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn write_rules(
    State(kit): State<Kit>,
    caller: Caller,
    IfMatch(version): IfMatch,
    Json(input): Json<DispatchRules>,
) -> Answer<KeptDispatchRules> {
    input.check()?;
    let text = serde_json::to_string(&input).map_err(Problem::internal)?;
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let (before, now) = offers::rules(tx).await?;
                if now != version || !sql::put_rules(tx, &text, version).await? {
                    return Err(Problem::new(problem::VERSION));
                }
                let tenant = tx.tenant();
                tx.audit("dispatch.rules", "company", tenant, json!({ "before": before, "after": input }))
                    .await
            })
        })
        .await?;
    ok(kept(&mut kit.db.read(&caller.scope).await?).await?)
}

/// People and what they can do.
#[derive(Serialize, ToSchema)]
struct SkillList {
    items: Vec<PersonSkills>,
}

/// Everybody in reach with what he can do.
#[utoipa::path(get, path = "/dispatch/skills", tag = "dispatch", responses((status = 200, body = SkillList)))]
async fn read_skills(State(kit): State<Kit>, caller: Caller) -> Answer<SkillList> {
    ok(SkillList { items: skills::list(&mut kit.db.read(&caller.scope).await?).await? })
}

/// What a person can do, in the company's own words.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Skills {
    #[schema(max_items = 20)]
    skills: Vec<String>,
}

#[utoipa::path(put, path = "/dispatch/skills/{employee_id}", tag = "dispatch", request_body = Skills, params(("employee_id" = Uuid, Path)),
    responses((status = 200, body = SkillList), (status = 404, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn write_skills(
    State(kit): State<Kit>,
    caller: Caller,
    Path(employee): Path<Uuid>,
    Json(input): Json<Skills>,
) -> Answer<SkillList> {
    let mut checks = Checks::new();
    org::check_skills(&mut checks, &input.skills);
    checks.done()?;
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move { skills::put(tx, employee, &input.skills).await })
        })
        .await?;
    ok(SkillList { items: skills::list(&mut kit.db.read(&caller.scope).await?).await? })
}
