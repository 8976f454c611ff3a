//! Generalised footprints: dense in the old town, some large halls outside.

use geo::{LngLat, LocalPlane};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use crate::plan::Plan;
use crate::shape::{Pt, centroid, distance_to_line, inset, pt, signed_area, turned_box};

/// One footprint, counter-clockwise, not closed.
#[derive(Debug, Clone)]
pub struct Building {
    pub ring: Vec<LngLat>,
    pub(crate) shape: [Pt; 4],
}

/// Beyond this distance from the heart of the town only halls are drawn.
const DENSE_M: f64 = 3_600.0;

pub fn raise(rng: &mut ChaCha8Rng, blocks: &[Vec<Pt>], plan: &Plan, plane: LocalPlane) -> Vec<Building> {
    let mut out = Vec::new();
    for ring in blocks {
        let middle = centroid(ring);
        let far = (middle - plan.downtown).len();
        let chance = if far < DENSE_M { 1.0 } else { 0.30 };
        if !rng.random_bool(chance) {
            continue;
        }
        let Some(plot) = inset(ring, 17.0) else { continue };
        let (size, gap) =
            if far < DENSE_M { (44.0 + far * 0.012, 13.0) } else { (rng.random_range(80.0..130.0), 34.0) };
        let mut lots = Vec::new();
        cut_lots(rng, plot, size, &mut lots);
        for lot in lots {
            let keep = if far < DENSE_M { 0.74 - far / 11_000.0 } else { 0.5 };
            if !rng.random_bool(keep) {
                continue;
            }
            let Some(shape) = footprint(rng, &lot, gap) else { continue };
            let at = centroid(&shape);
            let wet = distance_to_line(at, &plan.creek) < 45.0;
            let under = plan.fast.iter().any(|f| distance_to_line(at, &f.line) < 38.0);
            if !wet && !under {
                let ring = shape.iter().map(|p| plane.lng_lat(p.x, p.y)).collect();
                out.push(Building { ring, shape });
            }
        }
    }
    out
}

/// Halves a plot across its longer side until the lots are small.
fn cut_lots(rng: &mut ChaCha8Rng, ring: Vec<Pt>, size: f64, lots: &mut Vec<Vec<Pt>>) {
    let frame = turned_box(&ring);
    if frame.long < size * 1.7 || lots.len() > 60 {
        lots.push(ring);
        return;
    }
    let middle = frame.centre + frame.axis * (frame.long * rng.random_range(-0.12..0.12));
    let (one, two) = split(&ring, middle, frame.axis);
    for half in [one, two] {
        if half.len() > 2 && signed_area(&half) > 350.0 {
            cut_lots(rng, half, size, lots);
        }
    }
}

/// The parts of a ring on either side of the line through `at`, square to `axis`.
fn split(ring: &[Pt], at: Pt, axis: Pt) -> (Vec<Pt>, Vec<Pt>) {
    let side = |p: Pt| (p - at).dot(axis);
    let (mut low, mut high) = (Vec::new(), Vec::new());
    for i in 0..ring.len() {
        let (p, q) = (ring[i], ring[(i + 1) % ring.len()]);
        let (a, b) = (side(p), side(q));
        if a < 0.0 {
            low.push(p)
        } else {
            high.push(p)
        }
        if (a < 0.0) != (b < 0.0) {
            let cut = p.lerp(q, a / (a - b));
            low.push(cut);
            high.push(cut);
        }
    }
    (low, high)
}

/// A rectangle in the lot, turned as the lot is.
fn footprint(rng: &mut ChaCha8Rng, lot: &[Pt], gap: f64) -> Option<[Pt; 4]> {
    let frame = turned_box(lot);
    let filled = signed_area(lot) / (frame.long * frame.short).max(1.0);
    let w = (frame.long - gap) * rng.random_range(0.72..1.0);
    let h = (frame.short - gap) * rng.random_range(0.6..1.0);
    if w < 14.0 || h < 11.0 || filled < 0.68 {
        return None;
    }
    let (x, y) = (frame.axis * (w / 2.0), frame.axis.left() * (h / 2.0));
    let c = centroid(lot) + pt(rng.random_range(-2.0..2.0), rng.random_range(-2.0..2.0));
    Some([c - x - y, c + x - y, c + x + y, c - x + y])
}
