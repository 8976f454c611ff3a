//! Plane geometry in metres: x east, y north of the centre of the city.

use std::ops::{Add, Mul, Sub};

/// A place or a direction in the local plane, metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pt {
    pub x: f64,
    pub y: f64,
}

pub const fn pt(x: f64, y: f64) -> Pt {
    Pt { x, y }
}

impl Add for Pt {
    type Output = Pt;
    fn add(self, o: Pt) -> Pt {
        pt(self.x + o.x, self.y + o.y)
    }
}

impl Sub for Pt {
    type Output = Pt;
    fn sub(self, o: Pt) -> Pt {
        pt(self.x - o.x, self.y - o.y)
    }
}

impl Mul<f64> for Pt {
    type Output = Pt;
    fn mul(self, k: f64) -> Pt {
        pt(self.x * k, self.y * k)
    }
}

impl Pt {
    pub fn len(self) -> f64 {
        self.x.hypot(self.y)
    }

    pub fn dot(self, o: Pt) -> f64 {
        self.x * o.x + self.y * o.y
    }

    pub fn cross(self, o: Pt) -> f64 {
        self.x * o.y - self.y * o.x
    }

    /// Length 1, or (1, 0) for a null vector.
    pub fn unit(self) -> Pt {
        let l = self.len();
        if l < 1e-9 { pt(1.0, 0.0) } else { self * (1.0 / l) }
    }

    /// A quarter turn to the left.
    pub fn left(self) -> Pt {
        pt(-self.y, self.x)
    }

    pub fn rotate(self, rad: f64) -> Pt {
        let (s, c) = rad.sin_cos();
        pt(self.x * c - self.y * s, self.x * s + self.y * c)
    }

    pub fn lerp(self, o: Pt, t: f64) -> Pt {
        self + (o - self) * t
    }
}

/// Where two segments cross: parameters along each, both in 0..=1. None for parallels.
pub fn crossing(a: Pt, b: Pt, c: Pt, d: Pt) -> Option<(f64, f64)> {
    let (r, s) = (b - a, d - c);
    let det = r.cross(s);
    if det.abs() < 1e-9 {
        return None;
    }
    let t = (c - a).cross(s) / det;
    let u = (c - a).cross(r) / det;
    ((0.0..=1.0).contains(&t) && (0.0..=1.0).contains(&u)).then_some((t, u))
}

/// The nearest point of a segment: parameter 0..=1 and distance.
pub fn nearest_on(p: Pt, a: Pt, b: Pt) -> (f64, f64) {
    let d = b - a;
    let t = if d.dot(d) < 1e-9 { 0.0 } else { ((p - a).dot(d) / d.dot(d)).clamp(0.0, 1.0) };
    (t, (p - a.lerp(b, t)).len())
}

pub fn distance_to_line(p: Pt, line: &[Pt]) -> f64 {
    line.windows(2).map(|w| nearest_on(p, w[0], w[1]).1).fold(f64::INFINITY, f64::min)
}

pub fn line_length(line: &[Pt]) -> f64 {
    line.windows(2).map(|w| (w[1] - w[0]).len()).sum()
}

/// The place `along` metres from the start of a line and its direction; clamped to the ends.
pub fn point_along(line: &[Pt], along: f64) -> (Pt, Pt) {
    let mut left = along.max(0.0);
    let mut last = (pt(0.0, 0.0), pt(1.0, 0.0));
    for w in line.windows(2) {
        let d = w[1] - w[0];
        let l = d.len();
        if left <= l && l > 0.0 {
            return (w[0].lerp(w[1], left / l), d.unit());
        }
        left -= l;
        last = (w[1], d.unit());
    }
    last
}

/// Positive for counter-clockwise rings. The ring is open: its last point is not its first.
pub fn signed_area(ring: &[Pt]) -> f64 {
    let n = ring.len();
    (0..n).map(|i| ring[i].cross(ring[(i + 1) % n])).sum::<f64>() / 2.0
}

pub fn centroid(ring: &[Pt]) -> Pt {
    let n = ring.len();
    let a = signed_area(ring);
    if a.abs() < 1e-6 {
        return ring.iter().fold(pt(0.0, 0.0), |s, &p| s + p) * (1.0 / n.max(1) as f64);
    }
    let sum = (0..n).fold(pt(0.0, 0.0), |s, i| {
        let (p, q) = (ring[i], ring[(i + 1) % n]);
        s + (p + q) * p.cross(q)
    });
    sum * (1.0 / (6.0 * a))
}

