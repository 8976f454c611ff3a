//! What does not hold, in words that other verifiers use too.

use std::fmt;

/// The first thing that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// `archive`, a file name, `checkpoints.jsonl line 3`, `entry 12`, `outside`.
    pub item: String,
    pub what: What,
}

impl Fault {
    pub(crate) fn new(item: impl Into<String>, what: What) -> Fault {
        Fault { item: item.into(), what }
    }

    pub(crate) fn entry(index: u64, what: What) -> Fault {
        Fault::new(format!("entry {index}"), what)
    }
}

/// Kinds of faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Not in the one accepted form.
    Form,
    /// Ends too early.
    Short,
    Missing,
    /// Is there and should not be.
    Extra,
    /// Content is not what the manifest says.
    Hash,
    /// The signature does not fit.
    Signature,
    /// Another entry stands where this one belongs.
    Order,
    /// The proof does not lead to the signed root.
    NotInLog,
    /// The record is not the one the leaf commits to.
    Commitment,
    /// The leaves do not give the signed root.
    Root,
    /// No record in the bundle names this original with this content.
    Unrecorded,
    /// The checkpoint from outside is of another company or another key.
    OtherKey,
    /// The log is not the one the checkpoint from outside was signed for.
    Rewritten,
    /// The checkpoint from outside counts more entries than the bundle's: it is younger, or the log was cut.
    Younger,
    /// The bundle holds no proof for the size of the checkpoint from outside.
    NoProof,
}

impl What {
    /// Stable word, the same in every verifier.
    pub fn key(self) -> &'static str {
        match self {
            What::Form => "form",
            What::Short => "short",
            What::Missing => "missing",
            What::Extra => "extra",
            What::Hash => "hash",
            What::Signature => "signature",
            What::Order => "order",
            What::NotInLog => "not_in_log",
            What::Commitment => "commitment",
            What::Root => "root",
            What::Unrecorded => "unrecorded",
            What::OtherKey => "other_key",
            What::Rewritten => "rewritten",
            What::Younger => "younger",
            What::NoProof => "no_proof",
        }
    }

    fn sentence(self) -> &'static str {
        match self {
            What::Form => "is not in the required form",
            What::Short => "ends too early",
            What::Missing => "is missing",
            What::Extra => "does not belong here",
            What::Hash => "is not what the signed manifest says",
            What::Signature => "was changed, or not signed by the key in the bundle",
            What::Order => "has another entry in its place",
            What::NotInLog => "is not in the signed log",
            What::Commitment => "has another record than the one that was logged",
            What::Root => "holds at least one leaf that was not in the signed log",
            What::Unrecorded => "is not the original that was logged",
            What::OtherKey => "the checkpoint from outside is signed by another key",
            What::Rewritten => "the log was rewritten after the checkpoint from outside was signed",
            What::Younger => {
                "the checkpoint from outside counts more entries than this bundle; export again, and if the log is no longer then, it was cut"
            }
            What::NoProof => "the bundle holds no proof for the size of the checkpoint from outside",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} [{}]", self.item, self.what.sentence(), self.what.key())
    }
}

impl std::error::Error for Fault {}
