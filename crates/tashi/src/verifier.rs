//! The verifiers for people without an account: a page that works from a saved file, and the Python program. Both
//! are the files of `verify/` as they are.

use api::axum::{
    Router,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};

const PAGE: &str = include_str!("../../../verify/verifier.html");
const PYTHON: &str = include_str!("../../../verify/verify.py");

/// The page is one file with its script inside; it may load nothing and talk to nobody.
const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src blob:; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";

pub(crate) fn routes() -> Router {
    Router::new()
        .route("/verify", get(|| async { page(None) }))
        .route("/verify/verifier.html", get(|| async { page(Some("tashi-verifier.html")) }))
        .route("/verify/verify.py", get(python))
}

fn page(save_as: Option<&'static str>) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Some(Ok(value)) =
        save_as.map(|name| HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")))
    {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    (headers, PAGE).into_response()
}

async fn python() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/x-python; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"verify.py\""),
    ];
    (headers, PYTHON).into_response()
}
