use api::{
    Access, Answer, Caller, Checks, Created, Failure, IfMatch, Json, Kit, Path, Routes,
    axum::{
        self,
        extract::State,
        http::{HeaderMap, HeaderValue, StatusCode, header},
        response::{IntoResponse, Response},
    },
    created, ok, routes,
};
use base::{LocalDay, Micros, Problem, id, problem};
use db::{Permission, Result, Tx};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    feed,
    generate::{Generated, generate},
    missed::{self, Missed},
    outlook::{Outlook, outlook},
    question::Weeks,
    rolling,
    rule::{FrequencyRule, Terms},
    sql,
};
use crate::{Task, templates};

/// Weeks planned at once.
const MOST_WEEKS: i64 = 8;
const MOST_RULES: usize = 50;

pub(crate) fn routes(kit: &Kit, rolling: &rolling::Rolling) -> Routes {
    Routes::new(kit)
        .merge(rolling::routes(kit, rolling))
        .at(Access::May(Permission::TaskRead), routes!(rules))
        .at(Access::May(Permission::CompanyWrite), routes!(add))
        .at(Access::May(Permission::CompanyWrite), routes!(change, remove))
        .at(Access::May(Permission::TaskWrite), routes!(preview))
        .at(Access::May(Permission::TaskWrite), routes!(run))
        .at(Access::May(Permission::TaskRead), routes!(list_missed))
        .at(Access::May(Permission::TaskWrite), routes!(plan_again))
        .at(Access::May(Permission::FieldWork), routes!(my_calendar, open_calendar, close_calendar))
        .at(Access::Public, routes!(calendar))
}

#[derive(Serialize, ToSchema)]
struct FrequencyRules {
    items: Vec<FrequencyRule>,
}

/// A rule to be made, or as it is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewFrequencyRule {
    id: Option<Uuid>,
    #[schema(max_length = 60)]
    name: String,
    /// Among the rules; absent: after all others.
    #[schema(minimum = 0, maximum = 1000)]
    place: Option<i64>,
    terms: Terms,
    template_id: Option<Uuid>,
    active: Option<bool>,
}

impl NewFrequencyRule {
    fn tidy(&mut self) {
        self.terms.skills = org::tidy_skills(&self.terms.skills);
    }

    fn check(&self) -> Result<()> {
        let mut checks = Checks::new();
        checks.text("name", &self.name, 60).that("place", self.place.is_none_or(|p| (0..=1000).contains(&p)));
        for field in self.terms.faults() {
            checks.fault(&format!("terms.{field}"), problem::BAD_VALUE);
        }
        checks.done()
    }
}

async fn today(tx: &mut Tx) -> Result<LocalDay> {
    let now = tx.now();
    Ok(now.local_day(&org::zone(tx).await?))
}

/// May a rule name these? What it named `before` it may go on naming, whether or not that is in reach or still there.
async fn usable(tx: &mut Tx, template: Option<Uuid>, terms: &Terms, before: Option<&Terms>) -> Result<()> {
    let named = before.and_then(|b| b.anybody_of);
    if let Some(department) = terms.anybody_of.filter(|d| named != Some(*d))
        && !org::department_in_reach(tx, department).await?
    {
        return Err(Problem::new(problem::INVALID)
            .with("reason", "anybody_of")
            .field("terms.anybody_of", db::REFERENCE));
    }
    // Conditions a rule had go on holding, also when their field was withdrawn since.
    if before.is_none_or(|b| b.fields != terms.fields) {
        let fields = custom::Fields::in_force(tx, custom::Noun::Customer).await?;
        custom::filter::check("terms.fields", &terms.fields, fields.spec())?;
    }
    // A grade a rule had stays in it, also when the company has taken it off its list since.
    let had = |g: &str| before.is_some_and(|b| b.grades.iter().any(|h| h == g));
    let grades = customers::grades(tx).await?;
    if terms.grades.iter().any(|g| !grades.has(g) && !had(g)) {
        return Err(Problem::new(problem::INVALID)
            .with("reason", "grades")
            .field("terms.grades", problem::BAD_VALUE));
    }
    for territory in &terms.territories {
        if !customers::territory_exists(tx, *territory).await? {
            return Err(Problem::new(problem::INVALID)
                .with("reason", "territories")
                .field("terms.territories", db::REFERENCE));
        }
    }
    match template {
        Some(template) => templates::for_use(tx, template).await.map(drop),
        None => Ok(()),
    }
}

