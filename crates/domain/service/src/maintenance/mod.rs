//! Maintenance: work that comes round by the calendar or by a meter, on one piece of equipment or on all of a model.
//!
//! A plan has at most one open order for a piece: what comes due meanwhile waits and is overdue. Turns that were missed
//! together become one order, the newest of them.

mod http;
mod plans;
pub(crate) mod rules;
pub(crate) mod sql;
mod work_off;

pub(crate) use http::routes;
pub(crate) use sql::void_turns;
pub(crate) use work_off::work_off;

use api::Checks;
use base::{LocalDay, Micros};
use db::Result;
use org::Ref;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::orders::OrderStatus;
use rules::Unit;

/// What a plan says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MaintenanceTerms {
    #[schema(max_length = 80)]
    pub name: String,
    /// Type of the orders it makes.
    pub type_id: Uuid,
    /// One piece of equipment; else `model` or `equipment_type_id`.
    pub equipment_id: Option<Uuid>,
    /// All equipment of this model in the department of whoever made the plan, and below.
    #[schema(max_length = 80)]
    pub model: Option<String>,
    /// All equipment of this type of the company's list, in that department and below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equipment_type_id: Option<Uuid>,
    /// Every so many `unit`s; absent: not by date.
    #[schema(minimum = 1, maximum = 1000)]
    pub every: Option<i64>,
    pub unit: Option<Unit>,
    /// The first time, from which the others are counted.
    #[schema(value_type = String, format = Date)]
    pub start_on: LocalDay,
    /// Counted from when it was last done, not from the calendar.
    #[serde(default)]
    pub from_done: bool,
    /// Name of the meter that counts; absent: not by meter.
    #[schema(max_length = 40)]
    pub meter: Option<String>,
    /// Every so many units of it.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    pub meter_every: Option<i64>,
    /// The order is made so many days ahead.
    #[schema(minimum = 0, maximum = 90)]
    pub lead_days: i64,
    #[schema(max_length = 1000)]
    pub detail: Option<String>,
    /// Nothing is made while it rests.
    #[serde(default)]
    pub paused: bool,
}

impl MaintenanceTerms {
    /// # Errors
    /// `input.invalid` with every faulty field.
    pub fn check(&self) -> Result<()> {
        let some = |t: &Option<String>| t.as_deref().is_some_and(|t| !t.trim().is_empty());
        Checks::new()
            .text("name", &self.name, 80)
            .at_most("model", self.model.as_deref(), 80)
            .at_most("meter", self.meter.as_deref(), 40)
            .at_most("detail", self.detail.as_deref(), 1000)
            // One piece, one model or one type.
            .that(
                "equipment_id",
                [self.equipment_id.is_some(), some(&self.model), self.equipment_type_id.is_some()]
                    .into_iter()
                    .filter(|says| *says)
                    .count()
                    == 1,
            )
            .that("every", self.every.is_none_or(|n| (1..=1000).contains(&n)))
            .that("unit", self.unit.is_some() == self.every.is_some())
            .that("meter_every", self.meter_every.is_none_or(|n| (1..=1_000_000_000).contains(&n)))
            .that("meter", self.meter_every.is_some() == some(&self.meter))
            .that("every", self.every.is_some() || self.meter_every.is_some())
            .that("lead_days", (0..=90).contains(&self.lead_days))
            .done()
    }
}

/// Why no orders are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MaintenanceBlock {
    /// The type of its orders is no longer in use.
    TypeRetired,
    /// The customer is archived.
    CustomerArchived,
}

/// A plan.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MaintenancePlan {
    pub id: Uuid,
    #[serde(flatten)]
    pub terms: MaintenanceTerms,
    /// Type of the orders it makes.
    pub kind: Ref,
    /// The piece it is for, when it is for one.
    pub equipment: Option<Ref>,
    /// The type of equipment it is for, when it is for one.
    pub equipment_type: Option<Ref>,
    /// Whose equipment it covers.
    pub department: Ref,
    /// No orders are made of it, and why.
    pub blocked: Option<MaintenanceBlock>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Micros,
    pub version: i64,
}

/// How a plan stands for one piece of equipment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MaintenanceDue {
    pub plan: Ref,
    pub equipment: Ref,
    pub code: String,
    pub customer: Ref,
    pub paused: bool,
    /// No orders are made for it, and why.
    pub blocked: Option<MaintenanceBlock>,
    /// The next turn by date.
    #[schema(value_type = Option<String>, format = Date)]
    pub due_on: Option<LocalDay>,
    /// The next turn by meter, and what the meter has counted.
    pub due_total: Option<i64>,
    pub total: Option<i64>,
    pub unit: Option<String>,
    /// When the meter will be there, at the pace of the last ninety days.
    #[schema(value_type = Option<String>, format = Date)]
    pub expected_on: Option<LocalDay>,
    /// The order that was made and is not over.
    pub order: Option<Ref>,
    pub order_status: Option<OrderStatus>,
    /// Its day is over, or the meter is past it, and it is not done.
    pub overdue: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_done_at: Option<Micros>,
}

/// A turn that became an order or was left out.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MaintenanceTurn {
    pub id: Uuid,
    pub equipment: Ref,
    /// date or meter; void: of a reading that was withdrawn.
    pub kind: String,
    #[schema(value_type = String, format = Date)]
    pub due_on: LocalDay,
    pub due_total: Option<i64>,
    /// Absent: left out.
    pub order: Option<Ref>,
    pub order_status: Option<OrderStatus>,
    pub reason: Option<String>,
    pub by: Option<Ref>,
    #[schema(value_type = String, format = DateTime)]
    pub at: Micros,
}

/// A turn to come.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MaintenanceAhead {
    pub equipment: Ref,
    pub customer: Ref,
    #[schema(value_type = String, format = Date)]
    pub on: LocalDay,
    /// Of a turn by meter: what it will say then, at the pace of the last ninety days.
    pub total: Option<i64>,
}

/// A plan with the equipment it covers, what was made of it, and the next twelve months.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MaintenancePlanPage {
    pub plan: MaintenancePlan,
    pub pieces: Vec<MaintenanceDue>,
    /// Newest first.
    pub turns: Vec<MaintenanceTurn>,
    pub ahead: Vec<MaintenanceAhead>,
}
