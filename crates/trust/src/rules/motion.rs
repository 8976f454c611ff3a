//! Movement no vehicle makes: without error, without lights, without reason.

use std::collections::HashMap;

use geo::LocalPlane;

use crate::{
    catalogue::Code,
    model::Finding,
    series::{Series, accuracy, turn},
};

pub(crate) fn find(s: &Series, out: &mut Vec<Finding>) {
    straight(s, out);
    even_speed(s, out);
    zigzag(s, out);
    loops(s, out);
}

/// Runs of fixes, at least 4 s and 8 m apart, that lie on a line to within what no receiver reaches. Also runs
/// with errors of a few metres but of one constant speed, which no traffic allows.
fn straight(s: &Series, out: &mut Vec<Finding>) {
    let mut kept: Vec<usize> = vec![];
    for i in 0..s.fixes.len() {
        let far = kept.last().is_none_or(|&k| {
            let dt = (s.fixes[i].t_ms - s.fixes[k].t_ms) as f64 / 1000.0;
            dt >= 4.0 && geo::distance_m(s.fixes[k].at, s.fixes[i].at) >= 8.0
        });
        if far {
            kept.push(i);
        }
    }
    let runs = longest_exact(s, &kept);
    let moving_m: f64 = s.moving().map(|st| st.d).sum::<f64>().max(1.0);
    let exact_points: usize = runs.iter().map(|r| r.1 - r.0 + 1).sum();
    if let Some(best) = runs.iter().max_by_key(|r| r.1 - r.0) {
        let points = best.1 - best.0 + 1;
        let (a, b) = (kept[best.0], kept[best.1]);
        let length = geo::distance_m(s.fixes[a].at, s.fixes[b].at);
        let total: f64 =
            runs.iter().map(|r| geo::distance_m(s.fixes[kept[r.0]].at, s.fixes[kept[r.1]].at)).sum();
        let share = (total / moving_m).min(1.0);
        let w = 0.4 + 0.25 * ((points as f64 - 8.0) / 10.0).clamp(0.0, 1.0) + 0.35 * share;
        let numbers = [
            ("points", points as f64),
            ("deviation_m", best.2),
            ("length_m", length),
            ("exact_points", exact_points as f64),
            ("day_share", share),
        ];
        out.push(Finding::new(Code::Straight, w, s.between(a, b), &numbers));
        return;
    }
    uniform_run(s, out);
}

/// Maximal runs of kept fixes on one line to within the rounding of the coordinates. A good receiver on a straight motorway
/// comes to a decimetre; a simulator to the last digit. A line in degrees is a line in the local plane too.
fn longest_exact(s: &Series, kept: &[usize]) -> Vec<(usize, usize, f64)> {
    const LEAST: usize = 8;
    let tolerance = 0.03 * resolution(s);
    let mut runs = vec![];
    let mut a = 0;
    while a + 2 < kept.len() {
        let plane = LocalPlane::at(s.fixes[kept[a]].at);
        let mut b = a + 2;
        let mut worst: f64 = 0.0;
        while b < kept.len() {
            let dt = (s.fixes[kept[b]].t_ms - s.fixes[kept[b - 1]].t_ms) as f64 / 1000.0;
            let (ex, ey) = plane.xy(s.fixes[kept[b]].at);
            let chord = ex.hypot(ey).max(1e-6);
            let across = |&k: &usize| {
                let (x, y) = plane.xy(s.fixes[k].at);
                ((x * ey - y * ex) / chord).abs()
            };
            let dev = kept[a + 1..b].iter().map(across).fold(0.0, f64::max);
            if dt > 330.0 || dev > tolerance + chord * 2e-6 || chord > 40_000.0 {
                break;
            }
            worst = dev;
            b += 1;
        }
        let last = b - 1;
        if last - a + 1 >= LEAST {
            runs.push((a, last, worst));
            a = last;
        } else {
            a += 1;
        }
    }
    runs
}

/// 1 for coordinates with seven decimals, 5 for six, 50 for five and fewer.
fn resolution(s: &Series) -> f64 {
    let all = |n: i64| s.fixes.iter().take(400).all(|f| f.at.e7().0 % n == 0 && f.at.e7().1 % n == 0);
    if all(100) {
        50.0
    } else if all(10) {
        5.0
    } else {
        1.0
    }
}

/// Ten fixes and more, 1.5 km and more, on a straight line at one speed to within a few metres both ways, slower than a train.
fn uniform_run(s: &Series, out: &mut Vec<Finding>) {
    const N: usize = 10;
    let mut best: Option<(usize, usize, f64, f64)> = None;
    for i in 0..s.fixes.len().saturating_sub(N) {
        let j = i + N;
        let (a, b) = (&s.fixes[i], &s.fixes[j]);
        let dt = (b.t_ms - a.t_ms) as f64 / 1000.0;
        let d = geo::distance_m(a.at, b.at);
        // With short intervals even a car holds its speed for ten fixes.
        if d < 1_500.0 || dt < 150.0 || d / dt > 30.0 || s.steps[i..j].iter().any(|st| st.dt > 330.0) {
            continue;
        }
        if s.fixes[i..=j].iter().any(|f| accuracy(f).is_some_and(|x| x > 40.0)) {
            continue;
        }
        let plane = LocalPlane::at(a.at);
        let (ex, ey) = plane.xy(b.at);
        let worst = s.fixes[i..=j]
            .iter()
            .map(|f| {
                let share = (f.t_ms - a.t_ms) as f64 / 1000.0 / dt;
                let (x, y) = plane.xy(f.at);
                (x - ex * share).hypot(y - ey * share)
            })
            .fold(0.0, f64::max);
        if worst < 14.0 && best.is_none_or(|o| worst < o.2) {
            best = Some((i, j, worst, d));
        }
    }
    if let Some((i, j, worst, d)) = best {
        let numbers = [("points", (N + 1) as f64), ("deviation_m", worst), ("length_m", d)];
        out.push(Finding::new(Code::Straight, 0.22, s.between(i, j), &numbers));
    }
}

