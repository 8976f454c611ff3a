//! Two SQL engines behind one face.
//!
//! Only this crate names SQLite or PostgreSQL. The floors above write each statement once, with `$n`
//! placeholders, and hand it over with its arguments:
//!
//! * [`sql!`] declares a statement on tenants' tables. `$1` is always the tenant and `$2` always the acting
//!   employee; both are bound here, from the [`Scope`], so no caller can forget or forge them. The caller's
//!   own arguments start at `$3`. `{reach:x}` becomes the rows of alias `x` the actor may see.
//! * [`global_sql!`] declares a statement on the few tables without a tenant (sign-in look-ups).
//! * [`Database::read`] opens a [`Reader`], [`Database::write`] runs a use case in a [`Tx`]. On SQLite all
//!   writes go through one connection that commits in groups; on PostgreSQL each has its own transaction,
//!   with row level security as second lock. Both answer only after the commit is durable.
//! * [`Tx::emit`] and [`Tx::audit`] write news and trail in the same transaction; [`Tx::log`] and every line of the
//!   trail also go into the company's append-only log.
//!
//! Types in the schema: `UUID`, `BIGINT` (microseconds, days, counts, 0/1 flags), `TEXT` (also JSON),
//! `BYTEA`, `DOUBLE PRECISION`. No other; see `docs/decisions/0001-storage.md`.

mod backup;
mod bus;
mod engine;
mod files;
mod log;
mod migrate;
mod nodes;
mod partition;
mod person;
mod query;
mod row;
mod scope;
mod statement;
mod tx;
mod value;
mod writer;

pub use backup::{backup, backup_postgres, restore, restore_postgres};
pub use bus::{Bus, Event, Line, Listener, News, Note, Watching};
pub use engine::{CONNECTIONS, Database, Engine, READERS};
pub use files::Files;
pub use futures::future::BoxFuture;
pub use log::LogEntry;
pub use migrate::{MIGRATIONS, tenant_tables};
pub use nodes::{Standing, Turn};
pub use query::Query;
pub use row::{FromRow, Row};
pub use scope::{Permission, Reach, Scope};
pub use statement::{Kind, Registered as __Registered, Statement, registered};
pub use tx::{Global, Reader, Tx};
pub use value::Val;

#[doc(hidden)]
pub use inventory;

/// What every use case answers with.
pub type Result<T> = std::result::Result<T, base::Problem>;

base::problems! {
    /// A unique key is taken.
    TAKEN = 409 "db.taken",
        zh "已存在" / "已有相同编号或名称的记录。",
        en "Already exists" / "There is already a record with this id or name.";
    /// A reference names nothing in this company.
    REFERENCE = 422 "input.reference",
        zh "引用的内容不存在" / "请求里引用的对象不存在，或不属于本企业。",
        en "Unknown reference" / "The request refers to something that does not exist in this company.";
}
