//! Cuts the faces between avenues into blocks. Every cut is a new street across the middle of a face;
//! where it comes near a street that ends on the other side, it continues that one.

use rand::Rng;
use rand_chacha::ChaCha8Rng;

use crate::mesh::{BORDER, Mesh, StreetId};
use crate::shape::{Pt, crossing, pt, signed_area, turned_box};
use crate::street::StreetClass;

/// What a face of the street net holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    Built,
    Park,
    /// Lake, hill or river: not cut.
    Open,
}

pub struct Block {
    pub ring: Vec<u32>,
    pub purpose: Use,
}

/// A cut is at least this far from the next junction, unless it meets it.
const CLEAR_M: f64 = 55.0;
const CATCH_M: f64 = 42.0;

/// Cuts all faces. `open` says which may not be cut; `target_m2` how large a block should be at a place.
/// New streets are appended to `classes`, whose index is the street id.
pub fn subdivide(
    mesh: &mut Mesh,
    rng: &mut ChaCha8Rng,
    classes: &mut Vec<StreetClass>,
    open: impl Fn(&[Pt]) -> bool,
    target_m2: impl Fn(Pt) -> f64,
) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut todo: Vec<Vec<u32>> = mesh.faces();
    todo.reverse();
    while let Some(face) = todo.pop() {
        let face = mesh.refreshed(&face);
        let ring = mesh.ring(&face);
        if open(&ring) {
            blocks.push(Block { ring: face, purpose: Use::Open });
            continue;
        }
        let area = signed_area(&ring);
        let frame = turned_box(&ring);
        let target = target_m2(frame.centre) * rng.random_range(0.75..1.45);
        // Large lawns lie outside the old town, where land was cheap.
        let largest = if target < 90_000.0 { 90_000.0 } else { 260_000.0 };
        let park = (50_000.0..largest).contains(&area) && frame.short > 190.0 && rng.random_bool(0.035);
        let small = area < target || frame.long < 150.0;
        if park || small {
            let pocket = small && area > 9_000.0 && rng.random_bool(0.025);
            blocks.push(Block { ring: face, purpose: if park || pocket { Use::Park } else { Use::Built } });
            continue;
        }
        let class = if area > 620_000.0 { StreetClass::Street } else { StreetClass::Lane };
        let street = classes.len() as StreetId;
        match cut(mesh, rng, &face, &ring, street) {
            Some((a, b)) => {
                classes.push(class);
                todo.push(a);
                todo.push(b);
            }
            None => blocks.push(Block { ring: face, purpose: Use::Built }),
        }
    }
    for block in &mut blocks {
        block.ring = mesh.refreshed(&block.ring);
    }
    blocks
}

fn cut(
    mesh: &mut Mesh,
    rng: &mut ChaCha8Rng,
    face: &[u32],
    ring: &[Pt],
    street: StreetId,
) -> Option<(Vec<u32>, Vec<u32>)> {
    let frame = turned_box(ring);
    for attempt in 0..5 {
        let shift = rng.random_range(-0.11..0.11) * (1.0 + f64::from(attempt) * 0.5);
        let middle = frame.centre + frame.axis * (frame.long * shift);
        let across = frame.axis.left().rotate(rng.random_range(-0.05..0.05));
        let Some((first, second)) = chord(ring, middle, across) else { continue };
        let Some(a) = landing(mesh, face, ring, first) else { continue };
        let Some(b) = landing(mesh, face, ring, second) else { continue };
        let (pa, pb) = (place(mesh, &a), place(mesh, &b));
        let length = (pb - pa).len();
        if length < 60.0 || !lies_within(ring, pa, pb) {
            continue;
        }
        let (a, b) = (settle(mesh, a), settle(mesh, b));
        if a == b || mesh.segments.contains_key(&crate::mesh::key(a, b)) {
            return None;
        }
        let bend = (length > 130.0).then(|| {
            let sway = rng.random_range(-0.028..0.028);
            pa.lerp(pb, rng.random_range(0.4..0.6)) + (pb - pa).left() * sway
        });
        let way = mesh.connect(a, b, bend, street);
        return halves(&mesh.refreshed(face), &way);
    }
    None
}

