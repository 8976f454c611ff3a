//! A fix as the geometry sees it.

use crate::{ActivityHint, Fix, Rules, clean::sigma, frame::Frame};

/// Seconds and metres in the frame of its run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Obs {
    pub t_ms: i64,
    /// Seconds since the start of the run.
    pub t: f64,
    pub x: f64,
    pub y: f64,
    /// Standard deviation of the position per axis, metres.
    pub sigma: f64,
    /// From a reported accuracy, not assumed.
    pub sigma_reported: bool,
    /// Reported speed, m/s.
    pub v: Option<f64>,
    /// Reported direction of movement (east, north), known only where speed makes it meaningful.
    pub course: Option<(f64, f64)>,
    pub hint: Option<ActivityHint>,
}

/// A bearing below this speed is noise, m/s.
const COURSE_FROM_MPS: f64 = 1.0;

pub(crate) fn observe(run: &[Fix], frame: &Frame, rules: &Rules) -> Vec<Obs> {
    let start = run.first().map_or(0, |f| f.t_ms);
    run.iter()
        .map(|fix| {
            let (x, y) = frame.xy(fix.at);
            let v = fix.speed_mps.map(f64::from);
            let course = match (v, fix.bearing_deg) {
                (Some(v), Some(b)) if v >= COURSE_FROM_MPS => Some(f64::from(b).to_radians().sin_cos()),
                _ => None,
            };
            let t = (fix.t_ms - start) as f64 / 1000.0;
            Obs {
                t_ms: fix.t_ms,
                t,
                x,
                y,
                sigma: sigma(fix, rules),
                sigma_reported: fix.acc_m.is_some(),
                v,
                course,
                hint: fix.hint,
            }
        })
        .collect()
}
