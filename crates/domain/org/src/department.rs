//! The tree of departments and who manages them.

use api::{
    Access, Answer, Caller, Checks, Created, IfMatch, Json, Kit, Path, Routes, axum, created, ok, routes,
};
use axum::{extract::State, http::StatusCode};
use base::{Problem, id, problem};
use db::{Permission, Query, Result, Tx, args, sql};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::people::rebuild_reach;

/// A department.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Department {
    pub id: Uuid,
    pub name: String,
    pub parent_id: Option<Uuid>,
    pub manager_ids: Vec<Uuid>,
    /// Active people of this department alone.
    pub employee_count: i64,
    pub version: i64,
}

db::row! { struct DepartmentRow { id: Uuid, name: String, parent_id: Option<Uuid>, employee_count: i64, version: i64 } }
db::row! { struct ManagerRow { department_id: Uuid, employee_id: Uuid } }

pub(crate) async fn insert(tx: &mut Tx, id: Option<Uuid>, name: &str, parent: Option<Uuid>) -> Result<Uuid> {
    let id = id.unwrap_or_else(id::new_v7);
    tx.exec(
        sql!("INSERT INTO department (tenant_id, id, name, parent_id, version) VALUES ($1, $3, $4, $5, 1)"),
        args![id, name, parent],
    )
    .await?;
    tx.exec(
        sql!(
            "INSERT INTO department_closure (tenant_id, ancestor_id, descendant_id, depth) \
             SELECT tenant_id, ancestor_id, $3, depth + 1 FROM department_closure \
             WHERE tenant_id = $1 AND descendant_id = $4"
        ),
        args![id, parent],
    )
    .await?;
    tx.exec(
        sql!("INSERT INTO department_closure (tenant_id, ancestor_id, descendant_id, depth) VALUES ($1, $3, $3, 0)"),
        args![id],
    )
    .await?;
    Ok(id)
}

/// Departments in reach, parents before children.
pub async fn departments(q: &mut impl Query) -> Result<Vec<Department>> {
    let rows: Vec<DepartmentRow> = q
        .all(
            sql!(
                "SELECT d.id, d.name, d.parent_id, d.version, \
                   (SELECT CAST(COUNT(*) AS BIGINT) FROM employee e WHERE e.tenant_id = d.tenant_id AND e.department_id = d.id AND e.status = 'active') AS employee_count, \
                   (SELECT CAST(MAX(c.depth) AS BIGINT) FROM department_closure c WHERE c.tenant_id = d.tenant_id AND c.descendant_id = d.id) AS depth \
                 FROM department d WHERE d.tenant_id = $1 AND ($3 = 1 OR d.id IN \
                   (SELECT r.department_id FROM department_reach r WHERE r.tenant_id = $1 AND r.employee_id = $2)) \
                 ORDER BY depth, d.name"
            ),
            args![q.scope().reach() == db::Reach::Company],
        )
        .await?;
    let managers: Vec<ManagerRow> = q
        .all(sql!("SELECT department_id, employee_id FROM department_manager WHERE tenant_id = $1"), vec![])
        .await?;
    let of = |id| managers.iter().filter(|m| m.department_id == id).map(|m| m.employee_id).collect();
    Ok(rows
        .into_iter()
        .map(|r| Department {
            id: r.id,
            name: r.name,
            parent_id: r.parent_id,
            manager_ids: of(r.id),
            employee_count: r.employee_count,
            version: r.version,
        })
        .collect())
}

async fn department(q: &mut impl Query, id: Uuid) -> Result<Department> {
    let found = departments(q).await?.into_iter().find(|d| d.id == id);
    found.ok_or_else(|| Problem::new(problem::NOT_FOUND))
}

/// Heads of a department, or of the nearest one above that has any.
///
/// # Errors
/// When the store cannot be read.
pub async fn managers_of(q: &mut impl Query, department: Uuid) -> Result<Vec<Uuid>> {
    let all: Vec<ManagedRow> = q
        .all(
            sql!(
                "SELECT m.employee_id, c.depth FROM department_closure c \
                 JOIN department_manager m ON m.tenant_id = c.tenant_id AND m.department_id = c.ancestor_id \
                 WHERE c.tenant_id = $1 AND c.descendant_id = $3 ORDER BY c.depth, m.employee_id"
            ),
            args![department],
        )
        .await?;
    let nearest = all.first().map(|m| m.depth);
    Ok(all.into_iter().filter(|m| Some(m.depth) == nearest).map(|m| m.employee_id).collect())
}

db::row! { struct ManagedRow { employee_id: Uuid, depth: i64 } }

async fn set_managers(tx: &mut Tx, department: Uuid, managers: &[Uuid]) -> Result<()> {
    tx.exec(
        sql!("DELETE FROM department_manager WHERE tenant_id = $1 AND department_id = $3"),
        args![department],
    )
    .await?;
    for manager in managers {
        tx.exec(
            sql!(
                "INSERT INTO department_manager (tenant_id, department_id, employee_id) VALUES ($1, $3, $4) \
                 ON CONFLICT (tenant_id, department_id, employee_id) DO NOTHING"
            ),
            args![department, *manager],
        )
        .await?;
    }
    Ok(())
}

