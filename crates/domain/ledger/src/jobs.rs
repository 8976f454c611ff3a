//! The daily checkpoint, signed soon after local midnight, and a walk over the log before it.

use std::{sync::Weak, time::Duration};

use db::{Result, Scope};
use uuid::Uuid;

use crate::{Ledger, sql};

const EVERY: Duration = Duration::from_secs(300);

/// Runs until the ledger is dropped.
pub(crate) async fn run(ledger: Weak<Ledger>) {
    let mut tick = tokio::time::interval(EVERY);
    loop {
        tick.tick().await;
        let Some(ledger) = ledger.upgrade() else { return };
        let ledger = &ledger;
        let signed = ledger.kit.db.each_company("no checkpoint today", |tenant| sign_if_due(ledger, tenant));
        if let Err(problem) = signed.await {
            tracing::warn!(error = %problem, "daily checkpoints wait");
        }
    }
}

async fn sign_if_due(ledger: &Ledger, tenant: Uuid) -> Result<()> {
    let mut r = ledger.kit.db.read(&Scope::job("ledger", tenant)).await?;
    let zone = org::zone(&mut r).await?;
    let (midnight, _) = ledger.kit.now().local_day(&zone).bounds(&zone);
    let (size, signed) = (sql::size(&mut r).await?, sql::signed_since(&mut r, midnight).await?);
    let last = sql::checkpoints(&mut r, None, 1).await?.first().map(|c| c.size);
    drop(r);
    if size == 0 || signed || last == Some(size) {
        return Ok(());
    }
    ledger.inspect(tenant).await?;
    ledger.sign(tenant, "daily").await.map(drop)
}
