use api::Checks;
use base::{Micros, Problem, problem};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use db::{Result, Tx};
use proof::passkey::{self, Expected};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{http::NewPasskey, sql};
use crate::{BAD_PASSKEY, TOO_MANY_PASSKEYS};

/// Passkeys one person may have in use.
const MOST: i64 = 10;
/// A word is good for a new passkey so long.
const ENROL_LIFE: i64 = 10 * Micros::MINUTE;
/// A word is good for a proof so long: as long as a phone may be without a network. It may be brought later.
const LIFE: i64 = 7 * Micros::DAY;
/// The phone's clock may be behind so much: more, and the proof was made for a moment that was over.
const BEHIND: i64 = 10 * Micros::MINUTE;
/// A word younger than this was fetched for the purpose.
const FRESH: i64 = 10 * Micros::MINUTE;

/// A passkey as it was used on a phone. All but the word base64url without padding.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PasskeyConfirmation)]
pub struct Confirmation {
    #[schema(max_length = 1400)]
    pub credential_id: String,
    #[schema(max_length = 2000)]
    pub client_data: String,
    #[schema(max_length = 2000)]
    pub authenticator_data: String,
    #[schema(max_length = 400)]
    pub signature: String,
    /// The random word of the server it was asked with.
    #[schema(max_length = 200)]
    pub nonce: String,
}

impl Confirmation {
    /// No part is longer than one can be.
    pub fn is_short(&self) -> bool {
        [
            (&self.credential_id, 1400),
            (&self.client_data, 2000),
            (&self.authenticator_data, 2000),
            (&self.signature, 400),
            (&self.nonce, 200),
        ]
        .iter()
        .all(|(text, most)| text.len() <= *most)
    }
}

/// What a use of a passkey says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// With a word the server had just issued.
    Fresh,
    /// With an older word: the phone had no network.
    Offline,
    /// Its counter does not go on: there may be a copy.
    Copied,
    /// Not one of the person's in use.
    Unknown,
    /// The word is none of his, or too old.
    Stale,
    /// Made for something else, not verified, or the signature does not hold.
    Broken,
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// Takes a new passkey of the acting person; the same again answers as before.
pub async fn enrol(tx: &mut Tx, new: NewPasskey, origin: &str) -> Result<()> {
    Checks::new()
        .text("name", &new.name, 80)
        .that("client_data", new.client_data.len() <= 2000)
        .that("authenticator_data", new.authenticator_data.len() <= 4000)
        .that("nonce", new.nonce.len() <= 200)
        .done()?;
    let bad = || Problem::new(BAD_PASSKEY);
    let rp_id = host(origin).ok_or_else(bad)?;
    let issued = sql::issued_at(tx, &new.nonce).await?.filter(|t| tx.now().0 - t.0 <= ENROL_LIFE);
    issued.ok_or_else(bad)?;
    let challenge = passkey::challenge("enrol", &new.nonce, &tx.scope_actor().to_string());
    let (client, data) = bytes(&new.client_data).zip(bytes(&new.authenticator_data)).ok_or_else(bad)?;
    let expected = Expected { rp_id, origin, challenge: &challenge };
    let made = passkey::register(&client, &data, &expected).map_err(|_| bad())?;
    let credential_id = URL_SAFE_NO_PAD.encode(&made.credential_id);
    if sql::mine(tx, &credential_id).await?.is_some_and(|known| known.id == new.id) {
        return Ok(());
    }
    if sql::count_mine(tx).await? >= MOST {
        return Err(Problem::new(TOO_MANY_PASSKEYS));
    }
    let me = org::person(tx, tx.scope_actor()).await?;
    let row = sql::NewRow {
        id: new.id,
        department_id: me.department_id,
        credential_id: &credential_id,
        public_key: &URL_SAFE_NO_PAD.encode(&made.public_key),
        rp_id,
        origin,
        name: new.name.trim(),
        counter: made.counter.into(),
        synced: made.synced,
    };
    if !sql::insert(tx, &row).await? {
        return Err(Problem::new(problem::CONFLICT));
    }
    tx.audit(
        "passkey.enrol",
        "passkey",
        new.id,
        json!({ "after": { "name": row.name, "synced": made.synced } }),
    )
    .await
}

/// Host name of an origin such as `https://tashi.example:8443`.
pub fn host(origin: &str) -> Option<&str> {
    let rest = origin.split_once("://")?.1;
    let host =
        if rest.starts_with('[') { rest.split_once(']')?.0.get(1..)? } else { rest.split(':').next()? };
    (!host.is_empty()).then_some(host)
}

/// Withdraws a passkey in reach.
pub async fn withdraw(tx: &mut Tx, id: Uuid) -> Result<()> {
    let row = sql::one(tx, id).await?;
    if sql::withdraw(tx, id).await? > 0 {
        tx.audit(
            "passkey.withdraw",
            "passkey",
            id,
            json!({ "before": { "name": row.name, "employee": row.employee_id } }),
        )
        .await?;
    }
    Ok(())
}

/// Judges a use of a passkey by the acting person for one subject. It never fails for what was sent: that is the judgement.
pub async fn confirm(tx: &mut Tx, given: &Confirmation, subject: &str, at: Micros) -> Result<Held> {
    let Some(known) = sql::mine(tx, &given.credential_id).await? else { return Ok(Held::Unknown) };
    if known.withdrawn_at.is_some_and(|t| at > t) {
        return Ok(Held::Unknown);
    }
    let now = tx.now();
    let in_time = |t: &Micros| (-BEHIND..=LIFE).contains(&(at.0 - t.0));
    let Some(issued) = sql::issued_at(tx, &given.nonce).await?.filter(in_time) else {
        return Ok(Held::Stale);
    };
    let parts = [&given.client_data, &given.authenticator_data, &given.signature, &known.public_key]
        .map(|t| bytes(t));
    let [Some(client), Some(data), Some(signature), Some(public)] = parts else { return Ok(Held::Broken) };
    let challenge = passkey::challenge("step", &given.nonce, subject);
    let expected = Expected { rp_id: &known.rp_id, origin: &known.origin, challenge: &challenge };
    let Ok(counter) = passkey::confirm(&client, &data, &signature, &public, &expected) else {
        return Ok(Held::Broken);
    };
    let before = u32::try_from(known.counter).unwrap_or(u32::MAX);
    let goes_on = passkey::goes_on(before, counter);
    sql::used(tx, known.id, counter.into()).await?;
    Ok(match goes_on {
        false => Held::Copied,
        true if now.0 - issued.0 <= FRESH => Held::Fresh,
        true => Held::Offline,
    })
}

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn the_host_of_an_origin() {
        assert_eq!(host("https://tashi.example"), Some("tashi.example"));
        assert_eq!(host("http://127.0.0.1:8080"), Some("127.0.0.1"));
        assert_eq!(host("https://[::1]:8443"), Some("::1"));
        assert_eq!(host("tashi.example"), None);
    }
}
