use api::{
    Access, Answer, Caller, Checks, Created, IfMatch, Json, Kit, Page, PageQuery, Path, Query, Routes, axum,
    created, ok, routes,
};
use axum::{Extension, extract::State};
use base::{LocalDay, Problem, id, problem};
use db::{Permission, Result, Tx};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tracking::Looked;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    Fences, SHAPE, TOO_MANY,
    model::{Drawn, EventKind, Fence, FenceEvent, Tell},
    patrol, rules,
    sql::{self, Written},
};

/// Routes under `/api/v1`.
pub fn routes(kit: &Kit, fences: &Fences) -> Routes {
    let fences = fences.clone();
    Routes::new(kit)
        .at(Access::May(Permission::CustomerRead), routes!(list))
        .at(Access::May(Permission::CustomerWrite), routes!(create))
        .at(Access::May(Permission::CustomerWrite), routes!(change))
        .at(Access::May(Permission::CustomerRead), routes!(expectation))
        .at(Access::May(Permission::CustomerRead), routes!(class_rules))
        .at(Access::May(Permission::OrgWrite), routes!(put_class_rule))
        .at(Access::May(Permission::TrackRead), routes!(events))
        .merge(patrol::routes(kit))
        .map(|router| router.layer(Extension(fences)))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct FenceFilter {
    customer_id: Option<Uuid>,
    limit: Option<i64>,
    cursor: Option<String>,
}

/// Drawn fences in reach, newest first. Customers without one are watched by the circle of their radius.
#[utoipa::path(get, path = "/fences", tag = "fences", params(FenceFilter), responses((status = 200, body = Page<Fence>)))]
async fn list(State(kit): State<Kit>, caller: Caller, Query(f): Query<FenceFilter>) -> Answer<Page<Fence>> {
    let limit = PageQuery::rows(f.limit);
    let after = api::cursor_decode(&f.cursor)?;
    let mut reader = kit.db.read(&caller.scope).await?;
    let items = sql::list(&mut reader, f.customer_id, after, limit + 1).await?;
    ok(Page::from_rows(items, limit, |f: &Fence| f.id))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewFence {
    id: Option<Uuid>,
    #[schema(max_length = 60)]
    name: String,
    /// Replaces the circle of this customer.
    customer_id: Option<Uuid>,
    /// Whose fence it is; without it that of the customer, or of the caller.
    department_id: Option<Uuid>,
    shape: Drawn,
    /// Seconds inside that make a dwell; 0 is never.
    #[schema(minimum = 0, maximum = 86400)]
    dwell_s: i64,
    #[serde(default)]
    tell: Tell,
    #[serde(default = "yes")]
    active: bool,
}

fn yes() -> bool {
    true
}

/// Checks what was sent and finds to whom it belongs.
async fn written(tx: &mut Tx, id: Uuid, new: &NewFence) -> Result<Written> {
    Checks::new().text("name", &new.name, 60).that("dwell_s", (0..=86_400).contains(&new.dwell_s)).done()?;
    rules::check(&new.shape)
        .map_err(|reason| Problem::new(SHAPE).with("reason", reason).field("shape", problem::BAD_VALUE))?;
    let customer = match new.customer_id {
        Some(id) => Some(customers::place(tx, id).await?),
        None => None,
    };
    let own = match (new.department_id, &customer) {
        (Some(department), _) => department,
        (None, Some(customer)) => customer.department_id,
        (None, None) => org::person(tx, tx.scope_actor()).await?.department_id,
    };
    if !org::department_in_reach(tx, own).await? {
        return Err(Problem::new(problem::NOT_FOUND));
    }
    Ok(Written {
        id,
        name: new.name.trim().to_owned(),
        customer: customer.as_ref().map(|c| c.id),
        owner: customer.as_ref().and_then(|c| c.owner_id),
        department: own,
        shape: serde_json::to_string(&new.shape).map_err(Problem::internal)?,
        dwell_s: new.dwell_s,
        tell: serde_json::to_string(&new.tell).map_err(Problem::internal)?,
        active: new.active,
    })
}

/// Draws a fence.
#[utoipa::path(post, path = "/fences", tag = "fences", request_body = NewFence, responses((status = 201, body = Fence), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn create(State(kit): State<Kit>, caller: Caller, Json(new): Json<NewFence>) -> Created<Fence> {
    let made = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                if sql::count(tx).await? >= 10_000 {
                    return Err(Problem::new(TOO_MANY));
                }
                let fence = written(tx, new.id.unwrap_or_else(id::new_v7), &new).await?;
                if sql::insert(tx, &fence).await? == 0 {
                    return Err(Problem::new(problem::CONFLICT));
                }
                let changes = json!({ "name": fence.name, "customer": fence.customer });
                tx.audit("fence.create", "fence", fence.id, changes).await?;
                sql::one(tx, fence.id).await
            })
        })
        .await?;
    created(made)
}

/// Changes a fence; `active: false` ends its watching.
#[utoipa::path(patch, path = "/fences/{id}", tag = "fences", request_body = NewFence, params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 200, body = Fence), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn change(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(new): Json<NewFence>,
) -> Answer<Fence> {
    let changed = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let before = sql::one(tx, id).await?;
                let fence = written(tx, id, &new).await?;
                if sql::update(tx, &fence, version).await? == 0 {
                    return Err(Problem::new(problem::VERSION));
                }
                let changes = json!({ "name": [before.name, fence.name], "active": [before.active, fence.active], "shape": before.shape != new.shape });
                tx.audit("fence.change", "fence", id, changes).await?;
                sql::one(tx, id).await
            })
        })
        .await?;
    ok(changed)
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ExpectationQuery {
    /// Metres, 20 to 5000.
    radius_m: f64,
}

