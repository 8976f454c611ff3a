//! Who answers for what is found about people of a department.

use db::{Query, Result, args, sql};
use uuid::Uuid;

db::row! {
    /// Somebody to be told.
    pub struct Boss { id: Uuid, department_id: Uuid }
}

/// Those responsible for a department's people, other than one person: who manages it or a department above it; where nobody
/// does, whoever sees the whole company.
///
/// # Errors
/// When the store cannot be read.
pub async fn responsible(q: &mut impl Query, department: Uuid, not: Uuid) -> Result<Vec<Boss>> {
    let near: Vec<Boss> = q
        .all(
            sql!(
                "SELECT e.id, e.department_id FROM employee e JOIN role r ON r.tenant_id = e.tenant_id AND r.id = e.role_id \
                 WHERE e.tenant_id = $1 AND e.status = 'active' AND e.id <> $4 AND r.reach = 'departments' AND r.permissions LIKE '%\"visit.read\"%' \
                 AND EXISTS (SELECT 1 FROM department_reach d WHERE d.tenant_id = e.tenant_id AND d.employee_id = e.id AND d.department_id = $3) \
                 ORDER BY e.id"
            ),
            args![department, not],
        )
        .await?;
    if !near.is_empty() {
        return Ok(near);
    }
    q.all(
        sql!(
            "SELECT e.id, e.department_id FROM employee e JOIN role r ON r.tenant_id = e.tenant_id AND r.id = e.role_id \
             WHERE e.tenant_id = $1 AND e.status = 'active' AND e.id <> $3 AND r.reach = 'all' AND r.permissions LIKE '%\"visit.read\"%' \
             ORDER BY e.id"
        ),
        args![not],
    )
    .await
}
