//! Proofs that outsiders can check without us.
//!
//! Nouns: Entry (one line of a company's log: its leaf is public, its record may be withheld or erased), Tree (the
//! Merkle tree over all leaves, RFC 9162), Checkpoint (size and root of the tree, signed: a C2SP checkpoint in
//! a C2SP signed note), Bundle (entries, their proofs and files in one archive that anybody can verify offline), Seal (what
//! a phone signs about its records, chained), Rotating code (what a screen at a customer shows for 30 seconds).
//!
//! Invariants
//! * Personal data enters the log only as a salted commitment: with salt and record erased, the leaf says
//!   nothing about a person and the tree stays whole.
//! * Every byte of a bundle counts: changing, moving, adding or dropping any is found.
//! * Whoever holds a checkpoint from outside finds a log that was rewritten, even with the company's own key.
//!
//! Pure: no clock, no files, no network. Sources: RFC 9162 §2.1 (hashes and proofs), RFC 8032 (Ed25519),
//! <https://c2sp.org/signed-note>, <https://c2sp.org/tlog-checkpoint>.

mod archive;
pub mod bundle;
mod checkpoint;
mod entry;
mod merkle;
mod note;
pub mod passkey;
pub mod rotating;
pub mod seal;
mod tree;

pub use archive::{Archive, ArchiveError};
pub use bundle::{Bundle, Fault, Outcome, Trust, verify, verify_archive};
pub use checkpoint::Checkpoint;
pub use entry::{Entry, Leaf, commitment};
pub use merkle::{Hash, empty_root, leaf_hash, node_hash, root_of, verify_consistency, verify_inclusion};
pub use note::{Note, NoteError, SigningKey, VerifierKey};
pub use tree::Tree;
