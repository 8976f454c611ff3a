//! Copies with noise on top, sampled anew, played faster or backwards: windows of the way are laid over older ways
//! by one linear time relation, and what remains between them is measured.

use std::collections::HashMap;

use geo::{LngLat, distance_m};

use super::way::{Point, Way, cell};
use crate::{
    catalogue::Code,
    model::{Company, Finding},
    series::{median, quantile},
};

const ANCHORS: usize = 7;
/// A window: long enough that traffic would pull two honest runs apart.
const LEAST_M: f64 = 1_200.0;
const LEAST_S: f64 = 480.0;
const MOST_S: f64 = 3_000.0;

type Passes = HashMap<(i32, i32), Vec<(u32, u32)>>;

/// A window that repeats another way.
struct Match {
    case: u32,
    from: usize,
    to: usize,
    residual: f64,
    slope: f64,
    offset: f64,
    shift: f64,
    slow: bool,
}

pub(super) fn find(company: &Company, ways: &[Way], copied: &[bool], out: &mut [Vec<Finding>]) {
    let mut passes: Passes = HashMap::new();
    for (k, way) in ways.iter().enumerate() {
        let mut last = None;
        for (i, p) in way.points.iter().enumerate() {
            let key = cell(p.at);
            if last != Some(key) {
                passes.entry(key).or_default().push((k as u32, i as u32));
            }
            last = Some(key);
        }
    }
    for k in 0..ways.len() {
        if copied[k] || ways[k].length_m() < LEAST_M {
            continue;
        }
        judge(company, ways, &passes, k, out);
    }
}

fn judge(company: &Company, ways: &[Way], passes: &Passes, k: usize, out: &mut [Vec<Finding>]) {
    let way = &ways[k];
    let mut found: Vec<Match> = vec![];
    let mut from = 0;
    while let Some(to) = window(way, from) {
        if let Some(m) = lay_over(company, ways, passes, k, from, to) {
            found.push(m);
        }
        from += ((to - from) / 2).max(1);
    }
    let span = |m: &Match| ((way.points[m.from].t * 1000.0) as i64, (way.points[m.to].t * 1000.0) as i64);
    for (code, own) in [(Code::Replay, false), (Code::LoopCopy, true)] {
        let these: Vec<&Match> = found.iter().filter(|m| (m.case as usize == k) == own).collect();
        // A copy keeps its time relation for longer than one window; two honest runs agree by chance once.
        let chain = |m: &Match| -> Vec<&Match> {
            let same = |o: &&&Match| {
                let t = way.points[o.from].t;
                o.case == m.case && (o.slope * t + o.offset - m.slope * t - m.offset).abs() < 25.0
            };
            these.iter().filter(same).copied().collect()
        };
        let chains = these.iter().map(|m| chain(m));
        let Some(these) = chains.max_by(|a, b| covered(way, a).total_cmp(&covered(way, b))) else { continue };
        let Some(best) = these.iter().min_by(|a, b| a.residual.total_cmp(&b.residual)) else { continue };
        let length = covered(way, &these);
        let seconds = these.iter().map(|m| way.points[m.to].t).fold(0.0, f64::max)
            - these.iter().map(|m| way.points[m.from].t).fold(f64::MAX, f64::min);
        let alone = length < 2_400.0 || seconds < 1_000.0;
        let share = (length / way.length_m()).min(1.0);
        let fine = ((8.0 - best.residual) / 8.0).clamp(0.0, 1.0);
        // One slow window may be a practised walk; several are not.
        let base = if best.slow { 0.2 } else { 0.4 };
        let w = base + 0.15 * fine + 0.45 * (share / 0.6).min(1.0);
        let w = if alone { w * 0.35 } else { w };
        let other = &company.cases[best.case as usize];
        let numbers = [
            ("length_m", length),
            ("residual_m", best.residual),
            ("day_share", share),
            ("shift_hours", best.shift / 3600.0),
            ("pace", best.slope),
            ("other_person", f64::from(u8::from(other.user != company.cases[k].user))),
        ];
        let (a, b) = these.iter().map(|m| span(m)).fold((i64::MAX, 0), |o, s| (o.0.min(s.0), o.1.max(s.1)));
        out[k].push(Finding::new(code, w, (a, b), &numbers));
    }
}

