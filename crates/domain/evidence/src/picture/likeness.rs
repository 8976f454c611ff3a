//! Is this picture another one again: the same, scaled, saved anew, brightened, mirrored or cut? Pure.
//!
//! A print says of 16 × 16 places of a picture whether it grows brighter to the right, and where it changes enough for
//! that to mean anything. Of each picture eleven prints are kept: of the whole and of ten cuts of it, so that a cut finds the
//! whole it was taken from. Distances are the share of differing places among those that mean something in both.

use image::{DynamicImage, imageops};

/// Places a side of a print.
const SIDE: usize = 16;
/// Longest side of the grey picture prints are taken from.
const SMALL: u32 = 256;
/// Difference of brightness, of 255, from which a place means something.
const CONTRAST: i32 = 3;
/// Fewest places that must mean something in both; a white wall looks like every other one.
const ENOUGH: u32 = 72;
/// At most so many per mille of places may differ.
const ALIKE: u32 = 140;
/// Bytes of all prints of a picture.
pub const BYTES: usize = CUTS.len() * 64;

/// Cuts in per mille of width and height: left, top, size.
const CUTS: [(u32, u32, u32); 11] = [
    (0, 0, 1000),
    (50, 50, 900),
    (0, 0, 900),
    (100, 0, 900),
    (0, 100, 900),
    (100, 100, 900),
    (100, 100, 800),
    (0, 0, 800),
    (200, 0, 800),
    (0, 200, 800),
    (200, 200, 800),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Print {
    brighter: [u64; 4],
    means: [u64; 4],
}

/// All prints of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prints(Vec<Print>);

/// How two pictures are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    Same,
    Mirrored,
    /// One is a cut of the other.
    Cut,
}

impl How {
    pub fn key(self) -> &'static str {
        match self {
            How::Same => "same",
            How::Mirrored => "mirrored",
            How::Cut => "cut",
        }
    }
}

impl Prints {
    /// Takes the prints of a picture.
    pub fn of(picture: &DynamicImage) -> Prints {
        let scale = f64::from(SMALL) / f64::from(picture.width().max(picture.height()).max(1));
        let side = |s: u32| ((f64::from(s) * scale).round() as u32).clamp(SIDE as u32 + 1, SMALL);
        let grey = imageops::thumbnail(&picture.to_luma8(), side(picture.width()), side(picture.height()));
        let sums = Sums::of(&grey);
        Prints(CUTS.iter().map(|cut| sums.print(*cut)).collect())
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|p| p.brighter.into_iter().chain(p.means)).flat_map(u64::to_le_bytes).collect()
    }

    /// `None` for bytes of another length.
    pub fn from_bytes(bytes: &[u8]) -> Option<Prints> {
        (bytes.len() == BYTES).then_some(())?;
        let word = |at: usize| bytes.get(at..at + 8).and_then(|b| b.try_into().ok()).map(u64::from_le_bytes);
        let four = |at: usize| Some([word(at)?, word(at + 8)?, word(at + 16)?, word(at + 24)?]);
        let prints =
            (0..CUTS.len()).map(|k| Some(Print { brighter: four(64 * k)?, means: four(64 * k + 32)? }));
        prints.collect::<Option<Vec<Print>>>().map(Prints)
    }

    /// How two pictures are alike, with the share of differing places in per mille; `None` when they are not.
    pub fn alike(&self, other: &Prints) -> Option<(How, u32)> {
        let whole = |p: &Prints| p.0.first().copied();
        let (a, b) = (whole(self)?, whole(other)?);
        let turned = a.mirrored();
        let cuts =
            |one: Print, of: &Prints| of.0.iter().skip(1).filter_map(move |cut| one.differs(cut)).min();
        let found = [
            (How::Same, a.differs(&b)),
            (How::Mirrored, turned.differs(&b)),
            (How::Cut, cuts(a, other)),
            (How::Cut, cuts(b, self)),
            (How::Cut, cuts(turned, other)),
            (How::Cut, cuts(b.mirrored(), self)),
        ];
        let near = found.into_iter().filter_map(|(how, differs)| Some((how, differs?)));
        near.filter(|(_, differs)| *differs <= ALIKE).min_by_key(|(_, differs)| *differs)
    }
}

