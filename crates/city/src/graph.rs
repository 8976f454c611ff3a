//! From the mesh to the street graph: junctions, the ways between them, and names that go on across
//! junctions where a street goes straight on.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use geo::LngLat;

use crate::mesh::{BORDER, Mesh, StreetId, key};
use crate::names::Name;
use crate::shape::{Pt, line_length};
use crate::street::StreetClass;

/// A junction, a blind end, or the end of a street at the edge of the map.
#[derive(Debug, Clone)]
pub struct Node {
    pub at: LngLat,
    /// A traffic light.
    pub signal: bool,
    pub(crate) p: Pt,
}

/// A piece of street between two nodes.
#[derive(Debug, Clone)]
pub struct Edge {
    pub from: usize,
    pub to: usize,
    pub class: StreetClass,
    /// Index into [`crate::City::streets`].
    pub street: usize,
    /// May be driven from `from` to `to` only.
    pub one_way: bool,
    pub bridge: bool,
    /// Along the centre line, metres.
    pub length_m: f64,
    /// What one drives here on an empty road, m/s.
    pub speed_mps: f64,
    pub(crate) line: Vec<Pt>,
}

/// A named street: all the edges that carry its name.
#[derive(Debug, Clone)]
pub struct Street {
    pub name: Name,
    pub class: StreetClass,
    pub length_m: f64,
}

/// A chain of segments between two vertices that are more than a bend.
pub struct Chain {
    pub vertices: Vec<u32>,
    pub street: StreetId,
}

/// Joins segments of one street into chains.
pub fn chains(mesh: &Mesh) -> Vec<Chain> {
    let mut around: BTreeMap<u32, Vec<(u32, StreetId)>> = BTreeMap::new();
    for (&(a, b), &street) in &mesh.segments {
        if street != BORDER {
            around.entry(a).or_default().push((b, street));
            around.entry(b).or_default().push((a, street));
        }
    }
    let bend = |v: u32| matches!(around.get(&v).map(Vec::as_slice), Some([a, b]) if a.1 == b.1);
    let mut seen: BTreeSet<(u32, u32)> = BTreeSet::new();
    let mut out = Vec::new();
    for (&start, list) in &around {
        if bend(start) {
            continue;
        }
        for &(first, street) in list {
            if !seen.insert(key(start, first)) {
                continue;
            }
            let mut vertices = vec![start, first];
            let mut before = start;
            let mut now = first;
            while bend(now) && now != start {
                let Some(&(next, _)) = around[&now].iter().find(|n| n.0 != before) else { break };
                seen.insert(key(now, next));
                vertices.push(next);
                (before, now) = (now, next);
            }
            out.push(Chain { vertices, street });
        }
    }
    out
}

/// Which streets are one: at every junction the straightest pairs of the same class go on.
/// Gives for each chain a group; planned streets keep together in any case.
pub fn continuations(mesh: &Mesh, chains: &[Chain], classes: &[StreetClass], planned: usize) -> Vec<usize> {
    let mut group: Vec<usize> = (0..classes.len()).collect();
    fn root(group: &mut [usize], mut i: usize) -> usize {
        while group[i] != i {
            group[i] = group[group[i]];
            i = group[i];
        }
        i
    }
    // Ends of chains at a vertex: direction away from it, and the street.
    let mut ends: BTreeMap<u32, Vec<(Pt, StreetId)>> = BTreeMap::new();
    for c in chains {
        let v = &c.vertices;
        let n = v.len();
        ends.entry(v[0]).or_default().push(((mesh.p(v[1]) - mesh.p(v[0])).unit(), c.street));
        ends.entry(v[n - 1]).or_default().push(((mesh.p(v[n - 2]) - mesh.p(v[n - 1])).unit(), c.street));
    }
    for here in ends.values() {
        let mut pairs = Vec::new();
        for (i, a) in here.iter().enumerate() {
            for (j, b) in here.iter().enumerate().skip(i + 1) {
                let straight = -a.0.dot(b.0);
                if straight > 0.92 && classes[a.1 as usize] == classes[b.1 as usize] {
                    pairs.push((straight, i, j));
                }
            }
        }
        pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut taken = BTreeSet::new();
        for (_, i, j) in pairs {
            let (a, b) = (here[i].1 as usize, here[j].1 as usize);
            let both_planned = a < planned && b < planned;
            if taken.contains(&i) || taken.contains(&j) || both_planned {
                continue;
            }
            taken.extend([i, j]);
            let (a, b) = (root(&mut group, a), root(&mut group, b));
            // A group keeps the planned street as its root, and never holds two of them.
            if a != b && !(a < planned && b < planned) {
                let (keep, join) = (a.min(b), a.max(b));
                group[join] = keep;
            }
        }
    }
    (0..classes.len()).map(|i| root(&mut group, i)).collect()
}

/// Keeps only the largest connected part of the chains.
pub fn largest_part(chains: Vec<Chain>) -> Vec<Chain> {
    let mut around: HashMap<u32, Vec<usize>> = HashMap::new();
    for (i, c) in chains.iter().enumerate() {
        for end in [c.vertices[0], c.vertices[c.vertices.len() - 1]] {
            around.entry(end).or_default().push(i);
        }
    }
    let mut part = vec![usize::MAX; chains.len()];
    let mut sizes = Vec::new();
    for i in 0..chains.len() {
        if part[i] != usize::MAX {
            continue;
        }
        let (mut size, mut todo) = (0, vec![i]);
        part[i] = sizes.len();
        while let Some(c) = todo.pop() {
            size += 1;
            let v = &chains[c].vertices;
            for end in [v[0], v[v.len() - 1]] {
                for &n in around.get(&end).into_iter().flatten() {
                    if part[n] == usize::MAX {
                        part[n] = sizes.len();
                        todo.push(n);
                    }
                }
            }
        }
        sizes.push(size);
    }
    let best = (0..sizes.len()).max_by_key(|&p| sizes[p]).unwrap_or(0);
    chains.into_iter().zip(part).filter(|(_, p)| *p == best).map(|(c, _)| c).collect()
}

/// Takes back one-way rules until every node can be reached from every other.
pub fn ease_one_ways(nodes: usize, edges: &mut [Edge]) {
    loop {
        let forward = reach(nodes, edges, false);
        let backward = reach(nodes, edges, true);
        let cut_off = |n: usize| !forward[n] || !backward[n];
        let mut eased = false;
        for e in edges.iter_mut().filter(|e| e.one_way) {
            if cut_off(e.from) || cut_off(e.to) {
                e.one_way = false;
                eased = true;
            }
        }
        if !eased {
            return;
        }
    }
}

fn reach(nodes: usize, edges: &[Edge], backward: bool) -> Vec<bool> {
    let mut around: Vec<Vec<usize>> = vec![Vec::new(); nodes];
    for e in edges {
        let (a, b) = if backward { (e.to, e.from) } else { (e.from, e.to) };
        around[a].push(b);
        if !e.one_way {
            around[b].push(a);
        }
    }
    let mut seen = vec![false; nodes];
    let mut todo = vec![0];
    while let Some(n) = todo.pop() {
        if !std::mem::replace(&mut seen[n], true) {
            todo.extend(&around[n]);
        }
    }
    seen
}

pub fn chain_line(mesh: &Mesh, chain: &Chain) -> (Vec<Pt>, f64) {
    let line = mesh.ring(&chain.vertices);
    let length = line_length(&line);
    (line, length)
}
