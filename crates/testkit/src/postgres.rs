//! A database of its own for each test, in a private cluster that is started when it is not running.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    process::Command,
    sync::OnceLock,
};

use base::time::ShiftedClock;
use sqlx::{Connection, Executor, PgConnection};
use tokio::sync::OnceCell;
use uuid::Uuid;

/// URL of the cluster's superuser database, from `TASHI_TEST_POSTGRES` or `scripts/postgres.sh`.
fn cluster() -> &'static str {
    static URL: OnceLock<String> = OnceLock::new();
    URL.get_or_init(|| {
        if let Ok(url) = std::env::var("TASHI_TEST_POSTGRES") {
            return url;
        }
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/postgres.sh");
        let out = Command::new(script).arg("start").output().expect("scripts/postgres.sh");
        assert!(out.status.success(), "no PostgreSQL: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8_lossy(&out.stdout).trim().to_owned()
    })
}

/// A scratch database, dropped with its handle. Its owner is an ordinary role, so that row level security
/// holds as it would in production.
pub struct Scratch {
    pub url: String,
    name: String,
}

/// A database that has its tables already, made once for a schema and kept in the cluster. Every test copies it: laying some
/// hundred tables with their keys and policies takes longer than most tests.
async fn laid() -> &'static str {
    static LAID: OnceCell<String> = OnceCell::const_new();
    LAID.get_or_init(|| async {
        let mut schema = DefaultHasher::new();
        db::MIGRATIONS.hash(&mut schema);
        // The parts of the months are those around the day the tests begin on, whatever day it is.
        crate::FRIDAY_EIGHT.0.hash(&mut schema);
        let name = format!("laid_{:016x}", schema.finish());
        let mut c = PgConnection::connect(cluster()).await.expect("PostgreSQL");
        // Several test programs may come at once; the lock ends with the connection.
        c.execute("SELECT pg_advisory_lock(20270119)").await.expect("a turn");
        let there = sqlx::query("SELECT 1 FROM pg_database WHERE datname = $1").bind(&name);
        if there.fetch_optional(&mut c).await.expect("names").is_none() {
            let scratch = Scratch::empty().await;
            let clock = ShiftedClock::showing(crate::FRIDAY_EIGHT);
            let store = db::Database::open_postgres(&scratch.url, clock, 1).await.expect("tables");
            store.close().await;
            run(&mut c, format!("ALTER DATABASE {} RENAME TO {name}", scratch.name)).await.expect("a name");
        }
        let _ = c.close().await;
        name
    })
    .await
}

async fn run(c: &mut PgConnection, text: String) -> sqlx::Result<()> {
    sqlx::raw_sql(sqlx::AssertSqlSafe(text)).execute(c).await.map(drop)
}

impl Scratch {
    pub async fn new() -> Scratch {
        Scratch::create(laid().await).await
    }

    /// One without tables.
    pub async fn empty() -> Scratch {
        Scratch::create("template0").await
    }

    async fn create(template: &str) -> Scratch {
        let name = format!("t_{}", Uuid::now_v7().simple());
        let mut c = PgConnection::connect(cluster()).await.expect("PostgreSQL");
        // Many tests start at once; only one of them makes the role.
        let _ = c.execute("CREATE ROLE tashi_app LOGIN NOSUPERUSER NOBYPASSRLS").await;
        run(&mut c, format!("CREATE DATABASE {name} OWNER tashi_app TEMPLATE {template}"))
            .await
            .expect("database");
        let _ = c.close().await;
        let (server, _) = cluster().rsplit_once('/').expect("URL with database");
        let url = format!("{}/{name}", server.replace("//postgres@", "//tashi_app@"));
        Scratch { url, name }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let name = self.name.clone();
        let drop = async move {
            if let Ok(mut c) = PgConnection::connect(cluster()).await {
                let _ = run(&mut c, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
            }
        };
        std::thread::spawn(move || {
            if let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() {
                runtime.block_on(drop);
            }
        })
        .join()
        .ok();
    }
}
