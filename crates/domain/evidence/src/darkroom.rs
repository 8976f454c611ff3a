//! Where copies of photos are made: one at a time, off the async threads, again after a stop. The queue is the
//! photos without `stamped_at`; waking only says that there are some.

use std::sync::Arc;

use api::Kit;
use base::Problem;
use db::{Result, Scope};
use picture::{Unfit, develop};
use tokio::sync::{Notify, Semaphore, mpsc};
use uuid::Uuid;

use crate::{
    alike,
    photo::{STAMPED, THUMB, sql, stamp_of},
    upload::ORIGINAL,
};

/// Photos looked up at once.
const BATCH: i64 = 50;

/// Makes the copies.
pub struct Darkroom {
    kit: Kit,
    /// One picture in memory at a time: 40 million pixels take up to 160 MB.
    lamp: Semaphore,
    bell: mpsc::UnboundedSender<Uuid>,
    compared: Arc<Notify>,
}

impl Darkroom {
    /// Opens it; its worker begins with what is left from before.
    pub(crate) fn open(kit: &Kit) -> Arc<Darkroom> {
        let (bell, rings) = mpsc::unbounded_channel();
        let darkroom =
            Arc::new(Darkroom { kit: kit.clone(), lamp: Semaphore::new(1), bell, compared: Arc::default() });
        tokio::spawn(work(Arc::downgrade(&darkroom), rings));
        darkroom
    }

    /// Says that a company has photos without copies.
    pub fn wake(&self, tenant: Uuid) {
        // The worker ends only with the darkroom itself.
        let _ = self.bell.send(tenant);
    }

    /// Rings when a photo was found to look like an earlier one.
    pub fn compared(&self) -> Arc<Notify> {
        self.compared.clone()
    }

    /// Makes the copies of one photo.
    ///
    /// # Errors
    /// When the store fails; a picture that cannot be read is noted as such and is no error.
    pub(crate) async fn develop(&self, tenant: Uuid, id: Uuid) -> Result<()> {
        let _lamp = self.lamp.acquire().await.map_err(Problem::internal)?;
        let scope = Scope::job("darkroom", tenant);
        let mut r = self.kit.db.read(&scope).await?;
        if sql::one(&mut r, id).await?.stamped_at.is_some() {
            return Ok(());
        }
        let stamp = stamp_of(&mut r, id).await?;
        drop(r);
        let original = self
            .kit
            .files
            .get(tenant, id, ORIGINAL)
            .await?
            .ok_or_else(|| Problem::internal(format!("no file of photo {id}")))?;
        // A decoder that panics on hostile input takes its thread's task with it and nothing else.
        let made = tokio::task::spawn_blocking(move || develop(&original, &stamp))
            .await
            .unwrap_or(Err(Unfit::Broken));
        let mut look = None;
        let unreadable = match made {
            Ok(copies) => {
                look = copies.look;
                self.kit.files.put(tenant, id, STAMPED, copies.stamped).await?;
                self.kit.files.put(tenant, id, THUMB, copies.thumb).await?;
                None
            }
            Err(unfit) => Some(format!("{unfit:?}")),
        };
        // Before it counts as developed: a stop in between does it again.
        if let Some(look) = look
            && alike::compare(&self.kit.db, tenant, id, look).await?
        {
            self.compared.notify_one();
        }
        self.kit
            .db
            .write(&scope, move |tx| {
                Box::pin(async move { sql::set_stamped(tx, id, unreadable.as_deref()).await })
            })
            .await?;
        Ok(())
    }

    async fn develop_all(&self, tenant: Uuid) -> Result<()> {
        let scope = Scope::job("darkroom", tenant);
        let mut after = None;
        loop {
            let waiting = sql::unstamped(&mut self.kit.db.read(&scope).await?, after, BATCH).await?;
            let Some(last) = waiting.last().copied() else { return Ok(()) };
            for id in waiting {
                if let Err(problem) = self.develop(tenant, id).await {
                    tracing::warn!(%id, error = %problem, "a photo waits for its copies");
                }
            }
            after = Some(last);
        }
    }
}

async fn work(darkroom: std::sync::Weak<Darkroom>, mut rings: mpsc::UnboundedReceiver<Uuid>) {
    if let Some(darkroom) = darkroom.upgrade() {
        // What another node has left is for the one that has the company's turn.
        let rung = darkroom.kit.db.each_company("photos left from before wait for the next one", |tenant| {
            darkroom.wake(tenant);
            std::future::ready(Ok(()))
        });
        if let Err(problem) = rung.await {
            tracing::warn!(error = %problem, "photos left from before wait for the next one");
        }
    }
    while let Some(tenant) = rings.recv().await {
        let Some(darkroom) = darkroom.upgrade() else { return };
        if let Err(problem) = darkroom.develop_all(tenant).await {
            tracing::warn!(%tenant, error = %problem, "photos wait for their copies");
        }
    }
}
