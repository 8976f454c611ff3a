//! The company itself: made once by the wizard (or the demo), then its name, zone and settings.

mod http;
mod retention;
mod service;
mod sql;

pub use http::routes;
pub use retention::{Retention, retention, set_purged};
pub use service::{create, erase_demos};

use base::{Micros, Problem};
use db::{BoxFuture, Query, Result, Tx};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A company.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Company {
    pub id: Uuid,
    pub name: String,
    /// IANA zone, e.g. `Asia/Shanghai`. All days and working hours are in it.
    pub time_zone: String,
    /// What stands first on Home, chosen in the wizard: truth, efficiency or cost.
    pub goal: String,
    pub demo: bool,
    pub version: i64,
}

/// What the wizard asks.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCompany {
    #[schema(max_length = 80)]
    pub company: String,
    pub time_zone: String,
    #[schema(max_length = 40)]
    pub admin_name: String,
    #[schema(max_length = 64)]
    pub login: String,
    #[schema(max_length = 128)]
    pub password: String,
    #[serde(default = "truth")]
    pub goal: String,
}

fn truth() -> String {
    "truth".into()
}

/// Registered by upper floors: fills a new company with their defaults, in the same transaction.
pub struct CompanyHook(pub for<'a> fn(&'a mut Tx) -> BoxFuture<'a, Result<()>>);
inventory::collect!(CompanyHook);

/// Where the maps of this server's companies lie, if not with us: addresses as they were set.
///
/// # Errors
/// When the store cannot be read.
pub async fn basemap_addresses(db: &db::Database) -> Result<Vec<String>> {
    let stored = sql::basemaps(&mut db.global_read().await?).await?;
    Ok(stored.iter().filter_map(|text| serde_json::from_str::<http::Basemap>(text).ok()?.url).collect())
}

/// Whether the caller's company has chosen a ground for its maps.
///
/// # Errors
/// When the store cannot be read.
pub async fn has_basemap(q: &mut impl Query) -> Result<bool> {
    let stored = sql::basemap(q).await?;
    Ok(serde_json::from_str::<http::Basemap>(&stored).is_ok_and(|b| b.kind != "none"))
}

/// The caller's company.
pub async fn company(q: &mut impl Query) -> Result<Company> {
    sql::company(q).await
}

/// The caller's company's zone.
///
/// # Errors
/// Internal, when the stored name is no zone: it was checked when it was stored.
pub async fn zone(q: &mut impl Query) -> Result<TimeZone> {
    TimeZone::get(&company(q).await?.time_zone).map_err(Problem::internal)
}

/// Is this one of the goals a company may choose?
pub(crate) fn known_goal(goal: &str) -> bool {
    matches!(goal, "truth" | "efficiency" | "cost")
}

/// Is this a zone name we know?
pub(crate) fn known_zone(name: &str) -> bool {
    TimeZone::get(name).is_ok()
}

/// A company and its first administrator.
pub struct Founded {
    pub tenant: Uuid,
    pub admin: Uuid,
    pub at: Micros,
}
