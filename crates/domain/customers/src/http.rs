use api::{
    Access, Answer, Caller, Checks, Created, IfMatch, Json, Kit, Page, PageQuery, Path, Query, Routes, axum,
    created, ok, routes,
};
use axum::extract::State;
use base::{LocalDay, Problem, id, problem};
use custom::{Fields, Noun};
use db::{Permission, Result, Tx};
use geo::{Bd09, Gcj02, LngLat};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value, json};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    Customer, OpeningHours, Whom, area, class,
    contact::{self, NewContact},
    export, grades,
    order::sort_key,
    owner::{self, Cause},
    problem as problem360, sql,
    sql::{Filter, Sort, Written},
};

pub fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::CustomerRead), routes!(list))
        .at(Access::May(Permission::CustomerWrite), routes!(create))
        .at(Access::May(Permission::CustomerRead), routes!(points))
        .at(Access::May(Permission::CustomerRead), routes!(export::sheet))
        .at(Access::May(Permission::CustomerRead), routes!(export::text))
        .at(Access::May(Permission::CustomerRead), routes!(read))
        .at(Access::May(Permission::CustomerWrite), routes!(change))
        .merge(class::routes(kit))
        .merge(grades::routes(kit))
        .merge(contact::routes(kit))
        .merge(owner::routes(kit))
        .merge(problem360::routes(kit))
}

#[derive(Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct CustomerFilter {
    /// Name, pinyin, initials, code or address; four digits or more also find the telephone numbers of contacts.
    q: Option<String>,
    /// One of the company's grades; several separated by commas.
    grade: Option<String>,
    tag: Option<String>,
    class_id: Option<Uuid>,
    owner_id: Option<Uuid>,
    department_id: Option<Uuid>,
    territory_id: Option<Uuid>,
    /// Archived ones only when asked for.
    status: Option<String>,
    /// west,south,east,north in degrees.
    bbox: Option<String>,
    /// Conditions on the company's own fields, at most 4, as a JSON list: `[{"field":"shelf_metres","from":3}]`; also
    /// `one_of`, `contains`, `to` and `empty`.
    custom: Option<String>,
    /// name, -name, last_visit or -last_visit.
    sort: Option<String>,
    limit: Option<i64>,
    cursor: Option<String>,
    count: Option<bool>,
}

impl CustomerFilter {
    pub(crate) fn filter(&self, fields: &Fields) -> Result<Filter> {
        let bad = || Problem::new(problem::INVALID).with("reason", "bbox").field("bbox", problem::BAD_VALUE);
        let bbox = match &self.bbox {
            None => None,
            Some(text) => {
                let v: Vec<f64> =
                    text.split(',').map(|p| p.trim().parse().map_err(|_| bad())).collect::<Result<_>>()?;
                let [w, s, e, n] = <[f64; 4]>::try_from(v).map_err(|_| bad())?;
                let (sw, ne) =
                    (LngLat::new(w, s).map_err(|_| bad())?.e7(), LngLat::new(e, n).map_err(|_| bad())?.e7());
                Some([sw.0, sw.1, ne.0, ne.1])
            }
        };
        Ok(Filter {
            q: self.q.clone().filter(|q| !q.trim().is_empty()),
            grade: self.grade.clone(),
            tag: self.tag.clone(),
            class_id: self.class_id,
            owner_id: self.owner_id,
            department_id: self.department_id,
            territory_id: self.territory_id,
            status: self.status.clone(),
            bbox,
            custom: fields.conditions(self.custom.as_deref())?,
        })
    }
}

#[utoipa::path(get, path = "/customers", tag = "customers", params(CustomerFilter), responses((status = 200, body = Page<Customer>)))]
async fn list(
    State(kit): State<Kit>,
    caller: Caller,
    Query(f): Query<CustomerFilter>,
) -> Answer<Page<Customer>> {
    let limit = PageQuery::rows(f.limit);
    let sort = match f.sort.as_deref() {
        None | Some("name") => Sort::Name,
        Some("-name") => Sort::NameDown,
        Some("last_visit") => Sort::LastVisit,
        Some("-last_visit") => Sort::LastVisitDown,
        Some(_) => {
            return Err(Problem::new(problem::INVALID)
                .with("reason", "sort")
                .field("sort", problem::BAD_VALUE)
                .into());
        }
    };
    let after = api::cursor_decode(&f.cursor)?;
    let mut reader = kit.db.read(&caller.scope).await?;
    let filter = f.filter(&Fields::in_force(&mut reader, Noun::Customer).await?)?;
    let items = sql::list(&mut reader, &filter, sort, after, limit).await?;
    let mut page = Page::from_rows(items, limit, |c: &Customer| {
        (sort_key(&c.name), c.last_visit_day.map_or(0, LocalDay::as_int), c.id)
    });
    if f.count == Some(true) {
        page.total = Some(sql::count(&mut reader, &filter).await?);
    }
    ok(page)
}

