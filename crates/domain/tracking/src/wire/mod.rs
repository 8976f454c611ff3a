//! The phone dialects trackers speak over HTTP, turned into [`Reading`]s. Pure: no store, no clock.
//!
//! * OsmAnd query or form (Traccar Client ≤ 8 and 10, GPSLogger's custom URL): [`osmand`]
//! * Traccar Client 9 JSON, and the flat array of its SDK: [`traccar`]
//! * OwnTracks HTTP: [`owntracks`]
//! * Overland batches: [`overland`]
//! * GPX files, as back-fill: [`gpx`]
//! * our own compact batch: [`compact`]
//!
//! Which one it is shows in the content, not in the address, so that one address serves every app. What a
//! message says beside the values we know is kept as it came: [`extra`].

pub mod compact;
mod extra;
mod gpx;
mod osmand;
mod overland;
mod owntracks;
mod time;
mod traccar;

pub use owntracks::{Region, set_waypoints};
pub use time::When;

use crate::reading::Reading;
use extra::Extra;

/// A report as sent; its time may still need the company's zone or the time of receipt.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Report {
    /// The device this report names, where a batch may hold reports of several.
    pub device: Option<String>,
    pub when: When,
    pub reading: Reading,
    /// What stands beside the batch and not in it: where the phone is at this moment, and its trip. Kept with
    /// this report when its own time may be kept too; it plays no part in telling reports apart, because it
    /// is another one each time the same batch is sent.
    pub beside: Option<Beside>,
    /// Members of the message that were too large to keep; their names stand in `reading.extra`.
    pub dropped: u32,
}

/// See [`Report::beside`]. Texts are JSON objects.
#[derive(Debug, Clone, PartialEq)]
pub struct Beside {
    /// Where the phone is at the moment of sending, and when that is (Unix milliseconds).
    pub current: Option<(i64, Box<str>)>,
    pub trip: Option<Box<str>>,
}

/// What the app expects to hear when its report is safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// Any 2xx without a body.
    Empty,
    /// A JSON list of commands, mostly empty (OwnTracks).
    List,
    /// `{"result":"ok"}` (Overland sends the batch again without it).
    ResultOk,
}

/// A decoded request.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    /// The identifier inside the message, for addresses without a secret. Reports of a batch may name others.
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
    if body.starts_with(compact::MAGIC) {
        return compact::decode(body);
    }
    match body.iter().find(|b| !b.is_ascii_whitespace()) {
        Some(b'{') => object(body),
        Some(b'[') => traccar::array(body),
        Some(b'<') => gpx::decode(body),
        _ => osmand::decode(query, body),
    }
}

/// A decoder of one JSON form.
type Decoder = fn(&[u8]) -> Result<Decoded, Unreadable>;

/// Decodes a GPX file.
///
/// # Errors
/// [`Unreadable`] when it is none.
pub fn backfill(body: &[u8]) -> Result<Decoded, Unreadable> {
    gpx::decode(body)
}

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

impl Decoded {
    fn new(reply: Reply) -> Decoded {
        Decoded { device: None, reports: vec![], invalid: 0, reply }
    }

    /// The devices its reports name, each once.
    pub fn devices(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self.reports.iter().filter_map(|r| r.device.as_deref()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

impl From<serde_json::Error> for Unreadable {
    fn from(e: serde_json::Error) -> Unreadable {
        Unreadable(e.to_string())
    }
}

#[cfg(test)]
mod tests;
