//! A bundle: what a company hands out so that others can check it. An [`crate::Archive`] of
//!
//! | file | |
//! |---|---|
//! | `manifest.txt` | signed note: what this is, which entries it holds, size and SHA-256 of every other file |
//! | `key.txt` | the company's verifier key |
//! | `checkpoint.txt` | the signed checkpoint all proofs lead to |
//! | `checkpoints.jsonl` | earlier signed checkpoints, each with its proof of consistency |
//! | `entries.jsonl` | one entry a line: leaf, salt and record where given, proof of inclusion |
//! | `files/ID.jpg` … | originals; a record of an entry names each by id and SHA-256 |
//! | others | renditions and notes, covered by the manifest alone |
//!
//! A bundle of kind `log` holds every leaf from 0; it needs no proofs and carries each leaf's hash instead, so that
//! a changed line is told from its neighbours.

mod fault;
mod manifest;
mod outside;
mod verify;
mod write;

use serde::{Deserialize, Serialize};

pub use fault::{Fault, What};
pub use manifest::{FileLine, Manifest, ranges};
pub use verify::{Outcome, Trust, verify, verify_archive};
pub use write::Bundle;

pub(crate) const MANIFEST: &str = "manifest.txt";
pub(crate) const KEY: &str = "key.txt";
pub(crate) const CHECKPOINT: &str = "checkpoint.txt";
pub(crate) const CHECKPOINTS: &str = "checkpoints.jsonl";
pub(crate) const ENTRIES: &str = "entries.jsonl";
/// Folder of originals.
pub(crate) const ORIGINALS: &str = "files/";
/// Kind of a bundle with every leaf.
pub const LOG: &str = "log";

/// A line of `entries.jsonl`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EntryLine {
    pub leaf: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salt: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Vec<String>>,
    /// Of the leaf; in whole logs instead of a proof.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
}

/// A line of `checkpoints.jsonl`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CheckpointLine {
    pub note: String,
    pub proof: Vec<String>,
}

/// What a verifier reads of a record.
#[derive(Debug, Deserialize)]
pub(crate) struct RecordFiles {
    #[serde(default)]
    pub files: Vec<RecordFile>,
}

/// An original named by a record.
#[derive(Debug, Deserialize)]
pub(crate) struct RecordFile {
    pub id: String,
    pub sha256: String,
}