/// A customer as a point on the map.
#[derive(Serialize, ToSchema)]
struct CustomerPoint {
    id: Uuid,
    name: String,
    grade: Option<String>,
    #[schema(value_type = Vec<f64>, min_items = 2, max_items = 2)]
    at: LngLat,
    owner_id: Option<Uuid>,
    territory_id: Option<Uuid>,
    #[schema(value_type = Option<String>, format = Date)]
    last_visit_day: Option<LocalDay>,
    status: String,
}

#[derive(Serialize, ToSchema)]
struct CustomerPoints {
    items: Vec<CustomerPoint>,
    /// There are more than fit; narrow the filter or the map.
    truncated: bool,
}

const MOST_POINTS: usize = 20_000;

#[utoipa::path(get, path = "/customers/points", tag = "customers", params(CustomerFilter), responses((status = 200, body = CustomerPoints)))]
async fn points(
    State(kit): State<Kit>,
    caller: Caller,
    Query(f): Query<CustomerFilter>,
) -> Answer<CustomerPoints> {
    let mut reader = kit.db.read(&caller.scope).await?;
    let filter = f.filter(&Fields::in_force(&mut reader, Noun::Customer).await?)?;
    let mut rows = sql::points(&mut reader, &filter, MOST_POINTS as i64).await?;
    drop(reader);
    let truncated = rows.len() > MOST_POINTS;
    rows.truncate(MOST_POINTS);
    let point = |r: sql::PointRow| {
        Some(CustomerPoint {
            id: r.id,
            name: r.name,
            grade: r.grade,
            at: LngLat::from_e7(r.lng, r.lat).ok()?,
            owner_id: r.employee_id,
            territory_id: r.territory_id,
            last_visit_day: r.last_visit_day,
            status: r.status,
        })
    };
    ok(CustomerPoints { items: rows.into_iter().filter_map(point).collect(), truncated })
}

/// A customer to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewCustomer {
    id: Option<Uuid>,
    #[schema(max_length = 80)]
    name: String,
    #[schema(max_length = 40)]
    code: Option<String>,
    grade: Option<String>,
    class_id: Option<Uuid>,
    #[serde(default)]
    tags: Vec<String>,
    #[schema(max_length = 200)]
    address: Option<String>,
    /// `[lng, lat]` in `datum`.
    at: Option<[f64; 2]>,
    /// wgs84 (default), gcj02 or bd09.
    datum: Option<String>,
    owner_id: Option<Uuid>,
    department_id: Option<Uuid>,
    status: Option<String>,
    #[schema(max_length = 1000)]
    note: Option<String>,
    radius_m: Option<i64>,
    contact: Option<NewContact>,
    /// Absent: always.
    hours: Option<OpeningHours>,
    /// Who is to visit him besides his owner, and who never.
    whom: Option<Whom>,
    /// Answers to the company's own fields (`/custom-fields`), by key.
    #[serde(default)]
    #[schema(value_type = Object)]
    custom: Map<String, Value>,
}

/// A point in a stated datum as WGS-84.
pub(crate) fn to_wgs84([lng, lat]: [f64; 2], datum: Option<&str>) -> Option<LngLat> {
    match datum.unwrap_or("wgs84") {
        "wgs84" => LngLat::new(lng, lat).ok(),
        "gcj02" => Gcj02 { lng, lat }.to_wgs84().ok(),
        "bd09" => Bd09 { lng, lat }.to_wgs84().ok(),
        _ => None,
    }
}

fn check_common(
    checks: &mut Checks,
    name: Option<&str>,
    code: Option<&str>,
    tags: &[String],
    status: Option<&str>,
    radius: Option<i64>,
) {
    if let Some(name) = name {
        checks.text("name", name, 80);
    }
    checks
        .at_most("code", code, 40)
        .that("tags", tags.len() <= 20 && tags.iter().all(|t| (1..=20).contains(&t.chars().count())))
        .that("status", status.is_none_or(|s| matches!(s, "active" | "prospect" | "archived")))
        .that("radius_m", radius.is_none_or(|r| (20..=5000).contains(&r)));
}

/// Hours in order; a fault where they cannot be.
fn tidied(checks: &mut Checks, hours: Option<&OpeningHours>) -> Option<OpeningHours> {
    let tidy = hours.cloned().map(OpeningHours::tidy)?;
    if tidy.is_none() {
        checks.fault("hours", crate::HOURS);
    }
    tidy
}

