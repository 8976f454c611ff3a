//! The ground: connected, the same every time, small enough to send.

#![allow(clippy::unwrap_used)]

use std::collections::HashSet;

use city::{City, StreetClass};
use geo::{LngLat, distance_m};

fn centre() -> LngLat {
    LngLat::new(118.79, 32.05).unwrap()
}

#[test]
fn every_junction_is_reached_from_every_other() {
    for seed in [1, 7, 20_261_120] {
        let c = City::generate(seed, centre());
        assert!(c.nodes.len() > 3_000, "{}", c.nodes.len());
        for backward in [false, true] {
            let mut around = vec![Vec::new(); c.nodes.len()];
            for e in &c.edges {
                let (a, b) = if backward { (e.to, e.from) } else { (e.from, e.to) };
                around[a].push(b);
                if !e.one_way {
                    around[b].push(a);
                }
            }
            let (mut seen, mut todo) = (HashSet::new(), vec![0]);
            while let Some(n) = todo.pop() {
                if seen.insert(n) {
                    todo.extend(&around[n]);
                }
            }
            assert_eq!(seen.len(), c.nodes.len(), "seed {seed} backward {backward}");
        }
    }
}

#[test]
fn a_seed_is_a_city() {
    let (a, b) = (City::generate(7, centre()), City::generate(7, centre()));
    assert_eq!(a.basemap_geojson(), b.basemap_geojson());
    assert_eq!(a.shops(50, 3), b.shops(50, 3));
    assert_eq!(city::people(&a, 30, 3), city::people(&b, 30, 3));
    assert_ne!(a.basemap_geojson(), City::generate(8, centre()).basemap_geojson());
    assert_ne!(a.shops(50, 3), a.shops(50, 4));
}

#[test]
fn the_basemap_is_one_source_in_drawing_order() {
    let text = City::generate(7, centre()).basemap_geojson();
    assert!(text.len() < 950_000, "{} bytes", text.len());
    let map: serde_json::Value = serde_json::from_str(&text).unwrap();
    let features = map["features"].as_array().unwrap();
    let layers: Vec<&str> = features.iter().map(|f| f["properties"]["layer"].as_str().unwrap()).collect();
    for layer in ["park", "water", "building", "road", "label"] {
        assert!(layers.contains(&layer), "{layer}");
    }
    let road_order: Vec<&str> = features
        .iter()
        .filter(|f| f["properties"]["layer"] == "road")
        .map(|f| f["properties"]["class"].as_str().unwrap())
        .collect();
    let mut classes = road_order.clone();
    classes.dedup();
    assert_eq!(classes, ["lane", "street", "main", "fast"]);
    let districts = features.iter().filter(|f| f["properties"]["class"] == "district").count();
    assert!((6..=8).contains(&districts));
    let bounds = |v: &serde_json::Value| -> bool {
        let p = v["geometry"]["coordinates"].as_array().unwrap();
        let (lng, lat) = (p[0].as_f64().unwrap(), p[1].as_f64().unwrap());
        (118.69..118.89).contains(&lng) && (31.98..32.12).contains(&lat)
    };
    assert!(features.iter().filter(|f| f["geometry"]["type"] == "Point").all(bounds));
}

#[test]
fn river_is_crossed_by_bridges_and_no_name_stands_for_two_streets() {
    let c = City::generate(7, centre());
    assert!(c.edges.iter().filter(|e| e.bridge && e.class <= StreetClass::Main).count() >= 8);
    let names: HashSet<&str> = c.streets.iter().map(|s| s.name.zh.as_str()).collect();
    let twice = c.streets.len() - names.len();
    assert!(twice < 10, "{twice} of {} names twice", c.streets.len());
}

#[test]
fn ways_are_plausible() {
    let c = City::generate(7, centre());
    let shops = c.shops(40, 9);
    for pair in shops.windows(2) {
        let way = c.shortest_path(pair[0].at, pair[1].at);
        let straight = distance_m(pair[0].at, pair[1].at);
        let along = geo::polyline_m(&way.line());
        assert!((along - way.length_m).abs() < 0.002 * along + 2.0, "{along} {}", way.length_m);
        assert!(along + 60.0 > straight && along < straight * 1.9 + 900.0, "{along} for {straight}");
        assert!(distance_m(way.points[0].at, pair[0].at) < 16.0);
        assert!(distance_m(way.points[way.points.len() - 1].at, pair[1].at) < 16.0);
        let step = way.points.windows(2).map(|w| distance_m(w[0].at, w[1].at)).fold(0.0, f64::max);
        assert!(step < 700.0, "no piece jumps: {step}");
        let mean = way.length_m / way.seconds;
        assert!((2.0..22.0).contains(&mean), "{mean} m/s");
    }
}

#[test]
fn shops_stand_beside_streets_each_with_its_own_face() {
    let c = City::generate(7, centre());
    let shops = c.shops(600, 1);
    assert_eq!(shops.len(), 600);
    for s in &shops {
        let off = c.snap(s.at).off_m;
        assert!((5.0..=20.0).contains(&off), "{} lies {off} m off", s.name);
        assert!(s.address.contains(&s.street) && s.name.ends_with("店）"), "{} {}", s.name, s.address);
        assert!(s.phone.starts_with("1990000") && s.phone.len() == 11);
    }
    let names: HashSet<&str> = shops.iter().map(|s| s.name.as_str()).collect();
    let addresses: HashSet<&str> = shops.iter().map(|s| s.address.as_str()).collect();
    let phones: HashSet<&str> = shops.iter().map(|s| s.phone.as_str()).collect();
    assert_eq!((names.len(), phones.len()), (600, 600));
    assert!(addresses.len() > 590, "{}", addresses.len());
    let inner = shops.iter().filter(|s| distance_m(s.at, c.downtown) < 3_000.0).count();
    // 3 km round the centre is a seventh of the city.
    assert!(inner > 200, "{inner} of 600 in the inner town");
}

#[test]
fn people_have_names_and_homes_of_their_own() {
    let c = City::generate(7, centre());
    let people = city::people(&c, 33, 1);
    assert_eq!((people[0].name.as_str(), people[0].pinyin.as_str()), ("张伟", "zhangwei"));
    let names: HashSet<&str> = people.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names.len(), 33);
    assert!(people.iter().filter(|p| p.manager).count() == 4 && !people[0].manager);
    assert!(people.iter().all(|p| c.snap(p.home).off_m < 20.0));
}
