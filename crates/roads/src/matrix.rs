//! Many to many: every target leaves what it needs at the nodes above it ("buckets"); every source picks it up.
//!
//! Knopp, Sanders, Schultes, Schulz, Wagner: Computing Many-to-Many Shortest Paths Using Highway Hierarchies (2007).

use crate::grid::Place;
use crate::map::Network;
use crate::search::{Cost, Search};

/// Travel from every source (row) to every target (column).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub rows: usize,
    pub columns: usize,
    /// Row by row: milliseconds, [`Table::NO_WAY`] where there is none.
    pub duration_ms: Vec<u32>,
    /// Row by row: centimetres, likewise.
    pub distance_cm: Vec<u32>,
}

impl Table {
    pub const NO_WAY: u32 = u32::MAX;
}

/// What a target left at a node.
#[derive(Clone, Copy)]
struct Left {
    target: u32,
    cost: Cost,
}

impl Network<'_> {
    /// Times and distances along the ways of least weight. A place reaches itself in nothing.
    pub fn table(&self, sources: &[Place], targets: &[Place]) -> Table {
        let mut search = Search::new(self.arcs());
        let buckets = self.fill(&mut search, targets);
        let cells = sources.len() * targets.len();
        let mut table = Table {
            rows: sources.len(),
            columns: targets.len(),
            duration_ms: vec![Table::NO_WAY; cells],
            distance_cm: vec![Table::NO_WAY; cells],
        };
        let mut row: Vec<Cost> = vec![];
        for (k, source) in sources.iter().enumerate() {
            row.clear();
            row.resize(targets.len(), NOWHERE);
            search.run(&self.up, &self.down, &self.starts(source));
            for reached in &search.reached {
                let (from, to) =
                    (buckets.first[reached.node as usize], buckets.first[reached.node as usize + 1]);
                for left in &buckets.left[from as usize..to as usize] {
                    let best = &mut row[left.target as usize];
                    if reached.cost.weight + left.cost.weight < best.weight {
                        *best = reached.cost + left.cost;
                    }
                }
            }
            for (n, target) in targets.iter().enumerate() {
                if target.piece == source.piece {
                    row[n] = self.on_one_piece(&mut search, source, target);
                }
                if row[n] != NOWHERE {
                    table.duration_ms[k * targets.len() + n] = row[n].duration.max(0) as u32;
                    table.distance_cm[k * targets.len() + n] = row[n].distance.max(0) as u32;
                }
            }
        }
        table
    }

    fn fill(&self, search: &mut Search, targets: &[Place]) -> Buckets {
        let mut all: Vec<(u32, Left)> = vec![];
        for (k, target) in targets.iter().enumerate() {
            search.run(&self.down, &self.up, &self.ends(target));
            all.extend(search.reached.iter().map(|r| (r.node, Left { target: k as u32, cost: r.cost })));
        }
        let mut first = vec![0_u32; self.arcs() + 1];
        for (node, _) in &all {
            first[*node as usize + 1] += 1;
        }
        for k in 0..self.arcs() {
            first[k + 1] += first[k];
        }
        let mut at = first.clone();
        let mut left = vec![Left { target: 0, cost: NOWHERE }; all.len()];
        for (node, entry) in all {
            let slot = &mut at[node as usize];
            left[*slot as usize] = entry;
            *slot += 1;
        }
        Buckets { first, left }
    }

    /// Where a search from a place begins: on the arcs there, less what lies behind.
    pub(crate) fn starts(&self, place: &Place) -> Vec<(u32, Cost)> {
        self.arcs_at(place).map(|(arc, behind)| (arc, self.part(arc, -behind))).collect()
    }

    /// Where a search to a place begins: on the arcs there, with what lies behind.
    pub(crate) fn ends(&self, place: &Place) -> Vec<(u32, Cost)> {
        self.arcs_at(place).map(|(arc, behind)| (arc, self.part(arc, behind))).collect()
    }

    /// So much of an arc.
    pub(crate) fn part(&self, arc: u32, share: f64) -> Cost {
        let [weight, duration] = self.arc_cost[arc as usize];
        let distance = self.piece_cm[(self.arc_piece[arc as usize] / 2) as usize];
        let of = |whole: u32| (f64::from(whole) * share).round() as i32;
        Cost { weight: of(weight), duration: of(duration), distance: of(distance) }
    }
}

pub(crate) const NOWHERE: Cost = Cost { weight: i32::MAX, duration: i32::MAX, distance: i32::MAX };

struct Buckets {
    first: Vec<u32>,
    left: Vec<Left>,
}
