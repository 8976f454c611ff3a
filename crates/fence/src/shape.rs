//! Shapes on the ground. Everything is measured on a flat metre grid round the shape's own middle, so that a
//! shape across the antimeridian is a shape like any other.

use geo::{LngLat, LocalPlane, inside_probability};
use serde::{Deserialize, Serialize};

/// Longest distance of a corner from the middle, metres: beyond it the grid is no longer flat enough.
const MOST_M: f64 = 60_000.0;
/// Most corners.
const MOST_CORNERS: usize = 500;

/// A place on the ground. On the wire `{"circle":{…}}`, `{"polygon":[…]}` or `{"corridor":{…}}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    Circle {
        at: LngLat,
        radius_m: f64,
    },
    /// Corners in order; the last is joined to the first.
    Polygon(Vec<LngLat>),
    /// Everything within `width_m` of a line.
    Corridor {
        line: Vec<LngLat>,
        width_m: f64,
    },
}

/// Why corners or a radius are no shape that can be watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadShape {
    #[error("a radius or width is between 5 and 50000 metres")]
    Radius,
    #[error("a polygon has 3 to 500 corners, a corridor 2 to 500")]
    Corners,
    #[error("two edges cross or touch")]
    Crossing,
    #[error("the area is smaller than 100 square metres")]
    Small,
    #[error("a corner lies more than 60 kilometres from the middle")]
    Large,
}

type Xy = (f64, f64);

impl Shape {
    /// Can this be watched?
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self) -> Result<(), BadShape> {
        let metres = |m: f64| if (5.0..=50_000.0).contains(&m) { Ok(()) } else { Err(BadShape::Radius) };
        let (corners, least) = match self {
            Shape::Circle { radius_m, .. } => return metres(*radius_m),
            Shape::Polygon(corners) => (corners, 3),
            Shape::Corridor { line, width_m } => {
                metres(*width_m)?;
                (line, 2)
            }
        };
        if !(least..=MOST_CORNERS).contains(&corners.len()) {
            return Err(BadShape::Corners);
        }
        let xy = self.grid().map(|g| g.1).unwrap_or_default();
        if xy.iter().any(|p| p.0.hypot(p.1) > MOST_M) {
            return Err(BadShape::Large);
        }
        if let Shape::Polygon(_) = self {
            if crossing(&xy) {
                return Err(BadShape::Crossing);
            }
            if area(&xy) < 100.0 {
                return Err(BadShape::Small);
            }
        }
        Ok(())
    }

    /// The corners, or the centre.
    fn corners(&self) -> &[LngLat] {
        match self {
            Shape::Circle { at, .. } => std::slice::from_ref(at),
            Shape::Polygon(corners) | Shape::Corridor { line: corners, .. } => corners,
        }
    }

    /// A point in the middle of the corners; of a circle its centre. `None` for a shape without corners.
    pub fn middle(&self) -> Option<LngLat> {
        let corners = self.corners();
        let first = *corners.first()?;
        if corners.len() == 1 {
            return Some(first);
        }
        let plane = LocalPlane::at(first);
        let (mut w, mut e, mut s, mut n) = (0.0f64, 0.0f64, 0.0f64, 0.0f64);
        for (x, y) in corners.iter().map(|c| plane.xy(*c)) {
            (w, e, s, n) = (w.min(x), e.max(x), s.min(y), n.max(y));
        }
        Some(plane.lng_lat(f64::midpoint(w, e), f64::midpoint(s, n)))
    }

    /// The grid round the middle, and the corners on it.
    fn grid(&self) -> Option<(LocalPlane, Vec<Xy>)> {
        let plane = LocalPlane::at(self.middle()?);
        Some((plane, self.corners().iter().map(|c| plane.xy(*c)).collect()))
    }

    /// Distance to the edge in metres: negative inside, positive outside; without corners nothing is near.
    pub fn edge_m(&self, p: LngLat) -> f64 {
        let Some((plane, xy)) = self.grid() else { return f64::INFINITY };
        match self {
            Shape::Circle { at, radius_m } => geo::distance_m(*at, p) - radius_m,
            Shape::Polygon(_) => {
                let p = plane.xy(p);
                let edges = xy.iter().zip(xy.iter().cycle().skip(1));
                let nearest = edges.map(|(a, b)| to_segment(p, *a, *b)).fold(f64::INFINITY, f64::min);
                if inside(p, &xy) { -nearest } else { nearest }
            }
            Shape::Corridor { width_m, .. } => {
                let p = plane.xy(p);
                xy.windows(2).map(|w| to_segment(p, w[0], w[1])).fold(f64::INFINITY, f64::min) - width_m
            }
        }
    }

    pub fn contains(&self, p: LngLat) -> bool {
        self.edge_m(p) <= 0.0
    }

    /// Probability that the true place is inside, for a measured one with its 68 % accuracy in metres. Exact for
    /// circles; elsewhere the edge is taken as straight, which holds while the error is smaller than the shape.
    pub fn probability(&self, p: LngLat, accuracy_m: f64) -> f64 {
        match self {
            Shape::Circle { at, radius_m } => {
                inside_probability(geo::distance_m(*at, p), accuracy_m, *radius_m)
            }
            _ => {
                // A circle of the same size, touched where the edge is nearest: right at the edge, and right
                // again where the error is so large that only the size counts.
                let radius = self.radius_m();
                inside_probability((radius + self.edge_m(p)).max(0.0), accuracy_m, radius)
            }
        }
    }

    /// Radius of a circle of the same area, metres; of a corridor its width.
    pub fn radius_m(&self) -> f64 {
        match self {
            Shape::Circle { radius_m, .. } => *radius_m,
            Shape::Polygon(_) => {
                let area = self.grid().map_or(0.0, |(_, xy)| area(&xy));
                (area / std::f64::consts::PI).sqrt()
            }
            Shape::Corridor { width_m, .. } => *width_m,
        }
    }

    /// Does the straight way between two places touch the shape?
    pub fn crosses(&self, a: LngLat, b: LngLat) -> bool {
        if self.contains(a) || self.contains(b) {
            return true;
        }
        let Some((plane, xy)) = self.grid() else { return false };
        let (a, b) = (plane.xy(a), plane.xy(b));
        match self {
            Shape::Circle { radius_m, .. } => to_segment((0.0, 0.0), a, b) <= *radius_m,
            Shape::Polygon(_) => xy.iter().zip(xy.iter().cycle().skip(1)).any(|(c, d)| meet(a, b, *c, *d)),
            Shape::Corridor { width_m, .. } => xy.windows(2).any(|w| {
                let ends = [
                    to_segment(a, w[0], w[1]),
                    to_segment(b, w[0], w[1]),
                    to_segment(w[0], a, b),
                    to_segment(w[1], a, b),
                ];
                meet(a, b, w[0], w[1]) || ends.iter().any(|d| d <= width_m)
            }),
        }
    }

    /// West, south, east and north in degrees with a margin in metres. East may be beyond 180: the shape then
    /// lies across the antimeridian.
    pub fn bounds(&self, margin_m: f64) -> Option<[f64; 4]> {
        let ((plane, xy), middle) = (self.grid()?, self.middle()?);
        let reach = match self {
            Shape::Circle { radius_m, .. } => *radius_m,
            Shape::Polygon(_) => 0.0,
            Shape::Corridor { width_m, .. } => *width_m,
        } + margin_m;
        let fold =
            |of: fn(&Xy) -> f64, pick: fn(f64, f64) -> f64, start: f64| xy.iter().map(of).fold(start, pick);
        let (w, e) = (
            fold(|p| p.0, f64::min, f64::INFINITY) - reach,
            fold(|p| p.0, f64::max, f64::NEG_INFINITY) + reach,
        );
        let (s, n) = (
            fold(|p| p.1, f64::min, f64::INFINITY) - reach,
            fold(|p| p.1, f64::max, f64::NEG_INFINITY) + reach,
        );
        let (low, high) = (plane.lng_lat(w, s), plane.lng_lat(e, n));
        // Near a pole every longitude is near.
        if high.lat().max(-low.lat()) > 89.0 {
            return Some([-180.0, low.lat(), 180.0, high.lat()]);
        }
        let west = if low.lng() > middle.lng() { low.lng() - 360.0 } else { low.lng() };
        let east = if high.lng() < middle.lng() { high.lng() + 360.0 } else { high.lng() };
        let (west, east) = if west < -180.0 { (west + 360.0, east + 360.0) } else { (west, east) };
        Some([west, low.lat(), east, high.lat()])
    }
}

