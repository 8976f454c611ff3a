//! Meters: what counts on a piece of equipment, and what it said.
//!
//! A reading below the one before it is asked about: either it was misread, or the meter was replaced. Replaced, the new one
//! counts on where the old one stopped. One that was wrong is withdrawn and stays as a record; those after it are added up
//! anew, as they are behind one that comes late.

mod http;
mod import;
pub(crate) mod sql;
mod store;

pub(crate) use http::routes;
pub(crate) use store::of_equipment;
pub use store::{ReadOnSite, read_on_site};

use base::Micros;
use org::Ref;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A meter with what it said last.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Meter {
    pub id: Uuid,
    pub equipment_id: Uuid,
    pub name: String,
    pub unit: String,
    /// The last reading; absent until there is one.
    pub value: Option<i64>,
    /// What was counted in all, over all meters that were replaced.
    pub total: Option<i64>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub read_at: Option<Micros>,
}

/// A reading.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MeterReading {
    pub id: Uuid,
    pub value: i64,
    pub total: i64,
    /// The meter is another one since the reading before.
    pub replaced: bool,
    #[schema(value_type = String, format = DateTime)]
    pub at: Micros,
    #[schema(value_type = String, format = DateTime)]
    pub received_at: Micros,
    /// desk, phone or import.
    pub source: String,
    pub by: Option<Ref>,
    pub order: Option<Ref>,
    /// It was wrong and counts no more: since when, by whom and why.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub withdrawn_at: Option<Micros>,
    pub withdrawn_by: Option<Ref>,
    pub withdrawn_reason: Option<String>,
}

/// A meter with its readings, newest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MeterPage {
    #[serde(flatten)]
    pub meter: Meter,
    pub readings: Vec<MeterReading>,
}
