//! A database of its own for each test, in a private cluster that is started when it is not running.

use std::{process::Command, sync::OnceLock};

use sqlx::{Connection, Executor, PgConnection};
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

impl Scratch {
    pub async fn new() -> Scratch {
        let name = format!("t_{}", Uuid::now_v7().simple());
        let mut c = PgConnection::connect(cluster()).await.expect("PostgreSQL");
        // Many tests start at once; only one of them makes the role.
        let _ = c.execute("CREATE ROLE tashi_app LOGIN NOSUPERUSER NOBYPASSRLS").await;
        let create: &'static str =
            Box::leak(format!("CREATE DATABASE {name} OWNER tashi_app").into_boxed_str());
        c.execute(create).await.expect("database");
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
                let text: &'static str =
                    Box::leak(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)").into_boxed_str());
                let _ = c.execute(text).await;
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
