//! Drawing on an RGB picture: text, boxes and a fade. Just what a stamp needs.

use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, GlyphId, Point, PxScale, ScaleFont, point};
use image::{Rgb, RgbImage};

/// A typeface with a size in pixels an em.
#[derive(Clone, Copy)]
pub struct Type {
    font: &'static FontRef<'static>,
    scale: PxScale,
    size: f32,
}

/// Regular weight with Chinese; `None` only when the shipped file is damaged.
pub fn regular(size: f32) -> Option<Type> {
    static FONT: LazyLock<Option<FontRef<'static>>> =
        LazyLock::new(|| FontRef::try_from_slice(fonts::REGULAR).ok());
    FONT.as_ref().map(|font| Type::of(font, size))
}

/// Bold weight, ASCII only.
pub fn bold(size: f32) -> Option<Type> {
    static FONT: LazyLock<Option<FontRef<'static>>> =
        LazyLock::new(|| FontRef::try_from_slice(fonts::BOLD).ok());
    FONT.as_ref().map(|font| Type::of(font, size))
}

impl Type {
    fn of(font: &'static FontRef<'static>, size: f32) -> Type {
        // The crate scales by line height; type is set by em.
        let per_em = font.units_per_em().unwrap_or(1000.0);
        Type { font, scale: PxScale::from(size * font.height_unscaled() / per_em), size }
    }

    fn glyphs(self, text: &str) -> impl Iterator<Item = (GlyphId, f32)> {
        let scaled = self.font.as_scaled(self.scale);
        let mut at = 0.0;
        let mut last: Option<GlyphId> = None;
        text.chars().map(move |c| {
            let id = scaled.glyph_id(c);
            at += last.map_or(0.0, |l| scaled.kern(l, id));
            let here = at;
            at += scaled.h_advance(id);
            last = Some(id);
            (id, here)
        })
    }

    /// Width of a line in pixels.
    pub fn width(self, text: &str) -> f32 {
        let scaled = self.font.as_scaled(self.scale);
        self.glyphs(text).last().map_or(0.0, |(id, at)| at + scaled.h_advance(id))
    }

    /// Breaks a text into at most `lines` lines of `width` pixels; what does not fit ends in an ellipsis.
    pub fn wrap(self, text: &str, width: f32, lines: usize) -> Vec<String> {
        let mut out: Vec<String> = vec![];
        let mut line = String::new();
        for c in text.chars().filter(|c| !c.is_control()) {
            line.push(c);
            if self.width(&line) <= width || line.chars().count() == 1 {
                continue;
            }
            line.pop();
            if out.len() + 1 == lines {
                while !line.is_empty() && self.width(&format!("{line}…")) > width {
                    line.pop();
                }
                line.push('…');
                break;
            }
            out.push(std::mem::take(&mut line));
            if c != ' ' {
                line.push(c);
            }
        }
        out.push(line);
        out.retain(|l| !l.is_empty());
        out
    }
}

/// Where to draw, and in which colour.
pub struct Canvas<'a> {
    pub picture: &'a mut RgbImage,
}

