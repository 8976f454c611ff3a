//! Learns what was asked for, and what has grown old where it is used.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use api::Kit;
use base::Micros;
use db::{Result, Scope, global_sql};
use tokio::sync::Notify;
use travel::learned;
use uuid::Uuid;

/// How long somebody who asked another server of the company waits at most for the beginning.
const EVERY: Duration = Duration::from_secs(30);
/// What is used is learned anew after this long.
const FRESH: i64 = Micros::DAY;

db::row! { struct TenantRow { tenant_id: Uuid } }

/// Handle to the learning; it ends with the last one.
#[derive(Clone)]
pub struct Learning {
    #[expect(dead_code, reason = "held so that the learning goes on")]
    kit: Arc<Kit>,
    asked: Arc<Notify>,
}

impl Learning {
    /// Starts it. Once a process.
    pub fn start(kit: &Kit) -> Learning {
        let (kit, asked) = (Arc::new(kit.clone()), Arc::new(Notify::new()));
        tokio::spawn(watch(Arc::downgrade(&kit), asked.clone()));
        Learning { kit, asked }
    }

    /// Somebody has asked: begins at once where nothing is learned at the moment.
    pub(super) fn wake(&self) {
        self.asked.notify_one();
    }
}

async fn watch(kit: Weak<Kit>, asked: Arc<Notify>) {
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = tick.tick() => {}
            () = asked.notified() => {}
        }
        let Some(kit) = kit.upgrade() else { return };
        if let Err(e) = all(&kit).await {
            tracing::warn!(error = %e, "learning waits for the store");
        }
    }
}

async fn all(kit: &Kit) -> Result<()> {
    let tenants: Vec<TenantRow> = kit
        .db
        .global_read()
        .await?
        .all(global_sql!("SELECT tenant_id FROM tenant ORDER BY tenant_id"), vec![])
        .await?;
    for TenantRow { tenant_id } in tenants {
        let Some(_turn) = kit.db.turn(tenant_id).await? else { continue };
        // A company that cannot learn stops no other.
        if let Err(e) = settle(kit, tenant_id).await {
            tracing::warn!(error = %e, "nothing learned from past days");
        }
    }
    Ok(())
}

async fn settle(kit: &Kit, tenant: Uuid) -> Result<()> {
    let scope = Scope::job("learn", tenant);
    let kept = learned::kept(&mut kit.db.read(&scope).await?).await?;
    let old = kept.learned_at.max(kept.failed_at).is_none_or(|at| kit.now().0 - at.0 > FRESH);
    if kept.asked_at.is_none() && !(kept.on && old) {
        return Ok(());
    }
    let done = super::learn(kit, tenant).await;
    if done.is_err() {
        kit.db.write(&scope, |tx| Box::pin(async move { learned::give_up(tx).await.map(drop) })).await?;
    }
    done
}
