//! Lists in pages. A cursor is the sort key of the last row shown, opaque to clients.

use base::{Problem, problem};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Ask again with `cursor` set to this for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    /// Number of all matching rows, when asked for with `count=true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<i64>,
}

/// What every list accepts. Flatten is not used (it breaks numbers in query strings); lists repeat the fields.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct PageQuery {
    pub limit: Option<i64>,
    pub cursor: Option<String>,
    pub count: Option<bool>,
}

impl<T> Page<T> {
    /// From up to `limit + 1` rows: the extra one only tells that there is more.
    pub fn from_rows<K: Serialize>(mut items: Vec<T>, limit: i64, key: impl Fn(&T) -> K) -> Page<T> {
        let limit = usize::try_from(limit).unwrap_or(0);
        let more = items.len() > limit;
        items.truncate(limit);
        let next_cursor = if more { items.last().map(|last| cursor_encode(&key(last))) } else { None };
        Page { items, next_cursor, total: None }
    }
}

impl PageQuery {
    /// Rows a page holds, 1..=200, 50 when not said.
    pub fn rows(limit: Option<i64>) -> i64 {
        limit.unwrap_or(50).clamp(1, 200)
    }
}

/// Sort key as cursor.
pub fn cursor_encode<K: Serialize>(key: &K) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(key).unwrap_or_default())
}

/// Cursor as sort key.
///
/// # Errors
/// `input.invalid` for anything this server did not make.
pub fn cursor_decode<K: DeserializeOwned>(cursor: &Option<String>) -> Result<Option<K>, Problem> {
    let Some(text) = cursor else { return Ok(None) };
    let bytes = URL_SAFE_NO_PAD.decode(text).ok();
    let value = bytes.and_then(|b| serde_json::from_slice(&b).ok()).filter(storable);
    let key = value.and_then(|v| serde_json::from_value(v).ok());
    key.map(Some).ok_or_else(|| {
        Problem::new(problem::INVALID).with("reason", "cursor").field("cursor", problem::BAD_VALUE)
    })
}

/// No engine compares with a text that holds a NUL.
fn storable(key: &Value) -> bool {
    match key {
        Value::String(text) => !text.contains('\0'),
        Value::Array(parts) => parts.iter().all(storable),
        _ => true,
    }
}