/// All rules, in the order in which a customer's is looked for.
#[utoipa::path(get, path = "/frequency/rules", tag = "frequency", responses((status = 200, body = FrequencyRules)))]
async fn rules(State(kit): State<Kit>, caller: Caller) -> Answer<FrequencyRules> {
    ok(FrequencyRules { items: sql::rules(&mut kit.db.read(&caller.scope).await?).await? })
}

/// Adds a rule. It holds from today on. With the first of a company the weeks ahead begin to be planned by themselves.
#[utoipa::path(post, path = "/frequency/rules", tag = "frequency", request_body = NewFrequencyRule,
    responses((status = 201, body = FrequencyRule), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn add(
    State(kit): State<Kit>,
    caller: Caller,
    Json(mut new): Json<NewFrequencyRule>,
) -> Created<FrequencyRule> {
    new.check()?;
    new.tidy();
    let made = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                usable(tx, new.template_id, &new.terms, None).await?;
                let all = sql::rules(tx).await?;
                Checks::new().that("name", all.len() < MOST_RULES).done()?;
                let rule = FrequencyRule {
                    id: new.id.unwrap_or_else(id::new_v7),
                    name: new.name.trim().to_owned(),
                    place: new.place.unwrap_or_else(|| all.last().map_or(0, |r| r.place + 1)),
                    terms: new.terms,
                    template_id: new.template_id,
                    active: new.active.unwrap_or(true),
                    since: today(tx).await?,
                    version: 1,
                };
                if !sql::insert(tx, &rule).await? {
                    return Err(Problem::new(problem::CONFLICT));
                }
                if all.is_empty() {
                    rolling::begin(tx).await?;
                }
                tx.audit(
                    "frequency.rule.create",
                    "frequency_rule",
                    rule.id,
                    json!({ "name": rule.name, "terms": rule.terms }),
                )
                .await?;
                Ok(rule)
            })
        })
        .await?;
    created(made)
}

/// Replaces a rule. With other terms, apart from who may go, it holds anew from today on.
#[utoipa::path(put, path = "/frequency/rules/{id}", tag = "frequency", request_body = NewFrequencyRule, params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = FrequencyRule), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn change(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(mut new): Json<NewFrequencyRule>,
) -> Answer<FrequencyRule> {
    new.check()?;
    new.tidy();
    let changed = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let before = sql::rule(tx, id).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
                let template = new.template_id.filter(|t| before.template_id != Some(*t));
                usable(tx, template, &new.terms, Some(&before.terms)).await?;
                let rule = FrequencyRule {
                    id,
                    name: new.name.trim().to_owned(),
                    place: new.place.unwrap_or(before.place),
                    since: if new.terms.same_visits(&before.terms) {
                        before.since
                    } else {
                        today(tx).await?
                    },
                    terms: new.terms,
                    template_id: new.template_id,
                    active: new.active.unwrap_or(before.active),
                    version: version + 1,
                };
                if !sql::update(tx, &rule, version).await? {
                    return Err(Problem::new(problem::VERSION));
                }
                let changes = json!({ "name": rule.name, "terms": rule.terms, "active": rule.active });
                tx.audit("frequency.rule.change", "frequency_rule", id, changes).await?;
                Ok(rule)
            })
        })
        .await?;
    ok(changed)
}

/// Removes a rule. What was planned by it stays.
#[utoipa::path(delete, path = "/frequency/rules/{id}", tag = "frequency", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 404, body = api::ProblemDocument)))]
async fn remove(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> std::result::Result<StatusCode, Failure> {
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let rule = sql::rule(tx, id).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
                sql::delete(tx, id).await?;
                tx.audit("frequency.rule.delete", "frequency_rule", id, json!({ "name": rule.name })).await
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Weeks to be planned.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WeeksAhead {
    /// The first day; today or later.
    #[schema(value_type = String, format = Date)]
    from: LocalDay,
    #[schema(minimum = 1, maximum = 8)]
    weeks: i64,
    /// Only customers of this department and those below it.
    department_id: Option<Uuid>,
}

impl WeeksAhead {
    async fn checked(self, kit: &Kit, caller: &Caller) -> Result<Weeks> {
        let today = kit.now().local_day(&org::zone(&mut kit.db.read(&caller.scope).await?).await?);
        Checks::new()
            .that("weeks", (1..=MOST_WEEKS).contains(&self.weeks))
            .that("from", self.from >= today && self.from <= today.plus_days(366))
            .done()?;
        Ok(Weeks::asked(self.from, self.weeks, self.department_id))
    }
}

/// The weeks as the rules would have them, without storing anything.
#[utoipa::path(post, path = "/frequency/preview", tag = "frequency", request_body = WeeksAhead,
    responses((status = 200, body = Outlook), (status = 422, body = api::ProblemDocument)))]
