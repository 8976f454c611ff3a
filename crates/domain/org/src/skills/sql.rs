//! Statements on what people can do.

use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

db::row! { pub struct SkillRow { employee_id: Uuid, skill: String } }

/// Of everybody in reach.
pub async fn all(q: &mut impl Query) -> Result<Vec<SkillRow>> {
    q.all(
        sql!(
            "SELECT s.employee_id, s.skill FROM employee_skill s JOIN person e ON e.tenant_id = s.tenant_id AND e.id = s.employee_id \
             WHERE s.tenant_id = $1 AND {reach:e} ORDER BY s.skill"
        ),
        vec![],
    )
    .await
}

/// Of one person in reach.
pub async fn of(q: &mut impl Query, person: Uuid) -> Result<Vec<SkillRow>> {
    q.all(
        sql!(
            "SELECT s.employee_id, s.skill FROM employee_skill s JOIN person e ON e.tenant_id = s.tenant_id AND e.id = s.employee_id \
             WHERE s.tenant_id = $1 AND s.employee_id = $3 AND {reach:e} ORDER BY s.skill"
        ),
        args![person],
    )
    .await
}

pub async fn clear(tx: &mut Tx, person: Uuid) -> Result<u64> {
    tx.exec(sql!("DELETE FROM employee_skill WHERE tenant_id = $1 AND employee_id = $3"), args![person]).await
}

pub async fn insert(tx: &mut Tx, person: Uuid, skill: &str) -> Result<u64> {
    tx.exec(
        sql!("INSERT INTO employee_skill (tenant_id, employee_id, skill) VALUES ($1, $3, $4)"),
        args![person, skill],
    )
    .await
}
