//! Drawn pictures that stand for a phone's photos: a shop front, and a shelf.
//!
//! A shop keeps its colours, windows and sign from picture to picture; light, angle and what stands about
//! come from the random numbers. The sign carries an emblem and no letters.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::canvas::{Canvas, Colour, hsl, jpeg, mix, shade};
use crate::shops::Shop;

/// No picture is larger, bytes.
pub const PHOTO_LIMIT: usize = 120_000;

/// The front of a shop as JPEG, `w` × `h` pixels (1280 × 960 is a good size).
pub fn shop_front_jpeg(shop: &Shop, rng: &mut ChaCha8Rng, w: u32, h: u32) -> Vec<u8> {
    // The shop's own look.
    let mut own = ChaCha8Rng::seed_from_u64(look_of(shop));
    let sign = hsl(own.random_range(0.0..1.0), own.random_range(0.5..0.75), own.random_range(0.26..0.42));
    let wall =
        mix(hsl(own.random_range(0.04..0.15), 0.22, 0.66), [176.0, 178.0, 180.0], own.random_range(0.0..0.9));
    let mut c = Canvas::new((w as usize).max(8), (h as usize).max(8), wall);
    let width = c.width();

    upper_floor(&mut c, &mut own, wall, width);
    let front = Front::of(&mut own, width);
    front.windows(&mut c, &mut own, rng);
    front.door(&mut c, &mut own);
    sign_board(&mut c, &mut own, sign, width);
    pavement(&mut c, rng, width);
    goods_outside(&mut c, rng, &front, width);
    if rng.random_bool(0.45) {
        scooter(&mut c, rng, width);
    }
    jpeg(&c.photograph(w, h, rng), PHOTO_LIMIT)
}

/// A shelf in the shop as JPEG.
pub fn shelf_jpeg(shop: &Shop, rng: &mut ChaCha8Rng, w: u32, h: u32) -> Vec<u8> {
    let mut own = ChaCha8Rng::seed_from_u64(look_of(shop) ^ 0x5e1f);
    let metal = mix([216.0, 214.0, 208.0], hsl(own.random_range(0.0..1.0), 0.3, 0.5), 0.18);
    let mut c = Canvas::new((w as usize).max(8), (h as usize).max(8), shade(metal, 0.32));
    let width = c.width();
    let rows = rng.random_range(4..=5);
    let pitch = 1.0 / rows as f32;
    for row in 0..rows {
        let floor = pitch * (row as f32 + 1.0) - 0.045;
        c.fade(0.0, floor - pitch + 0.045, width, pitch - 0.045, shade(metal, 0.26), shade(metal, 0.46));
        products(&mut c, rng, 0.01, width - 0.01, floor, pitch - 0.075);
        c.fade(0.0, floor, width, 0.045, metal, shade(metal, 0.78));
        let mut x = rng.random_range(0.02..0.09);
        while x < width {
            let tag = if rng.random_bool(0.2) { [226.0, 62.0, 50.0] } else { [250.0, 247.0, 214.0] };
            c.rect(x, floor + 0.009, 0.052, 0.027, tag);
            c.rect(x + 0.006, floor + 0.017, 0.03, 0.005, [70.0, 70.0, 70.0]);
            x += rng.random_range(0.1..0.19);
        }
    }
    c.glaze(0.0, 0.0, width, 0.07, [255.0, 250.0, 230.0], 0.18);
    jpeg(&c.photograph(w, h, rng), PHOTO_LIMIT)
}

