//! Words all nouns of this crate share.

use base::{LocalDay, Micros, Problem};
use geo::LngLat;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

/// Who makes a task, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TaskPlace)]
pub(crate) struct Spot {
    pub employee_id: Uuid,
    #[schema(value_type = String, format = Date)]
    pub day: LocalDay,
}

/// A stretch of a day in minutes after local midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Window {
    #[schema(minimum = 0, maximum = 1440)]
    pub from_minute: i32,
    #[schema(minimum = 0, maximum = 1440)]
    pub to_minute: i32,
}

impl Window {
    pub fn new(from_minute: i64, to_minute: i64) -> Window {
        let minute = |m: i64| i32::try_from(m.clamp(0, 1440)).unwrap_or(0);
        Window { from_minute: minute(from_minute), to_minute: minute(to_minute) }
    }

    /// Does it begin before it ends, within one day?
    pub fn is_sound(self) -> bool {
        0 <= self.from_minute && self.from_minute < self.to_minute && self.to_minute <= 1440
    }

    pub fn end(self, day: LocalDay, zone: &TimeZone) -> Micros {
        day.at_minute(self.to_minute, zone)
    }
}

/// What a good order of stops saves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Objective {
    Distance,
    Time,
}

impl Objective {
    pub fn key(self) -> &'static str {
        match self {
            Objective::Distance => "distance",
            Objective::Time => "time",
        }
    }

    pub fn from_key(key: &str) -> Objective {
        if key == "time" { Objective::Time } else { Objective::Distance }
    }
}

/// A customer as shown beside a visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct VisitCustomer {
    pub id: Uuid,
    pub name: String,
    pub grade: Option<String>,
}

pub(crate) fn point(lng: Option<i64>, lat: Option<i64>) -> Option<LngLat> {
    LngLat::from_e7(lng?, lat?).ok()
}

/// SHA-256 over the canonical JSON of a value (members sorted), in hexadecimal: tells whether a repeated
/// request says the same.
pub fn content_sha256(value: &impl Serialize) -> db::Result<String> {
    let mut value = serde_json::to_value(value).map_err(Problem::internal)?;
    value.sort_all_objects();
    Ok(hex::encode(Sha256::digest(value.to_string().as_bytes())))
}

pub(crate) fn to_json(value: &(impl Serialize + ?Sized)) -> db::Result<String> {
    serde_json::to_string(value).map_err(Problem::internal)
}

pub(crate) fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> db::Result<T> {
    serde_json::from_str(text).map_err(Problem::internal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_order_of_members_says_nothing() {
        let a = content_sha256(&json!({ "b": [1, { "y": 1, "x": 2 }], "a": null })).unwrap();
        let b: serde_json::Value = serde_json::from_str(r#"{"a":null,"b":[1,{"x":2,"y":1}]}"#).unwrap();
        assert_eq!(a, content_sha256(&b).unwrap());
        assert_ne!(a, content_sha256(&json!({ "a": null, "b": [1, { "x": 2, "y": 2 }] })).unwrap());
    }

    #[test]
    fn windows() {
        assert!(Window::new(540, 1020).is_sound() && !Window::new(540, 540).is_sound());
        assert!(!Window { from_minute: -1, to_minute: 20 }.is_sound());
    }
}
