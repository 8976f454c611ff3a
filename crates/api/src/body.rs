//! A whole body within a limit that the route states.

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Request},
};
use base::{Problem, problem};
use http_body_util::{BodyExt, LengthLimitError, Limited};

use crate::Failure;

/// The bytes of a body that is no JSON, at most `LIMIT` of them; more is refused as `input.too_large`.
pub struct Raw<const LIMIT: usize>(pub Bytes);

impl<const LIMIT: usize, S: Sync> FromRequest<S> for Raw<LIMIT> {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Raw<LIMIT>, Failure> {
        Ok(Raw(within(request.into_body(), LIMIT).await?))
    }
}

/// The body, if it is no longer than `limit` bytes.
pub(crate) async fn within(body: Body, limit: usize) -> Result<Bytes, Problem> {
    let whole = Limited::new(body, limit).collect().await;
    whole.map(|w| w.to_bytes()).map_err(|fault| match fault.is::<LengthLimitError>() {
        true => Problem::new(problem::TOO_LARGE).with("limit", size(limit)),
        false => Problem::new(problem::MALFORMED).with("reason", "body ended early"),
    })
}

fn size(bytes: usize) -> String {
    match bytes >> 20 {
        0 => format!("{} KiB", bytes >> 10),
        mib => format!("{mib} MiB"),
    }
}
