//! Length of the way between two nodes.

use crate::{frame::Frame, smooth::Node};

/// Length of the cubic Hermite arc between two nodes in metres: the mean path of the constant-velocity model,
/// capped so that a bad velocity cannot invent a loop.
pub(crate) fn length_m(a: &Node, b: &Node, frame: &Frame) -> f64 {
    let dt = b.t - a.t;
    if dt <= 0.0 {
        return 0.0;
    }
    let scale = frame.east_scale((a.y + b.y) / 2.0);
    let (dx, dy) = ((b.x - a.x) * scale, b.y - a.y);
    let (ax, bx) = (a.vx * scale * dt, b.vx * scale * dt);
    let (ay, by) = (a.vy * dt, b.vy * dt);
    let chord = dx.hypot(dy);
    // derivative of the Hermite basis at the nodes and weights of a five-point Gauss rule on [0, 1]
    const GAUSS: [(f64, f64); 5] = [
        (0.046_910_077_030_668, 0.118_463_442_528_095),
        (0.230_765_344_947_158, 0.239_314_335_249_683),
        (0.5, 0.284_444_444_444_444),
        (0.769_234_655_052_842, 0.239_314_335_249_683),
        (0.953_089_922_969_332, 0.118_463_442_528_095),
    ];
    let arc: f64 = GAUSS
        .iter()
        .map(|(u, w)| {
            let (h1, h2, h3) = (6.0 * u - 6.0 * u * u, 1.0 - 4.0 * u + 3.0 * u * u, 3.0 * u * u - 2.0 * u);
            w * (h1 * dx + h2 * ax + h3 * bx).hypot(h1 * dy + h2 * ay + h3 * by)
        })
        .sum();
    arc.clamp(chord, 1.6 * chord + 5.0)
}
