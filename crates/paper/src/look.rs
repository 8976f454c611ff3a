//! What all documents look like: margins in points and the colours of the screens, as printed on white.

use crate::sheet::{Colour, HEIGHT, WIDTH};

pub(crate) const LEFT: f32 = 42.0;
pub(crate) const RIGHT: f32 = WIDTH - 42.0;
pub(crate) const TOP: f32 = 54.0;
pub(crate) const BOTTOM: f32 = HEIGHT - 56.0;

pub(crate) const INK: Colour = (31, 41, 55);
pub(crate) const SOFT: Colour = (107, 114, 128);
pub(crate) const FAINT: Colour = (229, 231, 235);
pub(crate) const TEAL: Colour = (15, 118, 110);
pub(crate) const AMBER: Colour = (180, 83, 9);
pub(crate) const RED: Colour = (185, 28, 28);
pub(crate) const PAPER: Colour = (246, 248, 247);
