//! Import of an extract written here byte by byte, as the format describes it.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its own file should stop")]

mod pbf;

use geo::{LngLat, destination, distance_m};
use pbf::{Kind, Writer};
use roads::{Extract, OsmError, Profile, RoadMap, Table};

fn centre() -> LngLat {
    LngLat::new(118.78, 32.04).unwrap()
}

/// A place so many metres east and north of the middle.
fn at(east: f64, north: f64) -> LngLat {
    destination(destination(centre(), 90.0, east), 0.0, north)
}

/// A cross of two streets of 2 × 1 km, a ring road round it, and a lane to the south-west.
///
/// ```text
///  5 ── 2 ── 6        nodes; 1 is the middle
///  │    │    │
///  4 ── 1 ── 3
///  │    │    │
///  8 ── 7 ── 9
/// ```
fn cross() -> Writer {
    let mut w = Writer::default();
    let places = [
        (1, 0.0, 0.0),
        (2, 0.0, 1e3),
        (3, 1e3, 0.0),
        (4, -1e3, 0.0),
        (5, -1e3, 1e3),
        (6, 1e3, 1e3),
        (7, 0.0, -1e3),
        (8, -1e3, -1e3),
        (9, 1e3, -1e3),
    ];
    for (id, x, y) in places {
        w.node(id, at(x, y), &[]);
    }
    w.way(10, &[4, 1], &[("highway", "secondary")]);
    w.way(11, &[1, 3], &[("highway", "secondary")]);
    w.way(12, &[7, 1], &[("highway", "secondary")]);
    w.way(13, &[1, 2], &[("highway", "secondary")]);
    w.way(20, &[4, 5, 2, 6, 3, 9, 7, 8, 4], &[("highway", "tertiary")]);
    w
}

fn map(w: &Writer) -> RoadMap {
    let bytes = w.bytes();
    let extract = Extract::read(|| Ok(bytes.as_slice()), &Profile::ALL).unwrap();
    let streets: Vec<_> = Profile::ALL.iter().map(|p| (*p, extract.streets(*p))).collect();
    RoadMap::build(streets.iter().map(|(p, s)| (*p, s)))
}

/// Metres and seconds.
fn drive(map: &RoadMap, profile: Profile, from: LngLat, to: LngLat) -> Option<(f64, f64)> {
    let network = map.network(profile).unwrap();
    let (a, b) = (network.snap(from, 400.0)?, network.snap(to, 400.0)?);
    let t = network.table(&[a], &[b]);
    let way = network.way(&a, &b);
    assert_eq!(way.map(|w| w.duration_ms), Some(t.duration_ms[0]).filter(|d| *d != Table::NO_WAY));
    (t.duration_ms[0] != Table::NO_WAY)
        .then(|| (f64::from(t.distance_cm[0]) / 100.0, f64::from(t.duration_ms[0]) / 1000.0))
}

#[test]
fn straight_over_the_crossing() {
    let (metres, seconds) = drive(&map(&cross()), Profile::Car, at(-500.0, 3.0), at(500.0, -3.0)).unwrap();
    assert!((metres - 1_000.0).abs() < 3.0, "{metres}");
    // 55 km/h: 65.5 s, and next to nothing for going straight on.
    assert!((65.0..66.5).contains(&seconds), "{seconds}");
    // On foot at 4.8 km/h.
    let (_, seconds) = drive(&map(&cross()), Profile::Foot, at(-500.0, 3.0), at(500.0, -3.0)).unwrap();
    assert!((745.0..755.0).contains(&seconds), "{seconds}");
}

#[test]
fn a_turn_to_the_left_costs_more_than_one_to_the_right() {
    let m = map(&cross());
    let left = drive(&m, Profile::Car, at(-500.0, 0.0), at(0.0, 500.0)).unwrap();
    let right = drive(&m, Profile::Car, at(-500.0, 0.0), at(0.0, -500.0)).unwrap();
    assert!((left.0 - right.0).abs() < 3.0 && left.1 > right.1 + 0.4, "{left:?} {right:?}");
    assert!(right.1 > 67.5, "{right:?}");
}

#[test]
fn a_forbidden_turn_is_driven_round() {
    let mut w = cross();
    let rule = [("type", "restriction"), ("restriction", "no_left_turn")];
    w.relation(90, &rule, &[("from", Kind::Way, 10), ("via", Kind::Node, 1), ("to", Kind::Way, 13)]);
    let m = map(&w);
    let (metres, _) = drive(&m, Profile::Car, at(-500.0, 0.0), at(0.0, 500.0)).unwrap();
    assert!((metres - 3_000.0).abs() < 5.0, "back along the ring, since nobody may turn round: {metres}");
    // To the right it is still allowed, and people on foot do not care.
    assert!(drive(&m, Profile::Car, at(-500.0, 0.0), at(0.0, -500.0)).unwrap().0 < 1_003.0);
    assert!(drive(&m, Profile::Foot, at(-500.0, 0.0), at(0.0, 500.0)).unwrap().0 < 1_003.0);
}

