//! Measures the engine: `cargo run --release -p tashi-roads --example roads_bench -- <part>`.
//!
//! `tiles`: import and a 1000 × 1000 table in a city of 150 000 junctions, made of twelve copies of the streets of
//! Heidelberg. `osrm`: agreement with stored answers of OSRM there. Both need an extract that is no part of this
//! repository. `grid`: the same in made-up squares without any order among the streets, which is much harder for a
//! contraction hierarchy than any real city. Times are process CPU time of one thread.

use std::path::{Path, PathBuf};
use std::time::Duration;

use geo::LngLat;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use roads::{
    Extract, Junction, Obstacle, ObstacleKind, Piece, Place, Profile, RoadMap, Streets, Table, Travel,
};

fn main() {
    let number = std::env::args().nth(2).and_then(|n| n.parse().ok());
    match std::env::args().nth(1).as_deref() {
        Some("grid") => grid(number.unwrap_or(100)),
        Some("osrm") => osrm(),
        Some("tiles") => tiles(number.unwrap_or(12)),
        _ => {
            osrm();
            tiles(12);
        }
    }
}

fn cpu() -> Duration {
    let t = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(t.tv_sec as u64, t.tv_nsec as u32)
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = cpu();
    let done = work();
    (done, (cpu() - start).as_secs_f64() * 1000.0)
}

/// Streets in squares of about 110 m, crooked and with gaps: an express road every 40th, a main road with
/// signals every 8th, one-way streets between.
fn grid_city(side: usize) -> Streets {
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let mut streets = Streets::default();
    let class = |k: usize| match k {
        k if k % 40 == 20 => 80.0_f32,
        k if k % 8 == 4 => 50.0,
        _ => 25.0,
    };
    for y in 0..side {
        for x in 0..side {
            let lng = 118.5 + (x as f64 + rng.random_range(-0.3..0.3)) * 0.00116;
            let lat = 31.9 + (y as f64 + rng.random_range(-0.3..0.3)) * 0.00099;
            let mut junction = Junction::plain(LngLat::new(lng, lat).expect("a place"));
            if class(x) > 30.0 && class(y) > 30.0 {
                junction.obstacles.push(Obstacle { kind: ObstacleKind::Signal, along: None });
            }
            streets.junctions.push(junction);
        }
    }
    let mut piece = |a: usize, b: usize, kmh: f32, line_number: usize| {
        if kmh < 30.0 && rng.random_bool(0.08) {
            return;
        }
        let travel = Some(Travel::at(kmh * rng.random_range(0.7..1.0) / 3.6));
        let one_way = kmh < 30.0 && line_number.is_multiple_of(3);
        let reverse = one_way && line_number.is_multiple_of(2);
        streets.pieces.push(Piece {
            from: a as u32,
            to: b as u32,
            line: vec![streets.junctions[a].at, streets.junctions[b].at],
            forward: travel.filter(|_| !reverse),
            backward: travel.filter(|_| !one_way || reverse),
            way: [line_number as i64; 2],
            drawn_forward: [true; 2],
        });
    };
    for y in 0..side {
        for x in 0..side {
            let here = y * side + x;
            if x + 1 < side {
                piece(here, here + 1, class(y), y);
            }
            if y + 1 < side {
                piece(here, here + side, class(x), side + x);
            }
        }
    }
    streets
}

fn grid(side: usize) {
    let streets = grid_city(side);
    let (map, build) = timed(|| RoadMap::build([(Profile::Car, &streets)]));
    let Some(network) = map.network(Profile::Car) else { return };
    println!(
        "made-up city: {} junctions, {} arcs, {} links in the hierarchy, built in {:.1} s CPU, file {:.0} MB, peak {} MB",
        streets.junctions.len(),
        network.arcs(),
        network.links(),
        build / 1000.0,
        map.bytes().len() as f64 / 1e6,
        peak_mb(),
    );
    let (copy, load) = timed(|| RoadMap::read(map.bytes(), map.bytes().len()));
    println!("read back from memory in {load:.1} ms: {}", matches!(copy, Ok(Ok(_))));
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let width = side as f64;
    let mut places = |n: usize| -> Vec<Place> {
        let at = (0..n).filter_map(|_| {
            let lng = 118.5 + rng.random_range(0.0..width) * 0.00116;
            LngLat::new(lng, 31.9 + rng.random_range(0.0..width) * 0.00099).ok()
        });
        at.filter_map(|p| network.snap(p, 1_000.0)).collect()
    };
    for n in [50, 200, 1000] {
        let (found, snapped) = timed(|| places(n));
        let mut best = f64::INFINITY;
        for _ in 0..3 {
            let (table, ms) = timed(|| network.table(&found, &found));
            assert!(!table.duration_ms.contains(&Table::NO_WAY), "everything is within reach");
            best = best.min(ms);
        }
        println!("{n:>5} × {n:<5} {best:8.1} ms CPU (best of 3; snapping {snapped:.1} ms)");
    }
    let found = places(200);
    let (_, ms) = timed(|| found.chunks(2).filter_map(|p| network.way(&p[0], &p[1])).count());
    println!("one way with its line: {:.2} ms CPU", ms / 100.0);
}

