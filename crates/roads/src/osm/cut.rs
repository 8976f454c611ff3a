//! Cuts ways into pieces at junctions, and joins what only bends.

use std::collections::HashMap;

use geo::{LngLat, polyline_m};

use super::read::Extract;
use crate::profile::Profile;
use crate::streets::{Ban, Junction, Piece, Streets, Travel};

/// A piece under construction, in node indices of the extract.
struct Part {
    nodes: Vec<u32>,
    forward: Option<Travel>,
    backward: Option<Travel>,
    way: [i64; 2],
    drawn_forward: [bool; 2],
}

pub(super) fn streets(extract: &Extract, profile: Profile) -> Streets {
    let Some(column) = extract.profiles.iter().position(|p| *p == profile) else { return Streets::default() };
    let marked = |n: u32| {
        extract.mark(n).is_some_and(|m| !m.obstacles.is_empty() || m.blocks.get(column) == Some(&true))
    };
    let bans = bans(extract, profile);
    let mut keep: Vec<bool> = vec![false; extract.ids.len()];
    for via in bans.iter().map(|b| b.via) {
        keep[via as usize] = true;
    }
    let parts = join(parts(extract, column, &marked), &keep, &marked);
    number(extract, column, parts, bans)
}

/// Restrictions that bind this profile, with `via` still as an index into the extract's nodes.
fn bans(extract: &Extract, profile: Profile) -> Vec<Ban> {
    let ends: HashMap<i64, (i64, i64)> = extract
        .ways
        .iter()
        .map(|w| (w.id, (extract.refs[w.nodes.start], extract.refs[w.nodes.end - 1])))
        .collect();
    let touches = |way: i64, node: i64| ends.get(&way).is_some_and(|(a, b)| *a == node || *b == node);
    let bound = extract.restrictions.iter().filter(|r| profile.obeys(r.vehicle.as_deref(), &r.except));
    let sound = bound.filter(|r| touches(r.from, r.via) && touches(r.to, r.via));
    sound
        .filter_map(|r| {
            Some(Ban { from_way: r.from, via: extract.index(r.via)?, to_way: r.to, only: r.only })
        })
        .collect()
}

/// Ways cut where others meet them, where they end, at marks, and where they touch themselves.
fn parts(extract: &Extract, column: usize, marked: &impl Fn(u32) -> bool) -> Vec<Part> {
    let mut uses = vec![0_u8; extract.ids.len()];
    let indices: Vec<u32> = extract.refs.iter().map(|&n| extract.index(n).unwrap_or(u32::MAX)).collect();
    let used = extract.ways.iter().filter(|w| w.rules[column].is_some());
    for way in used.clone() {
        let nodes = &indices[way.nodes.clone()];
        for (k, &n) in nodes.iter().enumerate() {
            let end = k == 0 || k + 1 == nodes.len();
            uses[n as usize] = uses[n as usize].saturating_add(if end { 2 } else { 1 });
        }
    }
    let mut parts = vec![];
    for way in used {
        let Some(rule) = way.rules[column] else { continue };
        // An extract cut at its edge lacks nodes: what is left between them still counts.
        for run in indices[way.nodes.clone()].split(|&n| extract.places[n as usize].is_none()) {
            let crossing = rule.crossing_s.map(|s| {
                let line: Vec<LngLat> = run.iter().filter_map(|&n| extract.places[n as usize]).collect();
                (polyline_m(&line) as f32 / s.max(1.0)).max(0.1)
            });
            let timed =
                |t: Option<Travel>| t.map(|t| Travel { speed_mps: crossing.unwrap_or(t.speed_mps), ..t });
            let mut start = 0;
            for k in 1..run.len() {
                if k + 1 == run.len() || uses[run[k] as usize] > 1 || marked(run[k]) {
                    parts.push(Part {
                        nodes: run[start..=k].to_vec(),
                        forward: timed(rule.forward),
                        backward: timed(rule.backward),
                        way: [way.id; 2],
                        drawn_forward: [true; 2],
                    });
                    start = k;
                }
            }
        }
    }
    parts
}

