//! Finding the same picture again: saved anew, scaled, up to 15 % of a side cut off, seen in a mirror.
//!
//! Of every picture only its middle is kept (70 % of each side, as brightness in 24 × 24 cells): whatever is cut off within
//! the limit, the middle is still there. A new picture is tried with every crop it may have gone through, on a grid
//! of 5 % of a side; the signs of the lowest frequencies of each make bands of 16 bits, and a picture of the same
//! origin shares at least one with what is kept. Who shares a band is then laid on the cells exactly; colours must agree
//! too, coarsely.

use image::{DynamicImage, RgbImage, imageops};

/// Cells of a side, and of the two differences of colour.
const SIDE: usize = 24;
const COLOUR: usize = 6;
/// The middle that is kept: from here to `1 - MARGIN` of each side.
const MARGIN: f64 = 0.15;
/// Crops are tried in steps of this, in all at most [`MARGIN`] of a side.
const STEP: f64 = 0.05;
/// Frequencies of a side whose signs are looked at.
const FREQUENCIES: usize = 12;
const BANDS: usize = 8;
const BITS: usize = 16;
/// Longest side that is looked at, in pixels.
const LONGEST: u32 = 256;
/// Cells that differ less (standard deviation of brightness) show nothing to be told by.
const PLAIN: f64 = 7.0;
/// From here on two pictures are called alike: of the brightness of cells, and of the differences between neighbours.
const SAME_CELLS: f64 = 0.955;
const SAME_EDGES: f64 = 0.86;
/// Mean difference of colour, of 255, up to which it is the same.
const SAME_COLOUR: f64 = 9.0;

/// What is kept of a picture: the brightness of its middle, and its colours coarsely.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Print {
    cells: Vec<u8>,
}

/// Bytes of a print.
const PRINT: usize = SIDE * SIDE + 2 * COLOUR * COLOUR;

impl Print {
    /// From kept bytes; `None` when they are none of ours.
    pub fn from_bytes(bytes: Vec<u8>) -> Option<Print> {
        (bytes.len() == PRINT).then_some(Print { cells: bytes })
    }

    pub fn bytes(&self) -> &[u8] {
        &self.cells
    }

    /// The bands the picture is found by.
    pub fn bands(&self) -> Vec<i64> {
        bands(&self.brightness())
    }

    fn brightness(&self) -> Vec<f64> {
        self.cells.iter().take(SIDE * SIDE).map(|c| f64::from(*c)).collect()
    }

    fn colours(&self) -> Vec<f64> {
        self.cells.iter().skip(SIDE * SIDE).map(|c| f64::from(*c)).collect()
    }
}

/// How alike two pictures are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Likeness {
    /// 0 to 1.
    pub value: f64,
    pub mirrored: bool,
    /// The greatest part of a side that one of the two lacks.
    pub cropped: f64,
}

/// A piece of a picture, in parts of its sides.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Window {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

/// What was cut off: of the new picture (`lost`), or of the kept one.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Crop {
    lost: bool,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl Crop {
    /// Where the kept middle lies in the new picture.
    fn window(self) -> Window {
        let span = |cut_low: f64, cut_high: f64| {
            let whole = 1.0 - cut_low - cut_high;
            let place = |at: f64| if self.lost { (at - cut_low) / whole } else { cut_low + at * whole };
            (place(MARGIN), place(1.0 - MARGIN))
        };
        let (left, right) = span(self.left, self.right);
        let (top, bottom) = span(self.top, self.bottom);
        Window { left, right, top, bottom }
    }

    fn greatest(self) -> f64 {
        (self.left + self.right).max(self.top + self.bottom)
    }
}

/// A picture made ready to be compared with kept ones.
pub struct Look {
    plane: Plane,
    colour: [Plane; 2],
    tried: Vec<(Crop, bool, Vec<f64>)>,
}

impl Look {
    /// `None` for a picture that is too plain to be told from others.
    pub fn of(picture: &DynamicImage) -> Option<Look> {
        Look::of_rgb(&picture.to_rgb8())
    }

    pub(crate) fn of_rgb(picture: &RgbImage) -> Option<Look> {
        let [plane, blue, red] = Plane::of(picture);
        let mut tried = vec![];
        for lost in [true, false] {
            for (left, right) in cuts() {
                for (top, bottom) in cuts() {
                    let crop = Crop { lost, left, right, top, bottom };
                    // Nothing cut off is the same either way.
                    if !lost && crop.greatest() == 0.0 {
                        continue;
                    }
                    let cells = plane.cells(crop.window(), SIDE);
                    tried.push((crop, true, mirrored(&cells, SIDE)));
                    tried.push((crop, false, cells));
                }
            }
        }
        let whole = plane.cells(UNCUT.window(), SIDE);
        (deviation(&whole) >= PLAIN).then_some(Look { plane, colour: [blue, red], tried })
    }