/// A larger city of real streets: copies of the extract side by side, neighbours joined by twenty streets.
fn tiles(copies: usize) {
    let Some(folder) = data() else {
        println!("OSM extracts absent (looked for ../shared/data/osm and $OSM_DATA): nothing measured");
        return;
    };
    let pbf = folder.join("heidelberg.osm.pbf");
    let Ok(extract) = Extract::read(|| std::fs::File::open(&pbf), &[Profile::Car]) else { return };
    let one = extract.streets(Profile::Car);
    let (mut west, mut east, mut south) = (f64::MAX, f64::MIN, f64::MAX);
    let mut north = f64::MIN;
    for j in &one.junctions {
        (west, east) = (west.min(j.at.lng()), east.max(j.at.lng()));
        (south, north) = (south.min(j.at.lat()), north.max(j.at.lat()));
    }
    let across = (copies as f64).sqrt().ceil() as usize;
    let (wide, high) = (east - west + 0.002, north - south + 0.002);
    let shifted = |p: LngLat, k: usize| {
        let (x, y) = ((k % across) as f64, (k / across) as f64);
        LngLat::new(p.lng() + x * wide, p.lat() + y * high).expect("a place")
    };
    let mut all = Streets::default();
    let count = one.junctions.len() as u32;
    for k in 0..copies {
        let add = k as u32 * count;
        all.junctions.extend(one.junctions.iter().map(|j| Junction { at: shifted(j.at, k), ..j.clone() }));
        all.pieces.extend(one.pieces.iter().map(|p| Piece {
            from: p.from + add,
            to: p.to + add,
            line: p.line.iter().map(|q| shifted(*q, k)).collect(),
            ..p.clone()
        }));
        all.bans.extend(one.bans.iter().map(|b| roads::Ban { via: b.via + add, ..*b }));
    }
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let mut join = |a: usize, b: usize, key: &dyn Fn(&LngLat) -> f64| {
        // The outermost junctions on either side of the seam.
        let mut edge = |k: usize, last: bool| -> Vec<u32> {
            let mut list: Vec<u32> = (k as u32 * count..(k as u32 + 1) * count).collect();
            list.sort_by(|x, y| {
                key(&all.junctions[*x as usize].at).total_cmp(&key(&all.junctions[*y as usize].at))
            });
            if last {
                list.reverse();
            }
            list.truncate(300);
            (0..20).map(|_| list[rng.random_range(0..list.len())]).collect()
        };
        for (x, y) in edge(a, true).into_iter().zip(edge(b, false)) {
            let ends = [all.junctions[x as usize].at, all.junctions[y as usize].at];
            let travel = Some(Travel::at(15.0));
            all.pieces.push(Piece {
                from: x,
                to: y,
                line: ends.to_vec(),
                forward: travel,
                backward: travel,
                way: [-1; 2],
                drawn_forward: [true; 2],
            });
        }
    };
    for k in 0..copies {
        if k % across + 1 < across && k + 1 < copies {
            join(k, k + 1, &|p| p.lng());
        }
        if k + across < copies {
            join(k, k + across, &|p| p.lat());
        }
    }
    let (map, build) = timed(|| RoadMap::build([(Profile::Car, &all)]));
    let Some(network) = map.network(Profile::Car) else { return };
    println!(
        "{copies} × Heidelberg: {} junctions, {} arcs, {} links in the hierarchy, built in {:.1} s CPU, file {:.0} MB, peak {} MB",
        all.junctions.len(),
        network.arcs(),
        network.links(),
        build / 1000.0,
        map.bytes().len() as f64 / 1e6,
        peak_mb(),
    );
    let (copy, load) = timed(|| RoadMap::read(map.bytes(), map.bytes().len()));
    println!("read back from memory and checked in {load:.0} ms: {}", matches!(copy, Ok(Ok(_))));
    for n in [50, 200, 1000] {
        let found: Vec<Place> = (0..n)
            .filter_map(|_| {
                let j = rng.random_range(0..all.junctions.len());
                network.snap(all.junctions[j].at, 1_000.0)
            })
            .collect();
        let mut best = f64::INFINITY;
        for _ in 0..3 {
            best = best.min(timed(|| network.table(&found, &found)).1);
        }
        println!("{n:>5} × {n:<5} {best:8.1} ms CPU (best of 3)");
    }
}

