//! Which parts the server is made of.

use std::{path::Path, sync::Arc};

use anyhow::{Result, anyhow};
use api::{
    Config, Kit, Routes,
    axum::{
        Router,
        extract::State,
        http::{HeaderValue, StatusCode, header},
        middleware,
        response::IntoResponse,
        routing::get,
    },
};
use base::{Clock, LocalDay, Problem};
use db::{BoxFuture, Database, Files, Scope};
use tower_http::{
    compression::{CompressionLayer, DefaultPredicate, Predicate, predicate::NotForContentType},
    services::ServeFile,
    set_header::SetResponseHeaderLayer,
};
use uuid::Uuid;

use crate::{
    cli::explain,
    demo, document, limit, linger, phone, policy,
    proxy::{self, Proxies},
    verifier,
    web::{self, Pages},
};

/// A server ready to be listened to.
pub struct App {
    pub kit: Kit,
    pub router: Router,
    /// The OpenAPI document.
    pub document: serde_json::Value,
}

/// Where the data lies.
pub enum Store<'a> {
    /// The embedded store in this folder.
    Folder(&'a Path),
    /// PostgreSQL by URL; photos in the folder. Several servers on one database hear each other over NATS.
    Postgres { url: &'a str, files: &'a Path, nats: Option<&'a str> },
}

impl App {
    /// Opens the store and composes all parts.
    ///
    /// # Errors
    /// When the store cannot be opened.
    pub async fn open(
        store: Store<'_>,
        clock: Arc<dyn Clock>,
        mut config: Config,
        proxies: Proxies,
        reset: Option<demo::Reset>,
        pages: Pages,
    ) -> Result<App> {
        let (database, files, nats) = match store {
            Store::Folder(folder) => {
                let readers = config.connections.unwrap_or(db::READERS);
                let database = Database::open_sqlite(folder, clock, readers).await.map_err(explain)?;
                (database, folder.join("files"), None)
            }
            Store::Postgres { url, files, nats } => {
                let servers = nats.map(nats::servers).transpose().map_err(|e| anyhow!("--nats: {e}"))?;
                let connections = config.connections.unwrap_or(db::CONNECTIONS);
                let database = Database::open_postgres(url, clock, connections).await.map_err(explain)?;
                (database, files.join("files"), servers)
            }
        };
        let map_file = files.with_file_name("basemap.pmtiles");
        config.roads.map.get_or_insert_with(|| files.with_file_name("streets.roads"));
        config.epoch = epoch(&database).await.map_err(explain)?;
        database.enter().await.map_err(explain)?;
        customers::complete_order(&database).await.map_err(explain)?;
        if let Some(servers) = nats {
            nats::join(database.bus(), servers, &config.epoch).await.map_err(|e| anyhow!("--nats: {e}"))?;
        }
        let files = Files::open(&files).map_err(explain)?;
        let sessions = Arc::new(org::Sessions::new(&database));
        let tracking = tracking::Tracking::start(&database);
        let travel = travel::Travel::start(&database, &config.roads);
        let insight = insight::Insight::start(&database, &tracking, Arc::new(travel.clone()));
        let fences = fences::Fences::start(&database, &tracking);
        let kit = Kit {
            db: database,
            files,
            auth: sessions.clone(),
            watch: Arc::new(tracking.clone()),
            travel: Arc::new(travel.clone()),
            config: Arc::new(config),
        };
        let dispatch = dispatch::Dispatch::start(&kit, &tracking);
        let mut subjects: Vec<Arc<dyn approvals::Subjects>> = vec![
            Arc::new(formbook::FormSubjects),
            Arc::new(objects::ObjectSubjects),
            Arc::new(work::changes::PlanChangeSubjects),
        ];
        subjects.extend(attendance::RequestSubjects::all());
        let approvals = approvals::Approvals::start(&kit, subjects);
        let reminders = work::Reminders::start(&kit);
        let service = service::Service::start(&kit, &dispatch);
        let way = demo::Way::default();
        let (evidence, darkroom) = evidence::routes(&kit);
        truth::start(&kit.db, &tracking, &darkroom);
        devices::retention::start(&kit);
        let (ledger, log) = ledger::routes(&kit);
        let parts = Routes::new(&kit)
            .merge(org::routes(&kit, &sessions))
            .merge(custom::routes(&kit))
            .merge(customers::routes(&kit))
            .merge(devices::routes(&kit))
            .merge(ledger)
            .merge(notify::routes(&kit))
            .merge(tracking::routes(&kit, &tracking))
            .merge(travel::routes(&kit, &travel))
            .merge(approvals::routes(&kit, &approvals))
            .merge(formbook::routes(&kit))
            .merge(knowledge::routes(&kit, &knowledge::Reminders::start(&kit)))
            .merge(objects::routes(&kit))
            .merge(attendance::routes(&kit, &attendance::Reminders::start(&kit)))
            .merge(work::routes(&kit, &reminders, &work::Learning::start(&kit), &work::Rolling::start(&kit)))
            .merge(dispatch::routes(&kit, &dispatch))
            .merge(service::routes(&kit, &service))
            .merge(territories::routes(&kit))
            .merge(evidence)
            .merge(openrosa::routes(&kit, &darkroom))
            .merge(truth::routes(&kit, &tracking))
            .merge(field::routes(
                &kit,
                &tracking,
                &dispatch,
                &service,
                &darkroom,
                Arc::new(OwnDay(insight.clone())),
            ))
            .merge(fences::routes(&kit, &fences))
            .merge(insight::routes(&kit, &insight, &sessions, &log))
            .merge(api::stream::routes(&kit))
            .merge(demo::routes(&kit, reset, way.clone()));
        let (router, document) = parts.finish();
        let document = document::complete(&document)?;
        let text: &'static str = Box::leak(serde_json::to_string(&document)?.into_boxed_str());
        let policy = policy::Policy::new(&kit.db);
        let router = router
            .route(
                "/api/v1/openapi.json",
                get(move || async move { ([(header::CONTENT_TYPE, "application/json")], text) }),
            )
            .merge(health(&kit))
            .merge(verifier::routes())
            .merge(phone::routes(&kit))
            // A map file the administrator has put into the data folder; ranges let a phone read parts of it.
            .route_service("/api/v1/basemap/file.pmtiles", ServeFile::new(map_file))
            .fallback(move |request| {
                let policy = policy.clone();
                async move { policy.on(web::serve(pages, request).await).await }
            });
        // What is for browsers costs more than taking a position in, and trackers have no use for it.
        let trackers = tracking::ingest_routes(&kit, &tracking, Arc::new(DayRegions(fences.clone())))
            .layer(middleware::from_fn(api::finish));
        let router = trackers
            .fallback_service(secured(router, &kit))
            .layer(middleware::from_fn(linger::linger))
            .layer(middleware::from_fn_with_state(proxies, proxy::door));
        // The demo's attacks come by the same way as everybody's requests.
        let _ = way.set(router.clone());
        Ok(App { router, document, kit })
    }
}

/// Hands the figures of a person's own day down to the phone's snapshot, which lies below them.
struct OwnDay(insight::Insight);

impl field::OwnDay for OwnDay {
    fn figures<'a>(
        &'a self,
        scope: &'a Scope,
        day: LocalDay,
    ) -> BoxFuture<'a, db::Result<Option<serde_json::Value>>> {
        Box::pin(async move {
            let summary = insight::own_day(&self.0, scope, day).await?;
            serde_json::to_value(summary).map(Some).map_err(Problem::internal)
        })
    }
}

