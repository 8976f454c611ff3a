//! Travel times for everything that plans: one face, six providers.
//!
//! Nouns: Provider (who answers), Setting (what a company chose), TravelSource (who did answer).
//!
//! Invariants
//! * There is always an answer. What is chosen may fail; then the straight line stands in, and the answer says so
//!   and why.
//! * The server calls only addresses its operator has set. A company chooses among them and brings its own key.
//! * A provider is never asked twice for the same pair in the same hour, nor beyond the company's daily quota.
//! * Stored and computed in WGS-84; each provider is asked in its own datum.

mod client;
mod http;
pub mod learned;
mod own_map;
pub mod provider;
mod setting;
mod solve;

pub use http::routes;
pub use setting::{Provider, Setting};

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
    time::{Duration, Instant},
};

use api::{Crow, Ride, RoadServers, TravelMode, TravelSource, TravelTable, TravelTimes};
use client::{Asker, Client};
use db::{BoxFuture, Database, Scope};
use geo::LngLat;
use own_map::OwnMap;
use parking_lot::Mutex;
use provider::{Cell, Fault};
use roads::Profile;
use tokio::sync::Semaphore;
use uuid::Uuid;

/// More places than this are answered by the straight line: no provider takes so many at once.
const MOST: usize = 1_000;

/// From so many places the traffic to one is asked at the desk: one call of a provider.
const TRAFFIC_PLACES: usize = 100;

/// The service; cheap to copy.
#[derive(Clone)]
pub struct Travel(Arc<Inner>);

struct Inner {
    db: Database,
    servers: RoadServers,
    map: Arc<OwnMap>,
    client: Client,
    /// Problems of the outside are solved one at a time.
    solving: Arc<Semaphore>,
    /// Choices read lately, for what is asked every second.
    lately: Mutex<HashMap<Uuid, (Instant, Setting)>>,
}

/// So long a choice read is taken for the present one where it is asked every second.
const LATELY: Duration = Duration::from_secs(5);

impl Travel {
    pub fn start(db: &Database, servers: &RoadServers) -> Travel {
        let map = Arc::new(OwnMap::at(servers.map.clone()));
        Travel(Arc::new(Inner {
            db: db.clone(),
            servers: servers.clone(),
            map,
            client: Client::new(),
            solving: Arc::new(Semaphore::new(1)),
            lately: Mutex::default(),
        }))
    }

    fn solving(&self) -> Arc<Semaphore> {
        self.0.solving.clone()
    }

    /// What can be chosen on this server.
    fn available(&self) -> Vec<Provider> {
        let there = |p: &Provider| match p {
            Provider::StraightLine => true,
            Provider::OwnMap => self.0.map.is_there(),
            other => client::server(&self.0.servers, *other).is_some(),
        };
        Provider::ALL.into_iter().filter(there).collect()
    }

    async fn setting(&self, scope: &Scope) -> Setting {
        let read = async { setting::setting(&mut self.0.db.read(scope).await?).await };
        read.await.unwrap_or_else(|problem: base::Problem| {
            tracing::warn!(error = %problem, "the choice of travel times cannot be read");
            Setting::default()
        })
    }

    async fn setting_lately(&self, scope: &Scope) -> Setting {
        let known = self.0.lately.lock().get(&scope.tenant()).cloned();
        if let Some((at, setting)) = known
            && at.elapsed() < self.0.db.bus().believed(LATELY)
        {
            return setting;
        }
        let setting = self.setting(scope).await;
        self.0.lately.lock().insert(scope.tenant(), (Instant::now(), setting.clone()));
        setting
    }

    async fn chosen(&self, scope: &Scope, setting: &Setting, points: &[LngLat]) -> Result<Vec<Cell>, Fault> {
        if points.len() > MOST {
            return Err(Fault::TooMany);
        }
        match setting.provider {
            Provider::StraightLine => Ok(straight(setting, points)),
            Provider::OwnMap => {
                let (profile, points) = (setting.profile, points.to_vec());
                self.on_map(move |map| map.table(profile, &points)).await
            }
            provider => {
                let server = client::server(&self.0.servers, provider).ok_or(Fault::Unreachable)?;
                let now = self.0.db.now();
                let zone = async { org::zone(&mut self.0.db.read(scope).await?).await };
                let day =
                    zone.await.map(|z| now.local_day(&z)).map_err(|_: base::Problem| Fault::Unreachable)?;
                let asker = Asker { db: &self.0.db, scope, day, hour: setting::hour(now) };
                self.0.client.table(&asker, setting, server, points).await
            }
        }
    }

