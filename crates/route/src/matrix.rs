//! Square tables of travel between places, and the straight-line provider.

use geo::LngLat;
use std::ops::Index;

/// A square table; `m[(from, to)]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrix<T> {
    size: usize,
    cells: Vec<T>,
}

/// The rows do not form a square.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a matrix needs as many cells in every row as it has rows")]
pub struct NotSquare;

impl<T: Copy> Matrix<T> {
    pub fn from_fn(size: usize, mut cell: impl FnMut(usize, usize) -> T) -> Matrix<T> {
        let cells = (0..size * size).map(|k| cell(k / size, k % size)).collect();
        Matrix { size, cells }
    }

    pub fn from_rows<R: AsRef<[T]>>(rows: &[R]) -> Result<Matrix<T>, NotSquare> {
        let size = rows.len();
        if rows.iter().any(|r| r.as_ref().len() != size) {
            return Err(NotSquare);
        }
        Ok(Matrix { size, cells: rows.iter().flat_map(|r| r.as_ref().iter().copied()).collect() })
    }

    /// Number of places.
    pub fn size(&self) -> usize {
        self.size
    }

    pub fn map<U: Copy>(&self, f: impl Fn(T) -> U) -> Matrix<U> {
        Matrix { size: self.size, cells: self.cells.iter().map(|&c| f(c)).collect() }
    }
}

impl Matrix<i64> {
    /// The largest cell, 0 when there is none.
    pub(crate) fn largest(&self) -> i64 {
        self.cells.iter().copied().max().unwrap_or(0)
    }

    /// The largest number that divides every cell, 0 when all are 0.
    pub(crate) fn common_divisor(&self) -> i64 {
        common_divisor(self.cells.iter().copied())
    }
}

/// The largest number that divides all, 0 when all are 0.
pub(crate) fn common_divisor(all: impl Iterator<Item = i64>) -> i64 {
    fn gcd(a: i64, b: i64) -> i64 {
        if b == 0 { a.abs() } else { gcd(b, a % b) }
    }
    all.fold(0, gcd)
}

impl<T> Index<(usize, usize)> for Matrix<T> {
    type Output = T;

    fn index(&self, (from, to): (usize, usize)) -> &T {
        debug_assert!(to < self.size);
        &self.cells[from * self.size + to]
    }
}

/// Seconds and metres between the same places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TravelMatrix {
    pub durations: Matrix<i64>,
    pub distances: Matrix<i64>,
}

/// Straight line × `detour` (at least 1; streets in Chinese cities: about 1.35), driven at `speed_mps`
/// metres a second (at least 0.1). Whole seconds and metres, rounded up, so that nobody is promised to
/// arrive early.
pub fn straight_line_matrix(points: &[LngLat], detour: f64, speed_mps: f64) -> TravelMatrix {
    let (detour, speed) = (detour.max(1.0), speed_mps.max(0.1));
    let metres = Matrix::from_fn(points.len(), |i, j| geo::distance_m(points[i], points[j]) * detour);
    TravelMatrix {
        durations: metres.map(|m| (m / speed).ceil() as i64),
        distances: metres.map(|m| m.ceil() as i64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn straight_line() {
        let p = |lng, lat| LngLat::new(lng, lat).unwrap();
        let m = straight_line_matrix(&[p(118.0, 32.0), p(118.0, 32.01)], 1.5, 10.0);
        assert_eq!(m.distances[(0, 0)], 0);
        assert!((m.distances[(0, 1)] - 1_663).abs() < 2, "{}", m.distances[(0, 1)]);
        assert_eq!(m.durations[(1, 0)], (m.distances[(0, 1)] + 9) / 10);
    }

    #[test]
    fn ragged_rows_are_refused() {
        assert_eq!(Matrix::from_rows(&[vec![1, 2], vec![3]]), Err(NotSquare));
    }
}
