//! The plane divided by streets: vertices, segments, and the faces between them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::shape::{Pt, crossing, signed_area};

/// Index of a planned or cut street.
pub type StreetId = u32;
/// The edge of the map: closes the outer faces, is no street.
pub const BORDER: StreetId = u32::MAX;

/// Vertices nearer than this are one.
const MERGE_M: f64 = 16.0;
/// A blind end this near to the edge of the map goes on beyond it.
const EDGE_M: f64 = 130.0;

pub type Segment = (u32, u32);

pub fn key(a: u32, b: u32) -> Segment {
    (a.min(b), a.max(b))
}

#[derive(Default)]
pub struct Mesh {
    pub at: Vec<Pt>,
    /// Which street a segment belongs to.
    pub segments: BTreeMap<Segment, StreetId>,
    /// Where a former segment was divided.
    middle: HashMap<Segment, u32>,
    degree: HashMap<u32, u32>,
    grid: HashMap<(i32, i32), Vec<u32>>,
    half: (f64, f64),
}

impl Mesh {
    /// Cuts the lines at each other's crossings. The map is limited to the rectangle given by its half
    /// extents, whose sides become `BORDER`.
    pub fn from_lines(lines: &[(StreetId, Vec<Pt>)], half: (f64, f64)) -> Mesh {
        let (w, h) = half;
        let corners = [Pt { x: -w, y: -h }, Pt { x: w, y: -h }, Pt { x: w, y: h }, Pt { x: -w, y: h }];
        let mut pieces: Vec<(Pt, Pt, StreetId, usize)> = Vec::new();
        for (n, (street, line)) in lines.iter().enumerate() {
            pieces.extend(
                line.windows(2).filter_map(|p| clip(p[0], p[1], w, h)).map(|(a, b)| (a, b, *street, n)),
            );
        }
        for i in 0..4 {
            pieces.push((corners[i], corners[(i + 1) % 4], BORDER, lines.len() + i));
        }
        let mut mesh = Mesh { half, ..Mesh::default() };
        for &(a, b, street, line) in &pieces {
            let mut cuts = vec![0.0, 1.0];
            for &(c, d, _, other) in &pieces {
                if other != line && near(a, b, c, d) {
                    cuts.extend(crossing(a, b, c, d).map(|(t, _)| t));
                }
            }
            cuts.sort_by(f64::total_cmp);
            let ids: Vec<u32> = cuts.iter().map(|&t| mesh.vertex(a.lerp(b, t))).collect();
            for pair in ids.windows(2) {
                mesh.add(pair[0], pair[1], street);
            }
        }
        mesh.prune();
        mesh
    }

    fn vertex(&mut self, p: Pt) -> u32 {
        let cell = |v: f64| (v / 50.0).floor() as i32;
        let (cx, cy) = (cell(p.x), cell(p.y));
        for gx in cx - 1..=cx + 1 {
            for gy in cy - 1..=cy + 1 {
                let here = self.grid.get(&(gx, gy)).into_iter().flatten();
                if let Some(&id) = here.into_iter().find(|&&id| (self.at[id as usize] - p).len() < MERGE_M) {
                    return id;
                }
            }
        }
        let id = self.new_vertex(p);
        self.grid.entry((cx, cy)).or_default().push(id);
        id
    }

    fn new_vertex(&mut self, p: Pt) -> u32 {
        self.at.push(p);
        (self.at.len() - 1) as u32
    }

    pub fn p(&self, id: u32) -> Pt {
        self.at[id as usize]
    }

    fn add(&mut self, a: u32, b: u32, street: StreetId) {
        if a == b || self.segments.contains_key(&key(a, b)) {
            return;
        }
        self.segments.insert(key(a, b), street);
        *self.degree.entry(a).or_default() += 1;
        *self.degree.entry(b).or_default() += 1;
    }

    pub fn remove(&mut self, s: Segment) {
        if self.segments.remove(&s).is_some() {
            for end in [s.0, s.1] {
                if let Some(d) = self.degree.get_mut(&end) {
                    *d -= 1;
                }
            }
        }
    }

    pub fn degree(&self, id: u32) -> u32 {
        self.degree.get(&id).copied().unwrap_or(0)
    }

    /// Takes away blind ends, again and again; a road that leaves the map may end there.
    pub fn prune(&mut self) {
        loop {
            let blind: Vec<Segment> = self
                .segments
                .keys()
                .copied()
                .filter(|s| [s.0, s.1].iter().any(|&v| self.degree(v) == 1 && !self.leaves_map(v)))
                .collect();
            if blind.is_empty() {
                return;
            }
            for s in blind {
                self.remove(s);
            }
        }
    }

    fn leaves_map(&self, v: u32) -> bool {
        let p = self.p(v);
        p.x.abs() > self.half.0 - EDGE_M || p.y.abs() > self.half.1 - EDGE_M
    }

    /// A new vertex on an existing segment; both halves keep the street.
    pub fn divide(&mut self, s: Segment, at: Pt) -> u32 {
        let id = self.new_vertex(at);
        if let Some(street) = self.segments.get(&s).copied() {
            self.remove(s);
            self.add(s.0, id, street);
            self.add(id, s.1, street);
            self.middle.insert(s, id);
        }
        id
    }

