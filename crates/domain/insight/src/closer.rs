//! Closing days: when somebody's working time ends his figures are made without anybody asking, and made
//! again when something comes late. Days without working time are closed after midnight.

use std::{collections::HashSet, sync::Weak, time::Duration};

use base::{LocalDay, Micros};
use db::{Result, Scope};
use tokio::sync::broadcast::error::TryRecvError;
use uuid::Uuid;

use crate::{Inner, Insight, day};

const EVERY: Duration = Duration::from_secs(30);
/// Fixes on their way when duty ends are waited for so long.
const GRACE: i64 = 2 * Micros::MINUTE;

type Key = (Uuid, Uuid, LocalDay);

/// Runs until the last handle to insight is dropped.
pub(crate) async fn run(inner: Weak<Inner>) {
    let Some(insight) = inner.upgrade().map(Insight) else { return };
    let mut moved = insight.tracking().moved();
    drop(insight);
    let mut closed: HashSet<Key> = HashSet::new();
    let mut tick = tokio::time::interval(EVERY);
    loop {
        tick.tick().await;
        let Some(insight) = inner.upgrade().map(Insight) else { return };
        loop {
            match moved.try_recv() {
                Ok(m) => {
                    closed.remove(&(m.tenant, m.employee, m.day));
                }
                Err(TryRecvError::Lagged(_)) => closed.clear(),
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        if let Err(e) = close_all(&insight, &mut closed).await {
            tracing::warn!(error = %e, "days stay open for now");
        }
    }
}

async fn close_all(insight: &Insight, closed: &mut HashSet<Key>) -> Result<()> {
    for tenant in insight.db().companies().await? {
        let Some(_turn) = insight.db().turn(tenant).await? else { continue };
        let today = insight.db().now().local_day(&insight.tracking().zone(tenant).await?);
        closed.retain(|(t, _, day)| *t != tenant || *day >= today.plus_days(-1));
        for day in [today.plus_days(-1), today] {
            close_company(insight, tenant, day, closed).await?;
        }
    }
    Ok(())
}

/// Closes what is over in a company.
async fn close_company(
    insight: &Insight,
    tenant: Uuid,
    day: LocalDay,
    closed: &mut HashSet<Key>,
) -> Result<()> {
    let now = insight.db().now();
    let today = now.local_day(&insight.tracking().zone(tenant).await?);
    let mut reader = insight.db().read(&Scope::job("close", tenant)).await?;
    let people = org::people(&mut reader).await?;
    let work = work::day_of_all(&mut reader, day, now).await?;
    let marks = tracking::marks(&mut reader, day).await?;
    drop(reader);
    let busy: HashSet<Uuid> = work.keys().chain(marks.keys()).copied().collect();
    for person in people {
        let key = (tenant, person.id, day);
        if closed.contains(&key) {
            continue;
        }
        let rule = insight.tracking().rule(tenant, person.id, day).await?;
        let over = match rule.duty.last() {
            Some(last) => now.0 > last.to_ms.saturating_mul(1000) + GRACE,
            None => day < today,
        };
        if !over {
            continue;
        }
        let works = rule.mode != "off" && !rule.duty.is_empty();
        if works || busy.contains(&person.id) {
            day::compute(insight, tenant, &person, day).await?;
        }
        closed.insert(key);
    }
    Ok(())
}
