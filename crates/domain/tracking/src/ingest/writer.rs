//! The one task that stores readings: gathers what waits, writes it in one transaction a company, then
//! answers.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
    time::{Duration, Instant},
};

use base::{LocalDay, Problem};
use db::{Database, Result, Scope};
use futures::future::join_all;
use tokio::sync::{broadcast, mpsc, oneshot};
use uuid::Uuid;

use super::{
    Moved, Owner, Receipt,
    seen::{DayKey, Seen},
};
use crate::{codec::pack::pack, latest::Board, reading::Reading, rules::Refusal, seal, sql};

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
}

/// What one request wants stored and counted.
pub(super) struct Order {
    pub owner: Owner,
    pub kept: BTreeMap<LocalDay, Vec<Reading>>,
    pub refused: BTreeMap<(LocalDay, Refusal), u32>,
    pub reply: Option<oneshot::Sender<Result<Receipt>>>,
}

/// Serves orders until nobody can send any more.
pub(super) async fn run(
    db: Database,
    board: Arc<Board>,
    moved: broadcast::Sender<Moved>,
    mut work: mpsc::Receiver<Work>,
) {
    let mut seen = Seen::default();
    let mut tidied = Instant::now();
    let mut waiting = Vec::new();
    while work.recv_many(&mut waiting, GROUP).await > 0 {
        let mut companies: HashMap<Uuid, Vec<Order>> = HashMap::new();
        let mut sweeps = vec![];
        for item in waiting.drain(..) {
            match item {
                Work::Store(order) => companies.entry(order.owner.tenant).or_default().push(order),
                Work::Sweep(key, reply) => sweeps.push((key, reply)),
                Work::Forget(tenant, reply) => {
                    seen.forget(tenant);
                    let _ = reply.send(());
                }
            }
        }
        let mut groups = Vec::with_capacity(companies.len());
        for (tenant, orders) in companies {
            match Group::gather(&db, &mut seen, tenant, &orders).await {
                Ok(group) => groups.push((group, orders)),
                Err(problem) => refuse_all(orders, &problem),
            }
        }
        let writes = groups.iter_mut().map(|(group, _)| group.write(&db));
        let outcomes = join_all(writes).await;
        for ((group, orders), outcome) in groups.into_iter().zip(outcomes) {
            match outcome {
                Ok(()) => group.settle(orders, &board, &moved),
                Err(problem) => {
                    // A commit whose answer was lost may have happened; the next touch reads the truth.
                    seen.forget(group.tenant);
                    refuse_all(orders, &problem);
                }
            }
        }
        // after the orders that came before them: those were let in by what held then
        for (key, reply) in sweeps {
            let _ = reply.send(sweep(&db, &mut seen, &board, &moved, key).await);
        }
        if tidied.elapsed() > TIDY {
            tidied = Instant::now();
            seen.tidy();
        }
    }
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
        let _ = moved.send(Moved { tenant, employee, day });
    }
    Ok(())
}

fn refuse_all(orders: Vec<Order>, problem: &Problem) {
    for order in orders {
        if let Some(reply) = order.reply {
            let _ = reply.send(Err(problem.clone()));
        }
    }
}

/// All that is written for one company in one transaction.
struct Group {
    tenant: Uuid,
    /// New readings by person and day.
    fresh: BTreeMap<(Uuid, LocalDay), Vec<Reading>>,
    refused: BTreeMap<(Uuid, LocalDay, Refusal), i64>,
    receipts: Vec<Receipt>,
}

impl Group {
    async fn gather(db: &Database, seen: &mut Seen, tenant: Uuid, orders: &[Order]) -> Result<Group> {
        let touched: HashSet<DayKey> =
            orders.iter().flat_map(|o| o.kept.keys().map(|day| (tenant, o.owner.employee, *day))).collect();
        for key in touched {
            seen.load(db, key).await?;
        }
        let mut group = Group {
            tenant,
            fresh: BTreeMap::new(),
            refused: BTreeMap::new(),
            receipts: Vec::with_capacity(orders.len()),
        };
        for order in orders {
            let mut receipt = Receipt::default();
            for (day, readings) in &order.kept {
                let employee = order.owner.employee;
                let keys = seen.day((tenant, employee, *day));
                let fresh = group.fresh.entry((employee, *day)).or_default();
                for reading in readings {
                    if keys.add(reading) {
                        fresh.push(reading.clone());
                        receipt.accepted += 1;
                    } else {
                        receipt.duplicate += 1;
                    }
                }
            }
            for ((day, reason), count) in &order.refused {
                *group.refused.entry((order.owner.employee, *day, *reason)).or_default() += i64::from(*count);
                match reason {
                    Refusal::BadTime => receipt.invalid += count,
                    _ => receipt.refused += count,
                }
            }
            group.receipts.push(receipt);
        }
        group.fresh.retain(|_, readings| !readings.is_empty());
        Ok(group)
    }

    async fn write(&mut self, db: &Database) -> Result<()> {
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

    fn settle(self, orders: Vec<Order>, board: &Board, moved: &broadcast::Sender<Moved>) {
        for ((employee, day), readings) in &self.fresh {
            board.note(self.tenant, *employee, readings);
            let _ = moved.send(Moved { tenant: self.tenant, employee: *employee, day: *day });
        }
        for (order, receipt) in orders.into_iter().zip(self.receipts) {
            if let Some(reply) = order.reply {
                let _ = reply.send(Ok(receipt));
            }
        }
    }
}
