//! Taking nodes out.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::witness::Witness;
use super::{Hierarchy, Shortcut};
use crate::build::{Link, NONE};

/// A link at one of its ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    pub node: u32,
    pub weight: u32,
    duration: u32,
    distance: u32,
    middle: u32,
    /// How many links of the graph it stands for.
    hops: u32,
}

impl Edge {
    /// The shortcut over `middle` from where this link comes from to where the other leads.
    fn then(&self, to: &Edge, middle: u32) -> Edge {
        Edge {
            node: to.node,
            weight: self.weight + to.weight,
            duration: self.duration + to.duration,
            distance: self.distance + to.distance,
            middle,
            hops: self.hops + to.hops,
        }
    }
}

/// How far witnesses are searched for when a node is only weighed, and when it is taken out.
const WEIGH: usize = 40;
const TAKE: usize = 120;

struct Graph {
    out: Vec<Vec<Edge>>,
    into: Vec<Vec<Edge>>,
    level: Vec<u32>,
    /// Links and hops taking a node out would add, when that was last looked at.
    expected: Vec<(u32, u32)>,
    /// The shortest way round from each node to itself over nodes taken out before it.
    round: Vec<Option<Shortcut>>,
    witness: Witness,
}

/// What taking a node out would do.
#[derive(Default)]
struct Effect {
    added: u32,
    hops: u32,
    shortcuts: Vec<(u32, Edge)>,
}

pub(crate) fn contract(nodes: usize, links: &[Link]) -> Hierarchy {
    let mut graph = Graph::new(nodes, links);
    let mut queue: BinaryHeap<Reverse<(u64, u32)>> = BinaryHeap::with_capacity(nodes);
    for v in 0..nodes as u32 {
        graph.weigh(v, WEIGH, false);
        queue.push(Reverse((graph.importance(v), v)));
    }
    let mut rank = vec![NONE; nodes];
    let mut lists: Vec<(Vec<Edge>, Vec<Edge>)> = Vec::with_capacity(nodes);
    while let Some(Reverse((before, v))) = queue.pop() {
        // What has been taken out around it may have made it more important: then it waits. The cheap part of
        // the question is asked first.
        let waits = |now: u64| queue.peek().is_some_and(|Reverse((next, _))| now > *next);
        let now = graph.importance(v);
        if now > before && waits(now) {
            queue.push(Reverse((now, v)));
            continue;
        }
        graph.weigh(v, WEIGH, false);
        let now = graph.importance(v);
        if waits(now) {
            queue.push(Reverse((now, v)));
            continue;
        }
        let effect = graph.weigh(v, TAKE, true);
        rank[v as usize] = lists.len() as u32;
        lists.push(graph.take(v, effect));
    }
    finish(rank, lists, graph.round)
}

/// Renumbers by rank.
fn finish(rank: Vec<u32>, lists: Vec<(Vec<Edge>, Vec<Edge>)>, rounds: Vec<Option<Shortcut>>) -> Hierarchy {
    let name = |v: u32| if v == NONE { NONE } else { rank[v as usize] };
    let shortcuts = |edges: Vec<Edge>| -> Vec<Shortcut> {
        let mut list: Vec<Shortcut> = edges
            .into_iter()
            .map(|e| Shortcut {
                other: name(e.node),
                weight: e.weight,
                duration: e.duration,
                distance: e.distance,
                middle: name(e.middle),
            })
            .collect();
        list.sort_by_key(|s| s.other);
        list
    };
    let (up, down) = lists.into_iter().map(|(out, into)| (shortcuts(out), shortcuts(into))).unzip();
    let mut round = vec![None; rank.len()];
    for (v, found) in rounds.into_iter().enumerate() {
        round[rank[v] as usize] = found.map(|s| Shortcut { other: rank[v], middle: name(s.middle), ..s });
    }
    Hierarchy { rank, up, down, round }
}

