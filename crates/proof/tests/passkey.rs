//! Passkeys by the steps of W3C Web Authentication Level 2, each broken once.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use proof::passkey::{Expected, Fault, challenge, confirm, goes_on, register};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::json;
use sha2::{Digest, Sha256};

const HOST: &str = "tashi.example";
const ORIGIN: &str = "https://tashi.example";
/// User present and verified.
const GOOD: u8 = 0b101;

fn key() -> EcdsaKeyPair {
    let rng = SystemRandom::new();
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &rng).expect("a key");
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, document.as_ref(), &rng).expect("the key")
}

fn client(kind: &str, challenge: &[u8], origin: &str) -> Vec<u8> {
    json!({ "type": kind, "challenge": URL_SAFE_NO_PAD.encode(challenge), "origin": origin, "crossOrigin": false })
        .to_string()
        .into_bytes()
}

/// Authenticator data of §6.1.
fn head(host: &str, flags: u8, counter: u32) -> Vec<u8> {
    let mut all = Sha256::digest(host).to_vec();
    all.push(flags);
    all.extend(counter.to_be_bytes());
    all
}

fn attested(key: &EcdsaKeyPair, flags: u8) -> Vec<u8> {
    let mut all = head(HOST, flags | 0x40, 7);
    all.extend([0; 16]);
    all.extend([0, 4]);
    all.extend(b"cred");
    let point = key.public_key().as_ref();
    all.extend([0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
    all.extend(&point[1..33]);
    all.extend([0x22, 0x58, 0x20]);
    all.extend(&point[33..]);
    all
}

fn expected(challenge: &[u8]) -> Expected<'_> {
    Expected { rp_id: HOST, origin: ORIGIN, challenge }
}

fn signed(key: &EcdsaKeyPair, data: &[u8], client: &[u8]) -> Vec<u8> {
    let message = [data, &Sha256::digest(client)[..]].concat();
    key.sign(&SystemRandom::new(), &message).expect("a signature").as_ref().to_vec()
}

#[test]
fn a_new_passkey_is_taken_and_what_is_wrong_with_one_is_seen() {
    let (key, word) = (key(), challenge("enrol", "nonce", ""));
    let good = client("webauthn.create", &word, ORIGIN);
    let taken = register(&good, &attested(&key, GOOD), &expected(&word)).unwrap();
    assert_eq!(taken.public_key, key.public_key().as_ref());
    assert_eq!((taken.credential_id.as_slice(), taken.counter, taken.synced), (&b"cred"[..], 7, false));
    let fault = |client: &[u8], data: &[u8]| register(client, data, &expected(&word)).unwrap_err();
    // §7.1 steps 7, 8, 9
    assert_eq!(fault(&client("webauthn.get", &word, ORIGIN), &attested(&key, GOOD)), Fault::Foreign);
    assert_eq!(fault(&client("webauthn.create", b"other", ORIGIN), &attested(&key, GOOD)), Fault::Foreign);
    assert_eq!(
        fault(&client("webauthn.create", &word, "https://evil.example"), &attested(&key, GOOD)),
        Fault::Foreign
    );
    // steps 14, 15: present, verified
    assert_eq!(fault(&good, &attested(&key, 0b001)), Fault::Unverified);
    assert_eq!(fault(&good, &attested(&key, 0b100)), Fault::Unverified);
    // cut anywhere, and something behind the key that no flag announces
    let whole = attested(&key, GOOD);
    for end in 0..whole.len() {
        assert!(register(&good, &whole[..end], &expected(&word)).is_err(), "cut at {end}");
    }
    assert_eq!(fault(&good, &[&whole[..], b"x"].concat()), Fault::Unreadable);
    // another algorithm: RS256 is -257
    let mut other = whole;
    other[55 + 4 + 4] = 0x27;
    assert_eq!(fault(&good, &other), Fault::Unreadable);
    assert_eq!(fault(b"{}", &attested(&key, GOOD)), Fault::Unreadable);
}

#[test]
fn its_use_counts_for_what_it_was_asked_for_and_for_nothing_else() {
    let (mine, word) = (key(), challenge("step", "nonce", "visit/step"));
    let (public, said) = (mine.public_key().as_ref(), client("webauthn.get", &word, ORIGIN));
    let data = head(HOST, GOOD, 8);
    let signature = signed(&mine, &data, &said);
    assert_eq!(confirm(&said, &data, &signature, public, &expected(&word)), Ok(8));
    // step 20: another key, changed data, changed client data
    let theirs = signed(&key(), &data, &said);
    assert_eq!(confirm(&said, &data, &theirs, public, &expected(&word)), Err(Fault::Signature));
    assert_eq!(
        confirm(&said, &head(HOST, GOOD, 9), &signature, public, &expected(&word)),
        Err(Fault::Signature)
    );
    assert_eq!(confirm(&said, &data, b"", public, &expected(&word)), Err(Fault::Signature));
    // step 15: another site; step 17: not verified
    let elsewhere = head("evil.example", GOOD, 8);
    let fault = confirm(&said, &elsewhere, &signed(&mine, &elsewhere, &said), public, &expected(&word));
    assert_eq!(fault, Err(Fault::Foreign));
    let touched = head(HOST, 0b001, 8);
    let fault = confirm(&said, &touched, &signed(&mine, &touched, &said), public, &expected(&word));
    assert_eq!(fault, Err(Fault::Unverified));
    // another visit, another word
    for other in [
        challenge("step", "nonce", "visit/other"),
        challenge("step", "later", "visit/step"),
        challenge("enrol", "nonce", "visit/step"),
    ] {
        assert_eq!(confirm(&said, &data, &signature, public, &expected(&other)), Err(Fault::Foreign));
    }
}

#[test]
fn a_counter_goes_on_or_says_nothing() {
    assert!(goes_on(0, 0) && goes_on(0, 1) && goes_on(7, 8));
    assert!(!goes_on(7, 7) && !goes_on(7, 0) && !goes_on(7, 6));
}