/// All movement of the day at one speed, round many corners. Trains, ferries and planes go straight.
fn even_speed(s: &Series, out: &mut Vec<Finding>) {
    // Steps of ten seconds and more: shorter ones would count fast stretches only.
    let mut steps: Vec<Stride> = vec![];
    let mut last = 0;
    for i in 1..s.fixes.len() {
        let dt = (s.fixes[i].t_ms - s.fixes[last].t_ms) as f64 / 1000.0;
        if dt < 10.0 {
            continue;
        }
        let d = geo::distance_m(s.fixes[last].at, s.fixes[i].at);
        let inside = s.resting[last] && s.resting[i];
        if dt <= 130.0 && d / dt >= 1.0 && !inside {
            let bearing = geo::bearing_deg(s.fixes[last].at, s.fixes[i].at);
            steps.push(Stride { v: d / dt, bearing });
        }
        last = i;
    }
    if steps.len() < 25 {
        return;
    }
    let mean = steps.iter().map(|st| st.v).sum::<f64>() / steps.len() as f64;
    let var = steps.iter().map(|st| (st.v - mean).powi(2)).sum::<f64>() / steps.len() as f64;
    let cv = var.sqrt() / mean;
    let turned: f64 =
        steps.windows(2).map(|w| turn(w[0].bearing, w[1].bearing).abs()).filter(|t| *t > 25.0).sum();
    // Long steps average a walker's pace.
    let limit = if mean < 2.2 { 0.05 } else { 0.1 };
    if cv < limit && (1.0..45.0).contains(&mean) && turned > 450.0 {
        let w = 0.45 + 0.35 * ((limit - cv) / limit * 1.6).min(1.0);
        let numbers = [("steps", steps.len() as f64), ("cv_share", cv), ("mean_mps", mean)];
        out.push(Finding::new(Code::EvenSpeed, w, s.whole(), &numbers));
    }
}

struct Stride {
    v: f64,
    bearing: f64,
}

fn zigzag(s: &Series, out: &mut Vec<Finding>) {
    let mut run: Vec<(usize, f64)> = vec![];
    let mut best: (usize, usize, usize) = (0, 0, 0);
    for w in s.steps.windows(2) {
        let (a, b) = (&w[0], &w[1]);
        let noise = accuracy(&s.fixes[b.i]).unwrap_or(10.0).max(10.0);
        let real =
            a.d > 3.0 * noise && b.d > 3.0 * noise && a.dt < 330.0 && b.dt < 330.0 && a.v > 2.0 && b.v > 2.0;
        if !real {
            run.clear();
            continue;
        }
        run.push((b.i, turn(a.bearing, b.bearing)));
        if run.len() >= 14 {
            let last = &run[run.len() - 14..];
            let alternating = last
                .windows(2)
                .filter(|p| p[0].1 * p[1].1 < 0.0 && p[0].1.abs() > 20.0 && p[1].1.abs() > 20.0)
                .count();
            if alternating >= 11 && alternating > best.2 {
                best = (last[0].0, last[13].0, alternating);
            }
        }
    }
    if best.2 > 0 {
        let numbers = [("turns", (best.2 + 1) as f64)];
        out.push(Finding::new(Code::Zigzag, 0.85, s.between(best.0, best.1), &numbers));
    }
}

/// Weak without a map: delivery rounds pass the same corner often.
fn loops(s: &Series, out: &mut Vec<Finding>) {
    const CELL: f64 = 60.0;
    let Some(first) = s.fixes.first() else { return };
    let plane = LocalPlane::at(first.at);
    let mut passes: HashMap<(i64, i64), (i64, u32)> = HashMap::new();
    for st in s.moving().filter(|st| st.v > 2.5) {
        let f = &s.fixes[st.i];
        let (x, y) = plane.xy(f.at);
        let cell = ((x / CELL).floor() as i64, (y / CELL).floor() as i64);
        let entry = passes.entry(cell).or_insert((i64::MIN / 2, 0));
        // A pass is a new one after two minutes elsewhere.
        if f.t_ms - entry.0 > 120_000 {
            entry.1 += 1;
        }
        entry.0 = f.t_ms;
    }
    let often = passes.values().filter(|p| p.1 >= 4).count();
    if often >= 12 {
        let w = 0.08 + 0.12 * ((often as f64 - 12.0) / 30.0).min(1.0);
        out.push(Finding::new(Code::Loops, w, s.whole(), &[("cells", often as f64)]));
    }
}
