//! Statements on items that failed.

use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

use super::Judged;

db::row! { pub struct KnownRow { field: String, stands: bool, opened: Option<String> } }

pub async fn known(tx: &mut Tx, record: Uuid) -> Result<Vec<KnownRow>> {
    tx.all(
        sql!("SELECT x.field, x.stands, x.opened FROM form_failure x WHERE x.tenant_id = $1 AND x.record_id = $3"),
        args![record],
    )
    .await
}

pub async fn known_one(tx: &mut Tx, record: Uuid, field: &str) -> Result<Option<KnownRow>> {
    Ok(known(tx, record).await?.into_iter().find(|k| k.field == field))
}

pub async fn keep(
    tx: &mut Tx,
    j: &Judged<'_>,
    field: &str,
    label: &str,
    remark: Option<&str>,
    value: Option<f64>,
) -> Result<u64> {
    tx.exec(
        sql!(
            "INSERT INTO form_failure (tenant_id, record_id, field, employee_id, department_id, customer_id, form_id, day, label, remark, value, stands) \
             VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1) \
             ON CONFLICT (tenant_id, record_id, field) DO UPDATE SET label = EXCLUDED.label, remark = EXCLUDED.remark, value = EXCLUDED.value, stands = 1"
        ),
        args![j.record, field, j.author, j.department, j.customer, j.form, j.day, label, remark, value],
    )
    .await
}

pub async fn set_stands(tx: &mut Tx, record: Uuid, field: &str, stands: bool) -> Result<u64> {
    tx.exec(
        sql!("UPDATE form_failure SET stands = $5 WHERE tenant_id = $1 AND record_id = $3 AND field = $4"),
        args![record, field, stands],
    )
    .await
}

pub async fn set_opened(tx: &mut Tx, record: Uuid, field: &str, opened: &str, id: Uuid) -> Result<u64> {
    tx.exec(
        sql!(
            "UPDATE form_failure SET opened = $5, opened_id = $6 WHERE tenant_id = $1 AND record_id = $3 AND field = $4 AND opened IS NULL"
        ),
        args![record, field, opened, id],
    )
    .await
}

/// Takes a person's remarks out of what failed in his records; that it failed stays.
pub async fn erase(tx: &mut Tx, person: Uuid) -> Result<u64> {
    tx.exec(
        sql!("UPDATE form_failure SET remark = NULL WHERE tenant_id = $1 AND employee_id = $3"),
        args![person],
    )
    .await
}
