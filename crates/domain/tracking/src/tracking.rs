//! The running part: what must be one in the whole process.

use std::{
    collections::HashMap,
    sync::{Arc, Weak},
    time::Duration,
};

use api::LocationWatch;
use base::LocalDay;
use db::{BoxFuture, Database, Query, Result, Scope};
use jiff::tz::TimeZone;
use tokio::sync::broadcast;
use uuid::Uuid;

use crate::{
    day::{Anchors, DayTrack, Days},
    declared, elsewhere,
    gate::Gate,
    ingest::{Ingest, Moved, Owner, Receipt},
    latest::{Board, Latest},
    ledger::{Book, Looked},
    retention::{self, Purged},
    rules::DayRule,
    seal,
    tracker::Keys,
    wire::Report,
};

/// Handle to the ingest, the duty gate, the newest positions, computed days and the ledger. Cheap to clone.
/// Background work ends when the last one is dropped.
#[derive(Clone)]
pub struct Tracking(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) db: Database,
    pub(crate) gate: Gate,
    pub(crate) ingest: Ingest,
    pub(crate) board: Arc<Board>,
    keys: Keys,
    book: Book,
    days: Days,
}

/// How often counts kept in memory are stored.
const STORE_EVERY: Duration = Duration::from_secs(5);
/// How often days are looked over for sealing.
const SEAL_EVERY: Duration = Duration::from_secs(300);

impl Tracking {
    /// Starts the ingest and the background work over a store. Once a process.
    pub fn start(db: &Database) -> Tracking {
        let board = Arc::new(Board::default());
        let inner = Arc::new(Inner {
            db: db.clone(),
            gate: Gate::new(db.bus()),
            ingest: Ingest::start(db.clone(), board.clone()),
            board,
            keys: Keys::new(db.bus()),
            book: Book::default(),
            days: Days::default(),
        });
        tokio::spawn(store_loop(Arc::downgrade(&inner)));
        tokio::spawn(seal_loop(Arc::downgrade(&inner)));
        tokio::spawn(elsewhere::follow(Arc::downgrade(&inner)));
        Tracking(inner)
    }

    pub(crate) fn keys(&self) -> &Keys {
        &self.0.keys
    }

    pub(crate) fn book(&self) -> &Book {
        &self.0.book
    }

    /// Takes decoded reports of one sender. Answers when they are durable.
    ///
    /// # Errors
    /// `server.busy`; sending the same again is safe.
    pub async fn take(&self, owner: Owner, reports: Vec<Report>, unreadable: u32) -> Result<Receipt> {
        self.0.ingest.take(&self.0.db, &self.0.gate, owner, reports, unreadable).await
    }

    /// Tells of every person with new readings.
    pub fn moved(&self) -> broadcast::Receiver<Moved> {
        self.0.ingest.subscribe()
    }

    /// The newest reading of each person of a company on this day.
    pub async fn latest(&self, tenant: Uuid, today: LocalDay) -> Result<HashMap<Uuid, Latest>> {
        self.0.board.of(&self.0.db, tenant, today).await
    }

    /// A person's day, computed from what is stored now.
    pub async fn day(
        &self,
        q: &mut impl Query,
        employee: Uuid,
        day: LocalDay,
        anchors: Anchors,
    ) -> Result<Arc<DayTrack>> {
        self.0.days.day(q, employee, day, anchors).await
    }

    /// Writes into the ledger of people that the reader looks at them now. Call it before showing anything.
    ///
    /// # Errors
    /// When the line cannot be stored: then nothing may be shown.
    pub async fn look(
        &self,
        reader: &Scope,
        what: Looked,
        people: impl IntoIterator<Item = Uuid>,
        day: LocalDay,
    ) -> Result<()> {
        let zone = self.zone(reader.tenant()).await?;
        self.0.book.look(&self.0.db, reader, &zone, what, people, day).await
    }