async fn preview(State(kit): State<Kit>, caller: Caller, Json(ask): Json<WeeksAhead>) -> Answer<Outlook> {
    let weeks = ask.checked(&kit, &caller).await?;
    ok(outlook(&kit, &caller.scope, weeks).await?.0)
}

/// Plans the weeks: adds what the rules ask for and is not planned yet. Asked again it adds nothing more.
#[utoipa::path(post, path = "/frequency/generate", tag = "frequency", request_body = WeeksAhead,
    responses((status = 200, body = Generated), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn run(State(kit): State<Kit>, caller: Caller, Json(ask): Json<WeeksAhead>) -> Answer<Generated> {
    let weeks = ask.checked(&kit, &caller).await?;
    ok(generate(&kit, &caller.scope, weeks).await?)
}

#[derive(Serialize, ToSchema)]
struct MissedVisits {
    items: Vec<Missed>,
}

/// Visits of the last four weeks that were skipped or forgotten, with nothing planned or done there since.
#[utoipa::path(get, path = "/frequency/missed", tag = "frequency", responses((status = 200, body = MissedVisits)))]
async fn list_missed(State(kit): State<Kit>, caller: Caller) -> Answer<MissedVisits> {
    ok(MissedVisits { items: missed::missed(&kit, &caller.scope).await? })
}

/// When a missed visit is to be made up for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MakeUp {
    #[schema(value_type = String, format = Date)]
    day: LocalDay,
}

/// Plans a missed visit anew.
#[utoipa::path(post, path = "/frequency/missed/{id}/again", tag = "frequency", request_body = MakeUp, params(("id" = Uuid, Path)),
    responses((status = 200, body = Task), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn plan_again(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(ask): Json<MakeUp>,
) -> Answer<Task> {
    let today = kit.now().local_day(&org::zone(&mut kit.db.read(&caller.scope).await?).await?);
    Checks::new().that("day", ask.day >= today && ask.day <= today.plus_days(366)).done()?;
    ok(missed::again(&kit, &caller, id, ask.day).await?)
}

/// Whether my calendar is open.
#[derive(Serialize, ToSchema)]
struct CalendarFeed {
    open: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    since: Option<Micros>,
}

#[utoipa::path(get, path = "/me/calendar", tag = "me", responses((status = 200, body = CalendarFeed)))]
async fn my_calendar(State(kit): State<Kit>, caller: Caller) -> Answer<CalendarFeed> {
    let since = feed::since(&kit, &caller.scope).await?;
    ok(CalendarFeed { open: since.is_some(), since })
}

/// The address of my calendar, told once.
#[derive(Serialize, ToSchema)]
struct CalendarAddress {
    url: String,
}

/// Opens my calendar under a new secret address; an older one ends.
#[utoipa::path(post, path = "/me/calendar", tag = "me", responses((status = 201, body = CalendarAddress)))]
async fn open_calendar(
    State(kit): State<Kit>,
    caller: Caller,
    headers: HeaderMap,
) -> Created<CalendarAddress> {
    let secret = feed::open(&kit, &caller.scope).await?;
    created(CalendarAddress { url: format!("{}/api/v1/calendar-feeds/{secret}", kit.public_url(&headers)) })
}

/// Closes my calendar: its address answers like an unknown one.
#[utoipa::path(delete, path = "/me/calendar", tag = "me", responses((status = 204)))]
async fn close_calendar(State(kit): State<Kit>, caller: Caller) -> std::result::Result<StatusCode, Failure> {
    feed::close(&kit, &caller.scope).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The days of whom this secret belongs to, as iCalendar (RFC 5545).
#[utoipa::path(get, path = "/calendar-feeds/{id}", tag = "frequency", params(("id" = String, Path, description = "The secret")),
    responses((status = 200, description = "The calendar", content_type = "text/calendar"), (status = 404, body = api::ProblemDocument)))]
async fn calendar(
    State(kit): State<Kit>,
    Path(secret): Path<String>,
) -> std::result::Result<Response, Failure> {
    let text = feed::calendar(&kit, secret.trim_end_matches(".ics")).await?;
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    Ok(response)
}
