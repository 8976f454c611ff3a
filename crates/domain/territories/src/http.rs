use std::collections::HashMap;

use api::{
    Access, Answer, Caller, Checks, Created, IfMatch, Json, Kit, Path, Query, Routes,
    axum::{self, http::StatusCode},
    created, ok, routes,
};
use axum::extract::State;
use base::{Problem, id, problem};
use customers::Served;
use db::{Permission, Result, Tx};
use geo::LngLat;
use serde::{Deserialize, Serialize};
use serde_json::json;
use territory::outline;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    IN_USE, PEOPLE, SHAPE, division, hand_over, members,
    model::{Asked, By, COLOURS, Division, DivisionLine, Territory},
    question::{self, Work},
    sql::{self, TerritoryRow, Written},
    take_over,
};

/// Routes under `/api/v1`.
pub fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::CustomerRead), routes!(list))
        .at(Access::May(Permission::CustomerWrite), routes!(create))
        .at(Access::May(Permission::CustomerWrite), routes!(change, remove))
        .at(Access::May(Permission::CustomerWrite), routes!(divide))
        .at(Access::May(Permission::CustomerWrite), routes!(history))
        .at(Access::May(Permission::CustomerWrite), routes!(one_division))
        .at(Access::May(Permission::CustomerWrite), routes!(take))
        .at(Access::May(Permission::TaskWrite), routes!(hand_over))
}

#[derive(Serialize, ToSchema)]
struct Territories {
    items: Vec<Territory>,
    /// Active customers in reach that belong to none.
    without: i64,
}

/// Territories in reach, with what they hold.
#[utoipa::path(get, path = "/territories", tag = "territories", responses((status = 200, body = Territories)))]
async fn list(State(kit): State<Kit>, caller: Caller) -> Answer<Territories> {
    let mut r = kit.db.read(&caller.scope).await?;
    let rows = sql::all(&mut r).await?;
    let served = customers::served(&mut r, None).await?;
    let works = question::work_of(&mut r, &served).await?;
    let mut by_territory: HashMap<Option<Uuid>, Vec<(&Served, Work)>> = HashMap::new();
    for (s, w) in served.iter().zip(works) {
        by_territory.entry(s.territory_id).or_default().push((s, w));
    }
    let none = vec![];
    let of = |id: Option<Uuid>| by_territory.get(&id).unwrap_or(&none);
    let items = rows.iter().map(|row| shown(row, of(Some(row.id)))).collect::<Result<_>>()?;
    ok(Territories { items, without: of(None).len() as i64 })
}

fn shown(row: &TerritoryRow, held: &[(&Served, Work)]) -> Result<Territory> {
    let places: Vec<LngLat> = held.iter().filter_map(|(s, _)| s.place.at).collect();
    Ok(Territory {
        id: row.id,
        name: row.name.clone(),
        colour: row.colour,
        responsible: row.responsible(),
        department: org::Ref { id: row.department_id, name: row.department_name.clone() },
        polygon: row.corners()?,
        outline: outline(&places),
        customers: held.len() as i64,
        elsewhere: held
            .iter()
            .filter(|(s, _)| row.employee_id.is_some() && s.place.owner_id != row.employee_id)
            .count() as i64,
        visits: (held.iter().map(|(_, w)| w.visits).sum::<i64>() + 500) / 1000,
        minutes: held.iter().map(|(_, w)| w.minutes).sum(),
        version: row.version,
    })
}

async fn territory(tx: &mut Tx, id: Uuid) -> Result<Territory> {
    let row = sql::one(tx, id).await?;
    let mut served = customers::served(tx, None).await?;
    served.retain(|s| s.territory_id == Some(id));
    let works = question::work_of(tx, &served).await?;
    shown(&row, &served.iter().zip(works).collect::<Vec<_>>())
}

/// A territory to be made, or as it is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewTerritory {
    id: Option<Uuid>,
    #[schema(max_length = 40)]
    name: String,
    /// Absent: the colour used least.
    #[schema(minimum = 0, maximum = 11)]
    colour: Option<i64>,
    responsible_id: Option<Uuid>,
    /// Absent: that of who is responsible, else the caller's.
    department_id: Option<Uuid>,
    /// Corners; whoever of the department stands inside belongs to it.
    #[schema(value_type = Option<Vec<Vec<f64>>>)]
    polygon: Option<Vec<LngLat>>,
    /// Without corners: exactly these; absent, those it has.
    customer_ids: Option<Vec<Uuid>>,
}

impl NewTerritory {
    fn check(&self) -> Result<()> {
        Checks::new()
            .text("name", &self.name, 40)
            .that("colour", self.colour.is_none_or(|c| (0..COLOURS).contains(&c)))
            .that(
                "customer_ids",
                self.customer_ids
                    .as_ref()
                    .is_none_or(|c| c.len() <= question::MOST && self.polygon.is_none()),
            )
            .done()?;
        let Some(corners) = &self.polygon else { return Ok(()) };
        members::check(corners)
            .map_err(|reason| Problem::new(SHAPE).with("reason", reason).field("polygon", problem::BAD_VALUE))
    }

