//! Checking a bundle, from the outside in: form, signature, checkpoint, entries, files, and at last the checkpoint
//! that somebody kept outside. The first thing that does not hold is named as narrowly as it can be.

use std::collections::{HashMap, HashSet};

use super::{
    CHECKPOINT, CHECKPOINTS, CheckpointLine, ENTRIES, EntryLine, Fault, FileLine, KEY, LOG, MANIFEST,
    Manifest, ORIGINALS, RecordFiles, What, outside,
};
use crate::{
    Archive, ArchiveError, Checkpoint, Hash, Leaf, Note, Tree, VerifierKey, commitment, leaf_hash,
    verify_consistency, verify_inclusion,
};

/// What is known after everything held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub manifest: Manifest,
    pub key: VerifierKey,
    pub checkpoint: Checkpoint,
    /// Entries whose record is open.
    pub open: usize,
    pub originals: usize,
    pub trust: Trust,
}

/// What a good bundle shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// All fits together and is signed by the key inside. Whoever made the bundle may have made the key too.
    SelfConsistent,
    /// The log also continues the one the given checkpoint was signed for.
    Outside { size: u64 },
}

/// What was worked out on the way, for the comparison with a checkpoint from outside.
pub(super) struct Checked {
    pub manifest: Manifest,
    pub key: VerifierKey,
    pub checkpoint: Checkpoint,
    /// Leaf hashes in the order of the manifest's entries.
    pub leaves: Vec<Hash>,
    pub earlier: Vec<Checkpoint>,
    open: usize,
    originals: usize,
}

/// Verifies a bundle's bytes. `outside`: a signed checkpoint or another bundle of the same log, kept by somebody else.
///
/// # Errors
/// The first thing that does not hold.
pub fn verify(bytes: &[u8], outside: Option<&[u8]>) -> Result<Outcome, Fault> {
    verify_archive(&read(bytes)?, outside)
}

pub(super) fn read(bytes: &[u8]) -> Result<Archive, Fault> {
    Archive::from_bytes(bytes).map_err(|e| {
        let what = if matches!(e, ArchiveError::Short(_)) { What::Short } else { What::Form };
        Fault::new("archive", what)
    })
}

/// Verifies a bundle that was unpacked to a folder, or read already.
///
/// # Errors
/// The first thing that does not hold.
pub fn verify_archive(archive: &Archive, outside: Option<&[u8]>) -> Result<Outcome, Fault> {
    let checked = check(archive)?;
    let trust = match outside {
        None => Trust::SelfConsistent,
        Some(bytes) => Trust::Outside { size: outside::compare(&checked, bytes)? },
    };
    let Checked { manifest, key, checkpoint, open, originals, .. } = checked;
    Ok(Outcome { manifest, key, checkpoint, open, originals, trust })
}

