//! Is this a recording we take? Decided from the head of the file; nothing is decoded.
//!
//! Browsers record Opus in WebM (Chrome, Edge) or Ogg (Firefox) and AAC or Opus in MP4 (Safari). All of them write what the
//! file holds at its beginning: WebM its tracks before the first cluster, Ogg a header page for each stream, MP4 `ftyp` and `moov`
//! before the first fragment. Pictures in it are refused: nobody was told of a film.

/// A container we take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Container {
    Webm,
    Ogg,
    Mp4,
}

impl Container {
    pub fn from_mime(mime: &str) -> Option<Container> {
        match mime {
            "audio/webm" => Some(Container::Webm),
            "audio/ogg" => Some(Container::Ogg),
            "audio/mp4" => Some(Container::Mp4),
            _ => None,
        }
    }
}

/// So much of a file is looked at.
const HEAD: usize = 64 * 1024;

/// The container of a recording of sound and of nothing else.
pub(crate) fn sniff(bytes: &[u8]) -> Option<Container> {
    let head = &bytes[..bytes.len().min(HEAD)];
    match head {
        [0x1A, 0x45, 0xDF, 0xA3, ..] => webm(head).then_some(Container::Webm),
        [b'O', b'g', b'g', b'S', ..] => ogg(head).then_some(Container::Ogg),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => mp4(bytes).then_some(Container::Mp4),
        _ => None,
    }
}

fn has(head: &[u8], text: &[u8]) -> bool {
    head.windows(text.len()).any(|w| w == text)
}

/// EBML with the document type of WebM (RFC 8794 §11.2.7), and codecs by the names of the Matroska codec registry.
fn webm(head: &[u8]) -> bool {
    // Behind the first cluster lies sound, which may spell anything.
    const CLUSTER: &[u8] = &[0x1F, 0x43, 0xB6, 0x75];
    let end = head.windows(4).position(|w| w == CLUSTER).unwrap_or(head.len());
    let head = &head[..end];
    // DocType (id 0x4282), length 4.
    has(head, b"\x42\x82\x84webm")
        && (has(head, b"A_OPUS") || has(head, b"A_VORBIS") || has(head, b"A_PCM"))
        && !has(head, b"V_")
}

/// Pages of RFC 3533: each stream begins with a page of its own whose packet names the codec.
fn ogg(head: &[u8]) -> bool {
    let mut at = 0;
    let mut streams = 0;
    while let Some(page) = head.get(at..).filter(|p| p.len() >= 27 && p.starts_with(b"OggS") && p[4] == 0) {
        let segments = usize::from(page[26]);
        let Some(table) = page.get(27..27 + segments) else { return false };
        let length: usize = table.iter().map(|n| usize::from(*n)).sum();
        let begins = page[5] & 2 != 0;
        if !begins {
            break;
        }
        let body = page.get(27 + segments..).unwrap_or_default();
        if !(body.starts_with(b"OpusHead")
            || body.starts_with(b"\x01vorbis")
            || body.starts_with(b"\x7FFLAC"))
        {
            return false;
        }
        streams += 1;
        at += 27 + segments + length;
    }
    streams == 1
}

/// Boxes of ISO/IEC 14496-12: `moov` wherever it lies, with handlers of sound and none of pictures.
fn mp4(bytes: &[u8]) -> bool {
    let mut at = 0usize;
    while let Some(head) = bytes.get(at..at.saturating_add(8)) {
        let short = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let size = match short {
            0 => bytes.len() - at,
            1 => match bytes.get(at + 8..at + 16).and_then(|b| b.try_into().ok()).map(u64::from_be_bytes) {
                Some(long) => usize::try_from(long).unwrap_or(usize::MAX),
                None => return false,
            },
            n => n,
        };
        if size < 8 {
            return false;
        }
        if &head[4..8] == b"moov" {
            let moov = &bytes[at..at.saturating_add(size).min(bytes.len())];
            return has(moov, b"soun") && !has(moov, b"vide");
        }
        at = at.saturating_add(size);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn webm_of(codec: &str) -> Vec<u8> {
        let mut all = b"\x1A\x45\xDF\xA3\x9F\x42\x86\x81\x01\x42\x82\x84webm\x18\x53\x80\x67".to_vec();
        all.extend(b"\x16\x54\xAE\x6B\x86");
        all.extend(codec.as_bytes());
        all.extend(b"\x1F\x43\xB6\x75 V_VP8 may be sound here");
        all
    }

    fn ogg_of(packet: &[u8]) -> Vec<u8> {
        let mut page = b"OggS\0\x02".to_vec();
        page.extend([0; 20]);
        page.extend([1, u8::try_from(packet.len()).unwrap()]);
        page.extend(packet);
        page.extend(b"OggS\0\0");
        page.extend([0; 40]);
        page
    }

    fn mp4_of(handler: &[u8; 4]) -> Vec<u8> {
        let mut all = b"\0\0\0\x10ftypiso5\0\0\0\0".to_vec();
        all.extend(b"\0\0\0\x14moov\0\0\0\0hdlr");
        all.extend(handler);
        all
    }

    #[test]
    fn what_browsers_record_is_taken() {
        assert_eq!(sniff(&webm_of("A_OPUS")), Some(Container::Webm));
        assert_eq!(sniff(&ogg_of(b"OpusHead\x01\x01")), Some(Container::Ogg));
        assert_eq!(sniff(&mp4_of(b"soun")), Some(Container::Mp4));
    }

    #[test]
    fn films_and_other_files_are_not() {
        assert_eq!(sniff(&webm_of("A_OPUS V_VP9")), None);
        assert_eq!(sniff(&webm_of("V_VP8")), None);
        assert_eq!(sniff(&ogg_of(b"\x80theora")), None);
        assert_eq!(sniff(&mp4_of(b"vide")), None);
        for other in
            [&b"<script>alert(1)</script>"[..], b"\xFF\xD8\xFF\xE0", b"PK\x03\x04", b"RIFF\0\0\0\0WAVE", b""]
        {
            assert_eq!(sniff(other), None);
        }
    }

    #[test]
    fn cut_and_lying_files_end_in_a_no() {
        for whole in [webm_of("A_OPUS"), ogg_of(b"OpusHead\x01\x01"), mp4_of(b"soun")] {
            for end in 0..whole.len() {
                let _ = sniff(&whole[..end]);
            }
            assert_eq!(sniff(&whole[..12]), None);
        }
        // A box that says it is endless, and one of no length.
        assert_eq!(sniff(b"\0\0\0\x01ftyp\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFFmoov"), None);
        assert_eq!(sniff(b"\0\0\0\x10ftypiso5\0\0\0\0\0\0\0\x02moovsoun"), None);
    }
}
