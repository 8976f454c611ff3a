//! Files beside comments: sent first, then named by what is done to the case. Whoever sees the case may have them.

mod http;
pub(crate) mod sql;
mod sweep;

pub(crate) use http::routes;
pub(crate) use sweep::sweep;

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Kind of the stored object.
pub(crate) const STORED: &str = "approval";
/// Most files of one thing done.
pub(crate) const MOST: usize = 5;

/// A file beside a comment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ApprovalFile {
    pub id: Uuid,
    pub name: String,
    pub mime: String,
    pub size: i64,
}
