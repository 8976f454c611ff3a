//! Statements on reminders.

use std::collections::HashSet;

use base::LocalDay;
use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

db::row! { struct PersonRow { employee_id: Uuid } }

/// People who punched since a day.
pub async fn habitual(q: &mut impl Query, since: LocalDay) -> Result<HashSet<Uuid>> {
    let rows: Vec<PersonRow> = q
        .all(
            sql!("SELECT DISTINCT p.employee_id FROM punch p WHERE p.tenant_id = $1 AND p.day >= $3"),
            args![since],
        )
        .await?;
    Ok(rows.into_iter().map(|r| r.employee_id).collect())
}

/// People who want no reminders.
pub async fn silent(q: &mut impl Query) -> Result<HashSet<Uuid>> {
    let rows: Vec<PersonRow> =
        q.all(sql!("SELECT s.employee_id FROM punch_silence s WHERE s.tenant_id = $1"), vec![]).await?;
    Ok(rows.into_iter().map(|r| r.employee_id).collect())
}

pub async fn is_silent(q: &mut impl Query, person: Uuid) -> Result<bool> {
    let row: Option<PersonRow> = q
        .one(
            sql!("SELECT s.employee_id FROM punch_silence s WHERE s.tenant_id = $1 AND s.employee_id = $3"),
            args![person],
        )
        .await?;
    Ok(row.is_some())
}

/// Switches the acting person's reminders off or on.
pub async fn set_silent(tx: &mut Tx, silent: bool) -> Result<u64> {
    let now = tx.now();
    if silent {
        tx.exec(
            sql!(
                "INSERT INTO punch_silence (tenant_id, employee_id, since) VALUES ($1, $2, $3) ON CONFLICT (tenant_id, employee_id) DO NOTHING"
            ),
            args![now],
        )
        .await
    } else {
        tx.exec(sql!("DELETE FROM punch_silence WHERE tenant_id = $1 AND employee_id = $2"), vec![]).await
    }
}

db::row! { struct SentRow { employee_id: Uuid, day: LocalDay, kind: String } }

/// What was sent for days since one.
pub async fn sent(q: &mut impl Query, since: LocalDay) -> Result<HashSet<(Uuid, LocalDay, String)>> {
    let rows: Vec<SentRow> = q
        .all(
            sql!("SELECT r.employee_id, r.day, r.kind FROM punch_reminder r WHERE r.tenant_id = $1 AND r.day >= $3"),
            args![since],
        )
        .await?;
    Ok(rows.into_iter().map(|r| (r.employee_id, r.day, r.kind)).collect())
}

/// Notes that something is sent; false when it was before.
pub async fn note(tx: &mut Tx, person: Uuid, day: LocalDay, kind: &str) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO punch_reminder (tenant_id, employee_id, day, kind, sent_at) VALUES ($1, $3, $4, $5, $6) \
                 ON CONFLICT (tenant_id, employee_id, day, kind) DO NOTHING"
            ),
            args![person, day, kind, now],
        )
        .await?;
    Ok(rows == 1)
}

db::row! { struct HeadRow { employee_id: Uuid, department_id: Uuid } }

/// Heads who work here, with the department they lead.
pub async fn heads(q: &mut impl Query) -> Result<Vec<(Uuid, Uuid)>> {
    let rows: Vec<HeadRow> = q
        .all(
            sql!(
                "SELECT m.employee_id, m.department_id FROM department_manager m \
                 JOIN employee e ON e.tenant_id = m.tenant_id AND e.id = m.employee_id \
                 WHERE m.tenant_id = $1 AND e.status = 'active' ORDER BY m.department_id, m.employee_id"
            ),
            vec![],
        )
        .await?;
    Ok(rows.into_iter().map(|r| (r.employee_id, r.department_id)).collect())
}
