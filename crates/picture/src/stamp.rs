//! The stamp: who, when, where, and the code by which the original can be told, white on a dark fade at the
//! foot. It is drawn into a copy; the original is never touched.

use image::{DynamicImage, RgbImage, imageops};

use super::{
    Unfit,
    canvas::{Canvas, Type, bold, regular},
    inspect::decode,
    likeness::Look,
};

/// Longest side of the stamped copy in pixels.
const STAMPED: u32 = 2560;
/// Longest side of the thumbnail in pixels.
const THUMB: u32 = 480;

const WHITE: [u8; 3] = [255; 3];
const QUIET: [u8; 3] = [206, 214, 211];
const TEAL: [u8; 3] = [0x0F, 0x76, 0x6E];
const BRIGHT: [u8; 3] = [0x2D, 0xD4, 0xBF];

/// What is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// `10:33`, in the company's zone.
    pub time: String,
    /// `2026-11-20 周五`.
    pub date: String,
    /// Customer and address.
    pub place: String,
    pub person: String,
    /// Position with its error, or what stands for it.
    pub position: String,
    /// When the record reached the server, if clearly later than it was taken.
    pub received: Option<String>,
    /// First eight hexadecimal digits of the original's SHA-256.
    pub code: String,
}

/// Two JPEG files, and what the original is compared with others by (`None`: too plain).
pub struct Copies {
    pub stamped: Vec<u8>,
    pub thumb: Vec<u8>,
    pub look: Option<Look>,
}

/// Makes both copies of an original.
///
/// # Errors
/// When the original cannot be decoded within the limits.
pub fn develop(original: &[u8], stamp: &Stamp) -> Result<Copies, Unfit> {
    let picture = decode(original)?;
    let small = shrunk(&picture, THUMB);
    let look = Look::of_rgb(&small);
    let thumb = jpeg(&small, 80)?;
    let mut stamped = shrunk(&picture, STAMPED);
    drop(picture);
    draw(&mut stamped, stamp);
    Ok(Copies { stamped: jpeg(&stamped, 85)?, thumb, look })
}

fn shrunk(picture: &DynamicImage, longest: u32) -> RgbImage {
    let (w, h) = (picture.width(), picture.height());
    if w.max(h) <= longest {
        return picture.to_rgb8();
    }
    let scale = f64::from(longest) / f64::from(w.max(h));
    let side = |s: u32| ((f64::from(s) * scale).round() as u32).max(1);
    // Each kind by itself: asking a picture of any kind for its pixels is ten times as slow.
    match picture {
        DynamicImage::ImageRgb8(p) => imageops::thumbnail(p, side(w), side(h)),
        DynamicImage::ImageRgba8(p) => {
            DynamicImage::from(imageops::thumbnail(p, side(w), side(h))).into_rgb8()
        }
        DynamicImage::ImageLuma8(p) => {
            DynamicImage::from(imageops::thumbnail(p, side(w), side(h))).into_rgb8()
        }
        other => imageops::thumbnail(&other.to_rgb8(), side(w), side(h)),
    }
}

fn jpeg(picture: &RgbImage, quality: u8) -> Result<Vec<u8>, Unfit> {
    let mut out = Vec::new();
    let (w, h) = picture.dimensions();
    let (w, h) = (u16::try_from(w).map_err(|_| Unfit::Broken)?, u16::try_from(h).map_err(|_| Unfit::Broken)?);
    let mut encoder = jpeg_encoder::Encoder::new(&mut out, quality);
    encoder.set_sampling_factor(jpeg_encoder::SamplingFactor::F_2_2);
    encoder.encode(picture, w, h, jpeg_encoder::ColorType::Rgb).map_err(|_| Unfit::Broken)?;
    Ok(out)
}

/// Lines from the foot upwards: mark, position and code; a hairline; time and date beside place and person.
fn draw(picture: &mut RgbImage, stamp: &Stamp) {
    let (w, h) = picture.dimensions();
    let (width, height) = (w as f32, h as f32);
    // The design is drawn on a picture 390 wide; a unit is one of its pixels.
    let u = (width.min(height) / 390.0).max(0.5);
    let (Some(large), Some(text), Some(small)) = (bold(25.0 * u), regular(14.0 * u), regular(12.5 * u))
    else {
        return;
    };
    let margin = 13.0 * u;
    let left_width = large.width(&stamp.time).max(text.width(&stamp.date));
    let column = margin + left_width + 12.0 * u;
    let right = column + 13.0 * u;
    let place = text.wrap(&stamp.place, width - right - margin, 2);
    let line = 20.0 * u;
    let rows = (place.len() + 1).max(2) as f32;
    let block = rows * line + 6.0 * u;
    let foot = 34.0 * u;
    let top = height - foot - block - 12.0 * u;
    let mut canvas = Canvas { picture };
    canvas.fade((top - 46.0 * u).max(0.0) as u32, (top + 30.0 * u).max(1.0) as u32);

    let middle = top + 2.0 * u + block / 2.0;
    canvas.text(large, margin, Canvas::centred(large, middle - 11.0 * u), WHITE, &stamp.time);
    canvas.text(text, margin, Canvas::centred(text, middle + 13.0 * u), WHITE, &stamp.date);
    canvas.rounded((column, middle - block / 2.0 + 5.0 * u), (2.0 * u, block - 10.0 * u), u, BRIGHT, 1.0);
    let first = middle - (rows - 1.0) / 2.0 * line;
    let person = text.wrap(&stamp.person, width - right - margin, 1);
    for (k, words) in place.iter().chain(&person).enumerate() {
        canvas.text(text, right, Canvas::centred(text, first + k as f32 * line), WHITE, words);
    }

    let rule = height - foot - 3.0 * u;
    canvas.rounded((margin, rule), (width - 2.0 * margin, u.max(1.0)), 0.0, WHITE, 0.32);
    footer(&mut canvas, stamp, small, (margin, height - foot / 2.0 - 2.0 * u, width - margin), u);
}