/// Everything that can be checked with the bundle alone.
pub(super) fn check(archive: &Archive) -> Result<Checked, Fault> {
    let key = key_of(archive)?;
    let manifest = manifest_of(archive, &key)?;
    let listed: HashMap<&str, &FileLine> = manifest.files.iter().map(|f| (f.name.as_str(), f)).collect();
    let is_listed = |name: &str| match (archive.get(name), listed.get(name)) {
        (None, _) | (_, None) => Err(Fault::new(name, What::Missing)),
        (Some(bytes), Some(line)) if Hash::of(bytes) == line.sha256 && bytes.len() as u64 == line.size => {
            Ok(())
        }
        _ => Err(Fault::new(name, What::Hash)),
    };
    is_listed(KEY)?;
    let checkpoint = text_of(archive, CHECKPOINT)
        .and_then(|note| Checkpoint::open(note, &key).map_err(|_| Fault::new(CHECKPOINT, What::Signature)))?;
    is_listed(CHECKPOINT)?;
    if checkpoint.size != manifest.size {
        return Err(Fault::new(CHECKPOINT, What::Hash));
    }
    let earlier = earlier_of(archive, &key, &checkpoint, manifest.kind == LOG)?;
    is_listed(CHECKPOINTS)?;
    let entries = entries_of(archive, &manifest, &checkpoint, &earlier)?;
    is_listed(ENTRIES)?;
    let mut originals = 0;
    for file in &manifest.files {
        is_listed(&file.name)?;
        if let Some(name) = file.name.strip_prefix(ORIGINALS) {
            let id = name.split('.').next().unwrap_or(name);
            if !entries.named.contains(&(id.to_owned(), file.sha256.hex())) {
                return Err(Fault::new(&*file.name, What::Unrecorded));
            }
            originals += 1;
        }
    }
    let in_order = std::iter::once(MANIFEST).chain(manifest.files.iter().map(|f| f.name.as_str()));
    if let Some((name, _)) = archive.files().find(|(n, _)| *n != MANIFEST && !listed.contains_key(n)) {
        return Err(Fault::new(name, What::Extra));
    }
    if let Some(((name, _), _)) = archive.files().zip(in_order).find(|((a, _), b)| !archive.loose && a != b) {
        return Err(Fault::new(name, What::Order));
    }
    if let Some(name) = archive.damaged() {
        return Err(Fault::new(name, What::Hash));
    }
    let Entries { leaves, open, .. } = entries;
    Ok(Checked { manifest, key, checkpoint, leaves, earlier, open, originals })
}

fn text_of<'a>(archive: &'a Archive, name: &str) -> Result<&'a str, Fault> {
    let bytes = archive.get(name).ok_or_else(|| Fault::new(name, What::Missing))?;
    std::str::from_utf8(bytes).map_err(|_| Fault::new(name, What::Form))
}

fn key_of(archive: &Archive) -> Result<VerifierKey, Fault> {
    let line = text_of(archive, KEY)?.strip_suffix('\n');
    line.and_then(|l| VerifierKey::parse(l).ok()).ok_or_else(|| Fault::new(KEY, What::Form))
}

fn manifest_of(archive: &Archive, key: &VerifierKey) -> Result<Manifest, Fault> {
    let fault = |what| Fault::new(MANIFEST, what);
    let note = Note::parse(text_of(archive, MANIFEST)?).map_err(|_| fault(What::Form))?;
    let text = note.open(key).map_err(|_| fault(What::Signature))?;
    let manifest = Manifest::parse(text).ok_or(fault(What::Form))?;
    let mut names = HashSet::new();
    if manifest.origin != key.name() || !manifest.files.iter().all(|f| names.insert(&f.name)) {
        return Err(fault(What::Form));
    }
    Ok(manifest)
}

/// Lines of a `.jsonl` file; the last one must be ended.
fn lines_of<'a>(archive: &'a Archive, name: &str) -> Result<Vec<&'a str>, Fault> {
    let text = text_of(archive, name)?;
    Ok(text.split_inclusive('\n').collect())
}

fn hashes(words: &[String]) -> Option<Vec<Hash>> {
    words.iter().map(|w| Hash::from_base64(w)).collect()
}

/// Earlier checkpoints. In a whole log they are compared with the leaves instead of by proofs.
fn earlier_of(
    archive: &Archive,
    key: &VerifierKey,
    last: &Checkpoint,
    whole: bool,
) -> Result<Vec<Checkpoint>, Fault> {
    let mut all: Vec<Checkpoint> = vec![];
    for (k, line) in lines_of(archive, CHECKPOINTS)?.into_iter().enumerate() {
        let fault = |what| Fault::new(format!("{CHECKPOINTS} line {}", k + 1), what);
        let line: CheckpointLine = serde_json::from_str(line).map_err(|_| fault(What::Form))?;
        let earlier = Checkpoint::open(&line.note, key).map_err(|_| fault(What::Signature))?;
        let proof = hashes(&line.proof).ok_or(fault(What::Form))?;
        if all.last().is_some_and(|before| before.size >= earlier.size) || earlier.size > last.size {
            return Err(fault(What::Order));
        }
        if whole {
            if !proof.is_empty() {
                return Err(fault(What::Form));
            }
        } else if !verify_consistency(earlier.size, &earlier.root, last.size, &last.root, &proof) {
            return Err(fault(What::NotInLog));
        }
        all.push(earlier);
    }
    Ok(all)
}

