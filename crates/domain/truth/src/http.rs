//! The truth centre and the person's own side of it.

use api::{
    Access, Answer, Caller, IfMatch, Json, Kit, Page, PageQuery, Path, Query, Routes, axum, ok, routes,
};
use axum::{Extension, extract::State};
use base::{LocalDay, Problem, problem};
use db::Permission;
use devices::DeviceKey;
use serde::{Deserialize, Serialize};
use tracking::{Looked, Tracking};
use trust::Code;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    CompanyRules, Event, Finding, TruthCard,
    card::{self, shown},
    centre, examine, rules, sql,
};

/// Routes under `/api/v1`.
pub fn routes(kit: &Kit, tracking: &Tracking) -> Routes {
    let tracking = tracking.clone();
    Routes::new(kit)
        .at(Access::May(Permission::VisitRead), routes!(list))
        .at(Access::May(Permission::VisitRead), routes!(one))
        .at(Access::May(Permission::VisitRead), routes!(visit_card))
        .at(Access::May(Permission::VisitRead), routes!(statistics))
        .at(Access::May(Permission::TaskWrite), routes!(decide))
        .at(Access::May(Permission::TaskWrite), routes!(second))
        .at(Access::May(Permission::TaskWrite), routes!(decide_phone))
        .at(Access::May(Permission::VisitRead), routes!(read_rules))
        .at(Access::May(Permission::CompanyWrite), routes!(write_rules))
        .at(Access::SignedIn, routes!(mine))
        .at(Access::SignedIn, routes!(my_card))
        .at(Access::SignedIn, routes!(answer))
        .map(|r| r.layer(Extension(tracking)))
}

/// What is decided about a phone.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DeviceDecision {
    /// true: what it records is this person's; false: it is not.
    accept: bool,
    #[serde(default)]
    #[schema(max_length = 500)]
    reason: String,
}

/// Accepts or refuses a phone. The person is told. Accepting clears what was held against visits it recorded while it waited.
#[utoipa::path(post, operation_id = "decide", path = "/device-keys/{id}/decision", tag = "devices", params(("id" = Uuid, Path)), request_body = DeviceDecision, responses((status = 200, body = DeviceKey), (status = 403, body = api::ProblemDocument), (status = 404, body = api::ProblemDocument)))]
async fn decide_phone(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(input): Json<DeviceDecision>,
) -> Answer<DeviceKey> {
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                if devices::decide(tx, id, input.accept, &input.reason).await? && input.accept {
                    centre::phone_accepted(tx, id, &input.reason).await?;
                }
                Ok(())
            })
        })
        .await?;
    ok(devices::key(&mut kit.db.read(&caller.scope).await?, id).await?)
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct FindingQuery {
    /// open, answered, second, upheld, cleared; pending: the first three.
    status: Option<String>,
    code: Option<String>,
    employee_id: Option<Uuid>,
    department_id: Option<Uuid>,
    visit_id: Option<Uuid>,
    #[param(value_type = Option<String>, format = Date)]
    day_from: Option<LocalDay>,
    #[param(value_type = Option<String>, format = Date)]
    day_to: Option<LocalDay>,
    /// Only findings that weigh at least so much alone, 0 to 1.
    min_weight: Option<f64>,
    limit: Option<i64>,
    cursor: Option<String>,
}

/// Findings, newest first.
#[utoipa::path(get, path = "/truth/findings", tag = "truth", params(FindingQuery), responses((status = 200, body = Page<Finding>)))]
async fn list(
    State(kit): State<Kit>,
    caller: Caller,
    Query(q): Query<FindingQuery>,
) -> Answer<Page<Finding>> {
    let limit = PageQuery::rows(q.limit);
    let before = api::cursor_decode(&q.cursor)?;
    let filter = sql::Filter {
        status: q.status,
        code: q.code,
        employee_id: q.employee_id,
        department_id: q.department_id,
        visit_id: q.visit_id,
        day_from: q.day_from,
        day_to: q.day_to,
        min_weight: q.min_weight.map(|w| (w.clamp(0.0, 1.0) * 1000.0).round() as i64),
    };
    let mut reader = kit.db.read(&caller.scope).await?;
    let fallen = examine::fallen_rules(&mut reader).await?;
    let rows = sql::list(&mut reader, &filter, before, limit + 1).await?;
    let items = rows.into_iter().map(|r| shown(r, &fallen, caller.lang)).collect();
    ok(Page::from_rows(items, limit, |f: &Finding| (f.found_at.0, f.id)))
}

/// A finding with everything said about it.
#[derive(Serialize, ToSchema)]
struct FindingDetail {
    finding: Finding,
    events: Vec<Event>,
}

