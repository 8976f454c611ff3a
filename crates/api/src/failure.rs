//! Problems on the wire (RFC 9457), in the reader's language, each with the request's id.

use axum::{
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use base::{Problem, problem, problem::Lang};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::access::lang_of;

/// A [`Problem`] on its way out. `?` turns problems into it.
#[derive(Debug)]
pub struct Failure(pub Problem);

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Failure {
        Failure(problem)
    }
}

/// The document of an error.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemDocument {
    pub r#type: &'static str,
    /// Stable code; also the translation key on the clients.
    pub code: String,
    pub title: String,
    pub status: u16,
    /// What to do about it.
    pub detail: String,
    /// Give this to the administrator.
    pub request_id: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ErrorItem>,
    #[serde(flatten)]
    #[schema(ignore)]
    pub params: Map<String, Value>,
}

/// A wrong field.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorItem {
    pub field: String,
    pub code: String,
    pub message: String,
}

/// Whole numbers go out as numbers, so that clients can count with them (`upload.offset`).
fn typed(value: &str) -> Value {
    match value.parse::<i64>() {
        Ok(number) if number.to_string() == value => Value::from(number),
        _ => Value::from(value),
    }
}

#[derive(Clone)]
struct Pending(Box<Problem>);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.code.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(Pending(Box::new(self.0)));
        response
    }
}

/// Problem as document.
pub fn document(problem: &Problem, lang: Lang, request_id: &str) -> ProblemDocument {
    let errors = problem
        .fields
        .iter()
        .map(|f| ErrorItem { field: f.field.clone(), code: f.code.code.to_owned(), message: f.message(lang) })
        .collect();
    let reserved = ["type", "code", "title", "status", "detail", "request_id", "errors"];
    let params = problem
        .params
        .iter()
        .filter(|(name, _)| !reserved.contains(name))
        .map(|(name, value)| ((*name).to_owned(), typed(value)))
        .collect();
    ProblemDocument {
        r#type: "about:blank",
        code: problem.code.code.to_owned(),
        title: problem.title(lang),
        status: problem.code.status,
        detail: problem.detail(lang),
        request_id: request_id.to_owned(),
        errors,
        params,
    }
}

/// Outermost middleware: gives each request an id, and every failure its body.
pub async fn finish(request: Request, next: Next) -> Response {
    let lang = lang_of(request.headers());
    let request_id = base::id::new_v7().simple().to_string();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let mut response = next.run(request).await;
    let pending =
        response.extensions_mut().remove::<Pending>().map(|p| *p.0).or_else(|| bare(response.status()));
    if let Some(problem) = pending.filter(|_| {
        !response.headers().contains_key(header::CONTENT_TYPE)
            || response.status() == StatusCode::METHOD_NOT_ALLOWED
            || plain(&response)
    }) {
        if problem.code.status >= 500 {
            tracing::error!(%request_id, %method, path, error = %problem, "request failed");
        }
        let body = serde_json::to_vec(&document(&problem, lang, &request_id)).unwrap_or_default();
        let allow = response.headers().get(header::ALLOW).cloned();
        response = (StatusCode::from_u16(problem.code.status).unwrap_or_default(), body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(allow) = allow {
            headers.insert(header::ALLOW, allow);
        }
        if let Some(seconds) = problem.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
    }
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

/// Answers of the framework itself (no such path, wrong method) carry plain text or nothing.
fn plain(response: &Response) -> bool {
    response.headers().get(header::CONTENT_TYPE).is_some_and(|v| v.as_bytes().starts_with(b"text/plain"))
}

fn bare(status: StatusCode) -> Option<Problem> {
    match status {
        StatusCode::NOT_FOUND => Some(Problem::new(problem::NOT_FOUND)),
        StatusCode::METHOD_NOT_ALLOWED => Some(Problem::new(problem::METHOD)),
        StatusCode::BAD_REQUEST => Some(Problem::new(problem::MALFORMED).with("reason", "bad request")),
        _ => None,
    }
}
