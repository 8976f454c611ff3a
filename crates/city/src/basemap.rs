//! The city as one GeoJSON source for MapLibre.
//!
//! Every feature has `layer` (`park`, `water`, `building`, `road`, `label`); roads have `class`, labels a
//! `class` too (`district`, `water`, `park`, `station`, `bridge`). Features stand in drawing order.
//! Coordinates have five decimals (1.1 m).

use std::collections::BTreeMap;

use geo::LngLat;
use serde_json::{Value, json};

use crate::City;
use crate::names::Name;
use crate::shape::{Pt, simplified};
use crate::street::StreetClass;

/// Footprints, and lanes without a name, of a square this wide make one feature.
const TILE_M: f64 = 1_000.0;
/// Bends flatter than this are left out of drawn roads.
const SLACK_M: f64 = 1.6;
/// Shorter lanes are drawn without their name.
const NAMED_LANE_M: f64 = 380.0;

impl City {
    /// The whole map as a GeoJSON FeatureCollection.
    pub fn basemap_geojson(&self) -> String {
        let mut features = Vec::new();
        for g in &self.parks {
            features.push(feature("park", None, g.name.as_ref(), polygon(&g.ring)));
        }
        for g in &self.water {
            features.push(feature("water", None, g.name.as_ref(), polygon(&g.ring)));
        }
        for g in &self.islands {
            features.push(feature("park", Some("island"), None, polygon(&g.ring)));
        }
        features.extend(self.building_tiles());
        features.extend(self.roads());
        for d in &self.districts {
            features.push(feature("label", Some("district"), Some(&d.name), point(d.at)));
        }
        for p in &self.places {
            features.push(feature("label", Some(p.kind.word()), Some(&p.name), point(p.at)));
        }
        json!({"type": "FeatureCollection", "features": features}).to_string()
    }

    /// Lanes first, fast roads last. Short lanes go without a name, one feature a square.
    fn roads(&self) -> Vec<Value> {
        let mut short: BTreeMap<(i32, i32), Vec<Value>> = BTreeMap::new();
        let mut named: Vec<(StreetClass, Value)> = Vec::new();
        for (street, lines) in self.street_lines() {
            let s = &self.streets[street];
            let first = lines[0][0];
            let drawn =
                lines.iter().map(|l| l.iter().map(|&p| json!(pair(self.lng_lat(p)))).collect::<Value>());
            if s.class == StreetClass::Lane && s.length_m < NAMED_LANE_M {
                short.entry(tile(first)).or_default().extend(drawn);
            } else {
                named.push((
                    s.class,
                    feature("road", Some(s.class.word()), Some(&s.name), multi_line(drawn.collect())),
                ));
            }
        }
        named.sort_by_key(|n| std::cmp::Reverse(n.0));
        let word = StreetClass::Lane.word();
        let short = short.into_values().map(|all| feature("road", Some(word), None, multi_line(all)));
        short.chain(named.into_iter().map(|(_, f)| f)).collect()
    }

    fn building_tiles(&self) -> Vec<Value> {
        let mut tiles: BTreeMap<(i32, i32), Vec<Value>> = BTreeMap::new();
        for b in &self.buildings {
            tiles.entry(tile(b.shape[0])).or_default().push(rings(&b.ring));
        }
        tiles
            .into_values()
            .map(|all| feature("building", None, None, json!({"type": "MultiPolygon", "coordinates": all})))
            .collect()
    }

    /// The edges of each street joined to lines as long as possible, so that names have room.
    fn street_lines(&self) -> BTreeMap<usize, Vec<Vec<Pt>>> {
        let mut by_street: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (i, e) in self.edges.iter().enumerate() {
            by_street.entry(e.street).or_default().push(i);
        }
        by_street.into_iter().map(|(street, edges)| (street, self.joined(edges))).collect()
    }

    fn joined(&self, mut left: Vec<usize>) -> Vec<Vec<Pt>> {
        let mut lines = Vec::new();
        while let Some(first) = left.pop() {
            let e = &self.edges[first];
            let (mut line, mut head, mut tail) = (e.line.clone(), e.from, e.to);
            loop {
                let next = left.iter().position(|&i| {
                    let e = &self.edges[i];
                    [e.from, e.to].iter().any(|n| *n == head || *n == tail)
                });
                let Some(k) = next else { break };
                let e = &self.edges[left.swap_remove(k)];
                if e.from == tail || e.to == tail {
                    let (more, end) = toward(e, tail);
                    line.extend(&more[1..]);
                    tail = end;
                } else {
                    let (mut more, end) = toward(e, head);
                    more.reverse();
                    more.pop();
                    more.extend(line);
                    line = more;
                    head = end;
                }
            }
            lines.push(simplified(&line, SLACK_M));
        }
        lines
    }
}

/// The line of an edge beginning at one of its nodes, and the other node.
fn toward(e: &crate::Edge, start: usize) -> (Vec<Pt>, usize) {
    if e.from == start { (e.line.clone(), e.to) } else { (e.line.iter().rev().copied().collect(), e.from) }
}

fn tile(p: Pt) -> (i32, i32) {
    ((p.x / TILE_M).floor() as i32, (p.y / TILE_M).floor() as i32)
}

fn multi_line(lines: Vec<Value>) -> Value {
    match <[Value; 1]>::try_from(lines) {
        Ok([one]) => json!({"type": "LineString", "coordinates": one}),
        Err(many) => json!({"type": "MultiLineString", "coordinates": many}),
    }
}

fn feature(layer: &str, class: Option<&str>, name: Option<&Name>, geometry: Value) -> Value {
    let mut properties = json!({"layer": layer});
    if let Some(class) = class {
        properties["class"] = json!(class);
    }
    if let Some(name) = name {
        properties["name"] = json!(name.zh);
        properties["name_en"] = json!(name.en);
    }
    json!({"type": "Feature", "properties": properties, "geometry": geometry})
}

fn short(v: f64) -> f64 {
    (v * 1e5).round() / 1e5
}

fn pair(p: LngLat) -> [f64; 2] {
    [short(p.lng()), short(p.lat())]
}

fn point(p: LngLat) -> Value {
    json!({"type": "Point", "coordinates": pair(p)})
}

fn rings(ring: &[LngLat]) -> Value {
    json!([ring.iter().chain(ring.first()).map(|&p| pair(p)).collect::<Vec<_>>()])
}

fn polygon(ring: &[LngLat]) -> Value {
    json!({"type": "Polygon", "coordinates": rings(ring)})
}
