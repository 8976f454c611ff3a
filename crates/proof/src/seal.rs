//! Sealed records: what a phone signs, one seal after another, so that nothing can be slipped in, left out or changed later.
//!
//! A seal is a line of JSON, signed as the exact bytes it was first written as, never written anew:
//!
//! ```text
//! {"v":1,"key":…,"owner":…,"seq":12,"prev":…,"wall":…,"mono":…,"origin":…,"heard":…,"items":[{"id":…,"sha256":…,"mono":…}]}
//! ```
//!
//! `key` is SHA-256 of the public key, `prev` SHA-256 of the seal before (64 zeros for the first), `wall` the phone's clock and
//! `mono` a clock that nobody can set, both in milliseconds; `mono` counts within one `origin` (a start of the app) and may stand
//! still while the phone sleeps. `heard` is the last random word of the server with both clocks at that moment. An item is
//! named by its id and SHA-256 of its exact text. Signature: ECDSA P-256 with SHA-256, `r ‖ s`, base64url without padding.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Bytes of an uncompressed point on P-256.
const POINT: usize = 65;
/// Longest statement read, in bytes: a seal of a hundred records is a tenth of that.
pub const MAX_STATEMENT: usize = 64 * 1024;
/// `prev` of the first seal of a chain.
pub const NOTHING_BEFORE: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A word of the server as the phone heard it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heard {
    pub nonce: String,
    /// The phone's clock then, ms.
    pub wall: i64,
    /// The clock nobody can set; absent when the app was started anew since.
    pub mono: Option<i64>,
}

/// A record under a seal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedItem {
    pub id: String,
    pub sha256: String,
    /// When it was made, by the clock of the seal's origin; absent when it was made in an earlier start of the app.
    pub mono: Option<i64>,
}

/// What a phone says about a few of its records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    pub v: i64,
    pub key: String,
    pub owner: String,
    pub seq: i64,
    pub prev: String,
    pub wall: i64,
    pub mono: i64,
    pub origin: String,
    pub heard: Option<Heard>,
    pub items: Vec<SealedItem>,
}

/// Why a seal does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// Not a seal of this form.
    Unreadable,
    /// Signed by another key, or changed since.
    Signature,
    /// Says another key or another person than it came from.
    Foreign,
}

/// SHA-256 of a public key or a text, in hexadecimal digits.
pub fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// The bytes of a public key as phones send it: base64url of an uncompressed point.
pub fn public_key(text: &str) -> Option<Vec<u8>> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    (bytes.len() == POINT && bytes[0] == 4).then_some(bytes)
}

/// Reads a seal of a person and checks its signature.
///
/// # Errors
/// [`Broken`], with nothing said about the records themselves.
pub fn open(text: &str, signature: &str, public: &[u8], owner: &str) -> Result<Statement, Broken> {
    if text.len() > MAX_STATEMENT {
        return Err(Broken::Unreadable);
    }
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| Broken::Signature)?;
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, public)
        .verify(text.as_bytes(), &signature)
        .map_err(|_| Broken::Signature)?;
    let statement: Statement = serde_json::from_str(text).map_err(|_| Broken::Unreadable)?;
    if !sane(&statement) {
        return Err(Broken::Unreadable);
    }
    if statement.key != digest(public) || statement.owner != owner {
        return Err(Broken::Foreign);
    }
    Ok(statement)
}

/// The year 9999, in milliseconds.
const MAX_MS: i64 = 253_402_300_799_000;
/// No record waits longer on a phone, in milliseconds: words are kept as long.
const MAX_WAIT: i64 = 60 * 86_400_000;

/// Numbers that a phone can have.
fn sane(s: &Statement) -> bool {
    let heard = s.heard.iter().flat_map(|h| [Some(h.wall), h.mono]);
    let times = s.items.iter().map(|i| i.mono).chain(heard).chain([Some(s.wall), Some(s.mono)]);
    s.v == 1
        && (0..i64::from(u32::MAX)).contains(&s.seq)
        && s.prev.len() == 64
        && s.origin.len() <= 64
        && times.flatten().all(|t| (0..MAX_MS).contains(&t))
}

