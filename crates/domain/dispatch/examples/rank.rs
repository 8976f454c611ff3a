//! Ranks 1,000 people with full days for urgent requests in a city of 30 by 30 km, from positions to reasons, and prints the
//! processor's time. `cargo run --release -p tashi-dispatch --example rank`

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use api::Crow;
use dispatch::ranking::{Ahead, Asked, OnDuty, by_line};
use geo::LngLat;

const PEOPLE: usize = 1_000;
const VISITS: i64 = 8;
const NOW: i64 = 1_795_140_000;

fn main() {
    let mut roll = dice(7);
    let mut place = move || {
        let (x, y) = (roll(30_000) as f64, roll(30_000) as f64);
        LngLat::new(118.63 + x / 94_000.0, 31.9 + y / 111_000.0).ok()
    };
    let mut roll = dice(11);
    let people: Vec<OnDuty> = (0..PEOPLE)
        .filter_map(|_| {
            let ahead = (0..VISITS).filter_map(|v| {
                let open = NOW + v * 3_500 + roll(1_500);
                let window = if roll(2) == 0 { (open, open + 5_400) } else { (NOW - 3_600, NOW + 32_400) };
                let begun = v == 0 && roll(5) == 0;
                Some(Ahead {
                    at: place()?,
                    service_s: 1_200 + roll(1_200),
                    windows: vec![window],
                    begun,
                    locked: roll(10) == 0,
                })
            });
            let ahead = ahead.collect();
            Some(OnDuty {
                at: place()?,
                free_at: NOW + roll(2) * roll(1_800),
                shift_end: NOW + 32_400,
                pauses: vec![(NOW + 7_200, NOW + 10_800)],
                skills: if roll(2) == 0 { BTreeSet::from(["冷链".to_owned()]) } else { BTreeSet::new() },
                own_customer: roll(50) == 0,
                preferred: false,
                barred: roll(100) == 0,
                travel: None,
                ahead,
                made: 0,
                gone_m: 0,
                most_visits: None,
                most_m: None,
                end: None,
            })
        })
        .collect();
    let crows = BTreeMap::from([(None, Crow { detour_permille: 1350, speed_kmh: 24 })]);
    let mut times = vec![];
    for request in 0..20 {
        let Some(at) = place() else { continue };
        let skills = if request % 2 == 0 { vec![] } else { vec!["冷链".to_owned()] };
        let latest = (request % 3 == 0).then_some(NOW + 7_200);
        let asked = Asked {
            at,
            service_s: 3_600,
            skills,
            latest,
            grade: None,
            tags: vec![],
            rank: Some(0),
            now: NOW,
        };
        let before = cpu();
        let fares = by_line(&asked, &people, &crows);
        times.push((cpu() - before).as_secs_f64() * 1e3);
        if request < 2 {
            let able = fares.iter().flatten();
            let moving = able.clone().filter(|o| !o.offer.moved.is_empty()).count();
            println!("request {request}: {} of {PEOPLE} can go, {moving} of them move visits", able.count());
        }
    }
    times.sort_by(f64::total_cmp);
    println!(
        "{PEOPLE} people with {VISITS} visits each: median {:.1} ms, worst {:.1} ms of CPU",
        times[times.len() / 2],
        times[times.len() - 1]
    );
}

fn cpu() -> Duration {
    let t = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(t.tv_sec as u64, t.tv_nsec as u32)
}

fn dice(seed: u64) -> impl FnMut(u64) -> i64 {
    let mut state = seed ^ 0x2545_F491_4F6C_DD1D;
    move |sides| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        ((state >> 11) % sides) as i64
    }
}
