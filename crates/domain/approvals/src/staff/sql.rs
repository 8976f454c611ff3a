//! Statements that read everybody for flows.

use base::Micros;
use db::{Permission, Query, Result, args, sql};
use uuid::Uuid;

db::row! { pub struct DepartmentRow { id: Uuid, name: String, parent_id: Option<Uuid> } }
db::row! { pub struct PersonRow { id: Uuid, name: String, department_id: Uuid, role_id: Uuid, settings: bool, here: bool } }

pub async fn departments(q: &mut impl Query) -> Result<Vec<DepartmentRow>> {
    q.all(sql!("SELECT id, name, parent_id FROM department WHERE tenant_id = $1"), vec![]).await
}

/// Everybody, with whether he decides over the company's settings and is at work.
pub async fn people(q: &mut impl Query) -> Result<Vec<PersonRow>> {
    q.all(
        sql!(
            "SELECT e.id, e.name, e.department_id, e.role_id, CAST(CASE WHEN r.key = 'admin' OR r.permissions LIKE $3 THEN 1 ELSE 0 END AS BIGINT) AS settings, \
             CAST(CASE WHEN e.status = 'active' THEN 1 ELSE 0 END AS BIGINT) AS here \
             FROM employee e JOIN role r ON r.tenant_id = e.tenant_id AND r.id = e.role_id \
             WHERE e.tenant_id = $1 ORDER BY e.created_at, e.id"
        ),
        args![format!("%\"{}\"%", Permission::CompanyWrite.key())],
    )
    .await
}

pub async fn roles(q: &mut impl Query) -> Result<Vec<(Uuid,)>> {
    q.all(sql!("SELECT id FROM role WHERE tenant_id = $1"), vec![]).await
}

/// Departments with their heads who are at work.
pub async fn heads(q: &mut impl Query) -> Result<Vec<(Uuid, Uuid)>> {
    q.all(
        sql!(
            "SELECT m.department_id, m.employee_id FROM department_manager m \
             JOIN employee e ON e.tenant_id = m.tenant_id AND e.id = m.employee_id \
             WHERE m.tenant_id = $1 AND e.status = 'active' ORDER BY e.created_at, e.id"
        ),
        vec![],
    )
    .await
}

/// Who is absent then, and who stands in for him; of several the newest comes last.
pub async fn deputies(q: &mut impl Query, now: Micros) -> Result<Vec<(Uuid, Uuid)>> {
    q.all(
        sql!(
            "SELECT d.employee_id, d.deputy_id FROM delegation d WHERE d.tenant_id = $1 AND d.from_at <= $3 AND d.until_at > $3 \
             ORDER BY d.created_at, d.id"
        ),
        args![now],
    )
    .await
}
