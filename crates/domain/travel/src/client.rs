//! Calls to providers: with a time limit, within the quota, and none twice in the same hour.

use std::{collections::HashMap, sync::OnceLock, time::Duration};

use base::LocalDay;
use db::{Database, Scope};
use geo::LngLat;
use parking_lot::Mutex;
use serde_json::Value;

use crate::{
    provider::{self, Call, Cell, Fault},
    setting::{self, Owner, Provider, Setting},
};

/// One call, and all calls of one question.
const ONE: Duration = Duration::from_secs(5);
const ALL: Duration = Duration::from_secs(12);
/// All calls of a question somebody waits for at the desk.
const MOMENT: Duration = Duration::from_millis(2500);
/// Who is told to ask more slowly waits this long, and asks the same so often.
const PAUSE: Duration = Duration::from_millis(400);
const TRIES: usize = 5;
/// More answers than this are not kept; then all are forgotten.
const KEEP: usize = 200_000;

/// The network, and what it answered this hour. Answers are kept in memory only: providers do not allow more.
pub struct Client {
    /// Made at the first call, since reading the machine's certificates takes a while; `None` when it cannot call anybody.
    http: OnceLock<Option<reqwest::Client>>,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    hour: i64,
    cells: HashMap<(Owner, Spot, Spot), Cell>,
}

/// A place to about ten metres.
type Spot = (i64, i64);

fn spot(p: LngLat) -> Spot {
    ((p.lng() * 1e4).round() as i64, (p.lat() * 1e4).round() as i64)
}

/// Who asks, and for which day the quota is.
pub struct Asker<'a> {
    pub db: &'a Database,
    pub scope: &'a Scope,
    pub day: LocalDay,
    pub hour: i64,
}

impl Client {
    pub fn new() -> Client {
        // The one provider of cryptography in this program; it may have been installed before.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Client { http: OnceLock::new(), known: Mutex::default() }
    }

    fn http(&self) -> Option<&reqwest::Client> {
        let made = self.http.get_or_init(|| {
            let plan = || reqwest::Client::builder().timeout(ONE).redirect(reqwest::redirect::Policy::none());
            // A machine without certificates still reaches servers of its own by plain HTTP.
            let http = plan().build().or_else(|_| plan().tls_certs_only([]).build());
            if let Err(e) = &http {
                tracing::warn!(error = %e, "providers of travel times cannot be called");
            }
            http.ok()
        });
        made.as_ref()
    }

    /// A table between all points.
    ///
    /// # Errors
    /// The first fault; what was answered before it is kept.
    pub async fn table(
        &self,
        asker: &Asker<'_>,
        setting: &Setting,
        server: &str,
        points: &[LngLat],
    ) -> Result<Vec<Cell>, Fault> {
        let work = self.fill(asker, setting, server, points, &|_, _| true);
        tokio::time::timeout(ALL, work).await.unwrap_or(Err(Fault::Unreachable))
    }

    /// From all points to the first, for somebody who is waiting: row by row, one cell each.
    ///
    /// # Errors
    /// The first fault, or that it took too long.
    pub async fn to_first(
        &self,
        asker: &Asker<'_>,
        setting: &Setting,
        server: &str,
        points: &[LngLat],
    ) -> Result<Vec<Cell>, Fault> {
        let work = self.fill(asker, setting, server, points, &|_, to| to == 0);
        let table = tokio::time::timeout(MOMENT, work).await.unwrap_or(Err(Fault::Unreachable))?;
        Ok(table.into_iter().step_by(points.len().max(1)).collect())
    }