#[test]
fn an_exception_for_bicycles_holds_for_them_only() {
    let mut w = cross();
    let rule = [("type", "restriction"), ("restriction", "only_straight_on"), ("except", "bicycle")];
    w.relation(90, &rule, &[("from", Kind::Way, 10), ("via", Kind::Node, 1), ("to", Kind::Way, 11)]);
    let m = map(&w);
    assert!(drive(&m, Profile::Car, at(-500.0, 0.0), at(0.0, -500.0)).unwrap().0 > 2_900.0);
    assert!(drive(&m, Profile::Car, at(-500.0, 0.0), at(500.0, 0.0)).unwrap().0 < 1_003.0);
    assert!(drive(&m, Profile::Ebike, at(-500.0, 0.0), at(0.0, -500.0)).unwrap().0 < 1_003.0);
}

#[test]
fn what_is_not_understood_is_counted() {
    let mut w = cross();
    let rule = [("type", "restriction"), ("restriction:conditional", "no_left_turn @ (07:00-09:00)")];
    w.relation(90, &rule, &[("from", Kind::Way, 10), ("via", Kind::Node, 1), ("to", Kind::Way, 13)]);
    let bytes = w.bytes();
    let extract = Extract::read(|| Ok(bytes.as_slice()), &Profile::ALL).unwrap();
    assert_eq!((extract.ways(), extract.restrictions(), extract.left_out), (5, 0, 1));
}

#[test]
fn one_way_streets_bind_cars_but_not_people() {
    let mut w = cross();
    w.way(10, &[4, 1], &[("highway", "secondary"), ("oneway", "yes")]);
    w.way(11, &[1, 3], &[("highway", "secondary"), ("oneway", "yes")]);
    w.replace_first_ways(2);
    let m = map(&w);
    assert!(drive(&m, Profile::Car, at(-500.0, 0.0), at(500.0, 0.0)).unwrap().0 < 1_003.0);
    assert!(drive(&m, Profile::Car, at(500.0, 0.0), at(-500.0, 0.0)).unwrap().0 > 3_000.0);
    assert!(drive(&m, Profile::Foot, at(500.0, 0.0), at(-500.0, 0.0)).unwrap().0 < 1_003.0);
}

#[test]
fn signals_take_time_and_bollards_close() {
    let plain = drive(&map(&cross()), Profile::Car, at(-500.0, 0.0), at(500.0, 0.0)).unwrap();
    let mut w = cross();
    w.node(1, at(0.0, 0.0), &[("highway", "traffic_signals")]);
    let lit = drive(&map(&w), Profile::Car, at(-500.0, 0.0), at(500.0, 0.0)).unwrap();
    assert!((lit.1 - plain.1 - 2.0).abs() < 0.05, "{lit:?} {plain:?}");
    let mut w = cross();
    w.node(1, at(0.0, 0.0), &[("barrier", "bollard")]);
    let m = map(&w);
    assert!(drive(&m, Profile::Car, at(-500.0, 0.0), at(500.0, 0.0)).unwrap().0 > 4_500.0);
    assert!(drive(&m, Profile::Foot, at(-500.0, 0.0), at(500.0, 0.0)).unwrap().0 < 1_003.0);
}

#[test]
fn a_ferry_sails_by_its_timetable() {
    let mut w = cross();
    w.node(30, at(3_000.0, 0.0), &[]);
    w.node(31, at(4_000.0, 0.0), &[]);
    w.way(40, &[3, 30], &[("route", "ferry"), ("duration", "00:20")]);
    w.way(41, &[30, 31], &[("highway", "residential")]);
    let (metres, seconds) = drive(&map(&w), Profile::Car, at(900.0, 0.0), at(3_500.0, 0.0)).unwrap();
    assert!((metres - 2_600.0).abs() < 6.0, "{metres}");
    assert!((1_200.0 + 72.0..1_200.0 + 100.0).contains(&seconds), "{seconds}");
}

#[test]
fn who_is_off_the_network_is_brought_onto_it() {
    let m = map(&cross());
    let network = m.network(Profile::Car).unwrap();
    let place = network.snap(at(-500.0, 120.0), 400.0).unwrap();
    assert!((place.off_m - 120.0).abs() < 0.5 && distance_m(place.at, at(-500.0, 0.0)) < 0.5);
    assert!(network.snap(at(0.0, 9_000.0), 400.0).is_none());
    // Cars only where cars may go: a footpath right here does not count.
    let mut w = cross();
    w.node(30, at(-600.0, 121.0), &[]);
    w.node(31, at(-400.0, 121.0), &[]);
    w.way(40, &[30, 31], &[("highway", "footway")]);
    let m = map(&w);
    assert!(m.network(Profile::Car).unwrap().snap(at(-500.0, 120.0), 400.0).unwrap().off_m > 119.0);
}

#[test]
fn an_extract_cut_at_its_edge_is_used_as_far_as_it_goes() {
    let mut w = cross();
    w.way(50, &[9, 777, 778], &[("highway", "primary")]);
    assert!(drive(&map(&w), Profile::Car, at(-500.0, 0.0), at(500.0, 0.0)).is_some());
}

#[test]
fn other_files_are_refused() {
    assert!(matches!(Extract::read(|| Ok(&b"<osm/>"[..]), &Profile::ALL), Err(OsmError::Format(_))));
    let empty = Writer::default().bytes();
    assert!(matches!(Extract::read(|| Ok(empty.as_slice()), &Profile::ALL), Err(OsmError::NoStreets)));
    let mut broken = cross().bytes();
    broken.truncate(broken.len() - 20);
    assert!(Extract::read(|| Ok(broken.as_slice()), &Profile::ALL).is_err());
}
