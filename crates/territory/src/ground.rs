//! Customers on a flat grid, and who is next to whom.

use delaunator::{EMPTY, triangulate};
use geo::{LngLat, LocalPlane};

use crate::Question;

/// In a list of seats: not given to anybody yet.
pub const NOBODY: usize = usize::MAX;

/// The geometry of a question.
pub struct Ground {
    /// Metres on a flat grid; no two customers share a place.
    pub xy: Vec<(f64, f64)>,
    /// Where the days of each seat begin, on the same grid.
    pub starts: Vec<Option<(f64, f64)>>,
    /// Neighbours of each customer on the proximity graph, which is connected.
    pub near: Vec<Vec<u32>>,
    /// Square of a usual area's radius, metres².
    pub scale: f64,
}

impl Ground {
    pub fn of(question: &Question) -> Ground {
        let places: Vec<LngLat> = question.points.iter().map(|p| p.at).collect();
        let plane = LocalPlane::at(middle(&places));
        let xy = apart(places.iter().map(|p| plane.xy(*p)).collect());
        let starts = question.seats.iter().map(|s| s.start.map(|p| plane.xy(p))).collect();
        let near = proximity(&xy);
        let scale = (spread(&xy) / question.seats.len() as f64).max(1e-6);
        Ground { xy, starts, near, scale }
    }
}

pub fn square((ax, ay): (f64, f64), (bx, by): (f64, f64)) -> f64 {
    (ax - bx) * (ax - bx) + (ay - by) * (ay - by)
}

/// The mean of places as directions from the middle of the earth, so that the antimeridian is nothing special.
pub fn middle(places: &[LngLat]) -> LngLat {
    let first = places.first().copied();
    let (mut x, mut y, mut z) = (0.0, 0.0, 0.0);
    for p in places {
        let (lng, lat) = (p.lng().to_radians(), p.lat().to_radians());
        x += lat.cos() * lng.cos();
        y += lat.cos() * lng.sin();
        z += lat.sin();
    }
    let flat = x.hypot(y);
    // Round a pole there is no mean longitude; the grid there is poor anyway.
    let lng = if flat > 1e-9 { y.atan2(x).to_degrees() } else { first.map_or(0.0, LngLat::lng) };
    let mean = LngLat::new(lng, z.atan2(flat).to_degrees()).ok();
    mean.or(first).or_else(|| LngLat::from_e7(0, 0).ok()).unwrap_or_else(|| places[0])
}

/// Mean square distance from the mean.
fn spread(xy: &[(f64, f64)]) -> f64 {
    let n = xy.len().max(1) as f64;
    let mean = (xy.iter().map(|p| p.0).sum::<f64>() / n, xy.iter().map(|p| p.1).sum::<f64>() / n);
    xy.iter().map(|p| square(*p, mean)).sum::<f64>() / n
}

/// Customers at one place (a market hall) are set a hand's breadth apart, on a spiral, so that they can be divided like
/// any others.
fn apart(mut xy: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    const GOLDEN: f64 = 2.399_963_229_728_653;
    const STEP_M: f64 = 0.1;
    let mut order: Vec<usize> = (0..xy.len()).collect();
    let cell = |p: (f64, f64)| ((p.0 * 10.0).round() as i64, (p.1 * 10.0).round() as i64);
    order.sort_by_key(|k| (cell(xy[*k]), *k));
    let mut same = 0;
    let mut before = None;
    for k in order {
        let here = cell(xy[k]);
        same = if before == Some(here) { same + 1 } else { 0 };
        before = Some(here);
        let (turn, far) = (f64::from(same) * GOLDEN, f64::from(same).sqrt() * STEP_M);
        if same > 0 {
            xy[k] = (xy[k].0 + far * turn.cos(), xy[k].1 + far * turn.sin());
        }
    }
    xy
}

/// Who is next to whom: a Delaunay edge, when no third sees it under more than 120°. (Under 90° it would be the Gabriel
/// graph, which holds the shortest spanning tree; so this one is connected too.) What is left out are the long edges
/// round the outside, over which nobody would call two customers neighbours.
pub fn proximity(xy: &[(f64, f64)]) -> Vec<Vec<u32>> {
    let points: Vec<delaunator::Point> = xy.iter().map(|p| delaunator::Point { x: p.0, y: p.1 }).collect();
    let mesh = triangulate(&points);
    let mut edges: Vec<(usize, usize)> = vec![];
    let third = |half: usize| mesh.triangles[if half.is_multiple_of(3) { half + 2 } else { half - 1 }];
    for (half, &from) in mesh.triangles.iter().enumerate() {
        let to = mesh.triangles[if half % 3 == 2 { half - 2 } else { half + 1 }];
        let twin = mesh.halfedges[half];
        if twin != EMPTY && twin < half {
            continue;
        }
        // Of a Delaunay edge only the two corners opposite can stand so near. By the law of cosines.
        let outside = |k: usize| {
            let (a, b) = (square(xy[from], xy[k]), square(xy[to], xy[k]));
            a + b + (a * b).sqrt() >= square(xy[from], xy[to])
        };
        if outside(third(half)) && (twin == EMPTY || outside(third(twin))) {
            edges.push((from.min(to), from.max(to)));
        }
    }
    if mesh.triangles.is_empty() {
        // All on one line.
        let mut line: Vec<usize> = (0..xy.len()).collect();
        line.sort_by(|a, b| xy[*a].0.total_cmp(&xy[*b].0).then(xy[*a].1.total_cmp(&xy[*b].1)));
        edges.extend(line.windows(2).map(|w| (w[0], w[1])));
    }
    join(xy, &mut edges);
    edges.sort_unstable();
    edges.dedup();
    let mut near = vec![vec![]; xy.len()];
    for (a, b) in edges {
        near[a].push(b as u32);
        near[b].push(a as u32);
    }
    near
}

/// Joins what rounding may have left apart to the nearest of the others.
fn join(xy: &[(f64, f64)], edges: &mut Vec<(usize, usize)>) {
    let mut root: Vec<usize> = (0..xy.len()).collect();
    fn find(root: &mut [usize], mut k: usize) -> usize {
        while root[k] != k {
            root[k] = root[root[k]];
            k = root[k];
        }
        k
    }
    for (a, b) in edges.iter() {
        let (a, b) = (find(&mut root, *a), find(&mut root, *b));
        root[a] = b;
    }
    loop {
        let roots: Vec<usize> = (0..xy.len()).map(|k| find(&mut root, k)).collect();
        // The smallest piece is joined first: it is searched from.
        let mut sizes = vec![0_usize; xy.len()];
        roots.iter().for_each(|r| sizes[*r] += 1);
        let Some(piece) = (0..xy.len()).filter(|k| sizes[*k] > 0).min_by_key(|k| (sizes[*k], *k)) else {
            return;
        };
        if sizes[piece] == xy.len() {
            return;
        }
        let inside = (0..xy.len()).filter(|k| roots[*k] == piece);
        let pairs = inside.flat_map(|a| (0..xy.len()).filter(|b| roots[*b] != piece).map(move |b| (a, b)));
        let Some((a, b)) = pairs.min_by(|l, r| square(xy[l.0], xy[l.1]).total_cmp(&square(xy[r.0], xy[r.1])))
        else {
            return;
        };
        edges.push((a.min(b), a.max(b)));
        root[piece] = roots[b];
    }
}
