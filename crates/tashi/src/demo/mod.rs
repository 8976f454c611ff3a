//! The demo: two invented companies in a generated city, four past weeks, and simulated phones that go on
//! working. Everything goes through the public API, as people and phones do; only founding the companies, for
//! which the wizard works once, is done by a job.
//!
//! While the past is being lived, the server's clock is the demo's; then it is the real one again.

mod attack;
mod business;
mod caller;
mod company;
mod day;
mod http;
mod streets;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, Result};
use api::{Kit, axum::Router};
use base::{
    Clock, LocalDay, Micros,
    time::{ShiftedClock, SystemClock},
};
use city::City;
use company::{Company, Rep};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use uuid::Uuid;

pub use attack::Way;
pub(crate) use caller::Caller;
pub use http::{Reset, routes};

/// The city's seed and the place it is laid around.
pub const SEED: u64 = 20_261_120;
/// Calendar days of history a new demo has.
pub const PAST_DAYS: i32 = 28;
/// Reps' calls that fall into the same stretch of time are made side by side: a quarter of an hour today, half of one before.
const fn stretch_ms(detail: day::Detail) -> i64 {
    match detail {
        day::Detail::Past => 30 * 60_000,
        _ => 15 * 60_000,
    }
}

/// Centre of the generated city.
pub fn centre() -> geo::LngLat {
    geo::LngLat::new(118.79, 32.05).unwrap_or_else(|_| unreachable!("a place on earth"))
}

/// The generated city, made once a process.
pub fn city() -> &'static City {
    static CITY: std::sync::OnceLock<City> = std::sync::OnceLock::new();
    CITY.get_or_init(|| City::generate(SEED, centre()))
}

