//! Running statements: a [`Reader`] sees, a [`Tx`] changes. Both carry the scope and bind it.
//!
//! Futures are boxed and connections are behind a trait object, so that the drivers of the engines are compiled in this
//! crate alone: the body of an `async fn` is otherwise compiled again in every crate that awaits it.

use base::{Problem, problem};
use futures::future::BoxFuture;
use serde_json::Value;
use sqlx::{
    PgConnection, Postgres, Sqlite, SqliteConnection, pool::PoolConnection, postgres::PgArguments,
    sqlite::SqliteArguments,
};
use uuid::Uuid;

use crate::{Event, FromRow, Kind, LogEntry, News, Query, Result, Row, Scope, Statement, Val, query::Take};

/// Connection of either engine.
pub(crate) enum Conn {
    Sqlite(SqliteConnection),
    SqlitePooled(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
    /// Given back already.
    Closed,
}

/// A connection whose kind the crates above need not know.
pub(crate) trait Link: Send {
    fn rows<'a>(
        &'a mut self,
        text: &'static str,
        args: Vec<Val>,
        place: &'a str,
    ) -> BoxFuture<'a, Result<Vec<Row>>>;
    fn exec<'a>(
        &'a mut self,
        text: &'static str,
        args: Vec<Val>,
        place: &'a str,
    ) -> BoxFuture<'a, Result<u64>>;
    fn back(self: Box<Self>) -> Conn;
}

impl Link for Conn {
    fn rows<'a>(
        &'a mut self,
        text: &'static str,
        args: Vec<Val>,
        place: &'a str,
    ) -> BoxFuture<'a, Result<Vec<Row>>> {
        Box::pin(self.fetch(text, args, place))
    }

    fn exec<'a>(
        &'a mut self,
        text: &'static str,
        args: Vec<Val>,
        place: &'a str,
    ) -> BoxFuture<'a, Result<u64>> {
        Box::pin(self.execute(text, args, place))
    }

    fn back(self: Box<Self>) -> Conn {
        *self
    }
}

type PgQuery = sqlx::query::Query<'static, Postgres, PgArguments>;
type SqliteQuery = sqlx::query::Query<'static, Sqlite, SqliteArguments>;

macro_rules! bind {
    ($query:expr, $args:expr) => {{
        let mut query = $query;
        for arg in $args {
            query = match arg {
                Val::Int(v) => query.bind(v),
                Val::Real(v) => query.bind(v),
                Val::Text(v) => query.bind(v),
                Val::Bytes(v) => query.bind(v),
                Val::Uuid(v) => query.bind(v),
            };
        }
        query
    }};
}

fn sqlite_query(text: &'static str, args: Vec<Val>) -> SqliteQuery {
    bind!(sqlx::query(text), args)
}

fn pg_query(text: &'static str, args: Vec<Val>) -> PgQuery {
    bind!(sqlx::query(text), args)
}

/// What went wrong in the engine, as a problem. Texts of the engine go to the log, never outside.
pub(crate) fn problem_of(error: sqlx::Error, place: &str) -> Problem {
    let kind = error.as_database_error().map(|e| e.kind());
    let code = match kind {
        Some(sqlx::error::ErrorKind::UniqueViolation) => crate::TAKEN,
        Some(sqlx::error::ErrorKind::ForeignKeyViolation) => crate::REFERENCE,
        _ => match &error {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => problem::BUSY,
            sqlx::Error::Database(e) => match e.code().as_deref() {
                // disk full, busy, locked, serialization, deadlock, connections exhausted, shutting down
                Some(
                    "13" | "5" | "6" | "517" | "40001" | "40P01" | "53100" | "53300" | "57P01" | "57P03",
                ) => problem::BUSY,
                _ => problem::INTERNAL,
            },
            _ => problem::INTERNAL,
        },
    };
    let mut problem = Problem::new(code);
    if code == problem::BUSY {
        problem = problem.retry_after(2);
    }
    problem.source = Some(format!("{place}: {error}"));
    problem
}

impl Conn {
    async fn fetch(&mut self, text: &'static str, args: Vec<Val>, place: &str) -> Result<Vec<Row>> {
        let sqlite = |rows: Vec<_>| rows.into_iter().map(Row::Sqlite).collect();
        match self {
            Conn::Sqlite(c) => sqlite_query(text, args).fetch_all(c).await.map(sqlite),
            Conn::SqlitePooled(c) => sqlite_query(text, args).fetch_all(&mut **c).await.map(sqlite),
            Conn::Postgres(c) => {
                let c: &mut PgConnection = c;
                pg_query(text, args)
                    .fetch_all(c)
                    .await
                    .map(|rows| rows.into_iter().map(Row::Postgres).collect())
            }
            Conn::Closed => Err(sqlx::Error::PoolClosed),
        }
        .map_err(|e| problem_of(e, place))
    }

