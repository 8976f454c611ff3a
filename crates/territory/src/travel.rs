//! The driving of a month, estimated; and the line round an area.

use geo::{LngLat, LocalPlane};

use crate::ground::{middle, square};

/// Roads over straight lines.
const DETOUR: f64 = 1.35;
/// The length of a good round through points strewn evenly is 0.7124 √(area · n), the mean distance to the nearest
/// of them 0.5 √(area / n): a hop of the round is 1.42 of the latter (Beardwood, Halton and Hammersley 1959).
const HOP: f64 = 1.42;

/// Metres driven in a month: from customer to customer, and on each of so many days out from the start and back.
/// `visits` are places with their visits a month. An estimate for comparing areas, not a mileage.
pub fn month_m(visits: &[(LngLat, f64)], start: Option<LngLat>, days: f64) -> f64 {
    let count: f64 = visits.iter().map(|v| v.1).sum();
    if visits.is_empty() || count <= 0.0 {
        return 0.0;
    }
    let places: Vec<LngLat> = visits.iter().map(|v| v.0).collect();
    let plane = LocalPlane::at(middle(&places));
    let mut xy: Vec<((f64, f64), f64)> = visits.iter().map(|v| (plane.xy(v.0), v.1)).collect();
    xy.sort_by(|a, b| a.0.0.total_cmp(&b.0.0));
    let nearest = |k: usize| {
        let mut best = f64::INFINITY;
        let here = xy[k].0;
        let ahead = xy[k + 1..].iter().take_while(|p| (p.0.0 - here.0).powi(2) < best);
        // Both directions end as soon as the difference in x alone is too much.
        for p in ahead.map(|p| p.0).collect::<Vec<_>>() {
            best = best.min(square(p, here));
        }
        for p in xy[..k].iter().rev() {
            if (p.0.0 - here.0).powi(2) >= best {
                break;
            }
            best = best.min(square(p.0, here));
        }
        if best.is_finite() { best.sqrt() } else { 0.0 }
    };
    let hop: f64 = (0..xy.len()).map(|k| nearest(k) * xy[k].1).sum::<f64>() / count;
    let hops = HOP * hop * (count - days).max(0.0);
    let out = start.map_or(0.0, |s| {
        let s = plane.xy(s);
        xy.iter().map(|(p, n)| square(*p, s).sqrt() * n).sum::<f64>() / count
    });
    DETOUR * (hops + 2.0 * out * days.min(count))
}

/// Corners of the smallest convex shape round places, counter-clockwise; fewer than three when they lie on a line.
pub fn outline(places: &[LngLat]) -> Vec<LngLat> {
    if places.is_empty() {
        return vec![];
    }
    let plane = LocalPlane::at(middle(places));
    let mut xy: Vec<(f64, f64)> = places.iter().map(|p| plane.xy(*p)).collect();
    xy.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    xy.dedup();
    let turn =
        |o: (f64, f64), a: (f64, f64), b: (f64, f64)| (a.0 - o.0) * (b.1 - o.1) - (a.1 - o.1) * (b.0 - o.0);
    let half = |points: &mut dyn Iterator<Item = (f64, f64)>| {
        let mut chain: Vec<(f64, f64)> = vec![];
        for p in points {
            while chain.len() > 1 && turn(chain[chain.len() - 2], chain[chain.len() - 1], p) <= 0.0 {
                chain.pop();
            }
            chain.push(p);
        }
        chain.pop();
        chain
    };
    let mut all = half(&mut xy.iter().copied());
    all.extend(half(&mut xy.iter().rev().copied()));
    all.into_iter().map(|(x, y)| plane.lng_lat(x, y)).collect()
}
