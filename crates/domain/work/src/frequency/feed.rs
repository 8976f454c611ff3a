//! A person's days as a calendar that other programs subscribe to, by an address that is the key.

use api::Kit;
use base::{Micros, Problem, problem};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use db::{Query, Result, Scope, Tx};
use rand::Rng;
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    ics::{self, Entry},
    sql,
};
use crate::{Task, TaskStatus, tasks};

/// Days shown, back and ahead.
const BACK: i32 = 14;
const AHEAD: i32 = 62;
/// A visit nobody has timed is shown this long.
const USUAL_S: i64 = 30 * 60;

fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// When the acting person's calendar was opened; `None` when it is closed.
pub async fn since(kit: &Kit, scope: &Scope) -> Result<Option<Micros>> {
    let mut global = kit.db.global_read().await?;
    Ok(sql::key_of(&mut global, scope.tenant(), scope.actor()).await?.map(|k| k.created_at))
}

/// Opens the acting person's calendar under a new secret; an older address ends. Answers the secret, which is
/// kept only as its hash.
pub async fn open(kit: &Kit, scope: &Scope) -> Result<String> {
    let mut bytes = [0u8; 24];
    rand::rng().fill(&mut bytes[..]);
    let secret = URL_SAFE_NO_PAD.encode(bytes);
    let kept = hash(&secret);
    kit.db
        .write(scope, move |tx| {
            Box::pin(async move {
                let me = tx.scope().actor();
                sql::delete_key(tx, me).await?;
                sql::insert_key(tx, &kept, me).await?;
                tx.audit("calendar.open", "employee", me, json!({})).await
            })
        })
        .await?;
    Ok(secret)
}

/// Closes it.
pub async fn close(kit: &Kit, scope: &Scope) -> Result<()> {
    kit.db
        .write(scope, move |tx| {
            Box::pin(async move {
                let me = tx.scope().actor();
                if sql::delete_key(tx, me).await? > 0 {
                    tx.audit("calendar.close", "employee", me, json!({})).await?;
                }
                Ok(())
            })
        })
        .await
}

/// For the erasing of a person.
pub async fn forget(tx: &mut Tx, person: Uuid) -> Result<u64> {
    sql::delete_key(tx, person).await
}

/// The calendar a secret opens.
///
/// # Errors
/// `not_found` for an unknown secret, and when the person has left.
pub async fn calendar(kit: &Kit, secret: &str) -> Result<String> {
    let unknown = || Problem::new(problem::NOT_FOUND);
    let key = sql::by_hash(&mut kit.db.global_read().await?, &hash(secret)).await?.ok_or_else(unknown)?;
    let scope = Scope::job("calendar", key.tenant_id);
    let mut r = kit.db.read(&scope).await?;
    let person = org::person(&mut r, key.employee_id).await?;
    if person.status != "active" {
        return Err(unknown());
    }
    let (now, zone) = (kit.now(), org::zone(&mut r).await?);
    let today = now.local_day(&zone);
    let rows =
        tasks::sql::of_person(&mut r, person.id, today.plus_days(-BACK), today.plus_days(AHEAD)).await?;
    let entries: Vec<Entry> =
        rows.iter().map(|row| Ok(entry(&row.shown(now)?, row.due_at, &zone))).collect::<Result<_>>()?;
    Ok(ics::calendar(&person.name, &entries, now))
}

fn entry(task: &Task, due_at: Micros, zone: &jiff::tz::TimeZone) -> Entry {
    let length = task.service_s.unwrap_or_else(|| task.min_stay_s.max(USUAL_S)) * Micros::SECOND;
    let opens = task.day.at_minute(task.window.from_minute, zone);
    let from = task.eta.unwrap_or(opens);
    Entry {
        id: format!("{}@tashi", task.id),
        sequence: task.version,
        from,
        // Without an expected arrival the whole window is meant.
        to: if task.eta.is_some() { from.plus(length) } else { due_at },
        title: task.customer.name.clone(),
        text: [Some(task.title.as_str()), task.note.as_deref()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join("\n"),
        address: task.customer.address.clone(),
        cancelled: matches!(task.status, TaskStatus::Cancelled | TaskStatus::Skipped),
    }
}
