//! Cases as time goes on: limits that are over, absences that begin, people who leave.

use std::{sync::Weak, time::Duration};

use api::Kit;
use db::{Result, Scope};
use uuid::Uuid;

use crate::{Inner, cases, choices, delegations, files};

/// How often cases are looked at.
const EVERY: Duration = Duration::from_secs(15);

/// Runs until the last handle is dropped.
pub(crate) async fn watch(inner: Weak<Inner>) {
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        let Some(inner) = inner.upgrade() else { return };
        let kit = &inner.kit;
        if let Err(e) = kit.db.each_company("approvals are late", |tenant| settle(kit, tenant)).await {
            tracing::warn!(error = %e, "approvals wait for the store");
        }
    }
}

/// What happens to a case by itself.
#[derive(Clone, Copy)]
enum Due {
    Time,
    Away(Uuid),
}

/// Does what is due in a company.
pub(crate) async fn settle(kit: &Kit, tenant: Uuid) -> Result<()> {
    let scope = Scope::job("approvals", tenant);
    let now = kit.now();
    let mut r = kit.db.read(&scope).await?;
    let mut todo: Vec<(Uuid, Due)> =
        cases::left(&mut r).await?.into_iter().map(|(c, p)| (c, Due::Away(p))).collect();
    let beginning = delegations::beginning(&mut r, now).await?;
    for (_, person) in &beginning {
        todo.extend(cases::asking(&mut r, *person).await?.into_iter().map(|case| (case, Due::Away(*person))));
    }
    todo.extend(cases::waiting(&mut r, now).await?.into_iter().map(|case| (case, Due::Time)));
    drop(r);
    let mut all_done = true;
    for (case, due) in todo {
        let done = kit
            .db
            .write(&scope, move |tx| {
                Box::pin(async move {
                    match due {
                        Due::Time => cases::due(tx, case).await,
                        Due::Away(person) => cases::hand_on(tx, case, person).await,
                    }
                })
            })
            .await;
        // One that cannot be moved on stops no other.
        if let Err(e) = done {
            all_done = false;
            tracing::warn!(%case, error = %e, "a case waits");
        }
    }
    files::sweep(kit, &scope).await?;
    choices::sweep(kit, &scope).await?;
    if all_done && !beginning.is_empty() {
        let ids: Vec<Uuid> = beginning.into_iter().map(|(id, _)| id).collect();
        kit.db.write(&scope, move |tx| Box::pin(async move { delegations::begun(tx, &ids).await })).await?;
    }
    Ok(())
}
