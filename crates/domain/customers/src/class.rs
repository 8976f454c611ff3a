//! Classes of customers: how wide the fence, how long the shortest stay that counts, what a check-in from outside asks for.

use api::{
    Access, Answer, Caller, Checks, Created, IfMatch, Json, Kit, Path, Routes, axum, created, ok, routes,
};
use axum::extract::State;
use base::{Problem, id, problem};
use db::{BoxFuture, Permission, Query, Result, Tx, args, sql};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::OutsideRule;

/// A class.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CustomerClass {
    pub id: Uuid,
    pub name: String,
    /// Fence radius in metres.
    pub radius_m: i64,
    /// Shortest stay of an effective visit, seconds.
    pub min_stay_s: i64,
    /// Checking in from outside the fence; null: as the company says.
    pub outside: Option<OutsideRule>,
    pub is_default: bool,
    pub version: i64,
}

db::row! { struct ClassRow { id: Uuid, name: String, radius_m: i64, min_stay_s: i64, outside: Option<String>, is_default: bool, version: i64 } }

/// A new company's classes.
const DEFAULTS: [(&str, i64, i64, bool); 3] =
    [("门店", 150, 300, true), ("卖场", 300, 600, false), ("经销商", 250, 600, false)];

inventory::submit! { org::CompanyHook(defaults) }

fn defaults(tx: &mut Tx) -> BoxFuture<'_, Result<()>> {
    Box::pin(async move {
        for (name, radius_m, min_stay_s, default) in DEFAULTS {
            insert(tx, &NewClass { name: name.into(), radius_m, min_stay_s, outside: None }, default).await?;
        }
        Ok(())
    })
}

async fn insert(tx: &mut Tx, new: &NewClass, default: bool) -> Result<Uuid> {
    let id = id::new_v7();
    tx.exec(
        sql!(
            "INSERT INTO customer_class (tenant_id, id, name, radius_m, min_stay_s, is_default, version, outside) VALUES ($1, $3, $4, $5, $6, $7, 1, $8)"
        ),
        args![
            id,
            new.name.trim(),
            new.radius_m,
            new.min_stay_s,
            default,
            new.outside.flatten().map(OutsideRule::key)
        ],
    )
    .await?;
    Ok(id)
}

pub(crate) async fn classes(q: &mut impl Query) -> Result<Vec<CustomerClass>> {
    let rows: Vec<ClassRow> = q
        .all(
            sql!(
                "SELECT id, name, radius_m, min_stay_s, outside, is_default, version FROM customer_class WHERE tenant_id = $1 ORDER BY is_default DESC, id"
            ),
            vec![],
        )
        .await?;
    let class = |r: ClassRow| CustomerClass {
        id: r.id,
        name: r.name,
        radius_m: r.radius_m,
        min_stay_s: r.min_stay_s,
        outside: r.outside.as_deref().map(OutsideRule::from_key),
        is_default: r.is_default,
        version: r.version,
    };
    Ok(rows.into_iter().map(class).collect())
}

/// Is this a class of the company?
///
/// # Errors
/// When the store cannot be read.
pub async fn class_exists(q: &mut impl Query, id: Uuid) -> Result<bool> {
    Ok(classes(q).await?.iter().any(|c| c.id == id))
}

/// The class new customers get when none is named.
pub(crate) async fn default_class(q: &mut impl Query) -> Result<Uuid> {
    let first = classes(q).await?.into_iter().next();
    first.map(|c| c.id).ok_or_else(|| Problem::internal("a company without customer classes"))
}

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::CustomerRead), routes!(list))
        .at(Access::May(Permission::OrgWrite), routes!(create))
        .at(Access::May(Permission::OrgWrite), routes!(change))
}

#[derive(Serialize, ToSchema)]
struct CustomerClasses {
    items: Vec<CustomerClass>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewClass {
    #[schema(max_length = 40)]
    name: String,
    #[schema(minimum = 20, maximum = 5000)]
    radius_m: i64,
    #[schema(minimum = 0, maximum = 28800)]
    min_stay_s: i64,
    /// Checking in from outside the fence; null: as the company says. Absent leaves it as it is.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<OutsideRule>)]
    outside: Option<Option<OutsideRule>>,
}

/// Tells null from absent.
fn said<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<Option<Option<OutsideRule>>, D::Error> {
    Option::<OutsideRule>::deserialize(from).map(Some)
}

fn check(new: &NewClass) -> Result<()> {
    Checks::new()
        .text("name", &new.name, 40)
        .that("radius_m", (20..=5000).contains(&new.radius_m))
        .that("min_stay_s", (0..=28_800).contains(&new.min_stay_s))
        .done()
}

async fn class(q: &mut impl Query, id: Uuid) -> Result<CustomerClass> {
    classes(q).await?.into_iter().find(|c| c.id == id).ok_or_else(|| Problem::new(problem::NOT_FOUND))
}

#[utoipa::path(get, path = "/customer-classes", tag = "customers", responses((status = 200, body = CustomerClasses)))]
async fn list(State(kit): State<Kit>, caller: Caller) -> Answer<CustomerClasses> {
    ok(CustomerClasses { items: classes(&mut kit.db.read(&caller.scope).await?).await? })
}

#[utoipa::path(post, path = "/customer-classes", tag = "customers", request_body = NewClass, responses((status = 201, body = CustomerClass), (status = 422, body = api::ProblemDocument)))]
async fn create(State(kit): State<Kit>, caller: Caller, Json(new): Json<NewClass>) -> Created<CustomerClass> {
    check(&new)?;
    let made = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let id = insert(tx, &new, false).await?;
                tx.audit(
                    "customer_class.create",
                    "customer_class",
                    id,
                    json!({ "name": new.name, "radius_m": new.radius_m }),
                )
                .await?;
                class(tx, id).await
            })
        })
        .await?;
    created(made)
}

#[utoipa::path(patch, path = "/customer-classes/{id}", tag = "customers", request_body = NewClass, params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 200, body = CustomerClass), (status = 409, body = api::ProblemDocument)))]
async fn change(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(new): Json<NewClass>,
) -> Answer<CustomerClass> {
    check(&new)?;
    let changed = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let before = class(tx, id).await?;
                let outside = new.outside.unwrap_or(before.outside);
                let rows = tx
                    .exec(
                        sql!(
                            "UPDATE customer_class SET name = $4, radius_m = $5, min_stay_s = $6, outside = $8, version = version + 1 \
                             WHERE tenant_id = $1 AND id = $3 AND version = $7"
                        ),
                        args![
                            id,
                            new.name.trim(),
                            new.radius_m,
                            new.min_stay_s,
                            version,
                            outside.map(OutsideRule::key)
                        ],
                    )
                    .await?;
                if rows == 0 {
                    return Err(Problem::new(problem::VERSION));
                }
                let changes = json!({
                    "radius_m": [before.radius_m, new.radius_m],
                    "min_stay_s": [before.min_stay_s, new.min_stay_s],
                    "outside": [before.outside, outside],
                });
                tx.audit("customer_class.change", "customer_class", id, changes).await?;
                class(tx, id).await
            })
        })
        .await?;
    ok(changed)
}
