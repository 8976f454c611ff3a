//! The HTTP kit: how a request becomes a use case and its answer.
//!
//! * [`Routes`] is the only way to add a route, and it takes an [`Access`]: nothing is reachable without a
//!   declared permission. The declaration also goes into the OpenAPI document as `x-permission`.
//! * [`Caller`] is the verified person behind a request; its [`db::Scope`] is the key to the store.
//! * [`Json`], [`Query`] and [`Path`] read input strictly and answer faults as problem documents that name
//!   the field; [`Raw`] takes a body that is no JSON.
//! * [`Failure`] turns a [`base::Problem`] into RFC 9457 `application/problem+json` in the reader's language.
//! * [`stream`] is the one live stream of a client.

mod access;
mod body;
mod check;
mod failure;
mod input;
mod kit;
mod page;
mod routes;
mod served;
pub mod stream;
mod travel;

pub use access::{Access, Caller, Peer, Session};
pub use body::Raw;
pub use check::Checks;
pub use failure::{ErrorItem, Failure, ProblemDocument, finish};
pub use input::{Exact, IfMatch, Json, Path, Query, Several};
pub use kit::{Authenticator, Config, Kit, LocationWatch, PasswordCost, RoadServers};
pub use page::{Page, PageQuery, cursor_decode, cursor_encode};
pub use routes::Routes;
pub use served::{Served, serve};
pub use travel::{Crow, Ride, TravelMode, TravelSource, TravelTable, TravelTimes};

pub use axum;
pub use utoipa;
pub use utoipa_axum::routes;

/// What a handler answers with.
pub type Answer<T> = Result<axum::Json<T>, Failure>;

/// An answer for something newly made: 201 with its representation.
pub type Created<T> = Result<(axum::http::StatusCode, axum::Json<T>), Failure>;

/// 200 with a JSON body.
pub fn ok<T>(value: T) -> Answer<T> {
    Ok(axum::Json(value))
}

/// 201 with a JSON body.
pub fn created<T>(value: T) -> Created<T> {
    Ok((axum::http::StatusCode::CREATED, axum::Json(value)))
}