pub fn inside(p: Pt, ring: &[Pt]) -> bool {
    let n = ring.len();
    (0..n)
        .filter(|&i| {
            let (a, b) = (ring[i], ring[(i + 1) % n]);
            (a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x
        })
        .count()
        % 2
        == 1
}

/// A smooth line through all points, `steps` pieces between two of them (Catmull–Rom).
pub fn smooth(points: &[Pt], closed: bool, steps: usize) -> Vec<Pt> {
    let n = points.len() as i64;
    let at = |i: i64| {
        let k = if closed { i.rem_euclid(n) } else { i.clamp(0, n - 1) };
        points[k as usize]
    };
    let spans = if closed { n } else { n - 1 };
    let mut line = Vec::new();
    for i in 0..spans {
        let (a, b, c, d) = (at(i - 1), at(i), at(i + 1), at(i + 2));
        for k in 0..steps {
            let t = k as f64 / steps as f64;
            let (t2, t3) = (t * t, t * t * t);
            line.push(
                (b * 2.0
                    + (c - a) * t
                    + (a * 2.0 - b * 5.0 + c * 4.0 - d) * t2
                    + (b * 3.0 - a - c * 3.0 + d) * t3)
                    * 0.5,
            );
        }
    }
    if !closed {
        line.extend(points.last());
    }
    line
}

/// The line moved `by` metres to its left (negative: right).
pub fn offset(line: &[Pt], by: f64) -> Vec<Pt> {
    let n = line.len();
    (0..n)
        .map(|i| {
            let d = line[(i + 1).min(n - 1)] - line[i.saturating_sub(1)];
            line[i] + d.unit().left() * by
        })
        .collect()
}

/// The line without points that lie nearer than `slack` to the rest (Douglas–Peucker).
pub fn simplified(line: &[Pt], slack: f64) -> Vec<Pt> {
    let Some((&first, &last)) = line.first().zip(line.last()) else { return Vec::new() };
    let inner = line.len().saturating_sub(1);
    let far = (1..inner).map(|i| (i, nearest_on(line[i], first, last).1)).max_by(|a, b| a.1.total_cmp(&b.1));
    match far {
        Some((i, d)) if d > slack => {
            let mut left = simplified(&line[..=i], slack);
            left.pop();
            left.extend(simplified(&line[i..], slack));
            left
        }
        _ => vec![first, last],
    }
}

/// Corners cut off a ring, `rounds` times (Chaikin).
pub fn rounded(ring: &[Pt], rounds: usize) -> Vec<Pt> {
    let mut now = ring.to_vec();
    for _ in 0..rounds {
        let n = now.len();
        now = (0..n)
            .flat_map(|i| {
                let (a, b) = (now[i], now[(i + 1) % n]);
                [a.lerp(b, 0.25), a.lerp(b, 0.75)]
            })
            .collect();
    }
    now
}

/// A counter-clockwise ring shrunk by `by` metres on every side. None when nothing sensible is left.
pub fn inset(ring: &[Pt], by: f64) -> Option<Vec<Pt>> {
    let n = ring.len();
    if n < 3 {
        return None;
    }
    let shrunk: Vec<Pt> = (0..n)
        .map(|i| {
            let (a, b, c) = (ring[(i + n - 1) % n], ring[i], ring[(i + 1) % n]);
            let (u, v) = ((b - a).unit(), (c - b).unit());
            let (nu, nv) = (u.left(), v.left());
            let mid = (nu + nv).unit();
            // Limited at sharp corners, so that no spike shoots across the block.
            let k = 1.0 / mid.dot(nu).max(0.45);
            b + mid * (by * k)
        })
        .collect();
    let before = signed_area(ring);
    let after = signed_area(&shrunk);
    let width_left = after > before * 0.12;
    let stays_inside = shrunk.iter().all(|&p| inside(p, ring));
    (width_left && stays_inside).then_some(shrunk)
}

/// The smallest turned rectangle round a ring, over the directions of its own sides.
#[derive(Debug, Clone, Copy)]
pub struct TurnedBox {
    pub centre: Pt,
    /// Direction of the longer side.
    pub axis: Pt,
    pub long: f64,
    pub short: f64,
}

pub fn turned_box(ring: &[Pt]) -> TurnedBox {
    let n = ring.len();
    let mut best = TurnedBox { centre: centroid(ring), axis: pt(1.0, 0.0), long: 0.0, short: 0.0 };
    let mut least = f64::INFINITY;
    for i in 0..n {
        let side = ring[(i + 1) % n] - ring[i];
        if side.len() < 15.0 && n > 4 {
            continue;
        }
        let axis = side.unit();
        let span = |d: Pt| {
            ring.iter()
                .map(|p| p.dot(d))
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), v| (lo.min(v), hi.max(v)))
        };
        let ((a0, a1), (b0, b1)) = (span(axis), span(axis.left()));
        let (w, h) = (a1 - a0, b1 - b0);
        if w * h < least {
            least = w * h;
            let centre = axis * ((a0 + a1) / 2.0) + axis.left() * ((b0 + b1) / 2.0);
            let axis = if w >= h { axis } else { axis.left() };
            best = TurnedBox { centre, axis, long: w.max(h), short: w.min(h) };
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARE: [Pt; 4] = [pt(0.0, 0.0), pt(100.0, 0.0), pt(100.0, 60.0), pt(0.0, 60.0)];

    #[test]
    fn a_rectangle_is_measured() {
        assert_eq!(signed_area(&SQUARE), 6000.0);
        assert_eq!(centroid(&SQUARE), pt(50.0, 30.0));
        let b = turned_box(&SQUARE);
        assert_eq!((b.long, b.short), (100.0, 60.0));
        assert!(inside(pt(99.0, 1.0), &SQUARE) && !inside(pt(101.0, 1.0), &SQUARE));
    }

    #[test]
    fn inset_keeps_the_shape_or_says_no() {
        let small = inset(&SQUARE, 10.0).unwrap();
        assert!((signed_area(&small) - 80.0 * 40.0).abs() < 1e-6);
        assert!(inset(&SQUARE, 40.0).is_none());
    }

    #[test]
    fn lines_are_walked() {
        let line = [pt(0.0, 0.0), pt(10.0, 0.0), pt(10.0, 10.0)];
        assert_eq!(point_along(&line, 15.0), (pt(10.0, 5.0), pt(0.0, 1.0)));
        assert_eq!(offset(&[pt(0.0, 0.0), pt(10.0, 0.0)], 2.0), vec![pt(0.0, 2.0), pt(10.0, 2.0)]);
        assert_eq!(crossing(pt(0.0, 0.0), pt(2.0, 2.0), pt(0.0, 2.0), pt(2.0, 0.0)), Some((0.5, 0.5)));
    }
}