/// Sign-ins of a demo, written to `demo-accounts.json` for people and tools.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Accounts {
    pub base: String,
    pub tenants: Vec<TenantAccounts>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TenantAccounts {
    pub id: Uuid,
    pub name: String,
    pub accounts: Vec<Account>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Account {
    /// admin, manager or rep.
    pub role: String,
    pub name: String,
    pub login: String,
    pub password: String,
    pub employee_id: Uuid,
    pub department: String,
}

/// The demo of a running server.
pub struct Demo {
    router: Router,
    kit: Kit,
    clock: Arc<ShiftedClock>,
    file: PathBuf,
    past_days: i32,
}

impl Demo {
    /// A demo whose history goes back `past_days`.
    pub fn new(router: &Router, kit: &Kit, clock: &Arc<ShiftedClock>, data: &Path, past_days: i32) -> Demo {
        Demo {
            router: router.clone(),
            kit: kit.clone(),
            clock: clock.clone(),
            file: data.join("demo-accounts.json"),
            past_days,
        }
    }

    /// Makes the demo when there is none, and answers who can sign in.
    ///
    /// # Errors
    /// When the API refuses what a demo does: a fault of ours.
    pub async fn prepare(&self) -> Result<Accounts> {
        if let Ok(text) = std::fs::read_to_string(&self.file)
            && let Ok(mut accounts) = serde_json::from_str::<Accounts>(&text)
        {
            // The address may have changed since.
            accounts.base = self.kit.config.public_url.clone();
            self.write(&accounts)?;
            return Ok(accounts);
        }
        self.make().await
    }

    /// Makes it from nothing: what a start left that was broken off on the way goes first.
    async fn make(&self) -> Result<Accounts> {
        org::erase_demos(&self.kit).await.map_err(crate::cli::explain)?;
        let zone = zone()?;
        let today = SystemClock.now().local_day(&zone);
        let first = today.plus_days(-self.past_days);
        // The evening before: the clock only goes on.
        self.clock.set(first.plus_days(-1).at_minute(18 * 60, &zone));
        let (mut main, other) = company::found(&self.router, &self.kit).await?;
        let accounts = Accounts {
            base: self.kit.config.public_url.clone(),
            tenants: vec![main.accounts.clone(), other],
        };
        business::furnish(&mut main, first).await?;
        let mut day = first;
        while day < today {
            println!("演示数据 demo history {day}");
            self.live_through(&main, day, &zone, day.plus_days(1).at_minute(0, &zone)).await?;
            day = day.plus_days(1);
        }
        self.live_through(&main, today, &zone, SystemClock.now()).await?;
        self.clock.set(SystemClock.now());
        business::open(&self.router, &main, today, &zone, SystemClock.now()).await?;
        self.write(&accounts)?;
        Ok(accounts)
    }

    fn write(&self, accounts: &Accounts) -> Result<()> {
        std::fs::write(&self.file, serde_json::to_vec_pretty(accounts)?)
            .with_context(|| format!("writing {}", self.file.display()))
    }

    /// Lives a day up to an instant, under the demo's clock.
    async fn live_through(
        &self,
        company: &Company,
        day: LocalDay,
        zone: &TimeZone,
        until: Micros,
    ) -> Result<()> {
        self.clock.set(day.at_minute(0, zone).plus(Micros::SECOND));
        let today = SystemClock.now().local_day(zone);
        let detail = if day == today { day::Detail::Today } else { day::Detail::Past };
        let mut phones = day::phones(&self.router, company, day, zone, detail).await?;
        let (mut at, end) = (day.at_minute(0, zone).0 / 1000, until.0 / 1000);
        while at < end {
            at = (at + stretch_ms(detail)).min(end);
            if !phones.iter().any(|p| p.is_due(at)) {
                continue;
            }
            self.clock.set(Micros(at * 1000));
            phones = day::act_until(phones, at).await?;
        }
        Ok(())
    }

    /// Keeps the phones working, day after day, until the process ends or the demo is reset.
    pub async fn go_on(self, accounts: Accounts, mut resets: mpsc::Receiver<()>) {
        let mut accounts = accounts;
        loop {
            let reset = tokio::select! {
                worked = self.work(&accounts) => {
                    if let Err(e) = worked {
                        tracing::error!(error = %e, "the demo's phones stopped; they start again in a minute");
                    }
                    tokio::time::sleep(Duration::from_secs(60)).await;
                    false
                }
                asked = resets.recv() => asked.is_some(),
            };
            if reset {
                accounts = self.again().await;
            }
        }
    }

    /// The demo anew. Without one nobody could sign in to ask again, so a fault only delays it.
    async fn again(&self) -> Accounts {
        let _ = std::fs::remove_file(&self.file);
        loop {
            match self.make().await {
                Ok(fresh) => return fresh,
                Err(e) => {
                    tracing::error!(error = %e, "the demo could not be reset; the next try is in a minute")
                }
            }
            tokio::time::sleep(Duration::from_secs(60)).await;
        }
    }

    async fn work(&self, accounts: &Accounts) -> Result<()> {
        let zone = zone()?;
        let company = company::reopen(&self.router, accounts).await?;
        loop {
            let today = self.kit.now().local_day(&zone);
            let mut phones = day::phones(&self.router, &company, today, &zone, day::Detail::Live).await?;
            // What happened before this moment was lived by an earlier run, or will not be.
            let now = self.kit.now().0 / 1000;
            phones.iter_mut().for_each(|p| p.skip_until(now));
            while self.kit.now().local_day(&zone) == today {
                let now = self.kit.now().0 / 1000;
                phones = day::act_until(phones, now).await?;
                tokio::time::sleep(Duration::from_secs(2)).await;
            }
        }
    }
}

fn zone() -> Result<TimeZone> {
    TimeZone::get("Asia/Shanghai").context("zone")
}

/// The story day as JSON, for tests and for looking at: places, times and what a good phone would report.
///
/// # Errors
/// When the day cannot be laid out in the zone.
pub fn story(day: LocalDay) -> Result<serde_json::Value> {
    use rand::SeedableRng;
    let zone = zone()?;
    let story = city::story_day(city(), day.at_minute(0, &zone).0 / 1000);
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(SEED);
    let fixes = city::phone_observe(&story.script.points, &city::PhoneModel::balanced(), &mut rng);
    let iso = |ms: i64| Micros(ms * 1000);
    let customers: Vec<_> = story
        .customers
        .iter()
        .map(|c| {
            serde_json::json!({
                "name": c.shop.name, "address": c.shop.address, "grade": format!("{:?}", c.shop.grade), "tags": c.shop.tags, "at": c.shop.at,
                "contact": c.shop.contact, "phone": c.shop.phone, "minutes": c.minutes, "check_in": iso(c.check_in_ms),
                "check_out": iso(c.check_out_ms), "basement": c.basement,
            })
        })
        .collect();
    let fixes: Vec<_> = fixes
        .iter()
        .map(|f| {
            serde_json::json!({ "t": iso(f.t_ms), "at": f.at, "accuracy_m": f.acc_m, "speed_mps": f.speed_mps, "bearing_deg": f.bearing_deg, "altitude_m": f.alt_m })
        })
        .collect();
    Ok(serde_json::json!({
        "day": day, "home": story.home, "office": story.office, "duty_from": iso(story.duty_start_ms), "duty_to": iso(story.duty_end_ms),
        "driven_m": story.driven_m, "customers": customers, "fixes": fixes,
    }))
}
