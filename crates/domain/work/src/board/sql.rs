use base::{LocalDay, Micros};
use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

db::row! { pub struct PlanRow {
    id: Uuid, employee_id: Uuid, objective: String, keep_order: bool, route: String, read_at: Option<Micros>, version: i64
} }

/// What is planned for a day, in reach.
pub async fn plans_of_day(q: &mut impl Query, day: LocalDay) -> Result<Vec<PlanRow>> {
    q.all(
        sql!(
            "SELECT p.id, p.employee_id, p.objective, p.keep_order, p.route, p.read_at, p.version FROM plan p \
             WHERE p.tenant_id = $1 AND p.day = $3 AND p.status = 'planned' AND {reach:p}"
        ),
        args![day],
    )
    .await
}

/// Where a task is from now on.
pub struct Given {
    pub employee_id: Uuid,
    pub department_id: Uuid,
    pub day: LocalDay,
    pub due_at: Micros,
    pub plan_id: Option<Uuid>,
    pub seq: i64,
    pub eta: Option<Micros>,
}

/// Gives a task that has not begun to a person's day. Another person has not accepted it yet. False when it has begun
/// or is over: one statement, so that a check-in that comes in meanwhile is never overwritten.
pub async fn give(tx: &mut Tx, id: Uuid, to: &Given) -> Result<bool> {
    let rows = tx
        .exec(
            sql!(
                "UPDATE task SET status = CASE WHEN employee_id = $4 THEN status ELSE 'new' END, employee_id = $4, department_id = $5, \
                 day = $6, due_at = $7, plan_id = $8, seq = $9, eta = $10, version = version + 1 \
                 WHERE tenant_id = $1 AND id = $3 AND status IN ('new', 'accepted')"
            ),
            args![id, to.employee_id, to.department_id, to.day, to.due_at, to.plan_id, to.seq, to.eta],
        )
        .await?;
    Ok(rows == 1)
}
