//! `tashi serve`.

use std::{
    net::{IpAddr, SocketAddr, UdpSocket},
    path::PathBuf,
};

use anyhow::{Context, Result, bail};
use api::{Config, PasswordCost, RoadServers};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use tokio_rustls::TlsAcceptor;

use base::{
    Clock,
    time::{ShiftedClock, SystemClock},
};

use crate::{
    app::{App, Store},
    demo::{Demo, Reset},
    listener,
    proxy::{Network, Proxies},
    tls,
    web::Pages,
};

/// How to serve.
#[derive(clap::Args)]
pub struct Options {
    /// Folder for the embedded store, photos and keys; made when missing.
    #[arg(long, env = "TASHI_DATA", default_value = "data")]
    pub data: PathBuf,
    #[arg(long, env = "TASHI_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// postgres://user:password@host/database instead of the embedded store.
    #[arg(long, env = "TASHI_DATABASE_URL")]
    pub database_url: Option<String>,
    /// NATS servers over which several servers on one PostgreSQL tell each other what is new, as
    /// nats://user:password@host:4222 or tls://…; several with commas.
    #[arg(long, env = "TASHI_NATS", value_name = "URL", hide_env_values = true)]
    pub nats: Option<String>,
    /// Connections to the store: those that read the embedded one (4), or all to PostgreSQL (16).
    #[arg(long, env = "TASHI_CONNECTIONS", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub connections: Option<u32>,
    /// Create two demo companies with simulated phones that go on working.
    #[arg(long)]
    pub demo: bool,
    /// Switch the limits on requests per address off (tests, load).
    #[arg(long)]
    pub no_rate_limit: bool,
    /// Address phones and trackers reach this server by, e.g. https://tashi.example.com
    #[arg(long, env = "TASHI_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Proxies whose X-Forwarded-For, -Host and -Proto are believed: addresses or blocks like 10.0.0.0/8.
    #[arg(long, env = "TASHI_TRUST_PROXY", value_name = "CIDR", value_delimiter = ',')]
    pub trust_proxy: Vec<Network>,
    /// Certificate chain (PEM) for HTTPS.
    #[arg(long, requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Private key (PEM) for HTTPS.
    #[arg(long, requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// HTTPS by certificates from an ACME authority for these names; the server must be reached on port 443 of each.
    #[arg(long, env = "TASHI_TLS_ACME", value_name = "DOMAIN", value_delimiter = ',', conflicts_with_all = ["tls_cert", "tls_office"])]
    pub tls_acme: Vec<String>,
    /// Where the authority writes to, as mailto:admin@example.com
    #[arg(
        long,
        env = "TASHI_ACME_CONTACT",
        value_name = "MAILTO",
        value_delimiter = ',',
        requires = "tls_acme"
    )]
    pub acme_contact: Vec<String>,
    /// Directory of the ACME authority; Let's Encrypt when absent.
    #[arg(long, env = "TASHI_ACME_DIRECTORY", value_name = "URL", requires = "tls_acme")]
    pub acme_directory: Option<String>,
    /// Authority (PEM) that vouches for the directory, when it is not a public one.
    #[arg(long, env = "TASHI_ACME_ROOT", value_name = "FILE", requires = "tls_acme")]
    pub acme_root: Option<PathBuf>,
    /// HTTPS from an authority of our own, for a trial on the office network.
    #[arg(long, conflicts_with = "tls_cert")]
    pub tls_office: bool,
    /// For tests: how many past days the demo has.
    #[arg(long, hide = true, default_value_t = crate::demo::PAST_DAYS)]
    pub demo_days: i32,
    /// Road map made by `tashi map import`; streets.roads in the data folder if not given.
    #[arg(long, env = "TASHI_ROAD_MAP")]
    pub road_map: Option<PathBuf>,
    /// Address of an OSRM server companies may take travel times from.
    #[arg(long, env = "TASHI_OSRM_URL")]
    pub osrm_url: Option<String>,
    /// Address of a Valhalla server companies may take travel times from.
    #[arg(long, env = "TASHI_VALHALLA_URL")]
    pub valhalla_url: Option<String>,
    /// For tests: follow the time in this file (RFC 3339), which may be changed while the server runs.
    #[arg(long, hide = true)]
    pub test_clock: Option<PathBuf>,
}

