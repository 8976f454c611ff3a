use base::Micros;
use db::{Query, Result, Tx, args, sql};
use org::Ref;
use uuid::Uuid;

use super::{Practice, PracticeDone};

db::row! { pub struct PracticeRow {
    id: Uuid, employee_id: Uuid, employee_name: String, department_id: Uuid, department_name: String, template_id: Uuid, template_name: String,
    steps_version: i64, started_at: Micros, ended_at: Micros, done: i64, skipped: i64, total: i64
} }

impl PracticeRow {
    pub fn shown(self) -> Practice {
        Practice {
            id: self.id,
            employee: Ref { id: self.employee_id, name: self.employee_name },
            department: Ref { id: self.department_id, name: self.department_name },
            template: Ref { id: self.template_id, name: self.template_name },
            steps_version: self.steps_version,
            started_at: self.started_at,
            ended_at: self.ended_at,
            done: self.done,
            skipped: self.skipped,
            total: self.total,
        }
    }
}

/// Place of a practice in the list.
pub type Key = (i64, Uuid);

/// Practices in reach, the newest first.
pub async fn list(
    q: &mut impl Query,
    employee: Option<Uuid>,
    after: Option<Key>,
    limit: i64,
) -> Result<Vec<PracticeRow>> {
    let (at, id) = after.unzip();
    q.all(
        sql!(
            "SELECT p.id, p.employee_id, e.name AS employee_name, p.department_id, d.name AS department_name, p.template_id, \
             t.name AS template_name, p.steps_version, p.started_at, p.ended_at, p.done, p.skipped, p.total FROM practice p \
             JOIN employee e ON e.tenant_id = p.tenant_id AND e.id = p.employee_id \
             JOIN department d ON d.tenant_id = p.tenant_id AND d.id = p.department_id \
             JOIN task_template t ON t.tenant_id = p.tenant_id AND t.id = p.template_id \
             WHERE p.tenant_id = $1 AND {reach:p} AND ($3 IS NULL OR p.employee_id = $3) \
               AND ($4 IS NULL OR p.ended_at < $4 OR (p.ended_at = $4 AND p.id < $5)) \
             ORDER BY p.ended_at DESC, p.id DESC LIMIT $6"
        ),
        args![employee, at, id, limit],
    )
    .await
}

/// False when the id is known.
pub async fn insert(
    tx: &mut Tx,
    department: Uuid,
    p: &PracticeDone,
    started_at: Micros,
    ended_at: Micros,
) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO practice (tenant_id, id, employee_id, department_id, template_id, steps_version, started_at, ended_at, done, skipped, \
                 total, received_at) VALUES ($1, $3, $2, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![
                p.practice_id,
                department,
                p.template_id,
                p.steps_version,
                started_at,
                ended_at,
                p.done,
                p.skipped,
                p.total,
                now
            ],
        )
        .await?;
    Ok(rows == 1)
}

/// False when there is none such in reach.
pub async fn delete(tx: &mut Tx, id: Uuid) -> Result<bool> {
    let rows = tx
        .exec(
            sql!(
                "DELETE FROM practice WHERE tenant_id = $1 AND id IN \
                 (SELECT p.id FROM practice p WHERE p.tenant_id = $1 AND p.id = $3 AND {reach:p})"
            ),
            args![id],
        )
        .await?;
    Ok(rows == 1)
}

pub async fn erase(tx: &mut Tx, person: Uuid) -> Result<u64> {
    tx.exec(sql!("DELETE FROM practice WHERE tenant_id = $1 AND employee_id = $3"), args![person]).await
}

/// Does a template have these steps?
pub async fn known(q: &mut impl Query, template: Uuid, steps_version: i64) -> Result<bool> {
    let row: Option<(Uuid,)> = q
        .one(
            sql!(
                "SELECT s.template_id FROM template_steps s WHERE s.tenant_id = $1 AND s.template_id = $3 AND s.steps_version = $4"
            ),
            args![template, steps_version],
        )
        .await?;
    Ok(row.is_some())
}
