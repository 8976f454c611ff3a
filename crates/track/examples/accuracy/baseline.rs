//! What others do, for comparison.

use geo::LngLat;
use track::Fix;

/// Sum of straight lines.
pub fn naive(fixes: &[Fix]) -> f64 {
    fixes.windows(2).map(|p| geo::distance_m(p[0].at, p[1].at)).sum()
}

/// Great circle on the equatorial radius, as Traccar measures.
fn haversine(a: LngLat, b: LngLat) -> f64 {
    let (p1, p2) = (a.lat().to_radians(), b.lat().to_radians());
    let h = ((p2 - p1) / 2.0).sin().powi(2)
        + p1.cos() * p2.cos() * ((b.lng() - a.lng()).to_radians() / 2.0).sin().powi(2);
    2.0 * 6_378_137.0 * h.sqrt().asin()
}

/// Traccar with its filters zero, duplicate, static, accuracy 100 m and speed on, and coordinates held
/// within 25 m.
pub fn traccar_like(fixes: &[Fix]) -> f64 {
    let mut last: Option<(Fix, LngLat)> = None;
    let mut sum = 0.0;
    for f in fixes {
        if (f.at.lat() == 0.0 && f.at.lng() == 0.0)
            || f.acc_m.is_some_and(|a| a > 100.0)
            || f.speed_mps == Some(0.0)
        {
            continue;
        }
        let Some((before, held)) = last else {
            last = Some((*f, f.at));
            continue;
        };
        let d = haversine(held, f.at);
        let dt = (f.t_ms - before.t_ms) as f64 / 1000.0;
        if dt <= 0.0 || d / dt > 70.0 {
            continue;
        }
        if d < 25.0 {
            last = Some((*f, held));
        } else {
            sum += d;
            last = Some((*f, f.at));
        }
    }
    sum
}

/// A stop: from, to, Unix seconds.
pub type Stop = (f64, f64);

/// Traccar's trip logic of 2026: stopped when no fix of the last 180 s lies 200 m away, moving again 200 m
/// from where it stopped.
pub fn traccar_stops(fixes: &[Fix]) -> Vec<Stop> {
    let mut out = Vec::new();
    let mut stopped: Option<(f64, LngLat)> = None;
    let mut from = 0;
    for (i, f) in fixes.iter().enumerate() {
        let t = f.t_ms as f64 / 1000.0;
        match stopped {
            None => {
                while from < i && t - fixes[from].t_ms as f64 / 1000.0 > 180.0 {
                    from += 1;
                }
                let whole = from > 0 || t - fixes[0].t_ms as f64 / 1000.0 >= 180.0;
                if whole && fixes[from..i].iter().all(|p| haversine(p.at, f.at) < 200.0) {
                    stopped = Some((t, f.at));
                }
            }
            Some((since, at)) if haversine(at, f.at) >= 200.0 => {
                out.push((since, t));
                stopped = None;
                from = i;
            }
            Some(_) => {}
        }
    }
    if let (Some((since, _)), Some(last)) = (stopped, fixes.last()) {
        out.push((since, last.t_ms as f64 / 1000.0));
    }
    out
}
