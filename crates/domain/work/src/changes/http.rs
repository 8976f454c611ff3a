use api::{
    Access, Answer, Caller, IfMatch, Json, Kit, Page, PageQuery, Query, Routes,
    axum::{self, extract::State},
    ok, routes,
};
use base::LocalDay;
use db::Permission;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    model::{PlanChange, Rule, SetRule},
    service, sql,
};

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::SignedIn, routes!(rule))
        .at(Access::May(Permission::CompanyWrite), routes!(set_rule))
        .at(Access::May(Permission::TaskRead), routes!(list))
}

/// The company's rule with its version, 0 while it was never changed.
#[derive(Serialize, ToSchema)]
#[schema(as = KeptPlanChangeRule)]
struct KeptRule {
    #[serde(flatten)]
    rule: Rule,
    version: i64,
}

/// What people may change of their own days.
#[utoipa::path(get, path = "/plan-changes/rule", tag = "work", responses((status = 200, body = KeptRule)))]
async fn rule(State(kit): State<Kit>, caller: Caller) -> Answer<KeptRule> {
    let (rule, version) = service::kept_rule(&mut kit.db.read(&caller.scope).await?).await?;
    ok(KeptRule { rule, version })
}

/// Says what people may change of their own days. Where something needs approval and no flow is in use for it, the head of
/// the person's department decides.
#[utoipa::path(put, path = "/plan-changes/rule", tag = "work", request_body = Rule, params(("If-Match" = String, Header)),
    responses((status = 200, body = KeptRule), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn set_rule(
    State(kit): State<Kit>,
    caller: Caller,
    IfMatch(version): IfMatch,
    Json(set): Json<SetRule>,
) -> Answer<KeptRule> {
    let write = kit.db.write(&caller.scope, move |tx| Box::pin(service::set_rule(tx, set, version)));
    let rule = write.await?;
    ok(KeptRule { rule, version: version + 1 })
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ChangeQuery {
    #[param(value_type = Option<String>, format = Date)]
    day_from: Option<LocalDay>,
    #[param(value_type = Option<String>, format = Date)]
    day_to: Option<LocalDay>,
    employee_id: Option<Uuid>,
    /// reorder or skip.
    kind: Option<String>,
    /// applied, waiting, returned, rejected, withdrawn or unfit.
    status: Option<String>,
    limit: Option<i64>,
    cursor: Option<String>,
}

/// Changes people in reach made of their own days, newest day first.
#[utoipa::path(get, path = "/plan-changes", tag = "work", params(ChangeQuery), responses((status = 200, body = Page<PlanChange>)))]
async fn list(
    State(kit): State<Kit>,
    caller: Caller,
    Query(q): Query<ChangeQuery>,
) -> Answer<Page<PlanChange>> {
    let limit = PageQuery::rows(q.limit);
    let after = api::cursor_decode(&q.cursor)?;
    let filter = sql::Filter {
        day_from: q.day_from,
        day_to: q.day_to,
        employee_id: q.employee_id,
        kind: q.kind,
        status: q.status,
    };
    let rows = sql::list(&mut kit.db.read(&caller.scope).await?, &filter, after, limit + 1).await?;
    let changes = rows.iter().map(sql::ChangeRow::shown).collect::<db::Result<Vec<_>>>()?;
    ok(Page::from_rows(changes, limit, |c: &PlanChange| (c.day.as_int(), c.id)))
}
