use api::{Access, Caller, Failure, Kit, Query, Routes, axum, routes};
use axum::{
    Extension,
    body::Body,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use base::LocalDay;
use db::Permission;
use futures::stream;
use serde::Deserialize;
use utoipa::IntoParams;

use super::Export;
use crate::Tracking;

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit).at(Access::May(Permission::TrackRead), routes!(parquet))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct DayFilter {
    #[param(value_type = String, format = Date)]
    day: LocalDay,
}

/// All positions of a day as a Parquet file: everybody in reach, all that is stored. Written into the ledger of each.
#[utoipa::path(get, path = "/tracks/positions.parquet", tag = "live", params(DayFilter), responses((status = 200, description = "Parquet file", content_type = "application/vnd.apache.parquet"), (status = 422, body = api::ProblemDocument)))]
async fn parquet(
    State(kit): State<Kit>,
    Extension(tracking): Extension<Tracking>,
    caller: Caller,
    Query(f): Query<DayFilter>,
) -> Result<Response, Failure> {
    let export = Export::begin(&kit.db, &tracking, &caller.scope, f.day).await?;
    // A fault in the middle breaks the connection off; a file without its end is not taken for a whole one.
    let parts = stream::try_unfold(export, async |mut export| {
        let part = export.next().await.inspect_err(|e| tracing::error!(error = %e, "an export broke off"));
        part.map(|part| part.map(|bytes| (bytes, export)))
    });
    let name = format!("attachment; filename=\"tashi-positions-{}.parquet\"", f.day);
    let head = [
        (header::CONTENT_TYPE, "application/vnd.apache.parquet".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((head, Body::from_stream(parts)).into_response())
}
