//! Length of the way between two nodes.

use crate::{frame::Frame, smooth::Node};

/// Share of the variance of a velocity that lies across the movement: what is not known about a vehicle is
/// mostly when it braked.
const ACROSS: f64 = 0.7;

/// Expected length of the way between two nodes in metres. The mean path of the constant-velocity model is
/// the cubic Hermite arc; the way itself is longer, because it swings round the mean with the variance of
/// what is known at the nodes and with the turns in between (E|v| ≈ √(|v̄|² + σ²)). `winding` is the squared
/// change of direction a metre, rad²/m. Capped so that a bad velocity cannot invent a loop.
pub(crate) fn length_m(a: &Node, b: &Node, winding: f64, frame: &Frame) -> f64 {
    let dt = b.t - a.t;
    if dt <= 0.0 {
        return 0.0;
    }
    let scale = frame.east_scale((a.y + b.y) / 2.0);
    let (dx, dy) = ((b.x - a.x) * scale, b.y - a.y);
    let chord = dx.hypot(dy);
    let (mut ax, mut bx) = (a.vx * scale * dt, b.vx * scale * dt);
    let (mut ay, mut by) = (a.vy * dt, b.vy * dt);
    // somebody who was faster at the ends than on the whole has waited in between, not rolled back: keep the
    // arc monotone along the chord (Fritsch–Carlson)
    let (along_a, along_b) = (ax * dx + ay * dy, bx * dx + by * dy);
    let steep = along_a.hypot(along_b) / (chord * chord).max(1e-9);
    if along_a >= 0.0 && along_b >= 0.0 && steep > 3.0 {
        let keep = 3.0 / steep;
        (ax, ay, bx, by) = (ax * keep, ay * keep, bx * keep, by * keep);
    }
    let turns = winding * chord * chord * chord;
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
            let (x, y) = (h1 * dx + h2 * ax + h3 * bx, h1 * dy + h2 * ay + h3 * by);
            let bridge = u * (1.0 - u);
            let known = variance(a, b, [-h1 / dt, h2], [h1 / dt, h3]);
            let swing = ACROSS * known * dt * dt + turns * (bridge - 3.0 * bridge * bridge);
            w * (x * x + y * y + swing).sqrt()
        })
        .sum();
    // in half a minute a turn is a bend of the road, in a whole one it is a street corner
    let late = ((dt - 30.0) / 30.0).clamp(0.0, 1.0);
    let corner = corners_m(a, b, scale, dx, dy).filter(|_| late > 0.0);
    (arc + corner.map_or(0.0, |(l, w)| late * w * (l - arc).max(0.0))).clamp(chord, 1.6 * chord + 5.0)
}

/// Length along straight streets with the known directions at both ends (one corner when both turn the same
/// way, two when the way goes on in the same direction beside the first), and how much such a corner is to be
/// believed in, 0 to 1. `None` where the directions are not known well enough.
fn corners_m(a: &Node, b: &Node, scale: f64, dx: f64, dy: f64) -> Option<(f64, f64)> {
    let chord = dx.hypot(dy);
    let (va, vb) = ((a.vx * scale, a.vy), (b.vx * scale, b.vy));
    let sure = |n: &Node, v: (f64, f64)| {
        let v2 = v.0 * v.0 + v.1 * v.1;
        v2 > 6.0 && n.cov[1][1] < 0.04 * v2
    };
    if chord < 20.0 || !sure(a, va) || !sure(b, vb) {
        return None;
    }
    // angles from the first direction to the chord and from the chord to the last direction
    let angle = |u: (f64, f64), v: (f64, f64)| (u.0 * v.1 - u.1 * v.0).atan2(u.0 * v.0 + u.1 * v.1);
    let (alpha, beta) = (angle(va, (dx, dy)), angle((dx, dy), vb));
    let step = |x: f64, from: f64, to: f64| {
        let u = ((x.to_degrees() - from) / (to - from)).clamp(0.0, 1.0);
        u * u * (3.0 - 2.0 * u)
    };
    let turn = alpha.abs() + beta.abs();
    if alpha * beta > 0.0 {
        let length = chord * (alpha.abs().sin() + beta.abs().sin()) / turn.sin();
        (turn < 2.3).then_some((length, step(turn, 25.0, 60.0)))
    } else {
        let gamma = turn / 2.0;
        let parallel = (alpha + beta).abs() < 0.5 && gamma < 1.4;
        parallel.then_some((chord * (gamma.cos() + gamma.sin()), step(gamma, 12.0, 35.0)))
    }
}

/// Variance of `wa · (position, velocity at a) + wb · (position, velocity at b)`, per axis.
fn variance(a: &Node, b: &Node, wa: [f64; 2], wb: [f64; 2]) -> f64 {
    let form = |m: &[[f64; 2]; 2], u: [f64; 2], w: [f64; 2]| {
        u[0] * (m[0][0] * w[0] + m[0][1] * w[1]) + u[1] * (m[1][0] * w[0] + m[1][1] * w[1])
    };
    (form(&a.cov, wa, wa) + 2.0 * form(&b.cross, wa, wb) + form(&b.cov, wb, wb)).max(0.0)
}
