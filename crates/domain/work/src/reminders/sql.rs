use base::{LocalDay, Micros};
use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

use super::TaskReminderRule;

db::row! { pub struct RuleRow { soon_minutes: i64, overdue: bool, version: i64 } }

pub async fn rule(q: &mut impl Query) -> Result<Option<RuleRow>> {
    q.one(sql!("SELECT soon_minutes, overdue, version FROM task_reminder_rule WHERE tenant_id = $1"), vec![])
        .await
}

/// False when the rule is no longer of this version.
pub async fn set_rule(tx: &mut Tx, rule: TaskReminderRule, version: i64) -> Result<bool> {
    let now = tx.now();
    let TaskReminderRule { soon_minutes, overdue } = rule;
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO task_reminder_rule (tenant_id, soon_minutes, overdue, changed_by, changed_at, version) VALUES ($1, $3, $4, $2, $5, $6 + 1) \
                 ON CONFLICT (tenant_id) DO UPDATE SET soon_minutes = excluded.soon_minutes, overdue = excluded.overdue, \
                 changed_by = excluded.changed_by, changed_at = excluded.changed_at, version = excluded.version WHERE task_reminder_rule.version = $6"
            ),
            args![soon_minutes, overdue, now, version],
        )
        .await?;
    Ok(rows == 1)
}

db::row! { pub struct DueRow {
    id: Uuid, employee_id: Uuid, employee_name: String, department_id: Uuid, customer_name: String, due_at: Micros, created_by: Uuid
} }

/// Visits of a day that nobody has set out for, whose window closes between two moments, and of which nobody was told in
/// this way; by person and time.
pub async fn due(
    q: &mut impl Query,
    kind: &'static str,
    day: LocalDay,
    after: Micros,
    until: Micros,
) -> Result<Vec<DueRow>> {
    q.all(
        sql!(
            "SELECT t.id, t.employee_id, e.name AS employee_name, t.department_id, c.name AS customer_name, t.due_at, t.created_by FROM task t \
             JOIN employee e ON e.tenant_id = t.tenant_id AND e.id = t.employee_id \
             JOIN customer c ON c.tenant_id = t.tenant_id AND c.id = t.customer_id \
             WHERE t.tenant_id = $1 AND t.day = $3 AND t.status IN ('new', 'accepted') AND t.due_at > $4 AND t.due_at <= $5 \
             AND NOT EXISTS (SELECT 1 FROM task_reminder r WHERE r.tenant_id = t.tenant_id AND r.task_id = t.id AND r.kind = $6 AND r.due_at = t.due_at) \
             ORDER BY t.employee_id, t.due_at, t.seq, t.id"
        ),
        args![day, after, until, kind],
    )
    .await
}

/// False when it was told before.
pub async fn told(tx: &mut Tx, task: Uuid, kind: &'static str, due_at: Micros) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO task_reminder (tenant_id, task_id, kind, due_at, told_at) VALUES ($1, $3, $4, $5, $6) ON CONFLICT DO NOTHING"
            ),
            args![task, kind, due_at, now],
        )
        .await?;
    Ok(rows == 1)
}