struct Entries {
    leaves: Vec<Hash>,
    open: usize,
    /// Id and SHA-256 of originals that open records name.
    named: HashSet<(String, String)>,
}

fn entries_of(
    archive: &Archive,
    manifest: &Manifest,
    checkpoint: &Checkpoint,
    earlier: &[Checkpoint],
) -> Result<Entries, Fault> {
    let lines = lines_of(archive, ENTRIES)?;
    let whole = manifest.kind == LOG;
    if whole && manifest.entries.len() as u64 != checkpoint.size {
        return Err(Fault::new(MANIFEST, What::Form));
    }
    let mut found = Entries { leaves: vec![], open: 0, named: HashSet::new() };
    for (k, &index) in manifest.entries.iter().enumerate() {
        let line = lines.get(k).ok_or_else(|| Fault::entry(index, What::Missing))?;
        let fault = |what| Fault::entry(index, what);
        let line: EntryLine = serde_json::from_str(line).map_err(|_| fault(What::Form))?;
        let leaf = Leaf::parse(&line.leaf).ok_or(fault(What::Form))?;
        if leaf.index != index {
            return Err(fault(What::Order));
        }
        let hash = leaf_hash(line.leaf.as_bytes());
        let proven = match (&line.proof, &line.hash) {
            (None, Some(written)) if whole => *written == hash.base64(),
            (Some(proof), None) if !whole => hashes(proof).is_some_and(|proof| {
                verify_inclusion(&hash, index, checkpoint.size, &proof, &checkpoint.root)
            }),
            _ => return Err(fault(What::Form)),
        };
        if !proven {
            return Err(fault(What::NotInLog));
        }
        found.leaves.push(hash);
        open_record(&line, &leaf, &mut found).map_err(fault)?;
    }
    if lines.len() > manifest.entries.len() {
        return Err(Fault::new(format!("{ENTRIES} line {}", manifest.entries.len() + 1), What::Extra));
    }
    if whole {
        roots_hold(&found.leaves, checkpoint, earlier)?;
    }
    Ok(found)
}

/// Checks an entry's record against its leaf and notes the originals it names.
fn open_record(line: &EntryLine, leaf: &Leaf, found: &mut Entries) -> Result<(), What> {
    let (salt, record) = match (&line.salt, &line.record) {
        (None, None) => return Ok(()),
        (Some(salt), Some(record)) => (Hash::from_hex(salt).ok_or(What::Form)?, record),
        _ => return Err(What::Form),
    };
    if commitment(&salt.0, record).hex() != leaf.commitment {
        return Err(What::Commitment);
    }
    let files: RecordFiles = serde_json::from_str(record).map_err(|_| What::Form)?;
    found.named.extend(files.files.into_iter().map(|f| (f.id, f.sha256)));
    found.open += 1;
    Ok(())
}

/// Do the leaves give every signed root? If not, the stretch between two signed sizes in which they first differ.
fn roots_hold(leaves: &[Hash], last: &Checkpoint, earlier: &[Checkpoint]) -> Result<(), Fault> {
    let tree: Tree = leaves.iter().copied().collect();
    let mut from = 0;
    for checkpoint in earlier.iter().chain([last]) {
        if tree.root(checkpoint.size) != Some(checkpoint.root) {
            let end = checkpoint.size.saturating_sub(1);
            return Err(Fault::new(format!("entries {from}-{end}"), What::Root));
        }
        from = checkpoint.size;
    }
    Ok(())
}
