//! The nearest street to a place.

use std::collections::HashMap;

use crate::graph::Edge;
use crate::shape::{Pt, nearest_on};
use crate::street::StreetClass;

const CELL_M: f64 = 250.0;

/// Edges by the squares they pass.
#[derive(Debug, Clone, Default)]
pub struct EdgeFinder {
    cells: HashMap<(i32, i32), Vec<u32>>,
}

/// A place on an edge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OnEdge {
    pub edge: usize,
    /// Metres from the start of the edge.
    pub along_m: f64,
    /// How far the asked place lies from it, metres.
    pub off_m: f64,
}

fn cell(p: Pt) -> (i32, i32) {
    ((p.x / CELL_M).floor() as i32, (p.y / CELL_M).floor() as i32)
}

impl EdgeFinder {
    pub fn new(edges: &[Edge]) -> EdgeFinder {
        let mut cells: HashMap<(i32, i32), Vec<u32>> = HashMap::new();
        for (i, e) in edges.iter().enumerate() {
            for w in e.line.windows(2) {
                let (a, b) = (cell(w[0]), cell(w[1]));
                for x in a.0.min(b.0)..=a.0.max(b.0) {
                    for y in a.1.min(b.1)..=a.1.max(b.1) {
                        let list = cells.entry((x, y)).or_default();
                        if list.last() != Some(&(i as u32)) {
                            list.push(i as u32);
                        }
                    }
                }
            }
        }
        EdgeFinder { cells }
    }

    /// The nearest edge of a class that is wanted. None only in a city without such a street.
    pub fn nearest(&self, edges: &[Edge], p: Pt, wanted: impl Fn(StreetClass) -> bool) -> Option<OnEdge> {
        let (cx, cy) = cell(p);
        let mut best: Option<OnEdge> = None;
        for ring in 0..80 {
            // Everything in further rings is at least this far away.
            let floor = f64::from(ring - 1).max(0.0) * CELL_M;
            if best.is_some_and(|b| b.off_m < floor) {
                break;
            }
            for x in cx - ring..=cx + ring {
                for y in cy - ring..=cy + ring {
                    if (x - cx).abs().max((y - cy).abs()) != ring {
                        continue;
                    }
                    for &i in self.cells.get(&(x, y)).into_iter().flatten() {
                        let e = &edges[i as usize];
                        if wanted(e.class) {
                            let (along_m, off_m) = nearest_on_line(p, &e.line);
                            if best.is_none_or(|b| off_m < b.off_m) {
                                best = Some(OnEdge { edge: i as usize, along_m, off_m });
                            }
                        }
                    }
                }
            }
        }
        best
    }
}

/// Metres along the line to its nearest point, and the distance to that.
pub fn nearest_on_line(p: Pt, line: &[Pt]) -> (f64, f64) {
    let mut best = (0.0, f64::INFINITY);
    let mut before = 0.0;
    for w in line.windows(2) {
        let (t, d) = nearest_on(p, w[0], w[1]);
        let l = (w[1] - w[0]).len();
        if d < best.1 {
            best = (before + t * l, d);
        }
        before += l;
    }
    best
}
