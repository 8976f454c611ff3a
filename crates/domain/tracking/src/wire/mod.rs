//! The phone dialects trackers speak over HTTP, turned into [`Reading`]s. Pure: no store, no clock.
//!
//! * OsmAnd query or form (Traccar Client ≤ 8 and 10, GPSLogger's custom URL): [`osmand`]
//! * Traccar Client 9 JSON, and the flat array of its SDK: [`traccar`]
//! * OwnTracks HTTP: [`owntracks`]
//! * Overland batches: [`overland`]
//!
//! Which one it is shows in the content, not in the address, so that one address serves every app.

mod osmand;
mod overland;
mod owntracks;
mod time;
mod traccar;

pub use time::When;

use crate::reading::Reading;

/// A report as sent; its time may still need the company's zone or the time of receipt.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    pub when: When,
    pub reading: Reading,
}

/// What the app expects to hear when its report is safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// Any 2xx without a body.
    Empty,
    /// An empty JSON list (OwnTracks).
    List,
    /// `{"result":"ok"}` (Overland sends the batch again without it).
    ResultOk,
}

/// A decoded request.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    /// The identifier inside the message, for addresses without a secret.
    pub device: Option<String>,
    pub reports: Vec<Report>,
    /// Entries of a batch that say no place on earth or are no reports at all.
    pub invalid: u32,
    pub reply: Reply,
}

/// The request cannot be read as any dialect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable(pub String);

/// Decodes a request from its query string and body.
///
/// # Errors
/// [`Unreadable`] when neither is in a known dialect, or a value is no number where one is needed.
pub fn decode(query: &str, body: &[u8]) -> Result<Decoded, Unreadable> {
    match body.iter().find(|b| !b.is_ascii_whitespace()) {
        Some(b'{') => object(body),
        Some(b'[') => traccar::array(body),
        _ => osmand::decode(query, body),
    }
}

/// A decoder of one JSON form.
type Decoder = fn(&[u8]) -> Result<Decoded, Unreadable>;

fn object(body: &[u8]) -> Result<Decoded, Unreadable> {
    // Each form is told by the one member it cannot do without.
    let forms: [(&str, Decoder); 3] =
        [("locations", overland::decode), ("_type", owntracks::decode), ("location", traccar::location)];
    for (member, decode) in forms {
        let quoted = format!("\"{member}\"");
        if !body.windows(quoted.len()).any(|w| w == quoted.as_bytes()) {
            continue;
        }
        match decode(body) {
            // The word may also stand inside a value; only a member decides.
            Err(e) if is_member(body, member) => return Err(e),
            Err(_) => {}
            Ok(decoded) => return Ok(decoded),
        }
    }
    traccar::flat(body)
}

fn is_member(body: &[u8], name: &str) -> bool {
    serde_json::from_slice::<std::collections::HashMap<String, serde::de::IgnoredAny>>(body)
        .map_or(true, |members| members.contains_key(name))
}

impl From<serde_json::Error> for Unreadable {
    fn from(e: serde_json::Error) -> Unreadable {
        Unreadable(e.to_string())
    }
}

/// The rest of a message, kept as it came.
#[derive(Default)]
struct Extra(serde_json::Map<String, serde_json::Value>);

impl Extra {
    fn put(&mut self, key: &str, value: impl Into<serde_json::Value>) {
        let value = value.into();
        if !value.is_null() {
            self.0.insert(key.to_owned(), value);
        }
    }

    /// Compact JSON; `None` when there is nothing. Longer than [`MAX_EXTRA`] it is cut to nothing: a report
    /// is no place for files.
    fn text(self) -> Option<Box<str>> {
        if self.0.is_empty() {
            return None;
        }
        let text = serde_json::Value::Object(self.0).to_string();
        (text.len() <= MAX_EXTRA).then(|| text.into())
    }
}

const MAX_EXTRA: usize = 4096;

#[cfg(test)]
mod tests;
