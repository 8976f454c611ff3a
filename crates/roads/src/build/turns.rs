//! Which turns are allowed at every junction and what they cost.

use std::collections::HashMap;

use geo::{LngLat, bearing_deg, distance_m};

use super::{Link, NONE, TurnGraph};
use crate::profile::{Profile, Turn};
use crate::streets::{Ban, ObstacleKind, Piece, Streets, Travel};

/// A street's direction at a junction is taken this far from it, metres.
const LOOK_M: f64 = 12.0;

/// A piece that touches a junction with one of its ends.
#[derive(Clone, Copy)]
struct Arm {
    piece: u32,
    /// Its `from` end is here.
    starts: bool,
}

pub(super) fn links(streets: &Streets, profile: Profile, graph: &TurnGraph) -> Vec<Link> {
    let mut arms: Vec<Vec<Arm>> = vec![vec![]; streets.junctions.len()];
    for (k, piece) in streets.pieces.iter().enumerate() {
        arms[piece.from as usize].push(Arm { piece: k as u32, starts: true });
        arms[piece.to as usize].push(Arm { piece: k as u32, starts: false });
    }
    let mut bans: HashMap<u32, Vec<Ban>> = HashMap::new();
    for ban in &streets.bans {
        bans.entry(ban.via).or_default().push(*ban);
    }
    let mut links = vec![];
    for (v, around) in arms.iter().enumerate() {
        let bans = bans.get(&(v as u32)).map_or(&[][..], Vec::as_slice);
        at_junction(&Here { streets, profile, graph, junction: v, arms: around, bans }, &mut links);
    }
    links
}

struct Here<'a> {
    streets: &'a Streets,
    profile: Profile,
    graph: &'a TurnGraph,
    junction: usize,
    arms: &'a [Arm],
    bans: &'a [Ban],
}

impl Here<'_> {
    fn piece(&self, arm: Arm) -> &Piece {
        &self.streets.pieces[arm.piece as usize]
    }

    /// The arc that leaves by this arm, and how it is travelled.
    fn leaving(&self, arm: Arm) -> Option<(u32, Travel)> {
        let arc = self.graph.of_piece[arm.piece as usize][usize::from(!arm.starts)];
        let travel = if arm.starts { self.piece(arm).forward } else { self.piece(arm).backward };
        (arc != NONE).then_some(arc).zip(travel)
    }

    fn arriving(&self, arm: Arm) -> Option<(u32, Travel)> {
        let arc = self.graph.of_piece[arm.piece as usize][usize::from(arm.starts)];
        let travel = if arm.starts { self.piece(arm).backward } else { self.piece(arm).forward };
        (arc != NONE).then_some(arc).zip(travel)
    }

    fn way(&self, arm: Arm) -> i64 {
        self.piece(arm).way[usize::from(!arm.starts)]
    }

    /// Direction in which the arm leaves, degrees.
    fn bearing(&self, arm: Arm) -> f64 {
        let line = &self.piece(arm).line;
        let at = self.streets.junctions[self.junction].at;
        bearing_deg(at, if arm.starts { ahead(line.iter()) } else { ahead(line.iter().rev()) })
    }

    /// Whether turn restrictions allow it.
    fn allowed(&self, from: Arm, to: Arm) -> bool {
        let (a, b) = (self.way(from), self.way(to));
        let u_turn = from.piece == to.piece && from.starts == to.starts;
        let mut only = self.bans.iter().filter(|r| r.only && r.from_way == a).peekable();
        if only.peek().is_some() && !only.any(|r| r.to_way == b && (a != b || u_turn)) {
            return false;
        }
        // A way that goes on through the junction under the same number is meant only where it turns back.
        !self.bans.iter().any(|r| !r.only && r.from_way == a && r.to_way == b && (a != b || u_turn))
    }

    /// What slows one who arrives by this arm.
    fn obstacles(&self, from: Arm) -> Vec<ObstacleKind> {
        let along = self.piece(from).drawn_forward[usize::from(!from.starts)] != from.starts;
        let list = &self.streets.junctions[self.junction].obstacles;
        let mine = list.iter().filter(|o| match o.along {
            Some(direction) => direction == along,
            // A stop sign in the middle of a crossing does not say for whom it is.
            None => o.kind != ObstacleKind::Stop || self.arms.len() <= 2,
        });
        mine.map(|o| o.kind).collect()
    }
}

/// The point some metres along a line.
fn ahead<'a>(mut line: impl Iterator<Item = &'a LngLat>) -> LngLat {
    let Some(&first) = line.next() else { unreachable!("a piece has two ends") };
    let (mut here, mut gone) = (first, 0.0);
    for &next in line {
        let step = distance_m(here, next);
        if gone + step >= LOOK_M {
            let part = (LOOK_M - gone) / step;
            let lng = here.lng() + (next.lng() - here.lng()) * part;
            let lat = here.lat() + (next.lat() - here.lat()) * part;
            return LngLat::new(lng, lat).unwrap_or(next);
        }
        (here, gone) = (next, gone + step);
    }
    here
}

fn at_junction(here: &Here, links: &mut Vec<Link>) {
    let bearings: Vec<f64> = here.arms.iter().map(|&a| here.bearing(a)).collect();
    let fastest = here
        .arms
        .iter()
        .flat_map(|&a| [here.leaving(a), here.arriving(a)])
        .flatten()
        .fold(0.0_f32, |f, (_, t)| f.max(t.speed_mps));
    let blocked = here.streets.junctions[here.junction].blocked;
    for (i, &from) in here.arms.iter().enumerate() {
        let Some((arc, travel)) = here.arriving(from) else { continue };
        let obstacles = here.obstacles(from);
        let back = |j: usize| here.arms[j].piece == from.piece && here.arms[j].starts == from.starts;
        let ways: Vec<usize> = (0..here.arms.len())
            .filter(|&j| here.leaving(here.arms[j]).is_some())
            .filter(|&j| if blocked { back(j) } else { here.allowed(from, here.arms[j]) })
            .collect();
        let dead_end = !ways.iter().any(|&j| !back(j));
        for &j in &ways {
            let Some((next, onto)) = here.leaving(here.arms[j]) else { continue };
            let u_turn = back(j);
            // From the direction of travel (away from the arm one came by) to the direction of leaving.
            let straight = bearings[i] + 180.0;
            let angle = if u_turn { 180.0 } else { signed(bearings[j] - straight) };
            let cost = here.profile.turn(&Turn {
                angle,
                u_turn,
                dead_end,
                arms: here.arms.len(),
                obstacles: &obstacles,
                from: travel,
                to: onto,
                fastest_mps: fastest,
            });
            let Some(cost) = cost else { continue };
            let whole = here.graph.arcs[arc as usize];
            links.push(Link {
                from: arc,
                to: next,
                weight: whole.weight + cost.weight_ms,
                duration: whole.duration + cost.duration_ms,
                distance: whole.distance,
            });
        }
    }
}

/// Degrees in (-180, 180].
fn signed(degrees: f64) -> f64 {
    let d = degrees.rem_euclid(360.0);
    if d > 180.0 { d - 360.0 } else { d }
}
