//! Location policies: how often a phone of some post reports where it is, from not at all to precise.

use api::{
    Access, Answer, Caller, Checks, Created, IfMatch, Json, Kit, Path, Routes, axum, created, ok, routes,
};
use axum::extract::State;
use base::{Problem, id, problem};
use db::{Permission, Query, Result, Tx, args, sql};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

/// A policy.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LocationPolicy {
    pub id: Uuid,
    pub name: String,
    /// off, saving, balanced or precise.
    pub mode: String,
    /// Seconds between fixes while moving.
    pub interval_s: i64,
    /// Metres moved before a new fix.
    pub distance_m: i64,
    /// Seconds between signs of life while standing.
    pub heartbeat_s: i64,
    pub version: i64,
}

db::row! { struct PolicyRow { id: Uuid, name: String, mode: String, interval_s: i64, distance_m: i64, heartbeat_s: i64, version: i64 } }

impl From<PolicyRow> for LocationPolicy {
    fn from(r: PolicyRow) -> LocationPolicy {
        LocationPolicy {
            id: r.id,
            name: r.name,
            mode: r.mode,
            interval_s: r.interval_s,
            distance_m: r.distance_m,
            heartbeat_s: r.heartbeat_s,
            version: r.version,
        }
    }
}

/// A new company's four: name, mode, interval, distance, heartbeat, default.
const DEFAULTS: [(&str, &str, i64, i64, i64, bool); 4] = [
    ("内勤 · 不定位", "off", 0, 0, 0, false),
    ("辅助岗 · 省电", "saving", 60, 200, 900, false),
    ("外勤 · 均衡", "balanced", 10, 30, 300, true),
    ("核心外勤 · 精准", "precise", 2, 5, 120, false),
];

async fn insert(tx: &mut Tx, new: &NewPolicy, default: bool) -> Result<Uuid> {
    let id = id::new_v7();
    tx.exec(
        sql!(
            "INSERT INTO location_policy (tenant_id, id, name, mode, interval_s, distance_m, heartbeat_s, is_default, version) \
             VALUES ($1, $3, $4, $5, $6, $7, $8, $9, 1)"
        ),
        args![id, new.name.trim(), &new.mode, new.interval_s, new.distance_m, new.heartbeat_s, default],
    )
    .await?;
    Ok(id)
}

pub(crate) async fn insert_defaults(tx: &mut Tx) -> Result<()> {
    for (name, mode, interval_s, distance_m, heartbeat_s, default) in DEFAULTS {
        let new = NewPolicy { name: name.into(), mode: mode.into(), interval_s, distance_m, heartbeat_s };
        insert(tx, &new, default).await?;
    }
    Ok(())
}

pub(crate) async fn policies(q: &mut impl Query) -> Result<Vec<LocationPolicy>> {
    let rows: Vec<PolicyRow> = q
        .all(
            sql!("SELECT id, name, mode, interval_s, distance_m, heartbeat_s, version FROM location_policy WHERE tenant_id = $1 ORDER BY id"),
            vec![],
        )
        .await?;
    Ok(rows.into_iter().map(LocationPolicy::from).collect())
}

/// First policy of a mode.
pub(crate) async fn by_mode(q: &mut impl Query, mode: &str) -> Result<Option<Uuid>> {
    Ok(policies(q).await?.into_iter().find(|p| p.mode == mode).map(|p| p.id))
}

/// The policy that holds for a person: his own, else the company's default.
pub async fn policy_of(q: &mut impl Query, employee_id: Uuid) -> Result<Option<LocationPolicy>> {
    let row: Option<PolicyRow> = q
        .one(
            sql!(
                "SELECT p.id, p.name, p.mode, p.interval_s, p.distance_m, p.heartbeat_s, p.version FROM location_policy p \
                 JOIN employee e ON e.tenant_id = p.tenant_id AND e.id = $3 \
                 WHERE p.tenant_id = $1 AND (p.id = e.policy_id OR (e.policy_id IS NULL AND p.is_default = 1))"
            ),
            args![employee_id],
        )
        .await?;
    Ok(row.map(LocationPolicy::from))
}

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::OrgRead), routes!(list))
        .at(Access::May(Permission::OrgWrite), routes!(create))
        .at(Access::May(Permission::OrgWrite), routes!(change))
}

#[derive(Serialize, ToSchema)]
struct Policies {
    items: Vec<LocationPolicy>,
}

#[utoipa::path(get, path = "/policies", tag = "org", responses((status = 200, body = Policies)))]
async fn list(State(kit): State<Kit>, caller: Caller) -> Answer<Policies> {
    ok(Policies { items: policies(&mut kit.db.read(&caller.scope).await?).await? })
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPolicy {
    #[schema(max_length = 40)]
    name: String,
    mode: String,
    interval_s: i64,
    distance_m: i64,
    heartbeat_s: i64,
}

fn check(new: &NewPolicy) -> Result<()> {
    Checks::new()
        .text("name", &new.name, 40)
        .that("mode", matches!(new.mode.as_str(), "off" | "saving" | "balanced" | "precise"))
        .that("interval_s", (0..=3600).contains(&new.interval_s))
        .that("distance_m", (0..=5000).contains(&new.distance_m))
        .that("heartbeat_s", (0..=7200).contains(&new.heartbeat_s))
        .done()
}

async fn policy(q: &mut impl Query, id: Uuid) -> Result<LocationPolicy> {
    policies(q).await?.into_iter().find(|p| p.id == id).ok_or_else(|| Problem::new(problem::NOT_FOUND))
}

#[utoipa::path(post, path = "/policies", tag = "org", request_body = NewPolicy, responses((status = 201, body = LocationPolicy), (status = 422, body = api::ProblemDocument)))]
async fn create(
    State(kit): State<Kit>,
    caller: Caller,
    Json(new): Json<NewPolicy>,
) -> Created<LocationPolicy> {
    check(&new)?;
    let made = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let id = insert(tx, &new, false).await?;
                tx.audit(
                    "policy.create",
                    "location_policy",
                    id,
                    json!({ "name": new.name, "mode": new.mode }),
                )
                .await?;
                policy(tx, id).await
            })
        })
        .await?;
    created(made)
}

#[utoipa::path(patch, path = "/policies/{id}", tag = "org", request_body = NewPolicy, params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 200, body = LocationPolicy), (status = 409, body = api::ProblemDocument)))]
async fn change(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(new): Json<NewPolicy>,
) -> Answer<LocationPolicy> {
    check(&new)?;
    let changed = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                policy(tx, id).await?;
                let rows = tx
                    .exec(
                        sql!(
                            "UPDATE location_policy SET name = $4, mode = $5, interval_s = $6, distance_m = $7, heartbeat_s = $8, \
                             version = version + 1 WHERE tenant_id = $1 AND id = $3 AND version = $9"
                        ),
                        args![id, new.name.trim(), &new.mode, new.interval_s, new.distance_m, new.heartbeat_s, version],
                    )
                    .await?;
                if rows == 0 {
                    return Err(Problem::new(problem::VERSION));
                }
                tx.audit("policy.change", "location_policy", id, json!({ "name": new.name, "mode": new.mode })).await?;
                policy(tx, id).await
            })
        })
        .await?;
    ok(changed)
}
