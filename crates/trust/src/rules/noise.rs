//! The errors themselves. A receiver's error drifts over tens of seconds; numbers drawn at random do not.

use geo::LocalPlane;

use crate::{
    catalogue::Code,
    model::Finding,
    series::{Series, accuracy},
};

pub(crate) fn find(s: &Series, out: &mut Vec<Finding>) {
    at_rest(s, out);
    on_the_way(s, out);
}

/// Sums for a lag-1 correlation pooled over many short series.
#[derive(Default)]
struct Pooled {
    num: f64,
    den: f64,
    n: usize,
    series: usize,
}

impl Pooled {
    /// Adds a series of two-dimensional errors around its own mean.
    fn add(&mut self, errors: &[(f64, f64)]) {
        let n = errors.len() as f64;
        let (mx, my) = errors.iter().fold((0.0, 0.0), |m, e| (m.0 + e.0 / n, m.1 + e.1 / n));
        let c: Vec<(f64, f64)> = errors.iter().map(|e| (e.0 - mx, e.1 - my)).collect();
        self.den += c.iter().map(|e| e.0 * e.0 + e.1 * e.1).sum::<f64>();
        // The mean taken out of a short series pulls its correlation down by about 1/n.
        let fair = n / (n - 1.0).max(1.0);
        self.num += fair * c.windows(2).map(|w| w[0].0 * w[1].0 + w[0].1 * w[1].1).sum::<f64>();
        self.n += errors.len();
        self.series += 1;
    }

    fn rho(&self) -> f64 {
        if self.den > 0.0 { self.num / self.den } else { 1.0 }
    }

    fn rms(&self) -> f64 {
        (self.den / self.n.max(1) as f64).sqrt()
    }
}

fn at_rest(s: &Series, out: &mut Vec<Finding>) {
    let mut fast = Pooled::default();
    let mut slow = Pooled::default();
    for r in &s.rests {
        // A receiver alone, or an app in its place: both are fine and never repeat themselves. Mixed with Wi-Fi placing the
        // errors hop about and say nothing.
        let fixes = &s.fixes[r.from..=r.to];
        let repeats = fixes.windows(2).filter(|w| w[0].at.e7() == w[1].at.e7()).count();
        let coarse = fixes.iter().filter(|f| accuracy(f).is_some_and(|a| a > 20.0)).count();
        if (repeats + coarse) * 20 > fixes.len() {
            continue;
        }
        let plane = LocalPlane::at(r.centre);
        let mut run: Vec<(f64, f64)> = vec![];
        let mut last: Option<usize> = None;
        let mut dts = vec![];
        for i in r.from..=r.to {
            let f = &s.fixes[i];
            // Wi-Fi placing hops between a few coordinates: that is not the error of a receiver.
            let fine = accuracy(f).is_none_or(|a| a <= 25.0);
            let repeated = last.is_some_and(|k| s.fixes[k].at.e7() == f.at.e7());
            if !fine || repeated {
                continue;
            }
            let dt = last.map_or(0.0, |k| (f.t_ms - s.fixes[k].t_ms) as f64 / 1000.0);
            if dt > 150.0 {
                close(&mut run, &mut dts, &mut fast, &mut slow);
            } else if last.is_some() && !run.is_empty() {
                dts.push(dt);
            }
            run.push(plane.xy(f.at));
            last = Some(i);
        }
        close(&mut run, &mut dts, &mut fast, &mut slow);
    }
    // Errors 30 s apart are still alike in a receiver; 1–2 minutes apart only a little.
    for (p, least, below, top) in [(&fast, 50, 0.12, 0.9), (&slow, 90, 0.02, 0.25)] {
        let limit = below - 0.5 / (p.n.max(1) as f64).sqrt() * f64::from(u8::from(top < 0.5));
        if p.n >= least && p.series >= 1 && p.rho() < limit && (0.8..10.0).contains(&p.rms()) {
            let w = 0.45 + 0.05 * p.series as f64 + 0.2 * ((p.n as f64 - 40.0) / 200.0).clamp(0.0, 1.0);
            let numbers =
                [("fixes", p.n as f64), ("rho", p.rho()), ("rms_m", p.rms()), ("rests", p.series as f64)];
            out.push(Finding::new(Code::WhiteNoise, w.min(top), s.whole(), &numbers));
            return;
        }
    }
}

fn close(run: &mut Vec<(f64, f64)>, dts: &mut Vec<f64>, fast: &mut Pooled, slow: &mut Pooled) {
    if run.len() >= 12 {
        let typical = crate::series::median(dts);
        // A receiver that settles, or a walk across the yard, is not a rest: leave the trend out.
        let detrended = detrend(run);
        if typical <= 31.0 {
            fast.add(&detrended);
        } else {
            slow.add(&detrended);
        }
    }
    run.clear();
    dts.clear();
}

fn detrend(run: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let n = run.len() as f64;
    let mid = (n - 1.0) / 2.0;
    let sxx: f64 = (0..run.len()).map(|i| (i as f64 - mid).powi(2)).sum();
    let slope = |get: fn(&(f64, f64)) -> f64| {
        run.iter().enumerate().map(|(i, p)| (i as f64 - mid) * get(p)).sum::<f64>() / sxx.max(1e-9)
    };
    let (bx, by) = (slope(|p| p.0), slope(|p| p.1));
    run.iter().enumerate().map(|(i, p)| (p.0 - bx * (i as f64 - mid), p.1 - by * (i as f64 - mid))).collect()
}

/// Sideways errors on straight stretches of eight fixes. Bends of the road and drift both make neighbours alike;
/// only random numbers make them independent.
fn on_the_way(s: &Series, out: &mut Vec<Finding>) {
    const W: usize = 8;
    let mut pooled = Pooled::default();
    let mut i = 0;
    while i + W <= s.fixes.len() {
        let steps = &s.steps[i..i + W - 1];
        let fine = s.fixes[i..i + W].iter().all(|f| accuracy(f).is_none_or(|a| a <= 30.0));
        let even = steps.iter().all(|st| st.dt <= 16.0 && st.d > 2.0 && st.v > MOVING && st.v < 45.0);
        if !fine || !even {
            i += 1;
            continue;
        }
        let plane = LocalPlane::at(s.fixes[i].at);
        let points: Vec<(f64, f64)> = s.fixes[i..i + W].iter().map(|f| plane.xy(f.at)).collect();
        let (dx, dy) = (points[W - 1].0 - points[0].0, points[W - 1].1 - points[0].1);
        let chord = dx.hypot(dy);
        let path: f64 = steps.iter().map(|st| st.d).sum();
        if chord > 0.8 * path && chord > 40.0 {
            let (ux, uy) = (-dy / chord, dx / chord);
            let across: Vec<(f64, f64)> = points.iter().map(|p| (p.0 * ux + p.1 * uy, 0.0)).collect();
            pooled.add(&detrend(&across));
        }
        i += W;
    }
    let (rho, rms) = (pooled.rho(), pooled.rms());
    // A line taken out of eight independent numbers leaves about −0.15 between neighbours.
    if pooled.series >= 20 && rho < -0.08 && rms > 1.0 {
        let sure = ((pooled.series as f64 - 20.0) / 40.0).clamp(0.0, 1.0) * 0.2
            + ((-0.08 - rho) / 0.08).min(1.0) * 0.2;
        let numbers = [("windows", pooled.series as f64), ("rho", rho), ("rms_m", rms)];
        out.push(Finding::new(Code::WhiteMoving, 0.4 + sure, s.whole(), &numbers));
    }
}

const MOVING: f64 = 1.5;
