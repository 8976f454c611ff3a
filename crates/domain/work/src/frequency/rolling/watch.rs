//! Looks for companies whose weeks are to be planned.

use std::{sync::Weak, time::Duration};

use api::Kit;

use super::settle;

const EVERY: Duration = Duration::from_secs(60);

/// Runs until the last handle is dropped.
pub(super) async fn watch(kit: Weak<Kit>) {
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        let Some(kit) = kit.upgrade() else { return };
        let kit = &kit;
        let done = kit.db.each_company("the weeks ahead are planned later", |tenant| settle(kit, tenant));
        if let Err(e) = done.await {
            tracing::warn!(error = %e, "the weeks ahead wait for the store");
        }
    }
}
