//! Comparing a bundle with what somebody kept outside of the company: a signed checkpoint, or another bundle.

use super::{Fault, LOG, What, verify};
use crate::{Checkpoint, Note, NoteError, Tree, VerifierKey, bundle::verify::Checked, root_of};

/// Compares; answers the size of the log that is vouched for from outside.
pub(super) fn compare(inside: &Checked, outside: &[u8]) -> Result<u64, Fault> {
    let fault = |what| Fault::new("outside", what);
    if outside.starts_with(b"PK") {
        let kept = verify::check(&verify::read(outside).map_err(|f| fault(f.what))?)
            .map_err(|f| Fault::new(format!("outside, {}", f.item), f.what))?;
        if kept.key != inside.key {
            return Err(fault(What::OtherKey));
        }
        return if kept.manifest.kind == LOG {
            by_leaves(inside, &kept)
        } else {
            by_checkpoint(inside, &kept.checkpoint)
        };
    }
    let note = std::str::from_utf8(outside).map_err(|_| fault(What::Form))?;
    let kept = opened(note, &inside.key).map_err(fault)?;
    by_checkpoint(inside, &kept)
}

fn opened(note: &str, key: &VerifierKey) -> Result<Checkpoint, What> {
    let parsed = Note::parse(note).map_err(|_| What::Form)?;
    Checkpoint::parse(parsed.text).ok_or(What::Form)?;
    Checkpoint::open(note, key).map_err(|e| match e {
        NoteError::OtherKey => What::OtherKey,
        NoteError::Signature => What::Signature,
        NoteError::Form | NoteError::Key => What::Form,
    })
}

/// Every leaf is known outside: the first entry that differs can be named.
fn by_leaves(inside: &Checked, kept: &Checked) -> Result<u64, Fault> {
    for (&index, leaf) in inside.manifest.entries.iter().zip(&inside.leaves) {
        let known = usize::try_from(index).ok().and_then(|k| kept.leaves.get(k));
        if known.is_some_and(|known| known != leaf) {
            return Err(Fault::entry(index, What::Rewritten));
        }
    }
    if kept.checkpoint.size <= inside.checkpoint.size {
        return by_checkpoint(inside, &kept.checkpoint);
    }
    let tree: Tree = kept.leaves.iter().copied().collect();
    if tree.root(inside.checkpoint.size) == Some(inside.checkpoint.root) {
        Ok(kept.checkpoint.size)
    } else {
        Err(Fault::new("checkpoint.txt", What::Rewritten))
    }
}

fn by_checkpoint(inside: &Checked, kept: &Checkpoint) -> Result<u64, Fault> {
    let here = &inside.checkpoint;
    if kept.size > here.size {
        return Err(Fault::new("outside", What::Younger));
    }
    let root = if kept.size == here.size {
        Some(here.root)
    } else if inside.manifest.kind == LOG {
        usize::try_from(kept.size).ok().map(|n| root_of(inside.leaves[..n].iter().copied()))
    } else if kept.size == 0 {
        Some(crate::empty_root())
    } else {
        inside.earlier.iter().find(|e| e.size == kept.size).map(|e| e.root)
    };
    match root {
        None => Err(Fault::new("outside", What::NoProof)),
        Some(root) if root == kept.root => Ok(kept.size),
        Some(_) => Err(rewritten(inside, kept)),
    }
}

/// The log was rewritten before `kept.size`: the first stretch or entry that this concerns.
fn rewritten(inside: &Checked, kept: &Checkpoint) -> Fault {
    match inside.manifest.entries.iter().find(|index| **index < kept.size) {
        Some(_) if inside.manifest.kind == LOG => {
            Fault::new(format!("entries 0-{}", kept.size - 1), What::Rewritten)
        }
        Some(index) => Fault::entry(*index, What::Rewritten),
        None => Fault::new("checkpoint.txt", What::Rewritten),
    }
}
