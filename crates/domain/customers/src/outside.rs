use std::collections::HashMap;

use db::{Query, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::sql;

/// Whether people may check in from outside a customer's fence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutsideRule {
    /// They may, and say why.
    #[default]
    Reason,
    /// They may, say why, and take a photo of the place.
    Photo,
    No,
}

impl OutsideRule {
    pub fn key(self) -> &'static str {
        match self {
            OutsideRule::Reason => "reason",
            OutsideRule::Photo => "photo",
            OutsideRule::No => "no",
        }
    }

    pub fn from_key(key: &str) -> OutsideRule {
        match key {
            "photo" => OutsideRule::Photo,
            "no" => OutsideRule::No,
            _ => OutsideRule::Reason,
        }
    }
}

/// The classes that say something of their own about check-ins from outside the fence.
///
/// # Errors
/// When the store cannot be read.
pub async fn outside_by_class(q: &mut impl Query) -> Result<HashMap<Uuid, OutsideRule>> {
    let rows = sql::outside_of_classes(q).await?;
    Ok(rows.into_iter().map(|r| (r.id, OutsideRule::from_key(&r.outside))).collect())
}
