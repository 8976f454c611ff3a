//! The master plan of a city: what is drawn before any block is cut. Avenues on a bent grid, a ring and
//! spokes of fast road, a river with a road on both banks, a creek, a lake and a hill.
//!
//! The plan is laid out in straight grid coordinates (u, v), metres, and bent into the plane by `Bend`.
//! River and fast roads keep to the middle between two avenues, so that they cross the others steeply.

use std::f64::consts::TAU;

use rand::Rng;
use rand_chacha::ChaCha8Rng;

use crate::shape::{Pt, distance_to_line, inside, offset, pt, smooth};
use crate::street::StreetClass;

/// Half the extent of the city, metres.
pub const HALF_WIDTH: f64 = 8_000.0;
pub const HALF_HEIGHT: f64 = 6_500.0;

const RIVER_WIDTH: f64 = 150.0;
const BANK: f64 = 62.0;
const CREEK_WIDTH: f64 = 34.0;

/// One street of the plan, before it is cut at crossings.
pub struct PlannedStreet {
    pub class: StreetClass,
    pub line: Vec<Pt>,
    /// What it runs along, for its name.
    pub along: Along,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Along {
    Nothing,
    River,
    Lake,
    Hill,
    Ring,
    Spoke,
}

pub struct Plan {
    pub streets: Vec<PlannedStreet>,
    pub fast: Vec<PlannedStreet>,
    pub river: Vec<Pt>,
    pub river_bed: Vec<Pt>,
    /// Water and both green banks.
    pub river_corridor: Vec<Pt>,
    pub creek: Vec<Pt>,
    pub creek_bed: Vec<Pt>,
    pub lake: Vec<Pt>,
    pub islands: Vec<Vec<Pt>>,
    /// The lake with the green round it; a street follows its edge.
    pub lake_park: Vec<Pt>,
    pub hill: Vec<Pt>,
    pub downtown: Pt,
}

/// Grid to plane: two slow waves an axis and a slight turn.
struct Bend {
    phase: [f64; 4],
    turn: f64,
    mirror: f64,
}

impl Bend {
    fn at(&self, u: f64, v: f64) -> Pt {
        let [a, b, c, d] = self.phase;
        let x = u + 130.0 * (v / 2300.0 + a).sin() + 70.0 * (u / 1900.0 + v / 3300.0 + b).sin();
        let y = v + 120.0 * (u / 2700.0 + c).sin() + 70.0 * (v / 2100.0 + u / 3100.0 + d).sin();
        let p = pt(x, y).rotate(self.turn);
        pt(p.x * self.mirror, p.y)
    }
}

/// One direction of the grid: where its avenues lie.
fn avenues(rng: &mut ChaCha8Rng, count: usize, spacing: f64) -> Vec<f64> {
    let first = -spacing * (count as f64 - 1.0) / 2.0;
    (0..count).map(|i| first + spacing * i as f64 + rng.random_range(-90.0..90.0)).collect()
}

/// A place between avenue `i` and the next.
fn between(lines: &[f64], i: usize, t: f64) -> f64 {
    lines[i] + (lines[i + 1] - lines[i]) * t
}

pub fn draw(rng: &mut ChaCha8Rng) -> Plan {
    let bend = Bend {
        phase: std::array::from_fn(|_| rng.random_range(0.0..TAU)),
        turn: rng.random_range(0.045..0.095),
        mirror: if rng.random_bool(0.5) { 1.0 } else { -1.0 },
    };
    let us = avenues(rng, 11, 1580.0);
    let vs = avenues(rng, 9, 1560.0);

    let river = draw_river(rng, &bend, &us, &vs);
    let creek = draw_creek(rng, &bend, &us, &vs, &river);
    let lake_at = bend.at(us[6], vs[6]);
    let lake = blob(rng, lake_at, 880.0, 690.0, 0.12);
    let lake_park = smooth(&scaled(&lake, lake_at, 1.18), true, 1);
    let islands = draw_islands(rng, lake_at);
    let hill = blob(rng, bend.at(us[9], vs[5]), 1180.0, 1020.0, 0.1);

    let mut plan = Plan {
        streets: Vec::new(),
        fast: draw_fast(&bend, &us, &vs),
        river_bed: band(&river, RIVER_WIDTH / 2.0),
        river_corridor: band(&river, RIVER_WIDTH / 2.0 + BANK),
        creek_bed: band(&creek, CREEK_WIDTH / 2.0),
        river,
        creek,
        lake,
        islands,
        lake_park,
        hill,
        downtown: bend.at(between(&us, 4, 0.6), between(&vs, 4, 0.4)),
    };
    plan.add_shores();
    plan.add_avenues(rng, &bend, &us, &vs);
    plan.add_streets(rng, &bend, &us, &vs);
    plan
}

impl Plan {
    fn add_shores(&mut self) {
        let side = RIVER_WIDTH / 2.0 + BANK;
        for by in [side, -side] {
            let line = offset(&self.river, by);
            self.streets.push(PlannedStreet { class: StreetClass::Main, line, along: Along::River });
        }
        let closed = |ring: &[Pt]| ring.iter().chain(ring.first()).copied().collect::<Vec<Pt>>();
        let (lake, hill) = (closed(&self.lake_park), closed(&self.hill));
        self.streets.push(PlannedStreet { class: StreetClass::Street, line: lake, along: Along::Lake });
        self.streets.push(PlannedStreet { class: StreetClass::Street, line: hill, along: Along::Hill });
    }