    async fn on_map<T: Send + 'static>(
        &self,
        work: impl FnOnce(&OwnMap) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let map = self.0.map.clone();
        tokio::task::spawn_blocking(move || work(&map)).await.unwrap_or(Err(Fault::NoMap))
    }
}

impl Travel {
    /// What was learned, where it is in use.
    async fn learned(&self, scope: &Scope) -> Option<learned::Learned> {
        let read = async { learned::kept(&mut self.0.db.read(scope).await?).await };
        read.await.ok().filter(|k: &learned::Kept| k.on).map(|k| k.learned)
    }

    /// The same for who gets about as the company usually does: what was learned is of them.
    async fn learned_for(&self, scope: &Scope, mode: Option<TravelMode>) -> Option<learned::Learned> {
        let company = self.setting_lately(scope).await;
        if company.clone().by(mode).profile == company.profile { self.learned(scope).await } else { None }
    }

    /// By the own road map or the line, without asking anybody; `now`: at the pace of this hour, where that was learned.
    async fn near(
        &self,
        scope: &Scope,
        chosen: Setting,
        mode: Option<TravelMode>,
        points: Vec<LngLat>,
        now: bool,
    ) -> TravelTable {
        let line = Setting { provider: Provider::StraightLine, ..chosen.clone() };
        let setting = if chosen.provider == Provider::OwnMap { chosen } else { line };
        let mut table = self.answered(scope, setting.clone(), points.clone()).await;
        if let Some(learned) = self.learned_for(scope, mode).await {
            let hour = if now { self.this_hour(scope, &learned).await } else { None };
            by_area(&setting, &learned, &points, &mut table, hour.is_none());
            if let Some(permille) = hour {
                slower(&mut table, permille);
            }
        }
        table
    }

    /// How much slower than expected ways are in this hour of the company's day, thousandths; `None` where no hour was learned.
    async fn this_hour(&self, scope: &Scope, learned: &learned::Learned) -> Option<i64> {
        if learned.hours.is_empty() {
            return None;
        }
        let zone = async { org::zone(&mut self.0.db.read(scope).await?).await };
        let zone: std::result::Result<_, base::Problem> = zone.await;
        let minute = i64::from(self.0.db.now().local_minute(&zone.ok()?));
        Some(learned.permille(minute, minute + 1))
    }

    /// Puts the traffic of the moment into the ways to the first place, as far as the company's provider knows it; otherwise the
    /// answer says why not.
    async fn with_traffic(
        &self,
        scope: &Scope,
        chosen: &Setting,
        points: &[LngLat],
        table: &mut TravelTable,
    ) {
        let asked = &points[..points.len().min(TRAFFIC_PLACES)];
        let answer = async {
            let server = client::server(&self.0.servers, chosen.provider).ok_or(Fault::Unreachable)?;
            let now = self.0.db.now();
            let zone = async { org::zone(&mut self.0.db.read(scope).await?).await };
            let zone: std::result::Result<_, base::Problem> = zone.await;
            let day = now.local_day(&zone.map_err(|_| Fault::Unreachable)?);
            let asker = Asker { db: &self.0.db, scope, day, hour: setting::hour(now) };
            self.0.client.to_first(&asker, chosen, server, asked).await
        };
        match answer.await {
            Ok(column) => {
                for (row, cell) in table.cells.chunks_mut(table.size.max(1)).zip(column) {
                    if let (Some(first), Some(_)) = (row.first_mut(), cell) {
                        *first = cell;
                    }
                }
                table.source.provider = chosen.provider.word().into();
                table.source.traffic = true;
            }
            Err(fault) => {
                table.source.instead_of = Some(chosen.provider.word().into());
                table.source.reason = Some(fault.word().into());
            }
        }
    }

