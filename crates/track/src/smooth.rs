//! Optimal smoothing of one movement: a constant-velocity Kalman filter with a slowly wandering position
//! error (the errors of a receiver are the same error for some twenty seconds), run backwards by
//! Rauch–Tung–Striebel, with Student-t weights so that an outlier loses its pull.
//!
//! Noise is taken as round, so both axes share one covariance.

use crate::{frame::Frame, obs::Obs};

/// A node of the smoothed movement.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Node {
    pub t: f64,
    pub x: f64,
    pub y: f64,
    pub vx: f64,
    pub vy: f64,
    /// Covariance of position and velocity per axis: `[[pp, pv], [vp, vv]]`.
    pub cov: [[f64; 2]; 2],
    /// Covariance of position and velocity at the node before (rows) with those here (columns).
    pub cross: [[f64; 2]; 2],
}

/// A measurement for the filter.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen {
    pub t: f64,
    pub x: f64,
    pub y: f64,
    pub sigma: f64,
    /// Velocity in the grid and its standard deviation per axis, m/s.
    pub velocity: Option<(f64, f64, f64)>,
    /// Standing still here.
    pub still: bool,
    /// Acceleration density of the interval that ends here, m²/s³.
    pub q: f64,
    /// How winding the way is: squared change of direction a metre, rad²/m.
    pub winding: f64,
}

impl Seen {
    pub(crate) fn from_obs(o: &Obs, still: bool, frame: &Frame) -> Seen {
        let scale = frame.east_scale(o.y);
        let velocity = match (o.v, o.course) {
            _ if still => Some((0.0, 0.0, 0.05)),
            (Some(v), _) if v < 0.3 => Some((0.0, 0.0, 0.2)),
            (Some(v), Some((e, n))) => Some((v * e / scale, v * n, 0.4 + 0.02 * v)),
            _ => None,
        };
        Seen { t: o.t, x: o.x, y: o.y, sigma: o.sigma, velocity, still, q: 1.0, winding: 0.0 }
    }
}

type M = [[f64; 3]; 3];
type V = [f64; 3];

/// Correlation time of the position error, seconds.
const TAU: f64 = 20.0;
/// Acceleration density while standing still, m²/s³.
const Q_STILL: f64 = 1e-6;
/// Degrees of freedom of the Student-t measurement error.
const NU: f64 = 4.0;

#[derive(Clone, Copy)]
struct Step {
    pred_x: V,
    pred_y: V,
    pred_p: M,
    x: V,
    y: V,
    p: M,
    f: M,
}

/// Smoothed positions and velocities at the measurements.
pub(crate) fn smooth(seen: &[Seen]) -> Vec<Node> {
    let mut weights = vec![1.0; seen.len()];
    let mut nodes = Vec::new();
    for round in 0..3 {
        nodes = pass(seen, &weights);
        if round < 2 {
            for (k, s) in seen.iter().enumerate() {
                let r2 = ((s.x - nodes[k].x).powi(2) + (s.y - nodes[k].y).powi(2)) / (s.sigma * s.sigma);
                weights[k] = (NU + 2.0) / (NU + r2);
            }
        }
    }
    nodes
}

