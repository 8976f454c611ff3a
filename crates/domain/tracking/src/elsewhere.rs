//! The other nodes on the same store: what was stored there is known here as if it had come in here, and what was
//! removed there is forgotten. While they are not all heard, the store is asked what has changed.

use std::{
    collections::HashSet,
    sync::Weak,
    time::{Duration, Instant},
};

use base::LocalDay;
use db::{Bus, Note, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;
use uuid::Uuid;

use crate::{
    ingest::Moved,
    latest::{Board, Latest},
    tracking::{Inner, Tracking},
};

/// Topics of notes.
const MOVED: &str = "moved";
const GONE: &str = "positions_gone";

/// People in one note: it must stay far below what a line carries in one message.
const PEOPLE: usize = 500;
/// How often the store is asked while another node is not heard. After a round at least four times its length passes.
const ASK: Duration = Duration::from_secs(2);

/// Somebody's new state after readings were stored, or removed.
#[derive(Debug, Serialize, Deserialize)]
struct Move {
    employee: Uuid,
    day: LocalDay,
    latest: Option<Latest>,
}

/// Tells the other nodes who has new readings.
pub(crate) fn tell(bus: &Bus, board: &Board, tenant: Uuid, people: &[(Uuid, LocalDay)]) {
    for some in people.chunks(PEOPLE) {
        bus.note(|| {
            let moves: Vec<Move> = some.iter().map(|(e, day)| of(board, tenant, *e, *day)).collect();
            Note { tenant, topic: MOVED.into(), body: json!({ "people": moves, "removed": false }) }
        });
    }
}

/// Tells the other nodes that readings of a person's day were removed.
pub(crate) fn tell_removed(bus: &Bus, board: &Board, (tenant, employee, day): (Uuid, Uuid, LocalDay)) {
    bus.note(|| {
        let moves = [of(board, tenant, employee, day)];
        Note { tenant, topic: MOVED.into(), body: json!({ "people": moves, "removed": true }) }
    });
}

/// Tells the other nodes that positions of a company were deleted.
pub(crate) fn tell_gone(bus: &Bus, tenant: Uuid) {
    bus.note(|| Note { tenant, topic: GONE.into(), body: Value::Null });
}

fn of(board: &Board, tenant: Uuid, employee: Uuid, day: LocalDay) -> Move {
    Move { employee, day, latest: board.known(tenant, employee) }
}

/// Runs until the last handle to the tracking is dropped.
pub(crate) async fn follow(inner: Weak<Inner>) {
    let Some(strong) = inner.upgrade() else { return };
    let mut notes = strong.db.bus().notes();
    drop(strong);
    let mut next = tokio::time::Instant::now() + ASK;
    let mut doubt = false;
    let mut turns = Turns::default();
    loop {
        tokio::select! {
            note = notes.recv() => {
                let Some(inner) = inner.upgrade() else { return };
                match note {
                    Ok(note) => heard(inner, note).await,
                    Err(RecvError::Lagged(_)) => {
                        inner.board.doubt().await;
                        inner.ingest.doubt(None, vec![], false).await;
                        doubt = true;
                    }
                    Err(RecvError::Closed) => return,
                }
            }
            () = tokio::time::sleep_until(next) => {
                let Some(inner) = inner.upgrade() else { return };
                let begin = Instant::now();
                let tracking = Tracking(inner);
                let all = tracking.0.db.turns_held();
                let taken = turns.taken(&tracking, &all);
                let whole = tracking.0.db.bus().whole();
                let ask: HashSet<Uuid> = if doubt || !whole {
                    all.into_iter().chain(tracking.0.db.bus().watched()).collect()
                } else {
                    HashSet::new()
                };
                doubt = false;
                for tenant in ask.union(&taken).copied() {
                    if let Err(e) = catch_up(&tracking, tenant, taken.contains(&tenant)).await {
                        tracing::warn!(error = %e, "positions that came in elsewhere are late");
                        doubt = true;
                    }
                }
                next = tokio::time::Instant::now() + ASK.max(begin.elapsed() * 4);
            }
        }
    }
}

/// Turns this node had at the last look.
#[derive(Default)]
struct Turns {
    had: HashSet<Uuid>,
    /// There have been other nodes: a turn that is new here may have been left by one that ended in the middle.
    shared: bool,
}

impl Turns {
    /// Companies whose turn came over from another node.
    fn taken(&mut self, tracking: &Tracking, all: &[Uuid]) -> HashSet<Uuid> {
        let now_shared = self.shared || tracking.0.db.standing().nodes > 1;
        let shared = std::mem::replace(&mut self.shared, now_shared);
        let now: HashSet<Uuid> = all.iter().copied().collect();
        let taken = if shared { now.difference(&self.had).copied().collect() } else { HashSet::new() };
        self.had = now;
        taken
    }
}

async fn heard(inner: std::sync::Arc<Inner>, note: Note) {
    let tenant = note.tenant;
    match note.topic.as_str() {
        MOVED => {
            let removed = note.body["removed"] == true;
            let moves: Vec<Move> = match serde_json::from_value(note.body["people"].clone()) {
                Ok(moves) => moves,
                Err(e) => {
                    tracing::warn!(error = %e, "a note of another node cannot be read");
                    return inner.board.doubt().await;
                }
            };
            let days = moves.iter().map(|m| (m.employee, m.day)).collect();
            inner.ingest.doubt(Some(tenant), days, removed).await;
            for Move { employee, day, latest } in moves {
                inner.board.take_over(tenant, employee, latest, removed);
                inner.ingest.tell(Moved { tenant, employee, day });
            }
        }
        GONE => {
            inner.gate.forget();
            inner.ingest.forget(tenant).await;
            inner.board.forget(tenant).await;
        }
        _ => {}
    }
}

/// Asks the store whose readings of today have changed, and tells of them, or of everybody.
async fn catch_up(tracking: &Tracking, tenant: Uuid, everybody: bool) -> Result<()> {
    let Tracking(inner) = tracking;
    let day = inner.db.now().local_day(&tracking.zone(tenant).await?);
    for employee in inner.board.catch_up(&inner.db, tenant, day, everybody).await? {
        inner.ingest.tell(Moved { tenant, employee, day });
    }
    Ok(())
}
