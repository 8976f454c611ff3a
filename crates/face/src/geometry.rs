//! Places in a frame, in pixels.

/// A place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    pub x: f32,
    pub y: f32,
}

impl Point {
    /// To another point, in the same unit.
    pub fn distance(self, other: Point) -> f32 {
        (self.x - other.x).hypot(self.y - other.y)
    }
}

/// The middle of some places.
pub fn middle(points: &[Point]) -> Point {
    let n = points.len() as f32;
    Point { x: points.iter().map(|p| p.x).sum::<f32>() / n, y: points.iter().map(|p| p.y).sum::<f32>() / n }
}

/// An upright box; it may reach over the edge of its frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Boxed {
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
}

impl Boxed {
    /// What two boxes share of what they cover.
    pub fn overlap(&self, other: &Boxed) -> f32 {
        let wide = ((self.x + self.width).min(other.x + other.width) - self.x.max(other.x)).max(0.0);
        let high = ((self.y + self.height).min(other.y + other.height) - self.y.max(other.y)).max(0.0);
        let shared = wide * high;
        shared / (self.width * self.height + other.width * other.height - shared)
    }
}
