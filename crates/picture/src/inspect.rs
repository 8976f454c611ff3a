//! Is this a picture we take? Decided from its first bytes and its header; nothing is decoded.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

/// Largest file taken: 20 MiB.
pub const MAX_BYTES: i64 = 20 * 1024 * 1024;
/// Most pixels taken: 40 million.
pub const MAX_PIXELS: u64 = 40_000_000;
/// Most pixels of a progressive JPEG: its decoder holds all coefficients, six bytes a pixel, beside the picture.
const MAX_PROGRESSIVE: u64 = 16_000_000;
/// Most bytes one decoding may ask for: 40 million pixels with four channels, and some room.
const MAX_ALLOCATION: u64 = 192 * 1024 * 1024;

/// A format we take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Jpeg,
    Png,
    Webp,
}

impl Kind {
    pub fn mime(self) -> &'static str {
        match self {
            Kind::Jpeg => "image/jpeg",
            Kind::Png => "image/png",
            Kind::Webp => "image/webp",
        }
    }

    pub fn from_mime(mime: &str) -> Option<Kind> {
        [Kind::Jpeg, Kind::Png, Kind::Webp].into_iter().find(|k| k.mime() == mime)
    }

    /// By the file's first bytes; its name and what the sender calls it say nothing.
    pub(crate) fn from_magic(bytes: &[u8]) -> Option<Kind> {
        match bytes {
            [0xFF, 0xD8, 0xFF, ..] => Some(Kind::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some(Kind::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Kind::Webp),
            _ => None,
        }
    }

    fn format(self) -> ImageFormat {
        match self {
            Kind::Jpeg => ImageFormat::Jpeg,
            Kind::Png => ImageFormat::Png,
            Kind::Webp => ImageFormat::WebP,
        }
    }
}

/// What the header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    pub kind: Kind,
    pub width: u32,
    pub height: u32,
}

/// Why a file is not taken, or cannot be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// Neither JPEG nor PNG nor WebP.
    NoPicture,
    /// Begins like one, but its header cannot be read.
    Broken,
    /// More than [`MAX_PIXELS`].
    TooManyPixels,
}

/// Reads type and size of a picture without decoding it.
pub fn inspect(bytes: &[u8]) -> Result<Header, Unfit> {
    let kind = Kind::from_magic(bytes).ok_or(Unfit::NoPicture)?;
    let decoder = decoder(bytes, kind)?;
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(Unfit::Broken);
    }
    let most = if is_progressive(bytes, kind) { MAX_PROGRESSIVE } else { MAX_PIXELS };
    if u64::from(width) * u64::from(height) > most {
        return Err(Unfit::TooManyPixels);
    }
    Ok(Header { kind, width, height })
}

/// Is this a JPEG whose frame is not sequential Huffman? Looks at the markers before the first scan.
fn is_progressive(bytes: &[u8], kind: Kind) -> bool {
    if kind != Kind::Jpeg {
        return false;
    }
    let mut at = 2;
    while let Some(&[0xFF, marker, high, low]) = bytes.get(at..at + 4) {
        match marker {
            // Fill bytes.
            0xFF => at += 1,
            0xC0 | 0xC1 => return false,
            0xC2..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) => return true,
            0xDA => break,
            _ => at += 2 + usize::from(u16::from_be_bytes([high, low])),
        }
    }
    // No frame where one must be: treated as the dearer kind.
    true
}

/// Which way up a picture stands, 1 to 8 as Exif counts; `None` when it does not say.
pub(crate) fn orientation(bytes: &[u8], kind: Kind) -> Option<u8> {
    decoder(bytes, kind).ok()?.orientation().ok().map(image::metadata::Orientation::to_exif)
}

/// Decodes a picture the right way up, within the limits above.
pub(crate) fn decode(bytes: &[u8]) -> Result<DynamicImage, Unfit> {
    let header = inspect(bytes)?;
    let mut decoder = decoder(bytes, header.kind)?;
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|_| Unfit::Broken)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn decoder(bytes: &[u8], kind: Kind) -> Result<impl ImageDecoder + '_, Unfit> {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_ALLOCATION);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), kind.format());
    reader.limits(limits);
    reader.into_decoder().map_err(|_| Unfit::Broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png_header(width: u32, height: u32) -> Vec<u8> {
        let mut chunk = b"IHDR".to_vec();
        chunk.extend(width.to_be_bytes());
        chunk.extend(height.to_be_bytes());
        chunk.extend([8, 2, 0, 0, 0]);
        let mut bytes = vec![0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', 0, 0, 0, 13];
        bytes.extend(&chunk);
        bytes.extend(crc32(&chunk).to_be_bytes());
        bytes.extend([0, 0, 0, 0]);
        bytes.extend(b"IDAT");
        bytes.extend(crc32(b"IDAT").to_be_bytes());
        bytes
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0u32, |crc, byte| {
            (0..8)
                .fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { (c >> 1) ^ 0xEDB8_8320 } else { c >> 1 })
        })
    }

    #[test]
    fn the_first_bytes_decide() {
        assert_eq!(inspect(b"<svg onload=alert(1)>"), Err(Unfit::NoPicture));
        assert_eq!(inspect(b"GIF89a\x01\0\x01\0"), Err(Unfit::NoPicture));
        assert_eq!(inspect(b""), Err(Unfit::NoPicture));
        assert_eq!(inspect(b"\xFF\xD8\xFF\xE0 and nothing more"), Err(Unfit::Broken));
    }

    #[test]
    fn a_bomb_is_seen_in_its_header() {
        assert_eq!(inspect(&png_header(30_000, 30_000)), Err(Unfit::TooManyPixels));
        assert!(inspect(&png_header(u32::MAX, u32::MAX)).is_err());
        assert_eq!(
            inspect(&png_header(8_000, 5_000)),
            Ok(Header { kind: Kind::Png, width: 8_000, height: 5_000 })
        );
    }

    #[test]
    fn progressive_frames_are_recognised() {
        let with_frame = |marker: u8| {
            let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF];
            bytes.extend([0xFF, marker, 0, 8, 8, 0, 1, 0]);
            is_progressive(&bytes, Kind::Jpeg)
        };
        assert!(!with_frame(0xC0) && !with_frame(0xC1) && with_frame(0xC2) && with_frame(0xC9));
        assert!(is_progressive(&[0xFF, 0xD8, 0xFF, 0xDA, 0, 2], Kind::Jpeg), "a scan without a frame");
        let mut baseline = Vec::new();
        let encoder = jpeg_encoder::Encoder::new(&mut baseline, 80);
        encoder.encode(&[0; 48], 4, 4, jpeg_encoder::ColorType::Rgb).unwrap();
        assert!(!is_progressive(&baseline, Kind::Jpeg) && inspect(&baseline).is_ok());
    }

    #[test]
    fn a_header_without_picture_does_not_decode() {
        assert!(matches!(decode(&png_header(100, 100)), Err(Unfit::Broken)));
    }
}
