//! Pictures and files of articles: what kind they are by their bytes, kept without what a camera wrote into them.

mod http;
pub(crate) mod sql;

use api::{
    Kit, Served,
    axum::{http::HeaderMap, response::Response},
    serve,
};
use db::Result;
use uuid::Uuid;

use crate::model::ArticleFile;

pub(crate) use http::routes;
pub(crate) use sql::of_article;

/// Kind of the stored object.
pub(crate) const STORED: &str = "article";

/// The bytes of a file, whole or in part.
pub(crate) async fn answer(
    kit: &Kit,
    tenant: Uuid,
    file: &ArticleFile,
    asked: &HeaderMap,
) -> Result<Option<Response>> {
    let of = Served { id: file.id, kind: STORED, name: &file.name, mime: &file.mime, size: file.size };
    serve(kit, tenant, &of, asked).await
}
