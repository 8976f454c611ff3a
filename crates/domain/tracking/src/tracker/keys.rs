//! From secret to owner, with a short memory, and when each tracker was last heard.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use base::Micros;
use db::{Bus, Database, Listener, Note, Result, Scope};
use parking_lot::Mutex;
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::sync::broadcast::error::TryRecvError;
use uuid::Uuid;

use super::sql;
use crate::ingest::Owner;

const BELIEVED: Duration = Duration::from_secs(30);
const MOST: usize = 200_000;

/// What is kept of a secret.
pub(super) type Hash = [u8; 32];

pub(super) fn hash(secret: &str) -> Hash {
    Sha256::digest(secret.as_bytes()).into()
}

/// The tracker behind a secret.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known {
    pub owner: Owner,
    tracker: Uuid,
}

impl Known {
    pub fn tracker(&self) -> Uuid {
        self.tracker
    }
}

/// Topic of the note that a tracker was revoked.
const REVOKED: &str = "tracker_revoked";

/// See the module.
pub(crate) struct Keys {
    known: Mutex<HashMap<Hash, (Instant, Known)>>,
    heard: Mutex<HashMap<(Uuid, Uuid), Micros>>,
    /// What other nodes have revoked.
    notes: Mutex<Listener<Note>>,
}

impl Keys {
    pub fn new(bus: &Bus) -> Keys {
        Keys { known: Mutex::default(), heard: Mutex::default(), notes: Mutex::new(bus.notes()) }
    }

    /// Forgets what other nodes have revoked since the last call.
    fn hear(&self) {
        let mut notes = self.notes.lock();
        loop {
            match notes.try_recv() {
                Ok(n) if n.topic == REVOKED => {
                    self.known.lock().retain(|_, (_, k)| n.body["tracker"] != json!(k.tracker));
                }
                Ok(_) => {}
                Err(TryRecvError::Lagged(_)) => self.known.lock().clear(),
                Err(TryRecvError::Empty | TryRecvError::Closed) => return,
            }
        }
    }

    /// The tracker behind a secret; `None` when it is unknown or revoked.
    pub async fn find(&self, db: &Database, secret: &str) -> Result<Option<Known>> {
        let hash = hash(secret);
        self.hear();
        if let Some((at, known)) = self.known.lock().get(&hash)
            && at.elapsed() < db.bus().believed(BELIEVED)
        {
            return Ok(Some(*known));
        }
        let Some(row) = sql::by_hash(&mut db.global_read().await?, &hash).await? else { return Ok(None) };
        let source = u8::try_from(row.tag).unwrap_or(u8::MAX);
        let owner = Owner { tenant: row.tenant_id, employee: row.employee_id, source };
        let known = Known { owner, tracker: row.tracker_id };
        let mut all = self.known.lock();
        if all.len() > MOST {
            all.clear();
        }
        all.insert(hash, (Instant::now(), known));
        Ok(Some(known))
    }

    /// Notes that a tracker was heard; stored later by [`Keys::store_heard`].
    pub fn heard(&self, known: Known, at: Micros) {
        self.heard.lock().insert((known.owner.tenant, known.tracker), at);
    }

    /// When a tracker was heard since the last storing.
    pub fn heard_at(&self, tenant: Uuid, tracker: Uuid) -> Option<Micros> {
        self.heard.lock().get(&(tenant, tracker)).copied()
    }

    /// Stops believing in a tracker at once, here and on the other nodes.
    pub fn revoke(&self, bus: &Bus, tracker: Uuid) {
        self.known.lock().retain(|_, (_, known)| known.tracker != tracker);
        let body = json!({ "tracker": tracker });
        bus.note(|| Note { tenant: Uuid::nil(), topic: REVOKED.into(), body });
    }

    /// Writes down when trackers were last heard. Losing some of it in a crash loses nothing else.
    pub async fn store_heard(&self, db: &Database) -> Result<()> {
        let heard: Vec<_> = self.heard.lock().drain().collect();
        let mut companies: HashMap<Uuid, Vec<(Uuid, Micros)>> = HashMap::new();
        for ((tenant, tracker), at) in heard {
            companies.entry(tenant).or_default().push((tracker, at));
        }
        for (tenant, trackers) in companies {
            db.write(&Scope::job("ingest", tenant), move |tx| {
                Box::pin(async move {
                    for (tracker, at) in trackers {
                        sql::set_last_seen(tx, tracker, at).await?;
                    }
                    Ok(())
                })
            })
            .await?;
        }
        Ok(())
    }
}