    async fn written(&self, tx: &mut Tx, id: Uuid, colour: i64) -> Result<Written> {
        let responsible = match self.responsible_id {
            Some(id) => {
                let person = org::person(tx, id).await.ok().filter(|p| p.status == "active");
                Some(person.ok_or_else(|| {
                    Problem::new(problem::INVALID)
                        .with("reason", "responsible_id")
                        .field("responsible_id", PEOPLE)
                })?)
            }
            None => None,
        };
        let department = match self.department_id.or(responsible.as_ref().map(|p| p.department_id)) {
            Some(department) => department,
            None => org::person(tx, tx.scope_actor()).await?.department_id,
        };
        if !org::department_in_reach(tx, department).await? {
            return Err(Problem::new(problem::NOT_FOUND));
        }
        Ok(Written {
            id,
            name: self.name.trim().to_owned(),
            colour: self.colour.unwrap_or(colour),
            employee: self.responsible_id,
            department,
            shape: self.polygon.as_ref().map(serde_json::to_string).transpose().map_err(Problem::internal)?,
        })
    }

    async fn hold(&self, tx: &mut Tx, w: &Written) -> Result<()> {
        match (&self.polygon, &self.customer_ids) {
            (Some(corners), _) => members::draw(tx, w.id, w.department, corners).await,
            (None, Some(named)) => members::name(tx, w.id, named).await,
            (None, None) => Ok(()),
        }
    }
}

/// Makes a territory.
#[utoipa::path(post, path = "/territories", tag = "territories", request_body = NewTerritory, responses((status = 201, body = Territory), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn create(State(kit): State<Kit>, caller: Caller, Json(new): Json<NewTerritory>) -> Created<Territory> {
    new.check()?;
    let made = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let used: Vec<i64> = sql::all(tx).await?.iter().map(|t| t.colour).collect();
                let id = new.id.unwrap_or_else(id::new_v7);
                let written = new.written(tx, id, take_over::free_colour(&used)).await?;
                if !sql::insert(tx, &written).await? {
                    let known = sql::one(tx, id).await.map_err(|_| Problem::new(problem::CONFLICT))?;
                    let same = known.name == written.name && known.shape == written.shape;
                    return if same { territory(tx, id).await } else { Err(Problem::new(problem::CONFLICT)) };
                }
                new.hold(tx, &written).await?;
                let changes = json!({ "name": written.name, "responsible": written.employee });
                tx.audit("territory.create", "territory", id, changes).await?;
                territory(tx, id).await
            })
        })
        .await?;
    created(made)
}

/// Changes a territory. Its customers' owners stay; see the divisions for handing over.
#[utoipa::path(patch, path = "/territories/{id}", tag = "territories", request_body = NewTerritory, params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 200, body = Territory), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn change(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(new): Json<NewTerritory>,
) -> Answer<Territory> {
    new.check()?;
    let changed = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let before = sql::one(tx, id).await?;
                let written = new.written(tx, id, before.colour).await?;
                if !sql::update(tx, &written, version).await? {
                    return Err(Problem::new(problem::VERSION));
                }
                new.hold(tx, &written).await?;
                let changes = json!({
                    "name": [before.name, written.name], "responsible": [before.employee_id, written.employee],
                    "drawn": [before.shape.is_some(), written.shape.is_some()],
                });
                tx.audit("territory.change", "territory", id, changes).await?;
                territory(tx, id).await
            })
        })
        .await?;
    ok(changed)
}

