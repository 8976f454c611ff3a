//! The line a car really takes: in its lane, round the corners, from kerb to kerb.

use crate::path::{Junction, Way};
use crate::shape::{Pt, crossing, line_length};
use crate::street::StreetClass;

/// A driven line with what limits the speed on it.
pub struct Course {
    pub line: Vec<Pt>,
    /// Class and empty-road speed of the street that leaves each point.
    pub road: Vec<(StreetClass, f64)>,
    /// Metres along the line to the middle of each junction.
    pub junctions: Vec<(f64, Junction)>,
}

struct Corner {
    at: Pt,
    road: (StreetClass, f64),
    junction: Option<Junction>,
}

/// Puts the way into the right-hand lane and rounds its corners.
pub fn course(way: &Way) -> Course {
    let corners = lane_corners(way);
    let n = corners.len();
    let mut course = Course { line: Vec::new(), road: Vec::new(), junctions: Vec::new() };
    for i in 0..n {
        let c = &corners[i];
        let start = course.line.len();
        if i == 0 || i + 1 == n {
            course.push(c.at, c.road);
        } else {
            let (before, after) = (corners[i - 1].at, corners[i + 1].at);
            round_off(&mut course, before, c, after);
        }
        if let Some(j) = c.junction {
            let middle = start + (course.line.len() - start) / 2;
            course.junctions.push((line_length(&course.line[..=middle]), j));
        }
    }
    course
}

impl Course {
    fn push(&mut self, p: Pt, road: (StreetClass, f64)) {
        if self.line.last().is_none_or(|l| (*l - p).len() > 0.02) {
            self.line.push(p);
            self.road.push(road);
        }
    }
}

/// Where the lanes of two pieces of street meet.
fn lane_corners(way: &Way) -> Vec<Corner> {
    let points = &way.points;
    let n = points.len();
    let right = |i: usize| (points[i + 1].p - points[i].p).unit().left() * -1.0;
    let lane = |i: usize| points[i].class.lane_offset_m();
    (0..n)
        .map(|i| {
            let p = points[i].p;
            let road = (points[i].class, points[i].speed_mps);
            let at = if n < 2 {
                p
            } else if i == 0 {
                p + right(0) * points[0].class.kerb_m()
            } else if i + 1 == n {
                p + right(i - 1) * points[i].class.kerb_m()
            } else {
                let (a, b) = (p + right(i - 1) * lane(i - 1), p + right(i) * lane(i));
                let straight = right(i - 1).dot(right(i));
                if straight > 0.94 {
                    a.lerp(b, 0.5)
                } else {
                    meeting(points[i - 1].p, p, points[i + 1].p, a, b)
                }
            };
            Corner { at, road, junction: points[i].junction }
        })
        .collect()
}

/// The crossing of both lanes, prolonged; near the junction in any case.
fn meeting(before: Pt, p: Pt, after: Pt, a: Pt, b: Pt) -> Pt {
    let (u, v) = ((p - before).unit(), (after - p).unit());
    let far = 40.0;
    match crossing(a - u * far, a + u * far, b - v * far, b + v * far) {
        Some((t, _)) => {
            let q = (a - u * far).lerp(a + u * far, t);
            if (q - p).len() < 20.0 { q } else { a.lerp(b, 0.5) }
        }
        None => a.lerp(b, 0.5),
    }
}

/// A curve instead of a corner: about 9 m to the right, wider to the left.
fn round_off(course: &mut Course, before: Pt, c: &Corner, after: Pt) {
    let (u, v) = (c.at - before, after - c.at);
    let turn = u.unit().cross(v.unit());
    let straight = u.unit().dot(v.unit());
    if straight > 0.985 {
        course.push(c.at, c.road);
        return;
    }
    let wish = if turn < 0.0 { 9.0 } else { 13.0 };
    let reach = f64::min(wish, u.len().min(v.len()) * 0.45);
    let (a, b) = (c.at - u.unit() * reach, c.at + v.unit() * reach);
    let road_in = course.road.last().copied().unwrap_or(c.road);
    for k in 0..=6 {
        let t = f64::from(k) / 6.0;
        let p = a.lerp(c.at, t).lerp(c.at.lerp(b, t), t);
        course.push(p, if k < 4 { road_in } else { c.road });
    }
}
