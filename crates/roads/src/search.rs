//! The search that only goes up.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::build::NONE;
use crate::map::Side;

/// What has been gone so far: weight in ms (what ways are compared by), duration in ms, distance in cm.
/// Negative at the start of a search: arcs count whole, and the part behind the start is taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Cost {
    pub weight: i32,
    pub duration: i32,
    pub distance: i32,
}

impl std::ops::Add for Cost {
    type Output = Cost;

    fn add(self, other: Cost) -> Cost {
        Cost {
            weight: self.weight + other.weight,
            duration: self.duration + other.duration,
            distance: self.distance + other.distance,
        }
    }
}

/// A node whose shortest way up is known.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reached {
    pub node: u32,
    pub cost: Cost,
    /// Where one came from in the list of reached nodes, and by which link; [`NONE`] at a start.
    pub parent: u32,
    pub link: u32,
}

/// Reusable state.
pub(crate) struct Search {
    label: Vec<Label>,
    touched: Vec<u32>,
    heap: BinaryHeap<Reverse<(i32, u32)>>,
    pub reached: Vec<Reached>,
}

#[derive(Clone, Copy)]
struct Label {
    weight: i32,
    parent: u32,
    link: u32,
}

const FAR: i32 = i32::MAX;
const FRESH: Label = Label { weight: FAR, parent: NONE, link: NONE };

impl Search {
    pub fn new(nodes: usize) -> Search {
        Search { label: vec![FRESH; nodes], touched: vec![], heap: BinaryHeap::new(), reached: vec![] }
    }

    /// Goes up from the starts along `ahead`; `behind` is the other direction, by which a node is recognised
    /// that is reached faster from above ("stall on demand"): it is not on a shortest way and not in `reached`.
    pub fn run(&mut self, ahead: &Side, behind: &Side, starts: &[(u32, Cost)]) {
        for &t in &self.touched {
            self.label[t as usize] = FRESH;
        }
        self.touched.clear();
        self.heap.clear();
        self.reached.clear();
        for (k, (node, cost)) in starts.iter().enumerate() {
            self.reach(*node, Label { weight: cost.weight, parent: NONE, link: k as u32 });
        }
        while let Some(Reverse((weight, node))) = self.heap.pop() {
            let label = self.label[node as usize];
            if weight > label.weight || self.stalled(behind, node, weight) {
                continue;
            }
            let cost = if label.parent == NONE {
                starts[label.link as usize].1
            } else {
                let [duration, distance, _] = ahead.cold[label.link as usize];
                let before = self.reached[label.parent as usize].cost;
                Cost {
                    weight,
                    duration: before.duration + duration as i32,
                    distance: before.distance + distance as i32,
                }
            };
            let here = self.reached.len() as u32;
            let link = if label.parent == NONE { NONE } else { label.link };
            self.reached.push(Reached { node, cost, parent: label.parent, link });
            let (from, to) = (ahead.first[node as usize], ahead.first[node as usize + 1]);
            for link in from..to {
                let [other, step] = ahead.hot[link as usize];
                let sum = weight + step as i32;
                if sum < self.label[other as usize].weight {
                    self.reach(other, Label { weight: sum, parent: here, link });
                }
            }
        }
    }

    fn reach(&mut self, node: u32, label: Label) {
        let old = &mut self.label[node as usize];
        if label.weight >= old.weight {
            return;
        }
        if old.weight == FAR {
            self.touched.push(node);
        }
        *old = label;
        self.heap.push(Reverse((label.weight, node)));
    }

    fn stalled(&self, behind: &Side, node: u32, weight: i32) -> bool {
        let (from, to) = (behind.first[node as usize] as usize, behind.first[node as usize + 1] as usize);
        behind.hot[from..to].iter().any(|&[other, step]| {
            let above = self.label[other as usize].weight;
            above != FAR && above + (step as i32) < weight
        })
    }
}
