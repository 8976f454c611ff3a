//! A whole tree in memory, to make proofs from: 64 bytes an entry.

use crate::{Hash, merkle::node_hash};

/// All complete nodes of a tree, by height; height 0 holds the leaf hashes.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    levels: Vec<Vec<Hash>>,
}

impl Tree {
    /// Leaves in it.
    pub fn size(&self) -> u64 {
        self.levels.first().map_or(0, |l| l.len() as u64)
    }

    /// Appends a leaf by its hash.
    pub fn push(&mut self, leaf: Hash) {
        let mut height = 0;
        let mut hash = leaf;
        loop {
            if self.levels.len() == height {
                self.levels.push(vec![]);
            }
            let level = &mut self.levels[height];
            level.push(hash);
            // A left child waits for its brother.
            if level.len() % 2 == 1 {
                return;
            }
            hash = node_hash(&level[level.len() - 2], &hash);
            height += 1;
        }
    }

    /// Hash of a leaf.
    pub fn leaf(&self, index: u64) -> Option<Hash> {
        self.levels.first()?.get(usize::try_from(index).ok()?).copied()
    }

    /// Root of the first `size` leaves; `None` when there are not so many.
    pub fn root(&self, size: u64) -> Option<Hash> {
        match size {
            _ if size > self.size() => None,
            0 => Some(crate::empty_root()),
            _ => Some(self.range(0, size)),
        }
    }

    /// Hashes that lead from a leaf to the root of the first `size` leaves (RFC 9162 §2.1.3.1).
    pub fn inclusion(&self, index: u64, size: u64) -> Option<Vec<Hash>> {
        if index >= size || size > self.size() {
            return None;
        }
        let mut path = vec![];
        let (mut from, mut to) = (0, size);
        while to - from > 1 {
            let split = from + half(to - from);
            if index < split {
                path.push(self.range(split, to));
                to = split;
            } else {
                path.push(self.range(from, split));
                from = split;
            }
        }
        path.reverse();
        Some(path)
    }

    /// Hashes that show that the first `from` leaves are the beginning of the first `to` (RFC 9162 §2.1.4.1).
    pub fn consistency(&self, from: u64, to: u64) -> Option<Vec<Hash>> {
        if from > to || to > self.size() {
            return None;
        }
        if from == 0 || from == to {
            return Some(vec![]);
        }
        let mut path = vec![];
        let (mut start, mut end) = (0, to);
        // Whether the left edge of what is left is still the left edge of the old tree.
        let mut whole = true;
        while end != from {
            let split = start + half(end - start);
            if from <= split {
                path.push(self.range(split, end));
                end = split;
            } else {
                path.push(self.range(start, split));
                start = split;
                whole = false;
            }
        }
        if !whole {
            path.push(self.range(start, end));
        }
        path.reverse();
        Some(path)
    }

    /// Hash over the leaves `from..to`, where `from` is a multiple of the range's complete size.
    fn range(&self, from: u64, to: u64) -> Hash {
        let length = to - from;
        if length.is_power_of_two() {
            let height = length.trailing_zeros();
            return self.levels[height as usize][(from >> height) as usize];
        }
        let split = from + half(length);
        node_hash(&self.range(from, split), &self.range(split, to))
    }
}

impl FromIterator<Hash> for Tree {
    fn from_iter<T: IntoIterator<Item = Hash>>(leaves: T) -> Tree {
        let mut tree = Tree::default();
        leaves.into_iter().for_each(|leaf| tree.push(leaf));
        tree
    }
}

/// The largest power of two below `n` (RFC 9162's k), for `n` > 1.
fn half(n: u64) -> u64 {
    1 << (63 - (n - 1).leading_zeros())
}
