//! What every handler can reach: the store, the files, and who checks tokens.

use std::sync::Arc;

use base::LocalDay;
use db::{BoxFuture, Database, Files, Scope};
use uuid::Uuid;

use crate::{Session, TravelTimes};

/// Verifies tokens. Implemented by `org`, which owns the sessions.
pub trait Authenticator: Send + Sync + 'static {
    /// The session behind a token, or `None` when it is unknown, ended or revoked.
    fn authenticate<'a>(&'a self, token: &'a str) -> BoxFuture<'a, db::Result<Option<Session>>>;
}

/// Is told whenever positions of people are handed to somebody. Implemented by `tracking`, which keeps each
/// person's ledger.
pub trait LocationWatch: Send + Sync + 'static {
    fn positions_shown<'a>(&'a self, reader: &'a Scope, people: Vec<Uuid>) -> BoxFuture<'a, db::Result<()>>;

    /// A visit of that day was shown, which tells where the person was. The day is kept where the ledger can.
    fn visit_shown<'a>(
        &'a self,
        reader: &'a Scope,
        person: Uuid,
        _day: LocalDay,
    ) -> BoxFuture<'a, db::Result<()>> {
        self.positions_shown(reader, vec![person])
    }

    /// A recording a person made on that day was handed over to be played.
    fn recording_played<'a>(
        &'a self,
        reader: &'a Scope,
        person: Uuid,
        _day: LocalDay,
    ) -> BoxFuture<'a, db::Result<()>> {
        self.positions_shown(reader, vec![person])
    }

    /// Where a person punched on a day was shown.
    fn punches_shown<'a>(
        &'a self,
        reader: &'a Scope,
        person: Uuid,
        _day: LocalDay,
    ) -> BoxFuture<'a, db::Result<()>> {
        self.positions_shown(reader, vec![person])
    }
}

/// Switches of the running server.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// Cookies only over HTTPS.
    pub secure_cookies: bool,
    pub rate_limit: bool,
    /// Address phones and trackers reach the server by, without a trailing slash; empty = take it from the request.
    pub public_url: String,
    /// Certificate (PEM) of this server's own authority, which phones of an office trial must trust first.
    pub office_ca: Option<String>,
    /// Connections to the store; the engine's own number when absent.
    pub connections: Option<u32>,
    /// Identity of this store; a restored one has another (phones then offer their last items again).
    pub epoch: String,
    pub roads: RoadServers,
    pub passwords: PasswordCost,
}

/// How much work the hash of a password is. Its stored form says so itself: what was hashed at one cost is checked at it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PasswordCost {
    /// What every server takes.
    #[default]
    Full,
    /// The least argon2 allows: for tests, which found companies by the hundred and whose passwords guard nothing.
    Least,
}

/// Where travel times can be had besides the straight line. Set by whoever runs the server, not by a company:
/// the server calls these addresses.
#[derive(Debug, Clone)]
pub struct RoadServers {
    /// A map made by `tashi map import`.
    pub map: Option<std::path::PathBuf>,
    pub osrm: Option<String>,
    pub valhalla: Option<String>,
    pub amap: String,
    pub baidu: String,
}

impl Default for RoadServers {
    fn default() -> RoadServers {
        RoadServers {
            map: None,
            osrm: None,
            valhalla: None,
            amap: "https://restapi.amap.com".into(),
            baidu: "https://api.map.baidu.com".into(),
        }
    }
}

/// State of every route.
#[derive(Clone)]
pub struct Kit {
    pub db: Database,
    pub files: Files,
    pub auth: Arc<dyn Authenticator>,
    pub watch: Arc<dyn LocationWatch>,
    pub travel: Arc<dyn TravelTimes>,
    pub config: Arc<Config>,
}

impl Kit {
    pub fn now(&self) -> base::Micros {
        self.db.now()
    }

    /// Where others reach this server: as configured, else as this request did. What a proxy says it heard is there
    /// only when the proxy is trusted; the outermost layer takes off what anybody else claims.
    pub fn public_url(&self, headers: &axum::http::HeaderMap) -> String {
        if !self.config.public_url.is_empty() {
            return self.config.public_url.clone();
        }
        let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
        let host = text("x-forwarded-host").or(text("host")).unwrap_or("localhost");
        let secure = text("x-forwarded-proto") == Some("https") || self.config.secure_cookies;
        format!("{}://{host}", if secure { "https" } else { "http" })
    }
}
