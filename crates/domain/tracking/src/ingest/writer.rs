//! The one task that stores readings: gathers what waits, writes it in one transaction a company, then
//! answers.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::{Duration, Instant},
};

use base::{LocalDay, Problem};
use db::{Bus, Database, Result, Scope};
use futures::future::join_all;
use tokio::sync::{broadcast, mpsc, oneshot};
use uuid::Uuid;

use super::{
    Moved, Owner, Receipt,
    seen::{DayKey, Seen},
};
use crate::{codec::pack::pack, elsewhere, latest::Board, reading::Reading, rules::Refusal, seal, sql};

/// Most requests in one commit.
const GROUP: usize = 4096;
const TIDY: Duration = Duration::from_secs(600);

/// What waits in the queue.
pub(super) enum Work {
    Store(Order),
    /// What lies in leave or in a private trip is to be removed from a person's day.
    Sweep(DayKey, oneshot::Sender<Result<()>>),
    /// A company's data was removed.
    Forget(Uuid, oneshot::Sender<()>),
    /// Another node has stored readings of these days, or removed some; without a company, perhaps of any.
    Elsewhere {
        tenant: Option<Uuid>,
        days: Vec<(Uuid, LocalDay)>,
        removed: bool,
    },
}

/// What one request wants stored and counted.
pub(super) struct Order {
    pub owner: Owner,
    pub kept: BTreeMap<LocalDay, Vec<Reading>>,
    pub refused: BTreeMap<(LocalDay, Refusal), u32>,
    /// Members left out of the kept ones.
    pub trimmed: u32,
    pub reply: Option<oneshot::Sender<Result<Receipt>>>,
}

/// Serves orders until nobody can send any more. While one round of groups is being committed the next one is
/// gathered; it is written, and its senders are answered, only after the round before is durable.
pub(super) async fn run(
    db: Database,
    board: Arc<Board>,
    moved: broadcast::Sender<Moved>,
    mut work: mpsc::Receiver<Work>,
) {
    let mut seen = Seen::default();
    let mut tidied = Instant::now();
    let mut waiting = Vec::new();
    let mut next = Round::default();
    loop {
        if next.is_empty() {
            if waiting.is_empty() && work.recv_many(&mut waiting, GROUP).await == 0 {
                return;
            }
            next.gather(&db, &mut seen, &mut waiting).await;
        }
        let mut round = std::mem::take(&mut next);
        let barrier = round.barrier.take();
        let mut writing = std::pin::pin!(round.write(&db));
        let written = loop {
            tokio::select! {
                written = &mut writing => break written,
                n = work.recv_many(&mut waiting, GROUP), if barrier.is_none() && next.takes_more() => {
                    if n == 0 {
                        break writing.as_mut().await;
                    }
                    next.gather(&db, &mut seen, &mut waiting).await;
                }
            }
        };
        for (group, outcome) in written {
            match outcome {
                Ok(()) => group.settle(db.bus(), &board, &moved),
                Err(problem) => {
                    // A commit whose answer was lost may have happened; the next touch reads the truth. What was
                    // gathered meanwhile may have been compared with what is not stored now.
                    seen.forget(group.tenant);
                    next.refuse(group.tenant, &problem);
                    group.refuse(&problem);
                }
            }
        }
        // after the orders that came before: those were let in by what held then
        match barrier {
            Some(Barrier::Sweep(key, reply)) => {
                let _ = reply.send(sweep(&db, &mut seen, &board, &moved, key).await);
            }
            Some(Barrier::Forget(tenant, reply)) => {
                seen.forget(tenant);
                let _ = reply.send(());
            }
            None => {}
        }
        if tidied.elapsed() > TIDY {
            tidied = Instant::now();
            seen.tidy();
        }
    }
}

/// What happens between two rounds: nothing may be gathered until it is done, because it changes what is known
/// to be stored.
enum Barrier {
    Sweep(DayKey, oneshot::Sender<Result<()>>),
    Forget(Uuid, oneshot::Sender<()>),
}

async fn sweep(
    db: &Database,
    seen: &mut Seen,
    board: &Board,
    moved: &broadcast::Sender<Moved>,
    key: DayKey,
) -> Result<()> {
    let (tenant, employee, day) = key;
    if let Some(left) = seal::sweep(db, &Scope::job("sweep", tenant), employee, day).await? {
        seen.forget_day(key);
        board.replace(tenant, employee, &left);
        elsewhere::tell_removed(db.bus(), board, key);
        let _ = moved.send(Moved { tenant, employee, day });
    }
    Ok(())
}

/// The groups of one commit, one a company, and what happens after it.
#[derive(Default)]
struct Round {
    groups: HashMap<Uuid, Group>,
    requests: usize,
    barrier: Option<Barrier>,
}

