//! How often the same picture is found again, and how often another one is taken for it, on pictures made here: boxes,
//! shelves that resemble each other, landscapes, and shop fronts of the demo's city, which another day shows again from nearly the
//! same spot. `cargo run --release -p tashi-testkit --example likeness -- 400`
#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on should stop")]

use std::{
    collections::{HashMap, HashSet},
    time::Instant,
};

use city::{City, Shop};
use geo::LngLat;
use image::{DynamicImage, Rgb, RgbImage, codecs::jpeg::JpegEncoder, imageops};
use picture::{Likeness, Look, Print};
use rand::SeedableRng;

struct Dice(u64);

impl Dice {
    fn roll(&mut self, n: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as u32 % n
    }

    fn part(&mut self) -> f64 {
        f64::from(self.roll(10_000)) / 10_000.0
    }
}

const W: u32 = 800;
const H: u32 = 600;

fn fill(p: &mut RgbImage, (x, y): (u32, u32), (w, h): (u32, u32), c: [u8; 3]) {
    for yy in y..(y + h).min(H) {
        for xx in x..(x + w).min(W) {
            p.put_pixel(xx, yy, Rgb(c));
        }
    }
}

/// Three kinds of pictures; shelves have the same boards and differ in what stands on them.
fn scene(seed: u64) -> RgbImage {
    let mut d = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    for _ in 0..8 {
        d.roll(2);
    }
    let mut p = RgbImage::new(W, H);
    match seed % 3 {
        0 => {
            fill(&mut p, (0, 0), (W, H), [130, 128, 120]);
            for _ in 0..40 + d.roll(60) {
                let c = [d.roll(256) as u8, d.roll(256) as u8, d.roll(256) as u8];
                let at = (d.roll(W - 40), d.roll(H - 40));
                fill(&mut p, at, (15 + d.roll(180), 15 + d.roll(140)), c);
            }
        }
        1 => {
            fill(&mut p, (0, 0), (W, H), [200, 196, 188]);
            for board in 0..5 {
                fill(&mut p, (0, 20 + board * 118), (W, 10), [90, 70, 50]);
                let mut x = d.roll(20);
                while x < W {
                    let (w, h) = (24 + d.roll(40), 50 + d.roll(50));
                    let c = [d.roll(256) as u8, d.roll(256) as u8, d.roll(256) as u8];
                    fill(&mut p, (x, 138 + board * 118 - h.min(100)), (w, h), c);
                    x += w + d.roll(14);
                }
            }
        }
        _ => {
            let horizon = 200 + d.roll(200);
            for y in 0..H {
                let t = f64::from(y) / f64::from(H);
                let c = if y < horizon {
                    [150.0 + 60.0 * t, 180.0 + 30.0 * t, 230.0 - 20.0 * t]
                } else {
                    [110.0 - 30.0 * t, 115.0 - 20.0 * t, 95.0 - 10.0 * t]
                };
                fill(&mut p, (0, y), (W, 1), c.map(|v| v as u8));
            }
            for _ in 0..6 + d.roll(8) {
                let (w, h) = (40 + d.roll(120), 60 + d.roll(240));
                let grey = 60 + d.roll(140) as u8;
                let at = (d.roll(W), horizon.saturating_sub(h / 2));
                fill(&mut p, at, (w, h), [grey, grey, grey.saturating_sub(12)]);
            }
        }
    }
    for pixel in p.pixels_mut() {
        let noise = d.roll(13) as i16 - 6;
        pixel.0 = pixel.0.map(|v| (i16::from(v) + noise).clamp(0, 255) as u8);
    }
    p
}

/// Saved as JPEG and read again.
fn saved(p: &RgbImage, quality: u8) -> RgbImage {
    let mut out = vec![];
    p.write_with_encoder(JpegEncoder::new_with_quality(&mut out, quality)).unwrap();
    image::load_from_memory(&out).unwrap().to_rgb8()
}

fn cropped(p: &RgbImage, d: &mut Dice, most: f64) -> RgbImage {
    let mut cut = |side: u32| {
        let whole = f64::from(side) * most * d.part();
        let low = whole * d.part();
        (low as u32, side - whole as u32)
    };
    let ((x, w), (y, h)) = (cut(p.width()), cut(p.height()));
    imageops::crop_imm(p, x, y, w, h).to_image()
}

/// A shop front of the demo's city; another `day` shows it with other goods outside, from nearly the same spot.
fn front(shop: &Shop, day: u64) -> RgbImage {
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(day);
    image::load_from_memory(&city::shop_front_jpeg(shop, &mut rng, 1280, 960)).unwrap().to_rgb8()
}

