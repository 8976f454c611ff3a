//! Items that failed: kept one by one, and what the form says is opened for each, once.

mod sql;

use std::collections::BTreeSet;

use base::{LocalDay, Micros};
use db::{BoxFuture, Result, Tx};
use forms::{FieldKind, Follow, Item, Opens};
use serde_json::{Map, Value, json};
use uuid::Uuid;

pub(crate) use sql::erase;

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
    for known in sql::known(tx, j.record).await? {
        if known.stands && !now.contains(known.field.as_str()) {
            sql::set_stands(tx, j.record, &known.field, false).await?;
        }
    }
    for (field, item) in failing {
        let answer = &j.answers[&field.key];
        let remark = answer["remark"].as_str();
        sql::keep(tx, j, &field.key, &json!(field.label).to_string(), remark, answer["value"].as_f64())
            .await?;
        let (Some(follow), Some(customer)) = (&item.follow, j.customer) else { continue };
        let open = sql::known_one(tx, j.record, &field.key).await?;
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
                sql::set_opened(tx, j.record, &field.key, key(follow.open), id).await?;
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