    /// The avenues: every one has its own slight wave, and stops at the lake and the hill.
    fn add_avenues(&mut self, rng: &mut ChaCha8Rng, bend: &Bend, us: &[f64], vs: &[f64]) {
        let along_u = us.iter().map(|&at| (true, at));
        let along_v = vs.iter().map(|&at| (false, at));
        for (upright, at) in along_u.chain(along_v) {
            let line = grid_line(rng, bend, upright, at, (-11_000.0, 11_000.0), 45.0);
            for line in pieces_outside(&line, |p| inside(p, &self.lake_park) || inside(p, &self.hill)) {
                self.streets.push(PlannedStreet { class: StreetClass::Main, line, along: Along::Nothing });
            }
        }
    }

    /// The streets between two avenues: some run through the town, others end after a few blocks.
    fn add_streets(&mut self, rng: &mut ChaCha8Rng, bend: &Bend, us: &[f64], vs: &[f64]) {
        for (upright, lines, across) in [(true, us, vs), (false, vs, us)] {
            for i in 0..lines.len() - 1 {
                let shares: &[f64] = if rng.random_bool(0.55) { &[0.3, 0.7] } else { &[0.48] };
                for &share in shares {
                    let at = between(lines, i, share + rng.random_range(-0.05..0.05));
                    let from = rng.random_range(0..across.len() / 2);
                    let to = rng.random_range(across.len() / 2..across.len());
                    let range = (across[from] - 60.0, across[to] + 60.0);
                    let line = grid_line(rng, bend, upright, at, range, 35.0);
                    let keep_out = |p: Pt| {
                        distance_to_line(p, &self.river) < RIVER_WIDTH / 2.0 + BANK + 190.0
                            || distance_to_line(p, &self.creek) < 110.0
                            || distance_to_line(p, &self.lake_park) < 150.0
                            || distance_to_line(p, &self.hill) < 170.0
                            || self.fast.iter().any(|f| runs_beside(p, upright, bend, &f.line))
                            || inside(p, &self.lake_park)
                            || inside(p, &self.hill)
                    };
                    for line in pieces_outside(&line, keep_out) {
                        let (class, along) = (StreetClass::Street, Along::Nothing);
                        self.streets.push(PlannedStreet { class, line, along });
                    }
                }
            }
        }
    }
}

/// Close to a fast road that goes the same way; crossing under it is fine.
fn runs_beside(p: Pt, upright: bool, bend: &Bend, fast: &[Pt]) -> bool {
    let own = if upright { pt(0.0, 1.0) } else { pt(1.0, 0.0) }.rotate(bend.turn);
    let own = pt(own.x * bend.mirror, own.y).unit();
    fast.windows(2).any(|w| {
        let near = crate::shape::nearest_on(p, w[0], w[1]).1 < 140.0;
        near && (w[1] - w[0]).unit().dot(own).abs() > 0.75
    })
}

fn grid_line(
    rng: &mut ChaCha8Rng,
    bend: &Bend,
    upright: bool,
    at: f64,
    (from, to): (f64, f64),
    wave_m: f64,
) -> Vec<Pt> {
    let (phase, length) = (rng.random_range(0.0..TAU), rng.random_range(1300.0..2100.0));
    let steps = ((to - from) / 110.0).ceil().max(1.0);
    (0..=steps as usize)
        .map(|k| from + (to - from) * k as f64 / steps)
        .map(|s| {
            let c = at + wave_m * (s / length + phase).sin();
            if upright { bend.at(c, s) } else { bend.at(s, c) }
        })
        .collect()
}

/// The parts of a line that lie outside, each prolonged by one point so that it still meets the edge.
fn pieces_outside(line: &[Pt], hidden: impl Fn(Pt) -> bool) -> Vec<Vec<Pt>> {
    let mut pieces = Vec::new();
    let mut now: Vec<Pt> = Vec::new();
    let mut before: Option<Pt> = None;
    for &p in line {
        if hidden(p) {
            if !now.is_empty() {
                now.push(p);
                pieces.push(std::mem::take(&mut now));
            }
        } else {
            if now.is_empty() {
                now.extend(before);
            }
            now.push(p);
        }
        before = Some(p);
    }
    pieces.push(now);
    pieces.retain(|p| p.len() > 1);
    pieces
}

/// From the north between two western avenues, round a corner, and away to the east.
fn draw_river(rng: &mut ChaCha8Rng, bend: &Bend, us: &[f64], vs: &[f64]) -> Vec<Pt> {
    let (u, v) = (between(us, 2, 0.5), between(vs, 2, 0.5));
    let mut sway = |k: f64| rng.random_range(-k..k);
    let mut points = Vec::new();
    let mut at = 9_600.0;
    while at > v + 1_000.0 {
        points.push(bend.at(u + sway(210.0), at));
        at -= 1_050.0;
    }
    points.push(bend.at(u + 120.0, v + 620.0));
    points.push(bend.at(u + 620.0, v + 110.0));
    let mut at = u + 1_500.0;
    while at < 11_000.0 {
        points.push(bend.at(at, v + sway(220.0)));
        at += 1_050.0;
    }
    smooth(&points, false, 12)
}

/// From the lake down to the river.
fn draw_creek(rng: &mut ChaCha8Rng, bend: &Bend, us: &[f64], vs: &[f64], river: &[Pt]) -> Vec<Pt> {
    let u = between(us, 5, 0.5);
    let (top, low) = (between(vs, 5, 0.62), between(vs, 2, 0.5));
    let mut points = vec![bend.at(us[6], vs[6]), bend.at(between(us, 5, 0.66), vs[6] - 700.0)];
    let mut at = top - 500.0;
    while at > low + 500.0 {
        points.push(bend.at(u + rng.random_range(-110.0..110.0), at));
        at -= 640.0;
    }
    points.push(bend.at(u, low + 150.0));
    let mouth = bend.at(u, low);
    let nearest = river.iter().copied().min_by(|a, b| (*a - mouth).len().total_cmp(&(*b - mouth).len()));
    points.extend(nearest);
    smooth(&points, false, 8)
}

/// A ring about the inner town and three spokes to the edges, all between avenues.
fn draw_fast(bend: &Bend, us: &[f64], vs: &[f64]) -> Vec<PlannedStreet> {
    let (w, e) = (between(us, 1, 0.5), between(us, 7, 0.55));
    let (s, n) = (between(vs, 1, 0.5), between(vs, 7, 0.35));
    let mut ring = Vec::new();
    let r = 900.0;
    for (cu, cv, from) in
        [(e - r, n - r, 0.0), (w + r, n - r, 90.0), (w + r, s + r, 180.0), (e - r, s + r, 270.0)]
    {
        for k in 0..=6 {
            let a = f64::to_radians(from + 15.0 * f64::from(k));
            ring.push((cu + r * a.cos(), cv + r * a.sin()));
        }
    }
    ring.extend(ring.first().copied());
    let spokes = [
        vec![(w, between(vs, 4, 0.5)), (-11_000.0, between(vs, 4, 0.55))],
        vec![(e, between(vs, 3, 0.5)), (11_000.0, between(vs, 3, 0.45))],
        vec![(between(us, 6, 0.5), s), (between(us, 6, 0.5), -10_000.0)],
        vec![(between(us, 4, 0.35), n), (between(us, 4, 0.5), 10_000.0)],
    ];
    let bent = |line: Vec<(f64, f64)>| -> Vec<Pt> {
        dense(&line, 120.0).into_iter().map(|(u, v)| bend.at(u, v)).collect()
    };
    let ring = PlannedStreet { class: StreetClass::Fast, line: bent(ring), along: Along::Ring };
    let spokes = spokes.into_iter().map(|s| PlannedStreet {
        class: StreetClass::Fast,
        line: bent(s),
        along: Along::Spoke,
    });
    std::iter::once(ring).chain(spokes).collect()
}

fn dense(line: &[(f64, f64)], step: f64) -> Vec<(f64, f64)> {
    let mut out = Vec::new();
    for w in line.windows(2) {
        let ((a, b), (c, d)) = (w[0], w[1]);
        let n = ((c - a).hypot(d - b) / step).ceil().max(1.0);
        out.extend((0..n as usize).map(|k| {
            let t = k as f64 / n;
            (a + (c - a) * t, b + (d - b) * t)
        }));
    }
    out.extend(line.last());
    out
}

fn blob(rng: &mut ChaCha8Rng, at: Pt, rx: f64, ry: f64, rough: f64) -> Vec<Pt> {
    let turn = rng.random_range(0.0..TAU);
    let (a, b) = (rng.random_range(0.0..TAU), rng.random_range(0.0..TAU));
    (0..48)
        .map(|k| TAU * f64::from(k) / 48.0)
        .map(|t| {
            let r = 1.0 + rough * (2.0 * t + a).sin() + rough * 0.7 * (3.0 * t + b).sin();
            at + pt(rx * r * t.cos(), ry * r * t.sin()).rotate(turn)
        })
        .collect()
}

fn draw_islands(rng: &mut ChaCha8Rng, lake: Pt) -> Vec<Vec<Pt>> {
    let turn = rng.random_range(0.0..TAU);
    (0..3)
        .map(|k| {
            let a = turn + TAU * f64::from(k) / 3.0 + rng.random_range(-0.4..0.4);
            let at = lake + pt(a.cos(), a.sin()) * rng.random_range(240.0..360.0);
            let r = rng.random_range(80.0..150.0);
            blob(rng, at, r, r * 0.8, 0.12).into_iter().step_by(3).collect()
        })
        .collect()
}

fn scaled(ring: &[Pt], about: Pt, by: f64) -> Vec<Pt> {
    ring.iter().map(|&p| about + (p - about) * by).collect()
}

/// The band `half` metres either side of a line, as a ring.
fn band(line: &[Pt], half: f64) -> Vec<Pt> {
    let mut ring = offset(line, half);
    ring.extend(offset(line, -half).into_iter().rev());
    ring
}