type Change = fn(&RgbImage, &mut Dice) -> RgbImage;

const CHANGES: [(&str, Change); 8] = [
    ("saved anew, quality 40", |p, _| saved(p, 40)),
    ("scaled to a third", |p, _| saved(&imageops::thumbnail(p, W / 3, H / 3), 80)),
    ("brighter by a quarter", |p, _| saved(&imageops::brighten(p, 40), 80)),
    ("mirrored", |p, _| saved(&imageops::flip_horizontal(p), 80)),
    ("cropped up to 5 %", |p, d| saved(&cropped(p, d, 0.05), 80)),
    ("cropped up to 15 %", |p, d| saved(&cropped(p, d, 0.15), 80)),
    ("cropped 15 % at one side", |p, _| {
        saved(&imageops::crop_imm(p, 0, 0, W * 85 / 100, H * 85 / 100).to_image(), 80)
    }),
    ("cropped, mirrored, scaled, quality 60", |p, d| {
        let c = imageops::flip_horizontal(&cropped(p, d, 0.15));
        saved(&imageops::thumbnail(&c, c.width() / 2, c.height() / 2), 60)
    }),
];

/// Pictures kept in bands, as the store keeps them.
#[derive(Default)]
struct Kept {
    prints: Vec<Print>,
    bands: HashMap<i64, Vec<usize>>,
}

impl Kept {
    fn keep(&mut self, print: Print) {
        for band in print.bands() {
            self.bands.entry(band).or_default().push(self.prints.len());
        }
        self.prints.push(print);
    }

    fn find(&self, p: &RgbImage) -> (usize, Vec<(usize, Likeness)>) {
        let Some(look) = Look::of(&DynamicImage::from(p.clone())) else { return (0, vec![]) };
        let probes = look.probes();
        let near: HashSet<usize> =
            probes.iter().filter_map(|b| self.bands.get(b)).flatten().copied().collect();
        let found = near.iter().filter_map(|k| look.compare(&self.prints[*k]).map(|l| (*k, l))).collect();
        (near.len(), found)
    }
}

fn main() {
    let many: u64 = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(200);
    let mut kept = Kept::default();
    let mut plain = 0;
    for seed in 0..many {
        match Look::of(&DynamicImage::from(saved(&scene(seed), 85))) {
            Some(look) => kept.keep(look.print()),
            None => plain += 1,
        }
    }
    println!("{many} pictures kept, {plain} too plain");
    let tries = many.min(120);
    for (name, change) in CHANGES {
        let (mut found, mut wrong) = (0, 0);
        for seed in 0..tries {
            let mut d = Dice(seed * 77 + 13);
            let changed = change(&saved(&scene(seed), 85), &mut d);
            let (_, alike) = kept.find(&changed);
            found += u64::from(alike.iter().any(|(k, _)| *k as u64 == seed));
            wrong += alike.iter().filter(|(k, _)| *k as u64 != seed).count();
        }
        println!("{name}: {found} of {tries} found, {wrong} others taken for it");
    }
    let begun = Instant::now();
    let (mut pairs, mut wrong, mut candidates) = (0_u64, 0_u64, 0_u64);
    for seed in 1_000_000..1_000_000 + many {
        let (near, alike) = kept.find(&saved(&scene(seed), 85));
        pairs += kept.prints.len() as u64;
        candidates += near as u64;
        wrong += alike.len() as u64;
    }
    println!(
        "{many} new pictures against {} kept: {wrong} false alarms of {pairs} pairs ({candidates} shared a band), {} ms each",
        kept.prints.len(),
        begun.elapsed().as_millis() / u128::from(many.max(1))
    );
    let city = City::generate(7, LngLat::new(118.78, 32.05).unwrap());
    let shops = city.shops(60, 1);
    let mut fronts = Kept::default();
    let mut of: Vec<usize> = vec![];
    for (k, shop) in shops.iter().enumerate() {
        if let Some(look) = Look::of(&DynamicImage::from(front(shop, 1))) {
            fronts.keep(look.print());
            of.push(k);
        }
    }
    let (mut same, mut other) = (0, 0);
    for (k, shop) in shops.iter().enumerate() {
        for (found, _) in fronts.find(&front(shop, 2)).1 {
            if of[found] == k { same += 1 } else { other += 1 }
        }
    }
    println!(
        "{} shop fronts, another day from nearly the same spot: {same} taken for the same photo, {other} for one of another shop",
        shops.len()
    );
}