    async fn answered(&self, scope: &Scope, setting: Setting, points: Vec<LngLat>) -> TravelTable {
        let provider = setting.provider;
        let size = points.len();
        match self.chosen(scope, &setting, &points).await {
            Ok(cells) => {
                let traffic = provider.knows_traffic(setting.profile);
                TravelTable {
                    size,
                    cells,
                    source: TravelSource { traffic, ..TravelSource::of(provider.word()) },
                }
            }
            Err(fault) => {
                let source = TravelSource {
                    instead_of: Some(provider.word().into()),
                    reason: Some(fault.word().into()),
                    ..TravelSource::of(Provider::StraightLine.word())
                };
                TravelTable { size, cells: straight(&setting, &points), source }
            }
        }
    }

    async fn now(&self, scope: &Scope, rides: Vec<Ride>) -> Vec<Cell> {
        if rides.is_empty() {
            return vec![];
        }
        let company = self.setting_lately(scope).await;
        let mut found: Vec<Cell> = vec![None; rides.len()];
        let modes: BTreeSet<Option<TravelMode>> = rides.iter().map(|r| r.2).collect();
        for mode in modes {
            let setting = company.clone().by(mode);
            let own: Vec<usize> = (0..rides.len()).filter(|k| rides[*k].2 == mode).collect();
            let pairs: Vec<(LngLat, LngLat)> = own.iter().map(|k| (rides[*k].0, rides[*k].1)).collect();
            let line: Vec<(i64, i64)> =
                pairs.iter().map(|(a, b)| as_the_crow_flies(&setting, *a, *b)).collect();
            // Streets are better than a line also where the company plans by a provider on the network.
            let by_road = if setting.provider == Provider::StraightLine {
                vec![]
            } else {
                let profile = setting.profile;
                self.on_map(move |map| map.pairs(profile, &pairs)).await.unwrap_or_default()
            };
            for (n, (k, line)) in own.into_iter().zip(line).enumerate() {
                found[k] = by_road.get(n).copied().flatten().or(Some(line));
            }
        }
        found
    }
}

impl TravelTimes for Travel {
    fn table<'a>(
        &'a self,
        scope: &'a Scope,
        mode: Option<TravelMode>,
        points: Vec<LngLat>,
        minutes: Option<(i32, i32)>,
    ) -> BoxFuture<'a, TravelTable> {
        Box::pin(async move {
            let company = self.setting(scope).await;
            let setting = company.clone().by(mode);
            // What was learned is of people who travel as the company usually does.
            let usual = setting.profile == company.profile;
            let learned = if usual { self.learned(scope).await } else { None };
            let mut table = self.answered(scope, setting.clone(), points.clone()).await;
            let learned = learned.filter(|_| !table.source.traffic);
            // Hours were learned against the plain line: they hold what its detour leaves out of the times.
            let timed = minutes.is_some() && learned.as_ref().is_some_and(|l| !l.hours.is_empty());
            if let Some(learned) = &learned {
                by_area(&setting, learned, &points, &mut table, !timed);
            }
            if let Some((learned, (from, to))) = learned.zip(minutes) {
                slower(&mut table, learned.permille(from.into(), to.into()));
            }
            table
        })
    }

    fn near_table<'a>(
        &'a self,
        scope: &'a Scope,
        mode: Option<TravelMode>,
        points: Vec<LngLat>,
    ) -> BoxFuture<'a, TravelTable> {
        Box::pin(
            async move { self.near(scope, self.setting(scope).await.by(mode), mode, points, false).await },
        )
    }

    fn moment_table<'a>(
        &'a self,
        scope: &'a Scope,
        mode: Option<TravelMode>,
        points: Vec<LngLat>,
    ) -> BoxFuture<'a, TravelTable> {
        Box::pin(async move {
            let chosen = self.setting(scope).await.by(mode);
            let mut table = self.near(scope, chosen.clone(), mode, points.clone(), true).await;
            if chosen.provider.knows_traffic(chosen.profile) {
                self.with_traffic(scope, &chosen, &points, &mut table).await;
            }
            table
        })
    }

    fn crow<'a>(&'a self, scope: &'a Scope, mode: Option<TravelMode>, at: LngLat) -> BoxFuture<'a, Crow> {
        Box::pin(async move {
            let setting = self.setting_lately(scope).await.by(mode);
            let learned = self.learned_for(scope, mode).await;
            let streets = learned.as_ref().and_then(|l| l.detour(at));
            let detour_permille = streets.unwrap_or(setting.detour_permille);
            let hour = match &learned {
                Some(learned) => self.this_hour(scope, learned).await,
                None => None,
            };
            // Hours were learned against the plain line: its detour, not that of the streets here, belongs to the times.
            let paced = |permille: i64| {
                setting.speed_kmh * detour_permille * 1000 / (setting.detour_permille * permille).max(1)
            };
            Crow { detour_permille, speed_kmh: hour.map_or(setting.speed_kmh, paced).max(1) }
        })
    }

    fn usual_mode<'a>(&'a self, scope: &'a Scope) -> BoxFuture<'a, TravelMode> {
        Box::pin(async move { self.setting(scope).await.mode() })
    }

    fn usual_stays<'a>(&'a self, scope: &'a Scope) -> BoxFuture<'a, Vec<(Option<String>, i64)>> {
        Box::pin(async move {
            let learned = self.learned(scope).await.unwrap_or_default();
            learned.stays.into_iter().map(|s| (s.grade, s.seconds)).collect()
        })
    }

    fn at_once<'a>(&'a self, scope: &'a Scope, rides: Vec<Ride>) -> BoxFuture<'a, Vec<Cell>> {
        Box::pin(self.now(scope, rides))
    }

    fn lines<'a>(
        &'a self,
        scope: &'a Scope,
        mode: Option<TravelMode>,
        points: Vec<LngLat>,
    ) -> BoxFuture<'a, Vec<Vec<LngLat>>> {
        Box::pin(async move {
            let setting = self.setting(scope).await.by(mode);
            let bare: Vec<Vec<LngLat>> = points.windows(2).map(<[LngLat]>::to_vec).collect();
            if setting.provider != Provider::OwnMap {
                return bare;
            }
            let profile: Profile = setting.profile;
            let drawn = self.on_map(move |map| map.lines(profile, &points)).await.unwrap_or_default();
            bare.into_iter().enumerate().map(|(k, b)| drawn.get(k).cloned().flatten().unwrap_or(b)).collect()
        })
    }
}

