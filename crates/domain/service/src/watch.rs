//! Orders as time goes on: questions nobody answered go back to the desk, what is late is told, documents are made.

use std::{collections::HashMap, sync::Weak, time::Duration};

use base::{Micros, Problem};
use db::{Result, Scope};
use uuid::Uuid;

use crate::{
    Inner, inspections, maintenance,
    orders::{self, rules::Move, sql::OrderRow},
    report,
};

/// How often orders are looked at.
const EVERY: Duration = Duration::from_secs(5);

/// How often what comes round by the day or by a meter is looked at.
const SELDOM: i64 = 60 * Micros::SECOND;

/// Makes what comes round: maintenance that is due, rounds of today, reports of rounds that are over.
pub(crate) async fn come_round(inner: &Inner, tenant: Uuid) -> Result<()> {
    maintenance::work_off(inner, tenant).await?;
    inspections::make_due(inner, tenant, None).await?;
    inspections::settle(inner, tenant).await
}

/// When what is seldom due was last looked at, by company.
#[derive(Default)]
pub(crate) struct Looked(HashMap<Uuid, Micros>);

impl Looked {
    /// Is it time to look again? A clock that was set back is no reason to wait.
    pub fn due(&mut self, tenant: Uuid, now: Micros, every: i64) -> bool {
        let waits = self.0.get(&tenant).is_some_and(|last| *last <= now && now.0 - last.0 < every);
        if !waits {
            self.0.insert(tenant, now);
        }
        !waits
    }
}

/// Runs until the last handle is dropped.
pub(crate) async fn watch(inner: Weak<Inner>) {
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        let Some(inner) = inner.upgrade() else { return };
        let inner = &inner;
        if let Err(e) = inner.kit.db.each_company("orders are late", |tenant| look_after(inner, tenant)).await
        {
            tracing::warn!(error = %e, "orders wait for the store");
        }
    }
}

async fn look_after(inner: &Inner, tenant: Uuid) -> Result<()> {
    if inner.looked.lock().due(tenant, inner.kit.now(), SELDOM) {
        come_round(inner, tenant).await?;
    }
    settle(inner, tenant).await
}

/// What is due of an order.
#[derive(Clone, Copy)]
enum Due {
    Answer,
    Orphan,
    HandedOn,
    Late,
}

/// Does what is due in a company.
pub(crate) async fn settle(inner: &Inner, tenant: Uuid) -> Result<()> {
    let scope = Scope::job("service", tenant);
    let now = inner.kit.now();
    let mut r = inner.kit.db.read(&scope).await?;
    let unanswered = orders::sql::unanswered(&mut r, now).await?;
    // A day is over when the morning comes: whoever works through the night is still on his way.
    let today = now.plus(-6 * Micros::HOUR).local_day(&org::zone(&mut r).await?);
    let orphaned = orders::sql::orphaned(&mut r, today).await?;
    let handed_on = orders::sql::handed_on(&mut r).await?;
    let late = orders::sql::late(&mut r, now).await?;
    drop(r);
    let of = |rows: Vec<OrderRow>, due: Due| rows.into_iter().map(move |row| (row.id, due));
    // Before the unanswered: who has it now is asked anew.
    let todo = of(handed_on, Due::HandedOn)
        .chain(of(unanswered, Due::Answer))
        .chain(of(orphaned, Due::Orphan))
        .chain(of(late, Due::Late));
    for (order, due) in todo {
        let done = inner.kit.db.write(&scope, move |tx| {
            Box::pin(async move {
                let row = orders::sql::of_company(tx, order).await?;
                let row = row.ok_or_else(|| Problem::internal("an order that was just read"))?;
                match due {
                    Due::HandedOn => orders::hand_on(tx, &row).await,
                    // Asked anew meanwhile, he has his time.
                    Due::Answer if row.expires_at.is_some_and(|until| until > tx.now()) => Ok(()),
                    Due::Answer => orders::expire(tx, &row).await,
                    Due::Orphan => orders::give_back(
                        tx,
                        &row,
                        Move::Return,
                        Some("任务已取消或过期 / task cancelled or its day over"),
                    )
                    .await
                    .map(drop),
                    Due::Late => orders::tell_late(tx, &row).await,
                }
            })
        });
        // One that cannot be moved on stops no other.
        if let Err(e) = done.await {
            tracing::warn!(%order, error = %e, "an order waits");
        }
    }
    report::make_documents(inner, tenant).await
}
