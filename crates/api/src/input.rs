//! Reading input: strict, and with faults that name the field.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request},
    http::{header, request::Parts},
};
use base::{Problem, problem};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, IntoDeserializer},
};

use crate::{Failure, body::within};

/// A JSON body. Unknown fields are refused by the input types themselves (`deny_unknown_fields`).
pub struct Json<T>(pub T);

/// A JSON body together with the very bytes it came in: what was signed was signed over those.
pub struct Exact<T> {
    pub value: T,
    pub bytes: Bytes,
}

/// The query string.
pub struct Query<T>(pub T);

/// Parameters of the path. A malformed id answers as an unknown one.
pub struct Path<T>(pub T);

/// One value of a query, or several separated by commas; each is read as strictly as one alone.
#[derive(Debug, Clone)]
pub struct Several<T>(pub Vec<T>);

impl<'de, T: DeserializeOwned> Deserialize<'de> for Several<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Several<T>, D::Error> {
        let text = String::deserialize(from)?;
        let parts = text.split(',').map(|part| T::deserialize(part.into_deserializer()));
        parts.collect::<Result<_, _>>().map(Several)
    }
}

/// The version a change is based on, from `If-Match`.
pub struct IfMatch(pub i64);

base::problems! {
    /// An editable row is changed without saying which version was seen.
    VERSION_REQUIRED = 428 "version.required",
        zh "缺少版本号" / "修改前请先读取，并在 If-Match 中带上版本号。",
        en "Version required" / "Read the object first and send its version in If-Match.";
    MEDIA_TYPE = 415 "input.media_type",
        zh "内容类型不支持" / "请以 application/json 发送。",
        en "Unsupported media type" / "Send the body as application/json.";
}

/// Largest JSON body.
const LIMIT: usize = 1 << 20;

fn invalid(reason: impl std::fmt::Display) -> Problem {
    // The text of the parser may quote input; keep it short.
    let reason: String = reason.to_string().chars().filter(|c| !c.is_control()).take(200).collect();
    Problem::new(problem::INVALID).with("reason", reason)
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Json<T>, Failure> {
        Ok(Json(read(&body(request).await?)?))
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Exact<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Exact<T>, Failure> {
        let bytes = body(request).await?;
        Ok(Exact { value: read(&bytes)?, bytes })
    }
}

async fn body(request: Request) -> Result<Bytes, Failure> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
    if !kind.to_ascii_lowercase().starts_with("application/json") {
        return Err(Problem::new(MEDIA_TYPE).into());
    }
    let bytes = within(request.into_body(), LIMIT).await?;
    // PostgreSQL cannot keep U+0000 in a text; refuse it for both engines alike.
    if bytes.windows(6).any(|w| w == b"\\u0000") {
        return Err(invalid("NUL characters are not allowed").into());
    }
    Ok(bytes)
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|e| {
        let path = e.path().to_string();
        let problem = if e.inner().is_syntax() || e.inner().is_eof() {
            Problem::new(problem::MALFORMED).with("reason", e.inner())
        } else {
            invalid(e.inner())
        };
        if path == "." { problem } else { problem.field(path, problem::BAD_VALUE) }
    })?;
    reader.end().map_err(|e| Problem::new(problem::MALFORMED).with("reason", e))?;
    Ok(value)
}

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Query<T>, Failure> {
        if parts.uri.query().is_some_and(|q| q.contains("%00")) {
            return Err(invalid("NUL characters are not allowed").into());
        }
        axum::extract::Query::<T>::try_from_uri(&parts.uri)
            .map(|q| Query(q.0))
            .map_err(|e| invalid(e.body_text()).into())
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Path<T>, Failure> {
        axum::extract::Path::<T>::from_request_parts(parts, state)
            .await
            .map(|p| Path(p.0))
            .map_err(|_| Problem::new(problem::NOT_FOUND).into())
    }
}

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<IfMatch, Failure> {
        let value = parts.headers.get(header::IF_MATCH).ok_or_else(|| Problem::new(VERSION_REQUIRED))?;
        let version = value.to_str().ok().and_then(|v| v.trim_matches('"').parse().ok());
        version.map(IfMatch).ok_or_else(|| invalid("If-Match must hold a version number").into())
    }
}