impl Print {
    /// Share of differing places in per mille; `None` when too few mean anything.
    fn differs(&self, other: &Print) -> Option<u32> {
        let (mut places, mut differ) = (0, 0);
        for k in 0..4 {
            let both = self.means[k] & other.means[k];
            places += both.count_ones();
            differ += ((self.brighter[k] ^ other.brighter[k]) & both).count_ones();
        }
        (places >= ENOUGH).then(|| differ * 1000 / places)
    }

    /// The print of the mirrored picture: places in reverse, and what grew brighter grows darker.
    fn mirrored(&self) -> Print {
        let mut turned = Print { brighter: [0; 4], means: [0; 4] };
        for k in 0..4 {
            for row in 0..4 {
                let line = |word: u64| ((word >> (16 * row)) as u16).reverse_bits();
                turned.means[k] |= u64::from(line(self.means[k])) << (16 * row);
                turned.brighter[k] |= u64::from(!line(self.brighter[k])) << (16 * row);
            }
        }
        turned
    }
}

/// Sums of brightness over every rectangle that begins in the corner.
struct Sums {
    width: usize,
    height: usize,
    sums: Vec<u64>,
}

impl Sums {
    fn of(grey: &image::GrayImage) -> Sums {
        let (width, height) = (grey.width() as usize, grey.height() as usize);
        let mut sums = vec![0; (width + 1) * (height + 1)];
        for (y, row) in grey.rows().enumerate() {
            let mut line = 0;
            for (x, pixel) in row.enumerate() {
                line += u64::from(pixel.0[0]);
                sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + line;
            }
        }
        Sums { width, height, sums }
    }

    /// Mean brightness of a rectangle of whole pixels, at least one.
    fn mean(&self, (x0, x1): (usize, usize), (y0, y1): (usize, usize)) -> i32 {
        let (x0, y0) = (x0.min(self.width - 1), y0.min(self.height - 1));
        let (x1, y1) = (x1.clamp(x0 + 1, self.width), y1.clamp(y0 + 1, self.height));
        let at = |x: usize, y: usize| self.sums[y * (self.width + 1) + x];
        let sum = at(x1, y1) + at(x0, y0) - at(x0, y1) - at(x1, y0);
        (sum / ((x1 - x0) * (y1 - y0)) as u64) as i32
    }

    fn print(&self, (left, top, size): (u32, u32, u32)) -> Print {
        let edge = |from: u32, k: usize, of: usize, length: usize| {
            (from as usize * of + size as usize * k) * length / (1000 * of)
        };
        let mut print = Print { brighter: [0; 4], means: [0; 4] };
        for row in 0..SIDE {
            let rows = (edge(top, row, SIDE, self.height), edge(top, row + 1, SIDE, self.height));
            let cell = |k: usize| {
                let of = SIDE + 1;
                self.mean((edge(left, k, of, self.width), edge(left, k + 1, of, self.width)), rows)
            };
            for column in 0..SIDE {
                let grows = cell(column + 1) - cell(column);
                let (word, bit) = (row / 4, 1_u64 << (16 * (row % 4) + column));
                if grows > 0 {
                    print.brighter[word] |= bit;
                }
                if grows.abs() >= CONTRAST {
                    print.means[word] |= bit;
                }
            }
        }
        print
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, RgbImage};

