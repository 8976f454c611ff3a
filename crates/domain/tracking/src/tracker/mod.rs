//! Trackers: phones or apps that may report where one person is. Each has a secret address; the secret is
//! shown once and kept as SHA-256 only.

mod http;
mod keys;
mod regions;
mod service;
mod setup;
mod sql;

pub(crate) use http::routes;
pub(crate) use keys::{Keys, Known};
pub use regions::DayRegions;
pub(crate) use regions::Regions;
pub(crate) use setup::gpslogger_profile;

use std::collections::HashMap;

use base::Micros;
use db::{Query, Result};
use org::Ref;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// How many trackers each person has that are not revoked.
pub async fn in_use(q: &mut impl Query) -> Result<HashMap<Uuid, i64>> {
    Ok(sql::in_use(q).await?.into_iter().map(|r| (r.employee_id, r.count)).collect())
}

/// Which app reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TrackerKind {
    Traccar,
    Owntracks,
    Overland,
    Gpslogger,
    Other,
}

impl TrackerKind {
    const ALL: [(TrackerKind, &'static str); 5] = [
        (TrackerKind::Traccar, "traccar"),
        (TrackerKind::Owntracks, "owntracks"),
        (TrackerKind::Overland, "overland"),
        (TrackerKind::Gpslogger, "gpslogger"),
        (TrackerKind::Other, "other"),
    ];

    fn key(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("other", |(_, key)| key)
    }

    fn from_key(key: &str) -> TrackerKind {
        Self::ALL.iter().find(|(_, k)| *k == key).map_or(TrackerKind::Other, |(kind, _)| *kind)
    }
}

/// A tracker as listed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Tracker {
    pub id: Uuid,
    pub employee: Ref,
    pub name: String,
    pub kind: TrackerKind,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Micros,
    /// Last report, whether it was kept or not.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_seen_at: Option<Micros>,
    pub revoked: bool,
}

/// A tracker just made: the only time its secret is shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TrackerCreated {
    #[serde(flatten)]
    pub tracker: Tracker,
    pub secret: String,
    /// Address the app reports to.
    pub url: String,
    pub setup: Vec<TrackerSetup>,
}

/// How one app is set up by its camera.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TrackerSetup {
    pub kind: TrackerKind,
    pub title: String,
    /// What the code says; also a link on the phone itself.
    pub url: String,
    pub qr_svg: String,
}
