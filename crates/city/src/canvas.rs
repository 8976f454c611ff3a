//! A small canvas: rectangles, ellipses, shading, and a camera that holds it not quite straight.

use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

pub type Colour = [f32; 3];

/// Lighter (k > 1) or darker.
pub fn shade(c: Colour, k: f32) -> Colour {
    c.map(|v| (v * k).clamp(0.0, 255.0))
}

pub fn mix(a: Colour, b: Colour, t: f32) -> Colour {
    [0, 1, 2].map(|i| a[i] + (b[i] - a[i]) * t)
}

/// Hue 0..1, saturation and lightness 0..1.
pub fn hsl(h: f32, s: f32, l: f32) -> Colour {
    let a = s * l.min(1.0 - l);
    let channel = |n: f32| {
        let k = (n + h * 12.0).rem_euclid(12.0);
        (l - a * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0)) * 255.0
    };
    [channel(0.0), channel(8.0), channel(4.0)]
}

/// Drawn in units: the height is 1, the width `width`.
pub struct Canvas {
    w: usize,
    h: usize,
    pixels: Vec<Colour>,
}

impl Canvas {
    pub fn new(w: usize, h: usize, ground: Colour) -> Canvas {
        Canvas { w, h, pixels: vec![ground; w * h] }
    }

    pub fn width(&self) -> f32 {
        self.w as f32 / self.h as f32
    }

    /// A rectangle from its upper left corner.
    pub fn rect(&mut self, x: f32, y: f32, w: f32, h: f32, c: Colour) {
        self.fade(x, y, w, h, c, c);
    }

    /// A rectangle that changes from one colour above to another below.
    pub fn fade(&mut self, x: f32, y: f32, w: f32, h: f32, top: Colour, low: Colour) {
        let k = self.h as f32;
        let (x0, x1) = self.span(x * k, (x + w) * k, self.w);
        let (y0, y1) = self.span(y * k, (y + h) * k, self.h);
        for py in y0..y1 {
            let c = mix(top, low, (py - y0) as f32 / (y1 - y0).max(1) as f32);
            self.pixels[py * self.w + x0..py * self.w + x1].fill(c);
        }
    }

    fn span(&self, from: f32, to: f32, limit: usize) -> (usize, usize) {
        let (a, b) = (from.round().max(0.0) as usize, to.round().max(0.0) as usize);
        (a.min(limit), b.min(limit))
    }

    /// Lays a colour over a rectangle; `alpha` 0..1.
    pub fn glaze(&mut self, x: f32, y: f32, w: f32, h: f32, c: Colour, alpha: f32) {
        let k = self.h as f32;
        let (x0, x1) = self.span(x * k, (x + w) * k, self.w);
        let (y0, y1) = self.span(y * k, (y + h) * k, self.h);
        for py in y0..y1 {
            for p in &mut self.pixels[py * self.w + x0..py * self.w + x1] {
                *p = mix(*p, c, alpha);
            }
        }
    }

    /// A slanting strip of light, as on glass.
    pub fn glint(&mut self, (x, y, w, h): (f32, f32, f32, f32), at: f32, wide: f32, alpha: f32) {
        let k = self.h as f32;
        let (x0, x1) = self.span(x * k, (x + w) * k, self.w);
        let (y0, y1) = self.span(y * k, (y + h) * k, self.h);
        for py in y0..y1 {
            let shift = (py as f32 / k - y) * 0.45;
            for px in x0..x1 {
                let along = (px as f32 / k - x) + shift - at;
                if (0.0..wide).contains(&along) {
                    let p = &mut self.pixels[py * self.w + px];
                    *p = mix(*p, [255.0; 3], alpha);
                }
            }
        }
    }

    pub fn ellipse(&mut self, cx: f32, cy: f32, rx: f32, ry: f32, c: Colour) {
        let k = self.h as f32;
        let (x0, x1) = self.span((cx - rx) * k, (cx + rx) * k, self.w);
        let (y0, y1) = self.span((cy - ry) * k, (cy + ry) * k, self.h);
        for py in y0..y1 {
            for px in x0..x1 {
                let (dx, dy) = ((px as f32 / k - cx) / rx, (py as f32 / k - cy) / ry);
                if dx * dx + dy * dy <= 1.0 {
                    self.pixels[py * self.w + px] = c;
                }
            }
        }
    }

    fn at(&self, x: f32, y: f32) -> Colour {
        let (x, y) = (x.clamp(0.0, self.w as f32 - 1.001), y.clamp(0.0, self.h as f32 - 1.001));
        let (ix, iy) = (x as usize, y as usize);
        let (fx, fy) = (x - ix as f32, y - iy as f32);
        let (nx, ny) = ((ix + 1).min(self.w - 1), (iy + 1).min(self.h - 1));
        let p = |x: usize, y: usize| self.pixels[y * self.w + x];
        mix(mix(p(ix, iy), p(nx, iy), fx), mix(p(ix, ny), p(nx, ny), fx), fy)
    }

    /// Photographs the canvas: a little turned and shifted, its own exposure, vignette and grain.
    pub fn photograph(&self, w: u32, h: u32, rng: &mut ChaCha8Rng) -> RgbImage {
        let turn: f32 = rng.random_range(-0.022..0.022);
        let zoom: f32 = rng.random_range(0.86..0.94);
        let (sx, sy) = (rng.random_range(-0.018..0.018f32), rng.random_range(-0.018..0.018f32));
        let exposure: f32 = rng.random_range(0.86..1.1);
        let warm: f32 = rng.random_range(-0.05..0.05);
        let (sin, cos) = turn.sin_cos();
        let scale = self.h as f32 / h as f32 * zoom;
        let (mw, mh) = (w as f32 / 2.0, h as f32 / 2.0);
        RgbImage::from_fn(w, h, |px, py| {
            let (dx, dy) = (px as f32 - mw, py as f32 - mh);
            let x = (dx * cos - dy * sin) * scale + self.w as f32 * (0.5 + sx);
            let y = (dx * sin + dy * cos) * scale + self.h as f32 * (0.5 + sy);
            let edge = (dx / mw).powi(2) + (dy / mh).powi(2);
            let light = exposure * (1.0 - 0.11 * edge);
            let grain = rng.random_range(-1.1..1.1f32);
            let c = self.at(x, y);
            let v = |i: usize, k: f32| (c[i] * light * k + grain).clamp(0.0, 255.0) as u8;
            Rgb([v(0, 1.0 + warm), v(1, 1.0), v(2, 1.0 - warm)])
        })
    }
}

/// As JPEG, at the best quality that stays under `limit` bytes.
pub fn jpeg(picture: &RgbImage, limit: usize) -> Vec<u8> {
    let mut out = Vec::new();
    for quality in [76, 68, 58, 46, 32, 16] {
        out.clear();
        let done = JpegEncoder::new_with_quality(&mut out, quality).encode_image(picture);
        if done.is_ok() && out.len() <= limit {
            break;
        }
    }
    out
}
