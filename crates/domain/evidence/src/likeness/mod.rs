//! Photos that were used before: the same file, or the same picture scaled, saved anew, mirrored or cut. Looked for
//! across the whole company and over time when a photo is developed; both pictures are shown, nothing is concluded.

mod album;
mod http;
mod sql;

pub(crate) use album::{Album, store};
pub(crate) use http::routes;

use base::Micros;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A photo of a visit that is like an earlier one.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PhotoMatch {
    pub photo_id: Uuid,
    /// same_file, same, mirrored or cut.
    pub how: String,
    /// Share of differing places in per mille; 0 for the same file.
    pub difference: i64,
    /// The other photo; absent when it lies outside of the reader's data.
    pub other: Option<MatchedPhoto>,
}

/// The other photo.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MatchedPhoto {
    pub id: Uuid,
    pub visit_id: Uuid,
    pub employee: org::Ref,
    pub customer: org::Ref,
    #[schema(value_type = String, format = DateTime)]
    pub taken_at: Micros,
    pub thumb_url: String,
}
