//! Leave, overtime and private trips as far as positions are concerned: declaring them closes the gate at once, and what was
//! stored in their time before is removed and only counted.

mod http;

pub(crate) use http::routes;

use std::collections::BTreeMap;

use base::LocalDay;
use db::{Database, Query, Result, Scope};
use uuid::Uuid;

use crate::{ingest::Ingest, sql};

/// Removes what lies in declarations that have not been looked after yet.
pub(crate) async fn sweep_all(db: &Database, ingest: &Ingest, tenant: Uuid) -> Result<()> {
    let scope = Scope::job("sweep", tenant);
    let mut reader = db.read(&scope).await?;
    let waiting = org::declared::unswept(&mut reader).await?;
    if waiting.is_empty() {
        return Ok(());
    }
    let today = db.now().local_day(&org::zone(&mut reader).await?);
    drop(reader);
    for entry in waiting {
        let mut day = entry.from_day;
        while day <= entry.to_day.min(today) {
            ingest.sweep(tenant, entry.employee_id, day).await?;
            day = day.plus_days(1);
        }
        let (id, seen) = (entry.id, entry.changed_at);
        db.write(&scope, move |tx| Box::pin(async move { org::declared::swept(tx, id, seen).await })).await?;
    }
    Ok(())
}

/// What is known of readings that are not there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counted {
    /// Refused, by reason.
    pub refused: BTreeMap<String, i64>,
    /// Removed after they had been stored, by reason.
    pub removed: BTreeMap<String, i64>,
}

/// Refused and removed readings of a person's days.
pub async fn counted(
    q: &mut impl Query,
    employee: Uuid,
    from: LocalDay,
    to: LocalDay,
) -> Result<BTreeMap<LocalDay, Counted>> {
    let mut days: BTreeMap<LocalDay, Counted> = BTreeMap::new();
    for row in sql::refused_of(q, employee, from, to).await? {
        days.entry(row.day).or_default().refused.insert(row.reason, row.count);
    }
    for row in sql::removed_of(q, employee, from, to).await? {
        days.entry(row.day).or_default().removed.insert(row.reason, row.count);
    }
    Ok(days)
}
