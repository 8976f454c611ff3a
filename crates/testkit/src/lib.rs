//! A running server for tests: real listener, real store (either engine), and a clock the test can move.
//!
//! ```ignore
//! testkit::both!(a_customer_is_kept, |app| async move {
//!     let company = app.company("惠民饮品").await;
//!     let reply = company.admin.post("/api/v1/customers", json!({ "name": "苏福便利" })).await;
//!     assert_eq!(reply.status, 201);
//! });
//! ```

mod client;
mod nats;
mod postgres;
mod sheet;
mod sqlite;
mod table;

use std::{net::SocketAddr, path::Path, sync::Arc};

pub use client::{Client, Heard, Reply};
pub use nats::Nats;
pub use sheet::sheet;
pub use table::parquet_rows;

use api::{Config, Kit, PasswordCost, RoadServers};
use base::{Micros, Problem, time::ShiftedClock};
use tashi::{
    app::{App as Server, Store},
    proxy::Proxies,
    web::Pages,
};
use tokio::{net::TcpListener, sync::oneshot};
use uuid::Uuid;

/// Which engine an app runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    Sqlite,
    Postgres,
}

/// A server listening on a port of its own.
pub struct App {
    pub on: On,
    pub base: String,
    pub clock: Arc<ShiftedClock>,
    pub kit: Kit,
    pub folder: tempfile::TempDir,
    pub document: serde_json::Value,
    switches: Switches,
    stop: Option<oneshot::Sender<()>>,
    database: Option<Arc<postgres::Scratch>>,
}

/// How a server was started, for starting another alike.
#[derive(Clone, Default)]
struct Switches {
    config: Config,
    proxies: Proxies,
    nats: Option<String>,
}

/// A company with the people every test wants.
pub struct Company {
    pub id: Uuid,
    pub admin: Client,
    pub root_department: Uuid,
    /// role key → id
    pub roles: std::collections::HashMap<String, Uuid>,
}

/// Friday 2026-11-20, 08:00 in Shanghai: before duty begins.
pub const FRIDAY_EIGHT: Micros = Micros(1_795_132_800_000_000);

impl App {
    /// Starts a server on a fresh store; its clock shows [`FRIDAY_EIGHT`].
    pub async fn start(on: On) -> App {
        App::start_with(on, Config::default(), Proxies::default()).await
    }

    /// The same, with servers for travel times.
    pub async fn with_roads(on: On, roads: RoadServers) -> App {
        App::start_with(on, Config { roads, ..Config::default() }, Proxies::default()).await
    }

    /// The same with switches of its own.
    pub async fn start_with(on: On, config: Config, proxies: Proxies) -> App {
        let folder = tempfile::tempdir().expect("temporary folder");
        let database = match on {
            On::Sqlite => {
                sqlite::lay(folder.path()).await;
                None
            }
            On::Postgres => Some(Arc::new(postgres::Scratch::new().await)),
        };
        let clock = ShiftedClock::showing(FRIDAY_EIGHT);
        App::on_store(on, folder, database, clock, Switches { config, proxies, nats: None }).await
    }

    /// The first of several servers on one PostgreSQL, which hear each other over NATS.
    pub async fn first_node(nats: &str) -> App {
        let folder = tempfile::tempdir().expect("temporary folder");
        let database = Some(Arc::new(postgres::Scratch::new().await));
        let clock = ShiftedClock::showing(FRIDAY_EIGHT);
        let switches = Switches { nats: Some(nats.to_owned()), ..Switches::default() };
        App::on_store(On::Postgres, folder, database, clock, switches).await
    }

    /// Another server on the same PostgreSQL, with the same clock and switches. Photos lie apart.
    pub async fn another_node(&self) -> App {
        let folder = tempfile::tempdir().expect("temporary folder");
        App::on_store(self.on, folder, self.database.clone(), self.clock.clone(), self.switches.clone()).await
    }