/// The company's day, for formulas of its own fields.
pub(crate) async fn today(tx: &mut Tx) -> Result<String> {
    Ok(tx.now().local_day(&org::zone(tx).await?).to_string())
}

/// Owner and department of a customer: the owner must be in reach; his department is the default.
async fn ownership(
    tx: &mut Tx,
    owner: Option<Uuid>,
    department: Option<Uuid>,
) -> Result<(Option<Uuid>, Uuid)> {
    let owner_person = match owner {
        Some(id) => {
            let person = org::person(tx, id).await.ok().filter(|p| p.status == "active");
            Some(person.ok_or_else(|| {
                Problem::new(problem::INVALID).with("reason", "owner_id").field("owner_id", crate::OWNER)
            })?)
        }
        None => None,
    };
    let actor = tx.scope_actor();
    let department = match department.or(owner_person.as_ref().map(|p| p.department_id)) {
        Some(id) => id,
        None => org::by_ids(tx, &[actor])
            .await?
            .first()
            .map(|p| p.department_id)
            .ok_or_else(|| Problem::new(problem::NOT_FOUND))?,
    };
    let reachable = !org::people_of_department(tx, Some(department)).await?.is_empty()
        || org::department_in_reach(tx, department).await?;
    if !reachable {
        return Err(Problem::new(problem::INVALID)
            .with("reason", "department_id")
            .field("department_id", db::REFERENCE));
    }
    Ok((owner, department))
}

#[utoipa::path(post, path = "/customers", tag = "customers", request_body = NewCustomer, responses((status = 201, body = Customer), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn create(State(kit): State<Kit>, caller: Caller, Json(new): Json<NewCustomer>) -> Created<Customer> {
    let at = new.at.map(|at| to_wgs84(at, new.datum.as_deref()));
    let mut checks = Checks::new();
    check_common(
        &mut checks,
        Some(&new.name),
        new.code.as_deref(),
        &new.tags,
        new.status.as_deref(),
        new.radius_m,
    );
    checks
        .at_most("address", new.address.as_deref(), 200)
        .at_most("note", new.note.as_deref(), 1000)
        .that("at", at.is_none_or(|p| p.is_some()));
    if let Some(contact) = &new.contact {
        contact.check(&mut checks);
    }
    let hours = tidied(&mut checks, new.hours.as_ref());
    checks.done()?;
    let made = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                grades::check(tx, new.grade.as_deref(), None).await?;
                let (owner_id, department_id) = ownership(tx, new.owner_id, new.department_id).await?;
                let class_id = match new.class_id {
                    Some(id) => id,
                    None => class::default_class(tx).await?,
                };
                let whom = new.whom.unwrap_or_default();
                whom.check(owner_id)?;
                whom.check_people(tx, &Whom::default()).await?;
                let id = new.id.unwrap_or_else(id::new_v7);
                let territory_id = area::drawn_at(tx, department_id, at.flatten()).await?;
                let fields = Fields::in_force(tx, Noun::Customer).await?;
                let kept = fields.accept(&Map::new(), &new.custom, &today(tx).await?, true)?;
                let written = Written {
                    id,
                    code: new.code.filter(|c| !c.trim().is_empty()),
                    name: new.name.trim().to_owned(),
                    grade: new.grade,
                    class_id,
                    tags: new.tags,
                    address: new.address,
                    at: at.flatten(),
                    radius_m: new.radius_m,
                    owner_id,
                    department_id,
                    territory_id,
                    status: new.status.unwrap_or_else(|| "active".into()),
                    note: new.note,
                    hours: hours.unwrap_or_default(),
                    whom,
                    custom: kept,
                };
                let now = tx.now();
                if sql::insert(tx, &written, now).await? == 0 {
                    let known = sql::customer(tx, id).await?;
                    let same = known.name == written.name
                        && known.code == written.code
                        && known.at.map(LngLat::e7) == written.at.map(LngLat::e7);
                    return if same { Ok(known) } else { Err(Problem::new(problem::CONFLICT)) };
                }
                owner::begin(tx, id, owner_id, department_id, Cause::Created).await?;
                if let Some(contact) = &new.contact {
                    contact::insert(tx, id, &NewContact { primary: true, ..contact.clone() }).await?;
                }
                tx.audit("customer.create", "customer", id, json!({ "name": written.name })).await?;
                sql::customer(tx, id).await
            })
        })
        .await?;
    created(made)
}

#[utoipa::path(get, path = "/customers/{id}", tag = "customers", params(("id" = Uuid, Path)), responses((status = 200, body = Customer), (status = 404, body = api::ProblemDocument)))]
async fn read(State(kit): State<Kit>, caller: Caller, Path(id): Path<Uuid>) -> Answer<Customer> {
    ok(sql::customer(&mut kit.db.read(&caller.scope).await?, id).await?)
}

