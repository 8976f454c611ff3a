//! Equipment: what stands at customers, in a tree, each piece with a label that can be scanned.

mod export;
mod http;
mod import;
pub(crate) mod kinds;
pub(crate) mod named;
pub(crate) mod sql;
pub(crate) mod store;

use api::{Kit, Routes};

use base::{LocalDay, Micros};
use org::Ref;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::orders::OrderStatus;

/// Is it used?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EquipmentStatus {
    InUse,
    Stopped,
    Scrapped,
}

impl EquipmentStatus {
    pub fn key(self) -> &'static str {
        match self {
            EquipmentStatus::InUse => "in_use",
            EquipmentStatus::Stopped => "stopped",
            EquipmentStatus::Scrapped => "scrapped",
        }
    }

    pub fn from_key(key: &str) -> EquipmentStatus {
        match key {
            "stopped" => EquipmentStatus::Stopped,
            "scrapped" => EquipmentStatus::Scrapped,
            _ => EquipmentStatus::InUse,
        }
    }
}

/// A piece of equipment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Equipment {
    pub id: Uuid,
    pub code: String,
    pub name: String,
    /// Of the company's own list.
    pub kind: Option<Ref>,
    pub model: Option<String>,
    pub serial: Option<String>,
    pub customer: Ref,
    pub parent: Option<Ref>,
    /// Where it stands.
    pub place: Option<String>,
    #[schema(value_type = Option<String>, format = Date)]
    pub installed_on: Option<LocalDay>,
    #[schema(value_type = Option<String>, format = Date)]
    pub warranty_until: Option<LocalDay>,
    pub status: EquipmentStatus,
    pub note: Option<String>,
    /// Random word of its label.
    pub label: String,
    /// Orders that are not over.
    pub open_orders: i64,
    /// Answers to the company's own fields, by key.
    #[schema(value_type = Object)]
    pub custom: Map<String, Value>,
    pub version: i64,
}

/// An order in the history of a piece of equipment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EquipmentOrder {
    pub id: Uuid,
    pub number: String,
    pub kind: String,
    pub title: String,
    pub status: OrderStatus,
    pub employee: Option<String>,
    /// What was done.
    pub result: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Micros,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub finished_at: Option<Micros>,
}

/// A piece of equipment with what is below it and its history, newest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EquipmentPage {
    pub equipment: Equipment,
    pub children: Vec<Equipment>,
    pub orders: Vec<EquipmentOrder>,
    /// Articles on its type.
    pub manuals: Vec<Ref>,
}

/// What a phone carries along of a piece of equipment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EquipmentCard {
    pub equipment: Equipment,
    pub orders: Vec<EquipmentOrder>,
    /// Articles on its type.
    pub manuals: Vec<Ref>,
}

pub(crate) fn routes(kit: &Kit) -> Routes {
    http::routes(kit).merge(kinds::routes(kit))
}
