//! The way a driver takes through the streets: fast, but not at the price of any detour.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use geo::LngLat;

use crate::City;
use crate::find::OnEdge;
use crate::graph::Edge;
use crate::shape::{Pt, line_length, point_along};
use crate::street::StreetClass;

/// Mean wait at a light and slowing down at another junction, seconds.
const SIGNAL_S: f64 = 14.0;
const JUNCTION_S: f64 = 2.0;
/// What a metre costs a driver beside the time, seconds: one does not drive 2 km more to save a minute.
const DETOUR_S: f64 = 0.035;

/// What so many metres of an edge cost.
pub(crate) fn cost(e: &Edge, metres: f64) -> f64 {
    metres * (1.0 / e.speed_mps + DETOUR_S)
}

/// One point of a way on the centre line of a street.
#[derive(Debug, Clone, Copy)]
pub struct WayPoint {
    pub at: LngLat,
    /// Class of the street that leaves this point.
    pub class: StreetClass,
    /// Index of that street in [`City::streets`].
    pub street: usize,
    /// Speed there on an empty road, m/s.
    pub speed_mps: f64,
    /// Set where streets meet.
    pub junction: Option<Junction>,
    pub(crate) p: Pt,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Junction {
    Signal,
    /// Comes from or crosses a street of higher class: give way.
    GiveWay,
    Plain,
}

/// A way from street to street. Starts and ends on the centre line nearest to what was asked.
#[derive(Debug, Clone)]
pub struct Way {
    pub points: Vec<WayPoint>,
    /// Along the centre lines.
    pub length_m: f64,
    /// On empty roads with mean waits at lights.
    pub seconds: f64,
}

impl Way {
    pub fn line(&self) -> Vec<LngLat> {
        self.points.iter().map(|p| p.at).collect()
    }
}

/// What a search knows of every node.
pub(crate) struct Reach {
    /// Seconds, detours weighed in.
    pub cost: Vec<f64>,
    pub metres: Vec<f64>,
    by_edge: Vec<usize>,
}

const NONE: usize = usize::MAX;

#[derive(PartialEq)]
struct Cost(f64);

impl Eq for Cost {}

impl PartialOrd for Cost {
    fn partial_cmp(&self, other: &Cost) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Cost {
    fn cmp(&self, other: &Cost) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl City {
    /// The nearest place on a street one can stop at (any but a fast road).
    pub fn snap(&self, at: LngLat) -> OnEdge {
        let found = self.finder.nearest(&self.edges, self.xy(at), |c| c != StreetClass::Fast);
        found.unwrap_or(OnEdge { edge: 0, along_m: 0.0, off_m: f64::INFINITY })
    }

    /// The place on the centre line.
    pub fn at(&self, place: OnEdge) -> LngLat {
        self.lng_lat(point_along(&self.edges[place.edge].line, place.along_m).0)
    }

    /// The best way between two places, each taken to its nearest street.
    pub fn shortest_path(&self, from: LngLat, to: LngLat) -> Way {
        self.path(self.snap(from), self.snap(to))
    }

    /// The best way between two places on streets.
    pub fn path(&self, from: OnEdge, to: OnEdge) -> Way {
        let last = &self.edges[to.edge];
        let forward_on_one = from.edge == to.edge && (to.along_m >= from.along_m || !last.one_way);
        if forward_on_one {
            return self.way_from(vec![(from.edge, from.along_m, to.along_m)]);
        }
        let reach = self.reach(from, Some(to));
        let mut ends = vec![(last.from, to.along_m, 0.0)];
        if !last.one_way {
            ends.push((last.to, last.length_m - to.along_m, last.length_m));
        }
        let best = ends.into_iter().min_by(|a, b| {
            let whole = |e: &(usize, f64, f64)| reach.cost[e.0] + cost(last, e.1);
            whole(a).total_cmp(&whole(b))
        });
        let Some((mut node, _, entry)) = best else { return self.way_from(Vec::new()) };
        let mut legs = vec![(to.edge, entry, to.along_m)];
        while reach.by_edge[node] != NONE {
            let i = reach.by_edge[node];
            let e = &self.edges[i];
            let (a, b) = if e.to == node { (0.0, e.length_m) } else { (e.length_m, 0.0) };
            if i == from.edge && self.started_here(from, node, &reach) {
                legs.push((i, from.along_m, b));
                break;
            }
            legs.push((i, a, b));
            node = if e.to == node { e.from } else { e.to };
        }
        legs.reverse();
        self.way_from(legs)
    }

    /// The node was reached straight from the starting place, not by going through the whole edge.
    fn started_here(&self, from: OnEdge, node: usize, reach: &Reach) -> bool {
        let e = &self.edges[from.edge];
        let direct = if e.to == node { e.length_m - from.along_m } else { from.along_m };
        (reach.metres[node] - direct).abs() < 1e-6
    }

    /// Cheapest ways from a place to all nodes; stops early when a goal is given.
    pub(crate) fn reach(&self, from: OnEdge, goal: Option<OnEdge>) -> Reach {
        let n = self.nodes.len();
        let mut r =
            Reach { cost: vec![f64::INFINITY; n], metres: vec![f64::INFINITY; n], by_edge: vec![NONE; n] };
        let mut heap: BinaryHeap<Reverse<(Cost, usize)>> = BinaryHeap::new();
        let first = &self.edges[from.edge];
        let mut starts = vec![(first.to, first.length_m - from.along_m)];
        if !first.one_way {
            starts.push((first.from, from.along_m));
        }
        for (node, metres) in starts {
            let s = cost(first, metres);
            if s < r.cost[node] {
                (r.cost[node], r.metres[node], r.by_edge[node]) = (s, metres, from.edge);
                heap.push(Reverse((Cost(s), node)));
            }
        }
        let goals = goal.map(|g| (self.edges[g.edge].from, self.edges[g.edge].to));
        let (mut met_from, mut met_to) = (false, false);
        while let Some(Reverse((Cost(s), node))) = heap.pop() {
            if s > r.cost[node] {
                continue;
            }
            if let Some((a, b)) = goals {
                met_from |= node == a;
                met_to |= node == b;
                if met_from && met_to {
                    break;
                }
            }
            let delay = if self.nodes[node].signal { SIGNAL_S } else { JUNCTION_S };
            for &i in &self.around[node] {
                let e = &self.edges[i];
                let next = if e.from == node {
                    e.to
                } else if e.one_way {
                    continue;
                } else {
                    e.from
                };
                let sum = s + delay + cost(e, e.length_m);
                if sum < r.cost[next] {
                    r.cost[next] = sum;
                    r.metres[next] = r.metres[node] + e.length_m;
                    r.by_edge[next] = i;
                    heap.push(Reverse((Cost(sum), next)));
                }
            }
        }
        r
    }

    /// Joins pieces of edges (edge, from metre, to metre) to one way.
    fn way_from(&self, legs: Vec<(usize, f64, f64)>) -> Way {
        let mut points: Vec<WayPoint> = Vec::new();
        let (mut length_m, mut seconds) = (0.0, 0.0);
        for (n, &(i, a, b)) in legs.iter().enumerate() {
            let e = &self.edges[i];
            let junction = (n > 0).then(|| {
                let node = if a < e.length_m / 2.0 { e.from } else { e.to };
                self.junction(node, &points, e.class)
            });
            seconds += (b - a).abs() / e.speed_mps;
            seconds += match junction {
                Some(Junction::Signal) => SIGNAL_S,
                Some(_) => JUNCTION_S,
                None => 0.0,
            };
            let piece = cut_piece(&e.line, a, b);
            length_m += line_length(&piece);
            let keep = if n > 0 { 0 } else { usize::MAX };
            for (k, &p) in piece.iter().enumerate() {
                let junction = if k == keep { junction } else { None };
                let point = WayPoint {
                    at: self.lng_lat(p),
                    class: e.class,
                    street: e.street,
                    speed_mps: e.speed_mps,
                    junction,
                    p,
                };
                match points.last_mut() {
                    Some(last) if (last.p - p).len() < 0.05 => *last = point,
                    _ => points.push(point),
                }
            }
        }
        Way { points, length_m, seconds }
    }

    fn junction(&self, node: usize, before: &[WayPoint], class: StreetClass) -> Junction {
        if self.nodes[node].signal {
            return Junction::Signal;
        }
        let came = before.last().map_or(class, |p| p.class);
        let highest = self.around[node].iter().map(|&i| self.edges[i].class).min().unwrap_or(class);
        if highest < came && came > StreetClass::Main { Junction::GiveWay } else { Junction::Plain }
    }
}

/// The part of a line from metre `a` to metre `b`; backwards where `b` is smaller.
fn cut_piece(line: &[Pt], a: f64, b: f64) -> Vec<Pt> {
    let (low, high) = (a.min(b), a.max(b));
    let mut piece = vec![point_along(line, low).0];
    let mut at = 0.0;
    for w in line.windows(2) {
        at += (w[1] - w[0]).len();
        if at > low + 0.05 && at < high - 0.05 {
            piece.push(w[1]);
        }
    }
    piece.push(point_along(line, high).0);
    if b < a {
        piece.reverse();
    }
    piece
}
