//! A whole city and how it is made.

use std::collections::BTreeMap;

use geo::{LngLat, LocalPlane};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::buildings::{self, Building};
use crate::graph::{self, Chain, Edge, Node, Street};
use crate::mesh::{Mesh, StreetId, key};
use crate::names::{Name, Namer};
use crate::place::{self, District, Place};
use crate::plan::{self, Along, HALF_HEIGHT, HALF_WIDTH, Plan};
use crate::shape::{self, Pt, centroid, crossing, distance_to_line, inside, pt};
use crate::street::StreetClass;
use crate::subdivide::{self, Use};

/// A block between streets.
#[derive(Debug, Clone)]
pub struct Block {
    /// Along the centre lines of the streets round it, counter-clockwise, not closed.
    pub ring: Vec<LngLat>,
    pub park: bool,
}

/// Water or green as it is drawn; rings are not closed.
#[derive(Debug, Clone)]
pub struct Ground {
    pub ring: Vec<LngLat>,
    pub name: Option<Name>,
}

/// An invented city. The same seed and centre give the same city on every machine.
#[derive(Debug, Clone)]
pub struct City {
    pub seed: u64,
    pub centre: LngLat,
    /// The busiest place.
    pub downtown: LngLat,
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
    pub streets: Vec<Street>,
    pub blocks: Vec<Block>,
    pub buildings: Vec<Building>,
    pub water: Vec<Ground>,
    pub parks: Vec<Ground>,
    pub islands: Vec<Ground>,
    pub districts: Vec<District>,
    /// Stations, bridges and other words on the map.
    pub places: Vec<Place>,
    pub(crate) plane: LocalPlane,
    pub(crate) heart: Pt,
    pub(crate) around: Vec<Vec<usize>>,
    pub(crate) finder: crate::find::EdgeFinder,
}

impl City {
    /// Draws a city of about 16 × 13 km round `centre`.
    pub fn generate(seed: u64, centre: LngLat) -> City {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let plane = LocalPlane::at(centre);
        let plan = plan::draw(&mut rng);
        let (mut mesh, mut classes) = lay_out(&plan);
        let planned = classes.len();
        let blocks = cut_blocks(&mut mesh, &mut rng, &plan, &mut classes);
        clear_way(&mut mesh, &plan, &classes, planned);
        let chains = graph::largest_part(graph::chains(&mesh));
        let (nodes, edges, streets) = build_graph(&mesh, &mut rng, &plan, &classes, &chains, plane);

        let here = |p: Pt| plane.lng_lat(p.x, p.y);
        let ring = |r: &[Pt]| r.iter().map(|&p| here(p)).collect::<Vec<LngLat>>();
        let (parks, built) = green_and_built(&mesh, &plan, blocks);
        let buildings = buildings::raise(&mut rng, &built, &plan, plane);
        let ground = |r: &[Pt], name: Option<Name>| Ground { ring: ring(r), name };
        let water = vec![
            ground(&plan.river_bed, Some(Name::new("清江", "Qing River"))),
            ground(&plan.creek_bed, Some(Name::new("锦溪", "Jin Creek"))),
            ground(&plan.lake, Some(Name::new("镜湖", "Jing Lake"))),
        ];
        let islands = plan.islands.iter().map(|i| ground(i, None)).collect();
        let mut blocks: Vec<Block> = built.iter().map(|s| Block { ring: ring(s), park: false }).collect();
        blocks.extend(parks.iter().map(|(s, _)| Block { ring: ring(s), park: true }));
        let parks = place::green(&plan, parks, plane, &mut rng);
        let districts = place::districts(&plan, plane);
        let places = place::labels(&plan, plane, &nodes, &edges, &streets);
        let around = around(nodes.len(), &edges);
        let finder = crate::find::EdgeFinder::new(&edges);
        City {
            seed,
            centre,
            downtown: here(plan.downtown),
            nodes,
            edges,
            streets,
            blocks,
            buildings,
            water,
            parks,
            islands,
            districts,
            places,
            plane,
            heart: plan.downtown,
            around,
            finder,
        }
    }

