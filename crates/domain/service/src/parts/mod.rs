//! Parts, the stocks they lie in, and what happened to them.

mod http;
mod model;
mod moves;
mod requests;
pub(crate) mod sql;

pub(crate) use http::routes;
pub use model::Van;
pub(crate) use model::{OrderPart, PartRequest};
pub(crate) use moves::release_order;
pub use moves::use_up;
pub use requests::request;
pub(crate) use sql::{of_order, requests_of_order};

use db::{Query, Result};

/// What the acting person has in his van, and the parts he may ask for.
///
/// # Errors
/// When the store cannot be read.
pub async fn mine(q: &mut impl Query) -> Result<Van> {
    let me = q.scope().actor();
    Ok(Van { lines: sql::lines(q, me).await?, parts: sql::active(q).await? })
}
