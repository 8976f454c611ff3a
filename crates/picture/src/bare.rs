//! A picture without what a camera wrote beside it: place, time, serial numbers, comments. Pixels, colour profile and
//! which way up it stands are kept, byte for byte where they are pixels.
//!
//! Formats: JPEG (ITU-T T.81 annex B, Exif 2.32), PNG (W3C, third edition), WebP container (RFC 9649).

use crate::{Kind, Unfit, inspect::orientation};

/// The same picture without metadata.
///
/// # Errors
/// [`Unfit::NoPicture`] for another format, [`Unfit::Broken`] for parts that do not fit together.
pub fn without_metadata(bytes: &[u8]) -> Result<Vec<u8>, Unfit> {
    match Kind::from_magic(bytes).ok_or(Unfit::NoPicture)? {
        Kind::Jpeg => jpeg(bytes),
        Kind::Png => png(bytes),
        Kind::Webp => webp(bytes),
    }
    .ok_or(Unfit::Broken)
}

fn jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = vec![0xFF, 0xD8];
    if let Some(way_up) = orientation(bytes, Kind::Jpeg).filter(|o| *o != 1) {
        out.extend(upright(way_up));
    }
    let mut at = 2;
    loop {
        let &[0xFF, marker, ..] = bytes.get(at..)? else { return None };
        match marker {
            // Fill bytes.
            0xFF => at += 1,
            // Within a scan nothing but pixels follows: other pictures may hide behind the end, so it ends there.
            0xDA => {
                scans(bytes, at, &mut out)?;
                return Some(out);
            }
            _ => {
                let length = usize::from(u16::from_be_bytes([*bytes.get(at + 2)?, *bytes.get(at + 3)?]));
                let part = bytes.get(at..at + 2 + length)?;
                let profile = marker == 0xE2 && part[4..].starts_with(b"ICC_PROFILE\0");
                // APP0 says the density, APP14 how colours are coded; other applications' parts and comments go.
                if !matches!(marker, 0xE1..=0xED | 0xEF | 0xFE) || profile {
                    out.extend_from_slice(part);
                }
                at += 2 + length;
            }
        }
    }
}

/// Copies scans and the tables between them, up to the end marker or the end of a file that was cut off.
fn scans(bytes: &[u8], from: usize, out: &mut Vec<u8>) -> Option<()> {
    let (mut copied, mut at) = (from, from);
    while let Some(&[a, b]) = bytes.get(at..at + 2) {
        match (a, b) {
            (0xFF, 0xD9) => {
                out.extend_from_slice(bytes.get(copied..at + 2)?);
                return Some(());
            }
            // A further scan, or a table or note before it: its length is told, and 0xFF may stand in it.
            (0xFF, 0xC0..=0xCF | 0xDA..=0xDF | 0xE0..=0xFE) => {
                let end =
                    at + 2 + usize::from(u16::from_be_bytes([*bytes.get(at + 2)?, *bytes.get(at + 3)?]));
                if b >= 0xE0 {
                    out.extend_from_slice(bytes.get(copied..at)?);
                    copied = end;
                }
                at = end;
            }
            _ => at += 1,
        }
    }
    out.extend_from_slice(bytes.get(copied..).unwrap_or_default());
    Some(())
}

/// An Exif part that says nothing but which way up the picture stands.
fn upright(way_up: u8) -> Vec<u8> {
    let mut part = vec![0xFF, 0xE1, 0, 34];
    part.extend(b"Exif\0\0MM\0\x2A\0\0\0\x08\0\x01");
    // Tag 0x0112, one short.
    part.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, way_up, 0, 0, 0, 0, 0, 0]);
    part
}

fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = bytes.get(..8)?.to_vec();
    let mut at = 8;
    while at < bytes.len() {
        let length = u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize;
        let kind = bytes.get(at + 4..at + 8)?;
        let chunk = bytes.get(at..at.checked_add(length)?.checked_add(12)?)?;
        if !matches!(kind, b"eXIf" | b"tEXt" | b"iTXt" | b"zTXt" | b"tIME") {
            out.extend_from_slice(chunk);
        }
        at += chunk.len();
        if kind == b"IEND" {
            break;
        }
    }
    Some(out)
}