/// Distance of a point from a stretch.
fn to_segment(p: Xy, a: Xy, b: Xy) -> f64 {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let len2 = dx * dx + dy * dy;
    let t = if len2 > 0.0 { (((p.0 - a.0) * dx + (p.1 - a.1) * dy) / len2).clamp(0.0, 1.0) } else { 0.0 };
    (p.0 - a.0 - t * dx).hypot(p.1 - a.1 - t * dy)
}

/// Even-odd rule.
fn inside(p: Xy, corners: &[Xy]) -> bool {
    let edges = corners.iter().zip(corners.iter().cycle().skip(1));
    let hits = edges
        .filter(|(a, b)| (a.1 > p.1) != (b.1 > p.1) && p.0 < (b.0 - a.0) * (p.1 - a.1) / (b.1 - a.1) + a.0);
    hits.count() % 2 == 1
}

/// Do two stretches have a point in common?
fn meet(a: Xy, b: Xy, c: Xy, d: Xy) -> bool {
    let side = |p: Xy, q: Xy, r: Xy| (q.0 - p.0) * (r.1 - p.1) - (q.1 - p.1) * (r.0 - p.0);
    let (s1, s2) = (side(a, b, c), side(a, b, d));
    let (s3, s4) = (side(c, d, a), side(c, d, b));
    if ((s1 > 0.0) != (s2 > 0.0)) && ((s3 > 0.0) != (s4 > 0.0)) && s1 != 0.0 && s2 != 0.0 {
        return true;
    }
    const TOUCH: f64 = 1e-6;
    [to_segment(c, a, b), to_segment(d, a, b), to_segment(a, c, d), to_segment(b, c, d)]
        .iter()
        .any(|m| *m < TOUCH)
}

/// Do edges that are no neighbours meet?
fn crossing(corners: &[Xy]) -> bool {
    let n = corners.len();
    let edge = |i: usize| (corners[i], corners[(i + 1) % n]);
    (0..n).any(|i| {
        let (a, b) = edge(i);
        let repeated = (a.0 - b.0).hypot(a.1 - b.1) < 0.01;
        let others = (i + 2..n).filter(|j| (j + 1) % n != i);
        repeated || others.map(edge).any(|(c, d)| meet(a, b, c, d))
    })
}

/// Square metres.
fn area(corners: &[Xy]) -> f64 {
    let edges = corners.iter().zip(corners.iter().cycle().skip(1));
    (edges.map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum::<f64>() / 2.0).abs()
}