fn peak_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmHWM")).unwrap_or("");
    line.split_whitespace().nth(1).and_then(|n| n.parse::<u64>().ok()).unwrap_or(0) / 1024
}

fn data() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/osm");
    std::env::var_os("OSM_DATA").map(PathBuf::from).into_iter().chain([beside]).find(|p| p.is_dir())
}

fn osrm() {
    let Some(folder) = data() else {
        println!("OSM extracts absent (looked for ../shared/data/osm and $OSM_DATA): nothing compared");
        return;
    };
    let pbf = folder.join("heidelberg.osm.pbf");
    let (extract, parse) = timed(|| Extract::read(|| std::fs::File::open(&pbf), &Profile::ALL));
    let Ok(extract) = extract else {
        println!("{} cannot be read", pbf.display());
        return;
    };
    let streets = extract.streets(Profile::Car);
    let (map, build) = timed(|| RoadMap::build([(Profile::Car, &streets)]));
    let Some(network) = map.network(Profile::Car) else { return };
    println!(
        "Heidelberg: {} ways, {} turn restrictions ({} not applied), {} junctions, {} arcs; read {parse:.0} ms, built {build:.0} ms CPU",
        extract.ways(),
        extract.restrictions(),
        extract.left_out,
        streets.junctions.len(),
        network.arcs(),
    );
    let text = std::fs::read_to_string(folder.join("heidelberg.osrm-200.json")).unwrap_or_default();
    let Ok(reference) = serde_json::from_str::<serde_json::Value>(&text) else {
        println!("the stored answers are absent");
        return;
    };
    compare(&network, &reference);
}

fn compare(network: &roads::Network, reference: &serde_json::Value) {
    let cell = |name: &str, i: usize, j: usize| reference[name][i][j].as_f64();
    let points: Vec<LngLat> = (0..)
        .map_while(|i| {
            let p = &reference["points_lonlat"][i];
            LngLat::new(p[0].as_f64()?, p[1].as_f64()?).ok()
        })
        .collect();
    let places: Vec<Place> = points.iter().filter_map(|p| network.snap(*p, 5_000.0)).collect();
    let off: Vec<f64> = (0..places.len())
        .map(|i| (places[i].off_m - reference["snap_distance_m"][i].as_f64().unwrap_or(0.0)).abs())
        .collect();
    println!(
        "snapped to another place than OSRM: {} of {}",
        off.iter().filter(|d| **d > 2.0).count(),
        off.len()
    );
    let table = network.table(&places, &places);
    let (mut metres, mut seconds) = (vec![], vec![]);
    for i in 0..places.len() {
        for j in 0..places.len() {
            let (Some(m), Some(s)) = (cell("distance_m", i, j), cell("duration_s", i, j)) else { continue };
            if i == j || m < 200.0 {
                continue;
            }
            metres.push(f64::from(table.distance_cm[i * places.len() + j]) / 100.0 / m);
            seconds.push(f64::from(table.duration_ms[i * places.len() + j]) / 1000.0 / s);
            if std::env::var_os("SHOW").is_some() && (metres[metres.len() - 1] - 1.0).abs() > 0.1 {
                println!(
                    "{i} {j} {:?} {:?} {m} {:.3} {s} {:.3}",
                    points[i],
                    points[j],
                    metres[metres.len() - 1],
                    seconds[seconds.len() - 1]
                );
            }
        }
    }
    for (name, ratios) in [("distance", &mut metres), ("duration", &mut seconds)] {
        ratios.sort_by(f64::total_cmp);
        let at = |q: f64| ratios[((ratios.len() - 1) as f64 * q) as usize];
        let within = |t: f64| {
            ratios.iter().filter(|r| (**r - 1.0).abs() <= t).count() as f64 * 100.0 / ratios.len() as f64
        };
        println!(
            "{name} ours/OSRM over {} pairs: p5 {:.3}, median {:.3}, p95 {:.3}; within 2 % {:.1} %, 5 % {:.1} %, 10 % {:.1} %",
            ratios.len(),
            at(0.05),
            at(0.5),
            at(0.95),
            within(0.02),
            within(0.05),
            within(0.10)
        );
    }
}
