//! Names on the map: districts, green, water, bridges and stations.

use std::collections::BTreeSet;

use geo::{LngLat, LocalPlane};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use crate::city::Ground;
use crate::graph::{Edge, Node, Street};
use crate::names::Name;
use crate::plan::Plan;
use crate::shape::{Pt, centroid, distance_to_line, inset, pt, rounded, simplified};
use crate::street::StreetClass;

/// A named part of the city.
#[derive(Debug, Clone)]
pub struct District {
    pub name: Name,
    /// Where its label stands.
    pub at: LngLat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaceKind {
    Water,
    Park,
    Station,
    Bridge,
}

impl PlaceKind {
    pub fn word(self) -> &'static str {
        match self {
            Self::Water => "water",
            Self::Park => "park",
            Self::Station => "station",
            Self::Bridge => "bridge",
        }
    }
}

/// A word on the map.
#[derive(Debug, Clone)]
pub struct Place {
    pub kind: PlaceKind,
    pub name: Name,
    pub at: LngLat,
}

const PARKS: [(&str, &str); 16] = [
    ("映月公园", "Yingyue Park"),
    ("石桥公园", "Shiqiao Park"),
    ("白鹭洲公园", "Bailuzhou Park"),
    ("听松园", "Tingsong Garden"),
    ("朝晖公园", "Zhaohui Park"),
    ("青岚植物园", "Qinglan Botanical Garden"),
    ("锦绣园", "Jinxiu Garden"),
    ("文昌公园", "Wenchang Park"),
    ("梅岭公园", "Meiling Park"),
    ("人民公园", "People's Park"),
    ("竹园", "Bamboo Garden"),
    ("荷塘公园", "Hetang Park"),
    ("新河湿地", "Xinhe Wetland"),
    ("东郊公园", "Dongjiao Park"),
    ("体育公园", "Sports Park"),
    ("南苑", "Nanyuan Garden"),
];

/// All green, in drawing order: banks, lake shore and hill first.
pub fn green(
    plan: &Plan,
    blocks: Vec<(Vec<Pt>, f64)>,
    plane: LocalPlane,
    rng: &mut ChaCha8Rng,
) -> Vec<Ground> {
    let ring = |r: &[Pt]| r.iter().map(|p| plane.lng_lat(p.x, p.y)).collect::<Vec<LngLat>>();
    let mut out = vec![
        Ground { ring: ring(&plan.river_corridor), name: None },
        Ground { ring: ring(&plan.lake_park), name: Some(Name::new("镜湖公园", "Jinghu Park")) },
        Ground { ring: ring(&plan.hill), name: Some(Name::new("青岚山", "Mount Qinglan")) },
    ];
    let mut blocks = blocks;
    blocks.sort_by(|a, b| b.1.total_cmp(&a.1));
    let skip = rng.random_range(0..PARKS.len());
    for (n, (shape, area)) in blocks.into_iter().enumerate() {
        let Some(lawn) = inset(&shape, 9.0) else { continue };
        let named = area > 25_000.0 && n < PARKS.len();
        let (zh, en) = PARKS[(n + skip) % PARKS.len()];
        out.push(Ground {
            ring: ring(&simplified(&rounded(&lawn, 2), 1.5)),
            name: named.then(|| Name::new(zh, en)),
        });
    }
    out
}

pub fn districts(plan: &Plan, plane: LocalPlane) -> Vec<District> {
    let d = plan.downtown;
    let side = (plan.lake.first().map_or(1.0, |p| p.x) - d.x).signum();
    [
        ("鼓台区", "Gutai", -700.0, 1_100.0),
        ("锦川区", "Jinchuan", 900.0, -700.0),
        ("临湖区", "Linhu", 900.0, 2_900.0),
        ("望江区", "Wangjiang", -5_000.0, 600.0),
        ("云岭区", "Yunling", -3_900.0, 4_300.0),
        ("东麓区", "Donglu", 5_000.0, -600.0),
        ("新河区", "Xinhe", 4_100.0, -4_300.0),
        ("南屏区", "Nanping", -2_600.0, -4_500.0),
    ]
    .into_iter()
    .map(|(zh, en, x, y)| District {
        name: Name::new(zh, format!("{en} District")),
        at: plane.lng_lat(d.x + x * side, d.y + y),
    })
    .collect()
}

