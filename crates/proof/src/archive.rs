//! The archive a bundle travels in: a ZIP that every program opens, in the one form that has no free bytes
//! (nothing compressed, no times, no comments, no extra fields, UTF-8 names in order of writing). Reading accepts
//! this form only, so a changed byte anywhere is found even where ZIP itself would not care.

use std::collections::HashSet;

/// Largest archive and number of files, well inside what 32-bit ZIP can say.
const MAX_BYTES: usize = 2_000_000_000;
const MAX_FILES: usize = 60_000;

/// Why bytes are no such archive.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveError {
    #[error("not an archive of the required form (at byte {0})")]
    Form(usize),
    #[error("the archive ends too early (at byte {0})")]
    Short(usize),
    #[error("too large for one archive")]
    TooLarge,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct File {
    name: String,
    content: Vec<u8>,
    /// CRC-32 as written; tells accidents, proves nothing.
    crc: u32,
}

/// Files by name, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Archive {
    files: Vec<File>,
    /// Read from a folder, where files have no order.
    pub(crate) loose: bool,
}

impl Archive {
    /// The files of a folder, by their names relative to it with `/` between the parts.
    pub fn from_folder(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Archive {
        let mut archive = Archive { loose: true, ..Archive::default() };
        files.into_iter().for_each(|(name, content)| archive.add(&name, content));
        archive
    }

    /// Adds a file at the end.
    pub fn add(&mut self, name: &str, content: impl Into<Vec<u8>>) {
        let content = content.into();
        let crc = crc32fast::hash(&content);
        self.files.push(File { name: name.to_owned(), content, crc });
    }

    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.files.iter().find(|f| f.name == name).map(|f| f.content.as_slice())
    }

    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|f| (f.name.as_str(), f.content.as_slice()))
    }

    /// The first file whose content does not fit the checksum it was read with.
    pub fn damaged(&self) -> Option<&str> {
        self.files.iter().find(|f| crc32fast::hash(&f.content) != f.crc).map(|f| f.name.as_str())
    }

    /// Writes the ZIP.
    ///
    /// # Errors
    /// When it would be larger than the form allows.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ArchiveError> {
        let total: usize = self.files.iter().map(|f| f.content.len() + 2 * f.name.len() + 80).sum();
        if total > MAX_BYTES || self.files.len() > MAX_FILES {
            return Err(ArchiveError::TooLarge);
        }
        let (mut out, mut directory) = (Vec::with_capacity(total + 22), vec![]);
        for file in &self.files {
            let offset = out.len() as u32;
            let common = common(file);
            out.extend(b"PK\x03\x04");
            out.extend(&common);
            out.extend(file.name.as_bytes());
            out.extend(&file.content);
            directory.extend(b"PK\x01\x02\x14\x00");
            directory.extend(&common);
            // comment, disk, attributes
            directory.extend([0; 10]);
            directory.extend(offset.to_le_bytes());
            directory.extend(file.name.as_bytes());
        }
        let (start, count) = (out.len() as u32, self.files.len() as u16);
        let length = directory.len() as u32;
        out.extend(directory);
        out.extend(b"PK\x05\x06\0\0\0\0");
        out.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
        out.extend([length.to_le_bytes(), start.to_le_bytes()].concat());
        out.extend([0, 0]);
        Ok(out)
    }

    /// Reads a ZIP of exactly this form. Checksums are not judged here: see [`Archive::damaged`].
    ///
    /// # Errors
    /// When any other byte is not as this form demands.
    pub fn from_bytes(bytes: &[u8]) -> Result<Archive, ArchiveError> {
        let mut archive = Archive::default();
        let mut names = HashSet::new();
        let mut at = 0;
        while bytes.get(at..at + 4) == Some(b"PK\x03\x04") {
            let head = bytes.get(at..at + 30).ok_or(ArchiveError::Short(bytes.len()))?;
            let number = |k: usize| u32::from_le_bytes([head[k], head[k + 1], head[k + 2], head[k + 3]]);
            let size = number(18) as usize;
            let name_at = at + 30;
            let content_at = name_at + usize::from(u16::from_le_bytes([head[26], head[27]]));
            let name = bytes.get(name_at..content_at).ok_or(ArchiveError::Short(bytes.len()))?;
            let name =
                std::str::from_utf8(name).ok().filter(|n| is_name(n)).ok_or(ArchiveError::Form(name_at))?;
            if !names.insert(name) || names.len() > MAX_FILES {
                return Err(ArchiveError::Form(name_at));
            }
            let content = bytes.get(content_at..content_at + size).ok_or(ArchiveError::Short(bytes.len()))?;
            archive.files.push(File { name: name.to_owned(), content: content.to_vec(), crc: number(14) });
            at = content_at + size;
        }
        let canonical = archive.to_bytes()?;
        match canonical.iter().zip(bytes).position(|(a, b)| a != b) {
            Some(place) => Err(ArchiveError::Form(place)),
            None if bytes.len() < canonical.len() => Err(ArchiveError::Short(bytes.len())),
            None if bytes.len() > canonical.len() => Err(ArchiveError::Form(canonical.len())),
            None => Ok(archive),
        }
    }
}

/// What the two headers of a file share: version, flags, method, time, date, checksum, sizes, lengths.
fn common(file: &File) -> Vec<u8> {
    let mut out = vec![20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0];
    out.extend(file.crc.to_le_bytes());
    let size = (file.content.len() as u32).to_le_bytes();
    out.extend([size, size].concat());
    out.extend((file.name.len() as u16).to_le_bytes());
    out.extend([0, 0]);
    out
}

/// Relative, without tricks: `a-z A-Z 0-9 . _ -` between single slashes, no segment of dots only.
pub(crate) fn is_name(name: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    name.len() <= 200
        && name
            .split('/')
            .all(|part| !part.is_empty() && part.chars().all(letter) && part.chars().any(|c| c != '.'))
}
