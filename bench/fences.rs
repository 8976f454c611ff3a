//! Fences against facts of another implementation, and how fast ten thousand of them are searched.
//!   cargo run --release -p tashi-fence --example fences [FILE]      default ../shared/data/protocols/geofence_facts.jsonl
//!
//! The facts are test data and do not ship; without them this says so, and measures only.
#![expect(clippy::unwrap_used, reason = "a broken fact should stop the run")]

use std::{fs, time::Instant};

use fence::{Fence, Index, Seen, Shape, WatchRules, watch};
use geo::{LngLat, destination};
use serde_json::Value;
use uuid::Uuid;

fn main() {
    let file = std::env::args().nth(1);
    let file = file.unwrap_or_else(|| {
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/protocols/geofence_facts.jsonl").into()
    });
    let mut wrong = 0;
    match fs::read_to_string(&file) {
        Err(_) => println!("no geofence facts at {file}: nothing compared"),
        Ok(text) => {
            let facts: Vec<Value> = text.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
            for fact in &facts {
                let shape = shape(fact);
                let points: Vec<LngLat> =
                    numbers(&fact["args_latlon"]).chunks(2).map(|c| place(c[0], c[1])).collect();
                let seen = match fact["op"].as_str().unwrap() {
                    "contains" => shape.contains(points[0]),
                    _ => shape.crosses(points[0], points[1]),
                };
                if Some(seen) != fact["expect"].as_bool() {
                    wrong += 1;
                    eprintln!(
                        "{}: expected {}, edge {:.1} m",
                        fact["id"],
                        fact["expect"],
                        shape.edge_m(points[0])
                    );
                }
            }
            println!("{} facts compared, {wrong} differ", facts.len());
        }
    }
    speed();
    if wrong > 0 {
        std::process::exit(1);
    }
}

fn numbers(list: &Value) -> Vec<f64> {
    list.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

/// Longitudes of the facts may lie a little beyond 180.
fn place(lat: f64, lng: f64) -> LngLat {
    LngLat::new((lng + 180.0).rem_euclid(360.0) - 180.0, lat).unwrap()
}

fn shape(fact: &Value) -> Shape {
    let text = fact["area_latlon"].as_str().unwrap();
    let (kind, rest) = text.split_once(' ').unwrap();
    let values: Vec<f64> = rest
        .split(|c: char| !(c.is_ascii_digit() || c == '.' || c == '-'))
        .filter_map(|v| v.parse().ok())
        .collect();
    let corners = || values.chunks(2).filter(|c| c.len() == 2).map(|c| place(c[0], c[1])).collect();
    match kind {
        "CIRCLE" => Shape::Circle { at: place(values[0], values[1]), radius_m: values[2] },
        "POLYGON" => Shape::Polygon(corners()),
        _ => Shape::Corridor { line: corners(), width_m: fact["width_m"].as_f64().unwrap() },
    }
}

/// A day of positions among ten thousand fences of a city.
fn speed() {
    let centre = LngLat::new(118.78, 32.04).unwrap();
    let spot = |i: u64| {
        let h = i.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        destination(
            centre,
            (h % 3600) as f64 / 10.0,
            20_000.0 * ((h >> 20) as f64 / (1u64 << 44) as f64).sqrt(),
        )
    };
    let fences: Vec<Fence> = (0..10_000)
        .map(|i| Fence {
            id: Uuid::from_u128(i.into()),
            shape: Shape::Circle { at: spot(i), radius_m: 150.0 },
            dwell_s: 300,
        })
        .collect();
    let start = Instant::now();
    let index = Index::new(fences.iter().map(|f| &f.shape));
    let built = start.elapsed();
    let seen: Vec<Seen> = (0..2_880)
        .map(|i| Seen {
            t_ms: i * 10_000,
            at: destination(centre, (i / 200 * 50) as f64, (i % 200) as f64 * 90.0),
            acc_m: Some(9.0),
        })
        .collect();
    let start = Instant::now();
    let rounds = 20;
    let events: usize =
        (0..rounds).map(|_| watch(&fences, &index, &seen, &WatchRules::default()).len()).sum();
    let each = start.elapsed() / rounds;
    println!(
        "10000 fences: index in {:.1} ms; a day of {} positions in {:.2} ms ({:.2} µs a position), {} events",
        built.as_secs_f64() * 1e3,
        seen.len(),
        each.as_secs_f64() * 1e3,
        each.as_secs_f64() * 1e6 / seen.len() as f64,
        events / rounds as usize
    );
}
