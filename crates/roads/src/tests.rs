//! The hierarchy against a plain search on the same turns, in random little towns.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use geo::{LngLat, polyline_m};
use proptest::prelude::*;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::build::{TurnGraph, turn_graph};
use crate::{
    Ban, Junction, Network, Obstacle, ObstacleKind, Piece, Place, Profile, RoadMap, Streets, Table, Travel,
};

/// A town of side × side crossings: gaps, one-way streets, lights, bollards, forbidden and compulsory turns, and
/// streets that lead back to where they began.
fn town(seed: u64, side: usize) -> Streets {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut streets = Streets::default();
    for k in 0..side * side {
        let lng = 118.7 + (k % side) as f64 * 0.002 + rng.random_range(-0.0006..0.0006);
        let lat = 32.0 + (k / side) as f64 * 0.002 + rng.random_range(-0.0006..0.0006);
        let mut junction = Junction::plain(LngLat::new(lng, lat).unwrap());
        junction.blocked = rng.random_bool(0.03);
        if rng.random_bool(0.2) {
            let along = [None, Some(true), Some(false)][rng.random_range(0..3)];
            junction.obstacles.push(Obstacle { kind: ObstacleKind::Signal, along });
        }
        streets.junctions.push(junction);
    }
    let mut pairs = vec![];
    for k in 0..side * side {
        if k % side + 1 < side {
            pairs.push((k, k + 1));
        }
        if k / side + 1 < side {
            pairs.push((k, k + side));
        }
        if rng.random_bool(0.05) {
            pairs.push((k, k));
        }
    }
    for (a, b) in pairs {
        // A town has a street, whatever chance says.
        if rng.random_bool(0.15) && !streets.pieces.is_empty() {
            continue;
        }
        let at = |n: usize| streets.junctions[n].at;
        let mid = LngLat::new(
            (at(a).lng() + at(b).lng()) / 2.0 + rng.random_range(-0.0004..0.0004),
            (at(a).lat() + at(b).lat()) / 2.0 + rng.random_range(-0.0004..0.0004),
        );
        let travel = Some(Travel::at(rng.random_range(3.0..20.0)));
        let direction = rng.random_range(0..4);
        streets.pieces.push(Piece {
            from: a as u32,
            to: b as u32,
            line: vec![at(a), mid.unwrap(), at(b)],
            forward: travel.filter(|_| direction != 0),
            backward: travel.filter(|_| direction != 1),
            way: [streets.pieces.len() as i64; 2],
            drawn_forward: [rng.random_bool(0.5); 2],
        });
    }
    let ways = streets.pieces.len() as i64;
    for _ in 0..side * 2 {
        streets.bans.push(Ban {
            from_way: rng.random_range(0..ways),
            via: rng.random_range(0..streets.junctions.len()) as u32,
            to_way: rng.random_range(0..ways),
            only: rng.random_bool(0.3),
        });
    }
    streets
}

/// Weight of the way between two places by Dijkstra on the turns, with nothing taken out.
fn plainly(graph: &TurnGraph, network: &Network, from: &Place, to: &Place) -> Option<i64> {
    let arcs = |p: &Place| -> Vec<(u32, f64)> {
        let [f, b] = network.piece_arcs[p.piece as usize];
        let ranked = [(f, p.along), (b, 1.0 - p.along)].into_iter().filter(|a| a.0 != u32::MAX);
        let arc = |rank: u32| {
            let piece = network.arc_piece[rank as usize];
            graph.of_piece[(piece / 2) as usize][(piece % 2) as usize]
        };
        ranked.map(|(rank, share)| (arc(rank), share)).collect()
    };
    let part = |arc: u32, share: f64| (f64::from(graph.arcs[arc as usize].weight) * share).round() as i64;
    let mut label = vec![i64::MAX; graph.arcs.len()];
    let mut heap = BinaryHeap::new();
    let mut best: Option<i64> = None;
    let mut offer = |w: i64| best = Some(best.map_or(w, |b| b.min(w)));
    for (arc, behind) in arcs(from) {
        for (goal, there) in arcs(to) {
            if goal == arc && there >= behind {
                offer(part(arc, there - behind));
            }
        }
        for link in graph.links.iter().filter(|l| l.from == arc) {
            let w = i64::from(link.weight) + part(arc, -behind);
            if w < label[link.to as usize] {
                label[link.to as usize] = w;
                heap.push(Reverse((w, link.to)));
            }
        }
    }
    while let Some(Reverse((w, arc))) = heap.pop() {
        if w > label[arc as usize] {
            continue;
        }
        for link in graph.links.iter().filter(|l| l.from == arc) {
            let sum = w + i64::from(link.weight);
            if sum < label[link.to as usize] {
                label[link.to as usize] = sum;
                heap.push(Reverse((sum, link.to)));
            }
        }
    }
    for (goal, there) in arcs(to) {
        if label[goal as usize] < i64::MAX {
            offer(label[goal as usize] + part(goal, there));
        }
    }
    best
}

/// The point at a share of a line.
fn point_along(line: &[LngLat], share: f64) -> LngLat {
    let mut rest = polyline_m(line) * share;
    for pair in line.windows(2) {
        let step = geo::distance_m(pair[0], pair[1]);
        if rest <= step {
            let t = rest / step;
            let lng = pair[0].lng() + (pair[1].lng() - pair[0].lng()) * t;
            return LngLat::new(lng, pair[0].lat() + (pair[1].lat() - pair[0].lat()) * t).unwrap();
        }
        rest -= step;
    }
    line[line.len() - 1]
}

