//! On the day an article is due whoever has not read it hears of it once, in the morning.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use api::Kit;
use db::{Result, Scope};
use serde_json::json;
use uuid::Uuid;

use super::sql;

/// How often it is looked.
const EVERY: Duration = Duration::from_secs(60);
/// Nobody is woken by it: minutes after midnight, in the company's zone.
const MORNING: i32 = 8 * 60;

/// Handle to the running part; it ends with the last one.
#[derive(Clone)]
pub struct Reminders {
    _kept: Arc<Kit>,
}

impl Reminders {
    /// Starts reminding. Once a process.
    pub fn start(kit: &Kit) -> Reminders {
        let kept = Arc::new(kit.clone());
        tokio::spawn(watch(Arc::downgrade(&kept)));
        Reminders { _kept: kept }
    }
}

async fn watch(kit: Weak<Kit>) {
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        let Some(kit) = kit.upgrade() else { return };
        if let Err(e) =
            kit.db.each_company("reminders of articles are late", |tenant| settle(&kit, tenant)).await
        {
            tracing::warn!(error = %e, "reminders of articles wait for the store");
        }
    }
}

/// Tells whoever has not read what is due today, once.
///
/// # Errors
/// When the store cannot be read or written; the watching tries again.
pub async fn settle(kit: &Kit, tenant: Uuid) -> Result<()> {
    let (scope, now) = (Scope::job("knowledge", tenant), kit.now());
    let mut r = kit.db.read(&scope).await?;
    let zone = org::zone(&mut r).await?;
    let today = now.local_day(&zone);
    if now.local_minute(&zone) < MORNING {
        return Ok(());
    }
    let due = sql::due(&mut r, today).await?;
    drop(r);
    for article in due {
        kit.db
            .write(&scope, move |tx| {
                Box::pin(async move {
                    if !sql::set_told_due(tx, article.id, today).await? {
                        return Ok(());
                    }
                    for reader in sql::waiting(tx, article.id).await? {
                        let link = Some(format!("/knowledge/{}", article.id));
                        let params = json!({ "title": article.title });
                        let notice = notify::New { kind: "knowledge.due_today", params, link };
                        notify::send(tx, reader.id, reader.department_id, notice).await?;
                    }
                    Ok(())
                })
            })
            .await?;
    }
    Ok(())
}