/// Hands the places of a person's day down to the trackers, which lie below plans.
struct DayRegions(fences::Fences);

impl tracking::DayRegions for DayRegions {
    fn of_day<'a>(
        &'a self,
        tenant: Uuid,
        employee: Uuid,
        day: LocalDay,
    ) -> BoxFuture<'a, db::Result<Vec<tracking::wire::Region>>> {
        Box::pin(fences::day_regions(&self.0, tenant, employee, day))
    }
}

db::row! { struct Meta { value: String } }

/// Identity of this store, made when it was created or restored.
async fn epoch(database: &Database) -> db::Result<String> {
    let fresh = base::id::new_v7().to_string();
    database
        .global(move |g| {
            Box::pin(async move {
                g.exec(
                    db::global_sql!(
                        "INSERT INTO meta (key, value) VALUES ('epoch', $1) ON CONFLICT (key) DO NOTHING"
                    ),
                    db::args![fresh],
                )
                .await?;
                let meta: Option<Meta> =
                    g.one(db::global_sql!("SELECT value FROM meta WHERE key = 'epoch'"), vec![]).await?;
                meta.map(|m| m.value).ok_or_else(|| Problem::internal("no epoch"))
            })
        })
        .await
}

fn health(kit: &Kit) -> Router {
    async fn alive() -> &'static str {
        "ok"
    }
    async fn ready(State(kit): State<Kit>) -> impl IntoResponse {
        match kit.db.ping().await {
            Ok(()) => (StatusCode::OK, standing(kit.db.standing())),
            Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "store not available".to_owned()),
        }
    }
    // What is lost between nodes makes news slower, not wrong: the node stays ready.
    fn standing(s: db::Standing) -> String {
        let nats = match s.line {
            None if s.nodes == 1 => return "ready".to_owned(),
            None => "none",
            Some(true) => "connected",
            Some(false) => "lost",
        };
        let live = if s.whole { "live" } else { "from the store" };
        format!("ready\nnodes: {}\nnats: {nats}\nnews of other nodes: {live}", s.nodes)
    }
    Router::new().route("/healthz", get(alive)).route("/readyz", get(ready)).with_state(kit.clone())
}