    /// What is to be kept of it.
    pub fn print(&self) -> Print {
        let cells = self.plane.cells(UNCUT.window(), SIDE).into_iter().chain(self.colours(UNCUT, false));
        Print { cells: cells.map(|c| c.round().clamp(0.0, 255.0) as u8).collect() }
    }

    /// The bands a picture of the same origin may be kept under.
    pub fn probes(&self) -> Vec<i64> {
        let mut all: Vec<i64> = self.tried.iter().flat_map(|(_, _, cells)| bands(cells)).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Colours of the kept middle, as the crop left it.
    fn colours(&self, crop: Crop, mirror: bool) -> Vec<f64> {
        let cells = |plane: &Plane| plane.cells(crop.window(), COLOUR);
        let turned = |cells: Vec<f64>| if mirror { mirrored(&cells, COLOUR) } else { cells };
        self.colour.iter().flat_map(|plane| turned(cells(plane))).collect()
    }

    /// Lays the picture on a kept one. `None`: not alike.
    pub fn compare(&self, print: &Print) -> Option<Likeness> {
        let kept = print.brightness();
        let (mut crop, mirror, mut best) = self
            .tried
            .iter()
            .map(|(crop, mirror, cells)| (*crop, *mirror, correlation(cells, &kept)))
            .max_by(|a, b| a.2.total_cmp(&b.2))?;
        // Too far off to be the same between two steps of the grid.
        if best < 0.7 {
            return None;
        }
        let lay = |crop: Crop| {
            let cells = self.plane.cells(crop.window(), SIDE);
            if mirror { mirrored(&cells, SIDE) } else { cells }
        };
        let mut step = STEP / 2.0;
        while step > 0.002 {
            let mut better = None;
            for moved in neighbours(crop, step) {
                let value = correlation(&lay(moved), &kept);
                if value > best {
                    best = value;
                    better = Some(moved);
                }
            }
            match better {
                Some(moved) => crop = moved,
                None => step /= 2.0,
            }
        }
        let edges = correlation(&edges(&lay(crop)), &edges(&kept));
        let (ours, theirs) = (self.colours(crop, mirror), print.colours());
        let off = ours.iter().zip(&theirs).map(|(a, b)| (a - b).abs()).sum::<f64>() / ours.len() as f64;
        (best >= SAME_CELLS && edges >= SAME_EDGES && off <= SAME_COLOUR).then(|| Likeness {
            value: f64::midpoint(best, edges).clamp(0.0, 1.0),
            mirrored: mirror,
            cropped: crop.greatest(),
        })
    }
}

const UNCUT: Crop = Crop { lost: true, left: 0.0, right: 0.0, top: 0.0, bottom: 0.0 };

/// What may be cut off two opposite sides, on the grid.
fn cuts() -> Vec<(f64, f64)> {
    let steps = (MARGIN / STEP).round() as usize;
    let pairs = (0..=steps).flat_map(|low| (0..=steps - low).map(move |high| (low, high)));
    pairs.map(|(low, high)| (low as f64 * STEP, high as f64 * STEP)).collect()
}

/// Each cut a little deeper or less deep; the middle stays inside the picture.
fn neighbours(c: Crop, step: f64) -> impl Iterator<Item = Crop> {
    let moved = [
        Crop { left: c.left + step, ..c },
        Crop { left: c.left - step, ..c },
        Crop { right: c.right + step, ..c },
        Crop { right: c.right - step, ..c },
        Crop { top: c.top + step, ..c },
        Crop { top: c.top - step, ..c },
        Crop { bottom: c.bottom + step, ..c },
        Crop { bottom: c.bottom - step, ..c },
        Crop { left: c.left + step, right: c.right - step, ..c },
        Crop { left: c.left - step, right: c.right + step, ..c },
        Crop { top: c.top + step, bottom: c.bottom - step, ..c },
        Crop { top: c.top - step, bottom: c.bottom + step, ..c },
    ];
    moved.into_iter().filter(|m| {
        let fits = |cut: f64| (-0.03..=MARGIN).contains(&cut);
        [m.left, m.right, m.top, m.bottom].into_iter().all(fits)
    })
}

/// Brightness (or a difference of colour) of a picture, summed up so that the mean of any piece is four look-ups.
struct Plane {
    width: usize,
    height: usize,
    sums: Vec<f64>,
}

impl Plane {
    /// Brightness, and how much bluer and redder than that, around 128.
    fn of(picture: &RgbImage) -> [Plane; 3] {
        let (w, h) = picture.dimensions();
        let small = if w.max(h) > LONGEST {
            let scale = f64::from(LONGEST) / f64::from(w.max(h));
            let side = |s: u32| ((f64::from(s) * scale).round() as u32).max(1);
            imageops::thumbnail(picture, side(w), side(h))
        } else {
            picture.clone()
        };
        let weights = [[0.299, 0.587, 0.114], [-0.169, -0.331, 0.5], [0.5, -0.419, -0.081]];
        [(0, 0.0), (1, 128.0), (2, 128.0)].map(|(k, zero)| {
            let [wr, wg, wb] = weights[k];
            Plane::summed(&small, |[r, g, b]| zero + wr * r + wg * g + wb * b)
        })
    }