/// Runs until SIGTERM or SIGINT, and shows these pages.
///
/// # Errors
/// When the store cannot be opened or the address is taken.
pub async fn run(options: Options, pages: Pages) -> Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into());
    tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).init();
    std::fs::create_dir_all(&options.data).with_context(|| format!("creating {}", options.data.display()))?;
    let (acceptor, ca) = encryption(&options)?;
    let listener = TcpListener::bind(options.listen)
        .await
        .with_context(|| format!("listening on {}", options.listen))?;
    let address = listener.local_addr()?;
    let scheme = if acceptor.is_some() { "https" } else { "http" };
    let public_url = options.public_url.clone().unwrap_or_else(|| match options.tls_acme.first() {
        Some(domain) if address.port() == 443 => format!("https://{domain}"),
        Some(domain) => format!("https://{domain}:{}", address.port()),
        None => format!("{scheme}://{}", reachable(address)),
    });
    // Behind a proxy that tells what it heard, links are made of that unless an address was given.
    let from_requests = options.public_url.is_none() && !options.trust_proxy.is_empty();
    let config = Config {
        secure_cookies: acceptor.is_some() || public_url.starts_with("https://"),
        rate_limit: !options.no_rate_limit,
        public_url: if from_requests { String::new() } else { public_url.trim_end_matches('/').to_owned() },
        office_ca: ca,
        connections: options.connections,
        epoch: String::new(),
        roads: RoadServers {
            map: options.road_map.clone(),
            osrm: options.osrm_url.clone(),
            valhalla: options.valhalla_url.clone(),
            ..RoadServers::default()
        },
        passwords: PasswordCost::Full,
    };
    let store = match &options.database_url {
        Some(url) => Store::Postgres { url, files: &options.data, nats: options.nats.as_deref() },
        None if options.nats.is_some() => {
            bail!(
                "--nats joins several servers on one PostgreSQL: give --database-url too, or leave --nats out"
            );
        }
        None => Store::Folder(&options.data),
    };
    let clock = ShiftedClock::showing(SystemClock.now());
    if let Some(file) = options.test_clock.clone() {
        tokio::spawn(follow(clock.clone(), file));
    }
    let (ask, asked) = tokio::sync::mpsc::channel(1);
    let reset = options.demo.then(|| Reset { ask, accounts: options.data.join("demo-accounts.json") });
    let proxies = Proxies::new(options.trust_proxy.clone());
    let app = App::open(store, clock.clone(), config, proxies, reset, pages).await?;
    let router = app.router.clone();
    if options.demo {
        let demo = Demo::new(&router, &app.kit, &clock, &options.data, options.demo_days);
        let accounts = demo.prepare().await?;
        for account in accounts.tenants.iter().flat_map(|t| &t.accounts).filter(|a| a.role != "rep").take(3) {
            println!("演示账号 demo sign-in  {:<8} {:<24} {}", account.role, account.login, account.password);
        }
        tokio::spawn(demo.go_on(accounts, asked));
    }
    tracing::info!(%address, public_url, "ready");
    println!("踏实外勤 Tashi  {public_url}");
    let bus = app.kit.db.bus().clone();
    let stop = async move {
        stopped().await;
        bus.end();
    };
    listener::serve(listener, router, acceptor, stop).await;
    app.kit.db.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// Sets the clock whenever the file says something new.
async fn follow(clock: std::sync::Arc<ShiftedClock>, file: PathBuf) {
    let mut last = String::new();
    loop {
        if let Ok(text) = std::fs::read_to_string(&file)
            && text != last
            && let Ok(at) = serde_json::from_value::<base::Micros>(text.trim().into())
        {
            clock.set(at);
            last = text;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

/// The address others can use: an unspecified one is replaced by this machine's own on its network.
fn reachable(address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        SocketAddr::new(own_address().unwrap_or(address.ip()), address.port())
    } else {
        address
    }
}

/// This machine's address on its network. Connecting a datagram socket sends nothing; it only asks the routes.
fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    socket.local_addr().ok().map(|a| a.ip()).filter(|a| !a.is_unspecified())
}

fn encryption(options: &Options) -> Result<(Option<TlsAcceptor>, Option<String>)> {
    if let (Some(cert), Some(key)) = (&options.tls_cert, &options.tls_key) {
        return Ok((Some(tls::from_files(cert, key)?), None));
    }
    if options.tls_office {
        let mut addresses = vec![IpAddr::from([127, 0, 0, 1])];
        addresses.extend(own_address());
        if !options.listen.ip().is_unspecified() {
            addresses.push(options.listen.ip());
        }
        let (acceptor, pem) = tls::office(&options.data, &["localhost".into()], &addresses)?;
        return Ok((Some(acceptor), Some(pem)));
    }
    if !options.tls_acme.is_empty() {
        let acme = tls::Acme {
            domains: options.tls_acme.clone(),
            contacts: options.acme_contact.clone(),
            directory: options.acme_directory.clone().unwrap_or_else(|| tls::PUBLIC_DIRECTORY.to_owned()),
            root: options.acme_root.clone(),
        };
        return Ok((Some(tls::acme(&options.data, &acme)?), None));
    }
    let public = options.public_url.as_deref().unwrap_or("");
    if !options.listen.ip().is_loopback()
        && !public.starts_with("https://")
        && std::env::var_os("TASHI_ALLOW_PLAIN_HTTP").is_none()
    {
        bail!(
            "refusing plain HTTP on {}: use --tls-cert/--tls-key, --tls-acme, --tls-office, or a proxy with --public-url https://…",
            options.listen
        );
    }
    Ok((None, None))
}

async fn stopped() {
    let (Ok(mut term), Ok(mut int)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = term.recv() => {}
        _ = int.recv() => {}
    }
}
