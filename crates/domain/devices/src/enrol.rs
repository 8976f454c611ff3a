//! Enrolling a phone, and deciding about it.

use api::Checks;
use base::{Problem, problem};
use db::{Query, Reach, Result, Tx};
use proof::seal;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{BAD_KEY, DeviceStatus, NOT_IMPARTIAL, TOO_MANY, sql};

/// Keys of one person in use or waiting: browsers that clear their data make new ones. Refusing or giving up old ones makes room.
const MOST: i64 = 200;

/// A phone's key, to be enrolled for the person who is signed in on it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDeviceKey {
    /// Made by the phone (UUIDv7).
    pub id: Uuid,
    /// ECDSA P-256, the uncompressed point in base64url without padding.
    #[schema(max_length = 100)]
    pub public_key: String,
    #[schema(max_length = 80)]
    pub device_id: String,
    #[schema(max_length = 80)]
    pub name: String,
}

/// Enrols a phone for the acting person; the same again answers as before. Answers the enrolment's id.
pub(crate) async fn enrol(tx: &mut Tx, new: NewDeviceKey) -> Result<Uuid> {
    Checks::new().text("device_id", &new.device_id, 80).text("name", &new.name, 80).done()?;
    let public = seal::public_key(&new.public_key).ok_or_else(|| Problem::new(BAD_KEY))?;
    let key_sha256 = seal::digest(&public);
    if let Some(known) = sql::mine_of(tx, &key_sha256).await? {
        if known.department_id != known.now_in {
            sql::seen(tx, known.id).await?;
        }
        return Ok(known.id);
    }
    let had = sql::count_mine(tx).await?;
    if sql::count_in_use(tx).await? >= MOST {
        return Err(Problem::new(TOO_MANY));
    }
    let me = org::person(tx, tx.scope_actor()).await?;
    // The first phone has to come from somewhere; every further one is a change that somebody should know of.
    let status = if had == 0 { DeviceStatus::Accepted } else { DeviceStatus::Waiting };
    let row = sql::NewKey {
        id: new.id,
        department_id: me.department_id,
        key_sha256: &key_sha256,
        public_key: &new.public_key,
        device_id: &new.device_id,
        name: new.name.trim(),
        status: status.key(),
    };
    if !sql::insert(tx, &row).await? {
        // Two tabs at once, or an id that is taken.
        let known = sql::mine_of(tx, &key_sha256).await?;
        return known.map(|k| k.id).ok_or_else(|| Problem::new(problem::CONFLICT));
    }
    let after = json!({ "after": { "name": row.name, "key": key_sha256, "status": status.key() } });
    tx.audit("device.enrolled", "device", new.id, after).await?;
    if status == DeviceStatus::Waiting {
        for boss in org::responsible(tx, me.department_id, me.id).await? {
            let params = json!({ "name": me.name, "device": row.name });
            let notice =
                notify::New { kind: "device.waiting", params, link: Some("/truth?view=phones".into()) };
            notify::send(tx, boss.id, boss.department_id, notice).await?;
        }
    }
    Ok(new.id)
}

/// Accepts or refuses a phone in reach. Answers whether that is news: who holds something against what an accepted phone
/// recorded has to let go of it ([`crate::visits_of`]).
///
/// # Errors
/// [`NOT_IMPARTIAL`] for the own phone, and what lies out of reach as missing.
pub async fn decide(tx: &mut Tx, id: Uuid, accept: bool, reason: &str) -> Result<bool> {
    Checks::new().that("reason", reason.chars().count() <= 500).done()?;
    let key = sql::one(tx, id).await?;
    if key.employee_id == tx.scope_actor() && tx.scope().reach() != Reach::Company {
        return Err(Problem::new(NOT_IMPARTIAL));
    }
    let status = if accept { DeviceStatus::Accepted } else { DeviceStatus::Refused };
    if DeviceStatus::of(&key.status) == status {
        return Ok(false);
    }
    sql::decide(tx, id, status.key(), reason.trim()).await?;
    if accept {
        sql::accept_records(tx, id).await?;
    }
    let change = json!({ "before": { "status": key.status }, "after": { "status": status.key(), "reason": reason.trim() } });
    tx.audit("device.decided", "device", id, change).await?;
    if key.employee_id != tx.scope_actor() {
        let kind = if accept { "device.accepted" } else { "device.refused" };
        let params = json!({ "device": key.name, "reason": reason.trim() });
        let notice = notify::New { kind, params, link: Some("/me/devices".into()) };
        notify::send(tx, key.employee_id, key.department_id, notice).await?;
    }
    Ok(true)
}

/// Gives up a phone of one's own.
pub(crate) async fn revoke(tx: &mut Tx, id: Uuid) -> Result<()> {
    let key = sql::mine(tx, id).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    if DeviceStatus::of(&key.status) != DeviceStatus::Revoked {
        sql::decide(tx, id, DeviceStatus::Revoked.key(), "").await?;
        tx.audit("device.revoked", "device", id, json!({ "before": { "status": key.status } })).await?;
    }
    Ok(())
}
