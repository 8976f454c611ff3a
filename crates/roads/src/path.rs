//! One way, with its line.

use geo::{LngLat, distance_m};

use crate::build::NONE;
use crate::grid::Place;
use crate::map::Network;
use crate::matrix::NOWHERE;
use crate::search::{Cost, Reached, Search};

/// A way from one place to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Way {
    pub duration_ms: u32,
    pub distance_cm: u32,
    /// Along the streets, both places included.
    pub line: Vec<LngLat>,
}

/// A way found: its cost and the arcs from the one with the source to the one with the target.
struct Found {
    cost: Cost,
    arcs: Vec<u32>,
}

impl Network<'_> {
    /// The way of least weight; `None` when there is none.
    pub fn way(&self, from: &Place, to: &Place) -> Option<Way> {
        let mut search = Search::new(self.arcs());
        let found = self.find(&mut search, from, to)?;
        Some(Way {
            duration_ms: found.cost.duration.max(0) as u32,
            distance_cm: found.cost.distance.max(0) as u32,
            line: self.drawn(&found.arcs, from, to),
        })
    }

    /// Milliseconds and centimetres from the first to the second of each pair; `None` where there is no way.
    pub fn pairs(&self, pairs: &[(Place, Place)]) -> Vec<Option<(u32, u32)>> {
        let mut search = Search::new(self.arcs());
        let mut one = |(from, to): &(Place, Place)| {
            let cost = self.find(&mut search, from, to)?.cost;
            Some((cost.duration.max(0) as u32, cost.distance.max(0) as u32))
        };
        pairs.iter().map(&mut one).collect()
    }

    /// Cost between two places on the same piece.
    pub(crate) fn on_one_piece(&self, search: &mut Search, from: &Place, to: &Place) -> Cost {
        self.find(search, from, to).map_or(NOWHERE, |f| f.cost)
    }

    fn find(&self, search: &mut Search, from: &Place, to: &Place) -> Option<Found> {
        if from.piece != to.piece {
            return self.meet(search, &self.starts(from), &self.ends(to));
        }
        // Here searches from both sides begin on the same arcs, and meeting at the start says nothing: every
        // pair of arcs is looked at by itself.
        let mut best: Option<Found> = None;
        for (arc, behind) in self.arcs_at(from) {
            for (goal, there) in self.arcs_at(to) {
                let found = if arc != goal {
                    self.meet(search, &[(arc, self.part(arc, -behind))], &[(goal, self.part(goal, there))])
                } else if there >= behind {
                    Some(Found { cost: self.part(arc, there - behind), arcs: vec![arc] })
                } else {
                    self.round_the_block(search, arc, behind, there)
                };
                if let Some(found) =
                    found.filter(|f| best.as_ref().is_none_or(|b| f.cost.weight < b.cost.weight))
                {
                    best = Some(found);
                }
            }
        }
        best
    }

    /// From a place on an arc to one that lies behind on the same arc.
    fn round_the_block(&self, search: &mut Search, arc: u32, behind: f64, there: f64) -> Option<Found> {
        let (start, end) = (self.part(arc, -behind), self.part(arc, there));
        let over_higher = self.meet_elsewhere(search, &[(arc, start)], &[(arc, end)], Some(arc));
        let [weight, duration, distance, middle] = self.round[arc as usize];
        if weight == NONE {
            return over_higher;
        }
        let round = Cost { weight: weight as i32, duration: duration as i32, distance: distance as i32 };
        let cost = start + round + end;
        if over_higher.as_ref().is_some_and(|f| f.cost.weight <= cost.weight) {
            return over_higher;
        }
        let mut arcs = vec![arc];
        self.unpack(arc, arc, middle, &mut arcs);
        Some(Found { cost, arcs })
    }

    fn meet(&self, search: &mut Search, starts: &[(u32, Cost)], ends: &[(u32, Cost)]) -> Option<Found> {
        self.meet_elsewhere(search, starts, ends, None)
    }

    /// Up from both sides; the best node both reach, other than `not`.
    fn meet_elsewhere(
        &self,
        search: &mut Search,
        starts: &[(u32, Cost)],
        ends: &[(u32, Cost)],
        not: Option<u32>,
    ) -> Option<Found> {
        search.run(&self.up, &self.down, starts);
        let ahead = std::mem::take(&mut search.reached);
        search.run(&self.down, &self.up, ends);
        let mut by_node: Vec<(u32, u32)> =
            ahead.iter().enumerate().map(|(k, r)| (r.node, k as u32)).collect();
        by_node.sort_unstable();
        let mut best: Option<(Cost, u32, u32)> = None;
        for (k, r) in search.reached.iter().enumerate().filter(|(_, r)| Some(r.node) != not) {
            let Ok(found) = by_node.binary_search_by_key(&r.node, |p| p.0) else { continue };
            let sum = ahead[by_node[found].1 as usize].cost + r.cost;
            if best.is_none_or(|b| sum.weight < b.0.weight) {
                best = Some((sum, by_node[found].1, k as u32));
            }
        }
        let (cost, a, b) = best?;
        let mut arcs = self.climbed(&ahead, a);
        self.descended(&search.reached, b, &mut arcs);
        Some(Found { cost, arcs })
    }

    /// Arcs from a start up to a reached node.
    fn climbed(&self, reached: &[Reached], at: u32) -> Vec<u32> {
        let mut steps = vec![];
        let mut here = reached[at as usize];
        while here.parent != NONE {
            let before = reached[here.parent as usize];
            steps.push((before.node, here.node, self.up.cold[here.link as usize][2]));
            here = before;
        }
        let mut arcs = vec![here.node];
        for (from, to, middle) in steps.into_iter().rev() {
            self.unpack(from, to, middle, &mut arcs);
        }
        arcs
    }

    /// Arcs from a reached node down to the end.
    fn descended(&self, reached: &[Reached], at: u32, arcs: &mut Vec<u32>) {
        let mut here = reached[at as usize];
        while here.parent != NONE {
            let next = reached[here.parent as usize];
            self.unpack(here.node, next.node, self.down.cold[here.link as usize][2], arcs);
            here = next;
        }
    }

    /// Adds the arcs of a link after its first.
    fn unpack(&self, from: u32, to: u32, middle: u32, arcs: &mut Vec<u32>) {
        let mut open = vec![(from, to, middle)];
        while let Some((from, to, middle)) = open.pop() {
            if middle == NONE {
                arcs.push(to);
                continue;
            }
            let link = |side: &crate::map::Side, other: u32| {
                let (a, b) = (side.first[middle as usize] as usize, side.first[middle as usize + 1] as usize);
                let at = side.hot[a..b].iter().position(|l| l[0] == other);
                at.map_or(NONE, |k| side.cold[a + k][2])
            };
            open.push((middle, to, link(&self.up, to)));
            open.push((from, middle, link(&self.down, from)));
        }
    }

    /// The line over arcs, from the one place to the other.
    fn drawn(&self, arcs: &[u32], from: &Place, to: &Place) -> Vec<LngLat> {
        let mut line = vec![from.at];
        for (k, &arc) in arcs.iter().enumerate() {
            let piece = self.arc_piece[arc as usize];
            let (points, backward) = (self.line(piece / 2), piece % 2 == 1);
            let along = |p: &Place| if backward { 1.0 - p.along } else { p.along };
            let first = if k == 0 { along(from) } else { 0.0 };
            let last = if k + 1 == arcs.len() { along(to) } else { 1.0 };
            let points: Vec<LngLat> = if backward { points.into_iter().rev().collect() } else { points };
            let whole = geo::polyline_m(&points).max(f64::MIN_POSITIVE);
            let mut gone = 0.0;
            for (n, p) in points.iter().enumerate() {
                if n > 0 {
                    gone += distance_m(points[n - 1], *p) / whole;
                }
                if gone > first && gone < last || (k > 0 && n == 0) {
                    line.push(*p);
                }
            }
        }
        line.push(to.at);
        line.dedup();
        line
    }
}
