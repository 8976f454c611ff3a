//! Putting a bundle together.

use super::{
    CHECKPOINT, CHECKPOINTS, CheckpointLine, ENTRIES, EntryLine, FileLine, KEY, LOG, MANIFEST, Manifest,
    ORIGINALS,
};
use crate::{Archive, Checkpoint, Entry, Hash, SigningKey, Tree};

/// What is to be handed out.
pub struct Bundle<'a> {
    pub key: &'a SigningKey,
    /// The log with at least `size` leaves.
    pub tree: &'a Tree,
    /// Size of the checkpoint the proofs lead to.
    pub size: u64,
    /// Earlier signed checkpoints with their sizes, ascending.
    pub checkpoints: &'a [(u64, String)],
    /// `visit`, `day`, `receipts`, `log`.
    pub kind: &'a str,
    pub subject: &'a str,
    /// RFC 3339.
    pub made: &'a str,
    /// Entries with their index, ascending.
    pub entries: &'a [(u64, Entry)],
    /// Originals: name below `files/` (`ID.jpg`) and bytes. A record among `entries` must name each.
    pub originals: &'a [(String, Vec<u8>)],
    /// Further files by their whole name.
    pub others: &'a [(String, Vec<u8>)],
}

impl Bundle<'_> {
    /// Makes the archive; `None` when entries, checkpoints or size lie outside of the tree.
    pub fn archive(&self) -> Option<Archive> {
        let root = self.tree.root(self.size)?;
        let origin = self.key.public().name().to_owned();
        let checkpoint = Checkpoint { origin: origin.clone(), size: self.size, root };
        let mut files: Vec<(String, Vec<u8>)> = vec![
            (KEY.into(), format!("{}\n", self.key.public()).into_bytes()),
            (CHECKPOINT.into(), checkpoint.sign(self.key).into_bytes()),
            (CHECKPOINTS.into(), self.checkpoint_lines()?.into_bytes()),
            (ENTRIES.into(), self.entry_lines()?.into_bytes()),
        ];
        files
            .extend(self.originals.iter().map(|(name, bytes)| (format!("{ORIGINALS}{name}"), bytes.clone())));
        files.extend(self.others.iter().cloned());
        let line = |(name, content): &(String, Vec<u8>)| FileLine {
            sha256: Hash::of(content),
            size: content.len() as u64,
            name: name.clone(),
        };
        let manifest = Manifest {
            origin,
            kind: self.kind.to_owned(),
            subject: self.subject.to_owned(),
            made: self.made.to_owned(),
            size: self.size,
            entries: self.entries.iter().map(|(index, _)| *index).collect(),
            files: files.iter().map(line).collect(),
        };
        // What cannot be read back must not be handed out.
        Manifest::parse(&manifest.text())?;
        let mut archive = Archive::default();
        archive.add(MANIFEST, self.key.sign(&manifest.text()));
        files.into_iter().for_each(|(name, content)| archive.add(&name, content));
        Some(archive)
    }

    fn checkpoint_lines(&self) -> Option<String> {
        let mut lines = String::new();
        for (size, note) in self.checkpoints.iter().filter(|(size, _)| *size < self.size) {
            let proof = match self.kind {
                LOG => vec![],
                _ => base64(self.tree.consistency(*size, self.size)?),
            };
            lines += &serde_json::to_string(&CheckpointLine { note: note.clone(), proof }).ok()?;
            lines.push('\n');
        }
        Some(lines)
    }

    fn entry_lines(&self) -> Option<String> {
        let mut lines = String::new();
        for (index, entry) in self.entries {
            let (proof, hash) = if self.kind == LOG {
                (None, Some(self.tree.leaf(*index)?.base64()))
            } else {
                (Some(base64(self.tree.inclusion(*index, self.size)?)), None)
            };
            let (salt, record) = entry.open.clone().map(|(s, r)| (hex::encode(s), r)).unzip();
            let line = EntryLine { leaf: entry.leaf.clone(), salt, record, proof, hash };
            lines += &serde_json::to_string(&line).ok()?;
            lines.push('\n');
        }
        Some(lines)
    }
}

fn base64(hashes: Vec<Hash>) -> Vec<String> {
    hashes.iter().map(Hash::base64).collect()
}
