//! What has to be entered in ODK Collect.

use std::io::Write;

use api::{
    Answer, Caller, Kit,
    axum::{extract::State, http::HeaderMap},
    ok,
};
use base::Problem;
use base64::{Engine, engine::general_purpose::STANDARD};
use db::Result;
use flate2::{Compression, write::ZlibEncoder};
use qrcode::{EcLevel, QrCode, render::svg};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

/// The server address for ODK Collect, and the code it scans to set itself up.
#[derive(Debug, Serialize, ToSchema)]
pub struct CollectSetup {
    pub url: String,
    /// Without login and password: each person enters his own.
    pub qr_svg: String,
}

/// How to set up ODK Collect with this server.
#[utoipa::path(get, path = "/openrosa/setup", tag = "openrosa", responses((status = 200, body = CollectSetup)))]
pub(crate) async fn setup(State(kit): State<Kit>, _: Caller, headers: HeaderMap) -> Answer<CollectSetup> {
    let url = format!("{}/api/v1/openrosa", kit.public_url(&headers));
    let qr_svg = code(&url)?;
    ok(CollectSetup { url, qr_svg })
}

/// Collect's settings as it reads them from a code: JSON, deflated, in base 64
/// (<https://docs.getodk.org/collect-import-export/>).
fn code(url: &str) -> Result<String> {
    let settings = json!({ "general": { "protocol": "odk_default", "server_url": url, "form_update_mode": "match_exactly" },
        "admin": {}, "project": { "name": "Tashi", "icon": "踏" } });
    let mut zlib = ZlibEncoder::new(vec![], Compression::best());
    zlib.write_all(settings.to_string().as_bytes()).map_err(Problem::internal)?;
    let text = STANDARD.encode(zlib.finish().map_err(Problem::internal)?);
    let code = QrCode::with_error_correction_level(text, EcLevel::L).map_err(Problem::internal)?;
    Ok(code.render::<svg::Color<'_>>().min_dimensions(240, 240).build())
}
