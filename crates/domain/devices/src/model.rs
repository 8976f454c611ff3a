//! What is shown of phones.

use base::Micros;
use org::Ref;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// How a phone stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeviceStatus {
    /// Somebody has to decide; what it records is taken meanwhile.
    Waiting,
    Accepted,
    Refused,
    /// Given up by the person.
    Revoked,
}

impl DeviceStatus {
    pub fn key(self) -> &'static str {
        match self {
            DeviceStatus::Waiting => "waiting",
            DeviceStatus::Accepted => "accepted",
            DeviceStatus::Refused => "refused",
            DeviceStatus::Revoked => "revoked",
        }
    }

    pub(crate) fn of(key: &str) -> DeviceStatus {
        match key {
            "accepted" => DeviceStatus::Accepted,
            "refused" => DeviceStatus::Refused,
            "revoked" => DeviceStatus::Revoked,
            _ => DeviceStatus::Waiting,
        }
    }
}

/// A phone that signs for a person.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DeviceKey {
    pub id: Uuid,
    pub employee: Ref,
    /// As the phone names itself.
    pub name: String,
    pub device_id: String,
    pub status: DeviceStatus,
    #[schema(value_type = String, format = DateTime)]
    pub enrolled_at: Micros,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub decided_at: Option<Micros>,
    pub decided_by: Option<Ref>,
    pub reason: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub seen_at: Option<Micros>,
    /// Seals in its chain.
    pub seals: i64,
    /// Other people who sign on the same phone.
    pub others: i64,
}

/// What the phone hears about its chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeyAnswer {
    /// The seals are held.
    Held,
    /// This server knows no such key: enrol again and send the seals again.
    UnknownKey,
}