/// What every answer carries that a browser may show, whoever made it.
fn secured(router: Router, kit: &Kit) -> Router {
    let fixed = |name: &'static str, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(
            header::HeaderName::from_static(name),
            HeaderValue::from_static(value),
        )
    };
    let router = if kit.config.rate_limit {
        router.layer(middleware::from_fn_with_state(Arc::new(limit::Tries::default()), limit::tries))
    } else {
        router
    };
    let mut router = router
        .layer(
            CompressionLayer::new().gzip(true).br(true).compress_when(
                // Packed already.
                DefaultPredicate::new()
                    .and(NotForContentType::const_new("application/vnd.apache.parquet"))
                    .and(NotForContentType::const_new("application/vnd.openxmlformats"))
                    .and(NotForContentType::const_new("application/pdf"))
                    .and(NotForContentType::const_new("video/")),
            ),
        )
        .layer(middleware::from_fn(api::finish))
        .layer(fixed("content-security-policy", policy::OWN))
        .layer(fixed("x-content-type-options", "nosniff"))
        // Tile services ask for the origin of the page; no path leaves the site.
        .layer(fixed("referrer-policy", "strict-origin-when-cross-origin"))
        .layer(fixed("cross-origin-opener-policy", "same-origin"))
        .layer(fixed("permissions-policy", "camera=(self), geolocation=(self), microphone=(self)"));
    if kit.config.secure_cookies {
        router = router.layer(fixed("strict-transport-security", "max-age=31536000"));
    }
    router
}

/// The OpenAPI document of a server on an empty store.
///
/// # Errors
/// When no temporary store can be made.
pub async fn document() -> Result<serde_json::Value> {
    let folder = std::env::temp_dir().join(format!("tashi-openapi-{}", Uuid::now_v7()));
    std::fs::create_dir_all(&folder)?;
    let (clock, config) = (Arc::new(base::time::SystemClock), Config::default());
    let app = App::open(Store::Folder(&folder), clock, config, Proxies::default(), None, Pages::NONE).await?;
    app.kit.db.close().await;
    std::fs::remove_dir_all(&folder)?;
    Ok(app.document)
}
