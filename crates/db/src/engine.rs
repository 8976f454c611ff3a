//! Opening the store and handing out readers and transactions.

use std::{any::Any, path::Path, str::FromStr, sync::Arc, time::Duration};

use base::{Clock, Micros, Problem, problem};
use sqlx::{
    ConnectOptions, Connection, Executor, Row as _, SqliteConnection, SqlitePool,
    postgres::{PgConnectOptions, PgPool, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::sync::{mpsc, oneshot};

use crate::{
    BoxFuture, Bus, Global, Reader, Result, Scope, Tx,
    nodes::{self, Turns},
    tx::{Conn, Link, problem_of},
    writer::{self, Order},
};

/// Which engine holds the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

pub(crate) enum Pools {
    Sqlite { readers: SqlitePool, writer: mpsc::Sender<Order> },
    Postgres(PgPool),
}

/// The store. Cheap to clone.
#[derive(Clone)]
pub struct Database {
    pub(crate) pools: Arc<Pools>,
    clock: Arc<dyn Clock>,
    bus: Bus,
    /// On PostgreSQL, where other processes may work on the same store.
    pub(crate) turns: Option<Arc<Turns>>,
}

/// Oldest SQLite without the WAL-reset fault (sqlite.org/wal.html#walresetbug).
const MIN_SQLITE: &str = "3.51.3";

/// Connections that read the embedded store.
pub const READERS: u32 = 4;
/// Connections to PostgreSQL.
pub const CONNECTIONS: u32 = 16;

/// Most write use cases waiting; beyond it callers are told to come again.
const QUEUE: usize = 8192;

impl Database {
    /// Opens (and creates) the embedded store in `folder`, and migrates it. `readers` connections read beside the
    /// one that writes. Nobody may ask for a second reader while holding one: with all in such hands nobody goes on.
    ///
    /// # Errors
    /// When the folder cannot be written, the library is too old, or the schema is newer than this program.
    pub async fn open_sqlite(folder: &Path, clock: Arc<dyn Clock>, readers: u32) -> Result<Database> {
        let file = folder.join("tashi.db");
        let options = SqliteConnectOptions::new()
            .filename(&file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .pragma("cache_size", "-65536")
            .pragma("mmap_size", "268435456")
            .pragma("temp_store", "memory")
            .pragma("wal_autocheckpoint", "4000")
            .pragma("secure_delete", "on")
            .statement_cache_capacity(512)
            .disable_statement_logging();
        let fail = |e| problem_of(e, "open");
        let mut connection = SqliteConnection::connect_with(&options).await.map_err(fail)?;
        let version: String =
            connection.fetch_one("SELECT sqlite_version()").await.and_then(|r| r.try_get(0)).map_err(fail)?;
        if version_number(&version) < version_number(MIN_SQLITE) {
            return Err(Problem::internal(format!(
                "SQLite {version} is older than {MIN_SQLITE} and can corrupt its log"
            )));
        }
        crate::migrate::sqlite(&mut connection).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(readers)
            .min_connections(1)
            .acquire_timeout(Duration::from_secs(20))
            .connect_with(options.clone().pragma("query_only", "on"))
            .await
            .map_err(fail)?;
        let (writer, orders) = mpsc::channel(QUEUE);
        let bus = Bus::default();
        tokio::spawn(writer::run(options, connection, orders, bus.clone()));
        Ok(Database { pools: Arc::new(Pools::Sqlite { readers, writer }), clock, bus, turns: None })
    }

    /// Opens a PostgreSQL database by URL and migrates it. Readers and writers share the `connections`; nobody may
    /// ask for one while holding one.
    ///
    /// # Errors
    /// When it cannot be reached, or its durability settings are off.
    pub async fn open_postgres(url: &str, clock: Arc<dyn Clock>, connections: u32) -> Result<Database> {
        let fail = |e| problem_of(e, "open");
        let options = PgConnectOptions::from_str(url).map_err(fail)?.disable_statement_logging();
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(Duration::from_secs(10))
            .connect_with(options)
            .await
            .map_err(fail)?;
        for setting in ["fsync", "full_page_writes", "synchronous_commit"] {
            let value: String = sqlx::query_scalar("SELECT current_setting($1)")
                .bind(setting)
                .fetch_one(&pool)
                .await
                .map_err(fail)?;
            if value == "off" && std::env::var_os("TASHI_ALLOW_UNSAFE_POSTGRES").is_none() {
                return Err(Problem::internal(format!(
                    "PostgreSQL runs with {setting}=off: acknowledged records could be lost"
                )));
            }
        }
        let role: (bool,) =
            sqlx::query_as("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
                .fetch_optional(&pool)
                .await
                .map_err(fail)?
                .unwrap_or_default();
        if role.0 {
            tracing::warn!(
                "the role of --database-url is a superuser or BYPASSRLS: row level security, the second lock between \
                 companies, does not hold for it"
            );
        }
        crate::migrate::postgres(&pool).await?;
        crate::partition::keep(&pool, clock.now().utc_day()).await?;
        let turns = Arc::new(Turns::default());
        let pools = Arc::new(Pools::Postgres(pool));
        Ok(Database::of(pools, clock, Bus::default(), turns))
    }

    /// PostgreSQL put together from its parts.
    pub(crate) fn of(pools: Arc<Pools>, clock: Arc<dyn Clock>, bus: Bus, turns: Arc<Turns>) -> Database {
        Database { pools, clock, bus, turns: Some(turns) }
    }

    pub fn engine(&self) -> Engine {
        match *self.pools {
            Pools::Sqlite { .. } => Engine::Sqlite,
            Pools::Postgres(_) => Engine::Postgres,
        }
    }

    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    pub fn now(&self) -> base::Micros {
        self.clock.now()
    }

    pub fn bus(&self) -> &Bus {
        &self.bus
    }

    /// Makes room for the days to come and gives back that of days long deleted. Nothing to do on SQLite.
    pub async fn keep_parts(&self) -> Result<()> {
        match &*self.pools {
            Pools::Sqlite { .. } => Ok(()),
            Pools::Postgres(pool) => crate::partition::keep(pool, self.now().utc_day()).await,
        }
    }

    /// Is the store able to answer?
    pub async fn ping(&self) -> Result<()> {
        let done = match &*self.pools {
            Pools::Sqlite { readers, .. } => readers.execute("SELECT 1").await.map(|_| ()),
            Pools::Postgres(pool) => pool.execute("SELECT 1").await.map(|_| ()),
        };
        done.map_err(|e| problem_of(e, "ping"))
    }

    /// Opens reads for a scope.
    pub fn read<'a>(&'a self, scope: &'a Scope) -> BoxFuture<'a, Result<Reader>> {
        Box::pin(async move {
            let conn = match &*self.pools {
                Pools::Sqlite { readers, .. } => {
                    Conn::SqlitePooled(readers.acquire().await.map_err(|e| problem_of(e, "acquire"))?)
                }
                Pools::Postgres(pool) => {
                    let mut conn = pool.acquire().await.map_err(|e| problem_of(e, "acquire"))?;
                    begin_postgres(&mut conn, scope, "READ ONLY").await?;
                    Conn::Postgres(conn)
                }
            };
            Ok(Reader { conn: Box::new(conn), scope: scope.clone() })
        })
    }

    /// Runs a use case in one transaction; returns after the commit is durable. The use case runs to its end
    /// even when the caller goes away.
    ///
    /// # Errors
    /// The use case's own problem (everything it did is undone), or `server.busy` when the store cannot
    /// take it: sending it again is safe.
    pub async fn write<T, F>(&self, scope: &Scope, use_case: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'a> FnOnce(&'a mut Tx) -> BoxFuture<'a, Result<T>> + Send + 'static,
    {
        let boxed: UseCase = Box::new(move |tx| {
            Box::pin(async move { use_case(tx).await.map(|value| Box::new(value) as Answer) })
        });
        let value = self.transact(scope, boxed).await?;
        value.downcast::<T>().map(|v| *v).map_err(|_| Problem::internal("answer of another type"))
    }

    fn transact<'a>(&'a self, scope: &Scope, use_case: UseCase) -> BoxFuture<'a, Result<Answer>> {
        let (scope, now) = (scope.clone(), self.clock.now());
        Box::pin(async move {
            match &*self.pools {
                Pools::Sqlite { writer, .. } => queue(writer, scope, now, use_case).await,
                Pools::Postgres(pool) => {
                    let task = commit(pool.clone(), self.bus.clone(), scope, now, use_case);
                    tokio::spawn(task).await.unwrap_or_else(|e| Err(Problem::internal(e)))
                }
            }
        })
    }

    /// Removes every row of one company, children before parents.
    pub async fn erase_tenant(&self, tenant: uuid::Uuid) -> Result<()> {
        self.write(&Scope::job("erase", tenant), move |tx| {
            Box::pin(async move {
                let mut tables = crate::tenant_tables();
                tables.extend(
                    [
                        "credential",
                        "session",
                        "tracker_key",
                        "calendar_key",
                        "service_link",
                        "turn",
                        "tenant",
                    ]
                    .map(str::to_owned),
                );
                // Later tables refer to earlier ones; rows that refer to their own table go in one statement.
                tables.reverse();
                for table in tables {
                    tx.erase_table(&table).await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// Runs statements on tables without a tenant, in one transaction.
    pub async fn global<T, F>(&self, use_case: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'a> FnOnce(&'a mut Global) -> BoxFuture<'a, Result<T>> + Send + 'static,
    {
        self.write(&Scope::job("global", uuid::Uuid::nil()), move |tx| {
            Box::pin(async move {
                let mut global = Global { conn: tx.conn.take() };
                let result = use_case(&mut global).await;
                tx.conn = global.conn;
                result
            })
        })
        .await
    }

    /// Reads tables without a tenant.
    pub fn global_read(&self) -> BoxFuture<'_, Result<Global>> {
        Box::pin(async move {
            let conn = match &*self.pools {
                Pools::Sqlite { readers, .. } => {
                    Conn::SqlitePooled(readers.acquire().await.map_err(|e| problem_of(e, "acquire"))?)
                }
                Pools::Postgres(pool) => {
                    Conn::Postgres(pool.acquire().await.map_err(|e| problem_of(e, "acquire"))?)
                }
            };
            Ok(Global { conn: Some(Box::new(conn)) })
        })
    }

    /// Prepares a text without running it, for the test over all statements.
    ///
    /// # Errors
    /// What the engine says against it.
    pub async fn prepare(&self, text: &'static str) -> std::result::Result<(), String> {
        match &*self.pools {
            Pools::Sqlite { readers, .. } => {
                readers.prepare(sqlx::SqlStr::from_static(text)).await.map(|_| ())
            }
            Pools::Postgres(pool) => match pool.prepare(sqlx::SqlStr::from_static(text)).await {
                // Tables, columns and functions are known by then; only a parameter that stands in `IS NULL`
                // alone has no type yet. It gets one from the bound value.
                Err(sqlx::Error::Database(e)) if matches!(e.code().as_deref(), Some("42P18" | "42P08")) => {
                    Ok(())
                }
                other => other.map(|_| ()),
            },
        }
        .map_err(|e| e.to_string())
    }

    /// Lets running work end and closes the files.
    pub async fn close(&self) {
        match &*self.pools {
            Pools::Sqlite { readers, .. } => {
                // An empty use case at the end of the queue: when it is answered, all before it are durable.
                let _ =
                    self.write(&Scope::job("close", uuid::Uuid::nil()), |_| Box::pin(async { Ok(()) })).await;
                readers.close().await;
            }
            Pools::Postgres(pool) => {
                if let Some(turns) = &self.turns {
                    nodes::leave(self, pool, turns).await;
                }
                pool.close().await;
            }
        }
    }
}

/// What a use case answers with, whatever it is.
type Answer = Box<dyn Any + Send>;
type UseCase = Box<dyn for<'a> FnOnce(&'a mut Tx) -> BoxFuture<'a, Result<Answer>> + Send>;

/// Hands a use case to the one writer of SQLite.
async fn queue(writer: &mpsc::Sender<Order>, scope: Scope, now: Micros, use_case: UseCase) -> Result<Answer> {
    let (reply, answer) = oneshot::channel();
    let job: writer::Job = Box::new(move |conn| {
        Box::pin(async move {
            let mut tx = begun(conn, scope, now);
            let result = logged(&mut tx, use_case).await;
            let events = std::mem::take(&mut tx.events);
            let conn = tx.conn.take().unwrap_or_else(|| unreachable!("use cases cannot take the connection"));
            (conn.back(), result.map(|value| (value, events)))
        })
    });
    let busy = |_| Problem::new(problem::BUSY).retry_after(2);
    tokio::time::timeout(Duration::from_secs(10), writer.send(Order { job, reply }))
        .await
        .map_err(|_| Problem::new(problem::BUSY).retry_after(5))?
        .map_err(busy)?;
    answer.await.map_err(|_| Problem::new(problem::BUSY).retry_after(2))?
}

/// Runs a use case in a transaction of its own on PostgreSQL.
async fn commit(pool: PgPool, bus: Bus, scope: Scope, now: Micros, use_case: UseCase) -> Result<Answer> {
    let mut conn = pool.acquire().await.map_err(|e| problem_of(e, "acquire"))?;
    begin_postgres(&mut conn, &scope, "READ WRITE").await?;
    let mut tx = begun(Conn::Postgres(conn), scope, now);
    let result = logged(&mut tx, use_case).await;
    let Some(Conn::Postgres(mut conn)) = tx.conn.take().map(Link::back) else {
        return Err(Problem::internal("transaction without connection"));
    };
    match result {
        Ok(value) => {
            conn.execute("COMMIT").await.map_err(|e| problem_of(e, "commit"))?;
            tx.events.drain(..).for_each(|e| bus.publish(e));
            Ok(value)
        }
        Err(problem) => {
            if conn.execute("ROLLBACK").await.is_err() {
                let _ = conn.detach().close().await;
            }
            Err(problem)
        }
    }
}

fn begun(conn: Conn, scope: Scope, now: Micros) -> Tx {
    Tx { conn: Some(Box::new(conn)), scope, now, events: vec![], entries: vec![] }
}

/// Runs a use case and, when it is done, writes what it logged.
async fn logged(tx: &mut Tx, use_case: UseCase) -> Result<Answer> {
    let value = use_case(tx).await?;
    tx.write_log().await?;
    Ok(value)
}

async fn begin_postgres(conn: &mut sqlx::PgConnection, scope: &Scope, mode: &str) -> Result<()> {
    // Both parts are made here (a fixed word and a UUID), so the text cannot carry anything foreign.
    let text = format!(
        "BEGIN ISOLATION LEVEL {} {mode}; SELECT set_config('app.tenant', '{}', true)",
        if mode == "READ ONLY" { "REPEATABLE READ" } else { "READ COMMITTED" },
        scope.tenant()
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(text)).execute(conn).await.map_err(|e| problem_of(e, "begin"))?;
    Ok(())
}

fn version_number(text: &str) -> (u32, u32, u32) {
    let mut parts = text.split('.').map(|p| p.parse().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    (next(), next(), next())
}

impl Drop for Reader {
    fn drop(&mut self) {
        // A read transaction is ended by giving the connection back; sqlx rolls back only its own
        // transactions, so the connection ends ours here before anybody else gets it.
        let conn = std::mem::replace(&mut self.conn, Box::new(Conn::Closed)).back();
        if let (Conn::Postgres(mut conn), Ok(runtime)) = (conn, tokio::runtime::Handle::try_current()) {
            runtime.spawn(async move {
                if conn.execute("ROLLBACK").await.is_err() {
                    let _ = conn.detach().close().await;
                }
            });
        }
    }
}
