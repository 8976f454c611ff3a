//! Passkeys: what a person's own device signs after it has looked at his face, finger or code.
//!
//! The parts of W3C Web Authentication Level 2 a server needs that asks for ES256 and no attestation: §7.1 for a new passkey,
//! §7.2 for its use, each step named where it is taken. Nothing is stored here and nobody's clock is asked.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// Why a passkey says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Not what an authenticator writes.
    Unreadable,
    /// Made for another act, another word of the server, or another page.
    Foreign,
    /// Its device did not look who holds it.
    Unverified,
    /// Signed by another key, or changed since.
    Signature,
}

/// What a passkey must have been made for.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The host name.
    pub rp_id: &'a str,
    /// Scheme, host and port of the page.
    pub origin: &'a str,
    pub challenge: &'a [u8],
}

/// A new passkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    pub credential_id: Vec<u8>,
    /// The uncompressed point on P-256.
    pub public_key: Vec<u8>,
    pub counter: u32,
    /// It may be on several devices of the person.
    pub synced: bool,
}

#[derive(Deserialize)]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(default, rename = "crossOrigin")]
    cross_origin: bool,
}

/// Flags of authenticator data (§6.1).
const PRESENT: u8 = 1;
const VERIFIED: u8 = 1 << 2;
const SYNCABLE: u8 = 1 << 3;
const ATTESTED: u8 = 1 << 6;
const EXTENDED: u8 = 1 << 7;

/// The word of the server a passkey signs: of what it is for, so that it can be used for nothing else.
pub fn challenge(purpose: &str, nonce: &str, subject: &str) -> [u8; 32] {
    Sha256::digest(format!("tashi-passkey\n{purpose}\n{nonce}\n{subject}")).into()
}

/// §7.1 steps 7–10, §7.2 steps 11–14: type, challenge, origin.
fn client(json: &[u8], kind: &str, expected: &Expected<'_>) -> Result<(), Fault> {
    let data: ClientData = serde_json::from_slice(json).map_err(|_| Fault::Unreadable)?;
    let challenge = URL_SAFE_NO_PAD.decode(&data.challenge).map_err(|_| Fault::Unreadable)?;
    let ours = data.kind == kind && challenge == expected.challenge && data.origin == expected.origin;
    if ours && !data.cross_origin { Ok(()) } else { Err(Fault::Foreign) }
}

/// Flags and counter of authenticator data: §7.1 steps 13–15, §7.2 steps 15–17.
fn authenticator(data: &[u8], expected: &Expected<'_>) -> Result<(u8, u32), Fault> {
    let head: &[u8; 37] = data.get(..37).and_then(|h| h.try_into().ok()).ok_or(Fault::Unreadable)?;
    if head[..32] != Sha256::digest(expected.rp_id)[..] {
        return Err(Fault::Foreign);
    }
    let flags = head[32];
    if flags & PRESENT == 0 || flags & VERIFIED == 0 {
        return Err(Fault::Unverified);
    }
    Ok((flags, u32::from_be_bytes([head[33], head[34], head[35], head[36]])))
}

/// A COSE key (RFC 9053 §7.1.1) of ES256 on P-256 in the one encoding CTAP2 allows.
fn point(cose: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    // {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y}
    const HEAD: &[u8] = &[0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
    const MIDDLE: &[u8] = &[0x22, 0x58, 0x20];
    let rest = cose.strip_prefix(HEAD)?;
    let (x, rest) = rest.split_at_checked(32)?;
    let (y, rest) = rest.strip_prefix(MIDDLE)?.split_at_checked(32)?;
    Some(([&[4][..], x, y].concat(), rest))
}

/// Takes a new passkey.
///
/// # Errors
/// [`Fault`].
pub fn register(client_data: &[u8], data: &[u8], expected: &Expected<'_>) -> Result<Registered, Fault> {
    client(client_data, "webauthn.create", expected)?;
    let (flags, counter) = authenticator(data, expected)?;
    if flags & ATTESTED == 0 {
        return Err(Fault::Unreadable);
    }
    // §6.5.1: AAGUID, length and id of the credential, its key.
    let length =
        data.get(53..55).map(|l| usize::from(l[0]) << 8 | usize::from(l[1])).ok_or(Fault::Unreadable)?;
    // §7.1 step 17 allows no longer ids.
    if !(1..=1023).contains(&length) {
        return Err(Fault::Unreadable);
    }
    let credential_id = data.get(55..55 + length).ok_or(Fault::Unreadable)?.to_vec();
    let (public_key, rest) = data.get(55 + length..).and_then(point).ok_or(Fault::Unreadable)?;
    if !rest.is_empty() && flags & EXTENDED == 0 {
        return Err(Fault::Unreadable);
    }
    Ok(Registered { credential_id, public_key, counter, synced: flags & SYNCABLE != 0 })
}

/// Checks the use of a passkey; answers its counter.
///
/// # Errors
/// [`Fault`].
pub fn confirm(
    client_data: &[u8],
    data: &[u8],
    signature: &[u8],
    public_key: &[u8],
    expected: &Expected<'_>,
) -> Result<u32, Fault> {
    client(client_data, "webauthn.get", expected)?;
    let (_, counter) = authenticator(data, expected)?;
    // §7.2 steps 19 and 20.
    let signed = [data, &Sha256::digest(client_data)[..]].concat();
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, public_key)
        .verify(&signed, signature)
        .map_err(|_| Fault::Signature)?;
    Ok(counter)
}

/// §7.2 step 21: a counter that does not go on may belong to a copy. Synced passkeys count nothing and stay at zero.
pub fn goes_on(before: u32, now: u32) -> bool {
    (before == 0 && now == 0) || now > before
}