impl Graph {
    fn new(nodes: usize, links: &[Link]) -> Graph {
        let mut graph = Graph {
            out: vec![vec![]; nodes],
            into: vec![vec![]; nodes],
            level: vec![0; nodes],
            expected: vec![(0, 0); nodes],
            round: vec![None; nodes],
            witness: Witness::new(nodes),
        };
        for link in links {
            let edge = Edge {
                node: link.to,
                weight: link.weight,
                duration: link.duration,
                distance: link.distance,
                middle: NONE,
                hops: 1,
            };
            if link.from == link.to {
                graph.go_round(link.from, edge);
            } else {
                graph.add(link.from, edge);
            }
        }
        graph
    }

    /// Adds a link unless there is one already that is no longer.
    fn add(&mut self, from: u32, edge: Edge) {
        let back = Edge { node: from, ..edge };
        match self.out[from as usize].iter_mut().find(|e| e.node == edge.node) {
            Some(old) if old.weight <= edge.weight => {}
            Some(old) => {
                *old = edge;
                if let Some(old) = self.into[edge.node as usize].iter_mut().find(|e| e.node == from) {
                    *old = back;
                }
            }
            None => {
                self.out[from as usize].push(edge);
                self.into[edge.node as usize].push(back);
            }
        }
    }

    fn go_round(&mut self, v: u32, edge: Edge) {
        let known = &mut self.round[v as usize];
        if known.is_none_or(|k| edge.weight < k.weight) {
            let Edge { weight, duration, distance, middle, .. } = edge;
            *known = Some(Shortcut { other: v, weight, duration, distance, middle });
        }
    }

    /// What taking `v` out would add; with the shortcuts themselves if asked.
    fn weigh(&mut self, v: u32, settle: usize, keep: bool) -> Effect {
        let mut effect = Effect::default();
        let (out, into) = (&self.out[v as usize], &self.into[v as usize]);
        let Some(longest) = out.iter().map(|e| e.weight).max() else {
            self.expected[v as usize] = (0, 0);
            return effect;
        };
        for from in into {
            if out.iter().all(|to| to.node == from.node) {
                continue;
            }
            self.witness.search(&self.out, from.node, v, out, from.weight + longest, settle);
            for to in out.iter().filter(|to| to.node != from.node) {
                let weight = from.weight + to.weight;
                if self.witness.bound(to.node) <= weight {
                    continue;
                }
                effect.added += 1;
                effect.hops += from.hops + to.hops;
                if keep {
                    effect.shortcuts.push((from.node, from.then(to, v)));
                }
            }
        }
        self.expected[v as usize] = (effect.added, effect.hops);
        effect
    }

    /// The order nodes are taken out in: how high it lies, and how many links it adds for each it removes.
    fn importance(&self, v: u32) -> u64 {
        let (added, added_hops) = self.expected[v as usize];
        let (out, into) = (&self.out[v as usize], &self.into[v as usize]);
        let removed = (out.len() + into.len()).max(1) as u64;
        let hops: u64 = out.iter().chain(into).map(|e| u64::from(e.hops)).sum::<u64>().max(1);
        1000 * u64::from(self.level[v as usize])
            + 1000 * u64::from(added) / removed
            + 1000 * u64::from(added_hops) / hops
    }

    /// Takes `v` out and returns its links to and from what remains.
    fn take(&mut self, v: u32, effect: Effect) -> (Vec<Edge>, Vec<Edge>) {
        let out = std::mem::take(&mut self.out[v as usize]);
        let into = std::mem::take(&mut self.into[v as usize]);
        let above = self.level[v as usize] + 1;
        for e in &out {
            remove(&mut self.into[e.node as usize], v);
            self.level[e.node as usize] = self.level[e.node as usize].max(above);
        }
        for e in &into {
            remove(&mut self.out[e.node as usize], v);
            self.level[e.node as usize] = self.level[e.node as usize].max(above);
        }
        for (from, edge) in effect.shortcuts {
            self.add(from, edge);
        }
        for from in &into {
            if let Some(to) = out.iter().find(|to| to.node == from.node) {
                self.go_round(from.node, from.then(to, v));
            }
        }
        (out, into)
    }
}

fn remove(list: &mut Vec<Edge>, node: u32) {
    if let Some(k) = list.iter().position(|e| e.node == node) {
        list.swap_remove(k);
    }
}