    /// A straight new street between two vertices; with a bend in the middle where one is given.
    pub fn connect(&mut self, a: u32, b: u32, bend: Option<Pt>, street: StreetId) -> Vec<u32> {
        match bend {
            Some(p) => {
                let m = self.new_vertex(p);
                self.add(a, m, street);
                self.add(m, b, street);
                vec![a, m, b]
            }
            None => {
                self.add(a, b, street);
                vec![a, b]
            }
        }
    }

    /// The ring of a face with all vertices that were put on its sides since.
    pub fn refreshed(&self, face: &[u32]) -> Vec<u32> {
        let mut out = Vec::with_capacity(face.len());
        for i in 0..face.len() {
            self.walk(face[i], face[(i + 1) % face.len()], &mut out);
        }
        out
    }

    fn walk(&self, a: u32, b: u32, out: &mut Vec<u32>) {
        match self.middle.get(&key(a, b)) {
            Some(&m) => {
                self.walk(a, m, out);
                self.walk(m, b, out);
            }
            None => out.push(a),
        }
    }

    pub fn ring(&self, face: &[u32]) -> Vec<Pt> {
        face.iter().map(|&id| self.p(id)).collect()
    }

    pub fn neighbours(&self) -> BTreeMap<u32, Vec<u32>> {
        let mut all: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for &(a, b) in self.segments.keys() {
            all.entry(a).or_default().push(b);
            all.entry(b).or_default().push(a);
        }
        all
    }

    /// All inner faces, counter-clockwise.
    pub fn faces(&self) -> Vec<Vec<u32>> {
        let angle = |a: u32, b: u32| {
            let d = self.p(b) - self.p(a);
            d.y.atan2(d.x)
        };
        let mut around = self.neighbours();
        for (&a, list) in &mut around {
            list.sort_by(|&b, &c| angle(a, b).total_cmp(&angle(a, c)));
        }
        let mut seen: BTreeSet<(u32, u32)> = BTreeSet::new();
        let mut faces = Vec::new();
        for (&a, list) in &around {
            for &b in list {
                let mut ring = Vec::new();
                let mut half = (a, b);
                while seen.insert(half) {
                    ring.push(half.0);
                    // Turn as far left as possible: the next one clockwise from where we came.
                    let Some(list) = around.get(&half.1) else { break };
                    let Some(i) = list.iter().position(|&n| n == half.0) else { break };
                    half = (half.1, list[(i + list.len() - 1) % list.len()]);
                }
                if ring.len() > 2 && signed_area(&self.ring(&ring)) > 100.0 {
                    faces.push(ring);
                }
            }
        }
        faces
    }
}

fn near(a: Pt, b: Pt, c: Pt, d: Pt) -> bool {
    a.x.min(b.x) <= c.x.max(d.x)
        && c.x.min(d.x) <= a.x.max(b.x)
        && a.y.min(b.y) <= c.y.max(d.y)
        && c.y.min(d.y) <= a.y.max(b.y)
}

/// The part of a segment within the map, a metre over its edge so that it surely meets it.
fn clip(a: Pt, b: Pt, w: f64, h: f64) -> Option<(Pt, Pt)> {
    let (w, h) = (w + 1.0, h + 1.0);
    let d = b - a;
    let (mut from, mut to) = (0.0f64, 1.0f64);
    for (p, q) in [(-d.x, a.x + w), (d.x, w - a.x), (-d.y, a.y + h), (d.y, h - a.y)] {
        if p.abs() < 1e-9 {
            if q < 0.0 {
                return None;
            }
        } else if p < 0.0 {
            from = from.max(q / p);
        } else {
            to = to.min(q / p);
        }
    }
    (from < to).then(|| (a.lerp(b, from), a.lerp(b, to)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::pt;

    #[test]
    fn two_streets_make_four_faces_and_blind_ends_go() {
        let lines = vec![
            (0, vec![pt(-600.0, 0.0), pt(600.0, 0.0)]),
            (1, vec![pt(0.0, -600.0), pt(0.0, 600.0)]),
            (2, vec![pt(200.0, 200.0), pt(200.0, 260.0)]),
        ];
        let mesh = Mesh::from_lines(&lines, (500.0, 500.0));
        let faces = mesh.faces();
        assert_eq!(faces.len(), 4);
        let area: f64 = faces.iter().map(|f| signed_area(&mesh.ring(f))).sum();
        assert!((area - 1_000_000.0).abs() < 3_000.0, "the faces cover the map: {area}");
        assert!(mesh.segments.values().all(|&s| s != 2));
    }

    #[test]
    fn a_divided_side_shows_in_both_faces() {
        let lines = vec![(0, vec![pt(-600.0, 0.0), pt(600.0, 0.0)])];
        let mut mesh = Mesh::from_lines(&lines, (500.0, 500.0));
        let faces = mesh.faces();
        let (&side, _) = mesh.segments.iter().find(|(_, s)| **s == 0).unwrap();
        let new = mesh.divide(side, pt(10.0, 0.0));
        assert!(faces.iter().all(|f| mesh.refreshed(f).contains(&new)));
    }
}
