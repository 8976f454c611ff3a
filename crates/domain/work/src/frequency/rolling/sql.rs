use base::{LocalDay, Micros};
use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

use super::RollingRule;

db::row! { pub struct RuleRow {
    weeks: i64, again: bool, changed_at: Micros, ran_day: Option<LocalDay>, ran_at: Option<Micros>, outcome: Option<String>, version: i64
} }

pub async fn rule(q: &mut impl Query) -> Result<Option<RuleRow>> {
    q.one(
        sql!("SELECT weeks, again, changed_at, ran_day, ran_at, outcome, version FROM frequency_rolling WHERE tenant_id = $1"),
        vec![],
    )
    .await
}

/// False when the rule is no longer of this version; 0: there is none yet.
pub async fn set_rule(tx: &mut Tx, rule: RollingRule, version: i64) -> Result<bool> {
    let now = tx.now();
    let RollingRule { weeks, again } = rule;
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO frequency_rolling (tenant_id, weeks, again, changed_by, changed_at, version) VALUES ($1, $3, $4, $2, $5, $6 + 1) \
                 ON CONFLICT (tenant_id) DO UPDATE SET weeks = excluded.weeks, again = excluded.again, changed_by = excluded.changed_by, \
                 changed_at = excluded.changed_at, version = excluded.version WHERE frequency_rolling.version = $6"
            ),
            args![weeks, again, now, version],
        )
        .await?;
    Ok(rows == 1)
}

/// Keeps that a day's run was made, and what it came to.
pub async fn set_ran(tx: &mut Tx, day: LocalDay, outcome: &str) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!("UPDATE frequency_rolling SET ran_day = $3, ran_at = $4, outcome = $5 WHERE tenant_id = $1"),
        args![day, now, outcome],
    )
    .await
}

db::row! { struct SetterRow { id: Uuid, department_id: Uuid } }

/// Who said that it is done by itself, with his department, where he is still there.
pub async fn setter(q: &mut impl Query) -> Result<Option<(Uuid, Uuid)>> {
    let row: Option<SetterRow> = q
        .one(
            sql!(
                "SELECT e.id, e.department_id FROM frequency_rolling f JOIN employee e ON e.tenant_id = f.tenant_id AND e.id = f.changed_by \
                 AND e.status = 'active' WHERE f.tenant_id = $1"
            ),
            vec![],
        )
        .await?;
    Ok(row.map(|r| (r.id, r.department_id)))
}

db::row! { struct DepartmentId { id: Uuid } }

/// Departments right below one, or those nobody is above.
pub async fn departments_below(q: &mut impl Query, above: Option<Uuid>) -> Result<Vec<Uuid>> {
    let rows: Vec<DepartmentId> = q
        .all(
            sql!(
                "SELECT id FROM department WHERE tenant_id = $1 AND (parent_id = $3 OR ($3 IS NULL AND parent_id IS NULL)) ORDER BY id"
            ),
            args![above],
        )
        .await?;
    Ok(rows.into_iter().map(|r| r.id).collect())
}
