//! Tasks: one assigned piece of work at one customer.
//!
//! ```text
//! new ─accept→ accepted ─set out→ on_the_way ─check-in→ on_site ─check-out→ done
//!  └──────────────┴──────────────────┴─skip→ skipped     any open one ─cancel→ cancelled
//! ```
//! A visit that really happened wins over a plan: a check-in takes a skipped or cancelled task back. `overdue`
//! is no state but what an open task is called after the end of its window.

pub(crate) mod crew;
mod export;
mod give;
mod http;
mod own;
mod rules;
pub(crate) mod service;
pub(crate) mod sql;

pub use crew::{TaskMate, crew_mates, help};
pub use give::create as give;
pub(crate) use give::{create, create_again};
pub(crate) use http::routes;
pub use http::{NewHelper, NewTask};
pub(crate) use rules::{Change, after};
pub use rules::{is_open, waits};
pub use service::{SkipHook, Skipped, accept, by_id, cancel, cancel_all, set_out};
pub(crate) use service::{emit, emit_row, skip};
pub use sql::{PlannedTask, created_by, has_customer, planned_from};

use base::{LocalDay, Micros};
use customers::OpeningHours;
use geo::LngLat;
use org::Ref;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Step, model::Window};

/// Where a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskStatus {
    New,
    Accepted,
    OnTheWay,
    OnSite,
    Done,
    Skipped,
    Cancelled,
    Overdue,
}

impl TaskStatus {
    pub fn key(self) -> &'static str {
        match self {
            TaskStatus::New => "new",
            TaskStatus::Accepted => "accepted",
            TaskStatus::OnTheWay => "on_the_way",
            TaskStatus::OnSite => "on_site",
            TaskStatus::Done => "done",
            TaskStatus::Skipped => "skipped",
            TaskStatus::Cancelled => "cancelled",
            TaskStatus::Overdue => "overdue",
        }
    }

    pub fn from_key(key: &str) -> TaskStatus {
        match key {
            "accepted" => TaskStatus::Accepted,
            "on_the_way" => TaskStatus::OnTheWay,
            "on_site" => TaskStatus::OnSite,
            "done" => TaskStatus::Done,
            "skipped" => TaskStatus::Skipped,
            "cancelled" => TaskStatus::Cancelled,
            "overdue" => TaskStatus::Overdue,
            _ => TaskStatus::New,
        }
    }
}

/// The customer of a task.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TaskCustomer {
    pub id: Uuid,
    pub name: String,
    pub grade: Option<String>,
    #[schema(value_type = Option<Vec<f64>>)]
    pub at: Option<LngLat>,
    pub address: Option<String>,
    /// Fence radius in metres.
    pub radius_m: i64,
    /// When he can be visited.
    pub hours: OpeningHours,
}

/// A task.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Task {
    pub id: Uuid,
    pub plan_id: Option<Uuid>,
    pub employee: Ref,
    pub customer: TaskCustomer,
    #[schema(value_type = String, format = Date)]
    pub day: LocalDay,
    /// Place in the day's order, from 1.
    pub seq: i64,
    pub window: Window,
    pub title: String,
    pub note: Option<String>,
    /// What it asks of whoever makes it, in the company's own words.
    pub skills: Vec<String>,
    pub steps: Vec<Step>,
    /// Seconds the visit must last to count.
    pub min_stay_s: i64,
    /// Seconds it is expected to last, where somebody said so; else what is usual for the customer's grade.
    pub service_s: Option<i64>,
    pub status: TaskStatus,
    /// Expected arrival by the plan.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub eta: Option<Micros>,
    /// Who comes along, each with a task of his own.
    pub crew: Vec<TaskMate>,
    /// Promised: nobody and no rule moves it or gives it to somebody else.
    pub locked: bool,
    pub visit_id: Option<Uuid>,
    /// Why it was skipped or cancelled.
    pub reason: Option<String>,
    /// Of a skipped one: closed, absent, cancelled, no_time, too_far or other, where one was chosen.
    pub reason_code: Option<String>,
    /// Answers to the company's own fields, by key.
    #[schema(value_type = Object)]
    pub custom: Map<String, Value>,
    pub version: i64,
}