    fn summed(picture: &RgbImage, value: impl Fn([f64; 3]) -> f64) -> Plane {
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        let mut sums = vec![0.0; (width + 1) * (height + 1)];
        for (y, row) in picture.rows().enumerate() {
            let mut sum = 0.0;
            for (x, pixel) in row.enumerate() {
                sum += value(pixel.0.map(f64::from));
                sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + sum;
            }
        }
        Plane { width, height, sums }
    }

    /// The sum left of and above a place between pixels.
    fn sum(&self, x: f64, y: f64) -> f64 {
        let (x, y) = (x.clamp(0.0, self.width as f64), y.clamp(0.0, self.height as f64));
        let (x0, y0) = ((x as usize).min(self.width - 1), (y as usize).min(self.height - 1));
        let (fx, fy) = (x - x0 as f64, y - y0 as f64);
        let at = |dx: usize, dy: usize| self.sums[(y0 + dy) * (self.width + 1) + x0 + dx];
        let above = at(0, 0) * (1.0 - fx) + at(1, 0) * fx;
        let below = at(0, 1) * (1.0 - fx) + at(1, 1) * fx;
        above * (1.0 - fy) + below * fy
    }

    /// The mean of each cell of a window, `side` cells a side.
    fn cells(&self, w: Window, side: usize) -> Vec<f64> {
        let (width, height) = (self.width as f64, self.height as f64);
        let x = |k: usize| (w.left + (w.right - w.left) * k as f64 / side as f64) * width;
        let y = |k: usize| (w.top + (w.bottom - w.top) * k as f64 / side as f64) * height;
        let places = |to: usize| (0..to).flat_map(move |j| (0..to).map(move |i| (i, j)));
        let corner: Vec<f64> = places(side + 1).map(|(i, j)| self.sum(x(i), y(j))).collect();
        let area = ((x(1) - x(0)) * (y(1) - y(0))).max(1e-9);
        let at = |i: usize, j: usize| corner[j * (side + 1) + i];
        places(side)
            .map(|(i, j)| (at(i + 1, j + 1) - at(i, j + 1) - at(i + 1, j) + at(i, j)) / area)
            .collect()
    }
}

fn mirrored(cells: &[f64], side: usize) -> Vec<f64> {
    cells.chunks_exact(side).flat_map(|row| row.iter().rev().copied()).collect()
}

/// Differences between neighbours to the right and below.
fn edges(cells: &[f64]) -> Vec<f64> {
    let mut out = Vec::with_capacity(2 * cells.len());
    for j in 0..SIDE - 1 {
        for i in 0..SIDE - 1 {
            let here = cells[j * SIDE + i];
            out.push(cells[j * SIDE + i + 1] - here);
            out.push(cells[(j + 1) * SIDE + i] - here);
        }
    }
    out
}

fn deviation(cells: &[f64]) -> f64 {
    let mean = cells.iter().sum::<f64>() / cells.len() as f64;
    (cells.iter().map(|c| (c - mean).powi(2)).sum::<f64>() / cells.len() as f64).sqrt()
}

/// Normalised correlation: brightness and contrast as such do not count.
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len() as f64;
    let (ma, mb) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(b) {
        let (x, y) = (x - ma, y - mb);
        ab += x * y;
        aa += x * x;
        bb += y * y;
    }
    if aa <= f64::EPSILON || bb <= f64::EPSILON { 0.0 } else { ab / (aa * bb).sqrt() }
}