    /// A picture of coloured boxes and discs as a seed throws them.
    fn scene(seed: u32) -> DynamicImage {
        let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(12_345);
        let mut dice = move |n: u32| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state % n
        };
        let mut picture = RgbImage::from_pixel(640, 480, Rgb([120, 130, 125]));
        for _ in 0..40 {
            let (x0, y0, w, h) = (dice(600), dice(440), 20 + dice(160), 20 + dice(120));
            let colour = Rgb([dice(256) as u8, dice(256) as u8, dice(256) as u8]);
            let round = dice(2) == 0;
            for y in y0..(y0 + h).min(480) {
                for x in x0..(x0 + w).min(640) {
                    let (dx, dy) = ((x - x0) as f32 / w as f32 - 0.5, (y - y0) as f32 / h as f32 - 0.5);
                    if !round || dx * dx + dy * dy < 0.25 {
                        picture.put_pixel(x, y, colour);
                    }
                }
            }
        }
        DynamicImage::ImageRgb8(picture)
    }

    fn saved(picture: &DynamicImage, quality: u8) -> DynamicImage {
        let rgb = picture.to_rgb8();
        let mut out = vec![];
        let encoder = jpeg_encoder::Encoder::new(&mut out, quality);
        encoder.encode(&rgb, rgb.width() as u16, rgb.height() as u16, jpeg_encoder::ColorType::Rgb).unwrap();
        image::load_from_memory(&out).unwrap()
    }

    #[test]
    fn what_was_done_to_a_picture_does_not_hide_it() {
        for seed in 0..20 {
            let picture = scene(seed);
            let prints = Prints::of(&picture);
            let how = |other: &DynamicImage| prints.alike(&Prints::of(other)).map(|(how, _)| how);
            assert_eq!(how(&saved(&picture, 40)), Some(How::Same), "{seed} saved anew");
            assert_eq!(how(&picture.thumbnail(320, 240)), Some(How::Same), "{seed} half the size");
            assert_eq!(how(&picture.brighten(40)), Some(How::Same), "{seed} brighter");
            assert_eq!(how(&saved(&picture.fliph(), 70)), Some(How::Mirrored), "{seed} mirrored");
            for (x, y, w, h) in [
                (32, 24, 576, 432),
                (0, 0, 544, 408),
                (96, 72, 544, 408),
                (64, 48, 512, 384),
                (0, 72, 544, 408),
            ] {
                assert!(
                    how(&saved(&picture.crop_imm(x, y, w, h), 70)).is_some(),
                    "{seed} cut to {x},{y} {w}×{h}"
                );
            }
            assert!(how(&picture.crop_imm(64, 48, 512, 384).fliph()).is_some(), "{seed} cut and mirrored");
        }
    }

    #[test]
    fn different_pictures_are_not_alike() {
        let all: Vec<Prints> = (0..120).map(|seed| Prints::of(&scene(seed))).collect();
        for (k, a) in all.iter().enumerate() {
            for b in &all[..k] {
                assert_eq!(a.alike(b), None);
            }
        }
    }

    #[test]
    fn a_white_wall_is_like_nothing() {
        let wall =
            DynamicImage::ImageRgb8(RgbImage::from_fn(640, 480, |x, _| Rgb([240, 240, (238 + x % 3) as u8])));
        let other = DynamicImage::ImageRgb8(RgbImage::from_pixel(640, 480, Rgb([250; 3])));
        assert_eq!(Prints::of(&wall).alike(&Prints::of(&other)), None);
        assert_eq!(
            Prints::of(&wall).alike(&Prints::of(&wall)),
            None,
            "its exact copy is found by its SHA-256"
        );
    }

    #[test]
    fn prints_go_through_the_store() {
        let prints = Prints::of(&scene(3));
        let bytes = prints.to_bytes();
        assert_eq!((bytes.len(), Prints::from_bytes(&bytes)), (BYTES, Some(prints)));
        assert_eq!(Prints::from_bytes(&bytes[1..]), None);
        for (w, h) in [(1, 1), (3, 900), (900, 3)] {
            assert_eq!(Prints::of(&DynamicImage::new_rgb8(w, h)).to_bytes().len(), BYTES);
        }
    }
}