/// The newest seal held of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub seq: i64,
    pub digest: String,
}

/// How a seal goes on from what is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// The next one.
    Next,
    /// Held already, byte for byte: sent again.
    Again,
    /// Seals before it are missing.
    Gap(i64),
    /// Older than the newest, one of those that were missing.
    Late,
    /// Another seal in the place of one that is held, or one that does not go on from it: two chains of one key.
    Fork,
}

/// Places a seal; `held` is the digest of the seal held under the same number.
pub fn link(head: Option<&Head>, held: Option<&str>, seq: i64, prev: &str, digest: &str) -> Link {
    match head {
        None if seq == 0 => {
            if prev == NOTHING_BEFORE {
                Link::Next
            } else {
                Link::Fork
            }
        }
        None => Link::Gap(seq),
        Some(head) if seq > head.seq => match seq - head.seq - 1 {
            0 if prev == head.digest => Link::Next,
            0 => Link::Fork,
            missing => Link::Gap(missing),
        },
        Some(_) => match held {
            Some(held) if held == digest => Link::Again,
            Some(_) => Link::Fork,
            None => Link::Late,
        },
    }
}

/// Between which moments something was made, by the server's clock in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Between {
    /// Absent: nothing known.
    pub from: Option<i64>,
    pub to: i64,
}

/// What the server knows when a seal comes in. Milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// When the word in `heard` was issued; `None`: no such word.
    pub heard_at: Option<i64>,
    /// The earliest the seal before may have been made.
    pub before: Option<i64>,
    pub received: i64,
    /// Origin and clock of the phone when it sent.
    pub sent: (&'a str, i64),
}

/// When a seal was made. The clock that nobody can set never runs fast, though it may stand still: time since the word was
/// heard is at least what it counted, and so is the time until it was sent.
pub fn sealed_between(s: &Statement, known: &Known<'_>) -> Between {
    since(s, known, Some(s.mono))
}

/// When a record under a seal was made.
pub fn made_between(s: &Statement, item: &SealedItem, known: &Known<'_>) -> Between {
    let seal = since(s, known, Some(s.mono));
    // A record may have been left out of the seal before, so that one bounds nothing: only the record's own clock does.
    let own = since(s, &Known { before: None, ..*known }, item.mono);
    let to = own.to.min(seal.to);
    Between { from: own.from, to: to.max(own.from.unwrap_or(to)) }
}

fn since(s: &Statement, known: &Known<'_>, mono: Option<i64>) -> Between {
    let counted = match (s.heard.as_ref().and_then(|h| h.mono), mono) {
        // What was made before the word was heard gains nothing from it.
        (Some(heard), Some(mono)) if mono >= heard => known.heard_at.map(|at| at + mono - heard),
        (None, Some(_)) => known.heard_at.filter(|_| s.heard.is_some()),
        _ => None,
    };
    let to = match mono {
        Some(mono) if known.sent.0 == s.origin && known.sent.1 >= mono => {
            known.received - (known.sent.1 - mono)
        }
        _ => known.received,
    };
    let to = to.max(known.received - MAX_WAIT);
    let from = counted.into_iter().chain(known.before).max().map(|from| from.min(known.received));
    Between { from, to: to.max(from.unwrap_or(to)) }
}

/// A clock that is off by less, in milliseconds, is right.
const RIGHT: i64 = 150_000;

/// How far the phone's clock was moved since it last heard the server, in milliseconds, where that is certain: it says a moment
/// outside what the other clocks leave possible. A clock that tells the right time now was at most put right.
pub fn moved(s: &Statement, at: Between, heard_at: Option<i64>) -> Option<i64> {
    let (heard, heard_at) = (s.heard.as_ref()?, heard_at?);
    if s.wall <= at.to + RIGHT && at.from.is_none_or(|from| s.wall >= from - RIGHT) {
        return None;
    }
    let said = heard_at + (s.wall - heard.wall);
    if said > at.to {
        Some(said - at.to)
    } else {
        at.from.filter(|from| said < *from).map(|from| said - from)
    }
}