pub fn labels(
    plan: &Plan,
    plane: LocalPlane,
    nodes: &[Node],
    edges: &[Edge],
    streets: &[Street],
) -> Vec<Place> {
    let here = |p: Pt| plane.lng_lat(p.x, p.y);
    let mut out = Vec::new();
    let mut put = |kind, zh: &str, en: &str, p: Pt| {
        out.push(Place { kind, name: Name::new(zh, en), at: here(p) });
    };
    put(PlaceKind::Water, "镜湖", "Jing Lake", centroid(&plan.lake) - pt(0.0, 240.0));
    for share in [0.22, 0.5, 0.78] {
        let p = plan.river[(plan.river.len() as f64 * share) as usize];
        put(PlaceKind::Water, "清江", "Qing River", p);
    }
    put(PlaceKind::Park, "青岚山", "Mount Qinglan", centroid(&plan.hill));

    // One name a bridge over the river; the roads on its banks only bridge the creek.
    let mut named = BTreeSet::new();
    for e in edges.iter().filter(|e| e.bridge && e.class <= StreetClass::Main) {
        let middle = e.line[e.line.len() / 2];
        let across =
            [e.line[0], e.line[e.line.len() - 1]].iter().all(|&p| distance_to_line(p, &plan.river) < 170.0);
        if across && distance_to_line(middle, &plan.river) < 75.0 && named.insert(e.street) {
            let name = &streets[e.street].name;
            let (zh, en) = (stem(&name.zh), name.en.split(' ').next().unwrap_or("Great"));
            put(PlaceKind::Bridge, &format!("{zh}大桥"), &format!("{en} Bridge"), middle);
        }
    }
    stations(plan, plane, nodes, edges, streets, &mut out);
    out
}

/// A metro station where two avenues cross, not too many.
fn stations(
    plan: &Plan,
    plane: LocalPlane,
    nodes: &[Node],
    edges: &[Edge],
    streets: &[Street],
    out: &mut Vec<Place>,
) {
    let mut used = BTreeSet::new();
    let mut taken: Vec<Pt> = Vec::new();
    let mut order: Vec<usize> = (0..nodes.len()).filter(|&n| nodes[n].signal).collect();
    order.sort_by(|&a, &b| (nodes[a].p - plan.downtown).len().total_cmp(&(nodes[b].p - plan.downtown).len()));
    for n in order {
        let here: BTreeSet<usize> = edges
            .iter()
            .filter(|e| (e.from == n || e.to == n) && e.class == StreetClass::Main)
            .map(|e| e.street)
            .collect();
        let crowded = taken.iter().any(|p| (*p - nodes[n].p).len() < 1_150.0);
        if here.len() < 2 || crowded || taken.len() >= 32 {
            continue;
        }
        if let Some(&street) = here.iter().find(|s| !used.contains(*s)) {
            used.insert(street);
            taken.push(nodes[n].p);
            let name = &streets[street].name;
            let word = Name::new(format!("{}站", name.zh), format!("{} Station", name.en));
            out.push(Place {
                kind: PlaceKind::Station,
                name: word,
                at: plane.lng_lat(nodes[n].p.x, nodes[n].p.y),
            });
        }
    }
}

/// The name of a street without its kind.
fn stem(zh: &str) -> &str {
    let kinds = ["快速路", "大道", "大街", "路", "街", "巷"];
    kinds.iter().find_map(|k| zh.strip_suffix(k)).unwrap_or(zh)
}
