//! What is shown of articles.

use base::{LocalDay, Micros};
use org::Ref;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// For whom an article is. Both empty: everybody of the company; both filled: who is in one of the departments or below
/// it and has one of the roles.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ArticleAudience {
    #[schema(max_items = 100)]
    pub departments: Vec<Uuid>,
    /// Keys of roles.
    #[schema(max_items = 100)]
    pub roles: Vec<String>,
}

/// That an article must be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReadingDuty {
    #[schema(value_type = Option<String>, format = Date)]
    pub due_day: Option<LocalDay>,
    /// The oldest version whose reading counts.
    pub since: i64,
    /// People of the audience, as far as the asking person reaches, and how many of them have read it.
    pub asked: i64,
    pub read: i64,
}

/// An article in the list of those who write them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ArticleLine {
    pub id: Uuid,
    pub title: String,
    pub category_id: Option<Uuid>,
    /// Names of products and whatever else it is about.
    pub tags: Vec<String>,
    /// Newest published version; absent while there is none.
    pub published: Option<i64>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub published_at: Option<Micros>,
    /// The draft says something else than the newest version.
    pub changed: bool,
    pub retired: bool,
    /// Absent: nobody must read it.
    pub duty: Option<ReadingDuty>,
    pub department: Ref,
    pub changed_by: Ref,
    #[schema(value_type = String, format = DateTime)]
    pub changed_at: Micros,
    pub version: i64,
}

/// A picture or file that a text names as `file:<id>`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ArticleFile {
    pub id: Uuid,
    pub name: String,
    pub mime: String,
    pub size: i64,
    pub sha256: String,
    /// Of a picture.
    pub width: Option<i64>,
    pub height: Option<i64>,
}

/// A version in the list of versions.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ArticleVersionLine {
    pub number: i64,
    pub note: Option<String>,
    pub published_by: Ref,
    #[schema(value_type = String, format = DateTime)]
    pub published_at: Micros,
}

/// A version with what it says.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ArticleVersion {
    #[serde(flatten)]
    pub line: ArticleVersionLine,
    pub title: String,
    pub tags: Vec<String>,
    pub body: String,
}

/// An article as it is written.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ArticlePage {
    #[serde(flatten)]
    pub line: ArticleLine,
    /// The draft, as Markdown.
    pub body: String,
    pub audience: ArticleAudience,
    /// All files ever sent for it.
    pub files: Vec<ArticleFile>,
    /// Newest first.
    pub versions: Vec<ArticleVersionLine>,
}
