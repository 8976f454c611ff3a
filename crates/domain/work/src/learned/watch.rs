//! Learns what was asked for, and what has grown old where it is used.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use api::Kit;
use base::Micros;
use db::{Result, Scope};
use tokio::sync::Notify;
use travel::learned;
use uuid::Uuid;

/// How long somebody who asked another server of the company waits at most for the beginning.
const EVERY: Duration = Duration::from_secs(30);
/// What is used is learned anew after this long.
const FRESH: i64 = Micros::DAY;

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
        let kit = &kit;
        if let Err(e) =
            kit.db.each_company("nothing learned from past days", |tenant| settle(kit, tenant)).await
        {
            tracing::warn!(error = %e, "learning waits for the store");
        }
    }
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