    pub(crate) fn lng_lat(&self, p: Pt) -> LngLat {
        self.plane.lng_lat(p.x, p.y)
    }

    pub(crate) fn xy(&self, at: LngLat) -> Pt {
        let (x, y) = self.plane.xy(at);
        pt(x, y)
    }

    /// The centre line of an edge, from its `from` to its `to`.
    pub fn line(&self, edge: &Edge) -> Vec<LngLat> {
        edge.line.iter().map(|&p| self.lng_lat(p)).collect()
    }

    pub fn street_name(&self, edge: &Edge) -> &Name {
        &self.streets[edge.street].name
    }

    /// The district a place belongs to: the nearest label.
    pub fn district(&self, at: LngLat) -> &District {
        let mut best = &self.districts[0];
        for d in &self.districts {
            if geo::distance_m(d.at, at) < geo::distance_m(best.at, at) {
                best = d;
            }
        }
        best
    }
}

/// The planned streets as a mesh, fast roads included where they meet an avenue.
fn lay_out(plan: &Plan) -> (Mesh, Vec<StreetClass>) {
    let lines: Vec<(StreetId, Vec<Pt>)> =
        plan.streets.iter().enumerate().map(|(i, s)| (i as StreetId, s.line.clone())).collect();
    let mesh = Mesh::from_lines(&lines, (HALF_WIDTH, HALF_HEIGHT));
    let classes = plan.streets.iter().chain(&plan.fast).map(|s| s.class).collect();
    (mesh, classes)
}

fn cut_blocks(
    mesh: &mut Mesh,
    rng: &mut ChaCha8Rng,
    plan: &Plan,
    classes: &mut Vec<StreetClass>,
) -> Vec<subdivide::Block> {
    // Interchanges come first, so that no lane is cut into an avenue right beside one.
    let fast = interchanges(mesh, plan);
    let water = |ring: &[Pt]| {
        let middle = centroid(ring);
        inside(middle, &plan.lake_park)
            || inside(middle, &plan.hill)
            || plan.river.iter().filter(|&&p| inside(p, ring)).count() > 1
    };
    let heart = plan.downtown;
    let blocks = subdivide::subdivide(mesh, rng, classes, water, |p| subdivide::block_target_m2(p, heart));
    for (street, line) in fast {
        for pair in line.windows(2) {
            mesh.connect(pair[0], pair[1], None, street);
        }
    }
    blocks
}

/// Fast roads as vertex lines. They share a vertex with every avenue they meet and with each other, and
/// pass over everything else.
fn interchanges(mesh: &mut Mesh, plan: &Plan) -> Vec<(StreetId, Vec<u32>)> {
    let first = plan.streets.len();
    let mut knots: Vec<(Pt, u32)> = Vec::new();
    let mut out = Vec::new();
    for (n, fast) in plan.fast.iter().enumerate() {
        let line = meet_lines(&fast.line, plan, n);
        let mut ids: Vec<u32> = Vec::new();
        for pair in line.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            if !on_map(a) {
                continue;
            }
            ids.push(knot(mesh, &mut knots, a));
            for (_, at, segment) in avenues_met(mesh, plan, a, b) {
                let v = mesh.divide(segment, at);
                knots.push((at, v));
                ids.push(v);
            }
        }
        if let Some(&last) = line.last().filter(|p| on_map(**p)) {
            ids.push(knot(mesh, &mut knots, last));
        }
        ids.dedup();
        out.push(((first + n) as StreetId, ids));
    }
    out
}

fn on_map(p: Pt) -> bool {
    p.x.abs() <= HALF_WIDTH && p.y.abs() <= HALF_HEIGHT
}