async fn detail(
    kit: &Kit,
    scope: &db::Scope,
    lang: base::problem::Lang,
    id: Uuid,
) -> db::Result<FindingDetail> {
    let mut reader = kit.db.read(scope).await?;
    let row = sql::one(&mut reader, id).await?;
    let fallen = examine::fallen_rules(&mut reader).await?;
    let events = sql::events(&mut reader, id).await?.into_iter().map(card::event).collect();
    Ok(FindingDetail { finding: shown(row, &fallen, lang), events })
}

/// A finding. Opening somebody's goes to his ledger.
#[utoipa::path(get, path = "/truth/findings/{id}", tag = "truth", params(("id" = Uuid, Path)), responses((status = 200, body = FindingDetail), (status = 404, body = api::ProblemDocument)))]
async fn one(
    State(kit): State<Kit>,
    Extension(tracking): Extension<Tracking>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Answer<FindingDetail> {
    let detail = detail(&kit, &caller.scope, caller.lang, id).await?;
    let (person, day) = (detail.finding.employee.id, detail.finding.day);
    if person != caller.scope.actor() {
        tracking.look(&caller.scope, Looked::Finding, [person], day).await?;
    }
    ok(detail)
}

/// The truth card of a visit. Shows where a person was, so it goes to his ledger.
#[utoipa::path(get, path = "/truth/visits/{id}", tag = "truth", params(("id" = Uuid, Path)), responses((status = 200, body = TruthCard), (status = 404, body = api::ProblemDocument)))]
async fn visit_card(State(kit): State<Kit>, caller: Caller, Path(id): Path<Uuid>) -> Answer<TruthCard> {
    let card = card::card(&mut kit.db.read(&caller.scope).await?, id, caller.lang).await?;
    if card.visit.employee.id != caller.scope.actor() {
        kit.watch.visit_shown(&caller.scope, card.visit.employee.id, card.visit.day).await?;
    }
    ok(card)
}

/// How a rule fares in this company.
#[derive(Serialize, ToSchema)]
struct RuleRecord {
    code: String,
    title: String,
    made: i64,
    pending: i64,
    decided: i64,
    cleared: i64,
    /// Cleared too often: it can no longer make red.
    fallen_back: bool,
    /// In the published benchmark.
    false_alarm_rate: Option<f64>,
}

/// Findings of a day.
#[derive(Serialize, ToSchema)]
struct TruthDay {
    #[schema(value_type = String, format = Date)]
    day: LocalDay,
    made: i64,
    cleared: i64,
}

/// Statistics about rules, never about people.
#[derive(Serialize, ToSchema)]
struct TruthStatistics {
    rules: Vec<RuleRecord>,
    days: Vec<TruthDay>,
    rule_version: String,
}

#[utoipa::path(get, path = "/truth/statistics", tag = "truth", responses((status = 200, body = TruthStatistics)))]
async fn statistics(State(kit): State<Kit>, caller: Caller) -> Answer<TruthStatistics> {
    let mut reader = kit.db.read(&caller.scope).await?;
    let zone = org::zone(&mut reader).await?;
    let from = kit.now().local_day(&zone).plus_days(-29);
    let record = |c: sql::RuleCount| {
        let code = Code::from_key(&c.code);
        RuleRecord {
            title: code.map_or_else(|| c.code.clone(), |k| k.rule().title(caller.lang).to_owned()),
            false_alarm_rate: code.and_then(Code::false_alarm_rate),
            fallen_back: rules::fallen(c.decided, c.cleared),
            code: c.code,
            made: c.made,
            pending: c.pending,
            decided: c.decided,
            cleared: c.cleared,
        }
    };
    let records = sql::counts(&mut reader).await?.into_iter().map(record).collect();
    let days = sql::trend(&mut reader, from).await?;
    let days = days.into_iter().map(|d| TruthDay { day: d.day, made: d.made, cleared: d.cleared }).collect();
    ok(TruthStatistics { rules: records, days, rule_version: trust::VERSION.to_owned() })
}

/// A decision with its reason.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FindingDecision {
    /// upheld or cleared.
    outcome: String,
    #[schema(max_length = 1000)]
    reason: String,
    /// Upheld with consequences for pay: a second person must agree.
    #[serde(default)]
    affects_pay: bool,
}

impl From<FindingDecision> for centre::Decision {
    fn from(d: FindingDecision) -> centre::Decision {
        centre::Decision { outcome: d.outcome, reason: d.reason, affects_pay: d.affects_pay }
    }
}

#[utoipa::path(post, path = "/truth/findings/{id}/decision", tag = "truth", params(("id" = Uuid, Path)), request_body = FindingDecision, responses((status = 200, body = FindingDetail), (status = 403, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument)))]
async fn decide(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(input): Json<FindingDecision>,
) -> Answer<FindingDetail> {
    kit.db
        .write(&caller.scope, move |tx| Box::pin(async move { centre::decide(tx, id, input.into()).await }))
        .await?;
    ok(detail(&kit, &caller.scope, caller.lang, id).await?)
}