/// Metres of the way inside any of the windows.
fn covered(way: &Way, found: &[&Match]) -> f64 {
    let mut spans: Vec<(usize, usize)> = found.iter().map(|m| (m.from, m.to)).collect();
    spans.sort_unstable();
    let mut total = 0.0;
    let mut end = 0;
    for (a, b) in spans {
        let a = a.max(end);
        if b > a {
            total += way.points[b].along - way.points[a].along;
            end = b;
        }
    }
    total
}

fn window(way: &Way, from: usize) -> Option<usize> {
    let first = way.points.get(from)?;
    let last = way.points.partition_point(|p| p.t <= first.t + MOST_S);
    (from + 12..last).find(|&to| {
        let p = &way.points[to];
        p.along - first.along >= LEAST_M && p.t - first.t >= LEAST_S
    })
}

fn lay_over(
    company: &Company,
    ways: &[Way],
    passes: &Passes,
    k: usize,
    from: usize,
    to: usize,
) -> Option<Match> {
    let points = &ways[k].points[from..=to];
    let (first, last) = (points.first()?, points.last()?);
    let starts = near(ways, passes, first, k);
    if starts.is_empty() {
        return None;
    }
    let ends = near(ways, passes, last, k);
    let anchors: Vec<(&Point, Flat)> = (1..ANCHORS - 1)
        .map(|a| &points[a * (points.len() - 1) / (ANCHORS - 1)])
        .map(|p| (p, Flat::at(p.at)))
        .collect();
    let mut best: Option<Match> = None;
    for (case, a) in &starts {
        for (_, b) in ends.iter().filter(|e| e.0 == *case) {
            let slope = (b - a) / (last.t - first.t);
            if !(0.45..=2.3).contains(&slope.abs()) {
                continue;
            }
            let other = &ways[*case as usize];
            // The original is the older one; of one day the earlier stretch.
            if *case as usize == k && a.max(*b) > first.t - 300.0 || a.min(*b) > first.t {
                continue;
            }
            // One recording uploaded twice is no copy of an older one; two people in one car move alike.
            let same_user = company.cases[*case as usize].user == company.cases[k].user;
            let at_once = (a - first.t).abs() < if same_user { 600.0 } else { 180.0 };
            if *case as usize != k && at_once && (slope - 1.0).abs() < 0.05 {
                continue;
            }
            let offset = a - slope * first.t;
            let follows = anchors.iter().all(|(p, flat)| {
                other.at(slope * p.t + offset).is_some_and(|q| flat.distance(q) < 80.0 + 12.0 * slope.abs())
            });
            if !follows {
                continue;
            }
            if let Some(m) = refine(other, points, slope, offset)
                && best.as_ref().is_none_or(|o| m.0 < o.residual)
            {
                let (residual, slope, offset, slow) = m;
                let shift = first.t - (slope * first.t + offset);
                best = Some(Match { case: *case, from, to, residual, slope, offset, shift, slow });
            }
        }
    }
    best
}