    async fn execute(&mut self, text: &'static str, args: Vec<Val>, place: &str) -> Result<u64> {
        match self {
            Conn::Sqlite(c) => sqlite_query(text, args).execute(c).await.map(|r| r.rows_affected()),
            Conn::SqlitePooled(c) => {
                sqlite_query(text, args).execute(&mut **c).await.map(|r| r.rows_affected())
            }
            Conn::Postgres(c) => pg_query(text, args).execute(&mut **c).await.map(|r| r.rows_affected()),
            Conn::Closed => Err(sqlx::Error::PoolClosed),
        }
        .map_err(|e| problem_of(e, place))
    }
}

/// Reads for one scope. On PostgreSQL a read-only transaction (one snapshot) with the tenant set for row
/// level security; on SQLite a read connection.
pub struct Reader {
    pub(crate) conn: Box<dyn Link>,
    pub(crate) scope: Scope,
}

/// A use case that changes things, in one transaction.
pub struct Tx {
    pub(crate) conn: Option<Box<dyn Link>>,
    pub(crate) scope: Scope,
    pub(crate) now: base::Micros,
    pub(crate) events: Vec<Event>,
    /// For the company's log, written as the last step.
    pub(crate) entries: Vec<LogEntry>,
}

/// Statements on tables without a tenant.
pub struct Global {
    pub(crate) conn: Option<Box<dyn Link>>,
}

fn scoped_args(scope: &Scope, args: Vec<Val>) -> Vec<Val> {
    let mut all = Vec::with_capacity(args.len() + 2);
    all.push(Val::from(scope.tenant()));
    all.push(Val::from(scope.actor()));
    all.extend(args);
    all
}

fn scoped_text(statement: &'static Statement, scope: &Scope) -> Result<&'static str> {
    match statement.kind {
        Kind::Scoped => Ok(statement.for_reach(scope.reach())),
        Kind::Global => {
            Err(Problem::internal(format!("{}: global statement in a scoped context", statement.place)))
        }
    }
}

impl Reader {
    pub(crate) async fn rows(&mut self, statement: &'static Statement, args: Vec<Val>) -> Result<Vec<Row>> {
        let text = scoped_text(statement, &self.scope)?;
        self.conn.rows(text, scoped_args(&self.scope, args), statement.place).await
    }
}

impl Tx {
    pub(crate) async fn rows(&mut self, statement: &'static Statement, args: Vec<Val>) -> Result<Vec<Row>> {
        let text = scoped_text(statement, &self.scope)?;
        let args = scoped_args(&self.scope, args);
        held(&mut self.conn)?.rows(text, args, statement.place).await
    }

    /// Runs a statement that changes rows; answers how many.
    pub fn exec(&mut self, statement: &'static Statement, args: Vec<Val>) -> BoxFuture<'_, Result<u64>> {
        Box::pin(async move {
            let text = scoped_text(statement, &self.scope)?;
            let args = scoped_args(&self.scope, args);
            held(&mut self.conn)?.exec(text, args, statement.place).await
        })
    }

    /// Statements on tables without a tenant, inside this transaction (credentials of a new employee).
    pub fn global_exec(
        &mut self,
        statement: &'static Statement,
        args: Vec<Val>,
    ) -> BoxFuture<'_, Result<u64>> {
        Box::pin(async move {
            let text = global_text(statement)?;
            held(&mut self.conn)?.exec(text, args, statement.place).await
        })
    }

    pub async fn global_all<T: FromRow + Send>(
        &mut self,
        statement: &'static Statement,
        args: Vec<Val>,
    ) -> Result<Vec<T>> {
        all_global(&mut self.conn, statement, args).await
    }

    /// The company this transaction belongs to.
    pub fn tenant(&self) -> Uuid {
        self.scope.tenant()
    }

    /// The acting employee.
    pub fn scope_actor(&self) -> Uuid {
        self.scope.actor()
    }

    /// The one "now" of this transaction.
    pub fn now(&self) -> base::Micros {
        self.now
    }

    /// Tells the floors above, and every listening client in reach, after the commit. Kept in the outbox.
    pub fn emit(&mut self, news: News) -> BoxFuture<'_, Result<()>> {
        Box::pin(self.write_news(news))
    }

    async fn write_news(&mut self, news: News) -> Result<()> {
        let payload = news.payload.to_string();
        let seq: Option<(i64,)> = self
            .one(
                crate::sql!(
                    "INSERT INTO outbox (tenant_id, at, topic, actor_id, employee_id, department_id, payload) \
                     VALUES ($1, $3, $4, $2, $5, $6, $7) RETURNING seq"
                ),
                crate::args![self.now, news.topic, news.employee_id, news.department_id, payload],
            )
            .await?;
        self.events.push(Event {
            seq: seq.map(|s| s.0),
            tenant: self.scope.tenant(),
            topic: news.topic.to_owned(),
            employee_id: news.employee_id,
            department_id: news.department_id,
            payload: std::sync::Arc::new(news.payload),
        });
        Ok(())
    }

    /// Removes the company's rows of one table named by the migrations.
    pub(crate) async fn erase_table(&mut self, table: &str) -> Result<()> {
        let text: &'static str =
            Box::leak(format!("DELETE FROM {table} WHERE tenant_id = $1").into_boxed_str());
        let tenant = self.tenant();
        held(&mut self.conn)?.exec(text, vec![Val::from(tenant)], "erase").await?;
        Ok(())
    }

    /// Writes one line of the audit trail. `changes` is shown to auditors as it is; keep secrets out. After the
    /// commit the process hears of it under the topic `audit`, so that whoever remembers what was changed can
    /// forget it.
    pub fn audit<'a>(
        &'a mut self,
        action: &'a str,
        object_kind: &'a str,
        object_id: Uuid,
        changes: Value,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(self.write_audit(action, object_kind, object_id, changes))
    }

    async fn write_audit(
        &mut self,
        action: &str,
        object_kind: &str,
        object_id: Uuid,
        changes: Value,
    ) -> Result<()> {
        let actor = self.scope.job_name().map(str::to_owned);
        self.exec(
            crate::sql!(
                "INSERT INTO audit (tenant_id, id, at, actor_id, job, action, object_kind, object_id, changes) \
                 VALUES ($1, $3, $4, $2, $5, $6, $7, $8, $9)"
            ),
            crate::args![base::id::new_v7(), self.now, actor, action, object_kind, object_id, changes.to_string()],
        )
        .await?;
        // Signing in changes nothing that anybody would have to prove.
        if action != "auth.sign_in" {
            self.log(LogEntry {
                kind: format!("audit.{action}"),
                subject: object_id,
                employee: Uuid::nil(),
                department: Uuid::nil(),
                record: serde_json::json!({ "kind": object_kind, "changes": changes.clone() }),
                files: vec![],
            });
        }
        self.events.push(Event {
            seq: None,
            tenant: self.scope.tenant(),
            topic: "audit".to_owned(),
            // for nobody's stream
            employee_id: Uuid::nil(),
            department_id: Uuid::nil(),
            payload: std::sync::Arc::new(
                serde_json::json!({ "action": action, "kind": object_kind, "id": object_id }),
            ),
        });
        Ok(())
    }
}

