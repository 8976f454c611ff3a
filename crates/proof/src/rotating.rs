//! Codes that change with time: a screen shows them, whoever stands before it reads them, the server works them out again.
//!
//! RFC 6238 with HMAC-SHA-256, eight digits and turns of 30 seconds since 1970. A sheet that cannot change shows one word
//! made of the same secret.

use ring::hmac;

/// Seconds a code stays.
pub const TURN_S: i64 = 30;
/// Bytes of a secret: as many as the hash gives (RFC 6238 §3, R6).
pub const SECRET: usize = 32;

/// The number of the turn at a second since 1970.
pub fn turn_at(seconds: i64) -> i64 {
    seconds.div_euclid(TURN_S)
}

/// The eight digits of a turn: HOTP of RFC 4226 §5.3 over HMAC-SHA-256.
pub fn digits(secret: &[u8], turn: i64) -> String {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), &turn.to_be_bytes());
    let bytes = tag.as_ref();
    // The low four bits of the last byte say where the number begins.
    let at = usize::from(bytes.last().copied().unwrap_or(0) & 0xf);
    let number = bytes[at..at + 4].iter().fold(0u32, |n, b| n << 8 | u32::from(*b)) & 0x7fff_ffff;
    format!("{:08}", number % 100_000_000)
}

/// The turn among `from..=to` whose digits these are; of several the latest. At most `MOST` turns are looked at, the latest.
pub fn find(secret: &[u8], said: &str, from: i64, to: i64) -> Option<i64> {
    /// A day and a half.
    const MOST: i64 = 4_320;
    if said.len() != 8 || !said.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    (from.max(to.saturating_sub(MOST))..=to).rev().find(|turn| digits(secret, *turn) == said)
}

/// The word on a sheet or tag that cannot change.
pub fn printed(secret: &[u8]) -> String {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), b"printed");
    hex::encode(&tag.as_ref()[..8])
}