/// A fast road with a point where it meets another one.
fn meet_lines(line: &[Pt], plan: &Plan, own: usize) -> Vec<Pt> {
    let mut out = Vec::new();
    for pair in line.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        out.push(a);
        let mut cuts: Vec<f64> = Vec::new();
        for (_, other) in plan.fast.iter().enumerate().filter(|(n, _)| *n != own) {
            let meets = other.line.windows(2).filter_map(|w| crossing(a, b, w[0], w[1]));
            cuts.extend(meets.map(|(t, _)| t));
            // A spoke begins on the ring itself.
            let start = other.line[0];
            let (t, d) = shape::nearest_on(start, a, b);
            if d < 25.0 {
                cuts.push(t);
            }
        }
        cuts.sort_by(f64::total_cmp);
        out.extend(cuts.into_iter().map(|t| a.lerp(b, t)));
    }
    out.extend(line.last());
    out.dedup_by(|a, b| (*a - *b).len() < 1.0);
    out
}

fn knot(mesh: &mut Mesh, knots: &mut Vec<(Pt, u32)>, p: Pt) -> u32 {
    if let Some(&(_, v)) = knots.iter().find(|(q, _)| (*q - p).len() < 26.0) {
        return v;
    }
    mesh.at.push(p);
    let v = (mesh.at.len() - 1) as u32;
    knots.push((p, v));
    v
}

fn avenues_met(mesh: &Mesh, plan: &Plan, a: Pt, b: Pt) -> Vec<(f64, Pt, (u32, u32))> {
    let mut met: Vec<(f64, Pt, (u32, u32))> = mesh
        .segments
        .iter()
        .filter(|(_, s)| plan.streets.get(**s as usize).is_some_and(|s| s.class == StreetClass::Main))
        .filter_map(|(&(c, d), _)| {
            let (t, _) = crossing(a, b, mesh.p(c), mesh.p(d))?;
            Some((t, a.lerp(b, t), (c, d)))
        })
        .collect();
    met.sort_by(|x, y| x.0.total_cmp(&y.0));
    met
}

/// Takes away lanes that lie under a fast road or would need a bridge of their own.
fn clear_way(mesh: &mut Mesh, plan: &Plan, classes: &[StreetClass], planned: usize) {
    let doomed: Vec<_> = mesh
        .segments
        .iter()
        .filter(|(_, street)| **street as usize >= planned && (**street as usize) < classes.len())
        .filter(|(s, street)| {
            let (a, b) = (mesh.p(s.0), mesh.p(s.1));
            let lane = classes[**street as usize] == StreetClass::Lane;
            let over_creek = plan.creek.windows(2).any(|w| crossing(a, b, w[0], w[1]).is_some());
            let in_creek = distance_to_line(a.lerp(b, 0.5), &plan.creek) < 26.0;
            let under = plan.fast.iter().any(|f| {
                f.line.windows(2).any(|w| {
                    let along = (w[1] - w[0]).unit().dot((b - a).unit()).abs() > 0.85;
                    along && shape::nearest_on(a.lerp(b, 0.5), w[0], w[1]).1 < 42.0
                })
            });
            under || (lane && (over_creek || in_creek))
        })
        .map(|(s, _)| *s)
        .collect();
    for s in doomed {
        mesh.remove(key(s.0, s.1));
    }
    mesh.prune();
}

type GraphParts = (Vec<Node>, Vec<Edge>, Vec<Street>);

