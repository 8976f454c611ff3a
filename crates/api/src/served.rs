//! A file on its way out: with headers that keep a browser from taking it for anything else, whole or in part.

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base::Problem;
use db::Result;
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::Kit;

/// A stored file as it is known.
pub struct Served<'a> {
    pub id: Uuid,
    /// Kind of the stored object.
    pub kind: &'static str,
    pub name: &'a str,
    pub mime: &'a str,
    pub size: i64,
}

impl Served<'_> {
    /// As [`serve`] gives it, and no browser keeps it: whoever looks again is asked again whether he may, and it is noted again.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn unkept(&self, kit: &Kit, tenant: Uuid, asked: &HeaderMap) -> Result<Option<Response>> {
        let mut response = serve(kit, tenant, self, asked).await?;
        if let Some(response) = &mut response {
            put(response.headers_mut(), header::CACHE_CONTROL, "private, no-store");
        }
        Ok(response)
    }
}

/// Files read side by side: each may be 50 MiB.
static READING: Semaphore = Semaphore::const_new(4);
/// Longest part given at once, 4 MiB. A player that asks for everything from some place on comes again for the rest.
const PART: usize = 4 << 20;

/// The bytes; a part of them when a player asks for one. `None` when they are gone.
///
/// # Errors
/// When the store cannot be read.
pub async fn serve(
    kit: &Kit,
    tenant: Uuid,
    file: &Served<'_>,
    asked: &HeaderMap,
) -> Result<Option<Response>> {
    let whole = usize::try_from(file.size).unwrap_or(0);
    // A part that is none is not asked for: a player then gets the whole, as from a server that knows no parts.
    let part = asked.get(header::RANGE).and_then(|v| v.to_str().ok()).and_then(|v| range(v, whole));
    let part = part.map(|(from, to)| (from, to.min(from + PART - 1)));
    let turn = READING.acquire().await.map_err(Problem::internal)?;
    let read = match part {
        Some((from, to)) => kit.files.part(tenant, file.id, file.kind, from as u64, to + 1 - from).await?,
        None => kit.files.get(tenant, file.id, file.kind).await?,
    };
    drop(turn);
    let Some(bytes) = read else { return Ok(None) };
    let mut response = match part {
        Some((from, to)) => {
            let mut partial = (StatusCode::PARTIAL_CONTENT, bytes).into_response();
            put(partial.headers_mut(), header::CONTENT_RANGE, &format!("bytes {from}-{to}/{whole}"));
            partial
        }
        None => bytes.into_response(),
    };
    let headers = response.headers_mut();
    // Only what a browser shows without running anything of it is shown inside it.
    let shown = file.mime.starts_with("image/") || file.mime.starts_with("video/");
    let way = if shown { "inline" } else { "attachment" };
    let coded: String = file.name.bytes().map(coded).collect();
    put(headers, header::CONTENT_TYPE, file.mime);
    put(headers, header::ACCEPT_RANGES, "bytes");
    put(headers, header::CACHE_CONTROL, "private, max-age=86400");
    put(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(headers, header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'");
    put(headers, header::CONTENT_DISPOSITION, &format!("{way}; filename*=UTF-8''{coded}"));
    Ok(Some(response))
}

fn put(headers: &mut HeaderMap, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

fn coded(byte: u8) -> String {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    }
}

/// First and last byte of `bytes=from-to`, one part alone; `None` when there is no such part.
fn range(asked: &str, whole: usize) -> Option<(usize, usize)> {
    let (from, to) = asked.strip_prefix("bytes=")?.split_once('-')?;
    let last = whole.checked_sub(1)?;
    let (from, to) = match (from, to) {
        ("", tail) => (whole.saturating_sub(tail.parse().ok().filter(|n| *n > 0)?), last),
        (from, "") => (from.parse().ok()?, last),
        (from, to) => (from.parse().ok()?, to.parse::<usize>().ok()?.min(last)),
    };
    (from <= to).then_some((from, to))
}

#[cfg(test)]
mod tests {
    use super::range;

    #[test]
    fn a_part_is_what_was_asked_for() {
        assert_eq!(range("bytes=0-9", 100), Some((0, 9)));
        assert_eq!(range("bytes=90-", 100), Some((90, 99)));
        assert_eq!(range("bytes=-5", 100), Some((95, 99)));
        assert_eq!(range("bytes=50-500", 100), Some((50, 99)));
        for bad in ["bytes=100-", "bytes=9-3", "bytes=a-b", "bytes=-0", "items=0-1", "bytes=0-1,3-4"] {
            assert_eq!(range(bad, 100), None, "{bad}");
        }
        assert_eq!(range("bytes=0-0", 0), None);
    }
}
