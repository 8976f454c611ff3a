//! A4 pages that are first laid out and then written: text in one typeface, lines and boxes. Lengths are points from the
//! upper left corner.

use ab_glyph::{Font as _, FontRef};
use krilla::{
    Document,
    color::rgb,
    geom::{PathBuilder, Point, Rect},
    metadata::Metadata,
    page::PageSettings,
    paint::{Fill, LineCap, LineJoin, Stroke},
    text::{Font, TextDirection},
};

use crate::PaperError;

pub(crate) const WIDTH: f32 = 595.0;
pub(crate) const HEIGHT: f32 = 842.0;

/// Red, green, blue.
pub(crate) type Colour = (u8, u8, u8);

enum Mark {
    Text { x: f32, y: f32, size: f32, colour: Colour, text: String },
    Box { x: f32, y: f32, w: f32, h: f32, colour: Colour },
    Line { points: Vec<(f32, f32)>, width: f32, colour: Colour },
}

/// Pages being laid out.
pub(crate) struct Sheet {
    pages: Vec<Vec<Mark>>,
    face: FontRef<'static>,
}

/// Which end of a text lies at its `x`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Right,
}

impl Sheet {
    pub fn new() -> Result<Sheet, PaperError> {
        let face = FontRef::try_from_slice(fonts::REGULAR).map_err(|e| PaperError(e.to_string()))?;
        Ok(Sheet { pages: vec![vec![]], face })
    }

    pub fn new_page(&mut self) {
        self.pages.push(vec![]);
    }

    pub fn pages(&self) -> usize {
        self.pages.len()
    }

    /// Width of a text.
    pub fn width(&self, text: &str, size: f32) -> f32 {
        let units = self.face.units_per_em().unwrap_or(1000.0);
        text.chars().map(|c| self.face.h_advance_unscaled(self.face.glyph_id(c))).sum::<f32>() * size / units
    }

    /// Sets a text on the newest page with its base line at `y`.
    pub fn text(&mut self, x: f32, y: f32, size: f32, colour: Colour, align: Align, text: &str) {
        let page = self.pages.len() - 1;
        self.text_on(page, x, y, size, colour, align, text);
    }

    #[expect(clippy::too_many_arguments, reason = "where, how and what")]
    pub fn text_on(
        &mut self,
        page: usize,
        x: f32,
        y: f32,
        size: f32,
        colour: Colour,
        align: Align,
        text: &str,
    ) {
        let x = if align == Align::Right { x - self.width(text, size) } else { x };
        self.pages[page].push(Mark::Text { x, y, size, colour, text: text.to_owned() });
    }

    /// Sets a text no wider than `most`, cut with an ellipsis where it is.
    pub fn fitted(&mut self, x: f32, y: f32, size: f32, colour: Colour, most: f32, text: &str) {
        let mut shown = text.to_owned();
        if self.width(text, size) > most {
            while !shown.is_empty() && self.width(&shown, size) + self.width("…", size) > most {
                shown.pop();
            }
            shown.push('…');
        }
        self.text(x, y, size, colour, Align::Left, &shown);
    }

    pub fn rect(&mut self, x: f32, y: f32, w: f32, h: f32, colour: Colour) {
        if let Some(page) = self.pages.last_mut() {
            page.push(Mark::Box { x, y, w, h, colour });
        }
    }

    /// A line through points, round at its ends, as a pen leaves it.
    pub fn line(&mut self, points: Vec<(f32, f32)>, width: f32, colour: Colour) {
        if let Some(page) = self.pages.last_mut() {
            page.push(Mark::Line { points, width, colour });
        }
    }

    /// A text in lines no wider than `most`: broken at spaces and between Chinese characters.
    pub fn lines(&self, text: &str, size: f32, most: f32) -> Vec<String> {
        let (mut lines, mut line, mut word) = (vec![], String::new(), String::new());
        for c in text.chars().chain([' ']) {
            word.push(c);
            if c != ' ' && c.is_ascii() {
                continue;
            }
            if !line.is_empty()
                && self.width(line.trim_end(), size) + self.width(word.trim_end(), size) > most
            {
                lines.push(std::mem::take(&mut line).trim_end().to_owned());
            }
            line.push_str(&std::mem::take(&mut word));
        }
        lines.push(line.trim_end().to_owned());
        lines
    }

    /// The finished file.
    pub fn pdf(self, title: &str, subject: &str, lang: &str) -> Result<Vec<u8>, PaperError> {
        let fault = |what: &str| PaperError(what.to_owned());
        let font = Font::new(fonts::REGULAR.into(), 0).ok_or_else(|| fault("the typeface is damaged"))?;
        let mut document = Document::new();
        document.set_metadata(
            Metadata::new()
                .title(title.to_owned())
                .description(subject.to_owned())
                .language(lang.to_owned())
                .creator("Tashi".to_owned())
                // the same file has the same identity
                .document_id(subject.to_owned()),
        );
        for marks in self.pages {
            let settings = PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| fault("page size"))?;
            let mut page = document.start_page_with(settings);
            let mut surface = page.surface();
            for mark in marks {
                match mark {
                    Mark::Text { x, y, size, colour, text } => {
                        surface.set_fill(Some(fill(colour)));
                        let at = Point::from_xy(x, y);
                        surface.draw_text(at, font.clone(), size, &text, false, TextDirection::Auto);
                    }
                    Mark::Line { points, width, colour } => {
                        let mut path = PathBuilder::new();
                        for (k, (x, y)) in points.iter().enumerate() {
                            if k == 0 {
                                path.move_to(*x, *y);
                            }
                            // A dot is a line to itself, and a hair more so that it is drawn.
                            path.line_to(*x + if points.len() == 1 { 0.1 } else { 0.0 }, *y);
                        }
                        if let Some(path) = path.finish() {
                            surface.set_fill(None);
                            surface.set_stroke(Some(stroke(colour, width)));
                            surface.draw_path(&path);
                            surface.set_stroke(None);
                        }
                    }
                    Mark::Box { x, y, w, h, colour } => {
                        surface.set_fill(Some(fill(colour)));
                        let mut path = PathBuilder::new();
                        if let Some(rect) = Rect::from_xywh(x, y, w, h) {
                            path.push_rect(rect);
                        }
                        if let Some(path) = path.finish() {
                            surface.draw_path(&path);
                        }
                    }
                }
            }
            surface.finish();
            page.finish();
        }
        document.finish().map_err(|e| PaperError(format!("{e:?}")))
    }
}

fn fill((r, g, b): Colour) -> Fill {
    Fill { paint: rgb::Color::new(r, g, b).into(), ..Fill::default() }
}

fn stroke((r, g, b): Colour, width: f32) -> Stroke {
    Stroke {
        paint: rgb::Color::new(r, g, b).into(),
        width,
        line_cap: LineCap::Round,
        line_join: LineJoin::Round,
        ..Stroke::default()
    }
}
