//! The search for a way that makes a shortcut unnecessary.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::contract::Edge;

/// Reusable state of a local Dijkstra search.
pub(super) struct Witness {
    best: Vec<u32>,
    touched: Vec<u32>,
    /// The targets of the running search.
    wanted: Vec<bool>,
    heap: BinaryHeap<Reverse<(u32, u32)>>,
}

const FAR: u32 = u32::MAX;

impl Witness {
    pub fn new(n: usize) -> Witness {
        Witness { best: vec![FAR; n], touched: vec![], wanted: vec![false; n], heap: BinaryHeap::new() }
    }

    /// Searches from `from` without `without`, no farther than `limit` and no longer than `settle` nodes; stops
    /// when all `targets` are settled.
    pub fn search(
        &mut self,
        out: &[Vec<Edge>],
        from: u32,
        without: u32,
        targets: &[Edge],
        limit: u32,
        settle: usize,
    ) {
        for &t in &self.touched {
            self.best[t as usize] = FAR;
        }
        self.touched.clear();
        self.heap.clear();
        self.reach(from, 0);
        for t in targets {
            self.wanted[t.node as usize] = true;
        }
        self.settle(out, without, targets.len(), limit, settle);
        for t in targets {
            self.wanted[t.node as usize] = false;
        }
    }

    fn settle(&mut self, out: &[Vec<Edge>], without: u32, targets: usize, limit: u32, settle: usize) {
        let mut open = targets;
        for _ in 0..settle {
            let Some(Reverse((d, v))) = self.heap.pop() else { break };
            if d > self.best[v as usize] {
                continue;
            }
            if d > limit {
                break;
            }
            if self.wanted[v as usize] {
                open -= 1;
                if open == 0 {
                    break;
                }
            }
            for e in &out[v as usize] {
                if e.node != without && d + e.weight < self.best[e.node as usize] && d + e.weight <= limit {
                    self.reach(e.node, d + e.weight);
                }
            }
        }
    }

    fn reach(&mut self, v: u32, d: u32) {
        if self.best[v as usize] == FAR {
            self.touched.push(v);
        }
        self.best[v as usize] = d;
        self.heap.push(Reverse((d, v)));
    }

    /// An upper bound of the way to `v`.
    pub fn bound(&self, v: u32) -> u32 {
        self.best[v as usize]
    }
}
