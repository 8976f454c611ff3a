//! From a decoded message to a durable row.
//!
//! A request is gated and quantised in its own task, then waits in one queue. The [`writer`] takes all that
//! wait, drops what is stored already, appends the rest in one transaction a company and answers everybody
//! only after the commit: many requests share one fsync, and nobody is told "stored" too early.

mod seen;
mod writer;

use std::collections::BTreeMap;

use base::{LocalDay, Micros, Problem, problem};
use db::{Database, Result};
use tokio::sync::{broadcast, mpsc, oneshot};
use uuid::Uuid;

use crate::{
    gate::Gate,
    latest::Board,
    reading::Reading,
    rules::{self, Refusal},
    wire::Report,
};
use writer::{Order, Work};

/// Waiting requests; beyond it senders are told to come again.
const QUEUE: usize = 16_384;

/// Whose readings they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    pub tenant: Uuid,
    pub employee: Uuid,
    /// 0 for the phone app, else the tracker's tag.
    pub source: u8,
}

/// What became of the readings of one request. Every one of them is in exactly one of the
/// first four.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Receipt {
    /// Stored now, durably.
    pub accepted: u32,
    /// Stored before.
    pub duplicate: u32,
    /// Not stored because it was not to be recorded: off duty, or policy off.
    pub refused: u32,
    /// Not stored because it cannot be true or cannot be read.
    pub invalid: u32,
    /// Members of stored readings that were too large to keep with them. Not one of the four.
    pub trimmed: u32,
}

/// Somebody has new readings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    pub tenant: Uuid,
    pub employee: Uuid,
    pub day: LocalDay,
}

/// The way in.
pub(crate) struct Ingest {
    queue: mpsc::Sender<Work>,
    moved: broadcast::Sender<Moved>,
}

impl Ingest {
    pub fn start(db: Database, board: std::sync::Arc<Board>) -> Ingest {
        let (queue, orders) = mpsc::channel(QUEUE);
        let moved = broadcast::channel(8192).0;
        tokio::spawn(writer::run(db, board, moved.clone(), orders));
        Ingest { queue, moved }
    }

    pub fn subscribe(&self) -> broadcast::Receiver<Moved> {
        self.moved.subscribe()
    }

    /// Passes on that somebody has new readings, stored by another node.
    pub fn tell(&self, moved: Moved) {
        // No listener is no error.
        let _ = self.moved.send(moved);
    }

    /// Other nodes have stored readings of these people and days, or have removed some: what is known to be stored is
    /// asked anew. Without a company everything is.
    pub async fn doubt(&self, tenant: Option<Uuid>, days: Vec<(Uuid, LocalDay)>, removed: bool) {
        let _ = self.queue.send(Work::Elsewhere { tenant, days, removed }).await;
    }

    /// Removes what lies in leave or in a private trip from a person's day, after all that was let in before.
    ///
    /// # Errors
    /// `server.busy`, or whatever the store says; nothing is removed then.
    pub async fn sweep(&self, tenant: Uuid, employee: Uuid, day: LocalDay) -> Result<()> {
        let (reply, done) = oneshot::channel();
        let busy = || Problem::new(problem::BUSY).retry_after(2);
        self.queue.send(Work::Sweep((tenant, employee, day), reply)).await.map_err(|_| busy())?;
        done.await.map_err(|_| busy())?
    }

    /// Forgets what a company has stored, after it was removed.
    pub async fn forget(&self, tenant: Uuid) {
        let (reply, done) = oneshot::channel();
        if self.queue.send(Work::Forget(tenant, reply)).await.is_ok() {
            let _ = done.await;
        }
    }

    /// Gates, stores and counts the reports of one request.
    ///
    /// # Errors
    /// `server.busy` when the store cannot take them now; nothing of the request is stored then and sending
    /// it again is safe.
    pub async fn take(
        &self,
        db: &Database,
        gate: &Gate,
        owner: Owner,
        reports: Vec<Report>,
        unreadable: u32,
    ) -> Result<Receipt> {
        let now = db.now();
        let zone = gate.zone(db, owner.tenant).await?;
        let mut order = Order::new(owner);
        for report in reports {
            let mut reading = report.reading;
            reading.t_ms = report.when.millis(&zone, now.0.div_euclid(1000));
            reading.source = owner.source;
            let day = Micros(reading.t_ms.saturating_mul(1000)).local_day(&zone);
            if rules::believable(reading.t_ms, now.0.div_euclid(1000)).is_err() {
                order.refuse(now.local_day(&zone), Refusal::BadTime, 1);
                continue;
            }
            match rules::admit(&*gate.rule(db, owner.tenant, owner.employee, day).await?, reading.t_ms) {
                Ok(()) => {
                    if let Some(beside) = report.beside {
                        let current = beside.current.as_ref().map_or(i64::MAX, |(t, _)| *t);
                        // A position like any other: what holds for its own time decides.
                        let keep = rules::believable(current, now.0.div_euclid(1000)).is_ok() && {
                            let day = Micros(current.saturating_mul(1000)).local_day(&zone);
                            let rule = gate.rule(db, owner.tenant, owner.employee, day).await?;
                            rules::admit(&rule, current).is_ok()
                        };
                        let current =
                            beside.current.as_ref().filter(|_| keep).map(|(_, t)| ("current", &**t));
                        let trip = beside.trip.as_ref().map(|t| ("trip", &**t));
                        let members: Vec<_> = current.into_iter().chain(trip).collect();
                        reading.set_beside(&members);
                    }
                    order.trimmed += report.dropped;
                    order.keep(day, reading);
                }
                Err(reason) => order.refuse(day, reason, 1),
            }
        }
        if unreadable > 0 {
            order.refuse(now.local_day(&zone), Refusal::BadTime, unreadable);
        }
        if order.is_empty() {
            return Ok(Receipt::default());
        }
        if order.trimmed > 0 {
            tracing::info!(employee = %owner.employee, members = order.trimmed, "members too large to keep with a reading");
        }
        let (reply, answer) = oneshot::channel();
        order.reply = Some(reply);
        let busy = || Problem::new(problem::BUSY).retry_after(2);
        self.queue.try_send(Work::Store(order)).map_err(|_| busy())?;
        answer.await.map_err(|_| busy())?
    }
}

impl Order {
    fn new(owner: Owner) -> Order {
        Order { owner, kept: BTreeMap::new(), refused: BTreeMap::new(), trimmed: 0, reply: None }
    }

    fn keep(&mut self, day: LocalDay, reading: Reading) {
        self.kept.entry(day).or_default().push(reading);
    }

    fn refuse(&mut self, day: LocalDay, reason: Refusal, count: u32) {
        *self.refused.entry((day, reason)).or_default() += count;
    }

    fn is_empty(&self) -> bool {
        self.kept.is_empty() && self.refused.is_empty()
    }
}