/// Signs of the lowest frequencies in bands: number of the band above its bits.
fn bands(cells: &[f64]) -> Vec<i64> {
    let waves = waves();
    // Rows first, then columns: the cosine transform of the lowest frequencies alone.
    let mut rows = [[0.0; FREQUENCIES]; SIDE];
    for (j, row) in cells.chunks_exact(SIDE).enumerate() {
        for (u, wave) in waves.iter().enumerate() {
            rows[j][u] = row.iter().zip(wave).map(|(c, w)| c * w).sum();
        }
    }
    let mut signs = Vec::with_capacity(BANDS * BITS);
    for (u, v) in order() {
        let value: f64 = (0..SIDE).map(|j| rows[j][u] * waves[v][j]).sum();
        signs.push(value > 0.0);
    }
    let band = |(k, bits): (usize, &[bool])| {
        let value = bits.iter().fold(0_i64, |all, bit| all << 1 | i64::from(*bit));
        ((k as i64) << BITS) | value
    };
    signs.chunks_exact(BITS).take(BANDS).enumerate().map(band).collect()
}

fn waves() -> [[f64; SIDE]; FREQUENCIES] {
    let mut waves = [[0.0; SIDE]; FREQUENCIES];
    for (u, wave) in waves.iter_mut().enumerate() {
        for (i, at) in wave.iter_mut().enumerate() {
            *at = (std::f64::consts::PI * (i as f64 + 0.5) * u as f64 / SIDE as f64).cos();
        }
    }
    waves
}

/// Frequencies from the lowest up, without the mean.
fn order() -> Vec<(usize, usize)> {
    let mut all: Vec<(usize, usize)> =
        (0..FREQUENCIES).flat_map(|u| (0..FREQUENCIES).map(move |v| (u, v))).skip(1).collect();
    all.sort_by_key(|(u, v)| (u * u + v * v, *u));
    all.truncate(BANDS * BITS);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    /// A picture of boxes nobody else has.
    fn picture(seed: u32) -> RgbImage {
        let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
        let mut dice = |n: u32| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state % n
        };
        let mut p = RgbImage::from_pixel(640, 480, Rgb([120, 130, 125]));
        for _ in 0..60 {
            let (x, y, w, h) = (dice(600), dice(440), 20 + dice(140), 20 + dice(120));
            let colour = Rgb([dice(256) as u8, dice(256) as u8, dice(256) as u8]);
            for yy in y..(y + h).min(480) {
                for xx in x..(x + w).min(640) {
                    p.put_pixel(xx, yy, colour);
                }
            }
        }
        p
    }

    fn alike(kept: &RgbImage, new: &RgbImage) -> Option<Likeness> {
        let kept = Look::of_rgb(kept)?.print();
        let look = Look::of_rgb(new)?;
        let probes = look.probes();
        kept.bands().iter().any(|b| probes.contains(b)).then(|| look.compare(&kept)).flatten()
    }

    #[test]
    fn the_same_picture_is_found_scaled_cropped_and_mirrored() {
        for seed in 1..6 {
            let p = picture(seed);
            let half = imageops::thumbnail(&p, 300, 225);
            assert!(alike(&p, &half).is_some_and(|l| l.value > 0.97 && !l.mirrored), "{seed} scaled");
            let cut = imageops::crop_imm(&p, 40, 10, 560, 420).to_image();
            let found = alike(&p, &cut);
            assert!(found.is_some_and(|l| l.cropped > 0.08), "{seed} cropped: {found:?}");
            assert!(alike(&cut, &p).is_some(), "{seed} the other way round");
            let flipped = imageops::flip_horizontal(&cut);
            assert!(alike(&p, &flipped).is_some_and(|l| l.mirrored), "{seed} mirrored");
        }
    }

    #[test]
    fn other_pictures_are_not() {
        for seed in 1..12 {
            assert_eq!(alike(&picture(seed), &picture(seed + 100)), None, "{seed}");
        }
    }

    #[test]
    fn a_plain_wall_is_like_nothing() {
        assert!(Look::of_rgb(&RgbImage::from_pixel(640, 480, Rgb([90, 90, 90]))).is_none());
        assert!(Look::of_rgb(&RgbImage::from_pixel(1, 1, Rgb([90, 90, 90]))).is_none());
    }

    #[test]
    fn what_is_kept_comes_back() {
        let print = Look::of_rgb(&picture(3)).unwrap().print();
        assert_eq!(Print::from_bytes(print.bytes().to_vec()), Some(print.clone()));
        assert_eq!(Print::from_bytes(vec![0; 5]), None);
        let bands = print.bands();
        assert_eq!(bands.len(), BANDS);
        assert!(bands.iter().enumerate().all(|(k, b)| *b >> BITS == k as i64));
    }
}
