//! Passkeys: who held the phone, as the phone's own lock says.
//!
//! A passkey is asked for what is about to be proved: what it signs is made of a random word of the server (the one every
//! snapshot brings, so it works without a network), the visit and the step. It can be used for nothing else, and by nobody's
//! replay. One that was withdrawn says nothing from then on.

mod http;
mod service;
mod sql;

pub(crate) use sql::erase;

pub use http::routes;
pub use service::{Confirmation, Held, confirm};

use base::Micros;
use org::Ref;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A passkey as it is shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Passkey {
    pub id: Uuid,
    pub employee: Ref,
    /// As the authenticator names it, base64url.
    pub credential_id: String,
    pub name: String,
    /// It may be on several devices of the person.
    pub synced: bool,
    #[schema(value_type = String, format = DateTime)]
    pub made_at: Micros,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub used_at: Option<Micros>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub withdrawn_at: Option<Micros>,
}