/// The second opinion on a decision that touches pay.
#[utoipa::path(post, path = "/truth/findings/{id}/second", tag = "truth", params(("id" = Uuid, Path)), request_body = FindingDecision, responses((status = 200, body = FindingDetail), (status = 403, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument)))]
async fn second(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(input): Json<FindingDecision>,
) -> Answer<FindingDetail> {
    kit.db
        .write(&caller.scope, move |tx| Box::pin(async move { centre::second(tx, id, input.into()).await }))
        .await?;
    ok(detail(&kit, &caller.scope, caller.lang, id).await?)
}

/// The company's rules with their version.
#[derive(Serialize, ToSchema)]
struct KeptRules {
    rules: CompanyRules,
    version: i64,
}

async fn kept(q: &mut impl db::Query) -> db::Result<KeptRules> {
    let version = sql::rules(q).await?.map_or(0, |r| r.version);
    Ok(KeptRules { rules: examine::company_rules(q).await?, version })
}

#[utoipa::path(get, path = "/truth/rules", tag = "truth", responses((status = 200, body = KeptRules)))]
async fn read_rules(State(kit): State<Kit>, caller: Caller) -> Answer<KeptRules> {
    ok(kept(&mut kit.db.read(&caller.scope).await?).await?)
}

#[utoipa::path(put, path = "/truth/rules", tag = "truth", request_body = CompanyRules, params(("If-Match" = String, Header)), responses((status = 200, body = KeptRules), (status = 409, body = api::ProblemDocument)))]
async fn write_rules(
    State(kit): State<Kit>,
    caller: Caller,
    IfMatch(version): IfMatch,
    Json(input): Json<CompanyRules>,
) -> Answer<KeptRules> {
    api::Checks::new()
        .that("trusted_trackers", input.trusted_trackers.len() <= 500)
        .that("shared_devices", input.shared_devices.len() <= 500)
        .that("shared_devices", input.shared_devices.iter().all(|d| d.chars().count() <= 80))
        .done()?;
    let text = serde_json::to_string(&input).map_err(Problem::internal)?;
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let now = kept(tx).await?.version;
                if now != version || !sql::put_rules(tx, &text, version).await? {
                    return Err(Problem::new(problem::VERSION));
                }
                let tenant = tx.tenant();
                tx.audit("truth.rules", "company", tenant, serde_json::json!({ "after": input })).await
            })
        })
        .await?;
    ok(kept(&mut kit.db.read(&caller.scope).await?).await?)
}

/// My own findings, newest first: the same as my manager sees.
#[utoipa::path(get, path = "/me/findings", tag = "truth", params(FindingQuery), responses((status = 200, body = Page<Finding>)))]
async fn mine(
    State(kit): State<Kit>,
    caller: Caller,
    Query(q): Query<FindingQuery>,
) -> Answer<Page<Finding>> {
    let own = Caller { scope: caller.scope.own(), ..caller };
    list(State(kit), own, Query(q)).await
}

/// The truth card of my own visit.
#[utoipa::path(get, path = "/me/visits/{id}/truth", tag = "truth", params(("id" = Uuid, Path)), responses((status = 200, body = TruthCard), (status = 404, body = api::ProblemDocument)))]
async fn my_card(State(kit): State<Kit>, caller: Caller, Path(id): Path<Uuid>) -> Answer<TruthCard> {
    ok(card::card(&mut kit.db.read(&caller.scope.own()).await?, id, caller.lang).await?)
}

/// My explanation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FindingAnswer {
    /// metro, new_phone, joint_visit, phone_lent, indoors, vpn, map_pin_wrong, no_network, drop_off or other.
    reason_code: String,
    #[serde(default)]
    #[schema(max_length = 1000)]
    text: String,
    /// Photos that support it, uploaded before.
    #[serde(default)]
    #[schema(max_items = 9)]
    photo_ids: Vec<Uuid>,
}

#[utoipa::path(post, path = "/me/findings/{id}/answer", tag = "truth", params(("id" = Uuid, Path)), request_body = FindingAnswer, responses((status = 200, body = FindingDetail), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn answer(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(input): Json<FindingAnswer>,
) -> Answer<FindingDetail> {
    let own = caller.scope.own();
    let said =
        centre::Answer { reason_code: input.reason_code, text: input.text, photo_ids: input.photo_ids };
    kit.db.write(&own, move |tx| Box::pin(async move { centre::answer(tx, id, said).await })).await?;
    ok(detail(&kit, &own, caller.lang, id).await?)
}
