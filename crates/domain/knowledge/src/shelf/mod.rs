//! Articles as they are read: what is there for a person, found, opened, marked as read.

mod http;
mod receipt;
mod sql;

pub(crate) use http::routes;
pub use receipt::mark_read;
pub use sql::{stamp, unread};

use base::{LocalDay, Micros};
use org::Ref;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{model::ArticleFile, terms::Snippet};

/// An article somebody may read, without its text.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ShelfLine {
    pub id: Uuid,
    /// Newest version.
    pub number: i64,
    pub title: String,
    pub category_id: Option<Uuid>,
    pub tags: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    pub published_at: Micros,
    /// He must read it.
    pub must_read: bool,
    #[schema(value_type = Option<String>, format = Date)]
    pub due_day: Option<LocalDay>,
    /// He must read it and has not.
    pub unread: bool,
    /// The newest version he has read, and when.
    pub read_number: Option<i64>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub read_at: Option<Micros>,
}

/// An article that was found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FoundArticle {
    #[serde(flatten)]
    pub line: ShelfLine,
    /// The part of its text around what was asked for.
    pub excerpt: Vec<Snippet>,
}

/// An article as it is read.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OpenArticle {
    #[serde(flatten)]
    pub line: ShelfLine,
    /// Markdown. It names files as `file:<id>`.
    pub body: String,
    pub note: Option<String>,
    pub published_by: Ref,
    pub files: Vec<ArticleFile>,
}