/// Ways take so much longer than expected, thousandths, by what was learned of the hour.
fn slower(table: &mut TravelTable, permille: i64) {
    for cell in table.cells.iter_mut().flatten() {
        cell.0 = (cell.0 * permille + 999) / 1000;
    }
    table.source.learned_permille = Some(permille);
}

/// Lengthens what the straight line says by the streets of each place instead of by the company's one factor; `times` too,
/// where nothing else corrects them.
fn by_area(
    setting: &Setting,
    learned: &learned::Learned,
    points: &[LngLat],
    table: &mut TravelTable,
    times: bool,
) {
    if learned.areas.is_empty() || table.source.provider != Provider::StraightLine.word() {
        return;
    }
    let usual = setting.detour_permille.max(1);
    let own: Vec<i64> = points.iter().map(|p| learned.detour(*p).unwrap_or(usual)).collect();
    for (k, cell) in table.cells.iter_mut().enumerate() {
        let (Some(cell), Some(from), Some(to)) = (cell, own.get(k / table.size), own.get(k % table.size))
        else {
            continue;
        };
        let longer = |value: i64| (value * (from + to) + 2 * usual - 1) / (2 * usual);
        cell.1 = longer(cell.1);
        if times {
            cell.0 = longer(cell.0);
        }
    }
}

/// Seconds and metres by the straight line, rounded up.
fn as_the_crow_flies(setting: &Setting, from: LngLat, to: LngLat) -> (i64, i64) {
    let travel = straight_table(setting, &[from, to]);
    (travel.durations[(0, 1)], travel.distances[(0, 1)])
}

fn straight_table(setting: &Setting, points: &[LngLat]) -> route::TravelMatrix {
    route::straight_line_matrix(
        points,
        setting.detour_permille as f64 / 1000.0,
        setting.speed_kmh as f64 / 3.6,
    )
}

fn straight(setting: &Setting, points: &[LngLat]) -> Vec<Cell> {
    let travel = straight_table(setting, points);
    let n = points.len();
    (0..n * n).map(|k| Some((travel.durations[(k / n, k % n)], travel.distances[(k / n, k % n)]))).collect()
}
