//! The two web apps: the console at `/`, the phone app at `/m/`.

use std::borrow::Cow;

use api::axum::{
    body::{Body, Bytes},
    http::{HeaderValue, Method, Request, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::EmbeddedFile;

/// Finds a file of an app by its name.
pub type Find = fn(&str) -> Option<EmbeddedFile>;

/// The files of both apps. The program brings them: everything else is compiled while they are still being made.
#[derive(Clone, Copy)]
pub struct Pages {
    pub console: Find,
    pub field: Find,
}

impl Pages {
    /// A server of the API alone, for measurements and for the API document.
    pub const NONE: Pages = Pages { console: |_| None, field: |_| None };
}

/// Serves a page or a file; any path that is neither file nor API is a route of the console or the phone app.
pub async fn serve(pages: Pages, request: Request<Body>) -> Response {
    let path = request.uri().path();
    let reserved = ["/api/", "/t/", "/healthz", "/readyz"];
    if reserved.iter().any(|r| path.starts_with(r)) || path == "/t" {
        return StatusCode::NOT_FOUND.into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    if path == "/m" {
        return (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, "/m/")]).into_response();
    }
    let (get, inner) = match path.strip_prefix("/m/") {
        Some(inner) => (pages.field, inner),
        None => (pages.console, path.trim_start_matches('/')),
    };
    // Only a plain name may be looked up; anything encoded or climbing is no file of ours.
    let plain = !inner.contains("..") && !inner.contains('%') && !inner.contains('\\');
    let found = if plain && !inner.is_empty() { get(inner) } else { None };
    let looks_like_file = inner.rsplit('/').next().is_some_and(|last| last.contains('.'));
    match found {
        Some(file) => answer(&request, inner, file),
        None if looks_like_file || !plain => StatusCode::NOT_FOUND.into_response(),
        None => match get("index.html") {
            Some(page) => answer(&request, "index.html", page),
            None => (StatusCode::NOT_FOUND, "the web pages are not built").into_response(),
        },
    }
}

fn answer(request: &Request<Body>, name: &str, file: EmbeddedFile) -> Response {
    let tag = file.metadata.sha256_hash().iter().take(12).map(|b| format!("{b:02x}")).collect::<String>();
    let tag = format!("\"{tag}\"");
    // Names under assets/ carry a hash of their content; everything else may change with the next version.
    let cache = if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let kind = file.metadata.mimetype().to_owned();
    let fresh = request.headers().get(header::IF_NONE_MATCH).is_some_and(|v| v.as_bytes() == tag.as_bytes());
    let mut response = if fresh {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Response::new(Body::from(match file.data {
            Cow::Borrowed(embedded) => Bytes::from_static(embedded),
            Cow::Owned(read) => Bytes::from(read),
        }))
    };
    let headers = response.headers_mut();
    let text = kind.starts_with("text/") || kind.ends_with("javascript") || kind.ends_with("json");
    let kind = if text && !kind.contains("charset") { format!("{kind}; charset=utf-8") } else { kind };
    if let (Ok(kind), Ok(tag)) = (HeaderValue::from_str(&kind), HeaderValue::from_str(&tag)) {
        headers.insert(header::CONTENT_TYPE, kind);
        headers.insert(header::ETAG, tag);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    response
}
