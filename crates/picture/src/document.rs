//! What a file is, by its bytes and not by its name. Pure.

use crate::{Unfit, inspect, without_metadata};

/// A file as it is kept.
pub struct Fit {
    pub bytes: Vec<u8>,
    pub mime: &'static str,
    /// Ending of its name.
    pub ending: &'static str,
    pub pixels: Option<(u32, u32)>,
}

/// Why a file is not taken.
#[derive(Debug, PartialEq, Eq)]
pub enum Refused {
    Kind,
    Pixels,
}

const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const SHEET: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const SLIDES: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";

/// Brands of MP4.
const MP4: [&[u8]; 11] =
    [b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"M4VH"];

/// Judges a file. Pictures lose their metadata.
///
/// # Errors
/// [`Refused`].
pub fn judge(bytes: Vec<u8>, name: &str) -> Result<Fit, Refused> {
    if let Some((mime, ending)) = document(&bytes, name) {
        return Ok(Fit { bytes, mime, ending, pixels: None });
    }
    let header = inspect(&bytes).map_err(|e| match e {
        Unfit::TooManyPixels => Refused::Pixels,
        _ => Refused::Kind,
    })?;
    let bytes = without_metadata(&bytes).map_err(|_| Refused::Kind)?;
    let mime = header.kind.mime();
    let ending = match mime {
        "image/png" => "png",
        "image/webp" => "webp",
        _ => "jpg",
    };
    Ok(Fit { bytes, mime, ending, pixels: Some((header.width, header.height)) })
}

fn document(bytes: &[u8], name: &str) -> Option<(&'static str, &'static str)> {
    let has = |word: &[u8]| bytes.windows(word.len()).any(|w| w == word);
    if bytes.starts_with(b"%PDF-") {
        return Some(("application/pdf", "pdf"));
    }
    // Photos of phones (HEIC) and their films (MOV) begin the same way; only MP4 is shown by every browser.
    if bytes.get(4..8) == Some(b"ftyp") && bytes.get(8..12).is_some_and(|brand| MP4.contains(&brand)) {
        return Some(("video/mp4", "mp4"));
    }
    if bytes.starts_with(&[0x1A, 0x45, 0xDF, 0xA3])
        && bytes.get(..64).is_some_and(|h| h.windows(4).any(|w| w == b"webm"))
    {
        return Some(("video/webm", "webm"));
    }
    // Names of the parts stand uncompressed in the archive.
    if bytes.starts_with(b"PK\x03\x04") && has(b"[Content_Types].xml") && !has(b"vbaProject.bin") {
        return match () {
            () if has(b"word/document.xml") => Some((WORD, "docx")),
            () if has(b"xl/workbook.") => Some((SHEET, "xlsx")),
            () if has(b"ppt/presentation.xml") => Some((SLIDES, "pptx")),
            () => None,
        };
    }
    older(bytes, name).or_else(|| plain(bytes, name))
}

/// Plain words: text without control characters that is called one.
fn plain(bytes: &[u8], name: &str) -> Option<(&'static str, &'static str)> {
    let kind = match ending(name).as_str() {
        "txt" => ("text/plain", "txt"),
        "csv" => ("text/csv", "csv"),
        _ => return None,
    };
    let text = std::str::from_utf8(bytes).ok().filter(|t| !t.is_empty())?;
    text.chars().all(|c| !c.is_control() || matches!(c, '\t' | '\r' | '\n')).then_some(kind)
}

fn ending(name: &str) -> String {
    name.rsplit('.').next().unwrap_or("").to_ascii_lowercase()
}

/// The older files of Office hold their kind in names of streams, in UTF-16; one with macros has a stream for them.
fn older(bytes: &[u8], name: &str) -> Option<(&'static str, &'static str)> {
    if !bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return None;
    }
    let wide = |word: &str| -> Vec<u8> { word.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let has = |word: &str| {
        let word = wide(word);
        bytes.windows(word.len()).any(|w| *w == *word)
    };
    if has("_VBA_PROJECT") {
        return None;
    }
    match ending(name).as_str() {
        "doc" if has("WordDocument") => Some(("application/msword", "doc")),
        "xls" if has("Workbook") => Some(("application/vnd.ms-excel", "xls")),
        "ppt" if has("PowerPoint Document") => Some(("application/vnd.ms-powerpoint", "ppt")),
        _ => None,
    }
}

/// A name fit to be shown and saved: no paths, no control characters, with the ending of what it is.
pub fn name(given: &str, ending: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or("");
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    let clean: String = stem
        .chars()
        .filter(|c| {
            !c.is_control() && !matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*' | '[' | ']' | '(' | ')')
        })
        .take(80)
        .collect();
    let clean = clean.trim();
    format!("{}.{ending}", if clean.is_empty() { "file" } else { clean })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(bytes: &[u8], name: &str) -> Result<&'static str, Refused> {
        judge(bytes.to_vec(), name).map(|fit| fit.mime)
    }

    #[test]
    fn a_file_is_what_its_bytes_say() {
        assert_eq!(kind(b"%PDF-1.7 ...", "a.exe"), Ok("application/pdf"));
        assert_eq!(kind(b"\0\0\0\x18ftypmp42....", "a.mp4"), Ok("video/mp4"));
        let office = |parts: &[u8]| [b"PK\x03\x04 [Content_Types].xml ".as_slice(), parts].concat();
        assert_eq!(kind(&office(b"word/document.xml"), "a.docx"), Ok(WORD));
        assert_eq!(kind(&office(b"word/document.xml word/vbaProject.bin"), "a.docx"), Err(Refused::Kind));
        for brand in [b"qt  ", b"heic", b"mif1", b"avif", b"3gp4"] {
            let film = [b"\0\0\0\x18ftyp".as_slice(), brand, b"...."].concat();
            assert_eq!(kind(&film, "a.mp4"), Err(Refused::Kind));
        }
        for bad in [b"<html><script>".as_slice(), b"MZ\x90\0", b"<svg xmlns=", b"PK\x03\x04 a.jar", b""] {
            assert_eq!(kind(bad, "a.png"), Err(Refused::Kind));
        }
    }

    #[test]
    fn plain_words_are_told_by_name_and_bytes() {
        assert_eq!(kind("日期,数量\r\n11-30,4\n".as_bytes(), "a.CSV"), Ok("text/csv"));
        assert_eq!(kind(b"a\tb", "a.txt"), Ok("text/plain"));
        for (bytes, name) in
            [(b"a\0b".as_slice(), "a.txt"), (b"\xff\xfe", "a.txt"), (b"", "a.txt"), (b"a", "a.sh")]
        {
            assert_eq!(kind(bytes, name), Err(Refused::Kind));
        }
    }

    #[test]
    fn a_name_is_harmless() {
        assert_eq!(name("../../etc/话术 (1).PDF", "pdf"), "话术 1.pdf");
        assert_eq!(name("\u{0}.x", "png"), "file.png");
    }
}