/// Joins pieces at nodes where only two meet that are travelled alike.
fn join(mut parts: Vec<Part>, keep: &[bool], marked: &impl Fn(u32) -> bool) -> Vec<Part> {
    let mut around: HashMap<u32, Vec<(usize, bool)>> = HashMap::with_capacity(parts.len());
    for (k, part) in parts.iter().enumerate() {
        around.entry(part.nodes[0]).or_default().push((k, true));
        around.entry(part.nodes[part.nodes.len() - 1]).or_default().push((k, false));
    }
    // The other piece at a node that is only a bend.
    let beyond = |parts: &[Part], k: usize, start: bool| -> Option<(usize, bool)> {
        let node = if start { parts[k].nodes[0] } else { parts[k].nodes[parts[k].nodes.len() - 1] };
        let &[a, b] = around.get(&node)?.as_slice() else { return None };
        if keep[node as usize] || marked(node) || a.0 == b.0 {
            return None;
        }
        let other = if a == (k, start) { b } else { a };
        let (x, y) = (&parts[k], &parts[other.0]);
        // Head to tail they run alike, head to head one is the other turned round.
        let alike = if start != other.1 {
            x.forward == y.forward && x.backward == y.backward
        } else {
            x.forward == y.backward && x.backward == y.forward
        };
        alike.then_some(other)
    };
    let mut taken = vec![false; parts.len()];
    let mut chains: Vec<Vec<(usize, bool)>> = vec![];
    for first in 0..parts.len() {
        if taken[first] {
            continue;
        }
        // Back to where the chain begins (a ring begins anywhere) …
        let (mut k, mut start) = (first, true);
        while let Some((next, at_start)) = beyond(&parts, k, start) {
            if next == first {
                break;
            }
            (k, start) = (next, !at_start);
        }
        // … and from there to its end. `true`: the piece is taken from its start to its end.
        let mut chain = vec![(k, start)];
        taken[k] = true;
        while let Some((next, at_start)) = beyond(&parts, k, !start) {
            if std::mem::replace(&mut taken[next], true) {
                break;
            }
            chain.push((next, at_start));
            (k, start) = (next, at_start);
        }
        chains.push(chain);
    }
    let mut joined = Vec::with_capacity(chains.len());
    for chain in chains {
        let mut pieces = chain.into_iter().map(|(k, as_is)| {
            let empty =
                Part { nodes: vec![], forward: None, backward: None, way: [0; 2], drawn_forward: [true; 2] };
            let part = std::mem::replace(&mut parts[k], empty);
            if as_is { part } else { turned(part) }
        });
        let Some(mut whole) = pieces.next() else { continue };
        for piece in pieces {
            whole.nodes.extend_from_slice(&piece.nodes[1..]);
            whole.way[1] = piece.way[1];
            whole.drawn_forward[1] = piece.drawn_forward[1];
        }
        joined.push(whole);
    }
    joined
}

fn turned(mut part: Part) -> Part {
    part.nodes.reverse();
    Part {
        forward: part.backward,
        backward: part.forward,
        way: [part.way[1], part.way[0]],
        drawn_forward: [!part.drawn_forward[1], !part.drawn_forward[0]],
        nodes: part.nodes,
    }
}

/// Gives junctions their numbers.
fn number(extract: &Extract, column: usize, parts: Vec<Part>, bans: Vec<Ban>) -> Streets {
    let mut streets = Streets::default();
    let mut numbers: HashMap<u32, u32> = HashMap::with_capacity(parts.len());
    let mut junction = |streets: &mut Streets, node: u32, at: LngLat| {
        *numbers.entry(node).or_insert_with(|| {
            let mark = extract.mark(node);
            streets.junctions.push(Junction {
                at,
                obstacles: mark.map(|m| m.obstacles.clone()).unwrap_or_default(),
                blocked: mark.is_some_and(|m| m.blocks.get(column) == Some(&true)),
            });
            streets.junctions.len() as u32 - 1
        })
    };
    for part in parts {
        let line: Vec<LngLat> = part.nodes.iter().filter_map(|&n| extract.places[n as usize]).collect();
        let (Some(&first), Some(&last)) = (line.first(), line.last()) else { continue };
        let from = junction(&mut streets, part.nodes[0], first);
        let to = junction(&mut streets, part.nodes[part.nodes.len() - 1], last);
        streets.pieces.push(Piece {
            from,
            to,
            line,
            forward: part.forward,
            backward: part.backward,
            way: part.way,
            drawn_forward: part.drawn_forward,
        });
    }
    streets.bans = bans.into_iter().filter_map(|b| Some(Ban { via: *numbers.get(&b.via)?, ..b })).collect();
    streets
}
