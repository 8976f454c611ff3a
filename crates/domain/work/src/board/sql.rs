use base::{LocalDay, Micros};
use db::{Query, Result, Tx, Val, args, sql};
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

/// Customers one statement names.
pub const NAMED: usize = 40;

db::row! { pub struct AnswersRow { id: Uuid, custom: Option<String> } }

/// What the company's own fields say of these customers, of those in reach; at most [`NAMED`] at once.
pub async fn answers_of(q: &mut impl Query, customers: &[Uuid]) -> Result<Vec<AnswersRow>> {
    let slots = (0..NAMED).map(|k| Val::from(customers.get(k).copied())).collect();
    q.all(
        sql!(concat!(
            "SELECT c.id, ",
            custom::answers!("c", "customer"),
            " FROM customer c WHERE c.tenant_id = $1 AND {reach:c} AND c.id IN ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, \
             $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42)"
        )),
        slots,
    )
    .await
}