    async fn fill(
        &self,
        asker: &Asker<'_>,
        setting: &Setting,
        server: &str,
        points: &[LngLat],
        wanted: &(dyn Fn(usize, usize) -> bool + Sync),
    ) -> Result<Vec<Cell>, Fault> {
        let provider = setting.provider;
        let key = setting.key.as_deref().unwrap_or("");
        if provider.by_key() && key.is_empty() {
            return Err(Fault::Key);
        }
        let n = points.len();
        let owner = (asker.scope.tenant(), provider, setting.profile);
        let mut table = self.recall(owner, asker.hour, points);
        let missing = |from: usize, to: usize| wanted(from, to) && table[from * n + to].is_none();
        let calls = if !(0..n * n).any(|k| missing(k / n, k % n)) {
            vec![]
        } else {
            provider::calls(provider, setting.profile, key, points, &missing)
        };
        for call in calls {
            if provider.by_key() {
                self.take(asker, setting, call.units).await?;
            }
            let cells = self.ask(server, provider, &call).await?;
            let mut known = self.known.lock();
            for (at, cell) in cells.into_iter().enumerate() {
                let (from, to) = (call.from[at / call.to.len()], call.to[at % call.to.len()]);
                table[from * n + to] = Some(cell);
                known.cells.insert((owner, spot(points[from]), spot(points[to])), cell);
            }
        }
        Ok(table.into_iter().map(Option::flatten).collect())
    }

    /// One call, again after a pause for as long as the provider is only busy.
    async fn ask(&self, server: &str, provider: Provider, call: &Call) -> Result<Vec<Cell>, Fault> {
        for _ in 1..TRIES {
            match self.once(server, provider, call).await {
                Err(Fault::Busy) => tokio::time::sleep(PAUSE).await,
                done => return done,
            }
        }
        self.once(server, provider, call).await
    }

    async fn once(&self, server: &str, provider: Provider, call: &Call) -> Result<Vec<Cell>, Fault> {
        let body = self.send(server, call).await?;
        provider::answer(provider, call, &body)
    }

    /// What is known of this hour already; a place to itself is nothing.
    fn recall(&self, owner: Owner, hour: i64, points: &[LngLat]) -> Vec<Option<Cell>> {
        let mut known = self.known.lock();
        if known.hour != hour || known.cells.len() > KEEP {
            known.cells.clear();
            known.hour = hour;
        }
        let n = points.len();
        let cell = |k: usize| {
            let (from, to) = (spot(points[k / n]), spot(points[k % n]));
            if from == to { Some(Some((0, 0))) } else { known.cells.get(&(owner, from, to)).copied() }
        };
        (0..n * n).map(cell).collect()
    }

    async fn take(&self, asker: &Asker<'_>, setting: &Setting, units: i64) -> Result<(), Fault> {
        let scope = Scope::job("travel", asker.scope.tenant());
        let (provider, day, quota) = (setting.provider, asker.day, setting.daily_quota);
        let taken = asker
            .db
            .write(&scope, move |tx| {
                Box::pin(async move { setting::take(tx, provider, day, units, quota).await })
            })
            .await;
        match taken {
            Ok(true) => Ok(()),
            Ok(false) => Err(Fault::Quota),
            Err(problem) => {
                tracing::warn!(error = %problem, "the use of a provider could not be counted");
                Err(Fault::Quota)
            }
        }
    }

    async fn send(&self, server: &str, call: &Call) -> Result<Value, Fault> {
        let url = format!("{}{}", server.trim_end_matches('/'), call.path);
        let http = self.http().ok_or(Fault::Unreachable)?;
        let request = match &call.body {
            Some(body) => http.post(url).json(body),
            None => http.get(url).query(&call.query),
        };
        let answer = request.send().await.map_err(|e| {
            // Without the address: it may hold the key.
            tracing::warn!(error = %e.without_url(), "a provider of travel times does not answer");
            Fault::Unreachable
        })?;
        if answer.status() == reqwest::StatusCode::TOO_MANY_REQUESTS {
            return Err(Fault::Busy);
        }
        answer.json().await.map_err(|_| Fault::Unreachable)
    }
}

/// The address of a provider; `None` when the server has none.
pub fn server(servers: &api::RoadServers, provider: Provider) -> Option<&str> {
    match provider {
        Provider::Osrm => servers.osrm.as_deref(),
        Provider::Valhalla => servers.valhalla.as_deref(),
        Provider::Amap => Some(&servers.amap),
        Provider::Baidu => Some(&servers.baidu),
        Provider::StraightLine | Provider::OwnMap => None,
    }
}