fn build_graph(
    mesh: &Mesh,
    rng: &mut ChaCha8Rng,
    plan: &Plan,
    classes: &[StreetClass],
    chains: &[Chain],
    plane: LocalPlane,
) -> GraphParts {
    let planned = plan.streets.len() + plan.fast.len();
    let groups = graph::continuations(mesh, chains, classes, planned);
    let mut lengths: BTreeMap<usize, f64> = BTreeMap::new();
    for c in chains {
        *lengths.entry(groups[c.street as usize]).or_default() += graph::chain_line(mesh, c).1;
    }
    let mut order: Vec<(usize, f64)> = lengths.into_iter().collect();
    order.sort_by(|a, b| classes[a.0].cmp(&classes[b.0]).then(b.1.total_cmp(&a.1)));
    let mut namer = Namer::new(rng);
    let mut index: BTreeMap<usize, usize> = BTreeMap::new();
    let mut streets = Vec::new();
    for (group, length_m) in order {
        let along = plan.streets.iter().chain(&plan.fast).nth(group).map_or(Along::Nothing, |s| s.along);
        index.insert(group, streets.len());
        streets.push(Street { name: namer.name(classes[group], along), class: classes[group], length_m });
    }

    let mut number: BTreeMap<u32, usize> = BTreeMap::new();
    let mut nodes: Vec<Node> = Vec::new();
    let mut edges: Vec<Edge> = Vec::new();
    for c in chains {
        let (line, length_m) = graph::chain_line(mesh, c);
        let mut node = |v: u32| {
            *number.entry(v).or_insert_with(|| {
                let p = mesh.p(v);
                nodes.push(Node { at: plane.lng_lat(p.x, p.y), signal: false, p });
                nodes.len() - 1
            })
        };
        let (from, to) = (node(c.vertices[0]), node(c.vertices[c.vertices.len() - 1]));
        let class = classes[c.street as usize];
        let bridge = crosses(&line, &plan.river) || crosses(&line, &plan.creek);
        let one_way = class == StreetClass::Lane && from != to && rng.random_bool(0.05);
        let speed_mps = class.free_speed_mps() * rng.random_range(0.9..1.1);
        let street = index.get(&groups[c.street as usize]).copied().unwrap_or(0);
        edges.push(Edge { from, to, class, street, one_way, bridge, length_m, speed_mps, line });
    }
    graph::ease_one_ways(nodes.len(), &mut edges);
    set_signals(&mut nodes, &edges);
    (nodes, edges, streets)
}

fn crosses(line: &[Pt], water: &[Pt]) -> bool {
    line.windows(2).any(|a| water.windows(2).any(|b| crossing(a[0], a[1], b[0], b[1]).is_some()))
}

/// Lights stand where avenues meet, and where a street crosses an avenue or another street.
fn set_signals(nodes: &mut [Node], edges: &[Edge]) {
    let list = around(nodes.len(), edges);
    for (node, here) in nodes.iter_mut().zip(list) {
        let count = |c: StreetClass| here.iter().filter(|&&e| edges[e].class == c).count();
        let (fast, main, street) =
            (count(StreetClass::Fast), count(StreetClass::Main), count(StreetClass::Street));
        node.signal = (fast == 0 && main >= 3) || (main == 2 && street >= 1) || street >= 4;
    }
}

fn around(nodes: usize, edges: &[Edge]) -> Vec<Vec<usize>> {
    let mut list = vec![Vec::new(); nodes];
    for (i, e) in edges.iter().enumerate() {
        list[e.from].push(i);
        if e.to != e.from {
            list[e.to].push(i);
        }
    }
    list
}

type Rings = Vec<Vec<Pt>>;

/// Park blocks with their area, and the rings of built blocks.
fn green_and_built(mesh: &Mesh, plan: &Plan, blocks: Vec<subdivide::Block>) -> (Vec<(Vec<Pt>, f64)>, Rings) {
    let (mut parks, mut built) = (Vec::new(), Vec::new());
    for b in blocks {
        let ring = mesh.ring(&b.ring);
        match b.purpose {
            Use::Open => {}
            Use::Park if distance_to_line(centroid(&ring), &plan.creek) > 60.0 => {
                let area = shape::signed_area(&ring);
                parks.push((ring, area));
            }
            _ => built.push(ring),
        }
    }
    (parks, built)
}