/// What to expect of a radius at one accuracy; shares of 1.
#[derive(Serialize, ToSchema)]
#[schema(as = FenceExpectation)]
struct Expected {
    /// 68 % radius of the position's error, metres.
    accuracy_m: f64,
    /// Of people outside, up to twice the radius away: who is taken to be inside.
    false_alarm: f64,
    /// Of people inside: who is not recognised by one position.
    missed: f64,
}

#[derive(Serialize, ToSchema)]
#[schema(as = FenceExpectations)]
struct Expectations {
    radius_m: f64,
    items: Vec<Expected>,
}

/// How often a radius will be wrong, by the accuracy of the position.
#[utoipa::path(get, path = "/fences/expectation", tag = "fences", params(ExpectationQuery), responses((status = 200, body = Expectations), (status = 422, body = api::ProblemDocument)))]
async fn expectation(_: Caller, Query(q): Query<ExpectationQuery>) -> Answer<Expectations> {
    Checks::new().that("radius_m", (20.0..=5000.0).contains(&q.radius_m)).done()?;
    let item = |accuracy_m| {
        let e = fence::expect(q.radius_m, accuracy_m);
        Expected { accuracy_m, false_alarm: e.false_alarm, missed: e.missed }
    };
    ok(Expectations { radius_m: q.radius_m, items: [5.0, 10.0, 20.0, 35.0, 60.0, 100.0].map(item).into() })
}

/// Who is told of what at the customers of a class.
#[derive(Serialize, ToSchema)]
struct FenceClassRule {
    class_id: Uuid,
    tell: Tell,
}

#[derive(Serialize, ToSchema)]
struct FenceClassRules {
    items: Vec<FenceClassRule>,
}

#[utoipa::path(get, path = "/fence-classes", tag = "fences", responses((status = 200, body = FenceClassRules)))]
async fn class_rules(State(kit): State<Kit>, caller: Caller) -> Answer<FenceClassRules> {
    let classes = sql::classes(&mut kit.db.read(&caller.scope).await?).await?;
    let mut items: Vec<FenceClassRule> =
        classes.into_iter().map(|(class_id, tell)| FenceClassRule { class_id, tell }).collect();
    items.sort_by_key(|i| i.class_id);
    ok(FenceClassRules { items })
}

/// Says who is told of what at the customers of a class.
#[utoipa::path(put, path = "/fence-classes/{id}", tag = "fences", request_body = Tell, params(("id" = Uuid, Path)), responses((status = 200, body = FenceClassRule), (status = 404, body = api::ProblemDocument)))]
async fn put_class_rule(
    State(kit): State<Kit>,
    caller: Caller,
    Path(class): Path<Uuid>,
    Json(tell): Json<Tell>,
) -> Answer<FenceClassRule> {
    let rule = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                if !customers::class_exists(tx, class).await? {
                    return Err(Problem::new(problem::NOT_FOUND));
                }
                let text = serde_json::to_string(&tell).map_err(Problem::internal)?;
                sql::put_class(tx, class, &text).await?;
                tx.audit("fence_class.change", "fence_class", class, json!({ "tell": tell })).await?;
                Ok(FenceClassRule { class_id: class, tell })
            })
        })
        .await?;
    ok(rule)
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct EventFilter {
    #[param(value_type = Option<String>, format = Date)]
    day: Option<LocalDay>,
    employee_id: Option<Uuid>,
    customer_id: Option<Uuid>,
    fence_id: Option<Uuid>,
    kind: Option<EventKind>,
    limit: Option<i64>,
    cursor: Option<String>,
}

/// What happened at fences, newest first. Reading is written into the ledger of each person shown.
#[utoipa::path(get, path = "/fence-events", tag = "fences", params(EventFilter), responses((status = 200, body = Page<FenceEvent>)))]
async fn events(
    State(kit): State<Kit>,
    Extension(fences): Extension<Fences>,
    caller: Caller,
    Query(f): Query<EventFilter>,
) -> Answer<Page<FenceEvent>> {
    let limit = PageQuery::rows(f.limit);
    let before = api::cursor_decode(&f.cursor)?;
    let filter = sql::Filter {
        day: f.day,
        employee: f.employee_id,
        customer: f.customer_id,
        fence: f.fence_id,
        kind: f.kind,
    };
    let items = sql::events(&mut kit.db.read(&caller.scope).await?, &filter, before, limit + 1).await?;
    let page = Page::from_rows(items, limit, |e: &FenceEvent| (e.at.0, e.id));
    fences.look(&caller.scope, page.items.iter().map(|e| (e.day, e.employee.id)).collect()).await?;
    ok(page)
}

impl Fences {
    /// Writes into the ledgers of those whose coming and going is about to be shown.
    pub(crate) async fn look(&self, reader: &db::Scope, shown: Vec<(LocalDay, Uuid)>) -> Result<()> {
        let mut days: std::collections::BTreeMap<LocalDay, Vec<Uuid>> = std::collections::BTreeMap::new();
        for (day, person) in shown {
            let people = days.entry(day).or_default();
            if !people.contains(&person) {
                people.push(person);
            }
        }
        for (day, people) in days {
            self.0.tracking.look(reader, Looked::Fence, people, day).await?;
        }
        Ok(())
    }
}
