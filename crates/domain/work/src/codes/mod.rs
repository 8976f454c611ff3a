//! Codes at customers: who reads one stood before it.
//!
//! A customer has a secret. A screen there shows eight digits made of it, others every 30 seconds ([`proof::rotating`]), and needs
//! no network for that; a printed sheet or a tag says one word that never changes, and proves less. A phone may bring a code long after it
//! was read: it is judged by when it was read, as the phone's seals bound it.
//!
//! Invariants
//! * The secret leaves the server only for who sets the screen up or prints the sheet, and that is audited.
//! * A renewed code withdraws the one before. What was read before the withdrawal still counts.
//! * Which turn proved which step is kept; the same turn in two visits is seen by the floor that examines.

mod http;
mod judge;
mod service;
mod sql;

pub(crate) use http::routes;
pub(crate) use judge::{Read, judge};
pub(crate) use sql::put_use;
pub use sql::sharing;

use base::Micros;
use org::Ref;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// How a code is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CodeKind {
    /// On a screen, another one every 30 seconds.
    Rotating,
    /// On a sheet or a tag, always the same.
    Printed,
}

impl CodeKind {
    pub fn key(self) -> &'static str {
        match self {
            CodeKind::Rotating => "rotating",
            CodeKind::Printed => "printed",
        }
    }
}

/// A code of a customer, without its secret.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CustomerCode {
    pub id: Uuid,
    pub customer_id: Uuid,
    pub kind: CodeKind,
    #[schema(value_type = String, format = DateTime)]
    pub made_at: Micros,
    pub made_by: Ref,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub withdrawn_at: Option<Micros>,
    /// Steps proved with it.
    pub uses: i64,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_used_at: Option<Micros>,
}

/// What a scanner reads begins with it.
pub(crate) const PREFIX: &str = "tashi-code:";
