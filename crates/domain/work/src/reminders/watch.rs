//! Looks for visits that are due.

use std::{sync::Weak, time::Duration};

use api::Kit;
use base::Micros;
use db::{Result, Scope, Tx};
use serde_json::json;
use uuid::Uuid;

use super::{rule, sql};

const EVERY: Duration = Duration::from_secs(30);
/// What has been over for longer is told to nobody: the server was away, and everybody knows by now.
const LATEST: i64 = 2 * Micros::HOUR;

/// Runs until the last handle is dropped.
pub(super) async fn watch(kit: Weak<Kit>) {
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        let Some(kit) = kit.upgrade() else { return };
        let kit = &kit;
        if let Err(e) = kit.db.each_company("reminders are late", |tenant| settle(kit, tenant)).await {
            tracing::warn!(error = %e, "reminders wait for the store");
        }
    }
}

/// Tells what is due in a company now.
///
/// # Errors
/// When the store cannot be read or written; the next round tries again.
pub async fn settle(kit: &Kit, tenant: Uuid) -> Result<()> {
    let scope = Scope::job("reminders", tenant);
    let now = kit.now();
    let mut r = kit.db.read(&scope).await?;
    let (rule, _) = rule(&mut r).await?;
    let zone = org::zone(&mut r).await?;
    let day = now.local_day(&zone);
    let mut soon = match rule.soon_minutes {
        0 => vec![],
        minutes => sql::due(&mut r, "soon", day, now, now.plus(minutes * Micros::MINUTE)).await?,
    };
    let overdue = match rule.overdue {
        false => vec![],
        true => sql::due(&mut r, "overdue", day, now.plus(-LATEST), now).await?,
    };
    // Nobody is reminded outside his working time, also not of a window that is longer.
    let mut at_work = vec![];
    for row in &soon {
        if at_work.iter().all(|(who, _)| *who != row.employee_id) {
            let duty = org::duty(&mut r, row.employee_id, day).await?;
            at_work.push((row.employee_id, duty.iter().any(|d| d.from <= now && now < d.to)));
        }
    }
    drop(r);
    soon.retain(|row| at_work.contains(&(row.employee_id, true)));
    for (kind, rows) in [("soon", soon), ("overdue", overdue)] {
        for together in rows.chunk_by(|a, b| {
            (a.employee_id, a.due_at, a.created_by) == (b.employee_id, b.due_at, b.created_by)
        }) {
            let rows = together.to_vec();
            let zone = zone.clone();
            kit.db
                .write(&scope, move |tx| Box::pin(async move { tell(tx, kind, rows, &zone).await }))
                .await?;
        }
    }
    Ok(())
}

/// One notice for visits of one person that are due at the same time.
async fn tell(
    tx: &mut Tx,
    kind: &'static str,
    rows: Vec<sql::DueRow>,
    zone: &jiff::tz::TimeZone,
) -> Result<()> {
    let mut names = vec![];
    for row in &rows {
        if sql::told(tx, row.id, kind, row.due_at).await? {
            names.push(row.customer_name.as_str());
        }
    }
    let (Some(first), false) = (rows.first(), names.is_empty()) else { return Ok(()) };
    let day = first.due_at.local_day(zone);
    let minute = first.due_at.local_minute(zone);
    // A window until midnight ends at the last minute of its day.
    let at = if minute == 0 { "24:00".into() } else { format!("{:02}:{:02}", minute / 60, minute % 60) };
    let params = json!({ "by": first.employee_name, "count": names.len(), "zh": names.join("、"), "en": names.join(", "), "at": at });
    if kind == "soon" {
        let notice = notify::New { kind: "task.soon", params, link: Some("/".into()) };
        return notify::send(tx, first.employee_id, first.department_id, notice).await.map(drop);
    }
    let found = org::by_ids(tx, &[first.created_by]).await?;
    let planner = found.into_iter().find(|p| p.id != first.employee_id && p.status == "active");
    let Some(planner) = planner else { return Ok(()) };
    let link = format!("/tasks?task={}&from={day}&to={day}", first.id);
    let notice = notify::New { kind: "task.overdue", params, link: Some(link) };
    notify::send(tx, planner.id, planner.department_id, notice).await.map(drop)
}
