//! News of what changed, for whom. The database keeps the ones that must survive (the outbox); positions on the live
//! map pass only through here.
//!
//! One node has it all in the process. Where several serve one store, a [`Line`] carries to the others what one of
//! them says: news, for their viewers, and notes, for their memories. What a node may have missed shows as a *gap*:
//! every listener then learns that it fell behind, as one that was too slow does, and asks the store again.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use tokio::sync::{
    broadcast::{
        self, Receiver,
        error::{RecvError, TryRecvError},
    },
    watch,
};
use uuid::Uuid;

use crate::nodes::{Heard, Recent, wire};

/// What a use case tells the floors above.
#[derive(Debug, Clone)]
pub struct News {
    /// Dotted topic: `visit.changed`.
    pub topic: &'static str,
    /// Whose row it is about; decides who may hear of it.
    pub employee_id: Uuid,
    pub department_id: Uuid,
    /// JSON document.
    pub payload: serde_json::Value,
}

/// News with its place in the outbox.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Event {
    /// Position in the outbox; `None` for news that are not kept.
    pub seq: Option<i64>,
    pub tenant: Uuid,
    pub topic: String,
    pub employee_id: Uuid,
    pub department_id: Uuid,
    #[serde(with = "wire::shared")]
    pub payload: Arc<serde_json::Value>,
}

/// What one node's memory tells the memories of the others. Never for a person's eyes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Note {
    pub tenant: Uuid,
    pub topic: String,
    pub body: serde_json::Value,
}

/// What carries messages to the other nodes of the same store.
pub trait Line: Send + Sync {
    /// Hands a message over and never waits. One that cannot be carried is lost; the others see it by its number.
    fn send(&self, message: Vec<u8>);
    /// Is there a connection now?
    fn connected(&self) -> bool;
}

/// While something may be missed, what is remembered is believed no longer than this.
const DOUBTED: Duration = Duration::from_secs(1);
/// Messages a listener may be behind before it loses the oldest.
const BEHIND: usize = 4096;

/// To everybody who listens, in this process and at the other nodes. Cheap to clone.
#[derive(Clone)]
pub struct Bus(Arc<Inner>);

struct Inner {
    /// `None` is a gap.
    news: broadcast::Sender<Option<Event>>,
    notes: broadcast::Sender<Option<Note>>,
    /// This process among the nodes.
    node: Uuid,
    line: Mutex<Option<Arc<dyn Line>>>,
    /// Number of the last message said.
    said: Mutex<u64>,
    heard: Mutex<Heard>,
    /// What was judged of it last; asked for every position that comes in.
    whole: AtomicBool,
    recent: Mutex<Recent>,
    /// Open streams by company.
    watched: Mutex<HashMap<Uuid, usize>>,
    /// The process is about to stop.
    ended: watch::Sender<bool>,
}

impl Default for Bus {
    fn default() -> Bus {
        Bus(Arc::new(Inner {
            news: broadcast::channel(BEHIND).0,
            notes: broadcast::channel(BEHIND).0,
            node: base::id::new_v7(),
            line: Mutex::default(),
            said: Mutex::default(),
            heard: Mutex::default(),
            whole: AtomicBool::new(true),
            recent: Mutex::default(),
            watched: Mutex::default(),
            ended: watch::Sender::new(false),
        }))
    }
}

impl Bus {
    /// To listeners everywhere.
    pub fn publish(&self, event: Event) {
        self.say(|| wire::What::News(event.clone()));
        self.publish_here(event);
    }

    /// To listeners in this process: what every node makes for itself.
    pub fn publish_here(&self, event: Event) {
        if let Some(seq) = event.seq {
            self.0.recent.lock().add(seq);
        }
        // No listener is no error.
        let _ = self.0.news.send(Some(event));
    }

    /// Says that the process stops: what would listen for ever is to let go.
    pub fn end(&self) {
        self.0.ended.send_replace(true);
    }

    /// Returns when the process is about to stop.
    pub async fn ended(&self) {
        let mut ended = self.0.ended.subscribe();
        let _ = ended.wait_for(|ended| *ended).await;
    }

    pub fn subscribe(&self) -> Listener<Event> {
        Listener(self.0.news.subscribe())
    }

    /// To the memories of the other nodes.
    pub fn note(&self, note: impl FnOnce() -> Note) {
        self.say(|| wire::What::Note(note()));
    }

    /// What the memories of other nodes tell.
    pub fn notes(&self) -> Listener<Note> {
        Listener(self.0.notes.subscribe())
    }

    /// Is all that the other nodes say heard here? When not, it must be asked of the store.
    pub fn whole(&self) -> bool {
        self.0.whole.load(Ordering::Relaxed)
    }

