//! One frame of a camera.

use std::io::Cursor;

use image::{ImageFormat, ImageReader, Limits};

use crate::{
    geometry::{Boxed, Point},
    layers::Tensor,
};

/// Longest side of a frame that is read.
pub const MAX_SIDE: u32 = 1280;

/// Not a JPEG or PNG of a size that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

/// Pixels, red green blue.
pub struct Frame {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl Frame {
    /// Reads a JPEG or PNG.
    pub fn read(bytes: &[u8]) -> Result<Frame, Unreadable> {
        let mut reader =
            ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| Unreadable)?;
        if !matches!(reader.format(), Some(ImageFormat::Jpeg | ImageFormat::Png)) {
            return Err(Unreadable);
        }
        let mut limits = Limits::default();
        limits.max_image_width = Some(MAX_SIDE);
        limits.max_image_height = Some(MAX_SIDE);
        limits.max_alloc = Some(32 << 20);
        reader.limits(limits);
        let picture = reader.decode().map_err(|_| Unreadable)?.into_rgb8();
        let (width, height) = picture.dimensions();
        if width < 16 || height < 16 {
            return Err(Unreadable);
        }
        Ok(Frame { width: width as usize, height: height as usize, pixels: picture.into_raw() })
    }

    /// Pixels across.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Pixels down.
    pub fn height(&self) -> usize {
        self.height
    }

    /// What of a box lies in the frame, and where its corner is. None: nothing.
    pub fn cut(&self, at: Boxed) -> Option<(Frame, Point)> {
        let (x, y) = (at.x.max(0.0), at.y.max(0.0));
        let wide = (at.x + at.width - x).min(self.width as f32 - x).floor();
        let high = (at.y + at.height - y).min(self.height as f32 - y).floor();
        if !(wide >= 1.0 && high >= 1.0) {
            return None;
        }
        let (left, top, width, height) = (x as usize, y as usize, wide as usize, high as usize);
        let mut pixels = Vec::with_capacity(width * height * 3);
        for row in top..top + height {
            let from = (row * self.width + left) * 3;
            pixels.extend_from_slice(&self.pixels[from..from + width * 3]);
        }
        Some((Frame { width, height, pixels }, Point { x: left as f32, y: top as f32 }))
    }

    /// As a net takes it: black added until it is square, drawn to `size`, the mean taken off, over 255.
    pub fn squared(&self, size: usize, centred: bool, mean: [f32; 3]) -> Tensor {
        let side = self.width.max(self.height);
        // JavaScript rounds a half up, and the package pads what is behind with the rounded half.
        let before = |own: usize| if centred { (side - own) - (side - own).div_ceil(2) } else { 0 };
        let (left, top) = (before(self.width), before(self.height));
        let pixel = |y: usize, x: usize, c: usize| {
            let inside = y.checked_sub(top).zip(x.checked_sub(left));
            match inside.filter(|(y, x)| *y < self.height && *x < self.width) {
                Some((y, x)) => f32::from(self.pixels[(y * self.width + x) * 3 + c]),
                None => 0.0,
            }
        };
        let scale = side as f32 / size as f32;
        let mut out = Tensor::zeros(size, size, 3);
        for (n, to) in out.values.chunks_exact_mut(3).enumerate() {
            let (sy, sx) = ((n / size) as f32 * scale, (n % size) as f32 * scale);
            let (y, x) = (sy as usize, sx as usize);
            let (below, right) = ((y + 1).min(side - 1), (x + 1).min(side - 1));
            let (fy, fx) = (sy - y as f32, sx - x as f32);
            for (c, to) in to.iter_mut().enumerate() {
                let upper = pixel(y, x, c) + (pixel(y, right, c) - pixel(y, x, c)) * fx;
                let lower = pixel(below, x, c) + (pixel(below, right, c) - pixel(below, x, c)) * fx;
                *to = (upper + (lower - upper) * fy - mean[c]) / 255.0;
            }
        }
        out
    }
}
