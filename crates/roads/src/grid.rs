//! Which pieces are near a point: squares of about 250 m, sorted by their number.

use geo::{LngLat, LocalPlane};

use crate::build::NONE;
use crate::map::Network;

/// Degrees × 10⁷ a square is wide and high (0.00225° of latitude are 250 m).
const CELL_E7: i64 = 22_500;
const WIDTH: u64 = 1 << 32;

/// Pairs sorted by square: `pieces[k]` touches the square `cells[k]`.
#[derive(Clone, Copy)]
pub(crate) struct Grid<'a> {
    pub cells: &'a [u64],
    pub pieces: &'a [u32],
}

/// A point brought onto the network.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    pub(crate) piece: u32,
    /// How far along the piece, 0 to 1 of its length.
    pub(crate) along: f64,
    /// The point on the street.
    pub at: LngLat,
    /// How far that is from the point asked for, metres.
    pub off_m: f64,
}

fn column(lng_e7: i64) -> i64 {
    (lng_e7 + 1_800_000_000).div_euclid(CELL_E7)
}

fn row(lat_e7: i64) -> i64 {
    (lat_e7 + 900_000_000).div_euclid(CELL_E7)
}

fn number(row: i64, column: i64) -> u64 {
    row as u64 * WIDTH + column as u64
}

/// The squares of all usable pieces, sorted.
pub(crate) fn sort(
    points: &[[i32; 2]],
    first: &[u32],
    usable: impl Fn(usize) -> bool,
) -> (Vec<u64>, Vec<u32>) {
    let mut pairs: Vec<(u64, u32)> = vec![];
    for k in (0..first.len() - 1).filter(|&k| usable(k)) {
        for pair in points[first[k] as usize..first[k + 1] as usize].windows(2) {
            let e7 = |n: usize| (i64::from(pair[n][0]), i64::from(pair[n][1]));
            let (a, b) = (e7(0), e7(1));
            for r in row(a.1.min(b.1))..=row(a.1.max(b.1)) {
                for c in column(a.0.min(b.0))..=column(a.0.max(b.0)) {
                    pairs.push((number(r, c), k as u32));
                }
            }
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs.into_iter().unzip()
}

impl Grid<'_> {
    /// Pieces in a row of squares, from one column to another.
    fn row(&self, row: i64, columns: (i64, i64)) -> &[u32] {
        let from = self.cells.partition_point(|&c| c < number(row, columns.0));
        let to = from + self.cells[from..].partition_point(|&c| c <= number(row, columns.1));
        &self.pieces[from..to]
    }
}

impl Network<'_> {
    /// The nearest place on a street one can start from and get to; `None` when there is none within
    /// `reach_m` metres.
    pub fn snap(&self, at: LngLat, reach_m: f64) -> Option<Place> {
        let plane = LocalPlane::at(at);
        let (lng, lat) = at.e7();
        let (r, c) = (row(lat), column(lng));
        // Metres a square is wide; narrower towards the poles.
        let (right, _) = plane.xy(LngLat::from_e7((lng + CELL_E7).min(1_800_000_000), lat).ok()?);
        let narrow = right.abs().clamp(1.0, 250.0);
        let mut best: Option<Place> = None;
        let mut seen: Vec<u32> = vec![];
        for ring in 0_i64.. {
            // Nothing in this ring is nearer than the squares inside it are wide.
            let least = (ring - 1).max(0) as f64 * narrow;
            if least > reach_m || best.is_some_and(|b| b.off_m <= least) {
                break;
            }
            for y in r - ring..=r + ring {
                let edge = (y - r).abs() == ring;
                let sides = if edge {
                    vec![(c - ring, c + ring)]
                } else {
                    vec![(c - ring, c - ring), (c + ring, c + ring)]
                };
                for columns in sides {
                    for &piece in self.grid.row(y, columns) {
                        if seen.contains(&piece) {
                            continue;
                        }
                        seen.push(piece);
                        let found = self.on_piece(piece, &plane);
                        if best.is_none_or(|b| found.off_m < b.off_m) {
                            best = Some(found);
                        }
                    }
                }
            }
        }
        best.filter(|b| b.off_m <= reach_m)
    }

    /// The nearest place on a piece to the centre of the plane.
    fn on_piece(&self, piece: u32, plane: &LocalPlane) -> Place {
        let line = self.line(piece);
        let mut best = (f64::INFINITY, 0.0, (0.0, 0.0));
        let mut gone = 0.0;
        let mut last = plane.xy(line[0]);
        for &p in &line[1..] {
            let next = plane.xy(p);
            let (dx, dy) = (next.0 - last.0, next.1 - last.1);
            let length = dx.hypot(dy);
            let t = if length > 0.0 {
                (-(last.0 * dx + last.1 * dy) / (length * length)).clamp(0.0, 1.0)
            } else {
                0.0
            };
            let foot = (last.0 + dx * t, last.1 + dy * t);
            let off = foot.0.hypot(foot.1);
            if off < best.0 {
                best = (off, gone + length * t, foot);
            }
            gone += length;
            last = next;
        }
        Place {
            piece,
            along: if gone > 0.0 { (best.1 / gone).clamp(0.0, 1.0) } else { 0.0 },
            at: plane.lng_lat(best.2.0, best.2.1),
            off_m: best.0,
        }
    }

    /// The points of a piece as it was drawn.
    pub(crate) fn line(&self, piece: u32) -> Vec<LngLat> {
        let (a, b) = (self.piece_points[piece as usize], self.piece_points[piece as usize + 1]);
        let points = self.points[a as usize..b as usize].iter();
        points.filter_map(|p| LngLat::from_e7(i64::from(p[0]), i64::from(p[1])).ok()).collect()
    }

    /// Arcs one may be on at a place, each with the share of it that lies behind.
    pub(crate) fn arcs_at(&self, place: &Place) -> impl Iterator<Item = (u32, f64)> + use<> {
        let [forward, backward] = self.piece_arcs[place.piece as usize];
        [(forward, place.along), (backward, 1.0 - place.along)].into_iter().filter(|a| a.0 != NONE)
    }
}