impl Round {
    fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.barrier.is_none()
    }

    fn takes_more(&self) -> bool {
        self.requests < GROUP && self.barrier.is_none()
    }

    /// Adds what waits, up to the first barrier; what comes after that goes on waiting.
    async fn gather(&mut self, db: &Database, seen: &mut Seen, waiting: &mut Vec<Work>) {
        let mut items = std::mem::take(waiting).into_iter();
        for item in items.by_ref() {
            match item {
                Work::Store(order) => {
                    let tenant = order.owner.tenant;
                    let group = self.groups.entry(tenant).or_insert_with(|| Group::of(tenant));
                    if let Err((order, problem)) = group.add(db, seen, order).await {
                        answer(order, Err(problem));
                    }
                    self.requests += 1;
                }
                Work::Sweep(key, reply) => self.barrier = Some(Barrier::Sweep(key, reply)),
                Work::Forget(tenant, reply) => self.barrier = Some(Barrier::Forget(tenant, reply)),
                Work::Elsewhere { tenant: None, .. } => seen.doubt_all(),
                Work::Elsewhere { tenant: Some(tenant), days, removed } => {
                    for (employee, day) in days {
                        match removed {
                            true => seen.forget_day((tenant, employee, day)),
                            false => seen.doubt((tenant, employee, day)),
                        }
                    }
                }
            }
            if self.barrier.is_some() {
                break;
            }
        }
        waiting.extend(items);
    }

    /// Writes all groups; answers each with what became of it.
    async fn write(self, db: &Database) -> Vec<(Group, Result<()>)> {
        let writes = self.groups.into_values().map(|group| async move {
            let outcome = group.write(db).await;
            (group, outcome)
        });
        join_all(writes).await
    }

    fn refuse(&mut self, tenant: Uuid, problem: &Problem) {
        if let Some(group) = self.groups.remove(&tenant) {
            self.requests = self.requests.saturating_sub(group.orders.len());
            group.refuse(problem);
        }
    }
}

fn answer(order: Order, with: Result<Receipt>) {
    if let Some(reply) = order.reply {
        let _ = reply.send(with);
    }
}

/// All that is written for one company in one transaction.
struct Group {
    tenant: Uuid,
    /// New readings by person and day.
    fresh: BTreeMap<(Uuid, LocalDay), Vec<Reading>>,
    refused: BTreeMap<(Uuid, LocalDay, Refusal), i64>,
    orders: Vec<(Order, Receipt)>,
}

impl Group {
    fn of(tenant: Uuid) -> Group {
        Group { tenant, fresh: BTreeMap::new(), refused: BTreeMap::new(), orders: vec![] }
    }

    /// Takes an order in, keeping of it what is not stored yet; gives it back when that cannot be told.
    async fn add(
        &mut self,
        db: &Database,
        seen: &mut Seen,
        mut order: Order,
    ) -> std::result::Result<(), (Order, Problem)> {
        let employee = order.owner.employee;
        for day in order.kept.keys() {
            if let Err(problem) = seen.load(db, (self.tenant, employee, *day)).await {
                return Err((order, problem));
            }
        }
        let mut receipt = Receipt { trimmed: order.trimmed, ..Receipt::default() };
        for (day, readings) in std::mem::take(&mut order.kept) {
            let keys = seen.day((self.tenant, employee, day));
            let mut fresh = readings;
            let all = fresh.len();
            fresh.retain(|reading| keys.add(reading));
            receipt.accepted += fresh.len() as u32;
            receipt.duplicate += (all - fresh.len()) as u32;
            if !fresh.is_empty() {
                self.fresh.entry((employee, day)).or_default().append(&mut fresh);
            }
        }
        for ((day, reason), count) in &order.refused {
            *self.refused.entry((employee, *day, *reason)).or_default() += i64::from(*count);
            match reason {
                Refusal::BadTime => receipt.invalid += count,
                _ => receipt.refused += count,
            }
        }
        self.orders.push((order, receipt));
        Ok(())
    }

    async fn write(&self, db: &Database) -> Result<()> {
        if self.fresh.is_empty() && self.refused.is_empty() {
            return Ok(());
        }
        let batches: Vec<sql::Batch> = self
            .fresh
            .iter()
            .map(|((employee, day), readings)| sql::Batch {
                employee: *employee,
                day: *day,
                fixes: pack(readings),
            })
            .collect();
        let refused = self.refused.clone();
        db.write(&Scope::job("ingest", self.tenant), move |tx| {
            Box::pin(async move {
                sql::append(tx, batches).await?;
                for ((employee, day, reason), count) in refused {
                    sql::count_refused(tx, employee, day, reason.key(), count).await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// Tells everybody, after the commit.
    fn settle(self, bus: &Bus, board: &Board, moved: &broadcast::Sender<Moved>) {
        for ((employee, day), readings) in &self.fresh {
            board.note(self.tenant, *employee, readings);
            let _ = moved.send(Moved { tenant: self.tenant, employee: *employee, day: *day });
        }
        let people: Vec<(Uuid, LocalDay)> = self.fresh.into_keys().collect();
        elsewhere::tell(bus, board, self.tenant, &people);
        for (order, receipt) in self.orders {
            answer(order, Ok(receipt));
        }
    }

    fn refuse(self, problem: &Problem) {
        for (order, _) in self.orders {
            answer(order, Err(problem.clone()));
        }
    }
}