    /// Stops this server as one that is asked to stop: it says so to the others.
    pub async fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        self.kit.db.close().await;
    }

    async fn on_store(
        on: On,
        folder: tempfile::TempDir,
        database: Option<Arc<postgres::Scratch>>,
        clock: Arc<ShiftedClock>,
        Switches { config, proxies, nats }: Switches,
    ) -> App {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address: SocketAddr = listener.local_addr().expect("address");
        let base = format!("http://{address}");
        let mut served = Config { passwords: PasswordCost::Least, ..config.clone() };
        // Behind a proxy links are made of what the request says.
        if proxies.is_empty() {
            served.public_url = base.clone();
        }
        let store = match &database {
            None => Store::Folder(folder.path()),
            Some(scratch) => {
                Store::Postgres { url: &scratch.url, files: folder.path(), nats: nats.as_deref() }
            }
        };
        let server = Server::open(store, clock.clone(), served, proxies.clone(), None, Pages::NONE)
            .await
            .expect("server");
        let document = serde_json::to_value(&server.document).expect("document");
        let (stop, stopped) = oneshot::channel::<()>();
        let router = server.router.clone();
        tokio::spawn(tashi::listener::serve(listener, router, None, async move {
            let _ = stopped.await;
        }));
        App {
            on,
            base,
            clock,
            kit: server.kit,
            folder,
            document,
            switches: Switches { config, proxies, nats },
            stop: Some(stop),
            database,
        }
    }

    /// Stops the server and starts another on the same store, as after a restart.
    pub async fn restart(mut self) -> App {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        self.kit.db.close().await;
        let folder = std::mem::replace(&mut self.folder, tempfile::tempdir().expect("temporary folder"));
        App::on_store(self.on, folder, self.database.take(), self.clock.clone(), self.switches.clone()).await
    }

    /// Backs the store up while this server runs; answers the number of files.
    ///
    /// # Errors
    /// What the backup says.
    pub async fn back_up(&self, target: &Path) -> Result<usize, Problem> {
        match self.database_url() {
            None => db::backup(self.data(), target).await,
            Some(url) => db::backup_postgres(url, self.data(), target).await,
        }
    }

    /// A server on what a backup brings back: a new folder, and a new database on PostgreSQL.
    ///
    /// # Errors
    /// What the restore says against it.
    pub async fn bring_back(on: On, backup: &Path, clock: Arc<ShiftedClock>) -> Result<App, Problem> {
        let folder = tempfile::tempdir().expect("temporary folder");
        let database = match on {
            On::Sqlite => {
                db::restore(backup, folder.path()).await?;
                None
            }
            On::Postgres => {
                let scratch = postgres::Scratch::empty().await;
                db::restore_postgres(&scratch.url, backup, folder.path()).await?;
                Some(Arc::new(scratch))
            }
        };
        Ok(App::on_store(on, folder, database, clock, Default::default()).await)
    }

    pub fn data(&self) -> &Path {
        self.folder.path()
    }

    /// Address of the database, on PostgreSQL.
    pub fn database_url(&self) -> Option<&str> {
        self.database.as_ref().map(|scratch| scratch.url.as_str())
    }

    /// Somebody without a sign-in.
    pub fn stranger(&self) -> Client {
        Client::new(&self.base, None)
    }

    /// Signs in.
    pub async fn sign_in(&self, login: &str, password: &str) -> Client {
        let reply = self
            .stranger()
            .post("/api/v1/auth/login", serde_json::json!({ "login": login, "password": password }))
            .await;
        assert_eq!(reply.status, 200, "sign-in of {login}: {}", reply.json);
        Client::new(&self.base, reply.json["token"].as_str())
    }

    /// Founds a company in Shanghai time; its admin signs in as `admin@<name>`.
    pub async fn company(&self, name: &str) -> Company {
        let login = format!("admin@{name}");
        let new = org::NewCompany {
            company: name.to_owned(),
            time_zone: "Asia/Shanghai".into(),
            admin_name: "管理员".into(),
            login: login.clone(),
            password: PASSWORD.into(),
            goal: "truth".into(),
        };
        let founded =
            org::create_company(&self.kit.db, new, PasswordCost::Least, false, false).await.expect("company");
        let admin = self.sign_in(&login, PASSWORD).await;
        let departments = admin.get("/api/v1/departments").await.json;
        let roles = admin.get("/api/v1/roles").await.json;
        let uuid = |v: &serde_json::Value| v.as_str().and_then(|s| s.parse().ok()).expect("id");
        let root_department = uuid(&departments["items"][0]["id"]);
        let roles = roles["items"].as_array().expect("roles").iter();
        let roles =
            roles.map(|r| (r["key"].as_str().unwrap_or_default().to_owned(), uuid(&r["id"]))).collect();
        Company { id: founded.tenant, admin, root_department, roles }
    }

    /// Adds a person who can sign in as `login` with [`PASSWORD`]; answers his id and client.
    pub async fn person(
        &self,
        company: &Company,
        name: &str,
        login: &str,
        role: &str,
        department: Uuid,
    ) -> (Uuid, Client) {
        let reply = company
            .admin
            .post(
                "/api/v1/employees",
                serde_json::json!({ "name": name, "login": login, "password": PASSWORD, "role_id": company.roles[role], "department_id": department }),
            )
            .await;
        assert_eq!(reply.status, 201, "adding {name}: {}", reply.json);
        let id = reply.json["employee"]["id"].as_str().and_then(|s| s.parse().ok()).expect("id");
        (id, self.sign_in(login, PASSWORD).await)
    }

    /// Adds a department below another.
    pub async fn department(&self, company: &Company, name: &str, parent: Uuid) -> Uuid {
        let reply = company
            .admin
            .post("/api/v1/departments", serde_json::json!({ "name": name, "parent_id": parent }))
            .await;
        assert_eq!(reply.status, 201, "{}", reply.json);
        reply.json["id"].as_str().and_then(|s| s.parse().ok()).expect("id")
    }
}

/// Password of everybody in tests.
pub const PASSWORD: &str = "walk-the-talk-9";

impl Drop for App {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }
}

/// Declares a test that runs on both engines.
#[macro_export]
macro_rules! both {
    ($(#[$meta:meta])* $name:ident, $body:expr) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let body: fn($crate::App) -> _ = $body;
                body($crate::App::start($crate::On::Sqlite).await).await;
            }

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let body: fn($crate::App) -> _ = $body;
                body($crate::App::start($crate::On::Postgres).await).await;
            }
        }
    };
}
