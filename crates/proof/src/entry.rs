//! One line of the log. The leaf is what the tree is made of: index, time, kind, and a commitment to the record.
//! The record holds everything about people; without its 32 random bytes of salt the commitment cannot be
//! turned back, not even by guessing.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::Hash;

/// Keeps a commitment from ever passing as another kind of hash.
const DOMAIN: &[u8] = b"tashi-commitment-v1\0";

/// What a record is committed to by: SHA-256 over a fixed word, the salt and the record's exact bytes.
pub fn commitment(salt: &[u8; 32], record: &str) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(DOMAIN);
    hasher.update(salt);
    hasher.update(record.as_bytes());
    Hash(hasher.finalize().into())
}

/// The public part of an entry. Kept and hashed as the exact text it was first written as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leaf {
    /// Version of this layout: 1.
    pub v: u8,
    /// Place in the log, from 0.
    pub index: u64,
    /// When the server took it, RFC 3339 in UTC.
    pub at: String,
    /// `visit.check_in`, `visit.photo`, `audit.customer.update`, …
    pub kind: String,
    /// Of the record, 64 hexadecimal digits.
    pub commitment: String,
}

impl Leaf {
    pub fn new(index: u64, at: String, kind: &str, commitment: Hash) -> Leaf {
        Leaf { v: 1, index, at, kind: kind.to_owned(), commitment: commitment.hex() }
    }

    /// The text that is hashed and stored.
    pub fn text(&self) -> String {
        // A struct of numbers and strings always has a JSON form.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads a leaf; `None` for what is none of ours.
    pub fn parse(text: &str) -> Option<Leaf> {
        serde_json::from_str(text).ok().filter(|l: &Leaf| l.v == 1)
    }
}

/// An entry as it lies in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub leaf: String,
    /// Salt and record; absent when erased, or not for the reader.
    pub open: Option<([u8; 32], String)>,
}
