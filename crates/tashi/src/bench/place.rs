//! A server on an empty store, and companies with people in it.

use std::{path::PathBuf, sync::Arc};

use anyhow::{Context, Result};
use api::{Config, Kit, PasswordCost};
use base::{LocalDay, Micros, time::ShiftedClock};
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::oneshot};
use uuid::Uuid;

use crate::{
    app::{App, Store},
    cli::explain,
    demo::Caller,
    listener,
    proxy::Proxies,
    web::Pages,
};

/// Password of everybody.
const PASSWORD: &str = "walk-the-talk-9";

/// The day all is measured on, a Friday.
pub fn day() -> LocalDay {
    LocalDay::from_date(jiff::civil::date(2026, 11, 20))
}

/// A time of that day in Shanghai.
pub fn at(hour: f64) -> Micros {
    let zone = TimeZone::get("Asia/Shanghai").unwrap_or(TimeZone::UTC);
    day().at_minute(0, &zone).plus((hour * 3600e6) as i64)
}

/// A server that listens.
pub struct Place {
    pub kit: Kit,
    pub clock: Arc<ShiftedClock>,
    pub address: String,
    router: api::axum::Router,
    folder: PathBuf,
    database_url: Option<String>,
    stop: Option<oneshot::Sender<()>>,
}

/// A company and how its admin calls.
pub struct Company {
    pub id: Uuid,
    pub admin: Caller,
    role: Value,
    department: Value,
}

impl Place {
    pub async fn open(folder: PathBuf, database_url: Option<String>) -> Result<Place> {
        std::fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
        let clock = ShiftedClock::showing(at(8.0));
        let store = match &database_url {
            Some(url) => Store::Postgres { url, files: &folder, nats: None },
            None => Store::Folder(&folder),
        };
        let app =
            App::open(store, clock.clone(), Config::default(), Proxies::default(), None, Pages::NONE).await?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(listener::serve(listener, app.router.clone(), None, async move {
            let _ = stopped.await;
        }));
        let (kit, router) = (app.kit, app.router);
        Ok(Place { kit, clock, address, router, folder, database_url, stop: Some(stop) })
    }

    /// Where the store lies.
    pub fn folder(&self) -> &std::path::Path {
        &self.folder
    }

    /// The same store opened by a new server: nothing of it is in memory.
    pub async fn anew(mut self) -> Result<Place> {
        self.close().await;
        let clock = self.clock.clone();
        let fresh = Place::open(self.folder, self.database_url).await?;
        fresh.clock.set(base::Clock::now(&*clock));
        Ok(fresh)
    }

    async fn close(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        self.kit.db.close().await;
    }

    /// Ends it and removes its folder.
    pub async fn remove(mut self) -> Result<()> {
        self.close().await;
        Ok(std::fs::remove_dir_all(&self.folder)?)
    }

    /// Bytes of the store as one compact file; PostgreSQL has none.
    pub async fn size(&self) -> Result<Option<u64>> {
        if self.database_url.is_some() {
            return Ok(None);
        }
        let target = self.folder.with_extension("copy");
        db::backup(&self.folder, &target).await.map_err(explain)?;
        let size = std::fs::metadata(target.join("tashi.db"))?.len();
        std::fs::remove_dir_all(target)?;
        Ok(Some(size))
    }

    pub async fn company(&self, name: &str) -> Result<Company> {
        let login = format!("admin@{name}");
        let new = org::NewCompany {
            company: name.to_owned(),
            time_zone: "Asia/Shanghai".into(),
            admin_name: "管理员".into(),
            login: login.clone(),
            password: PASSWORD.into(),
            goal: "truth".into(),
        };
        let founded = org::create_company(&self.kit.db, new, PasswordCost::Full, false, false)
            .await
            .map_err(explain)?;
        let admin = Caller::sign_in(&self.router, &login, PASSWORD).await?;
        let roles = admin.get("/api/v1/roles").await?;
        let role = roles["items"].as_array().and_then(|all| all.iter().find(|r| r["key"] == "rep"));
        let role = role.context("the role of reps")?["id"].clone();
        let department = admin.get("/api/v1/departments").await?["items"][0]["id"].clone();
        Ok(Company { id: founded.tenant, admin, role, department })
    }

    /// A person who signs in; answers id and token.
    pub async fn rep(&self, company: &Company, login: &str) -> Result<(Uuid, Caller)> {
        let id = company.employee(login, Some(login)).await?;
        Ok((id, Caller::sign_in(&self.router, login, PASSWORD).await?))
    }
}

impl Company {
    /// A person; with a login when he is to sign in.
    pub async fn employee(&self, name: &str, login: Option<&str>) -> Result<Uuid> {
        let password = login.map(|_| PASSWORD);
        let new = json!({ "name": name, "role_id": self.role, "department_id": self.department, "login": login, "password": password });
        let made = self.admin.post("/api/v1/employees", new).await?;
        made["employee"]["id"].as_str().and_then(|s| s.parse().ok()).context("an employee")
    }

    /// Secret of a new tracker of a new person.
    pub async fn tracker(&self, name: &str) -> Result<String> {
        Ok(self.tracked(name).await?.1)
    }

    /// A new person with a tracker: who it is, and its secret.
    pub async fn tracked(&self, name: &str) -> Result<(Uuid, String)> {
        let id = self.employee(name, None).await?;
        let new = json!({ "employee_id": id, "name": "t", "kind": "traccar" });
        let made = self.admin.post("/api/v1/trackers", new).await?;
        Ok((id, made["secret"].as_str().map(str::to_owned).context("a secret")?))
    }
}
