//! Several processes on one PostgreSQL: which of them live, and which does the work that is done once for a company.
//!
//! Every node writes into the store that it lives, by the store's clock. A company's *turn* is a row that names one
//! node; it holds as long as that node is seen. A node itself believes in its turns for a shorter time than the others
//! do, so that one which has lost the store stops before another begins. Turns are spread evenly and go back to a
//! node that returns, but never from under work that is under way.
//!
//! On SQLite there is one process, and it always has the turn.

mod catch_up;
mod companies;
mod heard;
mod turns;
pub(crate) mod wire;

pub(crate) use heard::{Heard, Recent};
pub use turns::Turn;
pub(crate) use turns::Turns;

use std::{
    sync::{Arc, Weak},
    time::{Duration, Instant},
};

use base::Clock;
use sqlx::PgPool;
use uuid::Uuid;

use crate::{Bus, Database, Result, engine::Pools};
use catch_up::Polled;

/// How often a node says that it lives.
const BEAT: Duration = Duration::from_millis(2000);
/// How often it looks at what it hears.
const LOOK: Duration = Duration::from_millis(500);
/// A node not seen in the store for so long has ended. In microseconds, for the store's clock.
const ENDED: i64 = 12_000_000;
/// A node believes in its own turns for so long after it was last seen.
const SURE: Duration = Duration::from_secs(8);

/// What is known of the nodes on this store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Living nodes, this one included.
    pub nodes: usize,
    /// The line to the others: absent, or whether it is connected.
    pub line: Option<bool>,
    /// Is all that the others say heard?
    pub whole: bool,
}

impl Database {
    /// Enters this process among the nodes and keeps it there until the store is closed or nobody uses it any more.
    /// For servers only: what runs a command and ends is no node, and gets no turn.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn enter(&self) -> Result<()> {
        let (Some(turns), Pools::Postgres(pool)) = (&self.turns, &*self.pools) else { return Ok(()) };
        turns.beat(pool, self.bus().node()).await?;
        self.bus().judge(&turns.others());
        let (pools, clock, bus) = (Arc::downgrade(&self.pools), self.clock().clone(), self.bus().clone());
        tokio::spawn(live(pools, clock, bus, turns.clone()));
        Ok(())
    }

    /// The turn of doing what is done once for a company; `None` when another node has it. Held until dropped.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn turn(&self, tenant: Uuid) -> Result<Option<Turn>> {
        match (&self.turns, &*self.pools) {
            (Some(turns), Pools::Postgres(pool)) => turns.take(pool, tenant).await,
            _ => Ok(Some(Turn::always())),
        }
    }

    /// Companies whose turn this node has, as far as turns are given at all.
    pub fn turns_held(&self) -> Vec<Uuid> {
        self.turns.as_ref().map(|t| t.held()).unwrap_or_default()
    }

    /// The nodes on this store.
    pub fn standing(&self) -> Standing {
        let others = self.turns.as_ref().map_or(0, |t| t.others().len());
        Standing { nodes: others + 1, line: self.bus().line(), whole: self.bus().whole() }
    }
}

/// Leaves: others need not wait until this process is missed.
pub(crate) async fn leave(db: &Database, pool: &PgPool, turns: &Turns) {
    if !turns.entered() {
        return;
    }
    db.bus().say(|| wire::What::Bye);
    if let Err(e) = turns.end(pool, db.bus().node()).await {
        tracing::warn!(error = %e, "this node could not sign off; the others will miss it");
    }
}

async fn live(pools: Weak<Pools>, clock: Arc<dyn Clock>, bus: Bus, turns: Arc<Turns>) {
    let mut look = tokio::time::interval(LOOK);
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut seen = Instant::now();
    let mut polled = Polled::default();
    let mut round = 0_u32;
    loop {
        look.tick().await;
        let Some(pools) = pools.upgrade() else { return };
        let Pools::Postgres(pool) = &*pools else { return };
        if turns.ended() {
            return;
        }
        round = round.wrapping_add(1);
        if round.is_multiple_of(2) {
            bus.say(|| wire::What::Beat);
        }
        if seen.elapsed() >= BEAT {
            seen = Instant::now();
            if let Err(e) = turns.beat(pool, bus.node()).await {
                tracing::warn!(error = %e, "the store does not know that this node lives");
            }
        }
        bus.judge(&turns.others());
        if bus.whole() {
            polled = Polled::default();
        } else if round.is_multiple_of(2) {
            let db = Database::of(pools.clone(), clock.clone(), bus.clone(), turns.clone());
            if let Err(e) = polled.catch_up(&db).await {
                tracing::warn!(error = %e, "news of the other nodes are late");
            }
        }
    }
}
