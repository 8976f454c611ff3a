//! Location policies: how often a phone of some post reports where it is, from not at all to precise.

use std::collections::HashMap;

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
    /// Posts it holds for: everybody of these who has no policy of his own.
    pub posts: Vec<String>,
    pub version: i64,
}

db::row! { struct PostRow { post: String, policy_id: Uuid } }
db::row! { struct PolicyRow { id: Uuid, name: String, mode: String, interval_s: i64, distance_m: i64, heartbeat_s: i64, version: i64 } }

impl PolicyRow {
    fn with(self, posts: Vec<String>) -> LocationPolicy {
        let r = self;
        LocationPolicy {
            id: r.id,
            name: r.name,
            mode: r.mode,
            interval_s: r.interval_s,
            distance_m: r.distance_m,
            heartbeat_s: r.heartbeat_s,
            posts,
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
    hold_for(tx, id, &new.posts).await?;
    Ok(id)
}

/// Makes a policy the one of these posts, and of no others. A post has one policy: the last one chosen.
async fn hold_for(tx: &mut Tx, id: Uuid, posts: &[String]) -> Result<()> {
    tx.exec(sql!("DELETE FROM policy_post WHERE tenant_id = $1 AND policy_id = $3"), args![id]).await?;
    for post in posts {
        tx.exec(
            sql!(
                "INSERT INTO policy_post (tenant_id, post, policy_id) VALUES ($1, $3, $4) \
                 ON CONFLICT (tenant_id, post) DO UPDATE SET policy_id = excluded.policy_id"
            ),
            args![post.trim(), id],
        )
        .await?;
    }
    Ok(())
}

pub(crate) async fn insert_defaults(tx: &mut Tx) -> Result<()> {
    for (name, mode, interval_s, distance_m, heartbeat_s, default) in DEFAULTS {
        let new = NewPolicy {
            name: name.into(),
            mode: mode.into(),
            interval_s,
            distance_m,
            heartbeat_s,
            posts: vec![],
        };
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
    let mut posts: HashMap<Uuid, Vec<String>> = HashMap::new();
    let held: Vec<PostRow> = q
        .all(sql!("SELECT post, policy_id FROM policy_post WHERE tenant_id = $1 ORDER BY post"), vec![])
        .await?;
    for row in held {
        posts.entry(row.policy_id).or_default().push(row.post);
    }
    Ok(rows
        .into_iter()
        .map(|r| {
            let id = r.id;
            r.with(posts.remove(&id).unwrap_or_default())
        })
        .collect())
}

/// First policy of a mode.
pub(crate) async fn by_mode(q: &mut impl Query, mode: &str) -> Result<Option<Uuid>> {
    Ok(policies(q).await?.into_iter().find(|p| p.mode == mode).map(|p| p.id))
}

/// The policy that holds for a person: his own, else that of his post, else the company's default. Its list of posts is
/// left empty.
pub async fn policy_of(q: &mut impl Query, employee_id: Uuid) -> Result<Option<LocationPolicy>> {
    let row: Option<PolicyRow> = q
        .one(
            sql!(
                "SELECT p.id, p.name, p.mode, p.interval_s, p.distance_m, p.heartbeat_s, p.version FROM location_policy p \
                 JOIN employee e ON e.tenant_id = p.tenant_id AND e.id = $3 \
                 LEFT JOIN policy_post o ON o.tenant_id = e.tenant_id AND o.post = e.post \
                 WHERE p.tenant_id = $1 AND p.id = COALESCE(e.policy_id, o.policy_id, \
                 (SELECT d.id FROM location_policy d WHERE d.tenant_id = $1 AND d.is_default = 1 ORDER BY d.id LIMIT 1))"
            ),
            args![employee_id],
        )
        .await?;
    Ok(row.map(|r| r.with(vec![])))
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
    /// Posts it holds for from now on. A post has one policy: it leaves the one it had.
    #[serde(default)]
    #[schema(max_items = 50)]
    posts: Vec<String>,
}

/// Longest name of a post, in characters.
const POST: usize = 40;

fn check(new: &NewPolicy) -> Result<()> {
    Checks::new()
        .text("name", &new.name, 40)
        .that("mode", matches!(new.mode.as_str(), "off" | "saving" | "balanced" | "precise"))
        .that("interval_s", (0..=3600).contains(&new.interval_s))
        .that("distance_m", (0..=5000).contains(&new.distance_m))
        .that("heartbeat_s", (0..=7200).contains(&new.heartbeat_s))
        .that("posts", new.posts.len() <= 50 && new.posts.iter().all(|post| is_post(post)))
        .done()
}

fn is_post(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && text.chars().count() <= POST && !text.chars().any(char::is_control)
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
                    json!({ "name": new.name, "mode": new.mode, "posts": new.posts }),
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
                hold_for(tx, id, &new.posts).await?;
                tx.audit("policy.change", "location_policy", id, json!({ "name": new.name, "mode": new.mode, "posts": new.posts })).await?;
                policy(tx, id).await
            })
        })
        .await?;
    ok(changed)
}
