//! The signed text of `manifest.txt`.

use crate::{Hash, archive::is_name};

const HEAD: &str = "tashi-bundle/1";

/// What a bundle says it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Name of the log.
    pub origin: String,
    /// `visit`, `day`, `receipts`, `log`.
    pub kind: String,
    /// Which one, in words without line ends.
    pub subject: String,
    /// When it was made, RFC 3339.
    pub made: String,
    /// Size of the checkpoint.
    pub size: u64,
    /// Indices of the entries, ascending.
    pub entries: Vec<u64>,
    /// Every other file, in the order of the archive.
    pub files: Vec<FileLine>,
}

/// A file of the bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileLine {
    pub sha256: Hash,
    pub size: u64,
    pub name: String,
}

impl Manifest {
    /// The text that is signed.
    pub fn text(&self) -> String {
        let mut text = format!(
            "{HEAD}\norigin {}\nkind {}\nsubject {}\nmade {}\nsize {}\nentries {}\n",
            self.origin,
            self.kind,
            self.subject,
            self.made,
            self.size,
            ranges(&self.entries)
        );
        for file in &self.files {
            text += &format!("file {} {} {}\n", file.sha256.hex(), file.size, file.name);
        }
        text
    }

    /// Reads the text; only the form that [`Manifest::text`] writes.
    pub fn parse(text: &str) -> Option<Manifest> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        (lines.next()? == HEAD).then_some(())?;
        let mut field = |name: &str| lines.next()?.strip_prefix(name)?.strip_prefix(' ').map(str::to_owned);
        let manifest = Manifest {
            origin: field("origin")?,
            kind: field("kind")?,
            subject: field("subject")?,
            made: field("made")?,
            size: field("size")?.parse().ok()?,
            entries: from_ranges(&field("entries")?)?,
            files: vec![],
        };
        let files: Option<Vec<FileLine>> = lines.map(file_line).collect();
        let manifest = Manifest { files: files?, ..manifest };
        (manifest.text() == text).then_some(manifest)
    }
}

fn file_line(line: &str) -> Option<FileLine> {
    let mut parts = line.strip_prefix("file ")?.splitn(3, ' ');
    let (sha256, size, name) = (parts.next()?, parts.next()?, parts.next()?);
    is_name(name).then_some(())?;
    Some(FileLine { sha256: Hash::from_hex(sha256)?, size: size.parse().ok()?, name: name.to_owned() })
}

/// Ascending numbers as `0-4,7,9-10`; nothing as `-`.
pub fn ranges(numbers: &[u64]) -> String {
    let mut spans: Vec<(u64, u64)> = vec![];
    for &n in numbers {
        match spans.last_mut() {
            Some((_, last)) if *last + 1 == n => *last = n,
            _ => spans.push((n, n)),
        }
    }
    if spans.is_empty() {
        return "-".into();
    }
    let words: Vec<String> =
        spans.iter().map(|(a, b)| if a == b { a.to_string() } else { format!("{a}-{b}") }).collect();
    words.join(",")
}

/// Most entries a bundle may name; keeps `0-18446744073709551615` from filling the memory.
const MAX_ENTRIES: u64 = 20_000_000;

fn from_ranges(text: &str) -> Option<Vec<u64>> {
    let mut numbers: Vec<u64> = vec![];
    if text == "-" {
        return Some(numbers);
    }
    for word in text.split(',') {
        let (a, b) = word.split_once('-').unwrap_or((word, word));
        let (a, b): (u64, u64) = (a.parse().ok()?, b.parse().ok()?);
        let ascending = numbers.last().is_none_or(|last| *last < a) && a <= b;
        if !ascending || b - a >= MAX_ENTRIES || numbers.len() as u64 >= MAX_ENTRIES {
            return None;
        }
        numbers.extend(a..=b);
    }
    Some(numbers)
}
