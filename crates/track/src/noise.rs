//! How noisy a receiver really is, measured on its own track.
//!
//! Some trackers report no accuracy, others a flattering one. On straight road the middle one of three fixes
//! lies off the line of the outer two by its error only; the smallest of these offsets look past the
//! corners.

use crate::obs::Obs;

/// Time between the three fixes, at least, seconds.
const LAG_S: f64 = 8.0;
/// Correlation time of the position error, seconds.
const TAU_S: f64 = 20.0;
/// Fewer offsets than this say nothing.
const ENOUGH: usize = 20;

/// Scales the standard deviations to what the track shows.
pub(crate) fn calibrate(obs: &mut [Obs]) {
    if let Some(factor) = factor(obs) {
        for o in obs.iter_mut() {
            // what the receiver says counts as much as what its track shows
            let factor = if o.sigma_reported { factor.sqrt() } else { factor };
            o.sigma = (o.sigma * factor).max(1.0);
        }
    }
}

/// Observed noise against assumed noise; `None` when the track does not show it.
fn factor(obs: &[Obs]) -> Option<f64> {
    let mut offsets = Vec::new();
    let mut i = 0;
    while i < obs.len() {
        let j = obs.partition_point(|o| o.t < obs[i].t + LAG_S);
        if j >= obs.len() {
            break;
        }
        let step = obs[j].t - obs[i].t;
        let k = obs.partition_point(|o| o.t < obs[j].t + step);
        if k >= obs.len() {
            break;
        }
        let (a, b, c) = (&obs[i], &obs[j], &obs[k]);
        let (cx, cy) = (c.x - a.x, c.y - a.y);
        let chord = cx.hypot(cy);
        let even = (c.t - b.t) < 1.5 * step;
        let (turned, longest) = match (a.course, b.course, c.course) {
            (Some(p), Some(q), Some(r)) => {
                (p.0 * q.0 + p.1 * q.1 < 0.99 || q.0 * r.0 + q.1 * r.1 < 0.99, 40.0)
            }
            _ => (false, 15.0),
        };
        if chord > (4.0 * step).max(40.0) && even && step < longest && !turned {
            let off = ((b.x - a.x) * cy - (b.y - a.y) * cx).abs() / chord;
            let rho = (-step / TAU_S).exp();
            let expected = b.sigma * (1.5 - 2.0 * rho + 0.5 * rho * rho).sqrt();
            offsets.push(off / expected.max(0.1));
        }
        i += 1 + (j - i) / 4;
    }
    if offsets.len() < ENOUGH {
        return None;
    }
    offsets.sort_by(f64::total_cmp);
    // the value below which 15 % of the absolute values of a standard normal lie
    Some((offsets[offsets.len() * 15 / 100] / 0.1891).clamp(0.4, 3.0))
}
