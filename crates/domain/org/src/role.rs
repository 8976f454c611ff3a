//! Roles: sets of permissions with a reach. Three are built in; a company may add its own.

use api::{
    Access, Answer, Caller, Checks, Created, IfMatch, Json, Kit, Path, Routes, axum, created, ok, routes,
};
use axum::extract::State;
use base::{Problem, id, problem};
use db::{Permission, Query, Reach, Result, Tx, args, sql};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

/// A role.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Role {
    pub id: Uuid,
    /// admin, manager, rep, or `custom-…`.
    pub key: String,
    pub name: String,
    pub permissions: Vec<String>,
    /// own, departments or company.
    pub reach: String,
    pub built_in: bool,
    pub version: i64,
}

db::row! { struct RoleRow { id: Uuid, key: String, name: String, permissions: String, reach: String, built_in: bool, version: i64 } }

/// Stored word of a reach.
pub(crate) fn reach_key(reach: Reach) -> &'static str {
    match reach {
        Reach::Own => "own",
        Reach::Departments => "departments",
        Reach::Company => "company",
    }
}

pub(crate) fn reach_from(key: &str) -> Option<Reach> {
    [Reach::Own, Reach::Departments, Reach::Company].into_iter().find(|r| reach_key(*r) == key)
}

pub(crate) async fn insert(
    tx: &mut Tx,
    key: &str,
    name: &str,
    permissions: &[Permission],
    reach: Reach,
    built_in: bool,
) -> Result<Uuid> {
    let id = id::new_v7();
    let keys: Vec<_> = permissions.iter().map(|p| p.key()).collect();
    tx.exec(
        sql!(
            "INSERT INTO role (tenant_id, id, key, name, permissions, reach, built_in, version) \
             VALUES ($1, $3, $4, $5, $6, $7, $8, 1)"
        ),
        args![id, key, name, json!(keys).to_string(), reach_key(reach), built_in],
    )
    .await?;
    Ok(id)
}

pub(crate) async fn roles(q: &mut impl Query) -> Result<Vec<Role>> {
    let rows: Vec<RoleRow> = q
        .all(
            sql!("SELECT id, key, name, permissions, reach, built_in, version FROM role WHERE tenant_id = $1 ORDER BY built_in DESC, id"),
            vec![],
        )
        .await?;
    let role = |r: RoleRow| Role {
        id: r.id,
        name: r.name,
        permissions: match r.built_in && r.key == "admin" {
            true => Permission::ALL.iter().map(|p| p.key().to_owned()).collect(),
            false => serde_json::from_str(&r.permissions).unwrap_or_default(),
        },
        key: r.key,
        reach: r.reach,
        built_in: r.built_in,
        version: r.version,
    };
    Ok(rows.into_iter().map(role).collect())
}

async fn role(q: &mut impl Query, id: Uuid) -> Result<Role> {
    roles(q).await?.into_iter().find(|r| r.id == id).ok_or_else(|| Problem::new(problem::NOT_FOUND))
}

/// Does a role do field work?
pub(crate) async fn works_outside(q: &mut impl Query, id: Uuid) -> Result<bool> {
    Ok(roles(q)
        .await?
        .iter()
        .any(|r| r.id == id && r.permissions.iter().any(|p| p == Permission::FieldWork.key())))
}

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::OrgRead), routes!(list))
        .at(Access::May(Permission::OrgWrite), routes!(create))
        .at(Access::May(Permission::OrgWrite), routes!(change))
}

#[derive(Serialize, ToSchema)]
struct Roles {
    items: Vec<Role>,
    /// Every permission there is.
    permissions: Vec<String>,
}

#[utoipa::path(get, path = "/roles", tag = "org", responses((status = 200, body = Roles)))]
async fn list(State(kit): State<Kit>, caller: Caller) -> Answer<Roles> {
    let items = roles(&mut kit.db.read(&caller.scope).await?).await?;
    ok(Roles { items, permissions: Permission::ALL.iter().map(|p| p.key().to_owned()).collect() })
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewRole {
    #[schema(max_length = 40)]
    name: String,
    permissions: Vec<String>,
    reach: String,
}

fn parse(permissions: &[String], reach: &str, checks: &mut Checks) -> Option<(Vec<Permission>, Reach)> {
    let parsed: Option<Vec<_>> = permissions.iter().map(|p| Permission::from_key(p)).collect();
    let reach = reach_from(reach);
    checks.that("permissions", parsed.is_some()).that("reach", reach.is_some());
    Some((parsed?, reach?))
}

#[utoipa::path(post, path = "/roles", tag = "org", request_body = NewRole, responses((status = 201, body = Role), (status = 422, body = api::ProblemDocument)))]
async fn create(State(kit): State<Kit>, caller: Caller, Json(new): Json<NewRole>) -> Created<Role> {
    let mut checks = Checks::new();
    checks.text("name", &new.name, 40);
    let parsed = parse(&new.permissions, &new.reach, &mut checks);
    checks.done()?;
    let (permissions, reach) = parsed.ok_or_else(|| Problem::new(problem::INVALID))?;
    let made = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let key = format!("custom-{}", id::new_v7().simple());
                let id = insert(tx, &key, new.name.trim(), &permissions, reach, false).await?;
                tx.audit(
                    "role.create",
                    "role",
                    id,
                    json!({ "name": new.name, "permissions": new.permissions, "reach": new.reach }),
                )
                .await?;
                role(tx, id).await
            })
        })
        .await?;
    created(made)
}

#[utoipa::path(patch, path = "/roles/{id}", tag = "org", request_body = NewRole, params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 200, body = Role), (status = 422, body = api::ProblemDocument)))]
async fn change(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(new): Json<NewRole>,
) -> Answer<Role> {
    let mut checks = Checks::new();
    checks.text("name", &new.name, 40);
    let parsed = parse(&new.permissions, &new.reach, &mut checks);
    checks.done()?;
    let (permissions, reach) = parsed.ok_or_else(|| Problem::new(problem::INVALID))?;
    let changed = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                if role(tx, id).await?.built_in {
                    return Err(Problem::new(crate::BUILT_IN));
                }
                let keys: Vec<_> = permissions.iter().map(|p| p.key()).collect();
                let rows = tx
                    .exec(
                        sql!(
                            "UPDATE role SET name = $4, permissions = $5, reach = $6, version = version + 1 \
                             WHERE tenant_id = $1 AND id = $3 AND version = $7"
                        ),
                        args![id, new.name.trim(), json!(keys).to_string(), reach_key(reach), version],
                    )
                    .await?;
                if rows == 0 {
                    return Err(Problem::new(problem::VERSION));
                }
                crate::people::rebuild_reach(tx).await?;
                tx.audit(
                    "role.change",
                    "role",
                    id,
                    json!({ "name": new.name, "permissions": keys, "reach": new.reach }),
                )
                .await?;
                role(tx, id).await
            })
        })
        .await?;
    ok(changed)
}
