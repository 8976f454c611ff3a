use api::{
    Access, Answer, Caller, Checks, Created, IfMatch, Json, Kit, Path, Routes,
    axum::{self, extract::State},
    created, ok, routes,
};
use base::{LocalDay, Problem, id, problem};
use db::{Permission, Query, Result, Tx};
use geo::LngLat;
use org::Ref;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{LeaveType, LeaveUnit, Outside, PunchPlace, PunchRule, Within, sql};

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::OrgRead), routes!(places))
        .at(Access::May(Permission::OrgWrite), routes!(create_place))
        .at(Access::May(Permission::OrgWrite), routes!(change_place))
        .at(Access::May(Permission::OrgRead), routes!(rules))
        .at(Access::May(Permission::OrgWrite), routes!(put_rule))
        .at(Access::May(Permission::OrgWrite), routes!(delete_rule))
        .at(Access::SignedIn, routes!(leave_types))
        .at(Access::May(Permission::OrgWrite), routes!(create_type))
        .at(Access::May(Permission::OrgWrite), routes!(change_type))
}

/// A department named by a caller, as it is shown.
async fn department(q: &mut impl Query, id: Option<Uuid>) -> Result<Option<Ref>> {
    match id {
        None => Ok(None),
        Some(id) if org::department_in_reach(q, id).await? => Ok(Some(Ref { id, name: String::new() })),
        Some(_) => Err(Problem::new(problem::INVALID)
            .with("reason", "department_id")
            .field("department_id", problem::BAD_VALUE)),
    }
}

fn with_id<T>(mut all: Vec<T>, id: Uuid, of: impl Fn(&T) -> Uuid) -> Result<T> {
    let at = all.iter().position(|one| of(one) == id).ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    Ok(all.swap_remove(at))
}

#[derive(Serialize, ToSchema)]
struct PunchPlaces {
    items: Vec<PunchPlace>,
}

/// A place to be made, or as it is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPunchPlace {
    id: Option<Uuid>,
    #[schema(max_length = 40)]
    name: String,
    #[schema(value_type = Vec<f64>, min_items = 2, max_items = 2)]
    at: LngLat,
    #[schema(minimum = 20, maximum = 5000)]
    radius_m: i64,
    department_id: Option<Uuid>,
    retired: Option<bool>,
}

impl NewPunchPlace {
    async fn place(self, q: &mut impl Query, id: Uuid, version: i64) -> Result<PunchPlace> {
        Ok(PunchPlace {
            id,
            name: self.name.trim().to_owned(),
            at: self.at,
            radius_m: self.radius_m,
            department: department(q, self.department_id).await?,
            retired: self.retired.unwrap_or(false),
            version,
        })
    }

    fn check(&self) -> Result<()> {
        let mut checks = Checks::new();
        checks.text("name", &self.name, 40).that("radius_m", (20..=5000).contains(&self.radius_m));
        checks.done()
    }
}

/// Where punches are expected, besides customers.
#[utoipa::path(get, path = "/punch-places", tag = "attendance", responses((status = 200, body = PunchPlaces)))]
async fn places(State(kit): State<Kit>, caller: Caller) -> Answer<PunchPlaces> {
    ok(PunchPlaces { items: sql::places(&mut kit.db.read(&caller.scope).await?).await? })
}

async fn place(q: &mut impl Query, id: Uuid) -> Result<PunchPlace> {
    with_id(sql::places(q).await?, id, |p| p.id)
}

/// Makes a place. The same id with the same content answers as before.
#[utoipa::path(post, path = "/punch-places", tag = "attendance", request_body = NewPunchPlace, responses((status = 201, body = PunchPlace), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn create_place(
    State(kit): State<Kit>,
    caller: Caller,
    Json(new): Json<NewPunchPlace>,
) -> Created<PunchPlace> {
    new.check()?;
    let made = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let id = new.id.unwrap_or_else(id::new_v7);
                let wanted = PunchPlace { retired: false, ..new.place(tx, id, 1).await? };
                if sql::insert_place(tx, &wanted).await? {
                    tx.audit("punch_place.create", "punch_place", id, json!({ "after": wanted })).await?;
                    return place(tx, id).await;
                }
                let known = place(tx, id).await?;
                let same = (&known.name, known.at.e7(), known.radius_m)
                    == (&wanted.name, wanted.at.e7(), wanted.radius_m);
                if same { Ok(known) } else { Err(Problem::new(problem::CONFLICT)) }
            })
        })
        .await?;
    created(made)
}

/// Changes or retires a place. Punches keep what was said of them.
#[utoipa::path(patch, path = "/punch-places/{id}", tag = "attendance", request_body = NewPunchPlace, params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 200, body = PunchPlace), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn change_place(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(new): Json<NewPunchPlace>,
) -> Answer<PunchPlace> {
    new.check()?;
    let changed = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let before = place(tx, id).await?;
                let after = new.place(tx, id, version).await?;
                if !sql::update_place(tx, &after).await? {
                    return Err(Problem::new(problem::VERSION));
                }
                let said = json!({ "before": before, "after": after });
                tx.audit("punch_place.change", "punch_place", id, said).await?;
                place(tx, id).await
            })
        })
        .await?;
    ok(changed)
}

#[derive(Serialize, ToSchema)]
struct PunchRules {
    items: Vec<PunchRule>,
}

/// A rule as it is to be: of the company, or of a department.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPunchRule {
    department_id: Option<Uuid>,
    within: Within,
    outside: Outside,
    visit_counts: bool,
    #[serde(default)]
    photo: bool,
    #[schema(minimum = 0, maximum = 180)]
    window_minutes: i64,
    /// From this day on people have to punch; left out: nobody has to.
    #[schema(value_type = Option<String>, format = Date)]
    must_from: Option<LocalDay>,
}