impl Canvas<'_> {
    fn blend(&mut self, x: i64, y: i64, colour: [u8; 3], cover: f32) {
        let (w, h) = self.picture.dimensions();
        if x < 0 || y < 0 || x >= i64::from(w) || y >= i64::from(h) {
            return;
        }
        let Rgb(pixel) = self.picture.get_pixel_mut(x as u32, y as u32);
        for (old, new) in pixel.iter_mut().zip(colour) {
            *old =
                (f32::from(*old) + (f32::from(new) - f32::from(*old)) * cover.clamp(0.0, 1.0)).round() as u8;
        }
    }

    /// Writes a line whose letters stand on `baseline`.
    pub fn text(&mut self, face: Type, x: f32, baseline: f32, colour: [u8; 3], text: &str) {
        for (id, at) in face.glyphs(text) {
            let where_: Point = point(x + at, baseline);
            let Some(outline) = face.font.outline_glyph(id.with_scale_and_position(face.scale, where_))
            else {
                continue;
            };
            let bounds = outline.px_bounds();
            let (left, top) = (bounds.min.x as i64, bounds.min.y as i64);
            outline
                .draw(|dx, dy, cover| self.blend(left + i64::from(dx), top + i64::from(dy), colour, cover));
        }
    }

    /// Baseline that centres capital letters and Chinese characters of `face` on `middle`.
    pub fn centred(face: Type, middle: f32) -> f32 {
        middle + face.size * 0.36
    }

    /// A filled box with round corners.
    pub fn rounded(
        &mut self,
        (x, y): (f32, f32),
        (w, h): (f32, f32),
        radius: f32,
        colour: [u8; 3],
        cover: f32,
    ) {
        let (cx, cy) = (x + w / 2.0, y + h / 2.0);
        for py in y.floor() as i64..=(y + h).ceil() as i64 {
            for px in x.floor() as i64..=(x + w).ceil() as i64 {
                let dx = ((px as f32 + 0.5 - cx).abs() - (w / 2.0 - radius)).max(0.0);
                let dy = ((py as f32 + 0.5 - cy).abs() - (h / 2.0 - radius)).max(0.0);
                let inside = (radius - (dx * dx + dy * dy).sqrt() + 0.5).clamp(0.0, 1.0);
                if inside > 0.0 {
                    self.blend(px, py, colour, inside * cover);
                }
            }
        }
    }

    /// A straight stroke with round ends.
    pub fn stroke(&mut self, (x0, y0): (f32, f32), (x1, y1): (f32, f32), width: f32, colour: [u8; 3]) {
        let (r, length2) = (width / 2.0, (x1 - x0).powi(2) + (y1 - y0).powi(2));
        for py in (y0.min(y1) - r).floor() as i64..=(y0.max(y1) + r).ceil() as i64 {
            for px in (x0.min(x1) - r).floor() as i64..=(x0.max(x1) + r).ceil() as i64 {
                let (fx, fy) = (px as f32 + 0.5, py as f32 + 0.5);
                let t = if length2 == 0.0 {
                    0.0
                } else {
                    ((fx - x0) * (x1 - x0) + (fy - y0) * (y1 - y0)) / length2
                };
                let t = t.clamp(0.0, 1.0);
                let away = ((fx - x0 - t * (x1 - x0)).powi(2) + (fy - y0 - t * (y1 - y0)).powi(2)).sqrt();
                self.blend(px, py, colour, r - away + 0.5);
            }
        }
    }

    /// Darkens from nothing at `top` to nearly black at the foot.
    pub fn fade(&mut self, top: u32, full: u32) {
        let (w, h) = self.picture.dimensions();
        for y in top..h {
            let t = ((y - top) as f32 / (full.max(top + 1) - top) as f32).min(1.0);
            let cover = 0.84 * t * t * (3.0 - 2.0 * t);
            for x in 0..w {
                self.blend(i64::from(x), i64::from(y), [10, 18, 16], cover);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_break_and_end_in_an_ellipsis() {
        let face = regular(20.0).unwrap();
        let lines = face.wrap("南京市玄武区中山路 88 号德基广场二期负一层 B109 号铺", 200.0, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines[1].ends_with('…') && lines.iter().all(|l| face.width(l) <= 200.0), "{lines:?}");
        assert_eq!(face.wrap("苏福便利", 200.0, 2), ["苏福便利"]);
        assert!(face.wrap("", 200.0, 2).is_empty());
    }

    #[test]
    fn chinese_has_width_and_ink() {
        let face = regular(40.0).unwrap();
        assert!(
            (face.width("踏实") - 80.0).abs() < 1.0,
            "full-width characters are one em each: {}",
            face.width("踏实")
        );
        let mut picture = RgbImage::new(100, 60);
        Canvas { picture: &mut picture }.text(face, 10.0, 45.0, [255; 3], "踏实");
        let ink = picture.pixels().filter(|p| p.0[0] > 128).count();
        assert!((400..2500).contains(&ink), "{ink} bright pixels");
    }
}