/// Ends a territory. Its customers stay with their owners and belong to none.
#[utoipa::path(delete, path = "/territories/{id}", tag = "territories", params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 204), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument)))]
async fn remove(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
) -> std::result::Result<StatusCode, api::Failure> {
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let before = sql::one(tx, id).await?;
                if let Some(rule) = work::rule_naming(tx, id).await? {
                    return Err(Problem::new(IN_USE).with("rule", rule));
                }
                if !sql::delete(tx, id, version).await? {
                    return Err(Problem::new(problem::VERSION));
                }
                let customers = customers::empty_territory(tx, id).await?;
                let changes = json!({ "name": before.name, "customers": customers });
                tx.audit("territory.delete", "territory", id, changes).await
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn check(asked: &Asked) -> Result<()> {
    let mut people: Vec<Uuid> = asked.people.iter().map(|t| t.employee_id).collect();
    people.sort_unstable();
    people.dedup();
    let once = people.len() == asked.people.len() && people.len() <= question::MOST_PEOPLE;
    let mut checks = Checks::new();
    checks
        .that("keep", (0..=100).contains(&asked.keep))
        .that("people", asked.people.iter().all(|t| t.hours.is_none_or(|h| (1..=400).contains(&h))))
        .that("customer_ids", asked.customer_ids.as_ref().is_none_or(|c| c.len() <= question::MOST));
    if asked.by == By::Work && (people.is_empty() || !once) {
        checks.fault("people", PEOPLE);
    }
    checks.done()
}

/// Proposes who is to have which customers. Nothing changes until it is taken over; the same person's older
/// proposals that were not are dropped.
#[utoipa::path(post, path = "/territory-divisions", tag = "territories", request_body = Asked, responses((status = 201, body = Division), (status = 404, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn divide(State(kit): State<Kit>, caller: Caller, Json(asked): Json<Asked>) -> Created<Division> {
    check(&asked)?;
    let mut r = kit.db.read(&caller.scope).await?;
    let department = match asked.department_id {
        Some(department) => department,
        None => org::person(&mut r, caller.scope.actor()).await?.department_id,
    };
    if asked.department_id.is_some() && !org::department_in_reach(&mut r, department).await? {
        return Err(Problem::new(problem::NOT_FOUND).into());
    }
    drop(r);
    let outcome = question::answer(&kit, &caller.scope, &asked).await?;
    let now = kit.now();
    let made = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let id = id::new_v7();
                let summary = sql::Summary::of(&asked, &outcome);
                let text = |v: serde_json::Result<String>| v.map_err(Problem::internal);
                let (asked, outcome) =
                    (text(serde_json::to_string(&asked))?, text(serde_json::to_string(&outcome))?);
                sql::insert_division(tx, id, department, &asked, &outcome, &summary).await?;
                let row = sql::division(tx, id).await?;
                let today = now.local_day(&org::zone(tx).await?);
                division::shown(tx, row, today).await
            })
        })
        .await?;
    created(made)
}

#[derive(Serialize, ToSchema)]
struct DivisionLines {
    items: Vec<DivisionLine>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct HistoryQuery {
    /// 1 to 100; 20 without it.
    limit: Option<i64>,
}

/// What was taken over, newest first.
#[utoipa::path(get, path = "/territory-divisions", tag = "territories", params(HistoryQuery), responses((status = 200, body = DivisionLines)))]
async fn history(
    State(kit): State<Kit>,
    caller: Caller,
    Query(query): Query<HistoryQuery>,
) -> Answer<DivisionLines> {
    let limit = query.limit.unwrap_or(20).clamp(1, 100);
    ok(DivisionLines { items: sql::taken(&mut kit.db.read(&caller.scope).await?, limit).await? })
}

/// A proposal, or what was taken over.
#[utoipa::path(get, path = "/territory-divisions/{id}", tag = "territories", params(("id" = Uuid, Path)), responses((status = 200, body = Division), (status = 404, body = api::ProblemDocument)))]
async fn one_division(State(kit): State<Kit>, caller: Caller, Path(id): Path<Uuid>) -> Answer<Division> {
    let mut r = kit.db.read(&caller.scope).await?;
    let row = sql::division(&mut r, id).await?;
    let today = kit.now().local_day(&org::zone(&mut r).await?);
    ok(division::shown(&mut r, row, today).await?)
}

/// Why a proposal is taken over.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TakeOver {
    #[schema(max_length = 200)]
    reason: String,
}

/// Makes a proposal true: all owners change at once, or none when somebody changed one of the customers meanwhile.
#[utoipa::path(post, path = "/territory-divisions/{id}/take-over", tag = "territories", request_body = TakeOver, params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 200, body = Division), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn take(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(body): Json<TakeOver>,
) -> Answer<Division> {
    Checks::new().text("reason", &body.reason, 200).done()?;
    ok(take_over::take_over(&kit, &caller.scope, id, version, body.reason.trim().to_owned()).await?)
}

/// A planned visit as it was seen.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HandedVisit {
    task_id: Uuid,
    /// Of the task.
    version: i64,
}

/// Planned visits that follow their customers.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HandOver {
    /// Those of `planned` of the division that do not stay.
    #[schema(min_items = 1, max_items = 200)]
    tasks: Vec<HandedVisit>,
}

/// Gives visits that were planned before a take-over to who has their customers now: all of them on their days, each
/// where it costs the least way, or none when a visit or a plan was changed meanwhile. Everybody whose day changes is told.
#[utoipa::path(post, path = "/territory-divisions/{id}/hand-over", tag = "territories", request_body = HandOver, params(("id" = Uuid, Path)), responses((status = 200, body = Division), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn hand_over(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(body): Json<HandOver>,
) -> Answer<Division> {
    let tasks: Vec<(Uuid, i64)> = body.tasks.iter().map(|t| (t.task_id, t.version)).collect();
    ok(hand_over::hand_over(&kit, &caller.scope, id, &tasks).await?)
}
