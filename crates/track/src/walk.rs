//! From the fixes of one stretch of time to legs: stays, movements, and the silences between them.

use geo::LngLat;

use crate::{
    Dropped, Fix, Rules, agility, arc,
    clean::clean,
    frame::Frame,
    noise,
    obs::{Obs, observe},
    pause,
    smooth::{Node, Seen, smooth},
    stay::{self, Held},
};

/// What a person did between two instants; consecutive legs do not overlap.
#[derive(Debug, Clone)]
pub(crate) struct Leg {
    pub from_ms: i64,
    pub to_ms: i64,
    pub kind: Kind,
}

#[derive(Debug, Clone)]
pub(crate) enum Kind {
    Stay {
        centre: LngLat,
        spread_m: f64,
    },
    /// At rest, but too short (or too short observed) to be a stay.
    Rest {
        at: LngLat,
    },
    Move {
        points: Vec<Waypoint>,
    },
}

/// A smoothed point of a movement.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Waypoint {
    pub t_ms: i64,
    pub at: LngLat,
    pub speed_mps: f64,
    /// Length of the way from the point before, metres; 0 at the first.
    pub meters: f64,
    pub hint: Option<crate::ActivityHint>,
}

impl Leg {
    pub(crate) fn first(&self) -> Option<LngLat> {
        match &self.kind {
            Kind::Stay { centre, .. } => Some(*centre),
            Kind::Rest { at } => Some(*at),
            Kind::Move { points } => points.first().map(|p| p.at),
        }
    }

    pub(crate) fn last(&self) -> Option<LngLat> {
        match &self.kind {
            Kind::Move { points } => points.last().map(|p| p.at),
            _ => self.first(),
        }
    }
}

/// The legs of one stretch of time.
#[derive(Debug, Default)]
pub(crate) struct Walked {
    pub legs: Vec<Leg>,
    /// Indices of legs that begin after a leap.
    pub leaps: u32,
    pub coarse: Vec<Fix>,
    pub used: u32,
}

pub(crate) fn walk(fixes: &[Fix], rules: &Rules, dropped: &mut Dropped) -> Walked {
    let cleaned = clean(fixes, rules, dropped);
    let mut out = Walked {
        leaps: cleaned.runs.len().saturating_sub(1) as u32,
        coarse: cleaned.coarse,
        ..Walked::default()
    };
    for run in &cleaned.runs {
        for part in split_at_silence(run, &out.coarse, rules) {
            out.used += part.len() as u32;
            out.legs.extend(legs(part, rules));
        }
    }
    out
}

fn split_at_silence<'a>(run: &'a [Fix], coarse: &[Fix], rules: &Rules) -> Vec<&'a [Fix]> {
    let mut parts = Vec::new();
    let mut from = 0;
    for k in 1..run.len() {
        if silent(&run[k - 1], &run[k], coarse, rules) {
            parts.push(&run[from..k]);
            from = k;
        }
    }
    parts.push(&run[from..]);
    parts
}

/// Is the time between two fixes a gap? Not when it is short, when the phone had said that it lies still and
/// is found where it was, or when inaccurate fixes at the same place fill it.
fn silent(a: &Fix, b: &Fix, coarse: &[Fix], rules: &Rules) -> bool {
    let gap_ms = (rules.gap_s * 1000.0) as i64;
    if b.t_ms - a.t_ms <= gap_ms {
        return false;
    }
    if geo::distance_m(a.at, b.at) > 75.0 {
        return true;
    }
    if a.hint == Some(crate::ActivityHint::Still) && (b.t_ms - a.t_ms) as f64 <= rules.still_bridge_s * 1000.0
    {
        return false;
    }
    let from = coarse.partition_point(|c| c.t_ms <= a.t_ms);
    let alive = coarse[from..]
        .iter()
        .take_while(|c| c.t_ms < b.t_ms)
        .filter(|c| geo::distance_m(c.at, a.at) <= 75.0 + 1.5 * c.acc_m.map_or(0.0, f64::from));
    let mut last = a.t_ms;
    for c in alive.chain(std::iter::once(b)) {
        if c.t_ms - last > gap_ms {
            return true;
        }
        last = c.t_ms;
    }
    false
}

/// Legs of a run without silence.
fn legs(run: &[Fix], rules: &Rules) -> Vec<Leg> {
    let Some(first) = run.first() else { return Vec::new() };
    let frame = Frame::at(first.at);
    let mut obs = observe(run, &frame, rules);
    noise::calibrate(&mut obs);
    let held: Vec<(Held, f64, f64)> = stay::find(&obs, rules.stay_min_s)
        .into_iter()
        .map(|h| {
            let (arrived, left) = bounds(&obs, &h);
            (h, arrived, left)
        })
        .filter(|(h, ..)| surely_s(&obs, h) >= rules.stay_min_s)
        .collect();

    let mut out = Vec::with_capacity(held.len() * 2 + 1);
    let mut before: Option<(Held, f64, f64)> = None;
    for next in held.iter().copied().map(Some).chain(std::iter::once(None)) {
        out.extend(movement(&obs, &frame, before, next, rules));
        if let Some((h, arrived, left)) = next {
            let centre = frame.lng_lat(h.x, h.y);
            let kind = Kind::Stay { centre, spread_m: h.spread };
            out.push(Leg { from_ms: at_ms(&obs, arrived), to_ms: at_ms(&obs, left), kind });
        }
        before = next;
    }
    out
}