/// How punches are judged: the company's rule first. Where there is none, punches are taken anywhere.
#[utoipa::path(get, path = "/punch-rules", tag = "attendance", responses((status = 200, body = PunchRules)))]
async fn rules(State(kit): State<Kit>, caller: Caller) -> Answer<PunchRules> {
    ok(PunchRules { items: sql::rules(&mut kit.db.read(&caller.scope).await?).await? })
}

/// Sets the rule of the company or of a department, for punches from now on.
#[utoipa::path(put, path = "/punch-rules", tag = "attendance", request_body = NewPunchRule, responses((status = 200, body = PunchRules), (status = 422, body = api::ProblemDocument)))]
async fn put_rule(
    State(kit): State<Kit>,
    caller: Caller,
    Json(new): Json<NewPunchRule>,
) -> Answer<PunchRules> {
    Checks::new().that("window_minutes", (0..=180).contains(&new.window_minutes)).done()?;
    let items = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                // One rule a department, whoever sets it first.
                let of = new.department_id.unwrap_or_else(Uuid::nil);
                let id = id::derived(tx.scope().tenant(), &format!("punch_rule/{of}"));
                let rule = PunchRule {
                    id,
                    department: department(tx, new.department_id).await?,
                    within: new.within,
                    outside: new.outside,
                    visit_counts: new.visit_counts,
                    photo: new.photo,
                    window_minutes: new.window_minutes,
                    must_from: new.must_from,
                    version: 1,
                };
                sql::put_rule(tx, &rule).await?;
                tx.audit("punch_rule.set", "punch_rule", id, json!({ "after": rule })).await?;
                sql::rules(tx).await
            })
        })
        .await?;
    ok(PunchRules { items })
}

/// Takes a rule away: the one above it holds again.
#[utoipa::path(delete, path = "/punch-rules/{id}", tag = "attendance", params(("id" = Uuid, Path)), responses((status = 200, body = PunchRules), (status = 404, body = api::ProblemDocument)))]
async fn delete_rule(State(kit): State<Kit>, caller: Caller, Path(id): Path<Uuid>) -> Answer<PunchRules> {
    let items = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                if !sql::delete_rule(tx, id).await? {
                    return Err(Problem::new(problem::NOT_FOUND));
                }
                tx.audit("punch_rule.delete", "punch_rule", id, json!({})).await?;
                sql::rules(tx).await
            })
        })
        .await?;
    ok(PunchRules { items })
}

#[derive(Serialize, ToSchema)]
struct LeaveTypes {
    items: Vec<LeaveType>,
}

/// A kind of leave to be made, or as it is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewLeaveType {
    id: Option<Uuid>,
    #[schema(max_length = 20)]
    name: String,
    #[schema(max_length = 40)]
    name_en: String,
    balanced: bool,
    paid: bool,
    unit: LeaveUnit,
    retired: Option<bool>,
}

impl NewLeaveType {
    fn check(&self) -> Result<()> {
        Checks::new().text("name", &self.name, 20).text("name_en", &self.name_en, 40).done()
    }

    fn kind(self, id: Uuid, version: i64) -> LeaveType {
        LeaveType {
            id,
            name: self.name.trim().to_owned(),
            name_en: self.name_en.trim().to_owned(),
            balanced: self.balanced,
            paid: self.paid,
            unit: self.unit,
            retired: self.retired.unwrap_or(false),
            version,
        }
    }
}

/// Kinds of leave, retired ones last.
#[utoipa::path(get, path = "/leave-types", tag = "attendance", responses((status = 200, body = LeaveTypes)))]
async fn leave_types(State(kit): State<Kit>, caller: Caller) -> Answer<LeaveTypes> {
    ok(LeaveTypes { items: sql::leave_types(&mut kit.db.read(&caller.scope).await?).await? })
}

async fn leave_type(tx: &mut Tx, id: Uuid) -> Result<LeaveType> {
    with_id(sql::leave_types(tx).await?, id, |t| t.id)
}

/// Makes a kind of leave. The same id with the same content answers as before.
#[utoipa::path(post, path = "/leave-types", tag = "attendance", request_body = NewLeaveType, responses((status = 201, body = LeaveType), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn create_type(
    State(kit): State<Kit>,
    caller: Caller,
    Json(new): Json<NewLeaveType>,
) -> Created<LeaveType> {
    new.check()?;
    let made = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let id = new.id.unwrap_or_else(id::new_v7);
                let wanted = LeaveType { retired: false, ..new.kind(id, 1) };
                if sql::insert_type(tx, &wanted).await? {
                    tx.audit("leave_type.create", "leave_type", id, json!({ "after": wanted })).await?;
                    return leave_type(tx, id).await;
                }
                let known = leave_type(tx, id).await?;
                if known == wanted { Ok(known) } else { Err(Problem::new(problem::CONFLICT)) }
            })
        })
        .await?;
    created(made)
}

/// Changes or retires a kind of leave, for requests from now on.
#[utoipa::path(patch, path = "/leave-types/{id}", tag = "attendance", request_body = NewLeaveType, params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 200, body = LeaveType), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn change_type(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(new): Json<NewLeaveType>,
) -> Answer<LeaveType> {
    new.check()?;
    let changed = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let before = leave_type(tx, id).await?;
                let after = new.kind(id, version);
                if !sql::update_type(tx, &after).await? {
                    return Err(Problem::new(problem::VERSION));
                }
                let said = json!({ "before": before, "after": after });
                tx.audit("leave_type.change", "leave_type", id, said).await?;
                leave_type(tx, id).await
            })
        })
        .await?;
    ok(changed)
}