fn some_places(network: &Network, seed: u64, count: usize) -> Vec<Place> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut places: Vec<Place> = (0..count)
        .filter_map(|_| {
            let at =
                LngLat::new(118.7 + rng.random_range(-0.002..0.014), 32.0 + rng.random_range(-0.002..0.014));
            network.snap(at.unwrap(), 3_000.0)
        })
        .collect();
    // Two on one piece, in both orders.
    if let Some(first) = places.first().copied() {
        let on = |along: f64| Place { along, at: point_along(&network.line(first.piece), along), ..first };
        places.extend([on(0.9), on(0.1)]);
    }
    places
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_hierarchy_finds_what_a_plain_search_finds(seed in any::<u64>(), side in 2_usize..7) {
        let streets = town(seed, side);
        for profile in [Profile::Car, Profile::Foot] {
            let graph = turn_graph(&streets, profile);
            let map = RoadMap::build([(profile, &streets)]);
            let network = map.network(profile).unwrap();
            let places = some_places(&network, seed, 8);
            let table = network.table(&places, &places);
            for (i, a) in places.iter().enumerate() {
                for (j, b) in places.iter().enumerate() {
                    let expected = plainly(&graph, &network, a, b);
                    let cell = table.duration_ms[i * places.len() + j];
                    let found = (cell != Table::NO_WAY).then_some(i64::from(cell));
                    // Nothing here is avoided more than its time: weight and duration are the same.
                    prop_assert_eq!(found, expected.map(|e| e.max(0)), "{} from {} to {}", profile.word(), i, j);
                    let way = network.way(a, b);
                    prop_assert_eq!(way.as_ref().map(|w| i64::from(w.duration_ms)), found);
                    let Some(way) = way else { continue };
                    let metres = f64::from(way.distance_cm) / 100.0;
                    prop_assert!((polyline_m(&way.line) - metres).abs() < 0.5 + metres * 0.002,
                        "{} m drawn, {} m counted", polyline_m(&way.line), metres);
                }
            }
        }
    }

    #[test]
    fn what_is_written_is_read(seed in any::<u64>()) {
        let streets = town(seed, 4);
        let map = RoadMap::build([(Profile::Car, &streets), (Profile::Ebike, &streets)]);
        let bytes = map.bytes().to_vec();
        let again = RoadMap::read(bytes.as_slice(), bytes.len()).unwrap().unwrap();
        prop_assert_eq!(again.profiles().collect::<Vec<_>>(), [Profile::Car, Profile::Ebike]);
        let (a, b) = (map.network(Profile::Ebike).unwrap(), again.network(Profile::Ebike).unwrap());
        let places = some_places(&a, seed, 6);
        prop_assert_eq!(a.table(&places, &places), b.table(&places, &places));
        // Any changed byte after the head is noticed.
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut bad = bytes.clone();
        let at = rng.random_range(32..u64::from_le_bytes(bytes[24..32].try_into().unwrap()) as usize);
        bad[at] ^= 1 << rng.random_range(0..8);
        prop_assert!(RoadMap::read(bad.as_slice(), bad.len()).unwrap().is_err());
    }
}

#[test]
fn no_map_at_all() {
    assert!(RoadMap::read(&b"PNG"[..], 3).unwrap().is_err());
    assert!(RoadMap::read(&[0_u8; 100][..], 100).unwrap().is_err());
    assert!(RoadMap::read(&b"short"[..], 100).is_err());
    let empty = RoadMap::build([(Profile::Car, &Streets::default())]);
    let network = empty.network(Profile::Car).unwrap();
    assert!(network.snap(LngLat::new(118.0, 32.0).unwrap(), 10_000.0).is_none());
    assert!(empty.network(Profile::Foot).is_none());
}

#[test]
fn the_nearest_street_is_found_across_squares() {
    let streets = town(3, 6);
    let map = RoadMap::build([(Profile::Foot, &streets)]);
    let network = map.network(Profile::Foot).unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    for _ in 0..300 {
        let at =
            LngLat::new(118.7 + rng.random_range(-0.02..0.03), 32.0 + rng.random_range(-0.02..0.03)).unwrap();
        let found = network.snap(at, 20_000.0).unwrap();
        let nearest = (0..network.pieces() as u32)
            .filter(|&p| network.piece_arcs[p as usize] != [u32::MAX; 2])
            .flat_map(|p| {
                let line = network.line(p);
                (0..line.len() - 1).flat_map(move |k| {
                    let (a, b) = (line[k], line[k + 1]);
                    (0..=50).map(move |s| {
                        let t = f64::from(s) / 50.0;
                        let lng = a.lng() + (b.lng() - a.lng()) * t;
                        LngLat::new(lng, a.lat() + (b.lat() - a.lat()) * t).unwrap()
                    })
                })
            })
            .map(|p| geo::distance_m(at, p))
            .fold(f64::INFINITY, f64::min);
        // Far away a flat grid differs from the ellipsoid by some millionths.
        assert!(found.off_m <= nearest * 1.0001 + 0.01, "{} found, {nearest} there", found.off_m);
    }
}