fn global_text(statement: &'static Statement) -> Result<&'static str> {
    match statement.kind {
        Kind::Global => Ok(statement.text),
        Kind::Scoped => {
            Err(Problem::internal(format!("{}: scoped statement without a scope", statement.place)))
        }
    }
}

fn held(conn: &mut Option<Box<dyn Link>>) -> Result<&mut Box<dyn Link>> {
    conn.as_mut().ok_or_else(|| Problem::internal("transaction without connection"))
}

fn each_global<'a>(
    conn: &'a mut Option<Box<dyn Link>>,
    statement: &'static Statement,
    args: Vec<Val>,
    take: Take<'a>,
) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let text = global_text(statement)?;
        held(conn)?.rows(text, args, statement.place).await?.iter().try_for_each(take)
    })
}

async fn all_global<T: FromRow + Send>(
    conn: &mut Option<Box<dyn Link>>,
    statement: &'static Statement,
    args: Vec<Val>,
) -> Result<Vec<T>> {
    let mut all = Vec::new();
    each_global(conn, statement, args, &mut |row| {
        all.push(T::from_row(row)?);
        Ok(())
    })
    .await?;
    Ok(all)
}

impl Global {
    pub async fn all<T: FromRow + Send>(
        &mut self,
        statement: &'static Statement,
        args: Vec<Val>,
    ) -> Result<Vec<T>> {
        all_global(&mut self.conn, statement, args).await
    }

    pub async fn one<T: FromRow + Send>(
        &mut self,
        statement: &'static Statement,
        args: Vec<Val>,
    ) -> Result<Option<T>> {
        Ok(self.all(statement, args).await?.into_iter().next())
    }

    pub fn exec(&mut self, statement: &'static Statement, args: Vec<Val>) -> BoxFuture<'_, Result<u64>> {
        Box::pin(async move {
            let text = global_text(statement)?;
            held(&mut self.conn)?.exec(text, args, statement.place).await
        })
    }
}