fn webp(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = bytes.get(..12)?.to_vec();
    let mut at = 12;
    while at + 8 <= bytes.len() {
        let length = u32::from_le_bytes(bytes.get(at + 4..at + 8)?.try_into().ok()?) as usize;
        let end = at.checked_add(8)?.checked_add(length)?.checked_add(length & 1)?;
        let chunk = bytes.get(at..end.min(bytes.len()))?;
        let kind = chunk.get(..4)?;
        if !matches!(kind, b"EXIF" | b"XMP ") {
            let from = out.len();
            out.extend_from_slice(chunk);
            if kind == b"VP8X" {
                // The marks of the parts that are gone.
                *out.get_mut(from + 8)? &= !0b0000_1100;
            }
        }
        at = end;
    }
    let size = u32::try_from(out.len().checked_sub(8)?).ok()?;
    out.get_mut(4..8)?.copy_from_slice(&size.to_le_bytes());
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::decode;
    use image::{DynamicImage, ImageFormat, RgbImage};
    use std::io::Cursor;

    fn picture(format: ImageFormat) -> Vec<u8> {
        let pixels = RgbImage::from_fn(24, 16, |x, y| image::Rgb([(x * 9) as u8, (y * 14) as u8, 90]));
        let mut bytes = vec![];
        DynamicImage::from(pixels).write_to(&mut Cursor::new(&mut bytes), format).unwrap();
        bytes
    }

    /// A JPEG with a place in its Exif, a comment, and something behind its end.
    fn told(way_up: u8) -> Vec<u8> {
        let plain = picture(ImageFormat::Jpeg);
        let mut exif = upright(way_up);
        exif.extend(b"GPS 31.2304 N 121.4737 E");
        let length = (exif.len() - 2) as u16;
        exif[2..4].copy_from_slice(&length.to_be_bytes());
        let mut bytes = plain[..2].to_vec();
        bytes.extend(exif);
        bytes.extend([0xFF, 0xFE, 0, 11]);
        bytes.extend(b"GPS again");
        bytes.extend(&plain[2..]);
        bytes.extend(b"GPS behind the end");
        bytes
    }

    fn says_gps(bytes: &[u8]) -> bool {
        bytes.windows(3).any(|w| w == b"GPS")
    }

    #[test]
    fn a_jpeg_loses_its_place_and_keeps_its_pixels_and_way_up() {
        for way_up in [1, 3, 6, 8] {
            let before = told(way_up);
            let after = without_metadata(&before).unwrap();
            assert!(says_gps(&before) && !says_gps(&after));
            let (a, b) = (decode(&before).unwrap(), decode(&after).unwrap());
            assert_eq!((a.width(), a.height()), (b.width(), b.height()));
            assert_eq!(a.as_bytes(), b.as_bytes(), "way up {way_up}");
            assert_eq!(without_metadata(&after).unwrap(), after, "again changes nothing");
        }
    }

    #[test]
    fn a_png_and_a_webp_lose_theirs() {
        let png = picture(ImageFormat::Png);
        let mut noted = png[..33].to_vec();
        noted.extend(14_u32.to_be_bytes());
        noted.extend(b"tEXtComment\0GPS 31\0\0\0\0");
        noted.extend(&png[33..]);
        assert_eq!(without_metadata(&noted).unwrap(), png);
        let webp = picture(ImageFormat::WebP);
        let mut noted = webp.clone();
        noted.extend(b"EXIF\x06\0\0\0GPS 31");
        let size = (noted.len() - 8) as u32;
        noted[4..8].copy_from_slice(&size.to_le_bytes());
        assert_eq!(without_metadata(&noted).unwrap(), webp);
    }

    #[test]
    fn what_is_cut_off_or_lies_about_its_length_does_no_harm() {
        for bytes in [told(6), picture(ImageFormat::Png), picture(ImageFormat::WebP)] {
            for cut in 0..bytes.len() {
                let _ = without_metadata(&bytes[..cut]);
                let mut lies = bytes.clone();
                lies[cut] = 0xFF;
                let _ = without_metadata(&lies);
            }
        }
    }
}