/// Moments at which other ways pass a point within 70 m.
fn near(ways: &[Way], passes: &Passes, p: &Point, k: usize) -> Vec<(u32, f64)> {
    let here = Flat::at(p.at);
    let (cx, cy) = cell(p.at);
    let mut found: Vec<(u32, f64)> = vec![];
    for (dx, dy) in [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1)] {
        for &(case, i) in passes.get(&(cx + dx, cy + dy)).into_iter().flatten() {
            let points = &ways[case as usize].points;
            // The nearest moment of this pass.
            let mut best = (f64::MAX, 0.0);
            for w in points[i as usize..].windows(2).take(14) {
                let (t, d) = here.closest(&w[0], &w[1]);
                if d < best.0 {
                    best = (d, t);
                }
            }
            if best.0 < 70.0 && !(case as usize == k && (best.1 - p.t).abs() < 300.0) {
                found.push((case, best.1));
            }
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    found.dedup_by(|b, a| a.0 == b.0 && (a.1 - b.1).abs() < 20.0);
    found
}

/// Metres around a point, cheaply: compared with nothing finer than tens of metres.
struct Flat {
    lng: f64,
    lat: f64,
    per_lng: f64,
}

impl Flat {
    const PER_LAT: f64 = 111_000.0;

    fn at(p: LngLat) -> Flat {
        Flat { lng: p.lng(), lat: p.lat(), per_lng: 111_320.0 * p.lat().to_radians().cos() }
    }

    fn xy(&self, p: LngLat) -> (f64, f64) {
        ((p.lng() - self.lng) * self.per_lng, (p.lat() - self.lat) * Flat::PER_LAT)
    }

    fn distance(&self, p: LngLat) -> f64 {
        let (x, y) = self.xy(p);
        x.hypot(y)
    }

    /// When the way from a to b passes the centre, and how far from it.
    fn closest(&self, a: &Point, b: &Point) -> (f64, f64) {
        let ((ax, ay), (bx, by)) = (self.xy(a.at), self.xy(b.at));
        let (dx, dy) = (bx - ax, by - ay);
        let len2 = (dx * dx + dy * dy).max(1e-9);
        let share = (-(ax * dx + ay * dy) / len2).clamp(0.0, 1.0);
        (a.t + (b.t - a.t) * share, (ax + dx * share).hypot(ay + dy * share))
    }
}

/// Fits the time relation to the positions and measures what remains. `None` when more remains than a copy would leave.
fn refine(other: &Way, points: &[Point], mut slope: f64, mut offset: f64) -> Option<(f64, f64, f64, bool)> {
    let t0 = points[points.len() / 2].t;
    offset += slope * t0;
    for _ in 0..4 {
        // Each point says by how many seconds the other is early or late; a line through these corrects both.
        let (mut sw, mut sx, mut sy, mut sxx, mut sxy) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for p in points {
            let tau = slope * (p.t - t0) + offset;
            let (Some(q0), Some(q1)) = (other.at(tau - 2.0), other.at(tau + 2.0)) else { continue };
            let plane = geo::LocalPlane::at(q0);
            let ((vx, vy), (px, py)) = (plane.xy(q1), plane.xy(p.at));
            let v2 = (vx * vx + vy * vy) / 16.0;
            if v2 < 0.5 {
                continue;
            }
            let late = ((px - vx / 2.0) * vx / 4.0 + (py - vy / 2.0) * vy / 4.0) / v2;
            let w = 1.0 / (1.0 + (late / 5.0).powi(2));
            let x = p.t - t0;
            sw += w;
            sx += w * x;
            sy += w * late;
            sxx += w * x * x;
            sxy += w * x * late;
        }
        let det = sw * sxx - sx * sx;
        if sw < 4.0 || det.abs() < 1e-6 {
            return None;
        }
        slope += (sw * sxy - sx * sy) / det;
        offset += (sxx * sy - sx * sxy) / det;
    }
    let mut residuals = vec![];
    for p in points {
        if let Some(q) = other.at(slope * (p.t - t0) + offset) {
            residuals.push(distance_m(p.at, q));
        }
    }
    if residuals.len() * 10 < points.len() * 9 {
        return None;
    }
    let mid = median(&mut residuals);
    let high = quantile(&mut residuals, 0.8);
    let (first, last) = (&points[0], &points[points.len() - 1]);
    let speed = (last.along - first.along) / (last.t - first.t);
    // A practised walk keeps its pace to a few metres; a car in traffic never does.
    let slow = speed < 2.6;
    // A free pace fits more by chance.
    let limit = match slow {
        true => 4.5,
        false if (slope.abs() - 1.0).abs() < 0.03 => 10.0,
        false => 7.0,
    };
    (mid < limit && high < 2.0 * limit).then_some((mid, slope, offset - slope * t0, slow))
}