    /// How long something remembered may be believed that would be believed for `term`.
    pub fn believed(&self, term: Duration) -> Duration {
        if self.whole() { term } else { term.min(DOUBTED) }
    }

    /// Says that a viewer of this company is connected here, as long as the answer lives.
    pub fn watch(&self, tenant: Uuid) -> Watching {
        *self.0.watched.lock().entry(tenant).or_default() += 1;
        Watching { bus: self.clone(), tenant }
    }

    /// Companies with a viewer connected here.
    pub fn watched(&self) -> Vec<Uuid> {
        self.0.watched.lock().keys().copied().collect()
    }

    /// Lets this node speak to others, and hear them by [`Bus::hear`].
    pub fn join(&self, line: Arc<dyn Line>) {
        *self.0.line.lock() = Some(line);
    }

    /// Takes in a message of another node.
    ///
    /// # Errors
    /// What is wrong with a message that cannot be read; it counts as missed.
    pub fn hear(&self, message: &[u8]) -> Result<(), String> {
        let (from, number, what) = wire::open(message)?;
        if from == self.0.node {
            return Ok(());
        }
        let bye = matches!(what, Ok(wire::What::Bye));
        let missed = self.0.heard.lock().message(from, number, bye, Instant::now());
        if missed || what.is_err() {
            self.gap();
        }
        match what? {
            wire::What::News(event) => self.publish_here(event),
            wire::What::Note(note) => {
                let _ = self.0.notes.send(Some(note));
            }
            wire::What::Beat | wire::What::Bye => {}
        }
        Ok(())
    }

    /// Tells all listeners here that they may have missed something.
    pub fn gap(&self) {
        let _ = self.0.news.send(None);
        let _ = self.0.notes.send(None);
    }

    pub(crate) fn node(&self) -> Uuid {
        self.0.node
    }

    /// Judges whether all is heard of `others`, the nodes that live by what the store says. A change either way is a
    /// gap: something may have been missed before it was noticed.
    pub(crate) fn judge(&self, others: &[Uuid]) {
        let line = self.line();
        let changed = self.0.heard.lock().judge(others, line.unwrap_or(false), Instant::now());
        if let Some(whole) = changed {
            self.0.whole.store(whole, Ordering::Relaxed);
        }
        match changed {
            Some(true) => tracing::info!("all other nodes are heard"),
            Some(false) if line.is_none() => {
                tracing::warn!(
                    "another node works on this store and there is no line to it: set --nats on all nodes"
                );
            }
            Some(false) => tracing::warn!(
                connected = line,
                "another node is not heard; its news are read from the store"
            ),
            None => return,
        }
        self.gap();
    }

    /// Was this place of the outbox told here lately?
    pub(crate) fn told(&self, seq: i64) -> bool {
        self.0.recent.lock().has(seq)
    }

    /// Whether there is a line, and whether it is connected.
    pub(crate) fn line(&self) -> Option<bool> {
        self.0.line.lock().as_ref().map(|line| line.connected())
    }

    pub(crate) fn say(&self, what: impl FnOnce() -> wire::What) {
        let Some(line) = self.0.line.lock().clone() else { return };
        // Numbered and handed over under one lock, so that the order is that of the numbers.
        let mut said = self.0.said.lock();
        *said += 1;
        line.send(wire::seal(self.0.node, *said, &what()));
    }
}

/// Hears from the moment it was made. One that is too slow, or that hears of a gap, is told that it lags.
pub struct Listener<T>(Receiver<Option<T>>);

impl<T: Clone> Listener<T> {
    /// The next one.
    ///
    /// # Errors
    /// `Lagged` when some were missed, `Closed` when there is nobody left who could speak.
    pub async fn recv(&mut self) -> Result<T, RecvError> {
        self.0.recv().await?.ok_or(RecvError::Lagged(0))
    }

    /// The next one if there is one.
    ///
    /// # Errors
    /// As [`Listener::recv`], and `Empty`.
    pub fn try_recv(&mut self) -> Result<T, TryRecvError> {
        self.0.try_recv()?.ok_or(TryRecvError::Lagged(0))
    }
}

/// A viewer of a company is connected. See [`Bus::watch`].
pub struct Watching {
    bus: Bus,
    tenant: Uuid,
}

impl Drop for Watching {
    fn drop(&mut self) {
        let mut all = self.bus.0.watched.lock();
        if let Some(count) = all.get_mut(&self.tenant) {
            *count -= 1;
            if *count == 0 {
                all.remove(&self.tenant);
            }
        }
    }
}