fn pass(seen: &[Seen], weights: &[f64]) -> Vec<Node> {
    let n = seen.len();
    let mut steps: Vec<Step> = Vec::with_capacity(n);
    for k in 0..n {
        let s = &seen[k];
        let var = s.sigma * s.sigma / weights[k];
        let (bias, white) = (0.8 * var, 0.2 * var);
        let (f, px, py, pp) = match steps.last() {
            None => {
                let p = [[1e6, 0.0, 0.0], [0.0, 400.0, 0.0], [0.0, 0.0, bias]];
                (identity(), [s.x, 0.0, 0.0], [s.y, 0.0, 0.0], p)
            }
            Some(last) => {
                let dt = (s.t - seen[k - 1].t).max(1e-3);
                let q = if s.still && seen[k - 1].still { Q_STILL } else { s.q };
                let keep = (-dt / TAU).exp();
                let f = [[1.0, dt, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, keep]];
                let mut p = mul(&mul(&f, &last.p), &transpose(&f));
                p[0][0] += q * dt * dt * dt / 3.0;
                p[0][1] += q * dt * dt / 2.0;
                p[1][0] += q * dt * dt / 2.0;
                p[1][1] += q * dt;
                p[2][2] += bias * (1.0 - keep * keep);
                (f, apply(&f, &last.x), apply(&f, &last.y), p)
            }
        };
        let (mut x, mut y, mut p) = (px, py, pp);
        update(&mut x, &mut y, &mut p, [1.0, 0.0, 1.0], s.x, s.y, white.max(0.25));
        if let Some((vx, vy, sd)) = s.velocity {
            update(&mut x, &mut y, &mut p, [0.0, 1.0, 0.0], vx, vy, sd * sd);
        }
        steps.push(Step { pred_x: px, pred_y: py, pred_p: pp, x, y, p, f });
    }
    let mut nodes = vec![Node::default(); n];
    let corner = |m: &M| [[m[0][0], m[0][1]], [m[1][0], m[1][1]]];
    let (mut sx, mut sy, mut sp) = ([0.0; 3], [0.0; 3], [[0.0; 3]; 3]);
    for k in (0..n).rev() {
        let st = &steps[k];
        if k + 1 == n {
            (sx, sy, sp) = (st.x, st.y, st.p);
        } else {
            let next = &steps[k + 1];
            let gain = mul(&mul(&st.p, &transpose(&next.f)), &invert(&next.pred_p));
            sx = add(&st.x, &apply(&gain, &sub(&sx, &next.pred_x)));
            sy = add(&st.y, &apply(&gain, &sub(&sy, &next.pred_y)));
            nodes[k + 1].cross = corner(&mul(&gain, &sp));
            let excess = minus(&sp, &next.pred_p);
            sp = plus(&st.p, &mul(&mul(&gain, &excess), &transpose(&gain)));
        }
        nodes[k] =
            Node { t: seen[k].t, x: sx[0], y: sy[0], vx: sx[1], vy: sy[1], cov: corner(&sp), ..nodes[k] };
    }
    nodes
}

/// Scalar measurement `h·state = z` of both axes with variance `r`.
fn update(x: &mut V, y: &mut V, p: &mut M, h: V, zx: f64, zy: f64, r: f64) {
    let ph = apply(p, &h);
    let s = dot(&h, &ph) + r;
    let gain = [ph[0] / s, ph[1] / s, ph[2] / s];
    let (ex, ey) = (zx - dot(&h, x), zy - dot(&h, y));
    for i in 0..3 {
        x[i] += gain[i] * ex;
        y[i] += gain[i] * ey;
    }
    for i in 0..3 {
        for j in 0..3 {
            p[i][j] -= gain[i] * ph[j];
        }
    }
    // keep it symmetric against rounding
    for (i, j) in [(1, 0), (2, 0), (2, 1)] {
        let mean = (p[i][j] + p[j][i]) / 2.0;
        p[i][j] = mean;
        p[j][i] = mean;
    }
}

fn identity() -> M {
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
}

fn transpose(a: &M) -> M {
    let mut t = *a;
    for (i, row) in a.iter().enumerate() {
        for (j, v) in row.iter().enumerate() {
            t[j][i] = *v;
        }
    }
    t
}

fn mul(a: &M, b: &M) -> M {
    let mut c = [[0.0; 3]; 3];
    for (i, row) in c.iter_mut().enumerate() {
        for (j, v) in row.iter_mut().enumerate() {
            *v = (0..3).map(|k| a[i][k] * b[k][j]).sum();
        }
    }
    c
}

fn apply(a: &M, v: &V) -> V {
    [dot(&a[0], v), dot(&a[1], v), dot(&a[2], v)]
}

fn dot(a: &V, b: &V) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn plus(a: &M, b: &M) -> M {
    let mut c = *a;
    for (row, add) in c.iter_mut().zip(b) {
        for (v, w) in row.iter_mut().zip(add) {
            *v += w;
        }
    }
    c
}

fn minus(a: &M, b: &M) -> M {
    let mut c = *a;
    for (row, sub) in c.iter_mut().zip(b) {
        for (v, w) in row.iter_mut().zip(sub) {
            *v -= w;
        }
    }
    c
}

fn add(a: &V, b: &V) -> V {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

fn sub(a: &V, b: &V) -> V {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

/// Inverse of a symmetric positive definite matrix by cofactors.
fn invert(a: &M) -> M {
    let c = |i: usize, j: usize| {
        let (r, s) = ((i + 1) % 3, (i + 2) % 3);
        let (u, v) = ((j + 1) % 3, (j + 2) % 3);
        a[r][u] * a[s][v] - a[r][v] * a[s][u]
    };
    let det = a[0][0] * c(0, 0) + a[0][1] * c(0, 1) + a[0][2] * c(0, 2);
    let det = if det.abs() < 1e-300 { 1e-300 } else { det };
    let mut out = [[0.0; 3]; 3];
    for (i, row) in out.iter_mut().enumerate() {
        for (j, v) in row.iter_mut().enumerate() {
            *v = c(j, i) / det;
        }
    }
    out
}