/// Tells null from absent.
fn said<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    from: D,
) -> std::result::Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// Absent fields stay as they are.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CustomerPatch {
    name: Option<String>,
    code: Option<String>,
    /// null: of no grade.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    grade: Option<Option<String>>,
    class_id: Option<Uuid>,
    tags: Option<Vec<String>>,
    address: Option<String>,
    at: Option<[f64; 2]>,
    datum: Option<String>,
    /// null: nobody's; the department stays.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<Uuid>)]
    owner_id: Option<Option<Uuid>>,
    department_id: Option<Uuid>,
    status: Option<String>,
    note: Option<String>,
    radius_m: Option<i64>,
    /// All of them from now on.
    hours: Option<OpeningHours>,
    /// All of it from now on.
    whom: Option<Whom>,
    /// Answers to the company's own fields, by key; what is absent stays, null takes an answer out.
    #[serde(default)]
    #[schema(value_type = Object)]
    custom: Map<String, Value>,
}

#[utoipa::path(patch, path = "/customers/{id}", tag = "customers", request_body = CustomerPatch, params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 200, body = Customer), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument)))]
async fn change(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(patch): Json<CustomerPatch>,
) -> Answer<Customer> {
    let at = patch.at.map(|at| to_wgs84(at, patch.datum.as_deref()));
    let mut checks = Checks::new();
    check_common(
        &mut checks,
        patch.name.as_deref(),
        patch.code.as_deref(),
        patch.tags.as_deref().unwrap_or(&[]),
        patch.status.as_deref(),
        patch.radius_m,
    );
    checks
        .at_most("address", patch.address.as_deref(), 200)
        .at_most("note", patch.note.as_deref(), 1000)
        .that("at", at.is_none_or(|p| p.is_some()));
    let hours = tidied(&mut checks, patch.hours.as_ref());
    checks.done()?;
    let changed = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let before = sql::customer(tx, id).await?;
                let grade = patch.grade.as_ref().and_then(Option::as_deref);
                grades::check(tx, grade, before.grade.as_deref()).await?;
                let owner = patch.owner_id.unwrap_or_else(|| before.owner.as_ref().map(|o| o.id));
                // A new owner brings the customer into his department unless another is named.
                let department = patch
                    .department_id
                    .or_else(|| patch.owner_id.flatten().is_none().then_some(before.department.id));
                let (owner_id, department_id) = if patch.owner_id.is_some() || patch.department_id.is_some() {
                    ownership(tx, owner, department).await?
                } else {
                    (owner, before.department.id)
                };
                let stood = before.whom.ids();
                let whom = patch.whom.unwrap_or_else(|| stood.clone());
                if whom != stood || before.owner.as_ref().map(|o| o.id) != owner_id {
                    whom.check(owner_id)?;
                    whom.check_people(tx, &stood).await?;
                }
                let own_radius = sql::own_radius(tx, id).await?;
                let fields = Fields::in_force(tx, Noun::Customer).await?;
                let kept = fields.accept(&before.custom, &patch.custom, &today(tx).await?, false)?;
                let place = at.flatten().or(before.at);
                let standing = before.territory.as_ref().map(|t| t.id);
                let stays = place == before.at && department_id == before.department.id;
                let territory_id = if stays {
                    standing
                } else {
                    area::after_move(tx, standing, department_id, place).await?
                };
                let written = Written {
                    id,
                    code: patch.code.or_else(|| before.code.clone()),
                    name: patch.name.map_or_else(|| before.name.clone(), |n| n.trim().to_owned()),
                    grade: patch.grade.unwrap_or_else(|| before.grade.clone()),
                    class_id: patch.class_id.unwrap_or(before.class.id),
                    tags: patch.tags.unwrap_or_else(|| before.tags.clone()),
                    address: patch.address.or_else(|| before.address.clone()),
                    at: place,
                    radius_m: patch.radius_m.or(own_radius),
                    owner_id,
                    department_id,
                    territory_id,
                    status: patch.status.unwrap_or_else(|| before.status.clone()),
                    note: patch.note.or_else(|| before.note.clone()),
                    hours: hours.unwrap_or_else(|| before.hours.clone()),
                    whom,
                    custom: kept,
                };
                if sql::update(tx, &written, version).await? == 0 {
                    return Err(Problem::new(problem::VERSION));
                }
                owner::note(tx, &before, owner_id, department_id, Cause::Edited).await?;
                let after = sql::customer(tx, id).await?;
                tx.audit("customer.change", "customer", id, json!({ "before": before, "after": after }))
                    .await?;
                Ok(after)
            })
        })
        .await?;
    ok(changed)
}