fn at_ms(obs: &[Obs], t: f64) -> i64 {
    obs.first().map_or(0, |o| o.t_ms) + (t * 1000.0).round() as i64
}

/// How long a stay lasted at least, seconds: what fixes saw and a little of the way to the fixes around, so
/// that sparse fixes do not make a stay of a red light.
fn surely_s(obs: &[Obs], h: &Held) -> f64 {
    let edge = |outer: Option<&Obs>, inner: usize| outer.map_or(0.0, |o| (obs[inner].t - o.t).abs());
    let edges = edge(h.a.checked_sub(1).map(|k| &obs[k]), h.a) + edge(obs.get(h.b + 1), h.b);
    obs[h.b].t - obs[h.a].t + 0.3 * edges.min(120.0)
}

/// When the person really came and went: between the last fix on the way and the first at the place the way
/// left is extrapolated at the speed there.
fn bounds(obs: &[Obs], h: &Held) -> (f64, f64) {
    let toward = |outer: usize, inner: usize, beyond: Option<usize>| {
        let (o, i) = (&obs[outer], &obs[inner]);
        let span = (i.t - o.t).abs();
        let d = ((o.x - h.x).hypot(o.y - h.y) - 0.5 * h.spread).max(0.0);
        let passing = beyond.map(|k| {
            let p = &obs[k];
            (p.x - o.x).hypot(p.y - o.y) / (p.t - o.t).abs().max(1.0)
        });
        let v = o.v.or(passing).unwrap_or(d / span.max(1.0)).max(0.5);
        let least = if o.v.is_some_and(|v| v > 1.5) { 0.4 * span } else { 0.0 };
        (1.4 * d / v).max(least).min(span)
    };
    let arrived = match h.a {
        0 => obs[0].t,
        a => obs[a - 1].t + toward(a - 1, a, a.checked_sub(2)),
    };
    let left = match h.b + 1 {
        k if k < obs.len() => obs[k].t - toward(k, h.b, (k + 1 < obs.len()).then_some(k + 1)),
        _ => obs[h.b].t,
    };
    (arrived.min(obs[h.a].t), left.max(obs[h.b].t))
}

/// The way between two stays (or the ends of the run).
fn movement(
    obs: &[Obs],
    frame: &Frame,
    before: Option<(Held, f64, f64)>,
    after: Option<(Held, f64, f64)>,
    rules: &Rules,
) -> Option<Leg> {
    let from = before.map_or(0, |(h, ..)| h.b + 1);
    let to = after.map_or(obs.len(), |(h, ..)| h.a);
    let anchor = |h: Held, t: f64| Seen {
        t,
        x: h.x,
        y: h.y,
        sigma: (h.spread / 3.0).max(3.0),
        velocity: Some((0.0, 0.0, 0.05)),
        still: true,
        q: 1.0,
        winding: 0.0,
    };
    let mut seen: Vec<Seen> = Vec::with_capacity(to.saturating_sub(from) + 2);
    let mut hints = Vec::with_capacity(seen.capacity());
    if let Some((h, _, left)) = before {
        seen.push(anchor(h, left));
        hints.push(None);
    }
    let moving = obs.get(from..to).unwrap_or_default();
    for (o, still) in moving.iter().zip(pause::still(moving)) {
        seen.push(Seen::from_obs(o, still, frame));
        hints.push(o.hint);
    }
    if let Some((h, arrived, _)) = after {
        seen.push(anchor(h, arrived));
        hints.push(None);
    }
    let (first, last) = (seen.first()?, seen.last()?);
    let (from_ms, to_ms) = (at_ms(obs, first.t), at_ms(obs, last.t));
    agility::measure(&mut seen);
    let nodes = smooth(&seen);
    let points = waypoints(obs, &seen, &nodes, &hints, frame, rules);
    let length: f64 = points.iter().map(|p| p.meters).sum();
    let extent = nodes.iter().map(|n| (n.x - nodes[0].x).hypot(n.y - nodes[0].y)).fold(0.0, f64::max);
    let kind = if length < rules.trip_min_m || extent < 0.4 * rules.trip_min_m {
        Kind::Rest { at: points.first()?.at }
    } else {
        Kind::Move { points }
    };
    (from_ms <= to_ms).then_some(Leg { from_ms, to_ms, kind })
}

fn waypoints(
    obs: &[Obs],
    seen: &[Seen],
    nodes: &[Node],
    hints: &[Option<crate::ActivityHint>],
    frame: &Frame,
    rules: &Rules,
) -> Vec<Waypoint> {
    let mut out = Vec::with_capacity(nodes.len());
    for (k, n) in nodes.iter().enumerate() {
        let meters = match k.checked_sub(1) {
            Some(j) if seen[j].still && seen[k].still => 0.0,
            Some(j) if n.t - nodes[j].t <= rules.gap_s => arc::length_m(&nodes[j], n, seen[k].winding, frame),
            _ => 0.0,
        };
        out.push(Waypoint {
            t_ms: at_ms(obs, n.t),
            at: frame.lng_lat(n.x, n.y),
            speed_mps: (n.vx * frame.east_scale(n.y)).hypot(n.vy),
            meters,
            hint: hints[k],
        });
    }
    out
}
