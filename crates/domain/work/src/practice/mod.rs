//! Practice visits. A newcomer goes through a real template at a customer that does not exist. All of it stays on his
//! phone; what comes here is that he did it. Nothing that counts visits reads it, so nothing can count it.

mod http;
mod service;
mod sql;

pub(crate) use http::routes;
pub use service::{PracticeDone, erase, record};

use base::Micros;
use org::Ref;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::Step;

/// A template as a phone practises it: its steps with the versions of forms and guides that work planned now would have.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PracticeTemplate {
    pub id: Uuid,
    pub name: String,
    /// Version of its steps.
    pub steps_version: i64,
    pub steps: Vec<Step>,
    pub min_stay_s: Option<i64>,
}

/// That somebody has practised.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Practice {
    pub id: Uuid,
    pub employee: Ref,
    pub department: Ref,
    pub template: Ref,
    pub steps_version: i64,
    #[schema(value_type = String, format = DateTime)]
    pub started_at: Micros,
    #[schema(value_type = String, format = DateTime)]
    pub ended_at: Micros,
    /// Steps done and skipped, of how many.
    pub done: i64,
    pub skipped: i64,
    pub total: i64,
}

/// The templates that can be practised: those that are in use.
///
/// # Errors
/// When the store cannot be read.
pub async fn templates(q: &mut impl db::Query) -> db::Result<Vec<PracticeTemplate>> {
    crate::templates::practised(q).await
}
