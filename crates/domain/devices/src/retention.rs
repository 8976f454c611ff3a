//! Deleting seals that seal nothing any more. A seal of a visit's record stays as long as that record does. Every other one only tells
//! when somebody used his phone: it is kept as long as his positions are, by the same decision of the company.

use std::{sync::Arc, time::Duration};

use api::Kit;
use base::Micros;
use db::{Database, Result, Scope, Tx};
use serde_json::json;
use uuid::Uuid;

use crate::sql;

const EVERY: Duration = Duration::from_secs(300);

/// Deletes what is due. Once a process; ends with it.
pub fn start(kit: &Kit) {
    let (db, alive) = (kit.db.clone(), Arc::downgrade(&kit.config));
    tokio::spawn(async move {
        let mut tick = tokio::time::interval(EVERY);
        loop {
            tick.tick().await;
            if alive.strong_count() == 0 {
                return;
            }
            let due = |tenant| {
                let db = &db;
                async move { purge(db, tenant).await.map(drop) }
            };
            if let Err(problem) = db.each_company("old seals wait to be deleted", due).await {
                tracing::warn!(error = %problem, "old seals wait to be deleted");
            }
        }
    });
}

/// Deletes the seals of a company that are due; answers how many. A day at a time, so that nobody waits long for the store, and each day
/// once: what stays of it stays for good.
///
/// # Errors
/// When the store fails; what was deleted until then stays deleted.
pub async fn purge(db: &Database, tenant: Uuid) -> Result<u64> {
    let scope = Scope::job("retention", tenant);
    let mut reader = db.read(&scope).await?;
    let Some(keep) = org::retention(&mut reader).await?.positions_days else { return Ok(0) };
    let zone = org::zone(&mut reader).await?;
    let days = i32::try_from(keep).unwrap_or(i32::MAX);
    let before = db.now().local_day(&zone).plus_days(-days);
    let (end, _) = before.bounds(&zone);
    let done = sql::purged_to(&mut reader).await?.unwrap_or(Micros(0));
    let mut next = sql::next_seal(&mut reader, done, end).await?;
    drop(reader);
    let mut purged = 0;
    while let Some(first) = next {
        let (_, midnight) = first.local_day(&zone).bounds(&zone);
        purged += db
            .write(&scope, move |tx| Box::pin(async move { purge_between(tx, first, midnight).await }))
            .await?;
        next = sql::next_seal(&mut db.read(&scope).await?, midnight, end).await?;
    }
    if purged > 0 {
        db.write(&scope, move |tx| {
            Box::pin(async move {
                let counts = json!({ "before": before, "keep_days": keep, "seals": purged });
                tx.audit("retention.seals", "company", tenant, counts).await
            })
        })
        .await?;
    }
    Ok(purged)
}

async fn purge_between(tx: &mut Tx, from: Micros, to: Micros) -> Result<u64> {
    let purged = sql::delete_loose_seals(tx, from, to).await?;
    sql::set_purged_to(tx, to).await?;
    Ok(purged)
}