/// The pair of sides that a line through `middle` cuts, the nearest on either hand: side and place.
fn chord(ring: &[Pt], middle: Pt, across: Pt) -> Option<((usize, Pt), (usize, Pt))> {
    let n = ring.len();
    let far = across * 20_000.0;
    let mut hits: Vec<(f64, usize, Pt)> = (0..n)
        .filter_map(|i| {
            let (t, _) = crossing(middle - far, middle + far, ring[i], ring[(i + 1) % n])?;
            let p = (middle - far).lerp(middle + far, t);
            Some(((p - middle).dot(across), i, p))
        })
        .collect();
    hits.sort_by(|a, b| a.0.total_cmp(&b.0));
    // Inside lies between the first and second hit, the third and fourth, and so on.
    hits.chunks_exact(2)
        .find(|pair| pair[0].0 <= 0.0 && pair[1].0 >= 0.0)
        .map(|pair| ((pair[0].1, pair[0].2), (pair[1].1, pair[1].2)))
}

enum Landing {
    Vertex(u32),
    Side((u32, u32), Pt),
}

/// Where a cut ends: at a junction that waits for it, or on the side itself, clear of other junctions.
fn landing(mesh: &Mesh, face: &[u32], ring: &[Pt], (side, at): (usize, Pt)) -> Option<Landing> {
    let n = ring.len();
    let near: Vec<(f64, u32)> =
        (0..n).map(|i| ((ring[i] - at).len(), face[i])).filter(|(d, _)| *d < CLEAR_M).collect();
    let waiting = near.iter().filter(|(d, v)| *d < CATCH_M && mesh.degree(*v) == 3);
    if let Some(&(_, v)) = waiting.min_by(|a, b| a.0.total_cmp(&b.0)) {
        // Not into a corner of this very face: there the two sides already meet.
        let i = face.iter().position(|&f| f == v)?;
        let (p, q) = (ring[(i + n - 1) % n], ring[(i + 1) % n]);
        let straight = (ring[i] - p).unit().dot((q - ring[i]).unit()) > 0.85;
        return straight.then_some(Landing::Vertex(v));
    }
    if near.iter().any(|(_, v)| mesh.degree(*v) > 2) {
        return None;
    }
    let (a, b) = (face[side], face[(side + 1) % n]);
    if let Some(&(_, v)) = near.iter().find(|(d, v)| *d < 14.0 && mesh.degree(*v) == 2 && [a, b].contains(v))
    {
        return Some(Landing::Vertex(v));
    }
    let street = mesh.segments.get(&crate::mesh::key(a, b))?;
    (*street != BORDER || (mesh.p(a) - mesh.p(b)).len() > 2.0 * CLEAR_M).then_some(Landing::Side((a, b), at))
}

fn place(mesh: &Mesh, landing: &Landing) -> Pt {
    match landing {
        Landing::Vertex(v) => mesh.p(*v),
        Landing::Side(_, at) => *at,
    }
}

fn settle(mesh: &mut Mesh, landing: Landing) -> u32 {
    match landing {
        Landing::Vertex(v) => v,
        Landing::Side((a, b), at) => mesh.divide(crate::mesh::key(a, b), at),
    }
}

/// The way between two places of the edge does not leave the face.
fn lies_within(ring: &[Pt], a: Pt, b: Pt) -> bool {
    [0.1, 0.3, 0.5, 0.7, 0.9].iter().all(|&t| crate::shape::inside(a.lerp(b, t), ring))
}

/// The two faces left and right of a way from one vertex of the ring to another.
fn halves(ring: &[u32], way: &[u32]) -> Option<(Vec<u32>, Vec<u32>)> {
    let (first, last) = (*way.first()?, *way.last()?);
    let i = ring.iter().position(|&v| v == first)?;
    let j = ring.iter().position(|&v| v == last)?;
    let n = ring.len();
    let run = |from: usize, to: usize| -> Vec<u32> {
        (0..(to + n - from) % n).map(|k| ring[(from + k) % n]).collect()
    };
    // From the end of the way along the ring back to its start, then over the way.
    let mut one = run(j, i);
    one.extend(&way[..way.len() - 1]);
    let mut two = run(i, j);
    two.extend(way[1..].iter().rev());
    Some((one, two))
}

/// How large a block is by its distance to the heart of the town, m².
pub fn block_target_m2(place: Pt, heart: Pt) -> f64 {
    let d = pt((place.x - heart.x) * 0.85, place.y - heart.y).len();
    match d {
        d if d < 1_500.0 => 26_000.0,
        d if d < 3_200.0 => 36_000.0 + (d - 1_500.0) * 8.0,
        d if d < 6_000.0 => 50_000.0 + (d - 3_200.0) * 24.0,
        d => 117_000.0 + (d - 6_000.0) * 32.0,
    }
}