/// Hangs a department below another, with all below it.
async fn move_below(tx: &mut Tx, id: Uuid, parent: Option<Uuid>) -> Result<()> {
    db::row! { struct Below { descendant_id: Uuid } }
    if let Some(parent) = parent {
        let below: Vec<Below> = tx
            .all(
                sql!("SELECT descendant_id FROM department_closure WHERE tenant_id = $1 AND ancestor_id = $3 AND descendant_id = $4"),
                args![id, parent],
            )
            .await?;
        if !below.is_empty() {
            return Err(Problem::new(crate::DEPARTMENT_CIRCLE));
        }
    }
    tx.exec(
        sql!(
            "DELETE FROM department_closure WHERE tenant_id = $1 \
             AND descendant_id IN (SELECT b.descendant_id FROM department_closure b WHERE b.tenant_id = $1 AND b.ancestor_id = $3) \
             AND ancestor_id NOT IN (SELECT b.descendant_id FROM department_closure b WHERE b.tenant_id = $1 AND b.ancestor_id = $3)"
        ),
        args![id],
    )
    .await?;
    tx.exec(
        sql!(
            "INSERT INTO department_closure (tenant_id, ancestor_id, descendant_id, depth) \
             SELECT $1, up.ancestor_id, down.descendant_id, up.depth + down.depth + 1 \
             FROM department_closure up, department_closure down \
             WHERE up.tenant_id = $1 AND down.tenant_id = $1 AND up.descendant_id = $4 AND down.ancestor_id = $3"
        ),
        args![id, parent],
    )
    .await?;
    Ok(())
}

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::OrgRead), routes!(list))
        .at(Access::May(Permission::OrgWrite), routes!(create))
        .at(Access::May(Permission::OrgWrite), routes!(change, remove))
}

#[derive(Serialize, ToSchema)]
struct Departments {
    items: Vec<Department>,
}

#[utoipa::path(get, path = "/departments", tag = "org", responses((status = 200, body = Departments)))]
async fn list(State(kit): State<Kit>, caller: Caller) -> Answer<Departments> {
    ok(Departments { items: departments(&mut kit.db.read(&caller.scope).await?).await? })
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewDepartment {
    id: Option<Uuid>,
    #[schema(max_length = 60)]
    name: String,
    parent_id: Option<Uuid>,
    #[serde(default)]
    manager_ids: Vec<Uuid>,
}

#[utoipa::path(post, path = "/departments", tag = "org", request_body = NewDepartment, responses((status = 201, body = Department), (status = 422, body = api::ProblemDocument)))]
async fn create(
    State(kit): State<Kit>,
    caller: Caller,
    Json(new): Json<NewDepartment>,
) -> Created<Department> {
    Checks::new().text("name", &new.name, 60).done()?;
    let department = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let id = insert(tx, new.id, new.name.trim(), new.parent_id).await?;
                set_managers(tx, id, &new.manager_ids).await?;
                rebuild_reach(tx).await?;
                tx.audit(
                    "department.create",
                    "department",
                    id,
                    json!({ "name": new.name, "parent_id": new.parent_id }),
                )
                .await?;
                department(tx, id).await
            })
        })
        .await?;
    created(department)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DepartmentPatch {
    name: Option<String>,
    parent_id: Option<Uuid>,
    manager_ids: Option<Vec<Uuid>>,
}

#[utoipa::path(patch, path = "/departments/{id}", tag = "org", request_body = DepartmentPatch, params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 200, body = Department), (status = 404, body = api::ProblemDocument)))]
async fn change(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(patch): Json<DepartmentPatch>,
) -> Answer<Department> {
    let mut checks = Checks::new();
    if let Some(name) = &patch.name {
        checks.text("name", name, 60);
    }
    checks.done()?;
    let department = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let before = department(tx, id).await?;
                let changed = tx
                    .exec(
                        sql!(
                            "UPDATE department SET name = COALESCE($4, name), parent_id = COALESCE($5, parent_id), version = version + 1 \
                             WHERE tenant_id = $1 AND id = $3 AND version = $6"
                        ),
                        args![id, patch.name.clone(), patch.parent_id, version],
                    )
                    .await?;
                if changed == 0 {
                    return Err(Problem::new(problem::VERSION));
                }
                if let Some(parent) = patch.parent_id.filter(|p| Some(*p) != before.parent_id) {
                    move_below(tx, id, Some(parent)).await?;
                }
                if let Some(managers) = &patch.manager_ids {
                    set_managers(tx, id, managers).await?;
                }
                rebuild_reach(tx).await?;
                let changes = json!({ "name": patch.name, "parent_id": patch.parent_id, "manager_ids": patch.manager_ids });
                tx.audit("department.change", "department", id, changes).await?;
                department(tx, id).await
            })
        })
        .await?;
    ok(department)
}

#[utoipa::path(delete, path = "/departments/{id}", tag = "org", params(("id" = Uuid, Path)), responses((status = 204), (status = 422, body = api::ProblemDocument)))]
async fn remove(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> std::result::Result<StatusCode, api::Failure> {
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let department = department(tx, id).await?;
                tx.exec(
                    sql!("DELETE FROM department_manager WHERE tenant_id = $1 AND department_id = $3"),
                    args![id],
                )
                .await?;
                tx.exec(sql!("DELETE FROM department WHERE tenant_id = $1 AND id = $3"), args![id])
                    .await
                    .map_err(|p| {
                        if p.code == db::REFERENCE { Problem::new(crate::DEPARTMENT_IN_USE) } else { p }
                    })?;
                tx.exec(
                    sql!("DELETE FROM department_closure WHERE tenant_id = $1 AND descendant_id = $3"),
                    args![id],
                )
                .await?;
                rebuild_reach(tx).await?;
                tx.audit("department.remove", "department", id, json!({ "name": department.name })).await
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Does a department lie within the caller's reach?
pub async fn department_in_reach(q: &mut impl Query, id: Uuid) -> Result<bool> {
    Ok(departments(q).await?.iter().any(|d| d.id == id))
}