/// A number for the look of a shop (FNV-1a of its name and address).
fn look_of(shop: &Shop) -> u64 {
    let bytes = shop.name.bytes().chain(shop.address.bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
}

const SIGN_TOP: f32 = 0.24;
const SIGN_LOW: f32 = 0.40;
const GROUND: f32 = 0.86;

fn upper_floor(c: &mut Canvas, own: &mut ChaCha8Rng, wall: Colour, width: f32) {
    c.fade(0.0, 0.0, width, SIGN_TOP, shade(wall, 1.06), shade(wall, 0.92));
    let mut y = 0.0;
    while y < SIGN_TOP {
        c.glaze(0.0, y, width, 0.004, [60.0, 60.0, 60.0], 0.12);
        y += 0.037;
    }
    let count = own.random_range(3..6);
    for k in 0..count {
        let x = width * (k as f32 + 0.22) / count as f32;
        let w = width / count as f32 * 0.56;
        c.rect(x - 0.008, 0.028, w + 0.016, 0.166, shade(wall, 1.18));
        c.fade(x, 0.036, w, 0.15, [120.0, 138.0, 152.0], [72.0, 88.0, 102.0]);
        c.rect(x + w / 2.0 - 0.004, 0.036, 0.008, 0.15, shade(wall, 1.1));
        if own.random_bool(0.4) {
            c.rect(x + w * 0.2, 0.15, w * 0.5, 0.055, [205.0, 206.0, 204.0]);
            c.ellipse(x + w * 0.35, 0.178, 0.021, 0.021, [120.0, 122.0, 122.0]);
        }
    }
}

fn sign_board(c: &mut Canvas, own: &mut ChaCha8Rng, sign: Colour, width: f32) {
    let (x, w) = (width * 0.04, width * 0.92);
    c.fade(x, SIGN_TOP, w, SIGN_LOW - SIGN_TOP, shade(sign, 1.12), shade(sign, 0.86));
    let light: Colour = [248.0, 246.0, 238.0];
    let second = hsl(own.random_range(0.0..1.0), 0.7, 0.6);
    c.rect(x, SIGN_TOP, w, 0.01, shade(sign, 1.5));
    c.rect(x, SIGN_LOW - 0.022, w, 0.012, second);
    let (cx, cy) = (x + w * own.random_range(0.1..0.24), (SIGN_TOP + SIGN_LOW) / 2.0 - 0.008);
    c.ellipse(cx, cy, 0.054, 0.054, light);
    match own.random_range(0..3) {
        0 => c.ellipse(cx, cy, 0.034, 0.034, second),
        1 => {
            c.rect(cx - 0.03, cy - 0.01, 0.06, 0.034, sign);
            c.rect(cx - 0.012, cy - 0.032, 0.024, 0.03, second);
        }
        _ => {
            c.ellipse(cx - 0.013, cy, 0.022, 0.03, sign);
            c.ellipse(cx + 0.015, cy, 0.02, 0.026, second);
        }
    }
    // A row of lamp-lit fields where the letters of a real sign would stand.
    let fields = own.random_range(4..7);
    for k in 0..fields {
        let fx = cx + 0.12 + k as f32 * 0.105;
        if fx + 0.09 < x + w {
            c.rect(fx, cy - 0.042, 0.082, 0.084, shade(sign, 0.74));
            c.rect(fx + 0.007, cy - 0.035, 0.068, 0.07, mix(light, second, 0.12 * (k % 3) as f32));
        }
    }
    c.glaze(x, SIGN_LOW, w, 0.03, [0.0, 0.0, 0.0], 0.35);
}

/// Where door and windows are.
struct Front {
    door: (f32, f32),
    panes: Vec<(f32, f32)>,
    frame: Colour,
}

impl Front {
    fn of(own: &mut ChaCha8Rng, width: f32) -> Front {
        let dw = width * own.random_range(0.2..0.27);
        let dx = width * own.random_range(0.2..0.56);
        let (left, right) = (width * 0.06, width * 0.94);
        let mut panes = Vec::new();
        for (from, to) in [(left, dx - 0.025), (dx + dw + 0.025, right)] {
            let count = ((to - from) / 0.34).round().max(1.0);
            for k in 0..count as usize {
                let w = (to - from) / count;
                panes.push((from + w * k as f32 + 0.008, w - 0.016));
            }
        }
        let dark: f32 = own.random_range(40.0..130.0);
        Front { door: (dx, dw), panes, frame: [dark, dark * 1.01, dark * 1.03] }
    }

    fn windows(&self, c: &mut Canvas, own: &mut ChaCha8Rng, rng: &mut ChaCha8Rng) {
        let width = c.width();
        c.fade(0.0, SIGN_LOW, width, GROUND - SIGN_LOW, [126.0, 122.0, 116.0], [98.0, 95.0, 92.0]);
        for &(x, w) in &self.panes {
            c.rect(x - 0.008, SIGN_LOW + 0.028, w + 0.016, GROUND - SIGN_LOW - 0.07, self.frame);
            let (top, low) = (SIGN_LOW + 0.036, GROUND - 0.05);
            c.fade(x, top, w, low - top, [92.0, 96.0, 92.0], [52.0, 56.0, 58.0]);
            for row in 0..3 {
                let floor = top + (low - top) * (row as f32 + 1.0) / 3.0 - 0.012;
                products(c, rng, x + 0.008, x + w - 0.008, floor, 0.088);
                c.rect(x, floor, w, 0.01, [188.0, 184.0, 172.0]);
            }
            if own.random_bool(0.4) {
                let poster = hsl(own.random_range(0.0..1.0), 0.65, 0.52);
                c.rect(x + w * 0.15, top + 0.03, w * 0.42, 0.15, poster);
                c.rect(x + w * 0.19, top + 0.05, w * 0.34, 0.03, [250.0, 245.0, 225.0]);
                c.ellipse(x + w * 0.36, top + 0.13, w * 0.1, 0.034, shade(poster, 1.4));
            }
            c.glint((x, top, w, low - top), rng.random_range(0.0..w), w * 0.22, 0.13);
        }
    }

    fn door(&self, c: &mut Canvas, own: &mut ChaCha8Rng) {
        let (x, w) = self.door;
        let top = SIGN_LOW + 0.02;
        c.rect(x - 0.014, top, w + 0.028, GROUND - top, self.frame);
        for leaf in 0..2 {
            let lx = x + leaf as f32 * w / 2.0 + 0.004;
            let lw = w / 2.0 - 0.008;
            c.fade(lx, top + 0.014, lw, GROUND - top - 0.03, [150.0, 158.0, 152.0], [84.0, 90.0, 92.0]);
            c.fade(lx + lw * 0.15, top + 0.11, lw * 0.7, 0.2, [206.0, 198.0, 168.0], [128.0, 122.0, 108.0]);
            c.glint((lx, top + 0.014, lw, GROUND - top - 0.03), lw * 0.3, lw * 0.25, 0.15);
            let handle = if leaf == 0 { lx + lw - 0.02 } else { lx + 0.008 };
            c.rect(handle, top + 0.2, 0.012, 0.1, [212.0, 208.0, 198.0]);
        }
        let open = hsl(own.random_range(0.0..1.0), 0.7, 0.45);
        c.rect(x + w * 0.1, top + 0.06, w * 0.25, 0.05, open);
    }
}

/// Bottles, cans and boxes in a row, most of a kind side by side, some gaps.
fn products(c: &mut Canvas, rng: &mut ChaCha8Rng, from: f32, to: f32, floor: f32, room: f32) {
    let mut x = from;
    while x < to - 0.012 {
        let body = hsl(rng.random_range(0.0..1.0), rng.random_range(0.3..0.7), rng.random_range(0.3..0.6));
        let label = if rng.random_bool(0.5) { [246.0, 242.0, 230.0] } else { shade(body, 1.5) };
        let kind = rng.random_range(0..3);
        let tall = room * rng.random_range(0.62..0.97);
        let wide = tall * [0.3, 0.5, 0.72][kind];
        for _ in 0..rng.random_range(2..7) {
            if x + wide > to {
                break;
            }
            if !rng.random_bool(0.06) {
                product(c, kind, (x, floor, wide * 0.94, tall), body, label);
            }
            x += wide;
        }
        x += rng.random_range(0.0..0.012);
        if x + room * 0.3 > to {
            break;
        }
    }
}

fn product(c: &mut Canvas, kind: usize, (x, floor, w, h): (f32, f32, f32, f32), body: Colour, label: Colour) {
    let top = floor - h;
    match kind {
        // A bottle with neck and cap.
        0 => {
            c.rect(x + w * 0.34, top, w * 0.32, h * 0.1, shade(label, 0.9));
            c.rect(x + w * 0.36, top + h * 0.08, w * 0.28, h * 0.2, shade(body, 0.9));
            c.rect(x, top + h * 0.26, w, h * 0.74, body);
            c.rect(x, top + h * 0.45, w, h * 0.28, label);
        }
        // A can.
        1 => {
            c.rect(x, top, w, h, body);
            c.rect(x + w * 0.06, top, w * 0.88, h * 0.07, [206.0, 208.0, 210.0]);
            c.ellipse(x + w * 0.5, top + h * 0.5, w * 0.32, h * 0.2, label);
        }
        // A box.
        _ => {
            c.rect(x, top, w, h, body);
            c.rect(x + w * 0.1, top + h * 0.14, w * 0.8, h * 0.24, label);
            c.rect(x + w * 0.1, top + h * 0.6, w * 0.5, h * 0.1, shade(body, 0.6));
        }
    }
    c.glaze(x, top + h * 0.1, w * 0.16, h * 0.9, [255.0; 3], 0.2);
    c.glaze(x + w * 0.82, top + h * 0.1, w * 0.18, h * 0.9, [0.0; 3], 0.22);
}

fn pavement(c: &mut Canvas, rng: &mut ChaCha8Rng, width: f32) {
    let stone: f32 = rng.random_range(150.0..182.0);
    c.fade(
        0.0,
        GROUND,
        width,
        1.0 - GROUND,
        [stone * 0.86, stone * 0.85, stone * 0.82],
        [stone, stone, stone * 0.98],
    );
    let mut y = GROUND + 0.02;
    let mut gap = 0.02;
    while y < 1.0 {
        c.glaze(0.0, y, width, 0.003, [40.0; 3], 0.25);
        gap *= 1.35;
        y += gap;
    }
    let mut x = rng.random_range(0.0..0.08);
    while x < width {
        c.glaze(x, GROUND, 0.003, 1.0 - GROUND, [40.0; 3], 0.16);
        x += 0.115;
    }
    c.glaze(0.0, GROUND, width, 0.014, [0.0; 3], 0.3);
}

fn goods_outside(c: &mut Canvas, rng: &mut ChaCha8Rng, front: &Front, width: f32) {
    let (door, wide) = front.door;
    for _ in 0..rng.random_range(1..5) {
        let x = rng.random_range(0.04..width - 0.2);
        if x + 0.14 > door && x < door + wide {
            continue;
        }
        let crate_colour = hsl(rng.random_range(0.0..1.0), 0.6, 0.42);
        for level in 0..rng.random_range(1..4) {
            let y = GROUND + 0.02 - 0.062 * (level as f32 + 1.0);
            c.rect(x, y, 0.13, 0.058, shade(crate_colour, 1.0 - 0.06 * level as f32));
            for slot in 0..4 {
                c.glaze(x + 0.01 + slot as f32 * 0.03, y + 0.014, 0.018, 0.024, [0.0; 3], 0.3);
            }
        }
    }
}

fn scooter(c: &mut Canvas, rng: &mut ChaCha8Rng, width: f32) {
    let x = rng.random_range(0.08..width - 0.42);
    let paint = hsl(rng.random_range(0.0..1.0), 0.55, 0.4);
    let y = 0.93;
    for wheel in [x, x + 0.23] {
        c.ellipse(wheel, y, 0.048, 0.048, [34.0; 3]);
        c.ellipse(wheel, y, 0.024, 0.024, [150.0; 3]);
    }
    c.rect(x - 0.01, y - 0.075, 0.19, 0.05, paint);
    c.rect(x + 0.17, y - 0.05, 0.06, 0.02, shade(paint, 0.7));
    c.rect(x - 0.03, y - 0.115, 0.13, 0.036, [42.0; 3]);
    c.rect(x + 0.2, y - 0.19, 0.022, 0.17, shade(paint, 0.8));
    c.rect(x + 0.16, y - 0.2, 0.09, 0.018, [50.0; 3]);
}