fn footer(
    canvas: &mut Canvas<'_>,
    stamp: &Stamp,
    face: Type,
    (left, middle, right): (f32, f32, f32),
    u: f32,
) {
    let size = 17.0 * u;
    canvas.rounded((left, middle - size / 2.0), (size, size), 4.5 * u, TEAL, 1.0);
    // The mark: two steps.
    let at = |x: f32, y: f32| (left + x * size, middle + (y - 0.5) * size);
    for (a, b) in [
        ((0.22, 0.72), (0.46, 0.72)),
        ((0.46, 0.72), (0.46, 0.5)),
        ((0.46, 0.5), (0.78, 0.5)),
        ((0.62, 0.28), (0.62, 0.28)),
    ] {
        canvas.stroke(at(a.0, a.1), at(b.0, b.1), 2.2 * u, WHITE);
    }
    let baseline = Canvas::centred(face, middle);
    let mut x = left + size + 6.0 * u;
    let gap = 14.0 * u;
    let code_width = face.width(&stamp.code);
    let pieces = [
        Some(("踏实", WHITE)),
        Some((stamp.position.as_str(), WHITE)),
        stamp.received.as_deref().map(|r| (r, QUIET)),
    ];
    for (words, colour) in pieces.into_iter().flatten() {
        let wide = face.width(words);
        // The code at the right end must never be covered; what has no room beside it is left out.
        if x + wide + gap > right - code_width {
            break;
        }
        canvas.text(face, x, baseline, colour, words);
        x += wide + gap;
    }
    canvas.text(face, right - code_width, baseline, WHITE, &stamp.code);
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    fn stamp() -> Stamp {
        Stamp {
            time: "10:33".into(),
            date: "2026-11-20 周五".into(),
            place: "苏福便利 · 南京市玄武区中山路 88 号".into(),
            person: "张伟 · 华东一部".into(),
            position: "32.06031, 118.79690 ±9 m".into(),
            received: None,
            code: "c04e19ab".into(),
        }
    }

    fn scene(w: u32, h: u32) -> Vec<u8> {
        let picture =
            RgbImage::from_fn(w, h, |x, y| Rgb([(x % 251) as u8, (y % 241) as u8, ((x + y) % 239) as u8]));
        jpeg(&picture, 90).unwrap()
    }

    #[test]
    fn both_copies_are_pictures_of_the_right_size() {
        let copies = develop(&scene(1200, 1600), &stamp()).unwrap();
        let stamped = image::load_from_memory(&copies.stamped).unwrap().into_rgb8();
        let thumb = image::load_from_memory(&copies.thumb).unwrap();
        assert_eq!(stamped.dimensions(), (1200, 1600));
        assert_eq!((thumb.width(), thumb.height()), (360, 480));
        let plain = image::load_from_memory(&scene(1200, 1600)).unwrap().into_rgb8();
        let mean = |p: &RgbImage, rows: std::ops::Range<u32>| {
            let n = f64::from(1200 * (rows.end - rows.start));
            rows.flat_map(|y| (0..1200).map(move |x| (x, y)))
                .map(|(x, y)| f64::from(p.get_pixel(x, y).0[0]))
                .sum::<f64>()
                / n
        };
        assert!(
            (mean(&stamped, 0..900) - mean(&plain, 0..900)).abs() < 2.0,
            "the upper part stays as it was"
        );
        assert!(mean(&stamped, 1500..1600) < mean(&plain, 1500..1600) - 40.0, "the foot is dark");
    }

    #[test]
    fn odd_sizes_do_no_harm() {
        for (w, h) in [(1, 1), (3, 900), (900, 3), (60, 60), (4000, 200)] {
            let copies = develop(&scene(w, h), &stamp()).unwrap();
            let stamped = image::load_from_memory(&copies.stamped).unwrap();
            assert!(stamped.width().max(stamped.height()) <= STAMPED, "{w}×{h}");
        }
    }

    #[test]
    fn files_cut_in_their_header_are_refused() {
        let whole = scene(800, 600);
        for cut in [2, 20, 200] {
            assert!(develop(&whole[..cut], &stamp()).is_err(), "cut at {cut}");
        }
    }
}
