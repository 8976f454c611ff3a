//! The one writer of SQLite: use cases queue up, run one after another on one connection, each in a
//! savepoint, and are committed in groups. Nobody is answered before his group's COMMIT has returned, so a
//! group of a hundred costs one fsync instead of a hundred.

use std::{any::Any, panic::AssertUnwindSafe, time::Duration};

use base::{Problem, problem};
use futures::FutureExt;
use sqlx::{Connection, Executor, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::sync::{mpsc, oneshot};

use crate::{Bus, Event, Result, tx::Conn};

/// Most use cases in one commit.
const GROUP: usize = 256;

/// How often the log of the store is shortened, when nobody waits to write.
const QUIET: Duration = Duration::from_secs(60);

/// What a use case hands back: its answer (any type, boxed) and the news to publish after the commit.
pub(crate) type Outcome = Result<(Box<dyn Any + Send>, Vec<Event>)>;

/// A use case: takes the connection, gives it back with the outcome.
pub(crate) type Job = Box<dyn FnOnce(Conn) -> futures::future::BoxFuture<'static, (Conn, Outcome)> + Send>;

pub(crate) struct Order {
    pub job: Job,
    pub reply: oneshot::Sender<Result<Box<dyn Any + Send>>>,
}

/// Serves orders until the queue is dropped.
pub(crate) async fn run(
    options: SqliteConnectOptions,
    mut connection: SqliteConnection,
    mut orders: mpsc::Receiver<Order>,
    bus: Bus,
) {
    let mut quiet = tokio::time::interval(QUIET);
    quiet.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut written = true;
    loop {
        let first = tokio::select! {
            biased;
            order = orders.recv() => match order {
                Some(first) => first,
                None => return,
            },
            _ = quiet.tick() => {
                if std::mem::take(&mut written) {
                    shorten_log(&mut connection).await;
                }
                continue;
            }
        };
        written = true;
        if let Err(e) = connection.execute("BEGIN IMMEDIATE").await {
            let _ = first.reply.send(Err(crate::tx::problem_of(e, "begin")));
            continue;
        }
        let mut group = Vec::new();
        let mut next = Some(first);
        let mut broken = None;
        while let Some(order) = next.take() {
            let (back, outcome) = one(connection, order.job).await;
            group.push((order.reply, outcome));
            match back {
                Some(back) => connection = back,
                None => {
                    // A panic took the connection and with it everything this group had not committed.
                    tracing::error!("a use case panicked; its group is rolled back");
                    broken = Some(Problem::new(problem::BUSY).retry_after(1));
                    connection = match SqliteConnection::connect_with(&options).await {
                        Ok(fresh) => fresh,
                        Err(e) => {
                            tracing::error!(%e, "the writer cannot reconnect; stopping");
                            std::process::abort();
                        }
                    };
                    break;
                }
            }
            if group.len() < GROUP {
                next = orders.try_recv().ok();
            }
        }
        if broken.is_none()
            && let Err(e) = connection.execute("COMMIT").await
        {
            // Nothing of this group is durable; say so to each of them. After an I/O error the state of the
            // file is unknown to us, so the process ends and SQLite recovers at the next start.
            let io = e
                .as_database_error()
                .and_then(|d| d.code())
                .is_some_and(|c| c.starts_with("10") || c == "522");
            broken = Some(crate::tx::problem_of(e, "commit"));
            if io {
                tracing::error!("commit failed with an I/O error; stopping");
                std::process::abort();
            }
            let _ = connection.execute("ROLLBACK").await;
        }
        for (reply, outcome) in group {
            let answer = match (&broken, outcome) {
                (Some(problem), _) => Err(problem.clone()),
                (None, Err(problem)) => Err(problem),
                (None, Ok((value, events))) => {
                    events.into_iter().for_each(|e| bus.publish(e));
                    Ok(value)
                }
            };
            let _ = reply.send(answer);
        }
    }
}

/// Moves the write-ahead log into the file and empties it. SQLite by itself starts the log over only in a moment without
/// readers; where somebody always reads it would grow for ever. Who reads for long is not waited for: a minute later is soon enough.
async fn shorten_log(connection: &mut SqliteConnection) {
    for statement in
        ["PRAGMA busy_timeout = 100", "PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA busy_timeout = 5000"]
    {
        if let Err(e) = connection.execute(statement).await {
            tracing::warn!(%e, statement, "the store's log could not be shortened");
        }
    }
}

/// Runs one use case in a savepoint. `None` when a panic took the connection with it.
async fn one(mut connection: SqliteConnection, job: Job) -> (Option<SqliteConnection>, Outcome) {
    if let Err(e) = connection.execute("SAVEPOINT one").await {
        return (Some(connection), Err(crate::tx::problem_of(e, "savepoint")));
    }
    let ran = AssertUnwindSafe(job(Conn::Sqlite(connection))).catch_unwind().await;
    let Ok((conn, outcome)) = ran else {
        return (None, Err(Problem::new(problem::INTERNAL)));
    };
    let Conn::Sqlite(mut connection) = conn else {
        return (None, Err(Problem::new(problem::INTERNAL)));
    };
    let end = if outcome.is_ok() { "RELEASE one" } else { "ROLLBACK TO one; RELEASE one" };
    match connection.execute(end).await {
        Ok(_) => (Some(connection), outcome),
        Err(e) => (Some(connection), Err(crate::tx::problem_of(e, "release"))),
    }
}
