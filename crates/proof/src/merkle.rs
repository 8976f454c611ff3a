//! Hashes of the Merkle tree and the checks of its proofs (RFC 9162 §2.1).

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

/// A SHA-256. Written as base64 in checkpoints and bundles, as elsewhere in transparency logs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// SHA-256 of bytes, without any prefix.
    pub fn of(bytes: &[u8]) -> Hash {
        Hash(Sha256::digest(bytes).into())
    }

    pub fn base64(&self) -> String {
        STANDARD.encode(self.0)
    }

    /// From strict base64; `None` for anything else.
    pub fn from_base64(text: &str) -> Option<Hash> {
        STANDARD.decode(text).ok()?.try_into().ok().map(Hash)
    }

    pub fn hex(&self) -> String {
        hex::encode(self.0)
    }

    /// From 64 lower-case hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<Hash> {
        let lower = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        lower.then(|| hex::decode(text).ok()?.try_into().ok().map(Hash)).flatten()
    }

    /// From the 32 stored bytes.
    pub fn from_slice(bytes: &[u8]) -> Option<Hash> {
        bytes.try_into().ok().map(Hash)
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.hex())
    }
}

/// Root of a tree without leaves.
pub fn empty_root() -> Hash {
    Hash::of(b"")
}

/// Hash of a leaf: a leading 0 keeps a leaf from ever passing as a node.
pub fn leaf_hash(leaf: &[u8]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([0]);
    hasher.update(leaf);
    Hash(hasher.finalize().into())
}

/// Hash of a node over its two children.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([1]);
    hasher.update(left.0);
    hasher.update(right.0);
    Hash(hasher.finalize().into())
}

/// Root over leaf hashes, in one pass with memory for one branch.
pub fn root_of(leaves: impl IntoIterator<Item = Hash>) -> Hash {
    // Complete subtrees from left to right, each with its height.
    let mut peaks: Vec<(u32, Hash)> = vec![];
    for leaf in leaves {
        let mut top = (0, leaf);
        while let Some((height, left)) = peaks.last().copied().filter(|(h, _)| *h == top.0) {
            peaks.pop();
            top = (height + 1, node_hash(&left, &top.1));
        }
        peaks.push(top);
    }
    let mut from_right = peaks.into_iter().rev().map(|(_, hash)| hash);
    match from_right.next() {
        None => empty_root(),
        Some(last) => from_right.fold(last, |right, left| node_hash(&left, &right)),
    }
}

/// Is `leaf` the entry `index` of the tree of `size` leaves with this root (RFC 9162 §2.1.3.2)?
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut node, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for sibling in proof {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// Is the tree of `from` leaves the beginning of the tree of `to` leaves (RFC 9162 §2.1.4.2)? A tree without
/// leaves is the beginning of every tree; equal sizes need equal roots; both with an empty proof.
pub fn verify_consistency(from: u64, from_root: &Hash, to: u64, to_root: &Hash, proof: &[Hash]) -> bool {
    if from > to {
        return false;
    }
    if from == to {
        return proof.is_empty() && from_root == to_root;
    }
    if from == 0 {
        return proof.is_empty() && *from_root == empty_root();
    }
    let (first, rest) = if from.is_power_of_two() {
        (from_root, proof)
    } else {
        match proof.split_first() {
            Some(split) => split,
            None => return false,
        }
    };
    let (mut node, mut last) = (from - 1, to - 1);
    while node & 1 == 1 {
        node >>= 1;
        last >>= 1;
    }
    let (mut old, mut new) = (*first, *first);
    for sibling in rest {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            old = node_hash(sibling, &old);
            new = node_hash(sibling, &new);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            new = node_hash(&new, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && old == *from_root && new == *to_root
}