    /// What holds for a person on a day: working time, policy, and whether anything may be recorded.
    pub async fn rule(&self, tenant: Uuid, employee: Uuid, day: LocalDay) -> Result<Arc<DayRule>> {
        self.0.gate.rule(&self.0.db, tenant, employee, day).await
    }

    /// The company's zone, remembered for a while.
    pub async fn zone(&self, tenant: Uuid) -> Result<TimeZone> {
        self.0.gate.zone(&self.0.db, tenant).await
    }

    /// Removes stored readings that lie in leave or private trips declared since. Answers when they are gone.
    ///
    /// # Errors
    /// When the store cannot be written now; the next round does it then.
    pub async fn sweep_declared(&self, tenant: Uuid) -> Result<()> {
        declared::sweep_all(&self.0.db, &self.0.ingest, tenant).await
    }

    /// Deletes positions older than the company keeps them, now. Answers how much that was.
    pub async fn purge_due(&self, tenant: Uuid) -> Result<Purged> {
        purge(&self.0, tenant).await
    }

    /// Seals what is due in a company now. Answers how many days.
    pub async fn seal_due(&self, tenant: Uuid) -> Result<usize> {
        seal::seal_due(&self.0.db, tenant).await
    }

    /// Stores counts that are still in memory: before the process ends, and for tests.
    pub async fn store_counts(&self) -> Result<()> {
        self.0.book.store_pending(&self.0.db, None).await?;
        self.0.keys.store_heard(&self.0.db).await
    }

    /// Forgets a company whose data was removed.
    pub async fn forget(&self, tenant: Uuid) {
        self.0.gate.forget();
        self.0.ingest.forget(tenant).await;
        self.0.board.forget(tenant).await;
        elsewhere::tell_gone(self.0.db.bus(), tenant);
    }
}

impl LocationWatch for Tracking {
    fn positions_shown<'a>(&'a self, reader: &'a Scope, people: Vec<Uuid>) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let today = self.0.db.now().local_day(&self.zone(reader.tenant()).await?);
            self.look(reader, Looked::Live, people, today).await
        })
    }

    fn visit_shown<'a>(
        &'a self,
        reader: &'a Scope,
        person: Uuid,
        day: LocalDay,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(self.look(reader, Looked::Visit, [person], day))
    }

    fn recording_played<'a>(
        &'a self,
        reader: &'a Scope,
        person: Uuid,
        day: LocalDay,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(self.look(reader, Looked::Recording, [person], day))
    }

    fn punches_shown<'a>(
        &'a self,
        reader: &'a Scope,
        person: Uuid,
        day: LocalDay,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(self.look(reader, Looked::Attendance, [person], day))
    }
}

async fn store_loop(inner: Weak<Inner>) {
    let mut tick = tokio::time::interval(STORE_EVERY);
    loop {
        tick.tick().await;
        let Some(inner) = inner.upgrade() else { return };
        if let Err(e) = Tracking(inner).store_counts().await {
            tracing::warn!(error = %e, "counts stay in memory for now");
        }
    }
}

async fn seal_loop(inner: Weak<Inner>) {
    loop {
        tokio::time::sleep(SEAL_EVERY).await;
        let Some(inner) = inner.upgrade() else { return };
        if let Err(e) = seal_all(&inner).await {
            tracing::warn!(error = %e, "sealing stopped; it goes on at the next round");
        }
    }
}

async fn purge(inner: &Inner, tenant: Uuid) -> Result<Purged> {
    retention::purge(&inner.db, &inner.ingest, &inner.board, &Scope::job("retention", tenant)).await
}

async fn seal_all(inner: &Inner) -> Result<()> {
    inner.db.keep_parts().await?;
    inner.db.each_company("days wait to be sealed", |tenant| seal_company(inner, tenant)).await
}

async fn seal_company(inner: &Inner, tenant: Uuid) -> Result<()> {
    declared::sweep_all(&inner.db, &inner.ingest, tenant).await?;
    purge(inner, tenant).await?;
    seal::seal_due(&inner.db, tenant).await.map(drop)
}
