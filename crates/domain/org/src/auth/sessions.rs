//! From token to [`Scope`]: the only place where a person's scope is built.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use api::{Authenticator, Session};
use base::{Micros, Problem};
use db::{BoxFuture, Bus, Database, Listener, Note, Permission, Reach, Result, Scope};
use parking_lot::Mutex;
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::sync::broadcast::error::TryRecvError;
use uuid::Uuid;

use super::sql;
use crate::role::reach_from;

/// How long a verified token is believed without asking the store again.
pub const KEEP: Duration = Duration::from_secs(4);
/// A session lives this long after it was last used.
pub(super) const LIFE_DAYS: i64 = 60;
/// Seconds of use between two notes of it.
const NOTE_EVERY: i64 = 300;

/// Topic of the note that a person's rights or sign-ins have changed.
const FORGET: &str = "sign_in";

/// Open sign-ins, with a short memory.
pub struct Sessions {
    db: Database,
    known: Mutex<HashMap<[u8; 32], (Session, Uuid, Instant)>>,
    /// What other nodes have changed.
    notes: Mutex<Listener<Note>>,
}

pub(super) fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

impl Sessions {
    pub fn new(db: &Database) -> Sessions {
        Sessions { db: db.clone(), known: Mutex::default(), notes: Mutex::new(db.bus().notes()) }
    }

    /// Forgets, here and on the other nodes, what is remembered of a person: his rights or his sign-ins have changed.
    pub fn forget_person(&self, employee: Uuid) {
        self.known.lock().retain(|_, (_, person, _)| *person != employee);
        let body = json!({ "employee": employee });
        self.bus().note(|| Note { tenant: Uuid::nil(), topic: FORGET.into(), body });
    }

    fn bus(&self) -> &Bus {
        self.db.bus()
    }

    /// Forgets what other nodes have changed since the last call. Called before anything remembered is believed.
    fn hear(&self) {
        let mut notes = self.notes.lock();
        loop {
            match notes.try_recv() {
                Ok(n) if n.topic == FORGET => {
                    self.known.lock().retain(|_, (_, person, _)| n.body["employee"] != json!(*person));
                }
                Ok(_) => {}
                Err(TryRecvError::Lagged(_)) => self.known.lock().clear(),
                Err(TryRecvError::Empty | TryRecvError::Closed) => return,
            }
        }
    }

    async fn verify(&self, token: &str) -> Result<Option<(Session, Uuid)>> {
        let mut global = self.db.global_read().await?;
        let Some(row) = sql::session(&mut global, &hash(token)).await? else { return Ok(None) };
        drop(global);
        let now = self.db.now();
        if row.expires_at < now {
            return Ok(None);
        }
        let Some(scope) = scope_of(&self.db, row.tenant_id, row.employee_id).await? else { return Ok(None) };
        if now.0 - row.last_seen_at.0 > NOTE_EVERY * Micros::SECOND {
            let expires = now.plus(LIFE_DAYS * Micros::DAY);
            self.db
                .global(move |g| Box::pin(async move { sql::touch(g, row.id, now, expires).await }))
                .await?;
        }
        Ok(Some((Session { id: row.id, scope }, row.employee_id)))
    }
}

/// What a person may do and see; nothing when he does not work here any more.
pub(super) async fn scope_of(db: &Database, tenant: Uuid, employee: Uuid) -> Result<Option<Scope>> {
    let bare = Scope::signed_in(tenant, employee, Reach::Own, &[]);
    let actor = sql::actor(&mut db.read(&bare).await?).await?;
    let Some(actor) = actor.filter(|a| a.status == "active") else { return Ok(None) };
    let keys: Vec<String> = serde_json::from_str(&actor.permissions).map_err(Problem::internal)?;
    let permissions: Vec<_> = match actor.admin {
        // Rights that came after the company was set up are the administrator's too.
        true => Permission::ALL.to_vec(),
        false => keys.iter().filter_map(|k| Permission::from_key(k)).collect(),
    };
    let reach = reach_from(&actor.reach).ok_or_else(|| Problem::internal("unknown reach"))?;
    Ok(Some(Scope::signed_in(tenant, employee, reach, &permissions)))
}

impl Authenticator for Sessions {
    fn authenticate<'a>(&'a self, token: &'a str) -> BoxFuture<'a, Result<Option<Session>>> {
        Box::pin(async move {
            if token.len() < 20 || token.len() > 200 {
                return Ok(None);
            }
            let key = hash(token);
            self.hear();
            if let Some((session, _, at)) = self.known.lock().get(&key)
                && at.elapsed() < self.bus().believed(KEEP)
            {
                return Ok(Some(session.clone()));
            }
            let found = self.verify(token).await?;
            let mut known = self.known.lock();
            known.retain(|_, (_, _, at)| at.elapsed() < KEEP);
            match found {
                Some((session, person)) => {
                    known.insert(key, (session.clone(), person, Instant::now()));
                    Ok(Some(session))
                }
                None => Ok(None),
            }
        })
    }
}
