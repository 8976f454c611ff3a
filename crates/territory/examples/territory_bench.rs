//! Measures the engine: `cargo run --release -p tashi-territory --example territory_bench`.
//!
//! Numbers after it measure only questions of so many customers, and of so many people. Customers are made from a seed: towns of different size in a province of 300 by 300 km and a third strewn between
//! them; 1 to 8 visits a month of 15 to 60 minutes. Today's areas, where there are some: nearest of as many
//! desks that stand where customers do, one customer in ten with somebody else. Times are process CPU time of one thread.

use std::time::Duration;

use geo::{LngLat, LocalPlane};
use territory::{Point, Question, Seat, check, divide};

fn main() {
    let only: Option<usize> = std::env::args().nth(1).and_then(|a| a.parse().ok());
    let among: Option<usize> = std::env::args().nth(2).and_then(|a| a.parse().ok());
    println!(
        "{:>9} {:>6} {:>5} {:>7} {:>10} {:>9} {:>8} {:>7}",
        "customers", "people", "keep", "CPU s", "deviation", "in pieces", "moved", "faults"
    );
    for (customers, people, keep) in [
        (500, 5, 0.0),
        (500, 5, 0.5),
        (2_000, 20, 0.0),
        (2_000, 20, 0.5),
        (10_000, 20, 0.0),
        (10_000, 100, 0.0),
        (10_000, 100, 0.5),
        (10_000, 100, 1.0),
        (20_000, 200, 0.0),
    ] {
        for seed in
            (1..=3).filter(|_| only.is_none_or(|n| n == customers) && among.is_none_or(|n| n == people))
        {
            measure(customers, people, keep, seed);
        }
    }
}

fn cpu() -> Duration {
    let t = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(t.tv_sec as u64, t.tv_nsec as u32)
}

fn measure(customers: usize, people: usize, keep: f64, seed: u64) {
    let question = province(customers, people, keep, seed);
    let before = cpu();
    let Ok(division) = divide(&question, seed) else {
        println!("refused");
        return;
    };
    let spent = cpu() - before;
    let faults = check(&question, &division);
    let pieces = faults.iter().filter(|f| matches!(f, territory::Fault::Pieces { .. })).count();
    println!(
        "{customers:>9} {people:>6} {keep:>5.1} {:>7.2} {:>9.2}% {pieces:>9} {:>8} {:>7}",
        spent.as_secs_f64(),
        division.deviation * 100.0,
        if keep > 0.0 { division.moved.to_string() } else { "–".into() },
        faults.len(),
    );
}

fn province(customers: usize, people: usize, keep: f64, seed: u64) -> Question {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut roll = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let Ok(middle) = LngLat::new(118.8, 32.0) else { return Question::default() };
    let plane = LocalPlane::at(middle);
    let mut anywhere = |side: f64| ((roll() - 0.5) * side, (roll() - 0.5) * side);
    let towns: Vec<(f64, f64)> = (0..12).map(|_| anywhere(280_000.0)).collect();
    let places: Vec<(f64, f64)> = (0..customers)
        .map(|k| {
            if k % 3 == 0 {
                return anywhere(300_000.0);
            }
            // The first towns are the largest.
            let town = towns[(k * k + k / 7) % (1 + k % towns.len())];
            let (a, b) = (anywhere(20_000.0), anywhere(20_000.0));
            (town.0 + a.0 + b.0, town.1 + a.1 + b.1)
        })
        .collect();
    // People live where customers are.
    let desks: Vec<(f64, f64)> = (0..people).map(|k| places[k * customers / people]).collect();
    let nearest = |p: (f64, f64)| {
        let far = |d: &(f64, f64)| (d.0 - p.0).powi(2) + (d.1 - p.1).powi(2);
        (0..people).min_by(|a, b| far(&desks[*a]).total_cmp(&far(&desks[*b])))
    };
    let mut points = vec![];
    for (k, p) in places.into_iter().enumerate() {
        let visits = [1.0, 1.0, 2.0, 2.0, 4.0, 8.0][k % 6];
        let minutes = 15.0 + ((k * 7) % 46) as f64;
        let today = if k % 10 == 9 { Some(k % people) } else { nearest(p) };
        points.push(Point {
            at: plane.lng_lat(p.0, p.1),
            work: visits * minutes,
            today: today.filter(|_| keep > 0.0),
        });
    }
    let seats = desks.iter().map(|d| Seat { start: Some(plane.lng_lat(d.0, d.1)), capacity: None });
    Question { points, seats: seats.collect(), keep }
}
