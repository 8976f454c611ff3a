//! What is shown of orders.

use base::Micros;
use geo::LngLat;
use org::Ref;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    photos::OrderPhoto,
    rules::{Move, OrderStatus},
};
use crate::{
    equipment::{Equipment, EquipmentOrder},
    meters::Meter,
    parts::{OrderPart, PartRequest},
    report::ReportRef,
    types::Pause,
};

/// The customer of an order.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OrderCustomer {
    pub id: Uuid,
    pub name: String,
    pub grade: Option<String>,
    #[schema(value_type = Option<Vec<f64>>)]
    pub at: Option<LngLat>,
    pub address: Option<String>,
}

/// The equipment of an order.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OrderEquipment {
    pub id: Uuid,
    pub code: String,
    pub name: String,
}

/// A target of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Target {
    #[schema(value_type = String, format = DateTime)]
    pub due: Micros,
    /// When it was met; absent while it is not.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub met_at: Option<Micros>,
    /// Missed, or met too late.
    pub late: bool,
    /// The clock stands still.
    pub stopped: bool,
}

/// A work order.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WorkOrder {
    pub id: Uuid,
    pub number: String,
    pub kind: Ref,
    pub customer: OrderCustomer,
    pub equipment: Option<OrderEquipment>,
    pub title: String,
    pub detail: Option<String>,
    /// 1 normal, 2 urgent, 3 emergency.
    pub priority: i64,
    pub skills: Vec<String>,
    pub contact_name: Option<String>,
    pub contact_phone: Option<String>,
    /// desk, portal, check, follow_up or plan.
    pub source: String,
    /// The order it came of.
    pub from: Option<Ref>,
    pub status: OrderStatus,
    pub employee: Option<Ref>,
    pub task_id: Option<Uuid>,
    pub visit_id: Option<Uuid>,
    /// Who was asked must answer by then.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Micros>,
    /// Until work on site begins.
    pub response: Option<Target>,
    /// Until it is finished.
    pub finish: Option<Target>,
    pub pause_reason: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub finished_at: Option<Micros>,
    /// What was done.
    pub result: Option<String>,
    pub labour_minutes: Option<i64>,
    /// It ends with a signature.
    pub signature: bool,
    /// It cannot be finished without parts.
    pub needs_parts: bool,
    /// Reasons for which it may rest.
    pub pauses: Vec<Pause>,
    pub created_by: Option<Ref>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Micros,
    pub version: i64,
}

/// A move of an order.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OrderEvent {
    pub seq: i64,
    #[serde(rename = "move")]
    pub mv: Move,
    pub status: OrderStatus,
    pub by: Option<Ref>,
    /// The time that counts: between the move before and the receipt.
    #[schema(value_type = String, format = DateTime)]
    pub at: Micros,
    /// By the phone's own clock.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub claimed_at: Option<Micros>,
    #[schema(value_type = String, format = DateTime)]
    pub received_at: Micros,
    pub note: Option<String>,
}

/// An order with everything that belongs to it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OrderDetail {
    pub order: WorkOrder,
    pub events: Vec<OrderEvent>,
    pub parts: Vec<OrderPart>,
    pub requests: Vec<PartRequest>,
    /// What the parts cost, in the currency's minor unit.
    pub parts_minor: i64,
    pub report: Option<ReportRef>,
    /// Orders that came of it.
    pub follow_ups: Vec<Ref>,
    /// Word of the page the customer may see it on.
    pub token: String,
    /// What the customer sent with the fault.
    pub photos: Vec<OrderPhoto>,
}

/// An order as a phone carries it along.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FieldOrder {
    #[serde(flatten)]
    pub detail: OrderDetail,
    pub equipment_card: Option<Equipment>,
    /// Meters of the equipment, to be read on site.
    pub meters: Vec<Meter>,
    /// Earlier orders of the same equipment.
    pub history: Vec<EquipmentOrder>,
}
