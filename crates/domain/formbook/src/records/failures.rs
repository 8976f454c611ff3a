//! Items that failed: kept one by one, and what the form says is opened for each, once.

use std::collections::BTreeSet;

use base::{LocalDay, Micros};
use db::{BoxFuture, Query, Result, Tx, args, sql};
use forms::{FieldKind, Follow, Item, Opens};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::model::{Spec, Text};

/// An item that failed, for whoever opens work for it.
#[derive(Debug, Clone)]
pub struct Failed {
    pub record: Uuid,
    pub form_title: Text,
    /// Key and name of the item.
    pub field: String,
    pub label: Text,
    pub remark: Option<String>,
    /// Whoever filled the form in.
    pub author: Uuid,
    pub customer: Uuid,
    pub day: LocalDay,
    pub filled_at: Micros,
    pub follow: Follow,
}

/// Registered by the floor that has this kind of work: opens it in the transaction of the record and answers its id, or
/// nothing when nobody can be found to do it.
pub struct FollowHook {
    pub opens: Opens,
    pub open: for<'a> fn(&'a mut Tx, Failed) -> BoxFuture<'a, Result<Option<Uuid>>>,
}
inventory::collect!(FollowHook);

/// A record whose items were judged.
pub(crate) struct Judged<'a> {
    pub record: Uuid,
    pub form: Uuid,
    pub spec: &'a Spec,
    pub author: Uuid,
    pub department: Uuid,
    /// None for what was filled in outside visits: nothing is opened for it.
    pub customer: Option<Uuid>,
    pub day: LocalDay,
    pub filled_at: Micros,
    pub answers: &'a Map<String, Value>,
}

/// Keeps which items of a record fail, and opens what is to follow. An item opens nothing twice, however often the record
/// is answered again or corrected.
pub(crate) async fn note(tx: &mut Tx, j: &Judged<'_>) -> Result<()> {
    let items = j.spec.0.fields.iter().filter_map(|f| match &f.kind {
        FieldKind::Check(item) => Some((f, item)),
        _ => None,
    });
    let failing: Vec<(&forms::Field, &Item)> =
        items.filter(|(f, _)| j.answers.get(&f.key).is_some_and(|v| v["result"] == "fail")).collect();
    let now: BTreeSet<&str> = failing.iter().map(|(f, _)| f.key.as_str()).collect();
    for known in known(tx, j.record).await? {
        if known.stands && !now.contains(known.field.as_str()) {
            set_stands(tx, j.record, &known.field, false).await?;
        }
    }
    for (field, item) in failing {
        let answer = &j.answers[&field.key];
        let remark = answer["remark"].as_str();
        keep(tx, j, &field.key, &json!(field.label).to_string(), remark, answer["value"].as_f64()).await?;
        let (Some(follow), Some(customer)) = (&item.follow, j.customer) else { continue };
        let open = known_one(tx, j.record, &field.key).await?;
        if open.is_some_and(|k| k.opened.is_some()) {
            continue;
        }
        let failed = Failed {
            record: j.record,
            form_title: j.spec.0.title.clone(),
            field: field.key.clone(),
            label: field.label.clone(),
            remark: remark.map(str::to_owned),
            author: j.author,
            customer,
            day: j.day,
            filled_at: j.filled_at,
            follow: follow.clone(),
        };
        for hook in inventory::iter::<FollowHook>.into_iter().filter(|h| h.opens == follow.open) {
            if let Some(id) = (hook.open)(tx, failed.clone()).await? {
                set_opened(tx, j.record, &field.key, key(follow.open), id).await?;
            }
        }
    }
    Ok(())
}

fn key(opens: Opens) -> &'static str {
    match opens {
        Opens::Task => "task",
        Opens::WorkOrder => "work_order",
    }
}

db::row! { struct KnownRow { field: String, stands: bool, opened: Option<String> } }

async fn known(tx: &mut Tx, record: Uuid) -> Result<Vec<KnownRow>> {
    tx.all(
        sql!("SELECT x.field, x.stands, x.opened FROM form_failure x WHERE x.tenant_id = $1 AND x.record_id = $3"),
        args![record],
    )
    .await
}

async fn known_one(tx: &mut Tx, record: Uuid, field: &str) -> Result<Option<KnownRow>> {
    Ok(known(tx, record).await?.into_iter().find(|k| k.field == field))
}

async fn keep(
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

async fn set_stands(tx: &mut Tx, record: Uuid, field: &str, stands: bool) -> Result<u64> {
    tx.exec(
        sql!("UPDATE form_failure SET stands = $5 WHERE tenant_id = $1 AND record_id = $3 AND field = $4"),
        args![record, field, stands],
    )
    .await
}

async fn set_opened(tx: &mut Tx, record: Uuid, field: &str, opened: &str, id: Uuid) -> Result<u64> {
    tx.exec(
        sql!(
            "UPDATE form_failure SET opened = $5, opened_id = $6 WHERE tenant_id = $1 AND record_id = $3 AND field = $4 AND opened IS NULL"
        ),
        args![record, field, opened, id],
    )
    .await
}

/// Takes a person's remarks out of what failed in his records; that it failed stays.
pub(crate) async fn erase(tx: &mut Tx, person: Uuid) -> Result<u64> {
    tx.exec(
        sql!("UPDATE form_failure SET remark = NULL WHERE tenant_id = $1 AND employee_id = $3"),
        args![person],
    )
    .await
}
